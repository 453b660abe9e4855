import { PAYING_ROLES, RECEIVING_ROLES } from '../../cases/index.ts';
import type { Participant, SupportCase } from '../../cases/index.ts';
import { compareNames } from '../../../platform/names/index.ts';
import type { IncomingFacts, PersonGroup, StatedPerson } from './incoming.rules.ts';

/** Why a case is thought of, as a code; words are `incoming:reason.*`. */
export interface ProposalReason {
  readonly code: string;
  readonly params?: Readonly<Record<string, string>>;
}

export interface Candidate {
  readonly caseId: string;
  /** 0 to 100. */
  readonly score: number;
  readonly reasons: readonly ProposalReason[];
}

/** What is proposed to the person who decides; nothing is ever tied by itself. */
export type Proposal =
  | { readonly kind: 'referral'; readonly referralId: string; readonly caseId: string; readonly reason: string; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'case'; readonly caseId: string; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'candidates'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'new'; readonly missing: readonly string[]; readonly candidates: readonly [] };

const POINTS = { caseNumber: 60, partnerNumber: 60, identifier: 50, payingName: 22, name: 18, birthDate: 22 };
const AGAINST = { birthDate: 25, otherPerson: 15, nobodyFits: 25 };
/** A case is proposed alone from here on, and only where the next one is far behind. */
const PROPOSED_FROM = 60;
const NEAR = 15;
const SHOWN_FROM = 25;
const SHOWN_MAX = 10;
const NAME_FROM = 0.6;
const CHILDREN_COUNTED = 3;

/** By what a case came into sight, besides names. */
export interface Found {
  readonly byCaseNumber: boolean;
  readonly byPartnerNumber: boolean;
  /** Types of the identifiers that somebody of the case carries. */
  readonly byIdentifier: readonly string[];
}

/** How well a case fits what the sender says of it. */
export function judgeCase(supportCase: SupportCase, facts: IncomingFacts, found: Found): Candidate {
  const reasons: ProposalReason[] = [];
  let score = 0;
  const add = (points: number, code: string, params?: Record<string, string>): void => {
    score += points;
    reasons.push(params ? { code, params } : { code });
  };
  if (found.byCaseNumber) add(POINTS.caseNumber, 'case_number');
  if (found.byPartnerNumber) add(POINTS.partnerNumber, 'partner_number');
  for (const type of found.byIdentifier.slice(0, 1)) add(POINTS.identifier, 'identifier', { type });
  const counted = countedPersons(facts.persons);
  let matched = 0;
  for (const person of counted) {
    const best = bestMatch(person, supportCase.participants);
    if (best === null) continue;
    if (best.score < NAME_FROM) {
      if (person.group !== 'child') add(-AGAINST.otherPerson, `${person.group}_differs`);
      continue;
    }
    matched += 1;
    add((person.group === 'paying' ? POINTS.payingName : POINTS.name) * best.score, best.score >= 0.999 ? `${person.group}_name` : `${person.group}_name_like`);
    if (best.birthDate === 'same') add(POINTS.birthDate, `${person.group}_birth_date`);
    else if (best.birthDate === 'differs') add(-AGAINST.birthDate, `${person.group}_birth_date_differs`);
  }
  if (counted.length > 0 && matched === 0) add(-AGAINST.nobodyFits, 'nobody_fits');
  if (supportCase.status === 'closed') reasons.push({ code: 'case_closed' });
  return { caseId: supportCase.caseId, score: Math.max(0, Math.min(100, Math.round(score))), reasons };
}

function countedPersons(persons: readonly StatedPerson[]): StatedPerson[] {
  const of = (group: PersonGroup, most: number): StatedPerson[] => persons.filter((person) => person.group === group).slice(0, most);
  return [...of('paying', 1), ...of('receiving', 1), ...of('child', CHILDREN_COUNTED)];
}

interface PersonMatch {
  readonly score: number;
  readonly birthDate: 'same' | 'differs' | 'unknown';
}

function bestMatch(person: StatedPerson, participants: readonly Participant[]): PersonMatch | null {
  const roles: readonly string[] = person.group === 'paying' ? PAYING_ROLES : person.group === 'receiving' ? RECEIVING_ROLES : ['dependent'];
  const matches = participants.filter(({ role }) => roles.includes(role)).map((participant): PersonMatch => {
    const printed = [person.name, person.native].filter((name): name is string => name !== null && name !== '');
    const score = Math.max(0, ...printed.map((name) => compareNames(name, participant.name).score));
    const isKnown = person.birthDate !== null && participant.birthDate !== undefined;
    return { score, birthDate: !isKnown ? 'unknown' : person.birthDate === participant.birthDate ? 'same' : 'differs' };
  });
  // Of two children with names alike, the one who was born on that day.
  const weight = ({ score, birthDate }: PersonMatch): number => score + (birthDate === 'same' ? 0.3 : birthDate === 'differs' ? -0.3 : 0);
  return matches.reduce<PersonMatch | null>((best, one) => (best === null || weight(one) > weight(best) ? one : best), null);
}

/** From the cases in sight to what is proposed: one that stands out, several that do not, or none. */
export function proposalOf(judged: readonly Candidate[], facts: IncomingFacts): Proposal {
  const candidates = judged.filter(({ score }) => score >= SHOWN_FROM).sort((a, b) => b.score - a.score || (a.caseId < b.caseId ? -1 : 1)).slice(0, SHOWN_MAX);
  const [first, second] = candidates;
  if (!first) return { kind: 'new', missing: missingForCase(facts), candidates: [] };
  const standsOut = first.score >= PROPOSED_FROM && (second === undefined || first.score - second.score > NEAR);
  return standsOut ? { kind: 'case', caseId: first.caseId, candidates } : { kind: 'candidates', candidates };
}

/** What the county would still have to ask for before it can open a case in its own system; words are `incoming:missing.*`. */
export function missingForCase(facts: IncomingFacts): string[] {
  const of = (group: PersonGroup): StatedPerson[] => facts.persons.filter((person) => person.group === group);
  const [paying, receiving, children] = [of('paying'), of('receiving'), of('child')];
  const missing: [boolean, string][] = [
    [paying.length === 0, 'paying_name'], [paying.length > 0 && paying[0]?.birthDate === null, 'paying_birth_date'], [!facts.hasPayingAddress, 'paying_address'],
    [receiving.length === 0, 'receiving_name'], [children.length === 0, 'children'], [children.some((child) => child.birthDate === null), 'child_birth_date'],
    [!facts.hasOrder, 'order'], [facts.services.length === 0, 'services'], [facts.theirNumbers.length === 0, 'their_number'],
  ];
  return missing.filter(([isMissing]) => isMissing).map(([, code]) => code);
}
