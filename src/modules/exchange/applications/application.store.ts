import type { Proposal } from '../../referrals/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { selectPage } from '../../../platform/list-page.ts';
import type { Place } from '../../../platform/list-page.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';
import type { AskChannel } from '../inquiries/inquiry.rules.ts';
import type { ApplicationDetails, ApplicationState } from './application.rules.ts';

export interface ApplicationRow {
  readonly applicationId: string;
  readonly partnerId: string;
  readonly county: string;
  readonly state: ApplicationState;
  readonly channel: AskChannel;
  readonly messageId: string | null;
  readonly conversationId: string | null;
  readonly partnerFileNumber: string | null;
  readonly services: readonly string[];
  readonly details: ApplicationDetails;
  readonly sha256: string;
  readonly agreementId: string | null;
  readonly receivedOn: CalendarDate;
  readonly openBy: CalendarDate;
  readonly receivedAt: Date;
  readonly receivedBy: string;
  readonly reason: string | null;
  readonly askedFor: readonly string[];
  /** The county's number of the case, once it is open. */
  readonly caseId: string | null;
}

type Kept = Omit<ApplicationRow, 'details'> & { readonly sealed: Buffer };

const COLUMNS = `application_id as "applicationId", partner_id as "partnerId", county, state, channel, message_id as "messageId", conversation_id as "conversationId", partner_file_number as "partnerFileNumber",
  services, details_encrypted as sealed, sha256, agreement_id as "agreementId", received_on::text as "receivedOn", open_by::text as "openBy", received_at as "receivedAt", received_by as "receivedBy", reason,
  asked_for as "askedFor", case_id as "caseId"`;

const aadOf = (ctx: TxCtx, applicationId: string): string => `partner_applications:${ctx.actor.agency}:${applicationId}`;

function opened(ctx: TxCtx, { sealed, ...row }: Kept): ApplicationRow {
  return { ...row, details: JSON.parse(ctx.keys.decrypt(sealed, aadOf(ctx, row.applicationId)).toString('utf8')) as ApplicationDetails };
}

export function applicantKeyOf(ctx: Pick<TxCtx, 'keys'>, text: string): Buffer {
  return ctx.keys.lookup('application.applicant', text);
}

export type NewApplication = Omit<ApplicationRow, 'state' | 'receivedAt' | 'receivedBy' | 'reason' | 'askedFor' | 'caseId'> & { readonly applicantKey: Buffer };

/** False when the same was filed meanwhile. */
export async function insertApplication(ctx: TxCtx, row: NewApplication): Promise<boolean> {
  const rows = await ctx.tx.query<unknown[]>(
    `insert into partner_applications (agency_id, application_id, partner_id, county, state, channel, message_id, conversation_id, partner_file_number, services, applicant_key, details_encrypted, sha256,
       agreement_id, received_on, open_by, received_at, received_by, changed_at)
     values ($1, $2, $3, $4, 'received', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $16)
     on conflict (agency_id, partner_id, sha256) do nothing returning application_id`,
    [ctx.actor.agency, row.applicationId, row.partnerId, row.county, row.channel, row.messageId, row.conversationId, row.partnerFileNumber, row.services, row.applicantKey,
      ctx.keys.encrypt(JSON.stringify(row.details), aadOf(ctx, row.applicationId)), row.sha256, row.agreementId, row.receivedOn, row.openBy, ctx.clock.now(), ctx.actor.id],
  );
  return rows.length === 1;
}

/** What was supplied takes the place of what was said; the receipt and its clock stay. */
export async function supplyDetails(ctx: TxCtx, applicationId: string, now: Pick<ApplicationRow, 'details' | 'services' | 'partnerFileNumber' | 'sha256'> & { readonly applicantKey: Buffer }): Promise<void> {
  await ctx.tx.query(
    `update partner_applications set state = 'received', asked_for = '{}', details_encrypted = $3, services = $4, partner_file_number = $5, sha256 = $6, applicant_key = $7, changed_at = $8
      where agency_id = $1 and application_id = $2`,
    [ctx.actor.agency, applicationId, ctx.keys.encrypt(JSON.stringify(now.details), aadOf(ctx, applicationId)), now.services, now.partnerFileNumber, now.sha256, now.applicantKey, ctx.clock.now()],
  );
}

export async function updateApplication(ctx: TxCtx, applicationId: string, state: ApplicationState, told: { readonly reason?: string; readonly askedFor?: readonly string[]; readonly caseId?: string } = {}): Promise<void> {
  await ctx.tx.query(
    'update partner_applications set state = $3, reason = $4, asked_for = $5, changed_at = $6, case_id = $7 where agency_id = $1 and application_id = $2',
    [ctx.actor.agency, applicationId, state, told.reason ?? null, told.askedFor ?? [], ctx.clock.now(), told.caseId ?? null],
  );
}

export async function findApplication(ctx: TxCtx, applicationId: string, lock: 'lock' | null = null): Promise<ApplicationRow | null> {
  const [row] = await ctx.tx.query<Kept[]>(`select ${COLUMNS} from partner_applications where agency_id = $1 and application_id = $2 ${lock === null ? '' : 'for update'}`, [ctx.actor.agency, applicationId]);
  return row ? opened(ctx, row) : null;
}

export async function findSameApplication(ctx: TxCtx, partnerId: string, sha256: string): Promise<ApplicationRow | null> {
  const [row] = await ctx.tx.query<Kept[]>(`select ${COLUMNS} from partner_applications where agency_id = $1 and partner_id = $2 and sha256 = $3`, [ctx.actor.agency, partnerId, sha256]);
  return row ? opened(ctx, row) : null;
}

/** How many an office has filed since. One at a time for an office, so that many at once are counted, too. */
export async function countFiledSince(ctx: TxCtx, partnerId: string, since: Date): Promise<number> {
  await ctx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`applications:${ctx.actor.agency}:${partnerId}`]);
  const [row] = await ctx.tx.query<{ n: string }[]>('select count(*) as n from partner_applications where agency_id = $1 and partner_id = $2 and received_at > $3', [ctx.actor.agency, partnerId, since]);
  return Number(row?.n ?? 0);
}

/** Others of the same two parents, wherever they were taken. */
export async function findSameApplicant(ctx: TxCtx, applicantKey: Buffer, besides: string): Promise<string[]> {
  const rows = await ctx.tx.query<{ id: string }[]>(
    `select application_id as id from partner_applications where agency_id = $1 and applicant_key = $2 and application_id <> $3 and state <> 'refused' order by received_at limit 10`, [ctx.actor.agency, applicantKey, besides]);
  return rows.map(({ id }) => id);
}

export const APPLICATION_SORTS = ['due', 'received', 'partner', 'state'] as const;
export type ApplicationSort = (typeof APPLICATION_SORTS)[number];
const ORDER: Readonly<Record<ApplicationSort, string>> = { due: 'open_by', received: 'received_at', partner: 'partner_id', state: 'state' };

export async function selectApplications(ctx: TxCtx, filter: { states: readonly ApplicationState[] | null; partnerId: string | null; order: ListOrder<ApplicationSort> }, place: Place): Promise<{ rows: ApplicationRow[]; total: number }> {
  const { rows, total } = await selectPage<Kept, ApplicationSort>(ctx, {
    columns: COLUMNS, from: 'partner_applications', where: '($2::text[] is null or state = any($2)) and ($3::text is null or partner_id = $3)', values: [ctx.actor.agency, filter.states, filter.partnerId],
    agency: 'agency_id', order: ORDER, id: 'application_id',
  }, filter.order, place);
  return { rows: rows.map((row) => opened(ctx, row)), total };
}

// --- the agency's own side --------------------------------------------------------------------------------------------

export interface ApplicationWork {
  readonly caseId: string | null;
  readonly proposal: Proposal;
  readonly findings: readonly Finding[];
  readonly exportedAt: Date | null;
  readonly decidedBy: string | null;
}

export async function putApplicationWork(ctx: TxCtx, applicationId: string, county: string, work: Pick<ApplicationWork, 'proposal' | 'findings'>): Promise<void> {
  await ctx.tx.query(
    `insert into application_work (agency_id, application_id, county, proposal, findings, changed_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (agency_id, application_id) do update set proposal = excluded.proposal, findings = excluded.findings, changed_at = excluded.changed_at`,
    [ctx.actor.agency, applicationId, county, JSON.stringify(work.proposal), JSON.stringify(work.findings), ctx.clock.now()],
  );
}

export async function decideApplicationWork(ctx: TxCtx, applicationId: string, change: { readonly caseId?: string; readonly isExported?: boolean }): Promise<void> {
  await ctx.tx.query(
    `update application_work set case_id = coalesce($3, case_id), exported_at = case when $4 then $5 else exported_at end, exported_by = case when $4 then $6 else exported_by end,
       decided_at = $5, decided_by = $6, changed_at = $5 where agency_id = $1 and application_id = $2`,
    [ctx.actor.agency, applicationId, change.caseId ?? null, change.isExported ?? false, ctx.clock.now(), ctx.actor.id],
  );
}

export async function findApplicationWork(ctx: TxCtx, applicationId: string): Promise<ApplicationWork | null> {
  const [row] = await ctx.tx.query<ApplicationWork[]>(
    `select case_id as "caseId", proposal, findings, exported_at as "exportedAt", decided_by as "decidedBy" from application_work where agency_id = $1 and application_id = $2`, [ctx.actor.agency, applicationId]);
  return row ?? null;
}

/** Those for which the county is opening a case. */
export async function selectWaitingForCase(ctx: TxCtx, limit: number): Promise<{ applicationId: string; partnerId: string; county: string; partnerFileNumber: string | null }[]> {
  return ctx.tx.query(
    `select application_id as "applicationId", partner_id as "partnerId", county, partner_file_number as "partnerFileNumber" from partner_applications
      where agency_id = $1 and state = 'accepted' order by application_id limit $2`, [ctx.actor.agency, limit]);
}

// --- papers -----------------------------------------------------------------------------------------------------------

export interface PaperRow {
  readonly position: number;
  readonly kind: string;
  readonly fileId: string;
  readonly sha256: string;
  readonly mediaType: string;
  readonly pages: number;
  readonly byteCount: number;
  readonly name: string;
  readonly addedAt: Date;
}

const paperAad = (ctx: TxCtx, applicationId: string, sha256: string): string => `application_papers:${ctx.actor.agency}:${applicationId}:${sha256}`;

export async function insertPaper(ctx: TxCtx, application: Pick<ApplicationRow, 'applicationId' | 'partnerId' | 'county'>, paper: Omit<PaperRow, 'position' | 'addedAt'>): Promise<boolean> {
  const rows = await ctx.tx.query<unknown[]>(
    `insert into application_papers (agency_id, application_id, position, partner_id, county, kind, file_id, sha256, media_type, pages, byte_count, name_encrypted, added_at, added_by)
     select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 from application_papers where agency_id = $1 and application_id = $2
     on conflict (agency_id, application_id, sha256) do nothing returning position`,
    [ctx.actor.agency, application.applicationId, application.partnerId, application.county, paper.kind, paper.fileId, paper.sha256, paper.mediaType, paper.pages, paper.byteCount,
      ctx.keys.encrypt(paper.name, paperAad(ctx, application.applicationId, paper.sha256)), ctx.clock.now(), ctx.actor.id],
  );
  return rows.length === 1;
}

export async function selectPapers(ctx: TxCtx, applicationId: string): Promise<PaperRow[]> {
  const rows = await ctx.tx.query<(Omit<PaperRow, 'name' | 'byteCount'> & { sealed: Buffer; byteCount: string })[]>(
    `select position, kind, file_id as "fileId", sha256, media_type as "mediaType", pages, byte_count as "byteCount", name_encrypted as sealed, added_at as "addedAt"
       from application_papers where agency_id = $1 and application_id = $2 order by position`, [ctx.actor.agency, applicationId]);
  return rows.map(({ sealed, byteCount, ...row }) => ({ ...row, byteCount: Number(byteCount), name: ctx.keys.decrypt(sealed, paperAad(ctx, applicationId, row.sha256)).toString('utf8') }));
}
