import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { sealContainer } from '../../../platform/asic/container.ts';
import type { Signer } from '../../../platform/asic/cms.ts';
import type { Finding } from '../../../platform/errors.ts';
import { hasWords, translator, wordsVersion } from '../../../platform/i18n.ts';
import { codePointOf, missingGlyphs } from '../../../platform/pdf/fonts.ts';
import { renderPdf } from '../../../platform/pdf/render.ts';
import type { Pdf, PdfJob } from '../../../platform/pdf/render.ts';
import { setPdf } from '../../../platform/pdf/set-pdf.ts';
import { xsdFindings } from '../../../platform/xml/xsd.ts';
import type { ZipEntry } from '../../../platform/asic/zip.ts';
import { composeDocuments, documentTitles, textsOfDocuments } from '../documents/compose-documents.ts';
import type { ComposedDocuments } from '../documents/compose-documents.ts';
import { bilingualWords } from '../documents/document.rules.ts';
import type { Block, Line, Voice, Words } from '../documents/document.rules.ts';
import { formLibrary } from '../documents/form-library.ts';
import { federalWordings } from '../documents/federal-wordings.ts';
import { paperFor } from '../documents/format.rules.ts';
import { characterPlace } from './character-place.rules.ts';
import { MESSAGE_SCHEMA, messageXml } from './message-xml.ts';
import { placedDocuments } from './packet-documents.rules.ts';
import type { SealedDocument } from './packet-documents.rules.ts';
import type { PacketCase, PacketModel, PacketSeal } from './packet-model.rules.ts';

export const PDF_ENTRY = 'referral.pdf';
export const XML_ENTRY = 'message.xml';
const TEMPLATES = fileURLToPath(new URL('../documents/layout', import.meta.url));
const ENGLISH = 'en';
const TAGS: Readonly<Record<string, string>> = { en: 'en-US' };
const FINDINGS_MAX = 20;

/** A packet's documents, before they are signed. The same model and seal give the same bytes. */
export interface ComposedPacket {
  readonly pdf: Buffer;
  readonly xml: Buffer;
  readonly pages: number;
  /** What is to be encrypted for a named authority before it leaves; names say nothing. */
  readonly sealedParts: readonly ZipEntry[];
  /** Which documents the PDF holds, and where. */
  readonly documents: readonly SealedDocument[];
}

export type Composition = { readonly packet: ComposedPacket; readonly findings: readonly Finding[] } | { readonly packet: null; readonly findings: readonly Finding[] };

const voices = new Map<string, Voice>();

/** A language's words, each looked up once: the dictionaries do not change while the program runs. */
function voice(language: string): Voice {
  const key = `${wordsVersion()} ${language}`;
  let found = voices.get(key);
  if (!found) {
    const say = translator(language);
    const texts = new Map<string, string>();
    const knows = (key: string): boolean => texts.has(key) || hasWords(language, key);
    const plain = (key: string): string => {
      const text = texts.get(key) ?? say(key);
      texts.set(key, text);
      return text;
    };
    found = { language, tag: TAGS[language] ?? language, knows, say: (key, params) => (params ? say(key, params) : plain(key)) };
    voices.set(key, found);
  }
  return found;
}

/** The words of a packet in English and in the partner's language. */
export function packetWords(language: string): Words {
  return bilingualWords(voice(ENGLISH), voice(language), federalWordings(language));
}

/**
 * Sets a packet's documents: the message for machines, checked against its schema, the bilingual PDF with the message
 * inside, and what is sealed apart (of `sealedCase`, where the partner's profile allows that). Gives findings and no
 * packet where a text lacks its other language, a character has no glyph, or the message does not fit the schema.
 */
export function composePacket(model: PacketModel, seal: PacketSeal, sealedCase: PacketCase | null = null): Composition {
  const job = packetJob(model, seal, sealedCase);
  const findings = jobFindings(job, model);
  return findings.length > 0 ? { packet: null, findings } : composition(job, renderPdf(job.job), job.sealedJobs.map((sealed) => renderPdf(sealed)));
}

/** The same, set where this process sets its documents: a server does that apart. */
export async function composePacketApart(model: PacketModel, seal: PacketSeal, sealedCase: PacketCase | null = null): Promise<Composition> {
  const job = packetJob(model, seal, sealedCase);
  const findings = jobFindings(job, model);
  return findings.length > 0 ? { packet: null, findings } : composition(job, await setPdf(job.job), await Promise.all(job.sealedJobs.map((sealed) => setPdf(sealed))));
}

function jobFindings({ words, texts, xml }: PacketJob, model: PacketModel): Finding[] {
  return [...translationFindings(words), ...glyphFindings(texts, model), ...xsdFindings(xml, MESSAGE_SCHEMA)];
}

function composition({ xml, documents }: PacketJob, pdf: Pdf, sealed: readonly Pdf[]): Composition {
  const sealedParts = sealed.map(({ bytes }, index) => ({ name: `sealed/part-${index + 1}.pdf`, bytes }));
  return { packet: { pdf: pdf.bytes, xml, pages: pdf.pages, sealedParts, documents: placedDocuments(documents, pdf.documents) }, findings: [] };
}

export interface PacketJob {
  readonly job: PdfJob;
  readonly sealedJobs: readonly PdfJob[];
  readonly xml: Buffer;
  readonly words: Words;
  readonly texts: readonly string[];
  readonly documents: ComposedDocuments['documents'];
}

/** What is set for a packet: the template's data, the message beside it, and every text for the checks before. */
export function packetJob(model: PacketModel, seal: PacketSeal, sealedCase: PacketCase | null = null): PacketJob {
  const words = packetWords(model.partner.language);
  const xml = messageXml(model, seal);
  const message = { fileName: XML_ENTRY, sha256: createHash('sha256').update(xml).digest('hex') };
  const composed = composeDocuments({ model, seal, message, sealedCase }, words, formLibrary());
  const madeAt = new Date(`${seal.datedOn}T00:00:00Z`);
  const data = frame(model, seal, words, composed.blocks);
  const attached = { [XML_ENTRY]: { type: 'application/xml', description: words.sentence('packet:attachment.message').left[0]?.text ?? '' } };
  const job = { templates: TEMPLATES, main: 'bilingual.typ', data: { ...data, attachments: attached }, attachments: { [XML_ENTRY]: xml.toString('utf8') }, madeAt };
  const sealedJobs = composed.sealedParts.map((part) => ({
    templates: TEMPLATES, main: 'bilingual.typ', data: { ...frame(model, seal, words, part.blocks), attachments: {} }, madeAt,
  }));
  return { job, sealedJobs, xml, words, texts: [...textsOfDocuments(composed), ...data.fileNumbers.map(({ text }) => text), data.title, data.author], documents: composed.documents };
}

/** The documents that `packetJob` would set, without setting them. */
export function packetTitles(model: PacketModel, seal: PacketSeal): ReturnType<typeof documentTitles> {
  return documentTitles({ model, seal, message: { fileName: XML_ENTRY, sha256: '' } }, packetWords(model.partner.language), formLibrary());
}

/** Signs a composed packet, with the files that travel in it, into the container that is sent and kept. */
export function sealPacket(packet: Pick<ComposedPacket, 'pdf' | 'xml'>, signer: Signer, signedAt: Date, files: readonly ZipEntry[] = []): Buffer {
  return sealContainer([{ name: PDF_ENTRY, bytes: packet.pdf }, { name: XML_ENTRY, bytes: packet.xml }, ...files], signer, signedAt);
}

const NUMBER_MAX = 30;

function both(words: Words, key: string): string {
  const { left, right } = words.sentence(key);
  return [...left, ...right].map((line) => line.text).join(' · ');
}

// Title, author and file names say which referral this is and who sends it, and never whom it is about.
function frame(model: PacketModel, seal: PacketSeal, words: Words, blocks: readonly Block[]) {
  const numbered = (key: string, id: string): Line => ({ text: `${both(words, key)} ${id}`, lang: words.left.tag });
  const mark = words.sentence('packet:footer.page');
  const notice = words.sentence('packet:footer.not_federal');
  const agency = model.agency.names[ENGLISH] ?? '';
  // On each page: a loose one is matched by the number under which either office keeps the case. One that is longer than any is not printed, as half of it would be another.
  const { fileNumber } = model.partner;
  const theirs = fileNumber !== null && fileNumber.length <= NUMBER_MAX ? [numbered('packet:header.your_number', fileNumber)] : [];
  const fileNumbers = [numbered('packet:header.our_number', model.supportCase.caseId), ...theirs];
  return {
    title: `${both(words, 'packet:title')} ${model.referralId}`,
    author: agency, lang: words.left.tag, paper: paperFor(model.partner.country),
    header: { left: words.given(agency).left, right: [numbered('packet:header.referral', model.referralId), numbered('packet:header.packet', seal.packetId)] },
    fileNumbers, footer: [...notice.left, ...notice.right], pageMark: [...mark.left, ...mark.right],
    blocks,
  };
}

function translationFindings(words: Words): Finding[] {
  return [...words.missing].slice(0, FINDINGS_MAX).map((key) => ({ code: 'packet.translation_missing', severity: 'block', path: key }));
}

// Characters that print nothing, or that turn the reading order of what stands around them.
const REFUSED = /[\p{Cc}\p{Co}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Characters that no font here can print, or that turn the text around them, with the place in the model where each stands. */
export function glyphFindings(texts: readonly string[], model: PacketModel): Finding[] {
  const all = texts.join('\n').replaceAll('\n', '');
  const refused = [...new Set(all.match(REFUSED) ?? [])];
  const missing = missingGlyphs(all).filter((character) => !refused.includes(character));
  const finding = (code: string) => (character: string): Finding => {
    const { path, place, whose } = characterPlace(model, character);
    return { code, severity: 'block', ...(path === undefined ? {} : { path }), params: { codePoint: codePointOf(character), place, whose } };
  };
  return [...refused.map(finding('packet.character_refused')), ...missing.map(finding('packet.glyph_missing'))].slice(0, FINDINGS_MAX);
}
