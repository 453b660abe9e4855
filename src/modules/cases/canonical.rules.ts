/**
 * One written form for one content: keys sorted, no blanks. Two extracts that say the same give the same text, whatever
 * the order of their keys, so that importing again changes nothing.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const record = value as Record<string, unknown>;
  let text = '';
  for (const key of Object.keys(record).sort()) {
    const item = record[key];
    if (item !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(item)}`;
  }
  return `{${text}}`;
}

/** Deeper than any case: bounds the recursion of everything that walks a record. */
export const DEPTH_MAX = 24;

/**
 * Whether a line of JSON could hold a text that no document could print: control characters of ASCII enter only as escapes. This
 * quick look spares nearly every line the walk of `unprintableAt`.
 */
export function mayBeUnprintable(json: string): boolean {
  return /\\[ubf]|[\u007f-\u009f\ufffe\uffff]/.test(json);
}

/** The pointer of the first text that no document could print (control characters, halves of characters), or of what lies too deep. */
export function unprintableAt(value: unknown, path = '', depth = 0): { path: string; isTooDeep: boolean } | null {
  if (typeof value === 'string') return isPrintable(value) ? null : { path, isTooDeep: false };
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= DEPTH_MAX) return { path: '', isTooDeep: true };
  for (const [key, item] of Object.entries(value)) {
    if (!isPrintable(key)) return { path, isTooDeep: false };
    const found = unprintableAt(item, `${path}/${escapePointer(key)}`, depth + 1);
    if (found) return found;
  }
  return null;
}

// XML 1.0 cannot carry the first of these, PostgreSQL refuses NUL, and terminals obey the second range (C1) as commands; a name
// that holds one is damaged.
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/;

function isPrintable(text: string): boolean {
  return !UNPRINTABLE.test(text) && text.isWellFormed();
}

/** A key as it stands in a JSON pointer (RFC 6901); keys that no contract would use are not repeated, as they may hold anything. */
export function escapePointer(key: string): string {
  return /^[A-Za-z0-9_]{1,40}$/.test(key) ? key : '*';
}

/** No version lists more places than this; a case that changed everywhere says so with its last pointer. */
const CHANGES_MAX = 200;

/**
 * Where two versions of a record differ, as JSON pointers and nothing more: values of a case live in its encrypted body alone.
 * Lists are compared by position.
 */
export function changedPointers(before: unknown, after: unknown): string[] {
  const changes: string[] = [];
  collectChanges(before, after, '', changes);
  return changes.sort();
}

function collectChanges(before: unknown, after: unknown, path: string, changes: string[]): void {
  if (changes.length >= CHANGES_MAX || before === after) return;
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null || Array.isArray(before) !== Array.isArray(after)) {
    changes.push(path || '/');
    return;
  }
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const here = `${path}/${escapePointer(key)}`;
    if (Object.hasOwn(old, key) && Object.hasOwn(now, key)) collectChanges(old[key], now[key], here, changes);
    else if (changes.length < CHANGES_MAX) changes.push(here);
  }
}
