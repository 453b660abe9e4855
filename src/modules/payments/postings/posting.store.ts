import type { TxCtx } from '../../../platform/context.ts';
import { orderBy } from '../../../platform/order-by.ts';
import type { Order } from '../../../platform/order-by.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { SOURCE_LABEL } from './posting.rules.ts';
import type { Answer, Posting } from './posting.rules.ts';

export async function openCandidates(ctx: TxCtx): Promise<void> {
  await ctx.tx.query(`drop table if exists pg_temp.posting_candidates`);
  await ctx.tx.query(`create temporary table posting_candidates (
    proposal_key text collate "C" not null, case_id text collate "C", county text collate "C", file_id text, line_number integer, collected_on date, received_on date,
    amount_minor bigint, currency text, bucket text, obligation_id text, reverses_key text collate "C") on commit drop`);
}

export interface ProposalCounts {
  proposed: string;
  withdrawn: string;
  reversed: string;
  known: string;
}

/** An id that follows from the key, so that the same proposal made again after a crash is the same posting; hexadecimal digits are all Crockford's. */
const ID_OF = (key: string) => `'pst_' || upper(left(encode(sha256(convert_to('posting:' || $1 || ':' || ${key}, 'UTF8')), 'hex'), 26))`;

export async function insertCandidates(ctx: TxCtx): Promise<ProposalCounts> {
  const { agency } = ctx.actor;
  await lockPostings(ctx);
  await ctx.tx.query('analyze pg_temp.posting_candidates (proposal_key, reverses_key)');
  // Look-ups by `lateral … limit 1`: a table that has just been filled has no statistics, and a join would pair all with all.
  const [unknown] = await ctx.tx.query<{ reverses_key: string }[]>(
    `select c.reverses_key from pg_temp.posting_candidates c
       left join lateral (select * from posting_proposals x where x.agency_id = $1 and x.proposal_key = c.reverses_key limit 1) p on true
      where c.reverses_key is not null and (p.posting_id is null or p.reversal_of is not null) limit 1`, [agency]);
  if (unknown) throw new AppError('not_found', 'postings.posting_unknown', { params: { key: unknown.reverses_key } });
  const rows = await ctx.tx.query<(ProposalCounts & { given: string })[]>(
    `with proposed as (
       insert into posting_proposals (agency_id, posting_id, proposal_key, case_id, county, file_id, line_number, collected_on, received_on, amount_minor, currency,
         bucket, obligation_id, source_label, status, proposed_at)
       select $1, c.posting_id, proposal_key, case_id, county, file_id, line_number, collected_on, received_on, amount_minor, currency,
         bucket, obligation_id, $2, 'proposed', $3
         from (select ${ID_OF('proposal_key')} collate "C" as posting_id, * from pg_temp.posting_candidates where reverses_key is null offset 0) c order by c.posting_id
       on conflict (agency_id, proposal_key) do nothing returning 1),
     taken_back as (
       select p.*, c.proposal_key as reversal_key, c.file_id as at_file_id, c.line_number as at_line, c.received_on as at_on
         from pg_temp.posting_candidates c
         cross join lateral (select * from posting_proposals x where x.agency_id = $1 and x.proposal_key = c.reverses_key limit 1) p
        where c.reverses_key is not null),
     withdrawn as (
       update posting_proposals p set status = 'withdrawn' from taken_back t
        where p.agency_id = $1 and p.posting_id = t.posting_id and p.status = 'proposed' returning 1),
     reversed as (
       insert into posting_proposals (agency_id, posting_id, proposal_key, case_id, county, file_id, line_number, collected_on, received_on, amount_minor, currency,
         bucket, obligation_id, source_label, reversal_of, status, proposed_at)
       select $1, ${ID_OF('reversal_key')}, reversal_key, case_id, county, coalesce(at_file_id, file_id), coalesce(at_line, line_number), collected_on,
         coalesce(at_on, received_on), -amount_minor, currency, bucket, obligation_id, source_label, posting_id, 'proposed', $3
         from taken_back where status in ('exported', 'accepted') order by reversal_key
       on conflict (agency_id, proposal_key) do nothing returning 1)
     select (select count(*) from proposed) as proposed, (select count(*) from withdrawn) as withdrawn, (select count(*) from reversed) as reversed,
       (select count(*) from pg_temp.posting_candidates) as known,
       (select count(*) from pg_temp.posting_candidates where reverses_key is null) as given`,
    [agency, SOURCE_LABEL, ctx.clock.now()],
  );
  const counts = rows[0] as ProposalCounts & { given: string };
  if (counts.proposed !== counts.given) await refuseOtherContent(ctx);
  await ctx.tx.query('drop table pg_temp.posting_candidates');
  return { proposed: counts.proposed, withdrawn: counts.withdrawn, reversed: counts.reversed, known: String(Number(counts.known) - Number(counts.proposed) - Number(counts.withdrawn) - Number(counts.reversed)) };
}

/** Some keys were there already: with the same content, or everything is undone. */
async function refuseOtherContent(ctx: TxCtx): Promise<void> {
  const [conflict] = await ctx.tx.query<{ proposal_key: string }[]>(
    `select c.proposal_key from pg_temp.posting_candidates c
      cross join lateral (select * from posting_proposals x where x.agency_id = $1 and x.proposal_key = c.proposal_key limit 1) p
      where c.reverses_key is null and (p.case_id, p.collected_on, p.received_on, p.amount_minor, p.currency, p.bucket, p.obligation_id)
        is distinct from (c.case_id, c.collected_on, c.received_on, c.amount_minor, c.currency, c.bucket, c.obligation_id) limit 1`, [ctx.actor.agency]);
  if (conflict) throw new AppError('conflict', 'postings.key_reused', { params: { key: conflict.proposal_key } });
}

/** Proposing, exporting and answering change the same rows: one at a time in an agency, each a matter of moments. */
export async function lockPostings(ctx: TxCtx): Promise<void> {
  await ctx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 7164))', [`postings:${ctx.actor.agency}`]);
}

interface PostingRow {
  posting_id: string;
  case_id: string;
  collected_on: CalendarDate;
  received_on: CalendarDate;
  amount_minor: string;
  currency: string;
  bucket: string | null;
  obligation_id: string | null;
  source_label: string;
  reversal_of: string | null;
}

/** What waits to be exported: older proposals first, so that a reversal never leaves before what it reverses. */
export async function waitingPostings(ctx: TxCtx, rowsMax: number): Promise<Posting[]> {
  const rows = await ctx.tx.query<PostingRow[]>(
    `select posting_id, case_id, collected_on::text, received_on::text, amount_minor, currency, bucket, obligation_id, source_label, reversal_of
       from posting_proposals where agency_id = $1 and status = 'proposed'
      order by reversal_of is not null, proposed_at, posting_id limit $2`, [ctx.actor.agency, rowsMax]);
  return rows.map((row) => ({
    postingId: row.posting_id, caseId: row.case_id, collectedOn: row.collected_on, receivedOn: row.received_on, amountMinor: BigInt(row.amount_minor),
    currency: row.currency, bucket: row.bucket, obligationId: row.obligation_id, sourceLabel: row.source_label, reversalOf: row.reversal_of,
  }));
}

export interface ExportRow {
  exportId: string;
  fileId: string;
  sha256: string;
  postings: number;
}

export async function insertExport(ctx: TxCtx, row: ExportRow, postingIds: readonly string[]): Promise<void> {
  await ctx.tx.query(
    `insert into posting_exports (agency_id, export_id, file_id, sha256, posting_count, exported_at, exported_by) values ($1, $2, $3, $4, $5, $6, $7)`,
    [ctx.actor.agency, row.exportId, row.fileId, row.sha256, row.postings, ctx.clock.now(), ctx.actor.id]);
  await ctx.tx.query(
    `update posting_proposals set status = 'exported', export_id = $2 where agency_id = $1 and posting_id = any($3::text[]) and status = 'proposed'`,
    [ctx.actor.agency, row.exportId, postingIds]);
}

const EXPORT_FIELDS = `export_id as "exportId", file_id as "fileId", sha256, posting_count as postings`;

/** The newest export of which the State has answered nothing yet: it may have been lost on the way. */
export async function unansweredExport(ctx: TxCtx): Promise<ExportRow | null> {
  const rows = await ctx.tx.query<ExportRow[]>(
    `select ${EXPORT_FIELDS} from posting_exports x where agency_id = $1
        and not exists (select from posting_proposals p where p.agency_id = $1 and p.export_id = x.export_id and p.status <> 'exported')
        and export_id = (select max(export_id) from posting_exports where agency_id = $1)`, [ctx.actor.agency]);
  return rows[0] ?? null;
}

export async function findExport(ctx: TxCtx, exportId: string): Promise<ExportRow | null> {
  const rows = await ctx.tx.query<ExportRow[]>(`select ${EXPORT_FIELDS} from posting_exports where agency_id = $1 and export_id = $2`, [ctx.actor.agency, exportId]);
  return rows[0] ?? null;
}

export interface Settled {
  line: number;
  became: 'settled' | 'duplicate' | 'unknown' | 'not_exported' | 'answered_otherwise';
}

/** Applies the answers; tells for each line what came of it. */
export async function settleAnswers(ctx: TxCtx, answers: readonly Answer[]): Promise<Settled[]> {
  return ctx.tx.query<Settled[]>(
    `with answer as (
       select * from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::date[]) as a (line, posting_id, status, reason, processed_on)),
     settled as (
       update posting_proposals p set status = a.status, reason = a.reason, processed_on = a.processed_on from answer a
        where p.agency_id = $1 and p.posting_id = a.posting_id and p.status = 'exported' returning p.posting_id)
     select a.line, case
         when s.posting_id is not null then 'settled'
         when p.posting_id is null then 'unknown'
         when p.status in ('proposed', 'withdrawn') then 'not_exported'
         when (p.status, p.reason, p.processed_on) is not distinct from (a.status, a.reason, a.processed_on) then 'duplicate'
         else 'answered_otherwise' end as became
       from answer a
       left join settled s using (posting_id)
       left join posting_proposals p on p.agency_id = $1 and p.posting_id = a.posting_id
      order by a.line`,
    [ctx.actor.agency, answers.map((a) => a.line), answers.map((a) => a.postingId), answers.map((a) => a.status), answers.map((a) => a.reason), answers.map((a) => a.processedOn)],
  );
}

export interface RefusedPosting { postingId: string; caseId: string; receivedOn: CalendarDate; amountMinor: bigint; currency: string; reason: string | null; processedOn: CalendarDate; reversalOf: string | null }

export const REFUSED_SORTS = ['refused', 'case', 'amount', 'posting'] as const;
export type RefusedOrder = Order<(typeof REFUSED_SORTS)[number]>;
const REFUSED_BY = { refused: ['p.processed_on'], case: ['p.case_id'], amount: ['p.currency', 'p.amount_minor'], posting: ['p.posting_id'] } as const;

/** What the State refused and nobody has taken back since, the longest ago first. */
export async function refusedPostings(ctx: TxCtx, page: { order: RefusedOrder; search: string; limit: number; offset: number }): Promise<{ rows: RefusedPosting[]; total: number }> {
  const rows = await ctx.tx.query<{ posting_id: string; case_id: string; received_on: string; amount_minor: string; currency: string; reason: string | null; processed_on: string; reversal_of: string | null; total: string }[]>(
    `select p.posting_id, p.case_id, p.received_on::text, p.amount_minor, p.currency, p.reason, p.processed_on::text, p.reversal_of, count(*) over () as total
       from posting_proposals p
      where p.agency_id = $1 and p.status = 'refused' and ($4 = '' or upper(p.case_id) = upper($4) or upper(p.posting_id) = upper($4) or strpos(lower(coalesce(p.reason, '')), lower($4)) > 0)
        and not exists (select from posting_proposals r where r.agency_id = $1 and r.reversal_of = p.posting_id)
      order by ${orderBy(REFUSED_BY, page.order, ['p.posting_id'])} limit $2 offset $3`, [ctx.actor.agency, page.limit, page.offset, page.search]);
  return {
    total: Number(rows[0]?.total ?? 0),
    rows: rows.map((row) => ({
      postingId: row.posting_id, caseId: row.case_id, receivedOn: row.received_on, amountMinor: BigInt(row.amount_minor), currency: row.currency, reason: row.reason,
      processedOn: row.processed_on, reversalOf: row.reversal_of,
    })),
  };
}
