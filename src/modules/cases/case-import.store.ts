import type { TxCtx } from '../../platform/context.ts';
import { copyRows } from '../../platform/database/index.ts';
import type { Finding } from '../../platform/errors.ts';
import { CASE_TABLES, PART_TABLES, TERMS_COLUMNS, caseRow, partRows, termsRow, versionRow } from './case-rows.ts';
import { addTerms } from './case-search.store.ts';
import { numberTerm } from './search-terms.rules.ts';
import type { CaseTable, CaseToStore, ImportScope, Row } from './case-rows.ts';

export interface StoredCase { caseId: string; version: number; digest: Buffer }
export interface ImportCounts { lines: number; imported: number; unchanged: number; changed: number; rejected: number }

const WAIT_FOR_OTHER_IMPORT_MS = 60 * 60_000;
const STAGED: readonly CaseTable[] = ['support_cases', 'support_case_versions', ...PART_TABLES];

/**
 * Lets one import of an agency run at a time, and makes its staging tables. A second one waits, and then finds the cases
 * of the first unchanged.
 */
export async function beginImport(ctx: TxCtx): Promise<void> {
  await ctx.tx.query("select set_config('lock_timeout', $1, true)", [String(WAIT_FOR_OTHER_IMPORT_MS)]);
  await ctx.tx.query("select pg_advisory_xact_lock(hashtextextended('cases.import ' || $1, 0))", [ctx.actor.agency]);
  // What is copied into must be outside of row-level security; the INSERT … SELECT that follows is inside.
  for (const table of STAGED) await ctx.tx.query(`create temporary table stage_${table} (like ${table}) on commit drop`);
  await ctx.tx.query('create temporary table stage_case_search_terms (agency_id text not null, case_id text not null, county text not null, terms text[] collate "C" not null) on commit drop');
}

/** Whether these very bytes were imported before. */
export async function wasImported(ctx: TxCtx, fileId: string): Promise<boolean> {
  const rows = await ctx.tx.query<unknown[]>('select from case_imports where agency_id = $1 and file_id = $2', [ctx.actor.agency, fileId]);
  return rows.length > 0;
}

/** What is stored of these cases, by case id. */
export async function findStored(ctx: TxCtx, caseIds: readonly string[]): Promise<Map<string, StoredCase>> {
  const rows = await ctx.tx.query<{ case_id: string; version: number; content_digest: Buffer }[]>(
    'select case_id, version, content_digest from support_cases where agency_id = $1 and case_id = any($2)', [ctx.actor.agency, caseIds]);
  return new Map(rows.map((row) => [row.case_id, { caseId: row.case_id, version: row.version, digest: row.content_digest }]));
}

/** The encrypted records of the newest versions of these cases, by case id. */
export async function findBodies(ctx: TxCtx, caseIds: readonly string[]): Promise<Map<string, Buffer>> {
  const rows = await ctx.tx.query<{ case_id: string; body_encrypted: Buffer }[]>(
    `select v.case_id, v.body_encrypted from support_cases c
       join support_case_versions v on v.agency_id = c.agency_id and v.case_id = c.case_id and v.version = c.version
      where c.agency_id = $1 and c.case_id = any($2)`, [ctx.actor.agency, caseIds]);
  return new Map(rows.map((row) => [row.case_id, row.body_encrypted]));
}

/**
 * Stores new cases and new versions. Returns the ids of cases that could not be stored because another county, which this
 * actor does not see, already has them.
 */
export async function storeCases(ctx: TxCtx, cases: readonly CaseToStore[], scope: ImportScope): Promise<Set<string>> {
  if (cases.length === 0) return new Set();
  await stage(ctx, 'support_cases', cases.map((item) => caseRow(item, scope)));
  const hasChanged = cases.some((item) => item.version > 1);
  const written = new Set([...await insertNew(ctx), ...(hasChanged ? await updateChanged(ctx) : [])]);
  const stored = cases.filter((item) => written.has(item.supportCase.caseId));
  const changed = stored.filter((item) => item.version > 1).map((item) => item.supportCase.caseId);
  await removeParts(ctx, changed);
  await stage(ctx, 'support_case_versions', stored.map((item) => versionRow(item, scope)));
  for (const table of PART_TABLES) await stage(ctx, table, stored.flatMap((item) => partRows(table, item, scope)));
  if (stored.length > 0) await copyRows(ctx, `stage_case_search_terms (${TERMS_COLUMNS})`, stored.map((item) => termsRow(item, scope)));
  await removeTerms(ctx, changed);
  await ctx.tx.query(changed.length > 0 ? UNSTAGE_CHANGED : UNSTAGE);
  await findLearnedAgain(ctx, changed);
  return new Set(cases.map((item) => item.supportCase.caseId).filter((caseId) => !written.has(caseId)));
}

async function stage(ctx: TxCtx, table: CaseTable, rows: readonly Row[]): Promise<void> {
  if (rows.length > 0) await copyRows(ctx, `stage_${table} (${CASE_TABLES[table]})`, rows);
}

// One round trip: from the staging tables into place, and the staging tables empty for the next batch. The same partner's
// number may be told twice, or be known already from a match. Of a new case no term is there yet: to look costs as much again as to write it.
const UNSTAGE = unstage('');
const UNSTAGE_CHANGED = unstage(' on conflict do nothing');

function unstage(ifTermsAreThere: string): string {
  return [
    ...STAGED.filter((table) => table !== 'support_cases').map((table) =>
      `insert into ${table} (${CASE_TABLES[table]}) select ${CASE_TABLES[table]} from stage_${table}${table === 'partner_case_numbers' ? ' on conflict do nothing' : ''}`),
    // In the order of their index: a batch then touches each page of it once.
    `insert into case_search_terms (agency_id, term, case_id, county) select agency_id, term, case_id, county from stage_case_search_terms cross join unnest(terms) as t (term) order by term, case_id${ifTermsAreThere}`,
    `truncate ${[...STAGED, 'case_search_terms'].map((table) => `stage_${table}`).join(', ')}`,
  ].join(';\n');
}

async function insertNew(ctx: TxCtx): Promise<string[]> {
  const rows = await ctx.tx.query<{ case_id: string }[]>(
    `insert into support_cases (${CASE_TABLES.support_cases}) select ${CASE_TABLES.support_cases} from stage_support_cases where version = 1
     on conflict do nothing returning case_id`);
  return rows.map((row) => row.case_id);
}

async function updateChanged(ctx: TxCtx): Promise<string[]> {
  const [rows] = await ctx.tx.query<[{ case_id: string }[], number]>(
    `update support_cases c set county = s.county, status = s.status, opened_on = s.opened_on, closed_on = s.closed_on, assistance = s.assistance, version = s.version,
            content_digest = s.content_digest, sort_name = s.sort_name, extract_file_id = s.extract_file_id, updated_at = s.updated_at
       from stage_support_cases s
      where s.version > 1 and c.agency_id = s.agency_id and c.case_id = s.case_id returning c.case_id`);
  return rows.map((row) => row.case_id);
}

async function removeParts(ctx: TxCtx, caseIds: readonly string[]): Promise<void> {
  if (caseIds.length === 0) return;
  for (const table of PART_TABLES) {
    const kept = table === 'partner_case_numbers' ? " and learned_from = 'extract'" : '';
    await ctx.tx.query(`delete from ${table} where agency_id = $1 and case_id = any($2)${kept}`, [ctx.actor.agency, caseIds]);
  }
}

/** By what a new version no longer says the case is found no more. Most terms stay from version to version, and are left as they are. */
async function removeTerms(ctx: TxCtx, caseIds: readonly string[]): Promise<void> {
  if (caseIds.length === 0) return;
  await ctx.tx.query(
    `delete from case_search_terms t where t.agency_id = $1 and t.case_id = any($2)
        and not exists (select from stage_case_search_terms s where s.case_id = t.case_id and s.county = t.county and t.term = any(s.terms))`, [ctx.actor.agency, caseIds]);
}

/** Numbers that were learned from matches stay, and so does that they are found. */
async function findLearnedAgain(ctx: TxCtx, caseIds: readonly string[]): Promise<void> {
  if (caseIds.length === 0) return;
  const learned = await ctx.tx.query<{ case_id: string; county: string; value: string }[]>(
    "select case_id, county, value from partner_case_numbers where agency_id = $1 and case_id = any($2) and learned_from = 'match'", [ctx.actor.agency, caseIds]);
  await addTerms(ctx, learned.map(({ case_id: caseId, county, value }) => ({ caseId, county, terms: [numberTerm(value)] })));
}

/** Remembers what became of a file. Of a file imported again the first account stays. */
export async function recordImport(ctx: TxCtx, fileId: string, counts: ImportCounts, findings: readonly Finding[]): Promise<void> {
  await ctx.tx.query(
    `insert into case_imports (agency_id, file_id, lines, imported, unchanged, changed, rejected, imported_at, imported_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [ctx.actor.agency, fileId, counts.lines, counts.imported, counts.unchanged, counts.changed, counts.rejected, ctx.clock.now(), ctx.actor.id]);
  if (findings.length === 0) return;
  await ctx.tx.query('create temporary table stage_case_import_findings (like case_import_findings) on commit drop');
  const columns = 'agency_id, file_id, position, line_number, path, code, severity, params';
  await copyRows(ctx, `stage_case_import_findings (${columns})`, findings.map((finding, i) => [ctx.actor.agency, fileId, i, finding.line ?? null, finding.path ?? null, finding.code, finding.severity, JSON.stringify(finding.params ?? {})]));
  await ctx.tx.query(`insert into case_import_findings (${columns}) select ${columns} from stage_case_import_findings`);
}
