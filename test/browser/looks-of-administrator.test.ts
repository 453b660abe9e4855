import { lookAt } from './look.ts';

// In a file of its own, so that two are looked at at once.
lookAt({
  administrator: [
    { name: 'administration', path: '/administration' },
    { name: 'admin-partners', path: '/administration/partners' },
    { name: 'admin-partners-empty', path: '/administration/partners?q=nobody' },
    { name: 'admin-partner', path: '/administration/partners/kr-kcsa' },
    { name: 'admin-part', path: '/administration/partners/kr-kcsa/part?at=%2Fnames' },
    { name: 'admin-part-rows', path: '/administration/partners/mx-sre/part?at=%2Fchannels' },
    { name: 'admin-part-dialect', path: '/administration/partners/kr-kcsa/part?at=%2Ffiles%2Fforwarding' },
    { name: 'admin-part-empty', path: '/administration/partners/mx-sre/part?at=%2FpaymentOrders' },
    { name: 'admin-part-none', path: '/administration/partners/mx-sre/part?at=%2Fnothing', status: 404 },
    { name: 'admin-json', path: '/administration/partners/mx-sre/json' },
    { name: 'admin-version', path: '/administration/partners/mx-sre/versions/0' },
    { name: 'admin-review-none', path: '/administration/partners/mx-sre/review', status: 404 },
    { name: 'glossary', path: '/administration/glossary' },
    { name: 'glossary-empty', path: '/administration/glossary?q=xyzzy' },
    { name: 'glossary-term', path: '/administration/glossary/party.obligor' },
    { name: 'glossary-import', path: '/administration/glossary-import' },
    { name: 'forms', path: '/administration/forms' },
    { name: 'forms-empty', path: '/administration/forms?show=nothing' },
    { name: 'admin-data', path: '/administration/data' },
    { name: 'admin-keys', path: '/administration/keys' },
    { name: 'to-confirm', path: '/administration/to-confirm' },
    { name: 'to-confirm-empty', path: '/administration/to-confirm?q=xyzzy' },
  ],
});
