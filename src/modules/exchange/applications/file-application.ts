import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { recordAudit } from '../../audit/index.ts';
import { getPartner, requireAgreement } from '../../partners/index.ts';
import { ATTACHMENT_BYTES_MAX, dueDate, inspectFile, missingForCase, officeDay, proposeCase, putQueueItem } from '../../referrals/index.ts';
import type { Proposed } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { keepFile, readKeptFile } from '../../../platform/files.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { asWriter, partnerOf } from '../inquiries/scope-of-partner.ts';
import { applicantText, APPLICATION_ITEM, applicationFindings, APPLICATIONS_A_DAY_MAX, checkedApplication, contentText, factsOfApplication, OPEN_APPLICATION_STATES, PAPER_KINDS, PAPERS_MAX, possibleDuplicates } from './application.rules.ts';
import type { ApplicationRequest, CheckedApplication } from './application.rules.ts';
import { applicantKeyOf, countFiledSince, findApplication, findSameApplicant, findSameApplication, insertApplication, insertPaper, putApplicationWork, selectPapers, supplyDetails } from './application.store.ts';
import type { ApplicationRow } from './application.store.ts';
import { endDraft } from './draft-application.ts';

const OPEN_CLOCK = 'case.open';
const DAY_MS = 24 * 60 * 60_000;
/** On what basis an application may be taken elsewhere for us: never an informal one. */
const BASES: readonly string[] = ['mou', 'state_arrangement', 'treaty'];

export interface FiledApplication {
  readonly applicationId: string;
  readonly receivedOn: CalendarDate;
  /** Until when the case is to be opened: 45 CFR 303.2(b). */
  readonly openBy: CalendarDate;
  /** The same was filed before: this is the receipt of then. */
  readonly alreadyFiled: boolean;
}

/**
 * An application that a partner took at its counter, under an agreement that says so: kept, with its clock, and a proposal of a case for the county. The partner
 * is told that it came, whether there is such a case or not.
 *
 * @throws AppError `application.consent_needed`, `application.invalid` (a finding for each field), `application.county_not_served`, `application.informal_basis`,
 *   `agreement.none_allows`, `application.not_found`, `application.not_asked`, `inquiry.not_your_office`,
 *   `application.draft_changed`, `access.forbidden`.
 */
export async function fileApplication(ctx: Ctx, request: ApplicationRequest): Promise<FiledApplication> {
  authorise(ctx, 'applications.file');
  const partnerId = partnerOf(ctx, request.partnerId);
  const today = officeDay(ctx);
  const checked = checkedApplication(request, today);
  if (!getPartner(partnerId).counties.value.includes(request.county)) throw new AppError('invalid', 'application.county_not_served', { params: { county: request.county.slice(0, 10) } });
  const writer = asWriter(ctx);
  const { agreements } = await requireAgreement(writer, { partnerId, county: request.county, services: checked.services, on: today });
  if (agreements.some(({ basis }) => !BASES.includes(basis))) throw new AppError('conflict', 'application.informal_basis');
  const proposed = await proposeCase(ctx, { partnerId, facts: factsOfApplication(checked) });
  const sha256 = createHash('sha256').update(contentText(checked, request.county)).digest('hex');
  const given = { request, partnerId, today, checked, sha256, proposed, agreementId: agreements[0]?.agreementId ?? null };
  return inTransaction(writer, async (tx) => {
    const filed = await (request.supplies ? supply(tx, request.supplies, given) : file(tx, given));
    await endDraft(tx, partnerId, request.draft, filed.applicationId);
    return filed;
  }, { retries: 2 });
}

/** Looks at an application as `fileApplication` would, and files nothing: for a page that shows the answers once more, with what a case will still need. @throws AppError `application.consent_needed`, `application.invalid`, `access.forbidden`. */
export function checkApplication(ctx: Ctx, request: ApplicationRequest): CheckedApplication & { readonly missing: readonly string[] } {
  authorise(ctx, 'applications.file');
  const checked = checkedApplication(request, officeDay(ctx));
  return { ...checked, missing: missingForCase(factsOfApplication(checked)) };
}

/** All that is wrong with it, consent or not, for the form that tells it at once. @throws AppError `access.forbidden`. */
export function faultsOfApplication(ctx: Ctx, request: Parameters<typeof applicationFindings>[0]): readonly Finding[] {
  authorise(ctx, 'applications.file');
  return applicationFindings(request, officeDay(ctx));
}

interface ToFile {
  readonly request: ApplicationRequest;
  readonly partnerId: string;
  readonly today: CalendarDate;
  readonly checked: CheckedApplication;
  readonly sha256: string;
  readonly proposed: Proposed;
  readonly agreementId: string | null;
}

async function file(ctx: TxCtx, { request, partnerId, today, checked, sha256, proposed, agreementId }: ToFile): Promise<FiledApplication> {
  const before = await findSameApplication(ctx, partnerId, sha256);
  if (before) return receiptOf(before, true);
  const filed = await countFiledSince(ctx, partnerId, new Date(ctx.clock.now().getTime() - DAY_MS));
  if (filed >= APPLICATIONS_A_DAY_MAX) throw new AppError('conflict', 'application.too_many_today', { params: { most: APPLICATIONS_A_DAY_MAX } });
  const applicationId = newId('apl', ctx.clock.now().getTime());
  const openBy = dueDate(OPEN_CLOCK, today).due;
  const applicantKey = applicantKeyOf(ctx, applicantText(checked.details));
  const channel = request.channel ?? (ctx.actor.kind === 'client' ? 'api' : 'portal');
  const { county } = request;
  const isNew = await insertApplication(ctx, {
    applicationId, partnerId, county, channel, messageId: request.messageId ?? null, conversationId: request.conversationId ?? null, partnerFileNumber: checked.partnerFileNumber, services: checked.services,
    details: checked.details, sha256, agreementId, receivedOn: today, openBy, applicantKey,
  });
  if (!isNew) {
    const first = await findSameApplication(ctx, partnerId, sha256);
    if (!first) throw new Error('fault: the same application was filed and is not there');
    return receiptOf(first, true);
  }
  await propose(ctx, { applicationId, county }, proposed, applicantKey);
  await putQueueItem(ctx, { kind: APPLICATION_ITEM, subjectId: applicationId, county, caseId: null, partnerId, reason: OPEN_CLOCK, dueOn: openBy, availableOn: today });
  await recordAudit(ctx, {
    action: 'application.filed', subject: { type: 'application', id: applicationId }, partner: partnerId, county,
    details: { services: checked.services.join(' '), channel, agreementId: agreementId ?? '', proposal: proposed.proposal.kind },
  });
  await emit(ctx, 'application.filed', { applicationId });
  return { applicationId, receivedOn: today, openBy, alreadyFiled: false };
}

async function propose(ctx: TxCtx, { applicationId, county }: { applicationId: string; county: string }, { proposal, findings }: Proposed, applicantKey: Buffer): Promise<void> {
  await putApplicationWork(ctx, applicationId, county, { proposal, findings: [...findings, ...possibleDuplicates(await findSameApplicant(ctx, applicantKey, applicationId))] });
}

function receiptOf({ applicationId, receivedOn, openBy }: ApplicationRow, alreadyFiled: boolean): FiledApplication {
  return { applicationId, receivedOn, openBy, alreadyFiled };
}

/** What was missing, asked for or not: the form as it is now. The day of receipt, and so the clock, stay. */
async function supply(ctx: TxCtx, applicationId: string, { partnerId, checked, sha256, proposed }: ToFile): Promise<FiledApplication> {
  const row = await applicationRow(ctx, applicationId, 'lock');
  if (row.partnerId !== partnerId) throw new AppError('not_found', 'application.not_found');
  if (!['received', 'more_asked'].includes(row.state)) throw new AppError('conflict', 'application.not_asked');
  const applicantKey = applicantKeyOf(ctx, applicantText(checked.details));
  if (sha256 !== row.sha256 && await findSameApplication(ctx, partnerId, sha256)) throw new AppError('conflict', 'application.filed_before');
  await supplyDetails(ctx, applicationId, { details: checked.details, services: checked.services, partnerFileNumber: checked.partnerFileNumber, sha256, applicantKey });
  await propose(ctx, row, proposed, applicantKey);
  await recordAudit(ctx, { action: 'application.supplied', subject: { type: 'application', id: applicationId }, partner: partnerId, county: row.county, details: { proposal: proposed.proposal.kind } });
  await emit(ctx, 'application.supplied', { applicationId });
  return receiptOf(row, false);
}

/** @throws AppError `application.not_found`. */
export async function applicationRow(ctx: TxCtx, applicationId: string, lock: 'lock' | null = null): Promise<ApplicationRow> {
  const row = await findApplication(ctx, applicationId, lock);
  if (!row) throw new AppError('not_found', 'application.not_found');
  return row;
}

export interface ApplicationPaper {
  readonly kind: string;
  readonly fileName: string;
  readonly source: Readable | Uint8Array;
}

/**
 * Adds a paper to an application that is not decided: PDF, PNG or JPEG, looked at as attachments are.
 * @throws AppError `application.paper_refused` with what is wrong with the file, `application.paper_kind`, `application.too_many_papers`, `application.over`, `application.not_found`, `file.too_large`.
 */
export async function addApplicationPaper(ctx: Ctx, applicationId: string, { kind, fileName, source }: ApplicationPaper): Promise<{ readonly added: boolean }> {
  authorise(ctx, 'applications.file');
  if (!PAPER_KINDS.some((one) => one === kind)) throw new AppError('invalid', 'application.paper_kind', { params: { expected: PAPER_KINDS.join(', ') } });
  const seen = await inTransaction(ctx, async (tx) => ({ row: await applicationRow(tx, applicationId), papers: (await selectPapers(tx, applicationId)).length }));
  if (!OPEN_APPLICATION_STATES.includes(seen.row.state)) throw new AppError('conflict', 'application.over');
  if (seen.papers >= PAPERS_MAX) throw new AppError('conflict', 'application.too_many_papers', { params: { most: PAPERS_MAX } });
  const writer = asWriter(ctx);
  const kept = await keepFile(writer, { fileName: 'application', source: Readable.from(source instanceof Uint8Array ? [source] : source, { objectMode: false }), bytesMax: ATTACHMENT_BYTES_MAX, partner: seen.row.partnerId });
  if (kept.byteCount === 0) throw new AppError('invalid', 'application.paper_refused', { findings: [{ code: 'attachment.type_empty', severity: 'block', path: '/file' }] });
  const inspected = await inspectFile(await readKeptFile(writer, kept.fileId), fileName);
  if (!inspected.isTaken) throw new AppError('invalid', 'application.paper_refused', { findings: inspected.findings.map((finding) => ({ ...finding, path: '/file' })) });
  return inTransaction(writer, async (tx) => {
    const row = await applicationRow(tx, applicationId, 'lock');
    if (!OPEN_APPLICATION_STATES.includes(row.state)) throw new AppError('conflict', 'application.over');
    // Others may have been added while this one came in.
    const papers = await selectPapers(tx, applicationId);
    if (papers.length >= PAPERS_MAX && !papers.some(({ sha256 }) => sha256 === kept.sha256)) throw new AppError('conflict', 'application.too_many_papers', { params: { most: PAPERS_MAX } });
    const name = fileName.normalize('NFC').replace(/[\p{Cc}\p{Cf}]/gu, '').slice(0, 200) || 'unnamed';
    const added = await insertPaper(tx, row, { kind, fileId: kept.fileId, sha256: kept.sha256, mediaType: inspected.mediaType, pages: inspected.pages, byteCount: kept.byteCount, name });
    if (added) await recordAudit(tx, { action: 'application.paper_added', subject: { type: 'application', id: applicationId }, partner: row.partnerId, county: row.county, details: { kind, sha256: kept.sha256 } });
    return { added };
  });
}
