import { lineKeyOf, whoKeyOf } from '../../../src/modules/reconciliation/suspense/refusal.store.ts';
import { ageInDays, bucketOf, BUCKETS, daysOfBucket, itemRef, needsSecond, REASONS, splitParts } from '../../../src/modules/reconciliation/suspense/suspense.rules.ts';
import type { Action, FourEyes } from '../../../src/modules/reconciliation/suspense/suspense.rules.ts';
import { addDays, dayOfWeek } from '../../../src/platform/dates.ts';
import { hasWords, LANGUAGES } from '../../../src/platform/i18n.ts';

const isOpen = (date: string): boolean => ![0, 6].includes(dayOfWeek(date));
const cases = (...ids: string[]) => ids.map((caseId) => ({ caseId, amount: '' }));
const total = (amountMinor: bigint, currency = 'USD') => ({ amountMinor, currency });

describe('a line shared out', () => {
  it.each([[1n, 2], [100n, 3], [10_001n, 7], [99_999_999_999_999n, 13], [5n, 5]])('%s over %s cases sums to the cent, no part off by more than one', (minor, count) => {
    if (minor < BigInt(count)) return expect(() => splitParts(total(minor), cases('A', 'B'))).toThrow('suspense.split_amount_unreadable');
    const ids = Array.from({ length: count }, (_, i) => `C${i}`);
    const parts = splitParts(total(minor), cases(...ids));
    expect(parts.reduce((sum, p) => sum + p.amountMinor, 0n)).toBe(minor);
    expect(parts.every((p) => p.amountMinor === minor / BigInt(count) || p.amountMinor === minor / BigInt(count) + 1n)).toBe(true);
    // The order in which the cases are named decides nothing.
    const backwards = splitParts(total(minor), cases(...ids.toReversed()));
    return expect(new Map(backwards.map((p) => [p.caseId, p.amountMinor]))).toEqual(new Map(parts.map((p) => [p.caseId, p.amountMinor])));
  });

  it('by weights, by largest remainder', () => {
    expect(splitParts(total(100n), cases('A', 'B', 'C'), new Map([['A', 1n], ['B', 1n], ['C', 4n]]))).toEqual([{ caseId: 'A', amountMinor: 17n }, { caseId: 'B', amountMinor: 17n }, { caseId: 'C', amountMinor: 66n }]);
  });

  it('by typed amounts only where all are typed and add up', () => {
    const typed = (...amounts: string[]) => amounts.map((amount, i) => ({ caseId: `C${i}`, amount }));
    expect(splitParts(total(1_000n), typed('4.00', '6.00')).map((p) => p.amountMinor)).toEqual([400n, 600n]);
    expect(() => splitParts(total(1_000n), typed('4.00', ''))).toThrow('suspense.split_amount_unreadable');
    expect(() => splitParts(total(1_000n), typed('4.00', '6.01'))).toThrow('suspense.split_sum_differs');
    expect(() => splitParts(total(1_000n, 'KRW'), typed('400.50', '599.50'))).toThrow('suspense.split_amount_unreadable');
    expect(() => splitParts(total(1_000n), typed('10.00'))).toThrow('suspense.split_too_few');
    expect(() => splitParts(total(1_000n), Array.from({ length: 21 }, (_, i) => ({ caseId: `C${i}`, amount: '' })))).toThrow('suspense.split_too_many');
  });
});

describe('a second person', () => {
  const rule: FourEyes = { confirmed: false, limit: { amount: '500.00', currency: 'USD' }, always: ['split', 'unmatch', 'return', 'release_hold'], aboveLimit: ['match', 'duplicate', 'close', 'cancel_return'], leaseMinutes: 30 };
  const asks = (action: Action, amountMinor: bigint | null, currency: string | null = 'USD', isUnusual = false): boolean => needsSecond(rule, { action, amountMinor, currency, isUnusual });
  it('is asked above the limit, for what it cannot measure, for what moves back, and for what is unusual', () => {
    expect([asks('match', 50_000n), asks('match', 50_001n), asks('match', 1n, 'MXN'), asks('match', null), asks('duplicate', 50_001n), asks('match', 1n, 'USD', true)]).toEqual([false, true, true, true, true, true]);
    expect((['split', 'unmatch', 'return', 'release_hold', 'refuse', 'close', 'cancel_return'] as const).map((a) => asks(a, 1n))).toEqual([true, true, true, true, false, false, false]);
    expect((['close', 'cancel_return'] as const).map((a) => [asks(a, 50_000n), asks(a, 50_001n), asks(a, 1n, 'MXN')])).toEqual([[false, true, true], [false, true, true]]);
  });
});

describe('age', () => {
  const today = '2026-11-20'; // a Friday
  it('counts open days after the day itself', () => {
    expect(['2026-11-20', '2026-11-19', '2026-11-18', '2026-11-14', '2026-11-13', '2026-11-21'].map((from) => ageInDays(from, today, isOpen))).toEqual([0, 1, 2, 5, 5, 0]);
  });
  it('every day of the last year lies in exactly one bucket, and that of its age', () => {
    for (let back = 0; back < 380; back++) {
      const date = addDays(today, -back);
      const within = BUCKETS.filter((bucket) => {
        const { from, to } = daysOfBucket(bucket, today, isOpen);
        return (from === null || from <= date) && (to === null || date <= to);
      });
      expect([date, within]).toEqual([date, [bucketOf(ageInDays(date, today, isOpen))]]);
    }
  });
});

it('keys name lines, entries and holds, and nothing else', () => {
  const id = 'A'.repeat(26);
  expect(itemRef(`line-fil_${id}-12`)).toEqual({ kind: 'line', fileId: `fil_${id}`, lineNumber: 12 });
  expect(itemRef(`debit-crd_${id}`)).toEqual({ kind: 'debit', entryId: `crd_${id}` });
  for (const key of ['', 'line-fil_x-1', `line-fil_${id}-0`, `line-fil_${id}-1\n`, `credit-crd_${id}'`, `hold-${'g'.repeat(32)}`]) expect(itemRef(key)).toBeNull();
});

it('a refusal hangs on the line however often its money is booked, and on whom it names', () => {
  const line = { givenCaseId: 'EXP-9/a', payeeName: '', obligorName: 'José Pérez', obligeeName: 'Ana Gil' };
  expect([lineKeyOf('remittance:p:2026:R-1:again2'), lineKeyOf('remittance:p:2026:R-1')]).toEqual(['remittance:p:2026:R-1', 'remittance:p:2026:R-1']);
  expect(whoKeyOf(line)).toBe(whoKeyOf({ ...line, givenCaseId: 'exp 9 A', obligorName: 'JOSE PEREZ' }));
  expect(whoKeyOf(line)).not.toBe(whoKeyOf({ ...line, obligeeName: 'Eva Gil' }));
  expect(whoKeyOf({ givenCaseId: 'X', payeeName: '', obligorName: ' ', obligeeName: '' })).toBeNull();
});

it('every action and reason has words in every language', () => {
  const keys = [...Object.keys(REASONS).filter((a) => a !== 'reject').map((a) => `action.${a}`), ...new Set(Object.values(REASONS).flat().map((r) => `why.${r}`)), ...BUCKETS.map((b) => `bucket.${b}`),
    ...(REASONS.release_hold).map((r) => `reasons.person_${r}`)];
  for (const language of LANGUAGES) expect(keys.filter((key) => !hasWords(language, `suspense:${key}`))).toEqual([]);
});
