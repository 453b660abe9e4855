import { haveLetIn } from '../../../src/modules/identity/accounts/second-person.rules.ts';

const LET_IN = [{ userId: 'b', introducedBy: 'a' }, { userId: 'c', introducedBy: 'b' }, { userId: 'd', introducedBy: 'a' }, { userId: 'a', introducedBy: 'c' }];

it.each([
  ['a', 'a', true], ['a', 'b', true], ['b', 'a', true], ['a', 'c', true], ['a', 'x', false], ['x', 'y', false],
])('whether %s and %s have let one another in: %s', (one, other, expected) => {
  expect(haveLetIn(LET_IN, one, other)).toBe(expected);
});

it('takes two whom the same person let in for two', () => {
  expect(haveLetIn([{ userId: 'b', introducedBy: 'a' }, { userId: 'd', introducedBy: 'a' }], 'b', 'd')).toBe(false);
});
