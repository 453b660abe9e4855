import { inTransaction, operatorActor, withActor } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { claimRequest, deleteExpired, dropClaim, findRequest, setAnswer } from './answered-request.store.ts';

/** How long an answer is remembered, and how long a request may be worked on before somebody else may begin anew. */
const KEPT_MS = 72 * 3_600_000;
const WORKED_ON_MS = 10 * 60_000;

export interface RequestToAnswer {
  readonly clientId: string;
  /** As the client's program calls it (Idempotency-Key). */
  readonly key: string;
  /** Digest of what tells this request from another before its body is read: method, address, form. */
  readonly sha256: string;
}

export interface AnswerOnce {
  /** Works the answer out. The digest is of the body that was read for it. */
  work(): Promise<{ readonly answer: string; readonly bodySha256: string }>;
  /** The digest of the body of a request that came again. */
  bodySha256(): Promise<string>;
}

/**
 * Answers a client's request once: the same key again gives the first answer. A refusal leaves no trace, so the corrected request may
 * come under the same key; whoever calls decides what of its answers is one.
 *
 * @throws AppError `api.key_reused` (the key was another request's), `api.request_in_progress`.
 */
export async function answerOnce(ctx: Ctx, request: RequestToAnswer, { work, bodySha256 }: AnswerOnce): Promise<{ readonly answer: string; readonly isRepeated: boolean }> {
  const system = withActor(ctx, operatorActor(ctx.config));
  const earlier = await inTransaction(system, (tx) => claim(tx, request));
  if (earlier !== null) {
    if (earlier.bodySha256 !== await bodySha256()) throw new AppError('invalid', 'api.key_reused');
    return { answer: earlier.answer, isRepeated: true };
  }
  const { clientId, key } = request;
  try {
    const done = await work();
    await inTransaction(system, (tx) => setAnswer(tx, clientId, key, JSON.stringify(done)));
    return { answer: done.answer, isRepeated: false };
  } catch (error) {
    await inTransaction(system, (tx) => dropClaim(tx, clientId, key));
    throw error;
  }
}

async function claim(tx: TxCtx, request: RequestToAnswer): Promise<{ answer: string; bodySha256: string } | null> {
  const now = tx.clock.now().getTime();
  if (await claimRequest(tx, { ...request, expiresAt: new Date(now + KEPT_MS), staleBefore: new Date(now - WORKED_ON_MS) })) return null;
  const earlier = await findRequest(tx, request.clientId, request.key);
  if (earlier && earlier.requestSha256 !== request.sha256) throw new AppError('invalid', 'api.key_reused');
  if (!earlier?.answer) throw new AppError('conflict', 'api.request_in_progress');
  return JSON.parse(earlier.answer.toString('utf8')) as { answer: string; bodySha256: string };
}

/** Forgets what was answered long ago. */
export const sweepAnswered = deleteExpired;
