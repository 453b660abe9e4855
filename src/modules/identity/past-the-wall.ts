import type { TxCtx } from '../../platform/context.ts';

/**
 * Runs identity's own queries on accounts, passwords and sessions within the running transaction as the operator sees them; the scope of
 * the actor is back before anything else is read. Accounts are hidden from partners' officers and passwords from who sees only some
 * counties, yet everybody changes the own password, and the audit record must name who did it, in the same transaction.
 * Only after the use case has authorised exactly this account.
 */
export async function pastTheWall<T>(ctx: TxCtx, work: () => Promise<T>): Promise<T> {
  const [own] = await ctx.tx.query<{ counties: string; partner: string }[]>(
    "select current_setting('puente.counties') as counties, current_setting('puente.partner') as partner");
  await setScope(ctx, '*', '*');
  const result = await work();
  // Where the work fails its transaction is over, and the settings with it.
  await setScope(ctx, own?.counties ?? '', own?.partner ?? '');
  return result;
}

async function setScope(ctx: TxCtx, counties: string, partner: string): Promise<void> {
  await ctx.tx.query("select set_config('puente.counties', $1, true), set_config('puente.partner', $2, true)", [counties, partner]);
}
