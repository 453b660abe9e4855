import type { TxCtx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import type { ErrorKind, Param } from '../../platform/errors.ts';
import { heldBy } from './posting.rules.ts';
import type { AccountKind, Bucket, Leg, Transfer } from './posting.rules.ts';

export interface BatchRow {
  transfers_posted: string;
  transfers_known: string;
  entries_posted: string;
  accounts_opened: string;
}

export async function openBatch(ctx: TxCtx): Promise<void> {
  await orRefuse(ctx.tx.query('select ledger_open_batch()'));
}

export async function commitBatch(ctx: TxCtx, batchKey: string): Promise<BatchRow> {
  const rows = await orRefuse(ctx.tx.query<BatchRow[]>('select * from ledger_commit_batch($1, $2)', [batchKey, ctx.actor.id]));
  return rows[0] as BatchRow;
}

/** The legs as the columns that the ledger's functions for one transfer take. */
export function legColumns(legs: readonly Leg[]): (readonly (string | null)[])[] {
  const moving = legs.filter((leg) => leg.amountMinor !== 0n);
  return [
    moving.map((leg) => leg.kind), moving.map((leg) => (heldBy(leg.kind) === 'case' ? leg.caseId : leg.partnerId) ?? null), moving.map((leg) => leg.bucket ?? null),
    moving.map((leg) => leg.currency), moving.map((leg) => leg.amountMinor.toString()), moving.map((leg) => leg.county ?? null),
  ];
}

/** Posts one transfer in one call; false when the same one was there. */
export async function postOne(ctx: TxCtx, transfer: Transfer): Promise<boolean> {
  const rows = await orRefuse(ctx.tx.query<{ is_new: boolean }[]>(
    'select ledger_post_one($1, $2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11) as is_new',
    [transfer.transferKey, ctx.actor.id, transfer.event, transfer.occurredOn, transfer.reversesKey ?? null, ...legColumns(transfer.legs)]));
  return rows[0]?.is_new === true;
}

interface LegRow {
  account_kind: AccountKind;
  partner_id: string | null;
  case_id: string | null;
  county: string | null;
  currency: string;
  amount_minor: string;
  bucket: Bucket | null;
}

/** The legs of a posted transfer, as the actor may see them; empty when there is none. */
export async function legsOf(ctx: TxCtx, transferKey: string): Promise<Leg[]> {
  const rows = await ctx.tx.query<LegRow[]>(
    `select a.account_kind, a.partner_id, a.case_id, a.county, a.bucket, e.currency, e.amount_minor
       from ledger_transfers t
       join ledger_entries e on e.agency_id = t.agency_id and e.transfer_id = t.transfer_id
       join ledger_accounts a on a.agency_id = e.agency_id and a.account_id = e.account_id
      where t.agency_id = $1 and t.transfer_key = $2 order by e.leg_number`,
    [ctx.actor.agency, transferKey],
  );
  return rows.map((row) => ({
    kind: row.account_kind, currency: row.currency, amountMinor: BigInt(row.amount_minor),
    ...(row.partner_id === null ? {} : { partnerId: row.partner_id }),
    ...(row.case_id === null ? {} : { caseId: row.case_id }),
    ...(row.county === null ? {} : { county: row.county }),
    ...(row.bucket === null ? {} : { bucket: row.bucket }),
  }));
}

/** SQLSTATEs that the ledger's own functions raise; the message is the dotted code, the detail its parameters. */
const KINDS: Readonly<Record<string, ErrorKind>> = { PU400: 'invalid', PU403: 'forbidden', PU404: 'not_found', PU409: 'conflict' };

/** Turns what the ledger's functions raise into refusals. */
export async function orRefuse<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): unknown {
  const { code, message, detail, constraint } = error as { code?: string; message?: string; detail?: string; constraint?: string };
  const kind = code === undefined ? undefined : KINDS[code];
  if (kind !== undefined && message !== undefined) {
    return new AppError(kind, message, { params: detail ? (JSON.parse(detail) as Record<string, Param>) : {}, cause: error });
  }
  if (constraint === 'ledger_transfers_reversal') return new AppError('conflict', 'ledger.already_reversed', { cause: error });
  if (constraint?.startsWith('ledger_transfers_agency_id_reverses_key')) return new AppError('not_found', 'ledger.transfer_unknown', { cause: error });
  if (constraint?.startsWith('ledger_') && /_(leg_count|transfer_key|pending_key|resolution_key|event)_check$/.test(constraint)) return new AppError('invalid', 'ledger.transfer_invalid', { cause: error });
  if (code === '22003') return new AppError('invalid', 'ledger.amount_out_of_range', { cause: error });
  return error;
}
