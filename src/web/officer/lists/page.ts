import { listPartners } from '../../../modules/partners/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { ANNOTATED_SORTS, annotatedList, listAnnotated, listOffers, listReceivedFiles, openAnnotated } from '../../../modules/payments/index.ts';
import type { OfferedList } from '../../../modules/payments/index.ts';
import { allPages, csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import { choiceOf, chosen } from '../../choices.ts';
import { namedCsv, namedHeads, namedPage, namedPaging, namedSort, wantsNamedCsv } from '../../named-list.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { linesOf } from '../../reconciler/money-list.ts';
import { field, pathText, queryPage, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';

const LATEST_MAX = 20;
const PAGE_SIZE = 25;
const CSV_PAGE = 200;
const ANSWERED = 'answered';
const SORTS = ['shown', 'name', 'sent'] as const;

/** A partner's own lists: what it has shown and sent, and what went back to it; for the agency's people all that went back, and the newest lists to send back. */
const listsPage: Page = {
  path: '/lists',
  access: 'payments.annotated',
  get: async (visit) => {
    const canOffer = isAllowed(visit.ctx, 'payments.offer') && visit.ctx.actor.partner !== null;
    if (wantsNamedCsv(visit, ANSWERED)) return answeredCsv(visit);
    if (canOffer && wantsCsv(visit)) return saved(visit);
    const canMake = isAllowed(visit.ctx, 'payments.annotate');
    const received = canMake ? (await listReceivedFiles(visit.ctx)).files.filter(({ kind }) => kind === 'forwarding' || kind === 'remittance').slice(0, LATEST_MAX) : [];
    const nameOf = (partnerId: string | null) => (partnerId === null ? '' : partnerNameOf(partnerId, visit, 'short'));
    return view('officer/lists', {
      canMake, answered: await answeredOf(visit), received: received.map((list) => ({ ...list, partnerName: nameOf(list.partnerId) })),
      offers: canOffer ? await offersOf(visit) : null,
    });
  },
};

function answeredAsked(visit: Visit) {
  const isOfficer = visit.ctx.actor.partner !== null;
  const partner = choiceOf(visit, 'partner', visit.t('tables:page.partner'), isOfficer ? [] : listPartners().map(({ partnerId }) => [partnerId, partnerNameOf(partnerId, visit, 'short')] as const));
  return { partner, query: { partnerId: chosen(partner), sort: namedSort(visit, ANSWERED, ANNOTATED_SORTS, { by: 'made', isDescending: true }) } };
}

/** What went back to partners, a list of its own. */
async function answeredOf(visit: Visit) {
  const { partner, query } = answeredAsked(visit);
  const { rows, total, page, pageSize } = await listAnnotated(visit.ctx, { ...query, page: namedPage(visit, ANSWERED) });
  const say = (key: string): string => visit.t(`tables:page.${key}`);
  return {
    rows: rows.map((list) => ({ ...list, partnerName: partnerNameOf(list.partnerId, visit, 'short') })), choices: partner.options.length > 0 ? [partner] : [], isNarrowed: partner.value !== '', csv: namedCsv(visit, ANSWERED),
    paging: namedPaging(visit, ANSWERED, page, page * pageSize < total),
    heads: namedHeads(visit, ANSWERED, [{ label: say('made'), sort: 'made' }, { label: say('partner'), sort: 'partner' }, { label: say('lines'), sort: 'lines', isNumber: true }, { label: say('list') }], query.sort),
  };
}

function answeredCsv(visit: Visit): Promise<Reply> {
  const { query } = answeredAsked(visit);
  return csvOf(visit, 'answered-lists', ['made', 'partner', 'lines', 'list'].map((key) => visit.t(`tables:page.${key}`)), linesOf((page) => listAnnotated(visit.ctx, { ...query, page }), (list) =>
    [list.madeAt.toISOString(), partnerNameOf(list.partnerId, visit, 'short'), String(list.lines), list.annotatedFileId]));
}

const sortAsked = (visit: Visit) => sortOf(visit, SORTS, { by: 'shown', isDescending: true });

async function offersOf(visit: Visit) {
  const [sort, page] = [sortAsked(visit), queryPage(visit)];
  const { rows, hasNext } = await listOffers(visit.ctx, { sort, page, pageSize: PAGE_SIZE });
  const say = (key: string): string => visit.t(`officer:offer.${key}`);
  return {
    rows: rows.map((row) => ({ ...row, state: stateOf(row) })), csv: csvAddress(visit), paging: pagingNumbered(visit, page, hasNext),
    heads: headsOf(visit, [{ label: say('shown_at'), sort: 'shown' }, { label: say('file'), sort: 'name' }, { label: say('sent_at'), sort: 'sent' }, { label: say('state') }], sort),
  };
}

/** Where a list stands, as its sender is told. */
function stateOf({ sentAt, imported, annotatedFileId }: OfferedList): 'shown' | 'sent' | 'imported' | 'answered' {
  if (annotatedFileId !== null) return 'answered';
  if (imported !== null) return 'imported';
  return sentAt === null ? 'shown' : 'sent';
}

async function saved(visit: Visit): Promise<Reply> {
  const say = (key: string): string => visit.t(`officer:offer.${key}`);
  const sort = sortAsked(visit);
  const rows = allPages((page) => listOffers(visit.ctx, { sort, page, pageSize: CSV_PAGE }));
  return csvOf(visit, 'lists', ['shown_at', 'file', 'digest', 'sent_at', 'receipt', 'state', 'count', 'faulty_count'].map(say), (async function* () {
    for await (const row of rows) yield [row.offeredAt.toISOString(), row.fileName, row.sha256, row.sentAt?.toISOString() ?? '', row.receiptId ?? '', say(`state_${stateOf(row)}`), String(row.imported?.lines ?? ''), String(row.imported?.rejected ?? '')];
  })());
}

const makePage: Page = {
  path: '/lists/make',
  access: 'payments.annotate',
  post: async (visit) => {
    await annotatedList(visit.ctx, field(visit, 'list', 80));
    return redirect('/lists');
  },
};

const listPage: Page = {
  path: '/lists/:annotatedFileId',
  access: 'payments.annotated',
  get: async (visit) => {
    const { fileName, bytes } = await openAnnotated(visit.ctx, pathText(visit, 'annotatedFileId'));
    return { kind: 'download', bytes, type: 'application/octet-stream', fileName, isInline: false };
  },
};

export const listPages: readonly Page[] = [listsPage, makePage, listPage];
