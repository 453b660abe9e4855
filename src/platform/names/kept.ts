// The same names come again and again in a file: their forms are kept, up to a limit; what was not asked for since then goes first.
const KEPT_MAX = 20_000;

/** Remembers what was made of the texts that were asked for last. */
export function kept<T>(make: (text: string) => T): (text: string) => T {
  let known = new Map<string, T>();
  let before = new Map<string, T>();
  const find = (text: string): T => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = before.get(text) ?? make(text);
    if (known.size >= KEPT_MAX) {
      before = known;
      known = new Map();
    }
    known.set(text, made);
    return made;
  };
  // One printed name is held against many persons in a row.
  let last: { readonly text: string; readonly made: T } | null = null;
  return (text) => {
    if (last === null || last.text !== text) last = { text, made: find(text) };
    return last.made;
  };
}
