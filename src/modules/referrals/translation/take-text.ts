import { recordAudit } from '../../audit/index.ts';
import { authorise, isAllowed } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { getTextRow } from './text-content.ts';
import { lockNextFree, selectUserName, updateTaken } from './translation.store.ts';
import type { TextRow } from './translation.store.ts';

/** A text is somebody's for a working day and the night; each sentence saved begins it anew. */
export const TEXT_LEASE_HOURS = 24;

const leaseEnd = (ctx: Ctx): Date => new Date(ctx.clock.now().getTime() + TEXT_LEASE_HOURS * 3_600_000);

/** Hands the translator the free text of the referral that is due first, and nobody else the same one. Null where none is free. */
export async function takeNextText(ctx: Ctx): Promise<{ readonly textId: string; readonly referralId: string } | null> {
  authorise(ctx, 'translations.edit');
  return inTransaction(ctx, async (tx) => {
    const next = await lockNextFree(tx);
    if (next === null) return null;
    await updateTaken(tx, next.textId, { by: tx.actor.id, until: leaseEnd(tx) });
    await recordAudit(tx, { action: 'translation.taken', subject: { type: 'translation', id: next.textId }, county: next.county, details: { referralId: next.referralId } });
    return next;
  });
}

/** Gives a text back; whoever has it, or a supervisor for anybody. @throws AppError `translation.not_yours`, `translation.text_not_found`. */
export async function giveTextBack(ctx: Ctx, referralId: string, textId: string): Promise<void> {
  authorise(ctx, 'translations.edit');
  await inTransaction(ctx, async (tx) => {
    const row = await getTextRow(tx, referralId, textId, 'lock');
    if (row.takenBy === null) return;
    if (row.takenBy !== tx.actor.id && !isAllowed(tx, 'queue.reassign')) throw new AppError('forbidden', 'translation.not_yours');
    await updateTaken(tx, textId, null);
    await recordAudit(tx, { action: 'translation.given_back', subject: { type: 'translation', id: textId }, county: row.county, details: { referralId } });
  });
}

/** The name of who has taken a text, for a colleague who opens it; null where nobody has. @throws AppError `translation.text_not_found`. */
export async function nameOfTaker(ctx: Ctx, referralId: string, textId: string): Promise<string | null> {
  authorise(ctx, 'translations.view');
  return inTransaction(ctx, async (tx) => {
    const row = await getTextRow(tx, referralId, textId, 'read');
    return row.takenBy === null ? null : selectUserName(tx, row.takenBy);
  });
}

/** Work on a text that nobody has takes it, and work on one's own renews it. What another has taken stays theirs; sentences guard themselves. */
export async function keepTaken(ctx: TxCtx, row: TextRow): Promise<void> {
  if (ctx.actor.kind === 'system') return;
  const isOthers = row.takenBy !== null && row.takenBy !== ctx.actor.id && row.takenUntil !== null && row.takenUntil > ctx.clock.now();
  if (!isOthers) await updateTaken(ctx, row.textId, { by: ctx.actor.id, until: leaseEnd(ctx) });
}
