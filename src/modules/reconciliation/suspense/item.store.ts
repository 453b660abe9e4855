import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { findHold } from './hold.store.ts';
import { itemRef } from './suspense.rules.ts';

/** @throws AppError not_found `suspense.item_unknown`: nothing has this key, or nothing that anybody could decide about. */
export async function assertItem(ctx: TxCtx, itemKey: string): Promise<void> {
  const ref = itemRef(itemKey);
  const exists = async (sql: string, values: unknown[]): Promise<boolean> => (await ctx.tx.query<unknown[]>(sql, [ctx.actor.agency, ...values])).length > 0;
  const isThere = async (): Promise<boolean> => {
    switch (ref?.kind) {
      case 'line': return exists('select 1 from line_outcomes where agency_id = $1 and file_id = $2 and line_number = $3', [ref.fileId, ref.lineNumber]);
      case 'credit': return exists('select 1 from bank_credit_outcomes where agency_id = $1 and credit_id = $2', [ref.entryId]);
      case 'debit': return exists('select 1 from bank_debit_outcomes where agency_id = $1 and debit_id = $2', [ref.entryId]);
      case 'hold': return (await findHold(ctx, ref.holdId)) !== null;
      default: return false;
    }
  };
  if (!(await isThere())) throw new AppError('not_found', 'suspense.item_unknown');
}

export type EarlierLine = {
  readonly itemKey: string; readonly happenedOn: string | null; readonly reference: string; readonly outcome: string; readonly caseId: string; readonly amountMinor: bigint | null;
  readonly currency: string | null; readonly names: readonly string[];
};

/** What the same partner reported before of the cases in question, the newest first. */
export async function selectEarlierLines(ctx: TxCtx, wanted: { partnerId: string; kind: string; caseIds: readonly string[]; notKey: string; limit: number }): Promise<EarlierLine[]> {
  const rows = await ctx.tx.query<(Omit<EarlierLine, 'amountMinor'> & { amountMinor: string | null })[]>(
    `select 'line-' || o.file_id || '-' || o.line_number as "itemKey", o.happened_on::text as "happenedOn", l.reference, o.outcome, o.case_id as "caseId", o.amount_minor as "amountMinor", o.currency,
            array_remove(array[nullif(l.payee_name, ''), nullif(l.obligor_name, ''), nullif(l.obligee_name, '')], null) as names
       from line_outcomes o join payment_lines l on l.agency_id = o.agency_id and l.file_id = o.file_id and l.line_number = o.line_number
      where o.agency_id = $1 and o.case_id = any($2::text[]) and o.partner_id = $3 and o.kind = $4 and 'line-' || o.file_id || '-' || o.line_number <> $5
      order by o.happened_on desc nulls last, o.file_id, o.line_number limit $6`,
    [ctx.actor.agency, wanted.caseIds, wanted.partnerId, wanted.kind, wanted.notKey, wanted.limit]);
  return rows.map((r) => ({ ...r, amountMinor: r.amountMinor === null ? null : BigInt(r.amountMinor) }));
}

/** Under which numbers partners keep cases. */
export async function selectPartnerNumbersOf(ctx: TxCtx, caseIds: readonly string[]): Promise<{ readonly caseId: string; readonly partnerId: string; readonly number: string }[]> {
  return ctx.tx.query<{ caseId: string; partnerId: string; number: string }[]>(
    `select distinct case_id as "caseId", partner_id as "partnerId", value as number from partner_case_numbers where agency_id = $1 and case_id = any($2::text[]) order by 1, 2, 3`, [ctx.actor.agency, caseIds]);
}

/** Who people are, by the ids that decisions and notes carry. */
export async function selectUserNames(ctx: TxCtx, userIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await ctx.tx.query<{ user_id: string; display_name: string }[]>('select user_id, display_name from users where agency_id = $1 and user_id = any($2::text[])', [ctx.actor.agency, userIds]);
  return new Map(rows.map((r) => [r.user_id, r.display_name]));
}
