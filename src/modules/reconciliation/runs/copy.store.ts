import type { TxCtx } from '../../../platform/context.ts';
import { RULE_VERSION } from '../matching/reason.rules.ts';

/**
 * The outcomes that need no evidence: repeats, folios used again for something else, and lines that cannot be right in
 * themselves. What was imported first is the original. All new files at once, in one statement.
 *
 * A line without a folio that says what an earlier one says, in the same file or in another, may be a second payment or the first once
 * more: a person decides.
 */
export async function insertPlainOutcomes(ctx: TxCtx, runId: string): Promise<void> {
  await ctx.tx.query(
    `create temporary table fresh_files on commit drop as
     select f.file_id from received_files f
      where f.agency_id = $1 and f.kind in ('forwarding', 'remittance')
        and not exists (select from reconciliation_run_files h where h.agency_id = f.agency_id and h.file_id = f.file_id)`,
    [ctx.actor.agency],
  );
  await ctx.tx.query('analyze fresh_files');
  await ctx.tx.query(REPEATED, [ctx.actor.agency]);
  await ctx.tx.query('analyze repeated_keys');
  await ctx.tx.query(JUDGE, [ctx.actor.agency]);
  await ctx.tx.query('analyze judged_copies');
  await ctx.tx.query(INSERT, [ctx.actor.agency, RULE_VERSION, runId, ctx.clock.now()]);
}

// What a folio (or, without one, a content) is asked for: whether it comes more than once, in new files or in one that was handled before.
const REPEATED = `
create temporary table repeated_keys on commit drop as
select k.partner_id, k.kind, k.reference, k.content_key from (
  select l.partner_id, l.kind, l.reference, case when l.reference = '' then l.content_key end as content_key, count(*) as times
    from fresh_files f cross join lateral (select * from payment_lines x where x.agency_id = $1 and x.file_id = f.file_id offset 0) l group by 1, 2, 3, 4 offset 0) k
 where k.times > 1
    or case when k.reference = '' then exists (
         select from payment_lines x where x.agency_id = $1 and x.partner_id = k.partner_id and x.kind = k.kind and x.reference = '' and x.content_key = k.content_key
            and x.file_id not in (select file_id from fresh_files) offset 0)
       else exists (
         select from payment_lines x where x.agency_id = $1 and x.partner_id = k.partner_id and x.kind = k.kind and x.reference = k.reference
            and x.file_id not in (select file_id from fresh_files) offset 0) end
`;

const JUDGE = `
create temporary table judged_copies on commit drop as
with related as (
  select l.file_id, l.line_number, l.imported_seq, l.partner_id, l.kind, l.reference, l.reference_year, l.content_key,
         l.reference = '' as is_bare
    from repeated_keys k
   cross join lateral (
     (select * from payment_lines x where k.reference <> '' and x.agency_id = $1 and x.partner_id = k.partner_id and x.kind = k.kind and x.reference = k.reference offset 0)
     union all
     (select * from payment_lines x where k.reference = '' and x.agency_id = $1 and x.partner_id = k.partner_id and x.kind = k.kind and x.reference = '' and x.content_key = k.content_key offset 0)) l),
placed as (
  select *, row_number() over (partition by partner_id, kind, reference, reference_year order by imported_seq, line_number) as place,
         row_number() over same_content as same_place, first_value(file_id) over same_content = file_id as is_first_file
    from related
  window same_content as (partition by partner_id, kind, reference, reference_year, content_key order by imported_seq, line_number))
select p.file_id, p.line_number,
       case when p.same_place > 1 and not p.is_bare then 'duplicate' else 'suspense' end as outcome,
       case when p.is_bare then case when p.is_first_file then 'duplicate.possible_twin' else 'duplicate.possible_repeat' end
            when p.same_place = 1 then 'reference.other_content'
            when p.is_first_file then 'duplicate.same_file' else 'duplicate.resent_file' end as reason
  from placed p join fresh_files f on f.file_id = p.file_id
 where p.same_place > 1 or (not p.is_bare and p.reference_year is not null and p.place > 1)
`;

const INSERT = `
insert into line_outcomes (agency_id, file_id, line_number, partner_id, kind, outcome, happened_on, reasons, rule_version, run_id, decided_at)
select l.agency_id, l.file_id, l.line_number, l.partner_id, l.kind, coalesce(c.outcome, 'rejected'), l.happened_on,
       case when c.reason is not null then array[c.reason] else array(select jsonb_array_elements_text(l.findings)) end, $2, $3, $4
  from payment_lines l join fresh_files f on f.file_id = l.file_id
  left join judged_copies c on c.file_id = l.file_id and c.line_number = l.line_number
 where l.agency_id = $1 and (c.outcome is not null or l.findings <> '[]')
on conflict do nothing
`;
