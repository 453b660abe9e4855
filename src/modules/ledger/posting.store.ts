import type { TxCtx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import type { ErrorKind, Param } from '../../platform/errors.ts';
import type { AccountKind, Bucket, Leg, Transfer } from './posting.rules.ts';

export interface BatchRow {
  transfers_posted: string;
  transfers_known: string;
  entries_posted: string;
  accounts_opened: string;
}

const LEG_COLUMNS = 'transfer_key, event, occurred_on, account_kind, partner_id, case_id, county, currency, amount_minor, reverses_key, bucket';

export async function openBatch(ctx: TxCtx): Promise<void> {
  await orRefuse(ctx.tx.query('select ledger_open_batch()'));
}

export async function commitBatch(ctx: TxCtx, batchKey: string): Promise<BatchRow> {
  const rows = await orRefuse(ctx.tx.query<BatchRow[]>('select * from ledger_commit_batch($1, $2)', [batchKey, ctx.actor.id]));
  return rows[0] as BatchRow;
}

export async function addLegs(ctx: TxCtx, transfer: Transfer): Promise<void> {
  const legs = transfer.legs.filter((leg) => leg.amountMinor !== 0n).map((leg) => ({
    account_kind: leg.kind, partner_id: leg.partnerId ?? null, case_id: leg.caseId ?? null, county: leg.county ?? null,
    currency: leg.currency, amount_minor: leg.amountMinor.toString(), bucket: leg.bucket ?? null,
  }));
  await ctx.tx.query(
    `insert into pg_temp.posting_legs (${LEG_COLUMNS})
     select $1, $2, $3, l.account_kind, l.partner_id, l.case_id, l.county, l.currency, l.amount_minor, $4, l.bucket
       from jsonb_to_recordset($5::jsonb) as l (account_kind text, partner_id text, case_id text, county text, currency text, amount_minor bigint, bucket text)`,
    [transfer.transferKey, transfer.event, transfer.occurredOn, transfer.reversesKey ?? null, JSON.stringify(legs)],
  );
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
const KINDS: Readonly<Record<string, ErrorKind>> = { PU400: 'invalid', PU403: 'forbidden', PU409: 'conflict' };

async function orRefuse<T>(answer: Promise<T>): Promise<T> {
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
  if (constraint === 'ledger_transfers_leg_count_check') return new AppError('invalid', 'ledger.transfer_invalid', { cause: error });
  if (code === '22003') return new AppError('invalid', 'ledger.amount_out_of_range', { cause: error });
  return error;
}
