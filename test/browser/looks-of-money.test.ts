import { lookAt } from './look.ts';

// In a file of its own, so that two are looked at at once.
lookAt({
  reconciler: [
    { name: 'runs', path: '/runs' },
    { name: 'run', path: (story) => `/runs/${story.run}?page=2` },
    { name: 'run-suspense', path: (story) => `/runs/${story.run}?outcome=suspense` },
    { name: 'statement', path: '/statement?partner=mx-consulate-los-angeles&from=2026-01-01&to=2026-03-31' },
    { name: 'statement-none', state: 'empty', path: '/statement' },
    { name: 'caseload', path: '/caseload?partner=mx-consulate-los-angeles' },
    { name: 'orders', path: '/orders?partner=mx-consulate-los-angeles' },
    { name: 'agreement', path: '/agreement' },
    { name: 'outgoing', path: '/outgoing?state=all' },
    { name: 'days', path: '/days' },
    { name: 'day', path: '/days/2026-11-20' },
    { name: 'pickup', path: '/pickup' },
    { name: 'postings-refused', path: '/postings/refused' },
    { name: 'confirmations', path: '/confirmations' },
    { name: 'confirmations-heard', path: '/confirmations?show=heard' },
    { name: 'confirmation', path: '/confirmations/D2601000000' },
    { name: 'run-empty', state: 'empty', path: (story) => `/runs/${story.run}?outcome=duplicate` },
    { name: 'suspense', path: '/suspense' },
    { name: 'suspense-proposed', path: '/suspense?show=proposed' },
    { name: 'suspense-item', path: (story) => story.suspenseItem },
    { name: 'holds', path: '/holds' },
    { name: 'mappings', path: '/mappings' },
    { name: 'mapping', page: '/mappings/:fileId', path: (story) => story.waitingList },
    { name: 'lists', path: '/lists' },
  ],
});
