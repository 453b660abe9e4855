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
  readonly numbers: FileNumbers;
}

/** Under which numbers the offices keep the case: the sender, the addressee, and those that passed it on. */
export interface FileNumbers {
  readonly ours: string | null;
  readonly theirs: string | null;
  readonly hops: readonly { readonly office: string; readonly fileNumber: string }[];
}

/** More of them would not fit the sheet. */
const HOPS_MAX = 4;
const OFFICE_MAX = 60;
const NUMBER_MAX = 60;

export function pagesOfSet(plan: Pick<SetPlan, 'packetPages' | 'attachmentPages'>): number {
  return 1 + plan.packetPages + plan.attachmentPages;
}

/** The sheets of all sets, and after them a clear page with its mark for every page of every set, in order. */
export function setPages(plan: SetPlan, words: Words): Pdf {
  const drawn = drawPages(plan, words);
  if (drawn.pages === pagesOfSet(plan) * plan.sets + plan.sets) return drawn;
  // A partner that calls its offices by endless names gets a sheet without them, never marks on the wrong pages.
  return drawPages({ ...plan, numbers: { ours: plan.numbers.ours, theirs: null, hops: [] } }, words);
}

function drawPages(plan: SetPlan, words: Words): Pdf {
  const numbers = Array.from({ length: plan.sets }, (_, index) => index + 1);
  const pages = pagesOfSet(plan);
  const data = {
    title: `${plan.packetId}`, author: plan.agency, paper: plan.paper === 'a4' ? 'a4' : 'us-letter',
    sheets: numbers.map((set) => sheetOf(plan, set, words)),
    marks: numbers.flatMap((set) => Array.from({ length: pages }, (_, index) => [...together(words.sentence('printing:mark', { set, sets: plan.sets, page: index + 1, pages })), { text: plan.packetId, lang: words.left.tag }])),
  };
  return renderPdf({ templates: TEMPLATES, main: 'printed-sets.typ', data, madeAt: new Date(`${plan.datedOn}T00:00:00Z`) });
}

type Row = { readonly label: readonly Line[]; readonly value: readonly Line[] };

/** A number that is longer than any file number is not printed: half of it would be another. */
function numberRows({ ours, theirs, hops }: FileNumbers, words: Words): Row[] {
  const row = (key: string, value: string | null): Row[] =>
    (value === null || value.trim() === '' || value.length > NUMBER_MAX ? [] : [{ label: together(words.sentence(`printing:sheet.${key}`)), value: together(words.given(value)) }]);
  const passed = hops.filter(({ fileNumber }) => fileNumber.length <= NUMBER_MAX).slice(0, HOPS_MAX)
    .map(({ office, fileNumber }) => ({ text: `${office.slice(0, OFFICE_MAX)}: ${fileNumber}`, lang: words.left.tag }));
  return [...row('our_file', ours), ...row('their_file', theirs), ...(passed.length > 0 ? [{ label: together(words.sentence('printing:sheet.hop_files')), value: passed }] : [])];
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
      row('agency', words.given(plan.agency)), row('packet', words.given(plan.packetId)), ...numberRows(plan.numbers, words),
      row('set', words.sentence('printing:sheet.set_of', { set, sets: plan.sets })),
      row('documents', range(2, last)),
      ...(plan.attachmentPages > 0 ? [row('attachments', range(last + 1, last + plan.attachmentPages))] : []),
    ],
    notes: ['keep', 'scan', 'confidential'].map((key) => words.sentence(`printing:sheet.${key}`)),
  };
}
