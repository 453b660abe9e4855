import { createHash } from 'node:crypto';
import { getPartner } from '../../partners/index.ts';
import type { PartnerProfile } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { KeptForAWhile } from '../../../platform/kept-for-a-while.ts';
import type { ShownPdf } from '../../../platform/pdf/page-images.ts';
import type { Pdf, PdfJob, PdfStandard } from '../../../platform/pdf/render.ts';
import { setPdf } from '../../../platform/pdf/set-pdf.ts';
import { officeDay } from '../clocks/office-day.ts';
import { plannedDocuments } from '../documents/compose-documents.ts';
import type { Block } from '../documents/document.rules.ts';
import { formLibrary, formSetFor } from '../documents/form-library.ts';
import { packetJob } from '../packets/compose-packet.ts';
import type { PacketJob } from '../packets/compose-packet.ts';
import { placedDocuments } from '../packets/packet-documents.rules.ts';
import type { SealedDocument } from '../packets/packet-documents.rules.ts';
import { SAMPLE_VARIANTS, sampleModel } from './sample-model.ts';
import type { SampleModel } from './sample-model.ts';

/** One form, or all that a service asks for. */
export interface SampleWanted {
  readonly partnerId: string;
  readonly of: 'form' | 'service';
  /** Id of the form, or code of the service. */
  readonly code: string;
}

export interface SamplePages {
  readonly pdf: ShownPdf;
  readonly documents: () => Promise<readonly SealedDocument[]>;
  /** Language of the partner's papers, beside English. */
  readonly language: string;
  /** Ids of the forms that are shown. */
  readonly formIds: readonly string[];
  readonly fileName: string;
}

const NO_NUMBER = '–';
const kept = new KeptForAWhile<Pdf>({ bytes: 8 * 1024 * 1024, milliseconds: 300_000 });

/**
 * A form, or the documents of a service, as a partner would read them, about an invented case: every page says so, in both languages.
 * Nothing is kept, and nobody's data are read.
 *
 * @throws AppError `partner.unknown`, `forms.sample_not_used` (this partner's packets never have it), `forms.sample_no_office`, `access.forbidden`.
 */
export function samplePages(ctx: Ctx, wanted: SampleWanted): SamplePages {
  authorise(ctx, 'kits.view');
  const partner = getPartner(wanted.partnerId);
  const found = wanted.of === 'service' ? ofService(ctx, partner, wanted.code) : ofForm(ctx, partner, wanted.code);
  if (!found) throw new AppError('not_found', 'forms.sample_not_used', { params: { code: wanted.code.slice(0, 60) } });
  const { job, standard, documents, formIds } = found;
  const key = createHash('sha256').update(JSON.stringify([job.main, job.data, job.madeAt])).digest('hex');
  const made = async (): Promise<Pdf> => {
    const pdf = kept.get(key) ?? await setPdf(job, standard);
    kept.put(key, pdf, pdf.bytes.byteLength);
    return pdf;
  };
  return {
    pdf: { key: `sample/${key}`, bytes: async () => (await made()).bytes }, documents: async () => placedDocuments(documents, (await made()).documents),
    language: partner.languages.value.packet, formIds, fileName: `sample-${partner.partnerId}-${wanted.code}.pdf`,
  };
}

interface Found {
  readonly job: PdfJob;
  /** As the real ones are set: a copy for reading aloud, or, of a part that is sealed apart, one for keeping. */
  readonly standard: PdfStandard;
  readonly documents: PacketJob['documents'];
  readonly formIds: readonly string[];
}

/** Which services the partner's set of forms knows. */
export function sampleServices(ctx: Ctx, partnerId: string): readonly string[] {
  authorise(ctx, 'kits.view');
  return Object.keys(formSetFor(getPartner(partnerId)).services);
}

function ofService(ctx: Ctx, partner: PartnerProfile, service: string): Found | null {
  if (!Object.hasOwn(formSetFor(partner).services, service)) return null;
  const whole = composed(modelFor(ctx, partner, [service], 'one_order'), ctx);
  return { standard: 'ua-1', job: asSample(whole, whole.documents.flatMap(({ id, title, blocks }): Block[] => [{ kind: 'document', id, title }, ...blocks])), documents: whole.documents, formIds: [...new Set(whole.documents.map(({ formId }) => formId))] };
}

function ofForm(ctx: Ctx, partner: PartnerProfile, formId: string): Found | null {
  const set = formSetFor(partner);
  if (set.sealedParts.includes(formId)) return ofSealedPart(ctx, partner, formId, set.sealedParts.indexOf(formId));
  for (const variant of SAMPLE_VARIANTS) {
    for (const service of Object.keys(set.services)) {
      const sample = modelFor(ctx, partner, [service], variant);
      if (!plannedDocuments(sample.model, formLibrary()).includes(formId)) continue;
      const whole = composed(sample, ctx);
      const documents = whole.documents.filter((one) => one.formId === formId);
      if (documents.length > 0) return { standard: 'ua-1', job: asSample(whole, documents.flatMap(({ id, title, blocks }): Block[] => [{ kind: 'document', id, title }, ...blocks])), documents, formIds: [formId] };
    }
  }
  return null;
}

function ofSealedPart(ctx: Ctx, partner: PartnerProfile, formId: string, index: number): Found | null {
  const whole = composed(modelFor(ctx, partner, ['enforce'], 'one_order'), ctx);
  const part = whole.sealedJobs[index];
  if (!part) return null;
  return { standard: 'a-3a', job: asSample(whole, (part.data as { readonly blocks: readonly Block[] }).blocks), documents: [], formIds: [formId] };
}

function modelFor(ctx: Ctx, partner: PartnerProfile, services: readonly string[], variant: (typeof SAMPLE_VARIANTS)[number]): SampleModel {
  const sample = sampleModel(partner, services, variant, { agency: ctx.actor.agency, on: officeDay(ctx) });
  if (!sample) throw new AppError('conflict', 'forms.sample_no_office');
  return sample;
}

function composed({ model, sealedCase }: SampleModel, ctx: Ctx): PacketJob {
  return packetJob(model, { packetId: NO_NUMBER, datedOn: officeDay(ctx) }, sealedCase);
}

/** Says across each page, and as the first sentence of it all, that the persons are invented. */
function asSample({ job, words }: PacketJob, blocks: readonly Block[]): PdfJob {
  const { left, right } = words.sentence('packet:header.sample');
  const notice: Block = { kind: 'notice', rows: [words.sentence('packet:notice.sample')] };
  const [first, ...others] = blocks;
  const begun = first?.kind === 'document' ? [first, notice, ...others] : [notice, ...blocks];
  return { ...job, data: { ...(job.data as object), draft: [...left, ...right], blocks: begun, attachments: {} }, attachments: {} };
}
