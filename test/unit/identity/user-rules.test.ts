import { beyondOwnCounties, failuresLeft, lockedUntil, newUserFindings, normalisedUserName } from '../../../src/modules/identity/user.rules.ts';
import type { NewUser } from '../../../src/modules/identity/user.rules.ts';

const LANGUAGES = ['en', 'es-MX', 'ko-KR'];
const attorney: NewUser = {
  userName: 'maria.lopez', displayName: 'María López', password: 'a long enough phrase', roles: ['attorney'], counties: ['06037'], partner: null, language: 'en',
};
const codes = (change: Partial<NewUser>) => newUserFindings({ ...attorney, ...change }, LANGUAGES).map((finding) => finding.code);

describe('a new user', () => {
  it('is accepted when everything is right', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ roles: ['partner_officer'], partner: 'mx-consulate-calexico', counties: 'all' })).toEqual([]);
    expect(codes({ roles: ['attorney', 'supervisor'] })).toEqual([]);
  });

  it.each<[string, Partial<NewUser>]>([
    ['identity.user_name_form', { userName: 'maría lópez' }],
    ['identity.user_name_form', { userName: '' }],
    ['identity.user_name_form', { userName: 'a'.repeat(65) }],
    ['identity.display_name_form', { displayName: ' ' }],
    ['identity.display_name_form', { displayName: 'x\u0000y' }],
    ['identity.password_length', { password: 'eleven char' }],
    ['identity.password_length', { password: 'x'.repeat(1_025) }],
    ['identity.password_length', { password: 'fourteen chars' }],
    ['identity.password_common', { password: 'Password12345678' }],
    ['identity.password_common', { password: 'P@ssw0rd!P@ssw0rd!' }],
    ['identity.password_common', { password: 'abcabcabcabcabcabc' }],
    ['identity.password_common', { password: '1234567890qwerty' }],
    ['identity.password_common', { password: 'aaaaaaaaaaaaaaaa' }],
    ['identity.password_common', { password: 'Contraseña-2026-2026' }],
    ['identity.password_has_name', { password: 'MARIA.LOPEZ is my name' }],
    ['identity.role_unknown', { roles: ['operator'] }],
    ['identity.role_unknown', { roles: [] }],
    ['identity.officer_without_partner', { roles: ['partner_officer'] }],
    ['identity.partner_without_officer', { partner: 'kr-kcsa' }],
    ['identity.officer_with_other_role', { roles: ['partner_officer', 'attorney'], partner: 'kr-kcsa' }],
    ['identity.county_form', { counties: ['Los Angeles'] }],
    ['identity.county_form', { counties: [] }],
    ['identity.language_unknown', { language: 'fr' }],
    ['identity.reconciler_counties', { roles: ['reconciler'] }],
    ['identity.reconciler_counties', { roles: ['supervisor', 'reconciler'] }],
  ])('is refused with %s', (code, change) => {
    expect(codes(change)).toContain(code);
  });

  it('is told every fault at once', () => {
    expect(codes({ userName: '', password: '', roles: [] })).toHaveLength(3);
  });
});

it('gives nobody more counties than the administrator has', () => {
  expect(beyondOwnCounties('all', attorney)).toEqual([]);
  expect(beyondOwnCounties(['06037', '06025'], attorney)).toEqual([]);
  expect(beyondOwnCounties(['06025'], attorney)).toMatchObject([{ code: 'identity.counties_beyond_own' }]);
  expect(beyondOwnCounties(['06025'], { ...attorney, counties: 'all' })).toMatchObject([{ code: 'identity.counties_beyond_own' }]);
});

it('takes a user name however it is typed', () => {
  expect(normalisedUserName('  Maria.Lopez ')).toBe('maria.lopez');
  expect(normalisedUserName('ＭＡＲＩＡ')).toBe('maria');
});

describe('waiting after failures', () => {
  const now = new Date('2026-11-20T12:00:00Z');
  const seconds = (failures: number) => {
    const until = lockedUntil(failures, now);
    return until ? (until.getTime() - now.getTime()) / 1_000 : 0;
  };

  it('begins after the fourth, doubles, and never passes a quarter of an hour', () => {
    expect([1, 4, 5, 6, 7, 9, 10, 1_000].map(seconds)).toEqual([0, 0, 30, 60, 120, 480, 900, 900]);
  });

  /** Somebody types a wrong password so often, evenly and as soon as it is taken; the longest wait of the last hours, in seconds. */
  const longestWait = (triesAnHour: number, failures: number): number => {
    let longest = 0;
    let [count, last, waitsUntil] = [failures, now, now.getTime()];
    for (let at = now.getTime(), end = at + 24 * 3_600_000; at < end; at += 3_600_000 / triesAnHour) {
      if (at < waitsUntil) continue;
      count = failuresLeft(count, last, new Date(at)) + 1;
      last = new Date(at);
      waitsUntil = lockedUntil(count, last)?.getTime() ?? at;
      if (at > now.getTime() + 12 * 3_600_000) longest = Math.max(longest, (waitsUntil - at) / 1_000);
    }
    return longest;
  };

  it('forgives a failure every five minutes, so that a few wrong tries an hour keep nobody out', () => {
    const after = (minutes: number, failures = 9) => failuresLeft(failures, now, new Date(now.getTime() + minutes * 60_000));
    expect([0, 4, 5, 14, 45, 600].map((minutes) => after(minutes))).toEqual([9, 9, 8, 7, 0, 0]);
    expect(after(60, 1_000)).toBe(0);
    expect(failuresLeft(0, null, now)).toBe(0);
    for (const triesAnHour of [1, 2, 4, 6, 10]) expect([triesAnHour, longestWait(triesAnHour, 0)]).toEqual([triesAnHour, 0]);
    expect(longestWait(4, 1_000)).toBe(0);
  });

  it('still slows down whoever tries all the time', () => {
    expect(longestWait(3_600, 0)).toBeGreaterThanOrEqual(240);
  });
});
