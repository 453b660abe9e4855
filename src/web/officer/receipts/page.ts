import { listOwnReceipts } from '../../../modules/exchange/index.ts';
import type { ListedReceipt } from '../../../modules/exchange/index.ts';
import { signingCertificate } from '../../../modules/referrals/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { exchangeWord, hopWords } from '../../conversation-line.ts';
import { csvAddress, csvOf, everyPage, headsOf, noteShown, sortOf, telling, wantsCsv } from '../../list.ts';
import { addressWith, pagingBehind } from '../../paging.ts';
import { queryPlace, queryText, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';

const PAGE_SIZE = 25;
const CSV_PAGE = 200;
const SORTS = ['when', 'stage', 'kind'] as const;
const DIRECTIONS = ['in', 'out'] as const;

/** Every receipt of the office, of what it sent and of what it got, to be opened, kept, and checked without us. */
const receiptsPage: Page = {
  path: '/receipts',
  access: 'receipts.read',
  get: async (visit) => (wantsCsv(visit) ? saved(visit) : show(visit)),
};

const askedFor = (visit: Visit) => ({ direction: DIRECTIONS.find((one) => one === queryText(visit, 'of', 5)) ?? null, sort: sortOf(visit, SORTS, { by: 'when', isDescending: true }) });

async function show(visit: Visit): Promise<Reply> {
  const asked = askedFor(visit);
  const { rows, ...found } = await listOwnReceipts(visit.ctx, { ...asked, ...queryPlace(visit), pageSize: PAGE_SIZE });
  await noteShown(visit, 'receipts', rows, ({ messageId }) => ({ message: messageId }));
  const say = (key: string): string => visit.t(`officer:receipts.${key}`);
  return view('officer/receipts', {
    rows: rows.map((row) => ({ ...row, ...lineOf(visit, row) })), hasCertificate: isAllowed(visit.ctx, 'packets.read'),
    filters: [null, ...DIRECTIONS].map((of) => ({ words: say(of === null ? 'all' : `of_${of}`), href: addressWith(visit, { of: of ?? '', page: '' }), isHere: asked.direction === of })),
    heads: headsOf(visit, [{ label: say('when'), sort: 'when' }, { label: say('stage'), sort: 'stage' }, { label: say('message'), sort: 'kind' }, { label: say('numbers') }, { label: say('receipt') }], asked.sort),
    csv: csvAddress(visit), paging: pagingBehind(visit, found),
  });
}

function lineOf(visit: Visit, { stage, hop, kind, direction }: ListedReceipt) {
  return { stageWords: exchangeWord(visit, 'stage', stage), hopWords: hop === '' ? null : hopWords(hop, visit), kindWords: exchangeWord(visit, 'kind', kind), directionWords: visit.t(`officer:receipts.of_${direction}`) };
}

async function saved(visit: Visit): Promise<Reply> {
  const asked = askedFor(visit);
  const heads = ['when', 'stage', 'message', 'direction', 'own_number', 'county_number', 'receipt', 'digest'].map((key) => visit.t(`officer:receipts.${key}`));
  const rows = everyPage((place) => listOwnReceipts(visit.ctx, { ...asked, ...place, pageSize: CSV_PAGE }));
  return csvOf(visit, 'receipts', heads, (async function* () {
    for await (const row of rows) {
      const line = lineOf(visit, row);
      yield telling([row.happenedAt.toISOString(), line.stageWords, line.kindWords, line.directionWords, row.partnerFileNumber ?? '', row.ourFileNumber ?? '', row.receiptId, row.sha256], { message: row.messageId });
    }
  })());
}

const certificatePage: Page = {
  path: '/receipts/certificate',
  access: 'packets.read',
  get: async (visit) => ({ kind: 'download', bytes: Buffer.from(signingCertificate(visit.ctx), 'utf8'), type: 'application/x-pem-file', fileName: 'puente-signer.pem', isInline: false }),
};

export const receiptPages: readonly Page[] = [receiptsPage, certificatePage];
