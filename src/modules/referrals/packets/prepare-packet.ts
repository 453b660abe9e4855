import { createHash } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import { getCase, protectedParticipants } from '../../cases/index.ts';
import { askAgreement, getPartner } from '../../partners/index.ts';
import type { SupportCase } from '../../cases/index.ts';
import type { AgreementAnswer, PartnerProfile } from '../../partners/index.ts';
import type { ZipEntry } from '../../../platform/asic/zip.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { officeDay } from '../clocks/office-day.ts';
import { assert } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { federalWordFindings } from '../disclosures/federal-words.rules.ts';
import { lookupIn, plannedDocuments } from '../documents/compose-documents.ts';
import { formLibrary, formSetFor } from '../documents/form-library.ts';
import { agreementFindings, debtorRegions } from '../lifecycle/agreement-scope.rules.ts';
import { asksForMoney } from '../lifecycle/service.rules.ts';
import { officialForms } from '../official-forms/official-forms.ts';
import type { OfficialForm } from '../official-forms/official-forms.ts';
import { assembleModel } from './assemble-model.ts';
import type { AssembledModel } from './assemble-model.ts';
import { bySeverity, completenessFindings } from '../lifecycle/completeness.rules.ts';
import { stanceOf } from './disclosure-stance.rules.ts';
import type { CurrentStance } from './disclosure-stance.rules.ts';
import type { PacketAttachment, PacketCase, PacketModel } from './packet-model.rules.ts';
import { papersOf } from './packet-papers.ts';
import type { Papers } from './packet-papers.ts';
import { authorityFor } from './sealed-parts.ts';

/** What a packet of a referral would say today, and what is missing for it. */
export interface PreparedPacket {
  readonly model: PacketModel | null;
  /** What a named authority may see besides, in a part sealed for it. */
  readonly sealedCase: PacketCase | null;
  readonly decisions: AssembledModel['decisions'];
  readonly stance: CurrentStance;
  readonly findings: readonly Finding[];
  readonly contentDigest: Buffer;
  readonly partner: PartnerProfile;
  /** Which agreement allows it today, or why none does: that stops sending, not sealing. */
  readonly agreement: AgreementAnswer;
  readonly county: string;
  readonly on: string;
  readonly narrativeSources: Papers['narrativeSources'];
  readonly leaving: Papers['leaving'];
  /** Every name in the case, whole and in parts: the translation memory keeps none of them. */
  readonly names: readonly string[];
  /** The case's children, in the order in which the interview numbers them. */
  readonly children: readonly string[];
  /** Brings the files that travel beside the PDF, in the order of the container. */
  readonly loadFiles: () => Promise<readonly ZipEntry[]>;
}

/** The referral, also one that is about to be opened. */
export interface PreparedReferral {
  readonly referralId: string;
  readonly caseId: string;
  readonly partnerId: string;
  readonly services: readonly string[];
  readonly createdAt?: Date;
  /** Attachments that are looked at as if they were not there. */
  readonly leftOut?: ReadonlySet<string>;
}

/** Reads the case as it is now, with everything that the referral has gathered, and filters it for the partner. */
export async function preparePacket(ctx: TxCtx, referral: PreparedReferral): Promise<PreparedPacket> {
  const { referralId, services } = referral;
  const partner = getPartner(referral.partnerId);
  const supportCase = await getCase(ctx, referral.caseId);
  const on = officeDay(ctx);
  const set = formSetFor(partner);
  const assembled = assembleModel({
    supportCase, partner, services, referralId, openedOn: officeDay(ctx, referral.createdAt), agency: ctx.actor.agency, on,
  });
  const { view } = assembled;
  const authority = assembled.sealed === null ? null : authorityFor(ctx.config.dataDir, referral.partnerId, ctx.clock.now());
  const papers = await papersOf(ctx, { referralId, services, supportCase, view, partner, on, asksForMoney: asksForMoney(set, services), ...(referral.leftOut ? { leftOut: referral.leftOut } : {}) });
  const official = await officialFormsOf(ctx, withPapers(assembled.model, papers), partner);
  const model = withPapers(assembled.model, papers, official.forms);
  const { addressForms } = formLibrary();
  const documents = model ? plannedDocuments(model, formLibrary()) : [];
  const agreement = await askAgreement(ctx, {
    partnerId: partner.partnerId, county: supportCase.county, services, on, regions: debtorRegions(view.participants, partner.country, addressForms.get(partner.country)),
  });
  const findings = bySeverity([
    ...completenessFindings({ supportCase, view, partner, services, set, answers: papers.answers, attachments: papers.attachments.map((one) => one.kind), documents, addressForms }),
    ...agreementFindings(agreement, partner), ...assembled.findings, ...(assembled.model ? federalWordFindings(assembled.model) : []), ...papers.findings, ...official.findings, ...(authority?.finding ? [authority.finding] : []),
  ]);
  const decisions = [...assembled.decisions, ...papers.decisions];
  return {
    model, sealedCase: assembled.sealed?.supportCase ?? null, decisions, findings, partner, agreement, county: supportCase.county, on,
    stance: stanceOf(supportCase, protectedParticipants(supportCase, on), decisions), contentDigest: digestOf(model, assembled.sealed?.supportCase ?? null, authority?.certificate ?? null),
    narrativeSources: papers.narrativeSources, leaving: papers.leaving, names: namesOf(supportCase), children: supportCase.participants.filter(({ role }) => role === 'dependent').map(({ participantId }) => participantId), loadFiles: () => filesOf(papers.attachments, official.forms),
  };
}

function withPapers(model: PacketModel | null, { interview, narratives, arrears, attachments }: Papers, official: readonly OfficialForm[] = []): PacketModel | null {
  if (model === null) return null;
  return { ...model, interview, narratives, arrears, attachments: [...attachments.map(({ load: _load, ...one }) => one), ...official.map(officialAttachment)] };
}

function officialAttachment({ formId, fileName, pages, byteCount, sha256 }: OfficialForm, index: number): PacketAttachment {
  return {
    attachmentId: `F${index + 1}`, kind: 'official_form', participantId: null, title: null, fileName, mediaType: 'application/pdf', pages, byteCount, sha256,
    language: 'en', translation: { notNeeded: 'bilingual_sheet_enclosed' }, officialForm: formId,
  };
}

/** The official PDFs that the county has for the documents of this packet, filled from it, and those on which the partner insists. */
async function officialFormsOf(ctx: TxCtx, model: PacketModel | null, partner: PartnerProfile): Promise<Awaited<ReturnType<typeof officialForms>>> {
  if (model === null) return { forms: [], findings: [] };
  const required = new Set(partner.officialForms?.value ?? []);
  const planned = plannedDocuments(model, formLibrary());
  const lookup = lookupIn(model, formLibrary());
  return officialForms(ctx.config, planned.map((formId) => ({ formId, isRequired: required.has(formId) })), model.attachments.map((one) => one.officialForm), () => lookup);
}

async function filesOf(attachments: Papers['attachments'], official: readonly OfficialForm[]): Promise<ZipEntry[]> {
  const files: ZipEntry[] = [];
  for (const { fileName, load, sha256 } of attachments) {
    const bytes = await load();
    assert(createHash('sha256').update(bytes).digest('hex') === sha256, 'an attachment has the bytes whose digest the packet tells');
    files.push({ name: fileName, bytes });
  }
  return [...files, ...official.map(({ fileName, bytes }) => ({ name: fileName, bytes }))];
}

function namesOf({ participants }: SupportCase): string[] {
  const texts = participants.flatMap(({ name }) => [name.given, name.family, name.secondFamily, name.native, ...(name.aliases ?? []), `${name.given} ${name.family} ${name.secondFamily ?? ''}`]);
  return [...new Set(texts.map((text) => (text ?? '').trim()).filter((text) => text !== ''))];
}

/** Two models are the same content when they have the same digest; keys are in the order in which the model is assembled. */
function digestOf(model: PacketModel | null, sealedCase: PacketCase | null, authority: X509Certificate | null): Buffer {
  // For whom a part is sealed belongs to the content: another certificate makes another packet.
  return createHash('sha256').update(JSON.stringify([model, sealedCase, ...(authority ? [authority.fingerprint256] : [])])).digest();
}

export function hasBlocking(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'block');
}
