import type { TxCtx } from '../../../platform/context.ts';
import { orderBy } from '../../../platform/order-by.ts';
import type { Order } from '../../../platform/order-by.ts';

/** Why a case's next disbursement waits. */
export type HoldRow = {
  readonly holdId: string;
  readonly caseId: string;
  readonly disbursementId: string | null;
  readonly fileId: string | null;
  readonly lineNumber: number | null;
  readonly reason: string;
  readonly sinceOn: string;
  readonly releasedAt: Date | null;
  readonly releaseReason: string | null;
  /** A second person is asked to agree to its release. */
  readonly proposal: string | null;
  readonly proposedBy: string | null;
  readonly proposedReason: string | null;
};

const HOLD = `h.hold_id as "holdId", h.case_id as "caseId", h.disbursement_id as "disbursementId", h.file_id as "fileId", h.line_number as "lineNumber", h.reason, h.since_on::text as "sinceOn",
  h.released_at as "releasedAt", h.release_reason as "releaseReason",
  d.decision_id as proposal, d.proposed_by as "proposedBy", d.reason as "proposedReason"`;
const PROPOSED = "left join suspense_decisions d on d.agency_id = $1 and d.item_key = 'hold-' || h.hold_id and d.state = 'proposed'";

export async function findHold(ctx: TxCtx, holdId: string, options: { lock?: boolean } = {}): Promise<HoldRow | null> {
  const rows = await ctx.tx.query<HoldRow[]>(`select ${HOLD} from disbursement_holds h ${PROPOSED} where h.agency_id = $1 and h.hold_id = $2${options.lock === true ? ' for update of h' : ''}`, [ctx.actor.agency, holdId]);
  return rows[0] ?? null;
}

export async function releaseHoldRow(ctx: TxCtx, holdId: string, reason: string): Promise<void> {
  await ctx.tx.query('update disbursement_holds set released_at = $3, release_reason = $4 where agency_id = $1 and hold_id = $2 and released_at is null', [ctx.actor.agency, holdId, ctx.clock.now(), reason]);
}

export const HOLD_SORTS = ['since', 'case', 'released'] as const;
export type HoldOrder = Order<(typeof HOLD_SORTS)[number]>;
const HOLDS_BY = { since: ['h.since_on'], case: ['h.case_id'], released: ['h.released_at'] } as const;

/** With the amount of the disbursement that came back, where it is one. */
export type ListedHold = HoldRow & { readonly amountMinor: bigint | null; readonly currency: string | null };

export async function selectHolds(ctx: TxCtx, wanted: { isOpen: boolean; order: HoldOrder; limit: number; offset: number }): Promise<{ rows: ListedHold[]; total: number }> {
  const rows = await ctx.tx.query<(Omit<ListedHold, 'amountMinor'> & { amountMinor: string | null; total: number })[]>(
    `select ${HOLD}, m.amount_minor as "amountMinor", m.currency, count(*) over ()::int as total from disbursement_holds h ${PROPOSED}
       left join lateral (select x.amount_minor, x.currency from disbursements x where x.agency_id = $1 and x.disbursement_id = h.disbursement_id limit 1) m on true
      where h.agency_id = $1 and (h.released_at is null) = $2
      order by ${orderBy(HOLDS_BY, wanted.order, ['h.case_id', 'h.hold_id'])} limit $3 offset $4`, [ctx.actor.agency, wanted.isOpen, wanted.limit, wanted.offset]);
  return { rows: rows.map(({ total: _, amountMinor, ...row }) => ({ ...row, amountMinor: amountMinor === null ? null : BigInt(amountMinor) })), total: rows[0]?.total ?? 0 };
}

export type BankMovement = {
  readonly entryId: string; readonly direction: 'credit' | 'debit'; readonly amountMinor: bigint; readonly currency: string; readonly bookedOn: string | null;
  readonly outcome: string; readonly reasons: readonly string[]; readonly partnerId: string | null; readonly transfer: string | null;
};

export const MOVEMENT_SORTS = ['found', 'booked', 'amount', 'partner'] as const;
export type MovementOrder = Order<(typeof MOVEMENT_SORTS)[number]>;
const MOVEMENTS_BY = { found: ['m.is_settled', 'coalesce(c.booked_on, c.value_on)'], booked: ['coalesce(c.booked_on, c.value_on)'], amount: ['c.currency', 'c.amount_minor'], partner: ['m.partner_id'] } as const;

/** Debits that name something of ours, and credits that name disbursements, with what was found of them. */
export async function selectBankMovements(ctx: TxCtx, wanted: { direction: 'credit' | 'debit' | null; order: MovementOrder; limit: number; offset: number }): Promise<{ rows: BankMovement[]; total: number }> {
  const rows = await ctx.tx.query<(Omit<BankMovement, 'amountMinor'> & { amountMinor: string; total: number })[]>(
    `select c.credit_id as "entryId", c.direction, c.amount_minor as "amountMinor", c.currency, coalesce(c.booked_on, c.value_on)::text as "bookedOn", m.outcome, m.reasons, m.partner_id as "partnerId", m.transfer,
            count(*) over ()::int as total
       from (select debit_id as id, outcome, reasons, partner_id, transfer, decided_at, outcome <> 'unexplained' as is_settled from bank_debit_outcomes where agency_id = $1
             union all
             select credit_id, outcome, reasons, partner_id, transfer, decided_at, reasons[1] = 'recovery.agrees' from bank_credit_outcomes where agency_id = $1 and reasons[1] like 'recovery.%') m
       join bank_credits c on c.agency_id = $1 and c.credit_id = m.id
      where $2::text is null or c.direction = $2
      order by ${orderBy(MOVEMENTS_BY, wanted.order, ['c.credit_id'])} limit $3 offset $4`, [ctx.actor.agency, wanted.direction, wanted.limit, wanted.offset]);
  return { rows: rows.map(({ total: _, ...r }) => ({ ...r, amountMinor: BigInt(r.amountMinor) })), total: rows[0]?.total ?? 0 };
}
