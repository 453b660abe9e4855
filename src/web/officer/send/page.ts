import { listSent } from '../../../modules/referrals/index.ts';
import { emptyForm, faultsOf, takeIncoming } from '../../incoming-form.ts';
import type { IncomingForm } from '../../incoming-form.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const PAGE_SIZE = 20;
const RECEIPT = /^inc_[0-9A-Z]{26}$/;

/** Where a partner's officer sends papers from, with what the office has sent. The answer is a receipt, whatever we make of it. */
export const sendPapersPage: Page = {
  path: '/send',
  access: 'incoming.send',
  get: (visit) => show(visit, emptyForm()),
  post: async (visit) => {
    const { partner } = visit.ctx.actor;
    if (partner === null) return redirect('/incoming');
    const taken = await takeIncoming({ visit, partnerId: partner });
    if ('form' in taken) return show(visit, taken.form, taken.status);
    const { incomingId, alreadyReceived } = taken.received;
    return redirect(`/send?done=${alreadyReceived ? 'same' : 'received'}&receipt=${incomingId}`);
  },
};

async function show(visit: Visit, form: IncomingForm, status = 200): Promise<Reply> {
  if (visit.ctx.actor.partner === null) return redirect('/incoming');
  const page = queryPage(visit);
  const { rows, total } = await listSent(visit.ctx, { page, pageSize: PAGE_SIZE });
  const [done, receipt] = [queryText(visit, 'done', 10), queryText(visit, 'receipt', 40)];
  return view('officer/send', {
    form, faults: faultsOf(form, wordsFor(visit.language)), sent: rows, receipt: RECEIPT.test(receipt) && ['received', 'same'].includes(done) ? receipt : null, isSame: done === 'same',
    paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
  }, status);
}
