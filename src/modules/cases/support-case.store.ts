import type { TxCtx } from '../../platform/context.ts';
import { identifierAad, openBody } from './case-body.ts';
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

export async function readVersions(ctx: TxCtx, caseId: string): Promise<CaseVersion[]> {
  const rows = await ctx.tx.query<{ version: number; changes: string[]; extract_file_id: string; line_number: number; recorded_at: Date }[]>(
    'select version, changes, extract_file_id, line_number, recorded_at from support_case_versions where agency_id = $1 and case_id = $2 order by version desc limit 200',
    [ctx.actor.agency, caseId]);
  return rows.map((row) => ({ version: row.version, changes: row.changes, fileId: row.extract_file_id, line: row.line_number, recordedAt: row.recorded_at }));
}

/** How a list of cases is narrowed: at most one of the searches is set. */
export interface CaseFilter {
  caseId?: string; lookups?: readonly Buffer[]; nameKeys?: readonly string[]; words?: readonly string[]; partnerNumber?: string;
  status?: 'open' | 'closed'; county?: string;
}

// A list shows so many at most, however many match: further pages follow by case id.
export async function readCaseIds(ctx: TxCtx, filter: CaseFilter, after: string | null, limit: number): Promise<string[]> {
  const values: unknown[] = [ctx.actor.agency];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const conditions = ['c.agency_id = $1'];
  if (after !== null) conditions.push(`c.case_id > ${bind(after)}`);
  if (filter.status) conditions.push(`c.status = ${bind(filter.status)}`);
  if (filter.county) conditions.push(`c.county = ${bind(filter.county)}`);
  // Each way of searching has its own index; joined by UNION rather than OR, so that each uses it.
  const searches: string[] = [];
  if (filter.caseId) searches.push(`select ${bind(filter.caseId)}::text`);
  if (filter.lookups?.length) searches.push(`select i.case_id from case_identifiers i where i.agency_id = $1 and i.lookup = any(${bind(filter.lookups)})`);
  if (filter.partnerNumber) searches.push(`select n.case_id from partner_case_numbers n where n.agency_id = $1 and n.value = ${bind(filter.partnerNumber)}`);
  if (filter.nameKeys?.length) searches.push(`select k.case_id from case_name_keys k where k.agency_id = $1 and k.name_key = any(${bind(filter.nameKeys)})`);
  if (filter.words?.length) searches.push(`select w.case_id from support_cases w where w.agency_id = $1 and w.search_words @> ${bind(filter.words)}`);
  if (searches.length > 0) conditions.push(`c.case_id in (${searches.join(' union ')})`);
  const rows = await ctx.tx.query<{ case_id: string }[]>(`select c.case_id from support_cases c where ${conditions.join(' and ')} order by c.case_id limit ${bind(limit)}`, values);
  return rows.map((row) => row.case_id);
}

interface ListRow {
  case_id: string; county: string; status: 'open' | 'closed'; assistance: Assistance; opened_on: string; closed_on: string | null; version: number; updated_at: Date;
  participants: CaseListItem['participants'];
}

export async function readListItems(ctx: TxCtx, caseIds: readonly string[]): Promise<CaseListItem[]> {
  const rows = await ctx.tx.query<ListRow[]>(
    `select c.case_id, c.county, c.status, c.assistance, c.opened_on::text, c.closed_on::text, c.version, c.updated_at,
            (select jsonb_agg(jsonb_build_object('participantId', p.participant_id, 'role', p.role, 'name', concat_ws(' ', p.given, p.family, p.second_family),
                    'native', p.native, 'isProtected', p.is_protected) order by p.participant_id)
               from case_participants p where p.agency_id = c.agency_id and p.case_id = c.case_id) as participants
       from support_cases c where c.agency_id = $1 and c.case_id = any($2) order by c.case_id`, [ctx.actor.agency, caseIds]);
  return rows.map((row) => ({
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
  return rows.length > 0;
}

/** Cases of which no figures were worked out yet, with their encrypted records. */
export async function findWithoutFigures(ctx: TxCtx, limit: number): Promise<{ caseId: string; version: number; body: Buffer }[]> {
  return ctx.tx.query<{ caseId: string; version: number; body: Buffer }[]>(
    `select c.case_id as "caseId", c.version, v.body_encrypted as body from support_cases c
       join support_case_versions v on v.agency_id = c.agency_id and v.case_id = c.case_id and v.version = c.version
      where c.agency_id = $1 and not exists (select from case_standing s where s.agency_id = c.agency_id and s.case_id = c.case_id)
      order by c.case_id limit $2`, [ctx.actor.agency, limit]);
}

export async function insertFigures(ctx: TxCtx, rows: readonly Row[]): Promise<void> {
  for (const row of rows) {
    await ctx.tx.query(
      `insert into case_standing (${CASE_TABLES.case_standing}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`, [...row]);
  }
}
