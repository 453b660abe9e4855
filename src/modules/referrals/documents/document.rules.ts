import type { Param } from '../../../platform/errors.ts';

/** One run of words in one language, with its region, so that a reader's software speaks it rightly. */
export interface Line {
  readonly text: string;
  readonly lang: string;
  readonly style?: 'plain' | 'small' | 'strong' | 'code' | 'rule';
}

/** The same thing said in English (left) and in the partner's language (right). */
export interface Pair {
  readonly left: readonly Line[];
  readonly right: readonly Line[];
}

export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly left: readonly Line[]; readonly right: readonly Line[] }
  | { readonly kind: 'pair' | 'notice'; readonly rows: readonly Pair[] }
  | { readonly kind: 'fields'; readonly heading: Pair; readonly rows: readonly FieldRow[]; readonly keep: boolean }
  | { readonly kind: 'grid'; readonly columns: readonly GridColumn[]; readonly rows: readonly (readonly (readonly Line[])[])[] }
  | { readonly kind: 'turn' }
  /** Begins a document of the packet: a new page, its title in the running header, its own count of pages. Prints no heading. */
  | { readonly kind: 'document'; readonly id: string; readonly title: Pair }
  /** Boxes to tick, `[X]` or `[ ]`. */
  | { readonly kind: 'choices'; readonly rows: readonly { readonly pair: Pair; readonly isOn: boolean }[] }
  /** Lines to sign on, each with its label below; the oath stands above them. Kept on one page. */
  | { readonly kind: 'signature'; readonly rows: readonly Pair[]; readonly oath: Pair | null }
  /** A text and its translation, sentence beside sentence. */
  | { readonly kind: 'segments'; readonly heading?: Pair; readonly rows: readonly Pair[] }
  /** The documents of the packet; on which page each begins and how many it has is known to the layout only. */
  | { readonly kind: 'contents'; readonly headings: ContentsHeadings; readonly rows: readonly ContentsRow[] };

export interface ContentsHeadings {
  readonly number: readonly Line[];
  readonly title: readonly Line[];
  readonly firstPage: readonly Line[];
  readonly pages: readonly Line[];
}

export interface ContentsRow {
  /** Of the `document` block; a row without one (an attachment) gets no page. */
  readonly id: string;
  readonly title: Pair;
  readonly note: Pair | null;
}

export interface FieldRow {
  readonly label: Pair;
  readonly value: Pair;
}

export interface GridColumn {
  readonly heading: readonly Line[];
  readonly share: number;
  readonly align: 'left' | 'right';
}

/** The federal wording of a text beside the partner's own, by key, where the two languages of law differ (glossaries/). */
export interface Glossary {
  readonly federalLanguage: string;
  readonly wordings: Readonly<Record<string, string>>;
}

/** How one language says things: its tag, its dictionary and whether the dictionary knows a key. */
export interface Voice {
  readonly language: string;
  readonly tag: string;
  readonly say: (key: string, params?: Record<string, Param>) => string;
  readonly knows: (key: string) => boolean;
}

/** Both voices of a packet. What either cannot say is collected in `missing`, and nothing is sealed while it is not empty. */
export interface Words {
  readonly left: Voice;
  readonly right: Voice;
  readonly missing: Set<string>;
  /** A label, heading or value: the federal term first and the local one below it in smaller type, where they differ. */
  pair(key: string, params?: Record<string, Param>): Pair;
  /** As `pair`, with the gaps filled differently on each side. */
  pairOf(key: string, left: Record<string, Param>, right: Record<string, Param>): Pair;
  /** The same words without the federal line: for sentences, where the glossary's bracket stands in the words themselves. */
  sentence(key: string, params?: Record<string, Param>): Pair;
  /** Two texts that are data, not words: a name, a date, an amount. */
  given(left: string, right?: string, style?: Line['style']): Pair;
}

export function bilingualWords(left: Voice, right: Voice, glossary: Glossary | null): Words {
  const missing = new Set<string>();
  const say = (voice: Voice, key: string, params?: Record<string, Param>): string => {
    if (voice.knows(key)) return voice.say(key, params);
    missing.add(`${voice.language}:${key}`);
    return key;
  };
  const sentenceOf = (key: string, leftParams?: Record<string, Param>, rightParams?: Record<string, Param>): Pair => ({
    left: [{ text: say(left, key, leftParams), lang: left.tag }],
    right: [{ text: say(right, key, rightParams), lang: right.tag }],
  });
  const sentence: Words['sentence'] = (key, params) => sentenceOf(key, params, params);
  const withFederal = (key: string, plain: Pair): Pair => {
    const federal = glossary?.wordings[key.slice(key.indexOf(':') + 1)];
    const local = plain.right[0];
    if (!glossary || !federal || !local || federal === local.text) return plain;
    return { left: plain.left, right: [{ text: federal, lang: glossary.federalLanguage }, { ...local, style: 'small' }] };
  };
  const pair: Words['pair'] = (key, params) => withFederal(key, sentence(key, params));
  const pairOf: Words['pairOf'] = (key, leftParams, rightParams) => withFederal(key, sentenceOf(key, leftParams, rightParams));
  const given: Words['given'] = (text, other = text, style = 'plain') => ({
    left: [{ text, lang: left.tag, style }], right: [{ text: other, lang: right.tag, style }],
  });
  return { left, right, missing, pair, pairOf, sentence, given };
}

export function strong(pair: Pair): Pair {
  const bold = (lines: readonly Line[]): Line[] => lines.map((line) => (line.style === 'small' ? line : { ...line, style: 'strong' }));
  return { left: bold(pair.left), right: bold(pair.right) };
}

/** The same words with a capital first, for scripts that have one. */
export function capitalised(pair: Pair): Pair {
  const raised = (lines: readonly Line[]): Line[] => lines.map((line) => ({ ...line, text: line.text.charAt(0).toLocaleUpperCase(line.lang) + line.text.slice(1) }));
  return { left: raised(pair.left), right: raised(pair.right) };
}

/** Several lines as one cell. */
export function stacked(pairs: readonly Pair[]): Pair {
  return { left: pairs.flatMap((pair) => pair.left), right: pairs.flatMap((pair) => pair.right) };
}

/** Both languages in one cell of a table that is not doubled; said once where both say the same. */
export function together(pair: Pair): Line[] {
  const same = pair.left.length === pair.right.length && pair.left.every((line, index) => line.text === pair.right[index]?.text);
  return same ? [...pair.left] : [...pair.left, ...pair.right.map((line) => ({ ...line, style: line.style === 'plain' || line.style === undefined ? 'small' as const : line.style }))];
}

/** Names of persons in one cell, each once on a line of its own: as the partner writes it, with the Latin letters in brackets. */
export function namesOnce(pair: Pair): Line[] {
  const names = pair.right.flatMap((line, index): Line[] => {
    const next = pair.right[index + 1];
    if (line.style !== 'strong') return [];
    return [next?.style === 'small' ? { ...line, text: `${line.text} (${next.text})` } : line];
  });
  // Who is withheld has no name, and that is said in words.
  const said = (lines: readonly Line[]): Line[] => lines.filter((line, index) => line.style !== 'strong' && !(line.style === 'small' && lines[index - 1]?.style === 'strong'));
  return [...names, ...together({ left: said(pair.left), right: said(pair.right) })];
}

// A table that is kept on one page must fit on one, whatever stands in it.
const KEPT_ROWS_MAX = 12;
const KEPT_CHARACTERS_MAX = 1_400;

/** A form in both languages; a short one is not broken across pages. */
export function fieldsBlock(heading: Pair, rows: readonly FieldRow[]): Block {
  const characters = rows.flatMap((row) => [...row.label.right, ...row.value.left, ...row.value.right]).reduce((sum, line) => sum + line.text.length + 20, 0);
  return { kind: 'fields', heading, rows, keep: rows.length <= KEPT_ROWS_MAX && characters <= KEPT_CHARACTERS_MAX };
}

/** Every text that will be printed, for checks on the characters in it. */
export function textsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap(linesOf).map((line) => line.text);
}

const sides = (pairs: readonly (Pair | null | undefined)[]): Line[] => pairs.flatMap((pair) => (pair ? [...pair.left, ...pair.right] : []));

function linesOf(block: Block): readonly Line[] {
  switch (block.kind) {
    case 'heading': return sides([block]);
    case 'document': return sides([block.title]);
    case 'pair': case 'notice': return sides(block.rows);
    case 'segments': return sides([block.heading, ...block.rows]);
    case 'signature': return sides([block.oath, ...block.rows]);
    case 'choices': return sides(block.rows.map((row) => row.pair));
    case 'fields': return sides([block.heading, ...block.rows.flatMap((row) => [row.label, row.value])]);
    case 'grid': return [...block.columns.flatMap((column) => column.heading), ...block.rows.flat(2)];
    case 'contents': return [...block.headings.number, ...block.headings.title, ...block.headings.firstPage, ...block.headings.pages, ...sides(block.rows.flatMap((row) => [row.title, row.note]))];
    case 'turn': return [];
  }
}
