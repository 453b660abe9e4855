import { createHash } from 'node:crypto';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { advanceWork, beginWork, endWork, readWork, workGoingOn } from '../../../platform/work.ts';
import { officeDay } from '../clocks/office-day.ts';
import { draftPacket } from '../packets/draft-packet.ts';
import { selectChosen, upsertCheck } from './send-check.store.ts';
import type { ChosenReferral, SendCheck } from './send-check.store.ts';

/** So many are confirmed on one page: a person must be able to read what leaves. */
export const BATCH_MAX = 50;
/** What a look told holds so long, where neither packet nor case has changed: sending looks once more. */
const HOLDS_MINUTES = 15;
const NOT_SEALED: SendCheck = { documents: 0, agreements: [], needsApprover: false, refusals: ['referral.not_sealed'] };

/** One of those chosen, as the last look told it. */
export interface BatchCandidate extends SendCheck {
  readonly referral: Pick<ChosenReferral, 'referralId' | 'caseId' | 'partnerId' | 'county' | 'services' | 'packetId'>;
}

export interface CheckedBatch {
  readonly candidates: readonly BatchCandidate[];
  /** Those that have to be looked at first: nobody has, or too long ago, or something has changed since. */
  readonly unchecked: readonly string[];
}

/**
 * What would leave if these were sent, and what could not, as the last look at each told. It prepares no packet: `beginBatchCheck` has that done.
 * What this person may not see is left out. With `any age` a look counts however long ago it was, while the packet is the same.
 *
 * @throws AppError `referral.batch_too_many`, `access.forbidden`.
 */
export async function checkBatch(ctx: Ctx, referralIds: readonly string[], age: 'fresh' | 'any age' = 'fresh'): Promise<CheckedBatch> {
  authorise(ctx, 'referrals.send');
  const candidates: BatchCandidate[] = [];
  const unchecked: string[] = [];
  for (const { check, status, caseVersion, ...referral } of await inTransaction(ctx, (tx) => selectChosen(tx, chosen(referralIds)))) {
    if (!isSealed({ status, packetId: referral.packetId })) candidates.push({ referral, ...NOT_SEALED });
    else if (check && (age === 'any age' || isFresh(ctx, { check, caseVersion }))) candidates.push({ referral, documents: check.documents, agreements: check.agreements, needsApprover: check.needsApprover, refusals: check.refusals });
    else unchecked.push(referral.referralId);
  }
  return { candidates, unchecked };
}

const isSealed = ({ status, packetId }: Pick<ChosenReferral, 'status' | 'packetId'>): boolean => status === 'sealed' && packetId !== null;

const isFresh = (ctx: Ctx, { check, caseVersion }: Pick<ChosenReferral, 'check' | 'caseVersion'>): boolean => check !== null && check.caseVersion === caseVersion && check.checkedOn === officeDay(ctx)
  && ctx.clock.now().getTime() - check.checkedAt.getTime() < HOLDS_MINUTES * 60_000;

/** Begins to look at these, one by one, in the name of whoever asks, or finds the look that goes on already; gives the work that tells how far it is. @throws AppError as `checkBatch`. */
export async function beginBatchCheck(ctx: Ctx, referralIds: readonly string[]): Promise<string> {
  authorise(ctx, 'referrals.send');
  const ids = chosen(referralIds);
  return inTransaction(ctx, async (tx) => {
    const about = { kind: 'referrals.batch_check', digest: createHash('sha256').update([...ids].sort().join(',')).digest('hex') };
    const goingOn = await workGoingOn(tx, { ...about, minutes: HOLDS_MINUTES });
    if (goingOn !== null) return goingOn;
    const workId = await beginWork(tx, { ...about, total: ids.length });
    await emit(tx, 'referral.batch_check_begun', { workId, userId: tx.actor.id, referralIds: ids });
    return workId;
  });
}

/** Looks at each that nobody looked at just now, and tells where what they told is shown. Run again, it goes on where it stopped. */
export async function runBatchCheck(ctx: Ctx, workId: string, referralIds: readonly string[]): Promise<void> {
  authorise(ctx, 'referrals.send');
  const ids = chosen(referralIds);
  const { state, done } = await readWork(ctx, workId);
  if (state !== 'running') return;
  for (const referralId of ids.slice(done)) await lookAt(ctx, workId, referralId);
  await endWork(ctx, workId, { state: 'done', to: `/batch/check?of=${ids.join(',')}` });
}

/** One look, written down. */
async function lookAt(ctx: Ctx, workId: string, referralId: string): Promise<void> {
  const [found] = await inTransaction(ctx, (tx) => selectChosen(tx, [referralId]));
  const { packetId } = found ?? { packetId: null };
  const check = !found || packetId === null || !isSealed(found) || isFresh(ctx, found) ? null : await checkOf(ctx, referralId);
  await inTransaction(ctx, async (tx) => {
    if (found && packetId !== null && check) await upsertCheck(tx, { ...found, packetId }, check, officeDay(ctx));
    await advanceWork(tx, workId, { done: 1 });
  });
}

async function checkOf(ctx: Ctx, referralId: string): Promise<SendCheck> {
  try {
    const { isCurrent, agreement, findings, documents, needsApprover } = await draftPacket(ctx, referralId);
    const refusals = [
      ...(isCurrent === false ? ['packet.outdated'] : []), ...(agreement.isAllowed ? [] : ['agreement.none_allows']),
      ...(findings.some(({ severity }) => severity === 'block') ? ['packet.incomplete'] : []),
    ];
    return { documents: documents.length, agreements: agreement.agreements, needsApprover, refusals };
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'partner_unavailable') throw error;
    return { ...NOT_SEALED, refusals: [error.code] };
  }
}

/** @throws AppError `referral.batch_too_many`. */
export function chosen(referralIds: readonly string[]): string[] {
  const ids = [...new Set(referralIds)].filter((id) => isId('ref', id));
  if (ids.length > BATCH_MAX) throw new AppError('invalid', 'referral.batch_too_many', { params: { max: BATCH_MAX } });
  return ids;
}
