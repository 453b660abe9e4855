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
  | { readonly kind: 'turn' };

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
  const sentence: Words['sentence'] = (key, params) => ({
    left: [{ text: say(left, key, params), lang: left.tag }],
    right: [{ text: say(right, key, params), lang: right.tag }],
  });
  const pair: Words['pair'] = (key, params) => {
    const plain = sentence(key, params);
    const federal = glossary?.wordings[key.slice(key.indexOf(':') + 1)];
    const local = plain.right[0];
    if (!glossary || !federal || !local || federal === local.text) return plain;
    return { left: plain.left, right: [{ text: federal, lang: glossary.federalLanguage }, { ...local, style: 'small' }] };
  };
  const given: Words['given'] = (text, other = text, style = 'plain') => ({
    left: [{ text, lang: left.tag, style }], right: [{ text: other, lang: right.tag, style }],
  });
  return { left, right, missing, pair, sentence, given };
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
  const lines = blocks.flatMap((block): readonly Line[] => {
    switch (block.kind) {
      case 'heading': return [...block.left, ...block.right];
      case 'pair': case 'notice': return block.rows.flatMap((row) => [...row.left, ...row.right]);
      case 'fields': return [block.heading, ...block.rows.flatMap((row) => [row.label, row.value])].flatMap((pair) => [...pair.left, ...pair.right]);
      case 'grid': return [...block.columns.flatMap((column) => column.heading), ...block.rows.flat(2)];
      case 'turn': return [];
    }
  });
  return lines.map((line) => line.text);
}
