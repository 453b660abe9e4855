import { AppError } from '../../../platform/errors.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { BATCH_MAX, beginBatch, beginBatchCheck, checkBatch } from '../../../modules/referrals/index.ts';
import type { BatchCandidate } from '../../../modules/referrals/index.ts';
import { allowingLines } from '../../agreement-line.ts';
import { newFormId } from '../../form-id.ts';
import { noteShown } from '../../list.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { field, fields, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

interface Entered {
  readonly approver: string;
  readonly fault: 'missing' | 'invalid' | null;
  readonly isUnconfirmed: boolean;
}

const NOTHING: Entered = { approver: '', fault: null, isUnconfirmed: false };

/** What will leave, to whom and under which agreement; what cannot, and why. What nobody has looked at lately is looked at first, which takes a while and is shown. */
async function show(visit: Visit, chosen: readonly string[], entered: Entered, status = 200): Promise<Reply> {
  const { candidates, unchecked } = await checkBatch(visit.ctx, chosen, status === 200 ? 'fresh' : 'any age');
  // Asked only whether there is such a page, nobody waits for a look.
  if (unchecked.length > 0 && visit.req.method !== 'HEAD') return redirect(`/work/${await beginBatchCheck(visit.ctx, chosen)}`);
  await noteShown(visit, 'batch-check', candidates, ({ referral }) => ({ case: referral.caseId }));
  const lines = candidates.map((one) => lineOf(visit, one));
  const ready = lines.filter(({ refusals }) => refusals.length === 0);
  return view('attorney/batch-check', {
    ready, refused: lines.filter(({ refusals }) => refusals.length > 0), needsApprover: ready.some(({ needsApprover }) => needsApprover), entered, formId: newFormId(),
    canSeeAgreements: true,
  }, status);
}

function lineOf(visit: Visit, { referral, agreements, refusals, ...rest }: BatchCandidate) {
  const words = wordsFor(visit.language);
  return {
    ...rest, ...referral, partnerName: partnerNameOf(referral.partnerId, visit), agreements: allowingLines(agreements, visit),
    services: referral.services.map((code) => words.label('service', code)).join(', '), refusals: refusals.map((code) => words.error(code)),
  };
}

/** `?referral=…&referral=…` of the form, `?of=…,…` of what was looked at. */
function chosenIn(visit: Visit): string[] {
  const { referral, of } = visit.req.query;
  const list: unknown[] = typeof of === 'string' ? of.split(',') : Array.isArray(referral) ? referral : [referral];
  return list.filter((one): one is string => typeof one === 'string').slice(0, BATCH_MAX + 1);
}

/** Sent twice, it is one sending: the form is taken once. */
const send: Handler = async (visit) => {
  const chosen = fields(visit, 'referral', BATCH_MAX + 1);
  const entered: Entered = { approver: field(visit, 'approver', 300), fault: null, isUnconfirmed: field(visit, 'confirm', 3) !== 'yes' };
  // As they stood on the page that was confirmed.
  const packetIds = new Map(fields(visit, 'packet', BATCH_MAX + 1).map((one) => one.split(' ') as [string, string]));
  if (entered.isUnconfirmed) return show(visit, chosen, entered, 422);
  const needs = (await checkBatch(visit.ctx, chosen, 'any age')).candidates.some(({ needsApprover, refusals }) => needsApprover && refusals.length === 0);
  if (needs && entered.approver === '') return show(visit, chosen, { ...entered, fault: 'missing' }, 422);
  try {
    return redirect(await submitOnce(visit.ctx, field(visit, 'form_id', 64), async (tx) => `/work/${(await beginBatch(tx, { referralIds: chosen, packetIds, approver: entered.approver })).workId}`));
  } catch (error) {
    if (error instanceof AppError && error.code === 'referral.approver_invalid') return show(visit, chosen, { ...entered, fault: 'invalid' }, 422);
    throw error;
  }
};

export const batchCheckPage: Page = { path: '/batch/check', access: 'referrals.send', get: (visit) => show(visit, chosenIn(visit), NOTHING), post: send };
