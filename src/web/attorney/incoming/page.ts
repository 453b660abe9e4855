import { listPartners, partnerName } from '../../../modules/partners/index.ts';
import { INCOMING_SORTS, listIncoming } from '../../../modules/referrals/index.ts';
import type { IncomingSort } from '../../../modules/referrals/index.ts';
import { emptyForm, faultsOf, takeIncoming } from '../../incoming-form.ts';
import type { IncomingForm } from '../../incoming-form.ts';
import { everyPage, csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import type { Column, Sort } from '../../list.ts';
import { pagingBehind } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, queryPlace, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { incomingOnePages } from './one/page.ts';

const PAGE_SIZE = 25;
const CSV_STEP = 200;
const RECEIPT = /^inc_[0-9A-Z]{26}$/;

/** What partners have sent; and the form for papers that came by mail. */
const listPage: Page = {
  path: '/incoming',
  access: 'incoming.view',
  get: (visit) => (wantsCsv(visit) ? saved(visit) : show(visit, emptyForm())),
  post: async (visit) => {
    const taken = await takeIncoming({ visit, partnerId: field(visit, 'partner', 64) });
    if ('form' in taken) return show(visit, taken.form, taken.status);
    const { incomingId } = taken.received;
    // Whoever sees only some counties may file, and does not see what belongs to none yet.
    return redirect(visit.ctx.actor.counties === 'all' ? `/incoming/${incomingId}?done=received` : `/incoming?receipt=${incomingId}`);
  },
};

function columnsOf({ t }: Visit, isDecided: boolean): Column<IncomingSort>[] {
  return [
    { label: t('incoming:page.received'), sort: 'received' }, ...(isDecided ? [] : [{ label: t('incoming:page.by') }]), { label: t('incoming:page.from'), sort: 'partner' }, { label: t('incoming:page.kind'), sort: 'kind' },
    isDecided ? { label: t('incoming:page.state'), sort: 'state' } : { label: t('incoming:page.proposal') },
  ];
}

function asked(visit: Visit): { readonly isDecided: boolean; readonly of: string | undefined; readonly sort: Sort<IncomingSort> } {
  const isDecided = queryText(visit, 'show', 10) === 'decided';
  const of = listPartners().find(({ partnerId }) => partnerId === queryText(visit, 'of', 80))?.partnerId;
  return { isDecided, of, sort: sortOf(visit, INCOMING_SORTS, { by: 'received', isDescending: isDecided }) };
}

async function saved(visit: Visit): Promise<Reply> {
  const { isDecided, of, sort } = asked(visit);
  return csvOf(visit, 'incoming', columnsOf(visit, isDecided).map(({ label }) => label), lines(visit, isDecided, of, sort));
}

async function* lines(visit: Visit, isDecided: boolean, of: string | undefined, order: Sort<IncomingSort>): AsyncGenerator<string[]> {
  const { t } = visit;
  for await (const row of everyPage((place) => listIncoming(visit.ctx, { show: isDecided ? 'decided' : 'open', partnerId: of, order, ...place, pageSize: CSV_STEP }))) {
    const end = isDecided ? [t(`incoming:state.${row.state}`)] : [t(`incoming:proposal.${row.proposal ?? 'none'}`)];
    yield [row.receivedAt.toISOString(), ...(isDecided ? [] : [row.decideBy ?? '']), partnerNameOf(row.partnerId, visit), t(`incoming:kind.${row.kind}`), ...end];
  }
}

async function show(visit: Visit, form: IncomingForm, status = 200): Promise<Reply> {
  const { ctx, language } = visit;
  const { isDecided, of, sort } = asked(visit);
  const receipt = queryText(visit, 'receipt', 40);
  const { rows, ...found } = await listIncoming(ctx, { show: isDecided ? 'decided' : 'open', partnerId: of, order: sort, ...queryPlace(visit), pageSize: PAGE_SIZE });
  const partners = listPartners().map((partner) => ({ partnerId: partner.partnerId, name: partnerName(partner, language) }));
  const names = new Map(partners.map(({ partnerId, name }) => [partnerId, name]));
  return view('attorney/incoming', {
    done: RECEIPT.test(receipt) ? visit.t('incoming:done.received', { receipt }) : null, form, faults: faultsOf(form, wordsFor(language)), partners, partnerId: form.refusal ? field(visit, 'partner', 64) : '', isDecided, seesAll: ctx.actor.counties === 'all',
    of: of ?? '', heads: headsOf(visit, columnsOf(visit, isDecided), sort), csv: csvAddress(visit),
    rows: rows.map(({ incomingId, partnerId, receivedAt, kind, state, proposal, decideBy }) => ({ incomingId, decideBy, partner: names.get(partnerId) ?? partnerId, receivedAt, kind, state, proposal: proposal ?? 'none' })),
    paging: pagingBehind(visit, found),
  }, status);
}

export const incomingPages: readonly Page[] = [listPage, ...incomingOnePages];
