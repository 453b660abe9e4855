import type { TxCtx } from '../../../platform/context.ts';
import { orderBy } from '../../../platform/order-by.ts';
import type { Order } from '../../../platform/order-by.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { ConfirmationChannel, ConfirmationOutcome, PayeeAnswer, ReportedDisbursement } from './confirmation.rules.ts';

/** Who called, who answered and what was said, as it lies encrypted in one piece. */
type Said = Pick<PayeeAnswer, 'caller' | 'spokenTo' | 'note'>;

const aad = (agencyId: string, confirmationId: string): string => `payee_confirmations:${agencyId}:${confirmationId}`;

interface DisbursementRow {
  disbursement_id: string; case_id: string; county: string | null; partner_id: string; payee_name: string; amount_minor: string; currency: string;
  issued_on: string; reported: 'posted' | 'returned' | null; delivered_on: string | null; delivered_minor: string | null; delivered_currency: string | null; is_protected: boolean;
}

// Outcomes are reconciliation's and participants the cases': read from their tables, as a module may not import a later one.
const REPORTED = `
  d.disbursement_id, d.case_id, d.county, d.partner_id, d.payee_name, d.amount_minor, d.currency, d.issued_on::text as issued_on,
  coalesce(o.outcome, case when exists (select from settled_notices n where n.agency_id = $1 and n.disbursement_id = d.disbursement_id) then 'returned' end) as reported, case when o.outcome = 'posted' then o.happened_on::text end as delivered_on,
  case when o.outcome = 'posted' then l.settled_minor end as delivered_minor, case when o.outcome = 'posted' then l.settled_currency end as delivered_currency,
  exists (select from case_participants p where p.agency_id = $1 and p.case_id = d.case_id and p.is_protected and p.role in ('obligee', 'caretaker', 'dependent'))
    or exists (select from case_retained_protections r join case_participants p using (agency_id, case_id, participant_id)
                where r.agency_id = $1 and r.case_id = d.case_id and r.end_confirmed_at is null and p.role in ('obligee', 'caretaker', 'dependent'))
    or not exists (select from support_cases c where c.agency_id = $1 and c.case_id = d.case_id) as is_protected`;
const OUTCOME = `
  left join lateral (select x.outcome, x.happened_on, x.file_id, x.line_number from line_outcomes x
                      where x.agency_id = $1 and x.disbursement_id = d.disbursement_id and x.kind = 'forwarding' and x.outcome in ('posted', 'returned') limit 1) o on true
  left join payment_lines l on l.agency_id = $1 and l.file_id = o.file_id and l.line_number = o.line_number`;

function reportedOf(row: DisbursementRow): ReportedDisbursement {
  return {
    disbursementId: row.disbursement_id, caseId: row.case_id, county: row.county, partnerId: row.partner_id, payeeName: row.payee_name,
    amountMinor: BigInt(row.amount_minor), currency: row.currency, issuedOn: row.issued_on, reported: row.reported, deliveredOn: row.delivered_on,
    deliveredMinor: row.delivered_minor === null ? null : BigInt(row.delivered_minor), deliveredCurrency: row.delivered_currency, isProtected: row.is_protected,
  };
}

/** Disbursements through partners by their ids, with what was reported of them. Of a case that is not here, nobody knows whether the payee is protected: taken as protected. */
export async function findReported(ctx: TxCtx, disbursementIds: readonly string[]): Promise<Map<string, ReportedDisbursement>> {
  const rows = await ctx.tx.query<DisbursementRow[]>(
    `select ${REPORTED} from disbursements d ${OUTCOME} where d.agency_id = $1 and d.disbursement_id = any($2::text[]) and d.method = 'consulate'`,
    [ctx.actor.agency, disbursementIds]);
  return new Map(rows.map((row) => [row.disbursement_id, reportedOf(row)]));
}

export interface NewConfirmation extends PayeeAnswer {
  confirmationId: string;
  channel: ConfirmationChannel;
  sent: ReportedDisbursement;
  external: { id: string; digest: Buffer; fileId: string; line: number } | null;
}

export async function insertConfirmations(ctx: TxCtx, rows: readonly NewConfirmation[]): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map((row) => ({
    confirmation_id: row.confirmationId, disbursement_id: row.disbursementId, case_id: row.sent.caseId, county: row.sent.county, partner_id: row.sent.partnerId,
    channel: row.channel, confirmed_on: row.confirmedOn, outcome: row.outcome, amount_minor: row.amountMinor?.toString() ?? null, currency: row.amountMinor === null ? null : row.currency,
    said: ctx.keys.encrypt(JSON.stringify({ caller: row.caller, spokenTo: row.spokenTo, note: row.note } satisfies Said), aad(ctx.actor.agency, row.confirmationId)).toString('hex'),
    external_id: row.external?.id ?? null, digest: row.external?.digest.toString('hex') ?? null, file_id: row.external?.fileId ?? null, line_number: row.external?.line ?? null,
  }));
  await ctx.tx.query(
    `insert into payee_confirmations (agency_id, confirmation_id, disbursement_id, case_id, county, partner_id, channel, confirmed_on, outcome, amount_minor, currency,
       said_encrypted, external_id, content_digest, file_id, line_number, recorded_by, recorded_at)
     select $1, r.confirmation_id, r.disbursement_id, r.case_id, r.county, r.partner_id, r.channel, r.confirmed_on, r.outcome, r.amount_minor, r.currency,
       decode(r.said, 'hex'), r.external_id, decode(r.digest, 'hex'), r.file_id, r.line_number, $3, $4
       from jsonb_to_recordset($2::jsonb) as r (confirmation_id text, disbursement_id text, case_id text, county text, partner_id text, channel text, confirmed_on date, outcome text,
         amount_minor bigint, currency text, said text, external_id text, digest text, file_id text, line_number int)`,
    [ctx.actor.agency, JSON.stringify(values), ctx.actor.id, ctx.clock.now()]);
}

/** Of a partner's own numbers of confirmations, those that are known, with what they stood for. */
export async function findExternal(ctx: TxCtx, partnerId: string, ids: readonly string[]): Promise<Map<string, Buffer>> {
  const rows = await ctx.tx.query<{ external_id: string; content_digest: Buffer }[]>(
    'select external_id, content_digest from payee_confirmations where agency_id = $1 and partner_id = $2 and external_id = any($3::text[])',
    [ctx.actor.agency, partnerId, ids]);
  return new Map(rows.map((row) => [row.external_id, row.content_digest]));
}

export interface Confirmation extends PayeeAnswer {
  confirmationId: string;
  caseId: string;
  partnerId: string;
  channel: ConfirmationChannel;
  recordedBy: string;
  recordedAt: Date;
}

interface ConfirmationRow {
  confirmation_id: string; disbursement_id: string; case_id: string; partner_id: string; channel: ConfirmationChannel; confirmed_on: string; outcome: ConfirmationOutcome;
  amount_minor: string | null; currency: string | null; said_encrypted: Buffer; recorded_by: string; recorded_at: Date; total: string;
}

export const HEARD_SORTS = ['recorded', 'on', 'outcome', 'amount'] as const;
export type HeardOrder = Order<(typeof HEARD_SORTS)[number]>;
const HEARD_BY = { recorded: ['recorded_at'], on: ['confirmed_on'], outcome: ['outcome'], amount: ['currency', 'amount_minor'] } as const;
export const CALL_SORTS = ['delivered', 'sent', 'amount'] as const;
export type CallOrder = Order<(typeof CALL_SORTS)[number]>;
const CALLS_BY = { delivered: ['delivered_on'], sent: ['issued_on'], amount: ['currency', 'amount_minor'] } as const;

export interface ConfirmationFilter { order: HeardOrder; disbursementId?: string | undefined; partnerId?: string | undefined; limit: number; offset: number }

/** What was said, the newest first. */
export async function selectConfirmations(ctx: TxCtx, wanted: ConfirmationFilter): Promise<{ rows: Confirmation[]; total: number }> {
  const rows = await ctx.tx.query<ConfirmationRow[]>(
    `select confirmation_id, disbursement_id, case_id, partner_id, channel, confirmed_on::text as confirmed_on, outcome, amount_minor, currency, said_encrypted,
            recorded_by, recorded_at, count(*) over () as total
       from payee_confirmations
      where agency_id = $1 and ($2::text is null or disbursement_id = $2) and ($3::text is null or partner_id = $3)
      order by ${orderBy(HEARD_BY, wanted.order, ['confirmation_id desc'])} limit $4 offset $5`,
    [ctx.actor.agency, wanted.disbursementId ?? null, wanted.partnerId ?? null, wanted.limit, wanted.offset]);
  return {
    total: Number(rows[0]?.total ?? 0),
    rows: rows.map((row) => ({
      confirmationId: row.confirmation_id, disbursementId: row.disbursement_id, caseId: row.case_id, partnerId: row.partner_id, channel: row.channel,
      confirmedOn: row.confirmed_on, outcome: row.outcome, amountMinor: row.amount_minor === null ? null : BigInt(row.amount_minor), currency: row.currency,
      ...(JSON.parse(ctx.keys.decrypt(row.said_encrypted, aad(ctx.actor.agency, row.confirmation_id)).toString('utf8')) as Said),
      recordedBy: row.recorded_by, recordedAt: row.recorded_at,
    })),
  };
}

export interface CallFilter { order: CallOrder; partnerId?: string | undefined; deliveredBy: CalendarDate; limit: number; offset: number }

/**
 * Delivered disbursements of which no payee has said that it came, or that it did not; the longest ago first. Whoever was not reached stays on the
 * list. Those of protected payees are counted and not listed.
 */
export async function selectCalls(ctx: TxCtx, wanted: CallFilter): Promise<{ rows: ReportedDisbursement[]; total: number; protectedCount: number }> {
  const rows = await ctx.tx.query<(DisbursementRow & { total: string; protected_count: string })[]>(
    `with due as (
       select ${REPORTED} from line_outcomes w join disbursements d on d.agency_id = $1 and d.disbursement_id = w.disbursement_id ${OUTCOME}
        where w.agency_id = $1 and w.kind = 'forwarding' and w.outcome = 'posted' and w.happened_on <= $2 and ($3::text is null or w.partner_id = $3)
          and not exists (select from payee_confirmations c where c.agency_id = $1 and c.disbursement_id = w.disbursement_id and c.outcome <> 'unreachable')),
     counted as (select count(*) filter (where not is_protected) as total, count(*) filter (where is_protected) as protected_count from due)
     select due.*, c.total, c.protected_count from counted c
       left join (select * from due where not is_protected order by ${orderBy(CALLS_BY, wanted.order, ['disbursement_id'])} limit $4 offset $5) due on true
      order by ${orderBy(CALLS_BY, wanted.order, ['disbursement_id'])}`,
    [ctx.actor.agency, wanted.deliveredBy, wanted.partnerId ?? null, wanted.limit, wanted.offset]);
  return {
    total: Number(rows[0]?.total ?? 0), protectedCount: Number(rows[0]?.protected_count ?? 0),
    rows: rows.filter((row) => (row.disbursement_id as string | null) !== null).map(reportedOf),
  };
}
