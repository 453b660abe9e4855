import { createHash } from 'node:crypto';
import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { newId } from '../../../platform/ids.ts';
import type { PaymentNotice } from '../formats/bank-entry.rules.ts';
import { maskCorrected } from './notice.rules.ts';
import type { Named } from './notice.rules.ts';

/**
 * What each notice may mean: disbursements of ours by their ids, and debits of ours by their trace numbers (of ACH, fifteen digits) with what
 * these name. Traces come again after some time: where several debits have one, all are taken, and a person decides.
 */
export async function selectNamed(ctx: TxCtx, fileId: string, notices: readonly PaymentNotice[]): Promise<Named[]> {
  const rows = await ctx.tx.query<{ place: number; disbursement_id: string | null; partner_id: string | null; credit_id: string | null; amount_minor: string | null; currency: string | null }[]>(
    `with said as materialized (
       select n.place::int as place, r.reference from rows from (jsonb_to_recordset($2::jsonb) as (refs jsonb)) with ordinality as n (refs, place)
        cross join lateral jsonb_array_elements_text(n.refs) as r (reference)),
     debit as (
       select s.place, c.credit_id, c.transfer_candidates from said s
        cross join lateral (select x.credit_id, x.transfer_candidates from bank_credits x where x.agency_id = $1 and x.direction = 'debit' and x.entry_ref = s.reference and x.source = 'nacha' limit 20) c
        where length(s.reference) = 15),
     token as (
       select place, null as credit_id, upper(reference) as id from said union select place, credit_id, unnest(transfer_candidates) from debit),
     ours as (
       select t.place, max(t.credit_id) as credit_id, d.disbursement_id, d.partner_id, d.amount_minor, d.currency from token t
        cross join lateral (select x.* from disbursements x where x.agency_id = $1 and x.disbursement_id = t.id limit 1) d
        group by t.place, d.disbursement_id, d.partner_id, d.amount_minor, d.currency)
     select place, disbursement_id, partner_id, credit_id, amount_minor, currency from ours
     union all
     select d.place, null, null, d.credit_id, null, null from debit d where not exists (select from ours o where o.place = d.place)
     union all
     select s.place, null, null, c.credit_id, null, null from said s
       cross join lateral (select x.credit_id from bank_credits x where x.agency_id = $1 and x.direction = 'credit' and x.transfer_candidates && array[upper(s.reference)]
                              and not exists (select from bank_credit_sightings g where g.agency_id = $1 and g.file_id = $3 and g.credit_id = x.credit_id) limit 1) c
      where length(s.reference) >= 6 and not exists (select from ours o where o.place = s.place) and not exists (select from debit d where d.place = s.place)`,
    [ctx.actor.agency, JSON.stringify(notices.map((notice) => ({ refs: notice.references }))), fileId]);
  return rows.map((r) => ({
    place: r.place - 1, creditId: r.credit_id,
    disbursement: r.disbursement_id === null ? null : { id: r.disbursement_id, partnerId: r.partner_id as string, amountMinor: BigInt(r.amount_minor as string), currency: r.currency as string },
  }));
}

export interface NoticeToKeep {
  readonly notice: PaymentNotice;
  /** The n-th of those that say the same in this file. */
  readonly occurrence: number;
  readonly disbursementId: string | null;
  readonly partnerId: string | null;
  readonly creditId: string | null;
}

/** Keeps those that no file told of before; corrected data only encrypted, bound to their row. @returns the places of the new ones. */
export async function insertNotices(ctx: TxCtx, fileId: string, kept: readonly NoticeToKeep[]): Promise<Set<number>> {
  const { agency } = ctx.actor;
  const rows = kept.map(({ notice, occurrence, disbursementId, partnerId, creditId }, place) => {
    const noticeId = newId('ntc');
    const corrected = notice.corrected === null ? null : ctx.keys.encrypt(notice.corrected, aadOf(agency, noticeId)).toString('hex');
    return {
      place, notice_id: noticeId, line_number: notice.line, kind: notice.kind, reason: notice.reason, reference: notice.references[0] ?? '', amount_minor: notice.amountMinor?.toString() ?? null,
      currency: notice.currency, booked_on: notice.bookedOn, corrected, corrected_masked: notice.corrected === null ? null : maskCorrected(notice.corrected), disbursement_id: disbursementId,
      partner_id: partnerId, credit_id: creditId, digest: digestOf(ctx, notice, occurrence).toString('hex'),
    };
  });
  const added = await ctx.tx.query<{ digest: string }[]>(
    `insert into payment_notices (agency_id, notice_id, file_id, line_number, kind, reason, reference, amount_minor, currency, booked_on, corrected, corrected_masked, disbursement_id, credit_id, partner_id,
       digest, recorded_at)
     select $1, n.notice_id, $2, n.line_number, n.kind, n.reason, n.reference, n.amount_minor, n.currency, n.booked_on, decode(n.corrected, 'hex'), n.corrected_masked, n.disbursement_id, n.credit_id,
            n.partner_id, decode(n.digest, 'hex'), $3
       from jsonb_to_recordset($4::jsonb) as n (notice_id text, line_number int, kind text, reason text, reference text, amount_minor bigint, currency text, booked_on date, corrected text,
         corrected_masked text, disbursement_id text, credit_id text, partner_id text, digest text)
     on conflict (agency_id, digest) do nothing returning encode(digest, 'hex') as digest`,
    [agency, fileId, ctx.clock.now(), JSON.stringify(rows)]);
  const fresh = new Set(added.map((row) => row.digest));
  return new Set(rows.filter((row) => fresh.has(row.digest)).map((row) => row.place));
}

const aadOf = (agency: string, noticeId: string): string => `payment_notices:${agency}:${noticeId}`;

/** What a notice is recognised by when another file tells of it; protected data enters only under a key. */
function digestOf(ctx: TxCtx, notice: PaymentNotice, occurrence: number): Buffer {
  const corrected = notice.corrected === null ? '' : ctx.keys.lookup('payment_notice', notice.corrected).toString('hex');
  const said = [notice.kind, notice.reason, [...notice.references].sort(), notice.amountMinor?.toString() ?? '', notice.currency, notice.bookedOn ?? '', corrected, occurrence];
  return createHash('sha256').update(JSON.stringify(said)).digest();
}

export interface NoticeToSettle {
  readonly noticeId: string;
  readonly disbursementId: string;
  readonly caseId: string;
  readonly partnerId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly happenedOn: CalendarDate;
}

/**
 * Returned disbursements that nobody has settled yet: neither a partner's line (`line_outcomes`, read as a module may not import a later
 * one) nor an earlier notice. One for each disbursement, of its whole amount, that is in transit.
 */
export async function selectNoticesToSettle(ctx: TxCtx): Promise<NoticeToSettle[]> {
  const rows = await ctx.tx.query<{ notice_id: string; disbursement_id: string; case_id: string; partner_id: string; amount_minor: string; currency: string; happened_on: string }[]>(
    `select distinct on (n.disbursement_id) n.notice_id, n.disbursement_id, d.case_id, d.partner_id, d.amount_minor, d.currency, greatest(n.booked_on, d.issued_on)::text as happened_on
       from payment_notices n
       join disbursements d on d.agency_id = $1 and d.disbursement_id = n.disbursement_id and d.method = 'consulate'
       join registered_files g on g.agency_id = $1 and g.file_id = d.file_id
      where n.agency_id = $1 and n.kind = 'return' and n.disbursement_id is not null and n.booked_on is not null and n.amount_minor = d.amount_minor and n.currency = d.currency
        and n.reason !~ '^R(61|6[7-9]|7[0-7])$'
        and not exists (select from settled_notices s where s.agency_id = $1 and s.disbursement_id = n.disbursement_id)
        and not exists (select from line_outcomes o where o.agency_id = $1 and o.disbursement_id = n.disbursement_id and o.kind = 'forwarding' and o.outcome in ('posted', 'returned'))
      order by n.disbursement_id, n.booked_on, n.notice_id`,
    [ctx.actor.agency]);
  return rows.map((r) => ({
    noticeId: r.notice_id, disbursementId: r.disbursement_id, caseId: r.case_id, partnerId: r.partner_id, amountMinor: BigInt(r.amount_minor), currency: r.currency, happenedOn: r.happened_on,
  }));
}

export interface NoticeRow {
  noticeId: string;
  fileName: string;
  line: number;
  kind: 'return' | 'change';
  reason: string;
  amountMinor: string | null;
  currency: string;
  bookedOn: string | null;
  correctedMasked: string | null;
  disbursementId: string | null;
  partnerId: string | null;
  isSettled: boolean;
  recordedAt: Date;
}

export async function selectNotices(ctx: TxCtx, wanted: { limit: number; offset: number }): Promise<{ notices: NoticeRow[]; total: number }> {
  const rows = await ctx.tx.query<(NoticeRow & { total: number })[]>(
    `select n.notice_id as "noticeId", f.file_name as "fileName", n.line_number as line, n.kind, n.reason, n.amount_minor as "amountMinor", n.currency, n.booked_on::text as "bookedOn",
            n.corrected_masked as "correctedMasked", n.disbursement_id as "disbursementId", n.partner_id as "partnerId",
            exists (select from settled_notices s where s.agency_id = $1 and s.notice_id = n.notice_id) as "isSettled", n.recorded_at as "recordedAt", count(*) over ()::int as total
       from payment_notices n left join received_files f on f.agency_id = $1 and f.file_id = n.file_id
      where n.agency_id = $1 order by n.recorded_at desc, n.notice_id limit $2 offset $3`,
    [ctx.actor.agency, wanted.limit, wanted.offset]);
  return { notices: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
}
