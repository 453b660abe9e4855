import { makePayeeLink } from '../../src/modules/payments/index.ts';
import { inTransaction } from '../../src/platform/context.ts';
import { advanceWork, beginWork, endWork } from '../../src/platform/work.ts';
import { SAMPLE_CASES } from '../http/web/sample-cases.ts';
import { lookAt, refused } from './look.ts';
import type { ServedSite } from './site.ts';

const told = { running: '', ended: '', partly: '', stopped: '', link: '' };

async function prepare({ ctx }: ServedSite): Promise<void> {
  const begun = (total: number | null) => inTransaction(ctx, (tx) => beginWork(tx, { kind: 'ground.sample', total, permission: 'referrals.send' }));
  told.running = `/work/${await begun(120)}`;
  await advanceWork(ctx, told.running.slice(6), { done: 41, notDone: [{ subject: '2000001000005', code: 'packet.incomplete' }] });
  told.ended = `/work/${await begun(3)}`;
  await advanceWork(ctx, told.ended.slice(6), { done: 3 });
  await endWork(ctx, told.ended.slice(6), { state: 'done', to: '/queue' });
  told.partly = `/work/${await begun(60)}`;
  const notDone = Array.from({ length: 58 }, (_, index) => ({ subject: `20000010${String(index).padStart(5, '0')}`, code: 'packet.incomplete', address: '/cases' }));
  await advanceWork(ctx, told.partly.slice(6), { done: 2, notDone: [...notDone, { subject: 'X'.repeat(100), code: 'database.busy' }] });
  await endWork(ctx, told.partly.slice(6), { state: 'done', to: '/queue' });
  told.stopped = `/work/${await begun(null)}`;
  await endWork(ctx, told.stopped.slice(6), { state: 'failed' });
  told.link = (await makePayeeLink(ctx, 'D2601000006')).path;
}

lookAt({
  stranger: [
    { name: 'payee', page: '/payee/:token', path: () => told.link, languages: ['es-MX', 'en'] },
    { ...refused('/payee/:token', () => told.link), languages: ['es-MX', 'en'] },
    { name: 'sign-in-kept', path: '/sign-in?done=kept&next=%2Fqueue' },
    { name: 'sign-in-ended', path: '/sign-in?done=ended' },
  ],
  supervisor: [
    { name: 'work-running', path: () => told.running },
    { name: 'work-again', path: () => `${told.running}?again=yes` },
    { name: 'work-ended', path: () => told.ended },
    { name: 'work-partly', path: () => told.partly },
    { name: 'work-stopped', path: () => told.stopped },
    { name: 'work-none', path: '/work/wrk_none', status: 404 },
    { name: 'kept-gone', path: `/suspense?kept=${'A'.repeat(24)}` },
  ],
  attorney: [{
    name: 'kept', path: `/cases/${SAMPLE_CASES.plain.caseId}/refer`, act: async (page) => {
      await page.locator('main form label').first().click();
      await page.locator('.pu-languages button[aria-current]').click();
      await page.locator('main .usa-alert').waitFor();
    },
  }],
  reconciler: [{ name: 'menu-long', path: '/confirmations' }],
}, prepare);
