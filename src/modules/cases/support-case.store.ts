import type { TxCtx } from '../../platform/context.ts';
import { identifierAad, openBody } from './case-body.ts';
import { numberTerm } from './search-terms.rules.ts';
import type { Assistance, PartnerCaseNumber, Role, SupportCase } from './support-case.rules.ts';
import { CASE_TABLES } from './case-rows.ts';
import type { Row } from './case-rows.ts';

/** One row of a list of cases: who it is about, and nothing that identifies or locates anyone further. */
export interface CaseListItem {
  caseId: string; county: string; status: 'open' | 'closed'; assistance: Assistance; openedOn: string; closedOn: string | null; version: number; updatedAt: Date;
  participants: { participantId: string; role: Role; name: string; native: string | null; isProtected: boolean }[];
}
export interface CaseVersion { version: number; changes: string[]; fileId: string; line: number; recordedAt: Date }

/** The newest record of a case, decrypted, or null where this actor sees none. */
export async function readBody(ctx: TxCtx, caseId: string): Promise<SupportCase | null> {
  const [row] = await ctx.tx.query<{ version: number; body_encrypted: Buffer }[]>(
    `select v.version, v.body_encrypted from support_cases c
       join support_case_versions v on v.agency_id = c.agency_id and v.case_id = c.case_id and v.version = c.version
      where c.agency_id = $1 and c.case_id = $2`, [ctx.actor.agency, caseId]);
  return row ? openBody(ctx.keys, ctx.actor.agency, caseId, row.version, row.body_encrypted) : null;
}

/** The same of several cases, by id. */
export async function readBodies(ctx: TxCtx, caseIds: readonly string[]): Promise<Map<string, SupportCase>> {
  const rows = await ctx.tx.query<{ case_id: string; version: number; body_encrypted: Buffer }[]>(
    `select c.case_id, v.version, v.body_encrypted from unnest($2::text[]) as w (case_id)
       join support_cases c on c.agency_id = $1 and c.case_id = w.case_id
       join support_case_versions v on v.agency_id = c.agency_id and v.case_id = c.case_id and v.version = c.version`, [ctx.actor.agency, caseIds]);
  return new Map(rows.map((row) => [row.case_id, openBody(ctx.keys, ctx.actor.agency, row.case_id, row.version, row.body_encrypted)]));
}

export async function readVersions(ctx: TxCtx, caseId: string): Promise<CaseVersion[]> {
  const rows = await ctx.tx.query<{ version: number; changes: string[]; extract_file_id: string; line_number: number; recorded_at: Date }[]>(
    'select version, changes, extract_file_id, line_number, recorded_at from support_case_versions where agency_id = $1 and case_id = $2 order by version desc limit 200',
    [ctx.actor.agency, caseId]);
  return rows.map((row) => ({ version: row.version, changes: row.changes, fileId: row.extract_file_id, line: row.line_number, recordedAt: row.recorded_at }));
}

interface ListRow {
  case_id: string; county: string; status: 'open' | 'closed'; assistance: Assistance; opened_on: string; closed_on: string | null; version: number; updated_at: Date;
  participants: CaseListItem['participants'];
}

/** In the order of the ids. */
export async function readListItems(ctx: TxCtx, caseIds: readonly string[]): Promise<CaseListItem[]> {
  const rows = await ctx.tx.query<ListRow[]>(
    `select c.case_id, c.county, c.status, c.assistance, c.opened_on::text, c.closed_on::text, c.version, c.updated_at,
            (select jsonb_agg(jsonb_build_object('participantId', p.participant_id, 'role', p.role, 'name', concat_ws(' ', p.given, p.family, p.second_family),
                    'native', p.native, 'isProtected', p.is_protected) order by p.participant_id)
               from case_participants p where p.agency_id = c.agency_id and p.case_id = c.case_id) as participants
       from support_cases c where c.agency_id = $1 and c.case_id = any($2)`, [ctx.actor.agency, caseIds]);
  const found = new Map(rows.map((row) => [row.case_id, row]));
  return caseIds.flatMap((caseId) => found.get(caseId) ?? []).map((row) => ({
    caseId: row.case_id, county: row.county, status: row.status, assistance: row.assistance, openedOn: row.opened_on, closedOn: row.closed_on, version: row.version,
    updatedAt: row.updated_at, participants: row.participants ?? [],
  }));
}

/** The identifiers of one case as stored, decrypted: for checking that the copies in the table and in the record agree. */
export async function readIdentifiers(ctx: TxCtx, caseId: string): Promise<{ participantId: string; position: number; type: string; value: string }[]> {
  const rows = await ctx.tx.query<{ participant_id: string; position: number; type: string; value_encrypted: Buffer }[]>(
    'select participant_id, position, type, value_encrypted from case_identifiers where agency_id = $1 and case_id = $2 order by participant_id, position', [ctx.actor.agency, caseId]);
  return rows.map((row) => ({
    participantId: row.participant_id, position: row.position, type: row.type,
    value: ctx.keys.decrypt(row.value_encrypted, identifierAad(ctx.actor.agency, caseId, row.participant_id, row.position)).toString('utf8'),
  }));
}

/** The numbers under which a partner keeps a case, whether the extract or the partner told them. */
export async function readPartnerNumbers(ctx: TxCtx, caseId: string, partnerId: string): Promise<string[]> {
  const rows = await ctx.tx.query<{ value: string }[]>('select distinct value from partner_case_numbers where agency_id = $1 and case_id = $2 and partner_id = $3 order by value', [ctx.actor.agency, caseId, partnerId]);
  return rows.map(({ value }) => value);
}

/** Numbers of partners that were learned from matches. */
export async function readLearnedNumbers(ctx: TxCtx, caseId: string): Promise<PartnerCaseNumber[]> {
  const rows = await ctx.tx.query<{ partner_id: string; value: string }[]>(
    "select partner_id, value from partner_case_numbers where agency_id = $1 and case_id = $2 and learned_from = 'match' order by partner_id, value", [ctx.actor.agency, caseId]);
  return rows.map((row) => ({ partner: row.partner_id, value: row.value }));
}

/** Adds a partner's own file number to a case, once. */
export async function addPartnerNumber(ctx: TxCtx, caseId: string, partnerId: string, value: string): Promise<boolean> {
  const rows = await ctx.tx.query<unknown[]>(
    `insert into partner_case_numbers (agency_id, partner_id, value, case_id, county, learned_from)
     select c.agency_id, $3, $4, c.case_id, c.county, 'match' from support_cases c where c.agency_id = $1 and c.case_id = $2
     on conflict do nothing returning 1`, [ctx.actor.agency, caseId, partnerId, value]);
  if (rows.length === 0) return false;
  await ctx.tx.query(
    'insert into case_search_terms (agency_id, term, case_id, county) select c.agency_id, $3, c.case_id, c.county from support_cases c where c.agency_id = $1 and c.case_id = $2 on conflict do nothing',
    [ctx.actor.agency, caseId, numberTerm(value)]);
  return true;
}

/** Cases of which no figures were worked out yet, with their encrypted records. Locked as those without terms are. */
export async function findWithoutFigures(ctx: TxCtx, after: string, limit: number): Promise<{ caseId: string; version: number; body: Buffer }[]> {
  return ctx.tx.query<{ caseId: string; version: number; body: Buffer }[]>(
    `select c.case_id as "caseId", c.version, v.body_encrypted as body from support_cases c
       join support_case_versions v on v.agency_id = c.agency_id and v.case_id = c.case_id and v.version = c.version
      where c.agency_id = $1 and c.case_id > $2 and not exists (select from case_standing s where s.agency_id = c.agency_id and s.case_id = c.case_id)
      order by c.case_id limit $3 for update of c skip locked`, [ctx.actor.agency, after, limit]);
}

export async function insertFigures(ctx: TxCtx, rows: readonly Row[]): Promise<void> {
  for (const row of rows) {
    await ctx.tx.query(
      `insert into case_standing (${CASE_TABLES.case_standing}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`, [...row]);
  }
}
