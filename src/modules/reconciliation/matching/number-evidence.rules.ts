// Which of our cases and disbursements the numbers of a line may name, before anybody has looked whether they exist.
import { canonicalNumber, idsFor, printedNumbers, withoutLookalikes } from './printed-number.rules.ts';
import type { NumberShape } from './printed-number.rules.ts';

/** How a number names: as our own printed in full, without its beginning, or as the partner's own file number of the case. */
export type Strength = 'whole' | 'short' | 'partner';
export type Named = { readonly id: string; readonly strength: Strength; readonly inText: boolean };
export type NamedCase = { readonly caseId: string; readonly strength: Strength; readonly inText: boolean };

/** A partner's own number as it is compared: capitals, plain width, without what people put between digits. */
export function plainPartnerNumber(text: string): string {
  return text.normalize('NFKC').toUpperCase().replace(/[ \-./_#:]/gu, '');
}

/** Cases that the partner's own number names, between those named by our own number in full and those by a part of it. */
export function withPartnerNumbers(named: readonly Named[], caseIds: readonly string[]): Named[] {
  const partner = caseIds.map((id): Named => ({ id, strength: 'partner', inText: false }));
  return [...named.filter((n) => n.strength === 'whole' && !n.inText), ...partner, ...named.filter((n) => n.strength !== 'whole' || n.inText)]
    .filter((n, i, all) => all.findIndex((x) => x.id === n.id) === i);
}

/** Which kind of number named the case. */
export function numberReason(named: { readonly strength: Strength; readonly inText: boolean }): string {
  if (named.inText) return 'case_id.in_text';
  return { whole: 'case_id.exact', short: 'case_id.shortened', partner: 'case_id.partner_number' }[named.strength];
}

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
