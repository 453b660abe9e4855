import { createHash } from 'node:crypto';
import { recordAudit } from '../../audit/index.ts';
import type { AgreementAnswer } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { KeptForAWhile } from '../../../platform/kept-for-a-while.ts';
import type { ShownPdf } from '../../../platform/pdf/page-images.ts';
import type { Pdf, PdfJob } from '../../../platform/pdf/render.ts';
import { setPdf } from '../../../platform/pdf/set-pdf.ts';
import { listAttachmentRows } from '../attachments/attachment.store.ts';
import { selectPapersTold } from '../disclosures/disclosure.store.ts';
import type { Block } from '../documents/document.rules.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import type { ReferralRow } from '../lifecycle/referral.store.ts';
import { asGateway } from './as-gateway.ts';
import { glyphFindings, packetJob, packetTitles } from './compose-packet.ts';
import { READING_MINUTES } from './look-at-packet.ts';
import { listedDocuments, placedDocuments } from './packet-documents.rules.ts';
import type { PacketDocument, SealedDocument } from './packet-documents.rules.ts';
import { listPacketRows } from './packet.store.ts';
import type { PacketRow } from './packet.store.ts';
import { openForReading } from '../../../platform/page-openings.ts';
import type { PacketModel } from './packet-model.rules.ts';
import { preparePacket } from './prepare-packet.ts';

/** What a packet sealed today would be. */
export interface PacketDraft {
  /** What is missing today; the case may have changed since it was written down last. */
  readonly findings: readonly Finding[];
  /** In the order of the packet; none where the case cannot be told at all. */
  readonly documents: readonly PacketDocument[];
  /** The case's children, in the order in which the interview numbers them. */
  readonly children: readonly string[];
  /** Whether the packet sealed last says just this; null where none was sealed. */
  readonly isCurrent: boolean | null;
  /** Which agreement allows sending it today, or why none does. */
  readonly agreement: AgreementAnswer;
  readonly needsApprover: boolean;
  /** All that would leave, as the disclosure filter gives it; null where the case cannot be told at all. */
  readonly content: PacketModel | null;
}

/** What stands in place of the number of a packet that has none. */
const NO_NUMBER = '–';

/**
 * Looks at what would be sealed today, without changing anything.
 *
 * @throws AppError `referral.not_found`, `referral.incoming_has_no_packet`, `access.forbidden`.
 */
export async function draftPacket(ctx: Ctx, referralId: string): Promise<PacketDraft> {
  authorise(ctx, 'packets.build');
  return inTransaction(ctx, async (tx) => {
    const referral = await outgoingRow(tx, referralId);
    const prepared = await preparePacket(asGateway(tx), referral);
    const [newest] = await listPacketRows(tx, referralId);
    return {
      findings: prepared.findings,
      documents: prepared.model ? listedDocuments(packetTitles(prepared.model, { packetId: NO_NUMBER, datedOn: prepared.on })) : [],
      children: prepared.children,
      agreement: prepared.agreement,
      needsApprover: prepared.agreement.needsApprover || prepared.partner.exchangeBasis.value.approverNeeded,
      content: prepared.model,
      isCurrent: newest ? newest.contentDigest.equals(prepared.contentDigest) || await isApartFromAnswers(asGateway(tx), referral, newest) : null,
    };
  });
}

/** Whether nothing is new but papers that the partner has already, by an answer: they are no change of the packet, and the next one takes them in. */
async function isApartFromAnswers(ctx: TxCtx, referral: ReferralRow, newest: Pick<PacketRow, 'contentDigest' | 'sealedAt'>): Promise<boolean> {
  const told = await selectPapersTold(ctx, referral);
  if (told.length === 0) return false;
  const answers = (await listAttachmentRows(ctx, referral.referralId)).filter(({ copySha256, addedAt }) => addedAt > newest.sealedAt && told.includes(copySha256 ?? ''));
  if (answers.length === 0) return false;
  const { contentDigest } = await preparePacket(ctx, { ...referral, leftOut: new Set(answers.map(({ attachmentId }) => attachmentId)) });
  return newest.contentDigest.equals(contentDigest);
}

/**
 * The same for whoever reads all that would leave before signing: that they read it is written down, once for as long as they have it open.
 *
 * @throws AppError as `draftPacket`.
 */
export async function readDraft(ctx: Ctx, referralId: string): Promise<PacketDraft> {
  const draft = await draftPacket(ctx, referralId);
  await inTransaction(ctx, async (tx) => writeDownPreview(tx, await outgoingRow(tx, referralId), 'when opened'));
  return draft;
}

async function writeDownPreview(tx: TxCtx, { referralId, partnerId, county, status }: ReferralRow, written: 'always' | 'when opened'): Promise<void> {
  if (!await openForReading(tx, referralId, READING_MINUTES) && written !== 'always') return;
  await recordAudit(tx, { action: 'packet.previewed', subject: { type: 'referral', id: referralId }, partner: partnerId, county, details: { status } });
  await emit(tx, 'packet.previewed', { referralId });
}

export interface PacketPreview {
  readonly fileName: string;
  readonly bytes: Buffer;
  readonly pages: number;
}

/**
 * What would be sealed today, as the partner would read it: a copy for reading (PDF/UA) on which every page says in both languages
 * that it is a draft. It is not kept; who read it is written down. What is missing does not stop it.
 *
 * @throws AppError `referral.not_found`, `packet.nothing_to_preview`, `packet.incomplete` (a character that no font has), `referral.incoming_has_no_packet`, `access.forbidden`.
 */
export async function previewPacket(ctx: Ctx, referralId: string): Promise<PacketPreview> {
  const { job } = await prepareDraft(ctx, referralId, 'always');
  const { bytes, pages } = await setPdf(job, 'ua-1');
  return { fileName: `${referralId}-draft.pdf`, bytes, pages };
}

/** The same to be looked at page by page. */
export interface DraftPages {
  readonly pdf: ShownPdf;
  /** With the pages on which they stand. */
  readonly documents: () => Promise<readonly SealedDocument[]>;
}

/**
 * The draft as it is at this moment: it is set only where its pages are not known from just before. That somebody reads it is written
 * down when it is opened, and again after `READING_MINUTES`.
 *
 * @throws AppError as `previewPacket`.
 */
export async function draftPages(ctx: Ctx, referralId: string): Promise<DraftPages> {
  const { job, documents } = await prepareDraft(ctx, referralId, 'when opened');
  const key = createHash('sha256').update(JSON.stringify([job.main, job.data, job.madeAt])).digest('hex');
  const made = async (): Promise<Pdf> => {
    const pdf = drafts.get(key) ?? await setPdf(job, 'ua-1');
    drafts.put(key, pdf, pdf.bytes.byteLength);
    return pdf;
  };
  return { pdf: { key: `draft/${key}`, bytes: async () => (await made()).bytes }, documents: async () => placedDocuments(documents, (await made()).documents) };
}

const drafts = new KeptForAWhile<Pdf>({ bytes: 16 * 1024 * 1024, milliseconds: 300_000 });

async function prepareDraft(ctx: Ctx, referralId: string, written: 'always' | 'when opened'): Promise<{ job: PdfJob; documents: ReturnType<typeof packetJob>['documents'] }> {
  authorise(ctx, 'packets.build');
  const { job, words, documents, unprintable } = await inTransaction(ctx, async (tx) => {
    const referral = await outgoingRow(tx, referralId);
    const { model, on } = await preparePacket(tx, referral);
    if (model === null) throw new AppError('conflict', 'packet.nothing_to_preview');
    await writeDownPreview(tx, referral, written);
    const made = packetJob(model, { packetId: NO_NUMBER, datedOn: on });
    return { ...made, unprintable: glyphFindings(made.texts, model) };
  });
  if (unprintable.length > 0) throw new AppError('conflict', 'packet.incomplete', { findings: unprintable });
  const told = job.data as { readonly blocks: readonly Block[] };
  const [first, ...others] = told.blocks;
  // Across each page for whoever sees it, and as the first sentence for whoever has it read aloud.
  const { left, right } = words.sentence('packet:header.draft');
  const notice: Block = { kind: 'notice', rows: [words.sentence('packet:notice.draft')] };
  const data = { ...told, draft: [...left, ...right], blocks: first ? [first, notice, ...others] : [notice], attachments: {} };
  return { job: { ...job, data, attachments: {} }, documents };
}

async function outgoingRow(ctx: TxCtx, referralId: string): Promise<ReferralRow> {
  const referral = await getReferralRow(ctx, referralId);
  if (referral.direction !== 'outgoing') throw new AppError('conflict', 'referral.incoming_has_no_packet');
  return referral;
}
