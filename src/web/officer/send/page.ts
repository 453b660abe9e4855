import { getSignedReceipt } from '../../../modules/exchange/index.ts';
import type { ReceivedMessage } from '../../../modules/exchange/index.ts';
import { listSent } from '../../../modules/referrals/index.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { emptyForm, faultsOf, formAgain, takeIncoming } from '../../incoming-form.ts';
import type { IncomingForm } from '../../incoming-form.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { byMessageDoor } from './door.ts';
import { mainFault, uploadFaultOf } from './upload-fault.ts';
import type { UploadFault } from './upload-fault.ts';

const PAGE_SIZE = 20;
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
  get: (visit) => show(visit, emptyForm(), NOTHING_TOLD),
  post: async (visit) => {
    const { partner } = visit.ctx.actor;
    if (partner === null) return redirect('/incoming');
    try {
      const message = await byMessageDoor(visit, partner);
      if (message) return await afterMessage(visit, message);
      const taken = await takeIncoming({ visit, partnerId: partner });
      if ('form' in taken) return await show(visit, taken.form, { ...NOTHING_TOLD, fault: faultOfForm(taken.form) }, taken.status);
      const { incomingId, alreadyReceived } = taken.received;
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
  return show(visit, emptyForm(), { fault: mainFault(findings) ?? 'message', findings, receiptId }, 422);
}

async function refusedAtTheDoor(visit: Visit, error: unknown): Promise<Reply> {
  const fault = error instanceof AppError ? uploadFaultOf(error.code) : null;
  if (!(error instanceof AppError) || fault === null || !['invalid', 'conflict'].includes(error.kind)) throw error;
  return show(visit, formAgain(visit, error), { ...NOTHING_TOLD, fault }, 422);
}

async function show(visit: Visit, form: IncomingForm, told: Told, status = 200): Promise<Reply> {
  if (visit.ctx.actor.partner === null) return redirect('/incoming');
  const page = queryPage(visit);
  const words = wordsFor(visit.language);
  const { rows, total } = await listSent(visit.ctx, { page, pageSize: PAGE_SIZE });
  const [done, receipt] = [queryText(visit, 'done', 10), queryText(visit, 'receipt', 40)];
  const isDone = RECEIPT.test(receipt) && ['received', 'same', 'message'].includes(done) && await isTheirs(visit, receipt, rows.map(({ incomingId }) => incomingId));
  return view('officer/send', {
    form, told: { ...told, findings: told.findings.filter(({ severity }) => severity === 'block') },
    faults: told.fault === null ? faultsOf(form, words) : [{ field: 'file', text: visit.t(`officer:upload.${told.fault}.title`) }],
    sent: rows.map((row) => ({ ...row, fault: row.state === 'refused' || row.state === 'duplicate' ? mainFault(row.findings, row.fileName) : null })),
    receipt: isDone ? receipt : null, done, paging: pagingNumbered(visit, page, page * PAGE_SIZE < total),
  }, status);
}

/** An address that names a receipt of nobody's tells nothing. */
async function isTheirs({ ctx }: Visit, receipt: string, incoming: readonly string[]): Promise<boolean> {
  if (receipt.startsWith('inc_')) return incoming.includes(receipt);
  return getSignedReceipt(ctx, receipt).then(() => true, () => false);
}
