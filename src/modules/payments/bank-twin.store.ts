import type { TxCtx } from '../../platform/context.ts';
import type { Finding } from '../../platform/errors.ts';
import type { BankSource } from './formats/bank-entry.rules.ts';
import { pairTwins } from './formats/bank-identity.rules.ts';
import type { KnownTwin, Sighting, StagedTwin } from './formats/bank-identity.rules.ts';

/**
 * Pairs the staged entries that nothing recognised with credits that other kinds of message told of, and tells of those of which nobody can
 * say whether they are one with something known: they stay in.
 */
export async function pairAcrossMessages(ctx: TxCtx, fileId: string, source: BankSource): Promise<Finding[]> {
  const staged = await ctx.tx.query<StagedRow[]>(STAGED, [ctx.actor.agency, fileId]);
  if (staged.length === 0) return [];
  const known = new Map<string, KnownTwin[]>();
  const credits = new Map<string, KnownTwin>();
  for (const row of await ctx.tx.query<KnownRow[]>(KNOWN, [ctx.actor.agency])) {
    const name = `${row.key} ${row.creditId}`;
    let credit = credits.get(name);
    if (!credit) {
      credits.set(name, credit = { creditId: row.creditId, fileName: row.fileName, sightings: [] });
      const group = known.get(row.key);
      if (group) group.push(credit);
      else known.set(row.key, [credit]);
    }
    credit.sightings.push({ ...sightingOf(row), line: row.line });
  }
  const entries: StagedTwin[] = [];
  for (const row of staged) {
    const key = { key: row.key, isNumber: row.isNumber };
    const last = entries.at(-1);
    if (last?.position === row.position) last.keys.push(key);
    else entries.push({ position: row.position, line: row.entryLine, sighting: { ...sightingOf(row), source }, keys: [key] });
  }
  const { one, unclear } = pairTwins(entries, known);
  if (one.size > 0) {
    await ctx.tx.query('update staged_entries e set known_id = o.credit_id from unnest($1::int[], $2::text[]) as o (position, credit_id) where o.position = e.position', [[...one.keys()], [...one.values()]]);
  }
  return [...unclear.values()].map(({ line, file, otherLine }) => ({ code: 'bank.maybe_twin', severity: 'warn', line, params: { file, otherLine: otherLine ?? 0 } }));
}

interface ToldRow extends Omit<Sighting, 'statement'> {
  key: string;
  statementId: string | null;
  sequence: string | null;
  page: number | null;
  from: string | null;
  to: string | null;
  opening: string | null;
  closing: string | null;
}
type StagedRow = ToldRow & { position: number; entryLine: number; isNumber: boolean };
type KnownRow = ToldRow & { creditId: string; fileName: string; line: number | null };

function sightingOf(row: ToldRow): Sighting {
  const { source, account, day, servicerRef, statementId, page, from, to } = row;
  const minor = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
  return {
    source, account, day, servicerRef, statement: statementId === null ? null
      : { statementId, sequence: row.sequence === null ? null : Number(row.sequence), page, from, to, opening: minor(row.opening), closing: minor(row.closing) },
  };
}

const STATEMENT = `b.statement_id as "statementId", b.sequence, b.page, b.from_on::text as "from", b.to_on::text as "to", b.opening_minor as opening, b.closing_minor as closing`;

const STAGED = `
select e.position, e.line as "entryLine", encode(s.key, 'hex') as key, s.kind = 'number' as "isNumber", '' as source, e.account, e.told_on::text as day, e.servicer_ref as "servicerRef", ${STATEMENT}
  from taken_keys t join staged_keys s on s.key = t.key and s.kind in ('number', 'said') join staged_entries e on e.position = s.position
  left join bank_statements b on b.agency_id = $1 and b.file_id = $2 and b.statement_number = e.statement_number
 where e.known_id is null order by e.position, s.key`;

/** What is near enough in time, unless another entry of this file is it already. Rows from before sightings were kept in full say what their credit says. */
const KNOWN = `
with days as (select min(told_on) - 14 as first, max(told_on) + 14 as last from staged_entries),
wanted as (select distinct t.key from taken_keys t join staged_keys s on s.key = t.key and s.kind in ('number', 'said') join staged_entries e on e.position = s.position and e.known_id is null)
select encode(w.key, 'hex') as key, c.credit_id as "creditId", f.file_name as "fileName", g.line, coalesce(g.source, c.source) as source, coalesce(g.account, c.account) as account,
       coalesce(g.told_on, c.booked_on, c.value_on)::text as day, coalesce(g.servicer_ref, c.servicer_ref) as "servicerRef", ${STATEMENT}
  from wanted w cross join days d
  join bank_credit_keys k on k.agency_id = $1 and k.key = w.key
  join bank_credits c on c.agency_id = $1 and c.credit_id = k.credit_id
  join received_files f on f.agency_id = $1 and f.file_id = c.file_id
  join bank_credit_sightings g on g.agency_id = $1 and g.credit_id = c.credit_id
  left join bank_statements b on b.agency_id = $1 and b.file_id = g.file_id and b.statement_number = g.statement_number
 where (coalesce(c.booked_on, c.value_on) is null or d.first is null or coalesce(c.booked_on, c.value_on) between d.first and d.last)
   and not exists (select from staged_entries e where e.known_id = c.credit_id)
 order by f.imported_seq, c.position, g.file_id = c.file_id desc, g.file_id, g.position`;
