/**
 * One written form for one content: keys sorted, no blanks. Two extracts that say the same give the same text, whatever
 * the order of their keys, so that importing again changes nothing.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as Record<string, unknown>).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Deeper than any case: bounds the recursion of everything that walks a record. */
export const DEPTH_MAX = 24;

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

// XML 1.0 cannot carry these and PostgreSQL refuses the first of them; a name that holds one is damaged.
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/;

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
  return changes;
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
