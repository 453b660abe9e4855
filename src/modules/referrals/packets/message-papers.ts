import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import { element, text } from './message-xml-parts.ts';
import type { Answer, PacketArrears, PacketAttachment, PacketModel, PacketNarrative, PlainAnswer } from './packet-model.rules.ts';

/** What a referral brings beside the case record: the account of arrears, answers, translated texts, and which papers travel with it. */
export function addPapers(referral: XMLBuilder, model: PacketModel): void {
  for (const arrears of model.arrears) addArrears(referral, arrears);
  for (const [section, fields] of Object.entries(model.interview.sections)) addAnswers(referral, section, fields, null);
  for (const [child, sections] of Object.entries(model.interview.children)) {
    for (const [section, fields] of Object.entries(sections)) addAnswers(referral, section, fields, child);
  }
  for (const narrative of model.narratives) addNarrative(referral, narrative);
  for (const attachment of model.attachments) addAttachment(referral, attachment);
}

function addArrears(referral: XMLBuilder, { currency, from, until, interest, months, totals }: PacketArrears): void {
  const node = element(referral, 'arrears', { currency, from, until, principal: totals.principal, interest: totals.interest, owed: totals.owed });
  if (interest) element(node, 'rule', { ruleId: interest.ruleId, jurisdiction: interest.jurisdiction, ratePercent: interest.ratePercent, citation: interest.citation });
  for (const { month, charged, adjusted, paid, paidToCurrent, paidToPrincipal, paidToInterest, principal, interestCharged, interest: unpaid } of months) {
    element(node, 'month', { month, charged, adjusted, paid, paidToCurrent, paidToPrincipal, paidToInterest, principal, interestCharged, interest: unpaid });
  }
}

function addAnswers(referral: XMLBuilder, section: string, fields: Readonly<Record<string, Answer>>, of: string | null): void {
  for (const [field, answer] of Object.entries(fields)) {
    const node = element(referral, 'answer', { section, field, of });
    if (isRows(answer)) for (const row of answer) addRow(node, row);
    else text(node, 'value', written(answer));
  }
}

const isRows = (answer: Answer): answer is Exclude<Answer, PlainAnswer> => Array.isArray(answer);

/** As it was said; what is translated of it stands in the narrative of the same place. */
function written(answer: PlainAnswer): string {
  return typeof answer === 'object' ? answer.source : String(answer);
}

function addRow(node: XMLBuilder, row: Readonly<Record<string, PlainAnswer>>): void {
  const cells = Object.entries(row).filter(([, value]) => value !== '');
  if (cells.length === 0) return;
  const child = element(node, 'row');
  for (const [field, value] of cells) text(child, 'cell', written(value), { field });
}

function addNarrative(referral: XMLBuilder, { id, participantId, sourceLanguage, targetLanguage, segments, translator }: PacketNarrative): void {
  const node = element(referral, 'narrative', {
    id, of: participantId, sourceLanguage, targetLanguage, translator: translator.name, qualification: translator.qualification, translatedOn: translator.on,
  });
  for (const { source, target } of segments) {
    const segment = element(node, 'segment');
    text(segment, 'source', source);
    text(segment, 'target', target);
  }
}

function addAttachment(referral: XMLBuilder, one: PacketAttachment): void {
  const { attachmentId, kind, participantId, fileName, mediaType, pages, byteCount, sha256, language, translation, officialForm } = one;
  element(referral, 'attachment', {
    attachmentId, kind, of: participantId, fileName, mediaType, pages: String(pages), byteCount: String(byteCount), sha256, language,
    translatedBy: translation && 'by' in translation ? translation.by : null, noTranslation: translation && 'notNeeded' in translation ? translation.notNeeded : null, officialForm,
  });
}
