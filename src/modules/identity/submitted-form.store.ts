import type { TxCtx } from '../../platform/context.ts';

/** Claims the form; false when it was sent before. A second sender waits here until the first has ended. */
export async function claimForm(ctx: TxCtx, formId: string): Promise<boolean> {
  const rows: unknown[] = await ctx.tx.query(
    `insert into submitted_forms (agency_id, form_id, user_id, submitted_at) values ($1, $2, $3, $4)
     on conflict (agency_id, form_id) do nothing returning form_id`,
    [ctx.actor.agency, formId, ctx.actor.id, ctx.clock.now()],
  );
  return rows.length === 1;
}

export async function setFormResult(ctx: TxCtx, formId: string, result: string): Promise<void> {
  await ctx.tx.query('update submitted_forms set result = $3 where agency_id = $1 and form_id = $2', [ctx.actor.agency, formId, result]);
}

export async function findFormResult(ctx: TxCtx, formId: string): Promise<string | null> {
  const rows: { result: string | null }[] = await ctx.tx.query(
    'select result from submitted_forms where agency_id = $1 and form_id = $2 and user_id = $3',
    [ctx.actor.agency, formId, ctx.actor.id],
  );
  return rows[0]?.result ?? null;
}
