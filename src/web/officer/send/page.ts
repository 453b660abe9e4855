import { getSignedReceipt } from '../../../modules/exchange/index.ts';
import type { ReceivedMessage } from '../../../modules/exchange/index.ts';
import { listSent, SHOWN_STATES } from '../../../modules/referrals/index.ts';
import type { SentQuery } from '../../../modules/referrals/index.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { choiceOf, chosen } from '../../choices.ts';
import { emptyForm, faultsOf, formAgain, takeIncoming, typedForm } from '../../incoming-form.ts';
import type { IncomingForm } from '../../incoming-form.ts';
import { everyPage, csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import { pagingBehind } from '../../paging.ts';
import { queryPlace, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { byMessageDoor } from './door.ts';
import { mainFault, uploadFaultOf } from './upload-fault.ts';
import type { UploadFault } from './upload-fault.ts';

const PAGE_SIZE = 20;
const CSV_STEP = 200;
const RECEIPT = /^(?:inc|rct)_[0-9A-Z]{26}$/;

/** What is told of a file that was not taken, or was kept and not accepted. */
interface Told {
  readonly fault: UploadFault | null;
  readonly findings: readonly Finding[];
  /** Where the bytes were kept: the receipt. */
  readonly receiptId: string | null;
}
const NOTHING_TOLD: Told = { fault: null, findings: [], receiptId: null };

/** Where a partner's officer sends papers from, with what the office has sent. The answer is a receipt, whatever we make of it. */
export const sendPapersPage: Page = {
  path: '/send',
  access: 'incoming.send',
  get: (visit) => (wantsCsv(visit) && visit.ctx.actor.partner !== null ? csvOfSent(visit) : show(visit, emptyForm(), NOTHING_TOLD)),
  post: async (visit) => {
    const { partner } = visit.ctx.actor;
    if (partner === null) return redirect('/incoming');
    try {
      const message = await byMessageDoor(visit, partner);
      if (message) return await afterMessage(visit, message);
      const taken = await takeIncoming({ visit, partnerId: partner });
      if ('form' in taken) return await show(visit, taken.form, { ...NOTHING_TOLD, fault: faultOfForm(taken.form) }, taken.status);
      const { incomingId, alreadyReceived, findings } = taken.received;
      const fault = taken.received.state === 'refused' ? mainFault(findings, visit.req.upload?.fileName) : null;
      // Kept, with its receipt, and of no use: what was typed is wanted again with the file that is.
      if (fault !== null) return await show(visit, typedForm(visit), { fault, findings, receiptId: incomingId }, 422);
      return redirect(`/send?done=${alreadyReceived ? 'same' : 'received'}&receipt=${incomingId}`);
    } catch (error) {
      return refusedAtTheDoor(visit, error);
    }
  },
};

/** What was wrong with the file itself; a form whose fields are wrong has its own words. */
function faultOfForm({ refusal }: IncomingForm): UploadFault | null {
  return refusal === null || refusal.findings.length > 0 || refusal.code === 'incoming.cover_invalid' ? null : uploadFaultOf(refusal.code);
}

async function afterMessage(visit: Visit, { state, receiptId, findings, alreadyReceived }: ReceivedMessage): Promise<Reply> {
  if (state === 'stored') return redirect(`/send?done=${alreadyReceived ? 'same' : 'message'}&receipt=${receiptId}`);
  return show(visit, typedForm(visit), { fault: mainFault(findings) ?? 'message', findings, receiptId }, 422);
}

async function refusedAtTheDoor(visit: Visit, error: unknown): Promise<Reply> {
  const fault = error instanceof AppError ? uploadFaultOf(error.code) : null;
  if (!(error instanceof AppError) || fault === null || !['invalid', 'conflict'].includes(error.kind)) throw error;
  return show(visit, formAgain(visit, error), { ...NOTHING_TOLD, fault }, 422);
}

const SORTS = ['received', 'state'] as const;

function listOfSent(visit: Visit) {
  const state = choiceOf(visit, 'state', visit.t('incoming:send.state'), SHOWN_STATES.map((one) => [one, visit.t(`incoming:shown.${one}`)] as const));
  const sort = sortOf(visit, SORTS, { by: 'received', isDescending: true });
  const query: SentQuery = { shown: chosen(state), order: sort };
  return { state, sort, query };
}

const csvOfSent = (visit: Visit): Promise<Reply> =>
  csvOf(visit, 'sent', ['officer:offer.file', 'incoming:send.receipt', 'incoming:send.received', 'incoming:send.state', 'incoming:send.digest'].map((key) => visit.t(key)), sentLines(visit));

async function* sentLines(visit: Visit): AsyncGenerator<string[]> {
  const { query } = listOfSent(visit);
  for await (const row of everyPage((place) => listSent(visit.ctx, { ...query, ...place, pageSize: CSV_STEP }))) yield [row.fileName, row.incomingId, row.receivedAt.toISOString(), visit.t(`incoming:shown.${row.state}`), row.sha256];
}

async function show(visit: Visit, form: IncomingForm, told: Told, status = 200): Promise<Reply> {
  if (visit.ctx.actor.partner === null) return redirect('/incoming');
  const words = wordsFor(visit.language);
  const { state, sort, query } = listOfSent(visit);
  const { rows, ...found } = await listSent(visit.ctx, { ...query, ...queryPlace(visit), pageSize: PAGE_SIZE });
  const [done, receipt] = [queryText(visit, 'done', 10), queryText(visit, 'receipt', 40)];
  const isDone = RECEIPT.test(receipt) && ['received', 'same', 'message'].includes(done) && await isTheirs(visit, receipt, rows.map(({ incomingId }) => incomingId));
  const sent = rows.map((row) => ({ ...row, fault: row.state === 'refused' || row.state === 'duplicate' ? mainFault(row.findings, row.fileName) : null }));
  return view('officer/send', {
    choices: [state], kept: [['sort', queryText(visit, 'sort', 40)]], csv: csvAddress(visit), orders: headsOf(visit, SORTS.map((key) => ({ label: visit.t(`incoming:send.${key}`), sort: key })), sort),
    form, told: { ...told, findings: told.findings.filter(({ severity }) => severity === 'block'), fileName: visit.req.upload?.fileName ?? '' },
    faults: told.fault === null ? faultsOf(form, words) : [{ field: 'file', text: visit.t(`officer:upload.${told.fault}.title`) }],
    sent, outcome: isDone ? sent.find(({ incomingId, state: now }) => incomingId === receipt && now === 'refused') ?? null : null,
    receipt: isDone ? receipt : null, done, paging: pagingBehind(visit, found),
  }, status);
}

/** An address that names a receipt of nobody's tells nothing. */
async function isTheirs({ ctx }: Visit, receipt: string, incoming: readonly string[]): Promise<boolean> {
  if (receipt.startsWith('inc_')) return incoming.includes(receipt);
  return getSignedReceipt(ctx, receipt).then(() => true, () => false);
}
