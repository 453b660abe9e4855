import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { isCalendarDate } from '../../platform/dates.ts';
import type { Fact, FactConfirmation } from '../../modules/partners/index.ts';
import { field } from '../visit.ts';
import type { Visit } from '../visit.ts';

const SOURCES = JSON.parse(readFileSync(new URL('../../modules/partners/sources.json', import.meta.url), 'utf8')) as Readonly<Record<string, string>>;
/** Marks that say that nobody has confirmed anything. */
const WEAK: ReadonlySet<string> = new Set(['recollection', 'inference', 'open_question', 'entered']);
const SOURCES_MAX = 8;

/** What a mark stands for; of a glossary term its id. */
export const sourceWords = (mark: string): string => (Object.hasOwn(SOURCES, mark) ? SOURCES[mark] as string : mark);

/** How a datum stands, as it is typed. */
export interface EnteredStanding extends FactConfirmation {
  readonly isConfirmed: boolean;
}

export function standingOf(fact: Fact<unknown> | undefined): EnteredStanding {
  return { isConfirmed: fact?.confirmed ?? false, by: fact?.confirmation?.by ?? '', on: fact?.confirmation?.on ?? '', from: fact?.confirmation?.from ?? '' };
}

export function standingBy(visit: Visit): EnteredStanding {
  return { isConfirmed: field(visit, 'standing', 10) === 'confirmed', by: field(visit, 'confirmed_by', 300), on: field(visit, 'confirmed_on', 20), from: field(visit, 'confirmed_from', 300) };
}

export type StandingFault = 'by' | 'on' | 'from';

/** The datum with its standing; what changed is not confirmed by what was said of it before. */
export function factFrom(before: Fact<unknown> | undefined, value: unknown, standing: EnteredStanding, today: string): { readonly fact: unknown; readonly faults: readonly StandingFault[] } {
  const isSame = before !== undefined && isDeepStrictEqual(JSON.parse(JSON.stringify(before.value ?? null)), JSON.parse(JSON.stringify(value ?? null)));
  const { isConfirmed, ...confirmation } = standing;
  const said = isDeepStrictEqual(confirmation, { ...standingOf(before), isConfirmed: undefined }) || Object.values(confirmation).every((text) => text === '');
  if (!isConfirmed) {
    if (isSame && !before.confirmed) return { fact: before, faults: [] };
    return { fact: { value, confirmed: false, sources: isSame ? before.sources : ['entered'] }, faults: [] };
  }
  const untouched = said && (before?.confirmation === undefined || isDeepStrictEqual(before.confirmation, confirmation));
  if (isSame && before.confirmed && untouched) return { fact: before, faults: [] };
  const faults: StandingFault[] = [...(isText(standing.by) ? [] : ['by' as const]), ...(isCalendarDate(standing.on) && standing.on <= today ? [] : ['on' as const]), ...(isText(standing.from) ? [] : ['from' as const])];
  const kept = isSame ? before.sources.filter((mark) => !WEAK.has(mark) && mark !== 'confirmed_here') : [];
  return { fact: { value, confirmed: true, sources: [...kept.slice(0, SOURCES_MAX - 1), 'confirmed_here'], confirmation }, faults };
}

const CHARACTERS_MAX = 200;
const isText = (text: string): boolean => text !== '' && text.length <= CHARACTERS_MAX && !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text);
