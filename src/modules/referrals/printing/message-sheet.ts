import { fileURLToPath } from 'node:url';
import { hasWords } from '../../../platform/i18n.ts';
import type { Paper } from '../../../platform/pdf/paper.ts';
import { renderPdf } from '../../../platform/pdf/render.ts';
import { together } from '../documents/document.rules.ts';
import type { Line, Pair } from '../documents/document.rules.ts';
import { packetWords } from '../packets/compose-packet.ts';
import { qrSvg } from './qr-code.ts';
import { referenceText, typedReference } from './reference.rules.ts';
import type { SheetReference } from './reference.rules.ts';

const TEMPLATES = fileURLToPath(new URL('./layout', import.meta.url));

/** What stands on the sheet that is laid on top of papers which are no packet. Numbers and offices, nobody's name. */
export interface MessageSheet {
  readonly messageId: string;
  readonly reference: SheetReference;
  /** The office that sends, in English and, where it has a name there, in the partner's language. */
  readonly office: { readonly en: string; readonly theirs: string };
  /** The partner's language, beside English. */
  readonly language: string;
  readonly paper: Paper;
  readonly datedOn: string;
  readonly ourFileNumber: string | null;
  readonly partnerFileNumber: string | null;
  readonly conversation: string | null;
}

/** A reference sheet of one page. */
export function messageSheetPdf(sheet: MessageSheet): Buffer {
  const words = packetWords(hasWords(sheet.language, 'printing:sheet.message') ? sheet.language : 'en');
  const row = (key: string, value: Pair): { label: Line[]; value: Line[] } => ({ label: together(words.sentence(`printing:sheet.${key}`)), value: together(value) });
  const given = (key: string, value: string | null): { label: Line[]; value: Line[] }[] => (value === null ? [] : [row(key, words.given(value))]);
  const data = {
    title: sheet.messageId, author: sheet.office.en, paper: sheet.paper === 'a4' ? 'a4' : 'us-letter', marks: [],
    sheets: [{
      title: together(words.sentence('printing:sheet.title')),
      qr: qrSvg(referenceText(sheet.reference)), typed: typedReference(sheet.reference), typedLabel: together(words.sentence('printing:sheet.typed')),
      rows: [
        row('agency', words.given(sheet.office.en, sheet.office.theirs)), ...given('message', sheet.messageId), ...given('conversation', sheet.conversation),
        ...given('our_file', sheet.ourFileNumber), ...given('their_file', sheet.partnerFileNumber),
      ],
      notes: ['keep', 'scan_message', 'confidential'].map((key) => words.sentence(`printing:sheet.${key}`)),
    }],
  };
  return Buffer.from(renderPdf({ templates: TEMPLATES, main: 'printed-sets.typ', data, madeAt: new Date(`${sheet.datedOn}T00:00:00Z`) }).bytes);
}
