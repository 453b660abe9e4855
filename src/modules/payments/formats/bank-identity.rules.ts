import { addDays, daysBetween } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { plainReference } from './bank-entry.rules.ts';
import type { BankEntry, BankSource, BankStatement } from './bank-entry.rules.ts';

/** When two entries of the bank are one (contract 5), and when nobody can say. */

export interface Identity {
  /** By the bank's own reference. */
  strong: string | null;
  /** What the entry says, for the same statement sent again. */
  anchor: string;
  /** Transfer number and money: another kind of message may tell of it. */
  numbers: string[];
  /** Everything said, where no number is: such entries are never taken for one, but alike ones are told. */
  said: string | null;
}

export function identityOf(entry: BankEntry, source: BankSource): Identity {
  const money = [entry.direction, entry.isReversal ? 'R' : '', entry.amountMinor, entry.currency].join('|');
  const day = dayOf(entry) ?? '';
  const strong = entry.servicerRef === '' ? null
    : ['servicer', source === 'nacha' || source === 'bai2' ? source : 'camt', entry.account, entry.servicerRef, entry.part, day, money].join('|');
  const tokens = transferNumbers(entry);
  const text = plainReference(entry.text);
  const own = plainReference(entry.servicerRef);
  return {
    strong, anchor: ['again', source, entry.account, day, money, tokens.find((token) => token !== own) ?? text].join('|'),
    numbers: tokens.map((token) => ['number', token, money].join('|')), said: tokens.length === 0 ? ['said', day, money, text].join('|') : null,
  };
}

export const dayOf = (entry: BankEntry): CalendarDate | null => entry.bookedOn ?? entry.valueOn;

/** References with digits enough; of free text only words with a letter that hold no case number: a case is paid again and again. */
function transferNumbers(entry: BankEntry): string[] {
  const words = entry.text === '' ? null : new Set(plainReference(entry.text).split(/[^\p{L}\p{N}-]+/u).map((word) => word.replace(/^-+|-+$/g, '')));
  return entry.candidates.map(plainReference).filter((token) => isTelling(token) && (words?.has(token) !== true || (/\p{L}/u.test(token) && !/\d{13}/.test(token))));
}

function isTelling(candidate: string): boolean {
  return candidate.length >= 6 && (candidate.match(/\d/g)?.length ?? 0) >= 3;
}

/** As one file told of an entry. */
export interface Sighting {
  source: string;
  account: string;
  day: CalendarDate | null;
  servicerRef: string;
  statement: Pick<BankStatement, 'statementId' | 'sequence' | 'page' | 'from' | 'to' | 'opening' | 'closing'> | null;
}

const WEEK = 7;

/** `same` also where one names none; `unclear` where one is an IBAN in which the other does not stand. */
export function accountsCompared(a: string, b: string): 'same' | 'other' | 'unclear' {
  const [one, two] = [plainAccount(a), plainAccount(b)];
  if (one === '' || two === '' || one === two) return 'same';
  const [isIban, isOtherIban] = [IBAN.test(one), IBAN.test(two)];
  if (isIban === isOtherIban) return 'other';
  return (isIban ? one.includes(two) : two.includes(one)) ? 'same' : 'unclear';
}

const IBAN = /^[A-Z]{2}\d{2}[0-9A-Z]{11,30}$/;

/** Without the bank that some formats put before it (`99100002/990001230041`), and without leading zeros. */
function plainAccount(account: string): string {
  return account.slice(account.lastIndexOf('/') + 1).replace(/[^0-9A-Za-z]/g, '').toUpperCase().replace(/^0+/, '');
}

const SERVICER_FAMILY = new Set(['camt.053', 'camt.054', 'mt940']);

/** Whether an entry and what another file told are one by their number: `one`, `two`, or `unclear`, which a person is told of. */
export function compareSightings(entry: Sighting, known: Sighting): 'one' | 'two' | 'unclear' {
  const accounts = accountsCompared(entry.account, known.account);
  const days = entry.day === null || known.day === null ? null : Math.abs(daysBetween(entry.day, known.day));
  if (accounts === 'other' || (days !== null && days > WEEK)) return 'two';
  const hasTwoRefs = entry.servicerRef !== '' && known.servicerRef !== '' && entry.servicerRef !== known.servicerRef;
  if (entry.source === known.source) {
    if (hasTwoRefs || entry.statement === null || known.statement === null) return hasTwoRefs ? 'two' : 'unclear';
    return areApart(entry.statement, known.statement) ? 'two' : 'unclear';
  }
  if (accounts === 'unclear' || days === null || days === WEEK) return 'unclear';
  return hasTwoRefs && SERVICER_FAMILY.has(entry.source) && SERVICER_FAMILY.has(known.source) ? 'unclear' : 'one';
}

type Told = NonNullable<Sighting['statement']>;

/** Two statements that follow each other, or the same one, in which alike entries are counted: neither leaves a doubt. */
function areApart(a: Told, b: Told): boolean {
  if (a.from !== null && a.to !== null && b.from !== null && b.to !== null && (a.to < b.from || b.to < a.from)) return true;
  if ((a.closing !== null && a.closing === b.opening) || (b.closing !== null && b.closing === a.opening)) return true;
  if (a.sequence === null || b.sequence === null) return a.statementId === b.statementId;
  return a.sequence === b.sequence && (a.page !== b.page || a.opening === b.opening);
}

export interface StagedTwin { position: number; line: number; sighting: Sighting; keys: { key: string; isNumber: boolean }[] }
export interface KnownTwin { creditId: string; fileName: string; sightings: (Sighting & { line: number | null })[] }
export interface TwinVerdicts { one: Map<number, string>; unclear: Map<number, { line: number; file: string; otherLine: number | null }> }

/** Alike credits that are looked through for one entry and day: more of them are nobody's to tell apart. */
const LOOKED_AT_MAX = 50;

/** Pairs entries of one file with what other kinds of message told: nearest days first, each credit once. */
export function pairTwins(entries: readonly StagedTwin[], known: ReadonlyMap<string, readonly KnownTwin[]>): TwinVerdicts {
  const one = new Map<number, string>();
  const taken = new Set<string>();
  const byDay = new Map([...known].map(([key, credits]) => [key, grouped(credits)]));
  for (let distance = 0; distance < WEEK; distance++) {
    for (const entry of entries) {
      if (one.has(entry.position)) continue;
      const found = entry.keys.filter(({ isNumber }) => isNumber).flatMap(({ key }) => near(byDay.get(key), entry, distance))
        .find((credit) => !taken.has(credit.creditId) && credit.sightings.every((seen) => seen.source !== entry.sighting.source && compareSightings(entry.sighting, seen) === 'one'));
      if (!found) continue;
      one.set(entry.position, found.creditId);
      taken.add(found.creditId);
      for (const { key } of entry.keys) drop(byDay.get(key), found);
    }
  }
  const unclear: TwinVerdicts['unclear'] = new Map();
  for (const entry of entries) {
    if (one.has(entry.position)) continue;
    const about = entry.keys.flatMap(({ key }) => [...Array(WEEK + 1).keys(), null].flatMap((distance) => near(byDay.get(key), entry, distance)))
      .find((credit) => isDoubtful(entry, credit));
    if (about) unclear.set(entry.position, { line: entry.line, file: about.fileName, otherLine: about.sightings[0]?.line ?? null });
  }
  return { one, unclear };
}

/** Nothing says that it is another: a credit that the same kind of message told of elsewhere is another. */
function isDoubtful(entry: StagedTwin, credit: KnownTwin): boolean {
  return credit.sightings.every((seen) => compareSightings(entry.sighting, seen) !== 'two');
}

type ByDay = Map<string, KnownTwin[]>;

function grouped(credits: readonly KnownTwin[]): ByDay {
  const days: ByDay = new Map();
  for (const credit of credits) {
    const day = credit.sightings[0]?.day ?? '';
    const group = days.get(day);
    if (group) group.push(credit);
    else days.set(day, [credit]);
  }
  return days;
}

function near(days: ByDay | undefined, entry: StagedTwin, distance: number | null): KnownTwin[] {
  const { day } = entry.sighting;
  if (!days) return [];
  if (distance === null || day === null) return (days.get('') ?? []).slice(0, LOOKED_AT_MAX);
  return (distance === 0 ? [0] : [-distance, distance]).flatMap((shift) => (days.get(addDays(day, shift)) ?? []).slice(0, LOOKED_AT_MAX));
}

function drop(days: ByDay | undefined, credit: KnownTwin): void {
  const group = days?.get(credit.sightings[0]?.day ?? '');
  const at = group?.indexOf(credit) ?? -1;
  if (at >= 0) group?.splice(at, 1);
}
