// Which of our cases and disbursements the numbers of a line may name, before anybody has looked whether they exist.
import { canonicalNumber, idsFor, printedNumbers, withoutLookalikes } from './printed-number.rules.ts';
import type { NumberShape } from './printed-number.rules.ts';

export type Named = { readonly id: string; readonly strength: 'whole' | 'short'; readonly inText: boolean };

function fromText(text: string, shapes: readonly NumberShape[], inText: boolean): Named[] {
  return printedNumbers(text).flatMap((n) => idsFor(n, shapes)).filter((c) => c.strength !== 'weak')
    .map((c) => ({ id: c.id, strength: c.strength === 'whole' ? 'whole' as const : 'short' as const, inText }));
}

/** Ids that a cell and a remark may name, the cell's first, each once. */
export function namedIds(cell: string | null, remark: string, shapes: readonly NumberShape[]): Named[] {
  const found = new Map<string, Named>();
  const add = (named: Named): void => {
    if (!found.has(named.id)) found.set(named.id, named);
  };
  if (cell !== null) {
    for (const id of new Set([cell.trim(), cell.trim().toUpperCase(), canonicalNumber(cell)])) {
      if (id !== '' && id.length <= 40) add({ id, strength: 'whole', inText: false });
    }
    for (const named of fromText(cell, shapes, false)) add(named);
    const read = withoutLookalikes(canonicalNumber(cell));
    if (read !== canonicalNumber(cell)) for (const named of fromText(read, shapes, false)) add({ ...named, strength: 'short' });
  }
  if (/\d{3}/u.test(remark) || /\p{Nd}{3}/u.test(remark)) for (const named of fromText(remark, shapes, true)) add(named);
  return [...found.values()];
}
