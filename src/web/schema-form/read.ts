import { choicesOf, escapedName, membersOf, resolved, shapeOf, withoutNull } from './schema.rules.ts';
import type { Schema } from './schema.rules.ts';

/** What was sent, by the fields' names. */
export type Sent = Readonly<Record<string, unknown>>;

const ROWS_MAX = 60;
const LINES_MAX = 500;
const TEXT_MAX = 100_000;

/**
 * What a form says, as a value for its schema to check: nothing is mended and nothing left out but what is empty. `undefined` where nothing was filled in.
 */
export function valueFrom(given: Schema, root: Schema, sent: Sent, name: string, isRequired: boolean): unknown {
  const { schema, isNullable } = withoutNull(resolved(given, root), root);
  const value = readPlace(schema, root, sent, name, isRequired);
  return isNullable && (value === undefined || isEmpty(value)) ? null : value;
}

function readPlace(schema: Schema, root: Schema, sent: Sent, name: string, isRequired: boolean): unknown {
  switch (shapeOf(schema, root)) {
    case 'const': return schema.const;
    case 'yesno': return { yes: true, no: false }[sentText(sent, name)];
    case 'number': return numberOf(sentText(sent, name));
    case 'choices': return choicesFrom(schema, root, sentList(sent, name), isRequired);
    case 'lines': {
      const lines = sentText(sent, name).split('\n').map((line) => line.trim()).filter((line) => line !== '').slice(0, LINES_MAX);
      return lines.length === 0 && !isRequired ? undefined : lines;
    }
    case 'rows': {
      const rows = Array.from({ length: rowsIn(sent, name) }, (_, index) => valueFrom(schema.items ?? {}, root, sent, `${name}/${index}`, true) ?? {});
      return rows.length === 0 && !isRequired ? undefined : rows;
    }
    case 'object': return objectFrom(schema, root, sent, name, isRequired);
    default: {
      const text = sentText(sent, name);
      const mayBeEmpty = isRequired && schema.minLength === undefined && schema.pattern === undefined && schema.format === undefined && schema.enum === undefined;
      return text === '' && !mayBeEmpty ? undefined : text;
    }
  }
}

function choicesFrom(schema: Schema, root: Schema, ticked: readonly string[], isRequired: boolean): unknown {
  const { all, codes } = choicesOf(schema, root) ?? { all: null, codes: [] };
  if (all !== null && ticked.includes(all)) return all;
  // What is not on the list stays, for the schema to name.
  const values = [...codes.filter((code) => ticked.includes(code)), ...ticked.filter((code) => !codes.includes(code))];
  return values.length === 0 && !isRequired ? undefined : values;
}

function objectFrom(schema: Schema, root: Schema, sent: Sent, name: string, isRequired: boolean): unknown {
  const { named, more } = membersOf(schema, root);
  const members = named.flatMap(([key, one]) => {
    const value = valueFrom(one, root, sent, `${name}/${escapedName(key)}`, schema.required?.includes(key) ?? false);
    const isLeftOut = value === undefined || (!(schema.required?.includes(key) ?? false) && isEmpty(value) && value !== null);
    return isLeftOut ? [] : [[key, value] as const];
  });
  const pairs = more === null ? [] : sentText(sent, `${name}~more`).split('\n').map((line) => line.trim()).filter((line) => line !== '').slice(0, LINES_MAX).map((line) => {
    const at = line.indexOf('=');
    return at < 0 ? [line, ''] as const : [line.slice(0, at).trim(), line.slice(at + 1).trim()] as const;
  });
  const value = Object.fromEntries([...members, ...pairs]);
  return !isRequired && isEmpty(value) ? undefined : value;
}

/** Nothing was filled in here: what a schema fixes by itself is no answer. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

/** What a button of the form asked for besides saving: another row, one row less, or a row before the one above it. */
export function rowsChanged(value: unknown, asked: string, base: string): { readonly value: unknown; readonly changed: string } | null {
  const match = /^(add|remove|up):(\/.*)$/.exec(asked);
  if (!match || !(match[2] as string).startsWith(base)) return null;
  const names = (match[2] as string).slice(base.length).split('/').slice(1).map((one) => one.replaceAll('~1', '/').replaceAll('~0', '~'));
  const copy = structuredClone(value ?? {});
  const last = match[1] === 'add' ? undefined : names.pop();
  let here: unknown = copy;
  for (const [index, one] of names.entries()) {
    if (typeof here !== 'object' || here === null) return null;
    const inside = here as Record<string, unknown>;
    if (!Object.hasOwn(inside, one)) Object.defineProperty(inside, one, { value: index === names.length - 1 ? [] : {}, enumerable: true, configurable: true, writable: true });
    here = inside[one];
  }
  if (!Array.isArray(here)) return null;
  if (last === undefined) {
    if (here.length < ROWS_MAX) here.push({});
    return { value: copy, changed: `${match[2] as string}/${here.length - 1}` };
  }
  if (!/^\d{1,3}$/.test(last)) return null;
  const [taken] = here.splice(Number(last), 1);
  if (match[1] === 'up' && taken !== undefined) here.splice(Math.max(0, Number(last) - 1), 0, taken);
  return { value: copy, changed: (match[2] as string).slice(0, -last.length - 1) };
}

function rowsIn(sent: Sent, name: string): number {
  const text = sentText(sent, `${name}~rows`);
  return /^\d{1,3}$/.test(text) ? Math.min(Number(text), ROWS_MAX) : 0;
}

function numberOf(text: string): unknown {
  if (text === '') return undefined;
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

function sentText(sent: Sent, name: string): string {
  const value = Object.hasOwn(sent, name) ? sent[name] : undefined;
  return typeof value === 'string' ? value.slice(0, TEXT_MAX).replace(/\r\n?/g, '\n').trim() : '';
}

function sentList(sent: Sent, name: string): string[] {
  const value = Object.hasOwn(sent, name) ? sent[name] : undefined;
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter((one): one is string => typeof one === 'string').slice(0, 100).map((one) => one.slice(0, 200));
}
