import type { TxCtx } from '../../platform/context.ts';
import type { Retained } from './retained-protection.rules.ts';

/** Where a protection was lost: the version of the case, and the extract's line. */
export interface LostAt { caseId: string; county: string; version: number; fileId: string; line: number; at: Date }

const aad = (agencyId: string, caseId: string, participantId: string, version: number, kind: string): string => `case_retained_protections:${agencyId}:${caseId}:${participantId}:${version}:${kind}`;

/** The protections of these cases that are retained and whose end nobody has confirmed, by case id. */
export async function readRetained(ctx: TxCtx, caseIds: readonly string[]): Promise<Map<string, Retained[]>> {
  const byCase = new Map<string, Retained[]>();
  if (caseIds.length === 0) return byCase;
  const rows = await ctx.tx.query<{ case_id: string; participant_id: string; version: number; kind: Retained['kind']; body_encrypted: Buffer }[]>(
    `select case_id, participant_id, version, kind, body_encrypted from case_retained_protections
      where agency_id = $1 and case_id = any($2) and end_confirmed_at is null order by case_id, participant_id, version, kind`, [ctx.actor.agency, caseIds]);
  for (const row of rows) {
    const body = ctx.keys.decrypt(row.body_encrypted, aad(ctx.actor.agency, row.case_id, row.participant_id, row.version, row.kind));
    const one = JSON.parse(body.toString('utf8')) as Retained;
    byCase.set(row.case_id, [...(byCase.get(row.case_id) ?? []), one]);
  }
  return byCase;
}

export async function addRetained(ctx: TxCtx, lost: readonly { at: LostAt; retained: readonly Retained[] }[]): Promise<void> {
  const rows = lost.flatMap(({ at, retained }) => retained.map((one) => ({
    case_id: at.caseId, participant_id: one.participantId, version: at.version, kind: one.kind, county: at.county, file_id: at.fileId, line: at.line, at: at.at.toISOString(),
    body: ctx.keys.encrypt(JSON.stringify(one), aad(ctx.actor.agency, at.caseId, one.participantId, at.version, one.kind)).toString('hex'),
  })));
  if (rows.length === 0) return;
  await ctx.tx.query(
    `insert into case_retained_protections (agency_id, case_id, participant_id, version, kind, county, body_encrypted, extract_file_id, line_number, retained_at)
     select $1, r.case_id, r.participant_id, r.version, r.kind, r.county, decode(r.body, 'hex'), r.file_id, r.line, r.at
       from jsonb_to_recordset($2::jsonb) as r (case_id text, participant_id text, version int, kind text, county text, body text, file_id text, line int, at timestamptz)`,
    [ctx.actor.agency, JSON.stringify(rows)]);
}

/** A retained protection belongs to the county that has the case now. */
export async function moveRetained(ctx: TxCtx, caseIds: readonly string[]): Promise<void> {
  if (caseIds.length === 0) return;
  await ctx.tx.query(
    `update case_retained_protections r set county = c.county from support_cases c
      where r.agency_id = $1 and r.case_id = any($2) and c.agency_id = r.agency_id and c.case_id = r.case_id and c.county <> r.county`, [ctx.actor.agency, caseIds]);
}

/** Writes down that a person confirmed the end of what is retained for a participant. Returns how many that were. */
export async function endRetained(ctx: TxCtx, caseId: string, participantId: string, reason: string): Promise<number> {
  const sealed = ctx.keys.encrypt(reason, aad(ctx.actor.agency, caseId, participantId, 0, 'end_reason'));
  const [rows] = await ctx.tx.query<[unknown[], number]>(
    `update case_retained_protections set end_confirmed_at = $4, end_confirmed_by = $5, end_reason_encrypted = $6
      where agency_id = $1 and case_id = $2 and participant_id = $3 and end_confirmed_at is null returning 1`,
    [ctx.actor.agency, caseId, participantId, ctx.clock.now(), ctx.actor.id, sealed]);
  return rows.length;
}

export async function markProtected(ctx: TxCtx, caseId: string, sealed: readonly string[]): Promise<void> {
  await ctx.tx.query(
    'update case_participants set is_protected = (participant_id = any($3)) where agency_id = $1 and case_id = $2 and is_protected <> (participant_id = any($3))',
    [ctx.actor.agency, caseId, sealed]);
}
