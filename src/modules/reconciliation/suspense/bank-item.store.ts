import type { TxCtx } from '../../../platform/context.ts';
import type { TransferSum } from '../bank/transfer.rules.ts';
import { NORMAL } from '../bank/transfer.store.ts';

/** A credit that no lines explain, or a debit that names something of ours and is explained by nothing. */
export type BankFacts = {
  readonly entryId: string;
  readonly direction: 'credit' | 'debit';
  readonly fileName: string;
  readonly entryRef: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly bookedOn: string | null;
  readonly outcome: string;
  readonly reasons: readonly string[];
  readonly partnerId: string | null;
  readonly transfer: string | null;
  /** What the lines of its transfer come to; null where they are no sum, or there is no transfer. */
  readonly transferSumMinor: bigint | null;
  readonly transferCurrency: string | null;
  /** Booked as the partner's, in suspense. */
  readonly isPosted: boolean;
  readonly isTakenBack: boolean;
  readonly tokens: readonly string[];
};

type Row = Omit<BankFacts, 'amountMinor' | 'transferSumMinor'> & { readonly amountMinor: string; readonly transferSumMinor: string | null };

const SELECT = (outcomes: string, id: string, posted: string): string => `
select c.credit_id as "entryId", c.direction, f.file_name as "fileName", c.entry_ref as "entryRef", c.amount_minor as "amountMinor", c.currency,
       coalesce(c.booked_on, c.value_on)::text as "bookedOn", o.outcome, o.reasons, o.partner_id as "partnerId", o.transfer, t.sum_minor as "transferSumMinor", t.currency as "transferCurrency", ${posted} as "isPosted",
       exists (select from taken_back_credits b where b.agency_id = $1 and b.credit_id = c.credit_id) as "isTakenBack", c.transfer_candidates as tokens
  from ${outcomes} o join bank_credits c on c.agency_id = o.agency_id and c.credit_id = o.${id}
  join received_files f on f.agency_id = c.agency_id and f.file_id = c.file_id
  left join transfer_states t on t.agency_id = o.agency_id and t.partner_id = o.partner_id and t.transfer = o.transfer
 where o.agency_id = $1 and o.${id} = $2`;

export async function findBankFacts(ctx: TxCtx, kind: 'credit' | 'debit', entryId: string, options: { lock?: boolean } = {}): Promise<BankFacts | null> {
  const sql = kind === 'credit' ? SELECT('bank_credit_outcomes', 'credit_id', 'o.posted') : SELECT('bank_debit_outcomes', 'debit_id', 'false');
  const [row] = await ctx.tx.query<Row[]>(`${sql}${options.lock === true ? ' for update of o' : ''}`, [ctx.actor.agency, entryId]);
  return row === undefined ? null : { ...row, amountMinor: BigInt(row.amountMinor), transferSumMinor: row.transferSumMinor === null ? null : BigInt(row.transferSumMinor) };
}

export type OrderedReturn = {
  readonly decisionId: string; readonly itemKey: string; readonly fileId: string | null; readonly lineNumber: number | null; readonly creditId: string | null; readonly partnerId: string;
  readonly transfer: string | null; readonly amountMinor: bigint; readonly currency: string; readonly state: 'ordered' | 'sent' | 'cancelled'; readonly orderedOn: string; readonly debitId: string | null; readonly sentOn: string | null;
};
type ReturnRow = Omit<OrderedReturn, 'amountMinor'> & { readonly amountMinor: string };

const RETURN = `decision_id as "decisionId", item_key as "itemKey", file_id as "fileId", line_number as "lineNumber", credit_id as "creditId", partner_id as "partnerId", transfer,
  amount_minor as "amountMinor", currency, state, ordered_on::text as "orderedOn", debit_id as "debitId", sent_on::text as "sentOn"`;
const returnOf = (r: ReturnRow): OrderedReturn => ({ ...r, amountMinor: BigInt(r.amountMinor) });

export async function insertReturn(ctx: TxCtx, r: Omit<OrderedReturn, 'state' | 'debitId' | 'sentOn'>): Promise<void> {
  await ctx.tx.query(
    `insert into suspense_returns (agency_id, decision_id, item_key, file_id, line_number, credit_id, partner_id, transfer, reference, amount_minor, currency, state, ordered_on)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'ordered', $12)`,
    [ctx.actor.agency, r.decisionId, r.itemKey, r.fileId, r.lineNumber, r.creditId, r.partnerId, r.transfer, r.decisionId, r.amountMinor, r.currency, r.orderedOn]);
}

export async function findReturn(ctx: TxCtx, itemKey: string): Promise<OrderedReturn | null> {
  const [row] = await ctx.tx.query<ReturnRow[]>(
    `select ${RETURN} from suspense_returns where agency_id = $1 and item_key = $2 and state <> 'cancelled' order by ordered_on desc, decision_id desc limit 1`, [ctx.actor.agency, itemKey]);
  return row === undefined ? null : returnOf(row);
}

export async function lockReturn(ctx: TxCtx, decisionId: string): Promise<OrderedReturn | null> {
  const [row] = await ctx.tx.query<ReturnRow[]>(`select ${RETURN} from suspense_returns where agency_id = $1 and decision_id = $2 for update`, [ctx.actor.agency, decisionId]);
  return row === undefined ? null : returnOf(row);
}

export async function cancelReturn(ctx: TxCtx, decisionId: string): Promise<void> {
  await ctx.tx.query("update suspense_returns set state = 'cancelled' where agency_id = $1 and decision_id = $2 and state = 'ordered'", [ctx.actor.agency, decisionId]);
}

export async function setReturnSent(ctx: TxCtx, decisionId: string, debit: { debitId: string; on: string; runId: string; partnerId: string; transfer: string | null }): Promise<void> {
  await ctx.tx.query(
    "update suspense_returns set state = 'sent', debit_id = $3, sent_on = $4 where agency_id = $1 and decision_id = $2 and state = 'ordered'", [ctx.actor.agency, decisionId, debit.debitId, debit.on]);
  await ctx.tx.query(
    `insert into bank_debit_outcomes (agency_id, debit_id, outcome, partner_id, transfer, reasons, run_id, decided_at) values ($1, $2, 'returned_to_sender', $3, $4, '{decided.returned_to_sender}', $5, $6)
     on conflict (agency_id, debit_id) do update set outcome = excluded.outcome, partner_id = excluded.partner_id, transfer = excluded.transfer, reasons = excluded.reasons, run_id = excluded.run_id, decided_at = excluded.decided_at`,
    [ctx.actor.agency, debit.debitId, debit.partnerId, debit.transfer, debit.runId, ctx.clock.now()]);
}

/** Debits that may be an ordered return: its money, its day or later, naming its transfer or the order's own number; nothing else spent them. */
export async function selectReturnDebits(ctx: TxCtx): Promise<{ decisionId: string; debitId: string; on: string }[]> {
  return ctx.tx.query(
    `select r.decision_id as "decisionId", c.credit_id as "debitId", coalesce(c.booked_on, c.value_on)::text as "on"
       from suspense_returns r join bank_credits c on c.agency_id = r.agency_id and c.direction = 'debit' and c.amount_minor = r.amount_minor and c.currency = r.currency
        and coalesce(c.booked_on, c.value_on) >= r.ordered_on
      where r.agency_id = $1 and r.state = 'ordered'
        and exists (select from unnest(c.transfer_candidates) as t (token) where ${NORMAL('t.token')} in (r.transfer, ${NORMAL('r.reference')}))
        and not exists (select from taken_back_credits b where b.agency_id = $1 and b.debit_id = c.credit_id)
        and not exists (select from suspense_returns s where s.agency_id = $1 and s.debit_id = c.credit_id)
      order by 1, 2`, [ctx.actor.agency]);
}

/** A debit as it stands on the statement, whether or not anything has been found of it. */
export async function findDebit(ctx: TxCtx, debitId: string): Promise<{ amountMinor: bigint; currency: string; on: string | null; isSpent: boolean } | null> {
  const [row] = await ctx.tx.query<{ amountMinor: string; currency: string; on: string | null; isSpent: boolean }[]>(
    `select c.amount_minor as "amountMinor", c.currency, coalesce(c.booked_on, c.value_on)::text as "on",
            exists (select from taken_back_credits b where b.agency_id = $1 and b.debit_id = c.credit_id) or exists (select from suspense_returns s where s.agency_id = $1 and s.debit_id = c.credit_id) as "isSpent"
       from bank_credits c where c.agency_id = $1 and c.credit_id = $2 and c.direction = 'debit'`, [ctx.actor.agency, debitId]);
  return row === undefined ? null : { ...row, amountMinor: BigInt(row.amountMinor) };
}

/** A transfer that no credit pays yet, by its number in any spelling. */
export async function findOpenTransfer(ctx: TxCtx, partnerId: string, transfer: string): Promise<TransferSum | null> {
  const [row] = await ctx.tx.query<{ transfer: string; lineCount: number; sumMinor: string | null; currency: string | null; printed: string[] }[]>(
    `select transfer, line_count as "lineCount", sum_minor as "sumMinor", currency, printed from transfer_states
      where agency_id = $1 and partner_id = $2 and transfer = ${NORMAL('$3::text')} and state in ('no_credit', 'taken_back')`, [ctx.actor.agency, partnerId, transfer]);
  return row === undefined ? null : { partnerId, transfer: row.transfer, lineCount: row.lineCount, sumMinor: row.sumMinor === null ? null : BigInt(row.sumMinor), currency: row.currency, printed: row.printed, isTakenBack: false };
}

export async function insertAssignment(ctx: TxCtx, a: { creditId: string; partnerId: string; transfer: string; decisionId: string }): Promise<void> {
  await ctx.tx.query(
    'insert into assigned_credits (agency_id, credit_id, partner_id, transfer, decision_id, assigned_at) values ($1, $2, $3, $4, $5, $6)',
    [ctx.actor.agency, a.creditId, a.partnerId, a.transfer, a.decisionId, ctx.clock.now()]);
}
