import { choicesOf, escapedName, membersOf, resolved, shapeOf, withoutNull } from './schema.rules.ts';
import type { Schema } from './schema.rules.ts';

/** One place of a form that is made from a JSON Schema. `name` is the place's JSON pointer, and the field's name in the form. */
export interface FormNode {
  readonly kind: 'text' | 'long' | 'number' | 'date' | 'lines' | 'pairs' | 'choice' | 'yesno' | 'choices' | 'group' | 'rows';
  readonly name: string;
  readonly id: string;
  readonly label: string;
  readonly hint: string | null;
  readonly isRequired: boolean;
  /** As it is typed; of lists one a line. */
  readonly value: string;
  readonly values: readonly string[];
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly members: readonly FormNode[];
  readonly charactersMax: number;
  /** Further rows are allowed. */
  readonly canAdd: boolean;
  /** In which language the words are, where that is the field's name. */
  readonly lang: string | null;
}

/** Words for a form: of a field by its names from the outside in, of a code by the field's names. */
export interface FormWords {
  label(names: readonly string[]): string;
  hint(names: readonly string[]): string | null;
  choice(names: readonly string[], code: string): string;
  row(names: readonly string[], number: number): string;
  readonly more: string;
  readonly yes: string;
  readonly no: string;
  date(day: string): string;
}

const LINES_MAX = 20_000;
const TEXT_MAX = 200;
const LONG_FROM = 300;
const ROWS_MAX = 60;
const LANGUAGE_TAG = /^[a-z]{2,3}(-[A-Z]{2})?$/;

export const idOf = (name: string): string => `f${name.replace(/[^0-9A-Za-z]+/g, '-')}`;
export const textOf = (value: unknown): string => (value === undefined || value === null ? '' : typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value as number | boolean));

/** The form of a value, filled with what it says. `names`: what the place is called, from the outside in. */
export function nodeOf(given: Schema, root: Schema, value: unknown, words: FormWords, { name, names, isRequired }: { readonly name: string; readonly names: readonly string[]; readonly isRequired: boolean }): FormNode | null {
  const { schema, isNullable } = withoutNull(resolved(given, root), root);
  const last = names.at(-1) ?? '';
  const base = {
    name, id: idOf(name), label: words.label(names), hint: words.hint(names), isRequired: isRequired && !isNullable, value: textOf(value), values: [], options: [], members: [],
    charactersMax: schema.maxLength ?? TEXT_MAX, canAdd: false, lang: LANGUAGE_TAG.test(last) && last.length > 2 || last === 'en' ? last : null,
  };
  const inner = (member: string, one: Schema, required: boolean): FormNode[] => {
    const node = nodeOf(one, root, memberOf(value, member), words, { name: `${name}/${escapedName(member)}`, names: [...names, member], isRequired: required });
    return node ? [node] : [];
  };
  switch (shapeOf(schema, root)) {
    case 'const': return null;
    case 'yesno': return { ...base, kind: 'yesno', value: value === true ? 'yes' : value === false ? 'no' : '', options: [{ value: 'yes', label: words.yes }, { value: 'no', label: words.no }] };
    case 'number': return { ...base, kind: 'number', charactersMax: 15 };
    case 'date': return { ...base, kind: 'date' };
    case 'text': return { ...base, kind: base.charactersMax > LONG_FROM ? 'long' : 'text' };
    case 'choice': return { ...base, kind: 'choice', options: (schema.enum ?? []).map((code) => ({ value: code, label: words.choice(names, code) })) };
    case 'choices': {
      const { all, codes } = choicesOf(schema, root) ?? { all: null, codes: [] };
      const values = typeof value === 'string' ? [value] : Array.isArray(value) ? value.map(textOf) : [];
      return { ...base, kind: 'choices', values, options: [...(all === null ? [] : [all]), ...codes].map((code) => ({ value: code, label: words.choice(names, code) })) };
    }
    case 'lines': return { ...base, kind: 'lines', value: (Array.isArray(value) ? value : []).map(textOf).join('\n'), charactersMax: LINES_MAX };
    case 'rows': {
      const rows = Array.isArray(value) ? value.slice(0, ROWS_MAX) : [];
      const members = rows.flatMap((_, index) => inner(String(index), schema.items ?? {}, true)).map((row, index) => ({ ...row, label: words.row(names, index + 1) }));
      return { ...base, kind: 'rows', value: '', members, canAdd: rows.length < (schema.maxItems ?? ROWS_MAX) };
    }
    case 'object': {
      const { named, more } = membersOf(schema, root);
      const rest = Object.entries(typeof value === 'object' && value !== null ? value : {}).filter(([key]) => !named.some(([known]) => known === key));
      const pairs: FormNode[] = more === null ? [] : [{ ...base, kind: 'pairs', name: `${name}~more`, id: idOf(`${name}-more`), label: words.label([...names, 'more']), hint: words.more, isRequired: false, lang: null, charactersMax: LINES_MAX, value: rest.map(([key, text]) => `${key} = ${textOf(text)}`).join('\n') }];
      return { ...base, kind: 'group', value: '', members: [...named.flatMap(([key, one]) => inner(key, one, schema.required?.includes(key) ?? false)), ...pairs] };
    }
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** Every field of a form, the outer before the inner. */
export function allNodes(node: FormNode): FormNode[] {
  return [node, ...node.members.flatMap(allNodes)];
}

/** What a form says, as lines of words: for pages that only show. */
export function linesOf(node: FormNode, words: Pick<FormWords, 'date'>, trail: readonly string[] = []): { readonly label: string; readonly text: string; readonly lang: string | null }[] {
  const label = [...trail, node.label].filter((one) => one !== '').join(' › ');
  const said = (text: string) => (text === '' ? [] : [{ label, text, lang: node.lang }]);
  const optionOf = (value: string): string => node.options.find((one) => one.value === value)?.label ?? value;
  switch (node.kind) {
    case 'group': case 'rows': return node.members.flatMap((member) => linesOf(member, words, trail.length === 0 && node.label === '' ? [] : [...trail, node.label]));
    case 'choices': return said(node.values.map(optionOf).join(' · '));
    case 'choice': case 'yesno': return said(node.value === '' ? '' : optionOf(node.value));
    case 'lines': case 'pairs': return said(node.value.split('\n').filter((line) => line !== '').join(' · '));
    case 'date': return said(node.value === '' ? '' : words.date(node.value));
    default: return said(node.value);
  }
}
