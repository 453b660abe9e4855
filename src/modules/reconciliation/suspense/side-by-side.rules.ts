// A line in suspense beside a candidate, field by field: what agrees, what is close, what differs. Pure: says how things stand, decides nothing.
import { compareNames, hasHangul, isSameName } from '../../../platform/names/index.ts';
import type { PersonName } from '../../../platform/names/index.ts';
import { AGREES_FULLY, DIFFERS } from '../matching/person.rules.ts';
import type { Person, Role } from '../matching/person.rules.ts';
import { amountBeside } from './amount-beside.rules.ts';
import type { AmountBeside, LineMoney, PublishedPair, Sum } from './amount-beside.rules.ts';
import { markDifferences } from './marks.rules.ts';
import type { Piece } from './marks.rules.ts';

/** `unknown`: one of the two is not there to be compared. */
export type Verdict = 'same' | 'close' | 'other' | 'unknown';
export const COMPARED_FIELDS = ['number', 'payer', 'receiver', 'payee', 'amount', 'currency', 'day', 'country'] as const;
export type ComparedFieldName = (typeof COMPARED_FIELDS)[number];
export type { Sum };
export type Known =
  | { readonly kind: 'text'; readonly printed: readonly Piece[]; readonly known: readonly Piece[] }
  | { readonly kind: 'sums'; readonly sums: readonly Sum[]; readonly beside: AmountBeside }
  | { readonly kind: 'currencies'; readonly currencies: readonly string[] }
  | { readonly kind: 'issued'; readonly on: string }
  | { readonly kind: 'in_force'; readonly isInForce: boolean }
  | { readonly kind: 'countries'; readonly countries: readonly string[] }
  | null;
export type Compared = { readonly field: ComparedFieldName; readonly verdict: Verdict; readonly known: Known; readonly reasons: readonly string[] };

export type LineSide = {
  readonly kind: 'forwarding' | 'remittance';
  readonly givenCaseId: string | null;
  readonly givenDisbursementId: string | null;
  readonly payeeName: string;
  readonly obligorName: string;
  readonly obligeeName: string;
  readonly country: string;
} & LineMoney;
export type DisbursementSide = { readonly disbursementId: string; readonly payeeName: string; readonly issuedOn: string } & Sum;
export type CandidateSide = {
  readonly caseId: string;
  readonly persons: readonly Person[];
  readonly partnerNumbers: readonly { readonly number: string; readonly country: string }[];
  /** What the orders in force on the line's day ask for; null where the case has no order at all. */
  readonly ordered: readonly Sum[] | null;
  readonly disbursement: DisbursementSide | null;
  /** Rates that were published on the line's day or before, the preferred source first. */
  readonly published?: readonly PublishedPair[];
};

const SUMS_MAX = 3;
const UNKNOWN = { verdict: 'unknown', known: null, reasons: [] } as const;
const plain = (number: string): string => number.normalize('NFKC').toUpperCase().replaceAll(/[\s\-./_#:]/gu, '');
const textOf = (marked: { readonly printed: readonly Piece[]; readonly known: readonly Piece[] }): Known => ({ kind: 'text', ...marked });

function textAgainst(printed: string, known: readonly string[], isNear: (one: string) => boolean): Omit<Compared, 'field'> {
  const same = known.find((one) => plain(one) === plain(printed));
  const near = same ?? known.find(isNear) ?? known[0];
  if (printed === '' || near === undefined) return { ...UNKNOWN, known: near === undefined ? null : textOf({ printed: [], known: [{ text: near, isDifferent: false }] }) };
  return { verdict: same !== undefined ? 'same' : isNear(near) ? 'close' : 'other', known: textOf(markDifferences(printed, near)), reasons: [] };
}

/** Two numbers are close where few of their letters differ. */
function isNearNumber(printed: string, known: string): boolean {
  const differing = (all: readonly Piece[]): number => all.filter((piece) => piece.isDifferent).reduce((sum, piece) => sum + piece.text.length, 0);
  const marked = markDifferences(plain(printed), plain(known));
  return Math.max(differing(marked.printed), differing(marked.known)) <= 2;
}

const written = ({ given, family, secondFamily }: PersonName): string => [given, family, secondFamily].filter(Boolean).join(' ');

function nameAgainst(printed: string, persons: readonly Person[], roles: readonly Role[]): Omit<Compared, 'field'> {
  const asked = persons.filter((person) => roles.includes(person.role));
  const judged = asked.map(({ name }) => ({ name, ...(isSameName(printed, name) ? { score: 1, reasons: [] } : compareNames(printed, name)) })).sort((a, b) => b.score - a.score);
  const [best] = judged;
  if (best === undefined) return UNKNOWN;
  const native = best.name.native ?? '';
  const known = native !== '' && hasHangul(printed) ? native : written(best.name);
  if (printed === '') return { ...UNKNOWN, known: textOf({ printed: [], known: [{ text: known, isDifferent: false }] }) };
  const marked = markDifferences(printed, known);
  const isWritten = marked.printed.every((piece) => !piece.isDifferent) && marked.known.every((piece) => !piece.isDifferent);
  const verdict: Verdict = isWritten && best.score >= AGREES_FULLY ? 'same' : best.score >= DIFFERS ? 'close' : 'other';
  // Why a name agrees is no reason where it does not.
  return { verdict, known: textOf(marked), reasons: verdict === 'other' ? [] : best.reasons };
}

function moneyAgainst(line: LineSide, known: readonly Sum[] | null, published: readonly PublishedPair[]): Compared[] {
  const sums = known ?? [];
  const currencies = [...new Set(sums.map((sum) => sum.currency))];
  const own = [line.currency, line.settledCurrency].filter((one) => one !== null);
  const beside = amountBeside(line, sums, published);
  return [
    { field: 'amount', verdict: beside.verdict, known: sums.length === 0 ? null : { kind: 'sums', sums: sums.slice(0, SUMS_MAX), beside }, reasons: [] },
    { field: 'currency', verdict: own.length === 0 || currencies.length === 0 ? 'unknown' : own.some((one) => currencies.includes(one)) ? 'same' : 'other', known: currencies.length === 0 ? null : { kind: 'currencies', currencies }, reasons: [] },
  ];
}

function countryAgainst(line: LineSide, candidate: CandidateSide): Compared {
  const countries = [...new Set(candidate.partnerNumbers.map(({ country }) => country))].sort();
  const verdict = countries.length === 0 ? 'unknown' : countries.includes(line.country) ? 'same' : 'other';
  return { field: 'country', verdict, known: countries.length === 0 ? null : { kind: 'countries', countries }, reasons: [] };
}

/** What the line says against what is known of the candidate, in the order in which a person looks. */
export function compareSides(line: LineSide, candidate: CandidateSide): Compared[] {
  const { disbursement, persons } = candidate;
  const numbers = [candidate.caseId, ...candidate.partnerNumbers.map(({ number }) => number)];
  const caseNumber = textAgainst(line.givenCaseId ?? '', numbers, (one) => isNearNumber(line.givenCaseId ?? '', one));
  if (line.kind === 'remittance') {
    const hasDay = line.happenedOn !== null && candidate.ordered !== null;
    const isInForce = (candidate.ordered ?? []).length > 0;
    return [
      { field: 'number', ...caseNumber },
      { field: 'payer', ...nameAgainst(line.obligorName, persons, ['obligor', 'alleged_parent']) },
      { field: 'receiver', ...nameAgainst(line.obligeeName, persons, ['obligee', 'caretaker', 'dependent']) },
      ...moneyAgainst(line, candidate.ordered, candidate.published ?? []),
      { field: 'day', verdict: !hasDay ? 'unknown' : isInForce ? 'same' : 'other', known: hasDay ? { kind: 'in_force', isInForce } : null, reasons: [] },
      countryAgainst(line, candidate),
    ];
  }
  const printed = line.givenDisbursementId ?? '';
  const number = disbursement === null || printed === '' ? caseNumber : textAgainst(printed, [disbursement.disbursementId], (one) => isNearNumber(printed, one));
  const isLater = disbursement !== null && line.happenedOn !== null && line.happenedOn >= disbursement.issuedOn;
  return [
    { field: 'number', ...number },
    { field: 'payee', ...nameAgainst(line.payeeName, disbursement === null ? persons : [{ role: 'obligee', name: { given: disbursement.payeeName, family: '', aliases: [disbursement.payeeName] } }], ['obligee', 'caretaker', 'dependent']) },
    ...moneyAgainst(line, disbursement === null ? null : [disbursement], candidate.published ?? []),
    { field: 'day', verdict: disbursement === null || line.happenedOn === null ? 'unknown' : isLater ? 'same' : 'other', known: disbursement === null ? null : { kind: 'issued', on: disbursement.issuedOn }, reasons: [] },
    countryAgainst(line, candidate),
  ];
}
