import { daysWithin } from '../../../src/modules/referrals/figures/figure.rules.ts';

it('finds within how many days half and nine tenths were done, from how many took how long', () => {
  const histogram = [{ days: 30, count: 1 }, { days: 2, count: 5 }, { days: 7, count: 4 }];
  expect([daysWithin(histogram, 0.5), daysWithin(histogram, 0.9), daysWithin(histogram, 1)]).toEqual([2, 7, 30]);
  expect(daysWithin([{ days: 4, count: 1 }], 0.5)).toBe(4);
  expect(daysWithin([], 0.9)).toBe(0);
});
