import { isAllowed } from '../../../platform/authorise.ts';
import { annotatedList, listAnnotated, listOffers, listReceivedFiles, openAnnotated } from '../../../modules/payments/index.ts';
import type { OfferedList } from '../../../modules/payments/index.ts';
import { allPages, csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, pathText, queryPage, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';

const LATEST_MAX = 20;
const PAGE_SIZE = 25;
const CSV_PAGE = 200;
const SORTS = ['shown', 'name', 'sent'] as const;

/** A partner's own lists: what it has shown and sent, and what went back to it; for the agency's people all that went back, and the newest lists to send back. */
const listsPage: Page = {
  path: '/lists',
  access: 'payments.annotated',
  get: async (visit) => {
    const canOffer = isAllowed(visit.ctx, 'payments.offer') && visit.ctx.actor.partner !== null;
    if (canOffer && wantsCsv(visit)) return saved(visit);
    const canMake = isAllowed(visit.ctx, 'payments.annotate');
    const lists = await listAnnotated(visit.ctx);
    const received = canMake ? (await listReceivedFiles(visit.ctx)).files.filter(({ kind }) => kind === 'forwarding' || kind === 'remittance').slice(0, LATEST_MAX) : [];
    const nameOf = (partnerId: string | null) => (partnerId === null ? '' : partnerNameOf(partnerId, visit, 'short'));
    return view('officer/lists', {
      canMake, lists: lists.map((list) => ({ ...list, partnerName: nameOf(list.partnerId) })), received: received.map((list) => ({ ...list, partnerName: nameOf(list.partnerId) })),
      offers: canOffer ? await offersOf(visit) : null,
    });
  },
};

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
