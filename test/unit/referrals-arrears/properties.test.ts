import fc from 'fast-check';
import type { HistoryEntry } from '../../../src/modules/cases/index.ts';
import { arrearsStatements, interestRules } from '../../../src/modules/referrals/arrears/index.ts';
import type { PacketArrears, PacketArrearsMonth } from '../../../src/modules/referrals/packets/packet-model.rules.ts';
import { addDays } from '../../../src/platform/dates.ts';
import { parseMajor } from '../../../src/platform/money.ts';
import { anOrder, charge } from './builders.ts';

const rules = interestRules();
const FIRST = '2008-01-15';
const DAYS = 900;
const AS_OF = addDays(FIRST, DAYS);
const ENFORCED = ['iv_d_agency', 'others'] as const;

const cents = (text: string): bigint => parseMajor(text, 'USD') as bigint;
const amount = (minor: number): string => `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`;
const day = fc.integer({ min: 0, max: DAYS }).map((days) => addDays(FIRST, days));
const bucket = fc.constantFrom<HistoryEntry['bucket']>('current_support', 'arrears_assigned', 'arrears_unassigned', 'medical');
const line = (kind: HistoryEntry['kind'], min: number) =>
  fc.record({ kind: fc.constant(kind), on: day, amount: fc.integer({ min, max: 90_000 }).map(amount), currency: fc.constant('USD'), bucket });
const history = fc.array(fc.oneof(line('charge', 0), line('payment', 0), line('adjustment', -40_000)), { minLength: 1, maxLength: 40 });
const enforcedBy = fc.constantFrom(...ENFORCED);

function stated(lines: readonly HistoryEntry[], by: (typeof ENFORCED)[number], asOf = AS_OF): PacketArrears {
  const { statements } = arrearsStatements({ history: lines, orders: [anOrder({ issuedOn: FIRST })], asOf, enforcedBy: by }, rules);
  return statements[0] as PacketArrears;
}
const sum = (months: readonly PacketArrearsMonth[], name: keyof PacketArrearsMonth): bigint => months.reduce((all, month) => all + cents(month[name]), 0n);

describe('any history', () => {
  it('gives totals that are the sums of the printed lines, and every month follows from the one before', () => {
    fc.assert(fc.property(history, enforcedBy, (lines, by) => {
      const { months, totals } = stated(lines, by);
      for (const [total, name] of [['charged', 'charged'], ['adjusted', 'adjusted'], ['paid', 'paid'], ['paidToCurrent', 'paidToCurrent'], ['paidToPrincipal', 'paidToPrincipal'], ['interestCharged', 'interestCharged'], ['interestPaid', 'paidToInterest']] as const) {
        expect(cents(totals[total])).toBe(sum(months, name));
      }
      let [principal, interest] = [0n, 0n];
      for (const month of months) {
        expect(cents(month.paid)).toBe(cents(month.paidToCurrent) + cents(month.paidToPrincipal) + cents(month.paidToInterest));
        principal += cents(month.charged) + cents(month.adjusted) - cents(month.paidToCurrent) - cents(month.paidToPrincipal);
        interest += cents(month.interestCharged) - cents(month.paidToInterest);
        expect([cents(month.principal), cents(month.interest)]).toEqual([principal, interest]);
      }
      expect([cents(totals.principal), cents(totals.interest), cents(totals.owed)]).toEqual([principal, interest, principal + interest]);
    }));
  });

  it('keeps every amount of the history: charged, adjusted and paid', () => {
    fc.assert(fc.property(history, enforcedBy, (lines, by) => {
      const { totals } = stated(lines, by);
      const of = (kind: string): bigint => lines.filter((entry) => entry.kind === kind).reduce((all, entry) => all + cents(entry.amount), 0n);
      expect([cents(totals.charged), cents(totals.adjusted), cents(totals.paid)]).toEqual([of('charge'), of('adjustment'), of('payment')]);
    }));
  });

  it('never charges negative interest nor pays more of it than there is', () => {
    fc.assert(fc.property(history, enforcedBy, (lines, by) => {
      for (const { interestCharged, interest } of stated(lines, by).months) {
        expect(cents(interestCharged)).toBeGreaterThanOrEqual(0n);
        expect(cents(interest)).toBeGreaterThanOrEqual(0n);
      }
    }));
  });

  it('goes below zero only by what was paid or reduced beyond everything due', () => {
    fc.assert(fc.property(history, enforcedBy, (lines, by) => {
      const credits = lines.reduce((all, { kind, amount: text }) => all + (kind === 'payment' ? cents(text) : kind === 'adjustment' && cents(text) < 0n ? -cents(text) : 0n), 0n);
      const debits = lines.reduce((all, { kind, amount: text }) => all + (kind !== 'payment' && cents(text) > 0n ? cents(text) : 0n), 0n);
      const { principal } = stated(lines, by).totals;
      if (credits <= debits) expect(cents(principal)).toBeGreaterThanOrEqual(0n);
      expect(cents(principal)).toBeGreaterThanOrEqual(debits - credits);
    }));
  });

  it('gives no more interest when something is paid, and no less when more falls due', () => {
    fc.assert(fc.property(history, enforcedBy, day, fc.integer({ min: 1, max: 50_000 }), (lines, by, on, minor) => {
      const base = cents(stated(lines, by).totals.interestCharged);
      // Half a cent is rounded at each of two ends.
      expect(cents(stated([...lines, { kind: 'payment', on, amount: amount(minor), currency: 'USD', bucket: 'current_support' }], by).totals.interestCharged)).toBeLessThanOrEqual(base + 1n);
      expect(cents(stated([...lines, charge(on, amount(minor))], by).totals.interestCharged)).toBeGreaterThanOrEqual(base - 1n);
    }));
  });

  it('says the same whatever the order of its lines, and of the past whatever comes after', () => {
    fc.assert(fc.property(history, enforcedBy, fc.integer({ min: 0, max: DAYS }), (lines, by, days) => {
      const whole = stated(lines, by);
      expect(stated([...lines].reverse(), by)).toEqual(whole);
      const until = addDays(FIRST, days);
      const past = lines.filter(({ on }) => on.slice(0, 7) <= until.slice(0, 7)).length > 0 ? stated(lines.filter(({ on }) => on.slice(0, 7) <= until.slice(0, 7)), by) : null;
      const ended = past?.months.filter(({ month }) => month <= until.slice(0, 7)) ?? [];
      expect(whole.months.slice(0, ended.length)).toEqual(ended);
    }));
  });
});

const isOwn = ({ bucket: of }: HistoryEntry): boolean => of === 'current_support' || of === 'medical';

/** The same law told day by day, with nothing but a list of debts: slow, and written apart from the account. */
function dayByDay(lines: readonly HistoryEntry[], by: (typeof ENFORCED)[number]): { principal: bigint; interest: bigint } {
  const debts: { due: string; starts: string; isCurrent: boolean; open: bigint }[] = [];
  const dues = lines.filter(({ kind, amount: text }) => kind === 'charge' || (kind === 'adjustment' && cents(text) >= 0n))
    .toSorted((a, b) => a.on.localeCompare(b.on) || Number(isOwn(b)) - Number(isOwn(a)) || Number(cents(a.amount) - cents(b.amount)));
  for (const line of dues) {
    const { on, amount: text } = line;
    const isCurrent = isOwn(line);
    const [year, month] = on.split('-').map(Number) as [number, number];
    const next = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
    debts.push({ due: on, starts: isCurrent && by === 'iv_d_agency' ? next : on, isCurrent, open: cents(text) });
  }
  let [exact, paidInterest, ahead] = [0n, 0n, 0n];
  const PER_CENT = 3_650n; // principal × days / 3,650 = 10 % a year
  const rounded = (): bigint => (exact * 2n + PER_CENT) / (PER_CENT * 2n);
  for (let today = FIRST; today <= AS_OF; today = addDays(today, 1)) {
    const pay = (wanted: bigint, of: (debt: (typeof debts)[number]) => boolean): bigint => {
      let left = wanted;
      for (const debt of debts.filter(of)) {
        const part = left < debt.open ? left : debt.open;
        debt.open -= part;
        left -= part;
      }
      return left;
    };
    ahead = pay(ahead, ({ due }) => due <= today);
    for (const { amount: text } of lines.filter(({ kind, on, amount: each }) => kind === 'adjustment' && on === today && cents(each) < 0n)) ahead += pay(-cents(text), ({ due }) => due <= today);
    for (const { amount: text } of lines.filter(({ kind, on }) => kind === 'payment' && on === today)) {
      const isOfMonth = ({ due, isCurrent }: (typeof debts)[number]): boolean => isCurrent && due.slice(0, 7) === today.slice(0, 7);
      let left = pay(cents(text), isOfMonth);
      const toInterest = (): void => {
        const due = rounded() - paidInterest;
        const part = left < due ? left : due;
        paidInterest += part;
        left -= part;
      };
      if (today < '2009-01-01') toInterest();
      left = pay(left, (debt) => debt.due <= today && !isOfMonth(debt));
      if (today >= '2009-01-01') toInterest();
      ahead += left;
    }
    if (!today.endsWith('02-29')) exact += debts.filter(({ starts }) => starts <= today).reduce((all, { open }) => all + open, 0n);
  }
  return { principal: debts.reduce((all, { open }) => all + open, 0n) - ahead, interest: rounded() - paidInterest };
}

it('agrees to the cent with the law told day by day', () => {
  fc.assert(fc.property(history, enforcedBy, (lines, by) => {
    const { totals } = stated(lines, by);
    expect({ principal: cents(totals.principal), interest: cents(totals.interest) }).toEqual(dayByDay(lines, by));
  }), { numRuns: 60 });
});
