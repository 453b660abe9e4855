// Whether a partner's list of cases and ours say the same. Pure: their rows and our cases in, differences out.
import { AGREES, AGREES_FULLY, DIFFERS, payerEvidence, receiverEvidence } from '../matching/person.rules.ts';
import type { CaseView } from '../matching/person.rules.ts';
import { canonicalNumber, relation } from '../matching/printed-number.rules.ts';

export type TheirCase = { readonly line: number; readonly partnerNumber: string; readonly caseId: string; readonly obligor: string; readonly obligee: string; readonly status: 'open' | 'closed' | null };
export type OurCase = CaseView & {
  /** The numbers under which the partner keeps it, as far as we know. */
  readonly partnerNumbers: readonly string[];
  /** Money or papers have gone between us and this partner for it. */
  readonly isExchanged: boolean;
};

export const DIFFERENCES = ['orphan_theirs', 'orphan_ours', 'closed_here', 'closed_there', 'case_number_drifted', 'partner_number_drifted', 'partner_number_new', 'names_differ', 'listed_twice', 'number_shared'] as const;
export type DifferenceCode = (typeof DIFFERENCES)[number];
export type Difference = { readonly code: DifferenceCode; readonly line: number | null; readonly partnerNumber: string | null; readonly printedCaseId: string | null; readonly caseId: string | null; readonly county: string | null };

/** So many rows without a case are held against so many of our cases; beyond that nobody guesses. */
const GUESSES_MAX = 2_000;

type Names = 'agree' | 'fully' | 'differ' | 'unclear';

function namesOf(row: TheirCase, ours: OurCase): Names {
  const scores = [payerEvidence(row.obligor, ours)?.score, receiverEvidence(row.obligee, ours)?.score].filter((score) => score !== undefined);
  if (scores.length === 0) return 'unclear';
  const worst = Math.min(...scores);
  if (worst < DIFFERS) return 'differ';
  return scores.length === 2 && worst >= AGREES_FULLY ? 'fully' : worst >= AGREES ? 'agree' : 'unclear';
}

/** Every difference, by their lines and then by our case numbers. A row is tied to a case by our number, else by the partner's, else by a slip of our number under both names. */
export function compareCaseload(theirs: readonly TheirCase[], ours: readonly OurCase[]): Difference[] {
  const byNumber = new Map(ours.map((one) => [canonicalNumber(one.caseId), one]));
  const byPartnerNumber = Map.groupBy(ours.flatMap((one) => one.partnerNumbers.map((number) => ({ number: canonicalNumber(number), one }))), ({ number }) => number);
  const found: Difference[] = [];
  const say = (code: DifferenceCode, row: TheirCase | null, one: OurCase | null) => found.push({
    code, line: row?.line ?? null, partnerNumber: row ? row.partnerNumber || null : null, printedCaseId: row ? row.caseId || null : null, caseId: one?.caseId ?? null, county: one?.county ?? null,
  });
  const tied = new Map<string, TheirCase[]>();
  const untied: TheirCase[] = [];
  for (const row of theirs) {
    const direct = byNumber.get(canonicalNumber(row.caseId));
    const learned = row.partnerNumber === '' ? [] : byPartnerNumber.get(canonicalNumber(row.partnerNumber)) ?? [];
    const one = direct ?? (learned.length === 1 ? learned[0]?.one : undefined);
    if (!one) { untied.push(row); continue; }
    tied.set(one.caseId, [...(tied.get(one.caseId) ?? []), row]);
    tellTied(row, one, direct === undefined, say);
  }
  tieBySlips(untied, ours.filter((one) => one.isExchanged && !tied.has(one.caseId)), (row, one) => {
    if (!one) return say('orphan_theirs', row, null);
    tied.set(one.caseId, [row]);
    tellTied(row, one, true, say);
  });
  const byId = new Map(ours.map((one) => [one.caseId, one]));
  for (const [caseId, rows] of tied) for (const row of rows.slice(1)) say('listed_twice', row, byId.get(caseId) ?? null);
  const numbered = Map.groupBy([...tied].flatMap(([caseId, rows]) => rows.filter((row) => row.partnerNumber !== '').map((row) => ({ caseId, row }))), ({ row }) => canonicalNumber(row.partnerNumber));
  for (const uses of numbered.values()) {
    if (new Set(uses.map(({ caseId }) => caseId)).size > 1) for (const { caseId, row } of uses) say('number_shared', row, byId.get(caseId) ?? null);
  }
  for (const one of ours) if (one.isExchanged && one.status === 'open' && !tied.has(one.caseId)) say('orphan_ours', null, one);
  return found.sort((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity) || ((a.caseId ?? '') < (b.caseId ?? '') ? -1 : (a.caseId ?? '') > (b.caseId ?? '') ? 1 : DIFFERENCES.indexOf(a.code) - DIFFERENCES.indexOf(b.code)) || DIFFERENCES.indexOf(a.code) - DIFFERENCES.indexOf(b.code));
}

type Say = (code: DifferenceCode, row: TheirCase | null, one: OurCase | null) => void;

function tellTied(row: TheirCase, one: OurCase, isDrifted: boolean, say: Say): void {
  if (isDrifted && row.caseId !== '') say('case_number_drifted', row, one);
  if (namesOf(row, one) === 'differ') say('names_differ', row, one);
  if (row.status === 'closed' && one.status === 'open') say('closed_there', row, one);
  if (row.status === 'open' && one.status === 'closed') say('closed_here', row, one);
  if (row.partnerNumber === '') return;
  if (one.partnerNumbers.length === 0) say('partner_number_new', row, one);
  else if (!one.partnerNumbers.some((number) => canonicalNumber(number) === canonicalNumber(row.partnerNumber))) say('partner_number_drifted', row, one);
}

/** A mistyped number ties a row only where both names agree fully, and with one case alone. */
function tieBySlips(rows: readonly TheirCase[], candidates: readonly OurCase[], tell: (row: TheirCase, one: OurCase | null) => void): void {
  const canGuess = rows.length <= GUESSES_MAX && candidates.length <= GUESSES_MAX;
  const taken = new Set<string>();
  for (const row of rows) {
    const number = canonicalNumber(row.caseId);
    const near = !canGuess || number === '' ? [] : candidates.filter((one) => !taken.has(one.caseId) && ['slip', 'near', 'tail'].includes(relation(number, one.caseId)) && namesOf(row, one) === 'fully');
    const [only] = near;
    if (near.length === 1 && only) taken.add(only.caseId);
    tell(row, near.length === 1 && only ? only : null);
  }
}
