import { listPartners, partnerName } from '../../../modules/partners/index.ts';
import { listIncoming } from '../../../modules/referrals/index.ts';
import { emptyForm, faultsOf, takeIncoming } from '../../incoming-form.ts';
import type { IncomingForm } from '../../incoming-form.ts';
import { pagingNumbered } from '../../paging.ts';
import { field, queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { incomingOnePages } from './one/page.ts';

const PAGE_SIZE = 25;
const RECEIPT = /^inc_[0-9A-Z]{26}$/;

/** What partners have sent; and the form for papers that came by mail. */
const listPage: Page = {
  path: '/incoming',
  access: 'incoming.view',
  get: (visit) => show(visit, emptyForm()),
  post: async (visit) => {
    const taken = await takeIncoming({ visit, partnerId: field(visit, 'partner', 64) });
    if ('form' in taken) return show(visit, taken.form, taken.status);
    const { incomingId } = taken.received;
    // Whoever sees only some counties may file, and does not see what belongs to none yet.
    return redirect(visit.ctx.actor.counties === 'all' ? `/incoming/${incomingId}?done=received` : `/incoming?receipt=${incomingId}`);
  },
};

async function show(visit: Visit, form: IncomingForm, status = 200): Promise<Reply> {
  const { ctx, language } = visit;
  const isDecided = queryText(visit, 'show', 10) === 'decided';
  const page = queryPage(visit);
  const receipt = queryText(visit, 'receipt', 40);
  const { rows, total } = await listIncoming(ctx, { show: isDecided ? 'decided' : 'open', page, pageSize: PAGE_SIZE });
  const partners = listPartners().map((partner) => ({ partnerId: partner.partnerId, name: partnerName(partner, language) }));
  const names = new Map(partners.map(({ partnerId, name }) => [partnerId, name]));
  return view('attorney/incoming', {
    done: RECEIPT.test(receipt) ? visit.t('incoming:done.received', { receipt }) : null, form, faults: faultsOf(form, wordsFor(language)), partners, partnerId: form.refusal ? field(visit, 'partner', 64) : '', isDecided, seesAll: ctx.actor.counties === 'all',
    rows: rows.map(({ incomingId, partnerId, receivedAt, kind, state, proposal, decideBy }) => ({ incomingId, decideBy, partner: names.get(partnerId) ?? partnerId, receivedAt, kind, state, proposal: proposal ?? 'none' })),
    paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
  }, status);
}

export const incomingPages: readonly Page[] = [listPage, ...incomingOnePages];
