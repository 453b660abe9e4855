import type { FormSet } from './form-set.rules.ts';
import type { FormBlock, FormDefinition } from './form.rules.ts';

interface KnownForms {
  readonly forms: ReadonlyMap<string, FormDefinition>;
  readonly parts: ReadonlyMap<string, readonly FormBlock[]>;
}

/** A text that documents print, and the file that asks for it. */
export interface AskedWord {
  readonly key: string;
  /** The beginning of keys: which one is printed depends on the case, so all of them are needed. */
  readonly isPrefix: boolean;
  readonly by: string;
}

/** Something that a set or a form names and that is not there. */
export interface UnknownName {
  readonly kind: 'form' | 'part';
  readonly name: string;
  readonly by: string;
}

/** What the page, its frame and the engine print besides the forms. */
const FRAME_WORDS = [
  'packet:title', 'packet:header.packet', 'packet:header.referral', 'packet:header.our_number', 'packet:header.your_number', 'packet:footer.not_federal', 'packet:footer.page', 'packet:attachment.message', 'packet:language.name',
  'packet:value.yes', 'packet:value.no', 'packet:value.not_stated', 'packet:value.withheld',
  'packet:label.number', 'packet:label.document', 'packet:label.first_page', 'packet:label.pages',
];
const SIGNATURE_WORDS = ['oath', 'name', 'place_and_date', 'notary', 'stamp'].map((line) => `packet:signature.${line}`);
const WORDED = new Set(['words', 'title', 'label', 'empty', 'by']);
const isKey = (value: unknown): value is string => typeof value === 'string' && value.includes(':');

/** Every form that packets of this set can have. */
export function formsOfSet(set: FormSet): string[] {
  const ids = [
    ...set.always.first, ...set.always.last, ...set.sealedParts,
    ...Object.values(set.services).flatMap(({ options }) => options.flatMap((option) => option.documents)),
    ...Object.values(set.byCountry).flatMap((documents) => documents.map(({ formId }) => formId)),
    ...Object.entries(set.after).flatMap(([before, following]) => [before, ...following]),
  ];
  return [...new Set(ids)];
}

/** The words that the forms of a set print, each once, and the forms and parts that are named but not there. */
export function wordsOfSet(set: FormSet, library: KnownForms): { readonly words: readonly AskedWord[]; readonly unknown: readonly UnknownName[] } {
  const words = new Map<string, AskedWord>();
  const unknown: UnknownName[] = [];
  const seenParts = new Set<string>();
  const ask = (key: string, isPrefix: boolean, by: string): void => {
    if (!words.has(key)) words.set(key, { key, isPrefix, by });
  };
  const visitPart = (name: string, by: string): void => {
    const part = library.parts.get(name);
    if (!part) unknown.push({ kind: 'part', name, by });
    else if (!seenParts.has(name)) {
      seenParts.add(name);
      visit(part, `forms/parts/${name}.json`);
    }
  };
  const visit = (node: unknown, by: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const object = node as Readonly<Record<string, unknown>>;
    if (object['kind'] === 'use' && typeof object['part'] === 'string') visitPart(object['part'], by);
    if (object['kind'] === 'signature') for (const key of SIGNATURE_WORDS) ask(key, false, by);
    for (const [name, value] of Object.entries(object)) {
      if (WORDED.has(name) && isKey(value)) ask(value, name === 'words' && object['as'] === 'code', by);
      else visit(value, by);
    }
  };
  for (const key of FRAME_WORDS) ask(key, false, 'documents');
  for (const formId of formsOfSet(set)) {
    const form = library.forms.get(formId);
    if (!form) unknown.push({ kind: 'form', name: formId, by: `form-sets/${set.setId}.json` });
    else visit({ title: form.title, blocks: form.blocks }, `forms/${formId}.json`);
  }
  return { words: [...words.values()], unknown };
}
