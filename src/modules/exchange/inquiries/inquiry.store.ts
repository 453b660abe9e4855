import type { TxCtx } from '../../../platform/context.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { selectPage } from '../../../platform/list-page.ts';
import type { Place } from '../../../platform/list-page.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { ONE_PERSON_DAYS } from './inquiry.rules.ts';
import type { AskChannel, AskedSoFar, ConsentForm, InquiryDetails, InquiryState, Question } from './inquiry.rules.ts';

export interface InquiryRow {
  readonly inquiryId: string;
  readonly partnerId: string;
  readonly county: string | null;
  readonly state: InquiryState;
  readonly channel: AskChannel;
  readonly messageId: string | null;
  readonly conversationId: string | null;
  readonly consentId: string;
  readonly questions: readonly Question[];
  readonly details: InquiryDetails;
  readonly receivedOn: CalendarDate;
  readonly answerBy: CalendarDate;
  readonly askedAt: Date;
  readonly askedBy: string;
  readonly answeredAt: Date | null;
  readonly reason: string | null;
}

export type NewInquiry = Omit<InquiryRow, 'state' | 'askedAt' | 'askedBy' | 'answeredAt' | 'reason'> & { readonly personKey: Buffer; readonly attemptKey: Buffer };

type QueriedRow = Omit<InquiryRow, 'details'> & { readonly sealed: Buffer };

const COLUMNS = `i.inquiry_id as "inquiryId", i.partner_id as "partnerId", i.county, i.state, i.channel, i.message_id as "messageId", i.conversation_id as "conversationId",
  i.consent_id as "consentId", i.questions, i.details_encrypted as sealed, i.received_on::text as "receivedOn", i.answer_by::text as "answerBy", i.asked_at as "askedAt", i.asked_by as "askedBy",
  i.answered_at as "answeredAt", i.reason`;

const aadOf = (ctx: TxCtx, inquiryId: string): string => `inquiries:${ctx.actor.agency}:${inquiryId}`;

function opened(ctx: TxCtx, { sealed, ...row }: QueriedRow): InquiryRow {
  return { ...row, details: JSON.parse(ctx.keys.decrypt(sealed, aadOf(ctx, row.inquiryId)).toString('utf8')) as InquiryDetails };
}

/** Under which the same person is found again, without being readable. */
export function personKeyOf(ctx: Pick<TxCtx, 'keys'>, text: string): Buffer {
  return ctx.keys.lookup('inquiry.person', text);
}

/** Under which the same try is found again: person, numbers and role. */
export function attemptKeyOf(ctx: Pick<TxCtx, 'keys'>, text: string): Buffer {
  return ctx.keys.lookup('inquiry.attempt', text);
}

export async function insertInquiry(ctx: TxCtx, row: NewInquiry): Promise<void> {
  await ctx.tx.query(
    `insert into inquiries (agency_id, inquiry_id, partner_id, county, state, channel, message_id, conversation_id, consent_id, questions, person_key, details_encrypted, received_on, answer_by, asked_at, asked_by, attempt_key)
     values ($1, $2, $3, $4, 'asked', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [ctx.actor.agency, row.inquiryId, row.partnerId, row.county, row.channel, row.messageId, row.conversationId, row.consentId, row.questions, row.personKey,
      ctx.keys.encrypt(JSON.stringify(row.details), aadOf(ctx, row.inquiryId)), row.receivedOn, row.answerBy, ctx.clock.now(), ctx.actor.id, row.attemptKey],
  );
}

export async function findInquiry(ctx: TxCtx, inquiryId: string, lock: 'lock' | null = null): Promise<InquiryRow | null> {
  const rows = await ctx.tx.query<QueriedRow[]>(
    `select ${COLUMNS} from inquiries i where i.agency_id = $1 and i.inquiry_id = $2 ${lock === null ? '' : 'for update'}`, [ctx.actor.agency, inquiryId]);
  return rows[0] ? opened(ctx, rows[0]) : null;
}

export async function findInquiryOfMessage(ctx: TxCtx, partnerId: string, messageId: string): Promise<InquiryRow | null> {
  const rows = await ctx.tx.query<QueriedRow[]>(
    `select ${COLUMNS} from inquiries i where i.agency_id = $1 and i.partner_id = $2 and i.message_id = $3`, [ctx.actor.agency, partnerId, messageId]);
  return rows[0] ? opened(ctx, rows[0]) : null;
}

export interface InquiryFilter {
  readonly states: readonly InquiryState[] | null;
  readonly partnerId: string | null;
  readonly order: ListOrder<InquirySort>;
}

export const INQUIRY_SORTS = ['due', 'asked', 'partner', 'state'] as const;
export type InquirySort = (typeof INQUIRY_SORTS)[number];
const ORDER: Readonly<Record<InquirySort, string>> = { due: 'i.answer_by', asked: 'i.asked_at', partner: 'i.partner_id', state: 'i.state' };

/** The same question, asked by the same moments ago: a button that was pressed twice. */
export async function findSameAsked(ctx: TxCtx, partnerId: string, personKey: Buffer, since: Date): Promise<InquiryRow[]> {
  const rows = await ctx.tx.query<QueriedRow[]>(
    `select ${COLUMNS} from inquiries i where i.agency_id = $1 and i.partner_id = $2 and i.person_key = $3 and i.asked_by = $4 and i.asked_at > $5 and i.message_id is null order by i.asked_at desc limit 5`,
    [ctx.actor.agency, partnerId, personKey, ctx.actor.id, since]);
  return rows.map((row) => opened(ctx, row));
}

/** A page of questions: what waits first by the day on which it is due, or the newest first. */
export async function selectInquiries(ctx: TxCtx, { states, partnerId, order }: InquiryFilter, place: Place): Promise<{ rows: InquiryRow[]; total: number }> {
  const { rows, total } = await selectPage<QueriedRow, InquirySort>(ctx, {
    columns: COLUMNS, from: 'inquiries i', where: '($2::text[] is null or i.state = any($2)) and ($3::text is null or i.partner_id = $3)', values: [ctx.actor.agency, states, partnerId],
    agency: 'i.agency_id', order: ORDER, id: 'i.inquiry_id',
  }, order, place);
  return { rows: rows.map((row) => opened(ctx, row)), total };
}

export async function updateInquiryState(ctx: TxCtx, inquiryId: string, state: InquiryState, reason: string | null = null): Promise<void> {
  const isOver = state === 'answered' || state === 'declined';
  await ctx.tx.query('update inquiries set state = $3, answered_at = $4, reason = $5 where agency_id = $1 and inquiry_id = $2', [ctx.actor.agency, inquiryId, state, isOver ? ctx.clock.now() : null, reason]);
}

/** One at a time for a partner: what many ask at once is counted, too, and a consent is not withdrawn while somebody asks by it. */
export async function lockAsking(ctx: TxCtx, partnerId: string): Promise<void> {
  await ctx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`inquiries:${ctx.actor.agency}:${partnerId}`]);
}

const [HOUR_MS, DAY_MS] = [3_600_000, 24 * 3_600_000];

/**
 * How much was asked lately, and how many different tries were in vain, for whatever reason: else who is stopped, and when, would tell which of them
 * there are. What nobody has looked at yet stands beside. After `lockAsking`.
 */
export async function selectAskedSoFar(ctx: TxCtx, { partnerId, askedBy, personKey }: { partnerId: string; askedBy: readonly string[]; personKey: Buffer }): Promise<AskedSoFar> {
  const now = ctx.clock.now().getTime();
  const [row] = await ctx.tx.query<Record<keyof AskedSoFar, number>[]>(
    `with tries as (
       select coalesce(i.attempt_key, i.person_key) as try, i.asked_by = any($3) as mine, i.asked_at > $4 as "isOfHour", i.asked_at > $5 as "isOfDay", i.person_key = $7 as "isOfPerson",
              i.state = 'asked' as "isOpen", i.state in ('with_person', 'declined') as "isVain"
         from inquiries i where i.agency_id = $1 and i.partner_id = $2 and (i.asked_at > $5 or (i.person_key = $7 and i.asked_at > $6)))
     select count(*) filter (where mine and "isOfHour")::int as "byAskerInHour", count(*) filter (where "isOfDay")::int as "byPartnerInDay",
            count(distinct try) filter (where mine and "isOfDay" and "isVain")::int as "inVainByAsker",
            count(distinct try) filter (where mine and "isOfDay" and ("isOpen" or "isVain"))::int as "openByAsker",
            count(distinct try) filter (where "isOfDay" and "isVain")::int as "inVainByPartner",
            count(distinct try) filter (where "isOfDay" and ("isOpen" or "isVain"))::int as "openByPartner",
            count(distinct try) filter (where "isOfPerson" and "isVain")::int as "inVainOfPerson",
            count(distinct try) filter (where "isOfPerson" and ("isOpen" or "isVain"))::int as "openOfPerson"
       from tries`,
    [ctx.actor.agency, partnerId, askedBy, new Date(now - HOUR_MS), new Date(now - DAY_MS), new Date(now - ONE_PERSON_DAYS * DAY_MS), personKey],
  );
  if (!row) throw new Error('fault: a count without a row');
  return row;
}

// --- consents ---------------------------------------------------------------------------------------------------------

export interface ConsentRow {
  readonly consentId: string;
  readonly partnerId: string;
  readonly county: string | null;
  readonly questions: readonly Question[];
  readonly givenOn: CalendarDate;
  readonly expiresOn: CalendarDate;
  readonly form: ConsentForm;
  readonly language: string;
  readonly textVersion: string;
  readonly fileId: string | null;
  readonly givenBy: string;
  readonly recordedAt: Date;
  readonly recordedBy: string;
  readonly withdrawnOn: CalendarDate | null;
}

export type NewConsent = Omit<ConsentRow, 'recordedAt' | 'recordedBy' | 'withdrawnOn'> & { readonly personKey: Buffer };

const consentAad = (ctx: TxCtx, consentId: string): string => `inquiry_consents:${ctx.actor.agency}:${consentId}`;

export async function insertConsent(ctx: TxCtx, row: NewConsent): Promise<void> {
  await ctx.tx.query(
    `insert into inquiry_consents (agency_id, consent_id, partner_id, county, person_key, questions, given_on, expires_on, form, language, text_version, file_id, details_encrypted, recorded_at, recorded_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [ctx.actor.agency, row.consentId, row.partnerId, row.county, row.personKey, row.questions, row.givenOn, row.expiresOn, row.form, row.language, row.textVersion, row.fileId,
      ctx.keys.encrypt(JSON.stringify({ givenBy: row.givenBy }), consentAad(ctx, row.consentId)), ctx.clock.now(), ctx.actor.id],
  );
}

export async function findConsent(ctx: TxCtx, consentId: string, personKey: Buffer | null = null): Promise<ConsentRow | null> {
  const [row] = await ctx.tx.query<(Omit<ConsentRow, 'givenBy'> & { sealed: Buffer })[]>(
    `select consent_id as "consentId", partner_id as "partnerId", county, questions, given_on::text as "givenOn", expires_on::text as "expiresOn", form, language, text_version as "textVersion",
            file_id as "fileId", details_encrypted as sealed, recorded_at as "recordedAt", recorded_by as "recordedBy", withdrawn_on::text as "withdrawnOn"
       from inquiry_consents where agency_id = $1 and consent_id = $2 and ($3::bytea is null or person_key = $3)`, [ctx.actor.agency, consentId, personKey]);
  if (!row) return null;
  const { sealed, ...rest } = row;
  return { ...rest, ...JSON.parse(ctx.keys.decrypt(sealed, consentAad(ctx, consentId)).toString('utf8')) as { givenBy: string } };
}

/** Whether it had no scan before. */
export async function addConsentFile(ctx: TxCtx, consentId: string, fileId: string): Promise<boolean> {
  const [, count] = await ctx.tx.query<[unknown[], number]>(
    'update inquiry_consents set file_id = $3 where agency_id = $1 and consent_id = $2 and file_id is null', [ctx.actor.agency, consentId, fileId]);
  return count === 1;
}

/** Whether it was not withdrawn before. */
export async function withdrawConsentRow(ctx: TxCtx, consentId: string, on: CalendarDate): Promise<boolean> {
  // TypeORM returns [rows, count] for an UPDATE.
  const [, count] = await ctx.tx.query<[unknown[], number]>(
    'update inquiry_consents set withdrawn_on = $3, withdrawn_by = $4 where agency_id = $1 and consent_id = $2 and withdrawn_on is null', [ctx.actor.agency, consentId, on, ctx.actor.id]);
  return count === 1;
}

/** The last day on which this person took a consent back at this office. */
export async function lastWithdrawal(ctx: TxCtx, partnerId: string, personKey: Buffer): Promise<CalendarDate | null> {
  const [row] = await ctx.tx.query<{ on: CalendarDate | null }[]>(
    'select max(withdrawn_on)::text as "on" from inquiry_consents where agency_id = $1 and partner_id = $2 and person_key = $3', [ctx.actor.agency, partnerId, personKey]);
  return row?.on ?? null;
}

/** Questions about a case whose consent was taken back at this office on that day or later. */
export async function withdrawnOfCase(ctx: TxCtx, partnerId: string, caseId: string, from: CalendarDate): Promise<InquiryRow[]> {
  const rows = await ctx.tx.query<QueriedRow[]>(
    `select ${COLUMNS} from inquiries i join inquiry_work w on w.agency_id = i.agency_id and w.inquiry_id = i.inquiry_id
       join inquiry_consents c on c.agency_id = i.agency_id and c.consent_id = i.consent_id
      where i.agency_id = $1 and i.partner_id = $2 and w.case_id = $3 and c.withdrawn_on >= $4 order by i.asked_at desc limit 100`, [ctx.actor.agency, partnerId, caseId, from]);
  return rows.map((row) => opened(ctx, row));
}

export async function openInquiriesOfConsent(ctx: TxCtx, consentId: string): Promise<string[]> {
  const rows = await ctx.tx.query<{ id: string }[]>(
    `select inquiry_id as id from inquiries where agency_id = $1 and consent_id = $2 and state in ('asked', 'with_person') order by inquiry_id`, [ctx.actor.agency, consentId]);
  return rows.map(({ id }) => id);
}
