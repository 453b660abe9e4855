import { transferCandidates } from './bank-entry.rules.ts';
import type { BankEntry } from './bank-entry.rules.ts';

/** What all writers of bank formats share. */

/** The references that must be written as such, so that reading finds the same transfer numbers in the same order: the rest stands in the text. */
export function writtenReferences(entry: BankEntry): string[] {
  const derived = new Set(transferCandidates([entry.servicerRef], [entry.text]));
  const last = entry.candidates.findLastIndex((candidate) => !derived.has(candidate));
  return entry.candidates.slice(0, last + 1);
}

/** Words in lines of so many characters; a word that is longer is cut. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width - 1);
    lines.push(space > 0 ? rest.slice(0, space) : rest.slice(0, width));
    rest = space > 0 ? rest.slice(space + 1) : rest.slice(width);
  }
  return rest === '' ? lines : [...lines, rest];
}

/** Entries of each statement, in their order. */
export function entriesByStatement(entries: readonly BankEntry[], statements: number): BankEntry[][] {
  const found: BankEntry[][] = Array.from({ length: statements }, () => []);
  for (const entry of entries) found[entry.statement ?? 0]?.push(entry);
  return found;
}
