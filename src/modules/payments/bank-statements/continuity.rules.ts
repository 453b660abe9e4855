import type { CalendarDate } from '../../../platform/dates.ts';
import { formatMajor } from '../../../platform/money.ts';

/**
 * Whether the statements of one account follow each other: none missing, none told twice in two ways, each opening with what the last one
 * closed with, no day in two of them. The answer depends on which statements are there, never on the order in which they came.
 */

export interface KnownStatement {
  fileId: string;
  fileName: string;
  number: number;
  line: number;
  source: string;
  currency: string | null;
  account: string;
  statementId: string;
  sequence: number | null;
  page: number | null;
  from: CalendarDate | null;
  to: CalendarDate | null;
  opening: bigint | null;
  closing: bigint | null;
  isCopy: boolean;
  /** Of what it says and of its entries. */
  digest: string;
}

export interface StatementFinding {
  fileId: string;
  number: number;
  line: number;
  code: 'bank.statement_gap' | 'bank.statement_replayed' | 'bank.statement_copy' | 'bank.opening_mismatch' | 'bank.period_overlap';
  severity: 'warn' | 'info';
  /** The other statement that it is about, as file/number; empty where there is none. */
  peer: string;
  params: Record<string, string | number>;
}

/** All statements of one account by one kind of message. */
export function judgeStatements(all: readonly KnownStatement[]): StatementFinding[] {
  const isCounted = countsStatements(all);
  const found = [...copies(all), ...replays(all, isCounted)];
  const chain = onePerStatement(all, isCounted).sort(isCounted ? bySequence : byPeriod);
  for (let at = 1; at < chain.length; at++) found.push(...between(chain[at - 1] as KnownStatement, chain[at] as KnownStatement, isCounted));
  return found;
}

/** A bank that gives the same number to statements of different days, or 0, does not count. */
function countsStatements(all: readonly KnownStatement[]): boolean {
  if (all.some(({ sequence }) => sequence === null || sequence === 0)) return false;
  return new Set(all.map(({ sequence }) => sequence)).size > 1 || new Set(all.map(({ to }) => to)).size === 1;
}

function copies(all: readonly KnownStatement[]): StatementFinding[] {
  return all.filter(({ isCopy }) => isCopy).map((one) => finding(one, 'bank.statement_copy', null, {}));
}

/** One number, or one identification, under which two statements say different things. Each tells of the other: nobody can say which is right. */
function replays(all: readonly KnownStatement[], isCounted: boolean): StatementFinding[] {
  const found = new Map<string, StatementFinding>();
  for (const key of [isCounted ? sequenceKey : () => null, identificationKey]) {
    for (const group of groupsBy(all, key)) {
      const [first, second] = firstOfTwo(group);
      for (const one of group) {
        const other = one.digest === first?.digest ? second : first;
        if (other) found.set(`${one.fileId}/${one.number}`, finding(one, 'bank.statement_replayed', other, { file: other.fileName, otherLine: other.line }));
      }
    }
  }
  return [...found.values()];
}

/** The first of the statements by content, and the first that says something else. */
function firstOfTwo(group: readonly KnownStatement[]): (KnownStatement | undefined)[] {
  if (group.length < 2) return [];
  const sorted = [...group].sort(byDigest);
  return [sorted[0], sorted.find(({ digest }) => digest !== sorted[0]?.digest)];
}

/** Of statements under one number the original before copies; of two that differ, one that is chosen by content alone. */
function onePerStatement(all: readonly KnownStatement[], isCounted: boolean): KnownStatement[] {
  const key = (one: KnownStatement): string => (isCounted ? sequenceKey(one) : identificationKey(one)) ?? one.digest;
  return groupsBy(all, key).map((group) => [...group].sort((a, b) => Number(a.isCopy) - Number(b.isCopy) || byDigest(a, b))[0] as KnownStatement);
}

function between(last: KnownStatement, next: KnownStatement, isCounted: boolean): StatementFinding[] {
  const missing = isCounted ? missingBetween(last, next) : 0;
  if (missing > 0) return [finding(next, 'bank.statement_gap', last, { missing, last: nameOf(last), next: nameOf(next) })];
  const found: StatementFinding[] = [];
  const isNextPage = isCounted ? last.sequence === next.sequence : last.statementId === next.statementId && last.page !== next.page;
  const { currency } = next;
  const isRepeated = isNextPage && next.opening === last.opening;
  if (currency !== null && currency === last.currency && last.closing !== null && next.opening !== null && next.opening !== last.closing && !isRepeated) {
    found.push(finding(next, 'bank.opening_mismatch', last, { currency, expected: formatMajor(last.closing, currency), given: formatMajor(next.opening, currency), last: nameOf(last) }));
  }
  if (!isNextPage && last.to !== null && next.from !== null && next.from < last.to) found.push(finding(next, 'bank.period_overlap', last, { from: next.from, to: last.to, last: nameOf(last) }));
  return found;
}

/** Numbers go on over the year's end or begin again at 1; pages count within a number. */
function missingBetween(last: KnownStatement, next: KnownStatement): number {
  const [a, b] = [last.sequence as number, next.sequence as number];
  const page = next.page ?? 1;
  if (yearOf(last) === yearOf(next) && a === b) return Math.max(0, page - (last.page ?? 1) - 1);
  if (b === a + 1 || (b === 1 && yearOf(last) !== yearOf(next))) return page - 1;
  return b > a ? b - a - 1 : b - 1;
}

function finding(one: KnownStatement, code: StatementFinding['code'], peer: KnownStatement | null, params: StatementFinding['params']): StatementFinding {
  return {
    fileId: one.fileId, number: one.number, line: one.line, code, severity: code === 'bank.statement_copy' ? 'info' : 'warn',
    peer: peer ? `${peer.fileId}/${peer.number}` : '', params: { account: `…${one.account.slice(-4)}`, statement: nameOf(one), ...params },
  };
}

function nameOf({ sequence, page, statementId }: KnownStatement): string {
  return sequence === null ? statementId : page === null ? String(sequence) : `${sequence}/${page}`;
}

function yearOf({ to, from }: KnownStatement): string {
  return (to ?? from ?? '').slice(0, 4);
}

function sequenceKey(one: KnownStatement): string | null {
  return `${yearOf(one)}#${one.sequence ?? ''}#${one.page ?? 1}`;
}

/** Field `:20:` of MT940 names the message and is often the same word every day. */
function identificationKey(one: KnownStatement): string | null {
  return one.statementId === '' || one.source === 'mt940' ? null : `${one.statementId}#${one.page ?? 1}#${one.currency ?? ''}`;
}

function groupsBy(all: readonly KnownStatement[], key: (one: KnownStatement) => string | null): KnownStatement[][] {
  const groups = new Map<string, KnownStatement[]>();
  for (const one of all) {
    const name = key(one);
    if (name === null) continue;
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return [...groups.values()];
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
const byDigest = (a: KnownStatement, b: KnownStatement): number => compare(a.digest, b.digest) || compare(a.fileId, b.fileId) || a.number - b.number;

function bySequence(a: KnownStatement, b: KnownStatement): number {
  return compare(yearOf(a), yearOf(b)) || (a.sequence as number) - (b.sequence as number) || (a.page ?? 1) - (b.page ?? 1) || byDigest(a, b);
}

function byPeriod(a: KnownStatement, b: KnownStatement): number {
  return compare(a.to ?? a.from ?? '', b.to ?? b.from ?? '') || compare(a.from ?? '', b.from ?? '') || (a.page ?? 1) - (b.page ?? 1) || compare(a.statementId, b.statementId) || byDigest(a, b);
}
