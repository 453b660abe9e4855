import fc from 'fast-check';
import { addDays, dayOfWeek, daysBetween } from '../../../src/platform/dates.ts';
import { clockStanding, dueAfterPause } from '../../../src/modules/referrals/clocks/clock.rules.ts';
import { countsOn, leadingClock } from '../../../src/modules/referrals/clocks/referral-clock.rules.ts';
import type { ReferralClock } from '../../../src/modules/referrals/clocks/referral-clock.rules.ts';
import { workOf } from '../../../src/modules/referrals/queue/queue-item.rules.ts';

const isWeekday = (date: string): boolean => ![0, 6].includes(dayOfWeek(date));
const aClock = (changes: Partial<ReferralClock> = {}): ReferralClock => {
  const clock = {
    position: 1, clock: 'referral.send', startedBy: 'open', startedOn: '2026-11-02', dueOn: '2026-11-22', promisedOn: null, satisfiedOn: null, pausedOn: null, pauses: [],
    stoppedOn: null, stoppedBy: null, citation: '45 CFR 303.7(c)(4)', isBinding: true, side: 'ours' as const, sense: 'latest' as const, ...changes,
  };
  return { countsOn: countsOn(clock), ...clock };
};

describe('a pause', () => {
  it('leaves as many calendar days as were left', () => {
    expect(dueAfterPause('calendar', '2026-12-10', { from: '2026-12-01', until: '2027-01-15' }, isWeekday)).toBe('2027-01-24');
  });

  it('leaves as many working days as were left', () => {
    // Friday the 4th is the last of ten; two days are left on Wednesday the 2nd. Resumed on a Saturday, they are Monday and Tuesday.
    expect(dueAfterPause('working', '2026-12-04', { from: '2026-12-02', until: '2026-12-12' }, isWeekday)).toBe('2026-12-15');
  });

  it('mends nothing that was overdue, and is nothing when it is over on the day it began', () => {
    expect(dueAfterPause('calendar', '2026-12-01', { from: '2026-12-01', until: '2026-12-20' }, isWeekday)).toBe('2026-12-01');
    expect(dueAfterPause('working', '2026-12-01', { from: '2026-12-05', until: '2026-12-20' }, isWeekday)).toBe('2026-12-01');
    expect(dueAfterPause('working', '2026-12-10', { from: '2026-12-03', until: '2026-12-03' }, isWeekday)).toBe('2026-12-10');
  });

  it('never makes a deadline earlier, whatever the days', () => {
    fc.assert(fc.property(fc.constantFrom('calendar', 'working', 'business'), fc.nat(200), fc.nat(200), fc.nat(200), (kind, left, begins, lasts) => {
      const due = addDays('2026-01-05', left);
      const from = addDays('2026-01-05', begins);
      const after = dueAfterPause(kind as 'calendar', due, { from, until: addDays(from, lasts) }, isWeekday);
      expect(after >= due).toBe(true);
      if (kind === 'calendar') expect(daysBetween(due, after)).toBe(begins < left ? lasts : 0);
    }));
  });

  it('shows as a pause while it lasts, but not where the day had passed before it', () => {
    expect(clockStanding('2026-12-10', '2026-12-20', null, '2026-12-01')).toBe('paused');
    expect(clockStanding('2026-12-10', '2026-12-20', null, '2026-12-15')).toBe('overdue');
    expect(clockStanding('2026-12-10', '2026-12-20', '2026-12-09', null)).toBe('stopped_in_time');
  });
});

describe('the clock that a list shows', () => {
  it('is the earliest that runs, a promised day before the law’s own', () => {
    const send = aClock();
    const answer = aClock({ position: 2, clock: 'information.answer', dueOn: '2026-11-20', promisedOn: '2026-12-24', satisfiedOn: '2026-11-19' });
    expect(leadingClock([send, answer])?.clock).toBe('referral.send');
    expect(leadingClock([answer, { ...send, stoppedOn: '2026-11-10', stoppedBy: 'send' }])).toMatchObject({ clock: 'information.answer', countsOn: '2026-12-24' });
  });

  it('is one that is paused only where nothing runs, and the last that stopped where nothing is open', () => {
    const paused = aClock({ pausedOn: '2026-11-03' });
    expect(leadingClock([paused, aClock({ position: 2, clock: 'hague.status', dueOn: '2027-02-01' })])?.clock).toBe('hague.status');
    expect(leadingClock([paused])?.pausedOn).toBe('2026-11-03');
    expect(leadingClock([aClock({ stoppedOn: '2026-11-03' }), aClock({ position: 2, stoppedOn: '2026-11-05' })])?.position).toBe(2);
    expect(leadingClock([])).toBeNull();
  });
});

describe('the work of a referral', () => {
  const work = (changes: Partial<ReferralClock> & { repeats?: boolean } = {}) => ({ ...aClock(changes), repeats: changes.repeats ?? false });
  it('is our own deadline first, even where the other side’s is earlier', () => {
    expect(workOf([work({ dueOn: '2026-11-30' }), work({ clock: 'hague.acknowledge', side: 'theirs', dueOn: '2026-11-10' })])).toEqual({ reason: 'referral.send', dueOn: '2026-11-30', availableOn: '2026-11-02' });
  });
  it('is a reminder when the other side’s day has come, a yearly notice some weeks ahead, and nothing where nothing runs', () => {
    expect(workOf([work({ clock: 'hague.acknowledge', side: 'theirs', dueOn: '2027-01-04' })])).toMatchObject({ dueOn: '2027-01-04', availableOn: '2027-01-04' });
    expect(workOf([work({ clock: 'interest.notify', repeats: true, dueOn: '2027-11-02' })])).toMatchObject({ availableOn: '2027-09-03' });
    expect(workOf([work({ pausedOn: '2026-11-03' }), work({ position: 2, stoppedOn: '2026-11-03', stoppedBy: 'send' })])).toBeNull();
  });
});
