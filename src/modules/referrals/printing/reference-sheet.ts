import { fileURLToPath } from 'node:url';
import { renderPdf } from '../../../platform/pdf/render.ts';
import type { Pdf } from '../../../platform/pdf/render.ts';
import { together } from '../documents/document.rules.ts';
import type { Line, Pair, Words } from '../documents/document.rules.ts';
import { qrSvg } from './qr-code.ts';
import { referenceText, typedReference } from './reference.rules.ts';
import type { SheetReference } from './reference.rules.ts';

const TEMPLATES = fileURLToPath(new URL('./layout', import.meta.url));

/** How the pages of one set follow each other; the reference sheet is its first page. */
export interface SetPlan {
  readonly packetId: string;
  readonly sha256: string;
  readonly sets: number;
  readonly packetPages: number;
  readonly attachmentPages: number;
  readonly attachments: number;
  readonly paper: 'letter' | 'a4';
  readonly agency: string;
  readonly datedOn: string;
}

export function pagesOfSet(plan: Pick<SetPlan, 'packetPages' | 'attachmentPages'>): number {
  return 1 + plan.packetPages + plan.attachmentPages;
}

/** The sheets of all sets, and after them a clear page with its mark for every page of every set, in order. */
export function setPages(plan: SetPlan, words: Words): Pdf {
  const numbers = Array.from({ length: plan.sets }, (_, index) => index + 1);
  const pages = pagesOfSet(plan);
  const data = {
    title: `${plan.packetId}`, author: plan.agency, paper: plan.paper === 'a4' ? 'a4' : 'us-letter',
    sheets: numbers.map((set) => sheetOf(plan, set, words)),
    marks: numbers.flatMap((set) => Array.from({ length: pages }, (_, index) => [...together(words.sentence('printing:mark', { set, sets: plan.sets, page: index + 1, pages })), { text: plan.packetId, lang: words.left.tag }])),
  };
  return renderPdf({ templates: TEMPLATES, main: 'printed-sets.typ', data, madeAt: new Date(`${plan.datedOn}T00:00:00Z`) });
}

function sheetOf(plan: SetPlan, set: number, words: Words) {
  const reference: SheetReference = { packetId: plan.packetId, set, digestPrefix: plan.sha256.slice(0, 8) };
  const row = (key: string, value: Pair): { label: Line[]; value: Line[] } => ({ label: together(words.sentence(`printing:sheet.${key}`)), value: together(value) });
  const last = 1 + plan.packetPages;
  const range = (from: number, to: number): Pair => words.sentence('printing:sheet.pages_from_to', { from, to });
  return {
    title: together(words.sentence('printing:sheet.title')),
    qr: qrSvg(referenceText(reference)), typed: typedReference(reference), typedLabel: together(words.sentence('printing:sheet.typed')),
    rows: [
      row('agency', words.given(plan.agency)), row('packet', words.given(plan.packetId)),
      row('set', words.sentence('printing:sheet.set_of', { set, sets: plan.sets })),
      row('documents', range(2, last)),
      ...(plan.attachmentPages > 0 ? [row('attachments', range(last + 1, last + plan.attachmentPages))] : []),
    ],
    notes: ['keep', 'scan', 'confidential'].map((key) => words.sentence(`printing:sheet.${key}`)),
  };
}
