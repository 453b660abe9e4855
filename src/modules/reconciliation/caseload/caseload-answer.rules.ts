// What a partner hears about its list of cases. Pure: the rows, our cases and the differences in; pairs of numbers with a state out, never a name.
import { canonicalNumber } from '../matching/printed-number.rules.ts';
import type { Difference, OurCase, TheirCase } from './caseload.rules.ts';

/** Without our number: to this number of theirs we know no case. */
export type AnsweredPair = { readonly ourNumber: string | null; readonly theirNumber: string | null; readonly state: 'open' | 'closed'; readonly closedOn: string | null };

/** Differences that numbers and states say; the others are for a person. */
const TOLD = ['closed_here', 'closed_there', 'case_number_drifted', 'partner_number_drifted'];

export type AnswerScope = {
  /** Cases of which papers went between us and the partner. */
  readonly exchanged: ReadonlySet<string>;
  /** Counties of which an agreement in force lets the partner know how cases stand. */
  readonly counties: ReadonlySet<string>;
};

/**
 * Of a case that is not exchanged with this partner it hears what it would hear of a number that nobody has. A case that it did not name is told
 * only where papers went between us; of names that differ it hears nothing.
 */
export function answerToCaseload(rows: readonly TheirCase[], ours: readonly OurCase[], differences: readonly Difference[], { exchanged, counties }: AnswerScope): AnsweredPair[] {
  const byId = new Map(ours.map((one) => [one.caseId, one]));
  const byNumber = new Map(ours.map((one) => [canonicalNumber(one.caseId), one]));
  const byLine = Map.groupBy(differences.filter(({ line }) => line !== null), ({ line }) => line);
  const pairs: AnsweredPair[] = [];
  for (const row of rows) {
    const found = byLine.get(row.line) ?? [];
    const tiedId = found.find(({ caseId }) => caseId !== null)?.caseId;
    const one = tiedId ? byId.get(tiedId) : found.some(({ code }) => code === 'orphan_theirs') ? undefined : byNumber.get(canonicalNumber(row.caseId)) ?? byTheirNumber(ours, row);
    if (!one?.isExchanged) {
      if (row.partnerNumber !== '') pairs.push({ ourNumber: null, theirNumber: row.partnerNumber, state: row.status ?? 'open', closedOn: null });
      continue;
    }
    if (!counties.has(one.county) || !found.some(({ code }) => TOLD.includes(code)) || found.some(({ code }) => !isSure(code))) continue;
    // Our right number goes only to whoever had papers of it from us.
    if (found.some(({ code }) => code === 'case_number_drifted') && !exchanged.has(one.caseId)) continue;
    pairs.push(pairOf(one, row.partnerNumber));
  }
  for (const { code, caseId } of differences) {
    const one = code === 'orphan_ours' && caseId !== null && exchanged.has(caseId) ? byId.get(caseId) : undefined;
    if (one && counties.has(one.county)) pairs.push(pairOf(one, ''));
  }
  return pairs;
}

const byTheirNumber = (ours: readonly OurCase[], row: TheirCase): OurCase | undefined => ours.find(({ partnerNumbers }) => partnerNumbers.some((number) => canonicalNumber(number) === canonicalNumber(row.partnerNumber)));

const isSure = (code: string): boolean => !['names_differ', 'number_shared'].includes(code);

/** One of our cases as a partner is told of it. */
export function pairOf(one: OurCase, named: string): AnsweredPair {
  const known = one.partnerNumbers.length === 1 ? one.partnerNumbers[0] ?? null : null;
  return { ourNumber: one.caseId, theirNumber: known ?? (named === '' ? null : named), state: one.status, closedOn: one.closedOn ?? null };
}
