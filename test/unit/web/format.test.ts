import { formatFor } from '../../../src/web/format.ts';
import { ownAddress } from '../../../src/web/own-address.ts';

const en = formatFor('en', 'America/Los_Angeles');
const es = formatFor('es-MX', 'America/Tijuana');
const ko = formatFor('ko-KR', 'Asia/Seoul');
const all = [en, es, ko];

it('writes dates as each culture does', () => {
  expect(all.map((format) => format.date('2026-07-01'))).toEqual(['July 1, 2026', '1 de julio de 2026', '2026년 7월 1일']);
  expect(all.map((format) => format.day('2026-07-01'))).toEqual(['Jul 1, 2026', '01/07/2026', '2026.\u00a07.\u00a01.']);
  expect(all.map((format) => format.date('2026-02-30'))).toEqual(['—', '—', '—']);
});

it('shows an instant in the reader’s own zone, with the zone', () => {
  const instant = '2026-11-20T12:00:00Z';
  expect(en.instant(instant)).toMatch(/Nov 20, 2026.*4:00\sAM PST/);
  expect(es.instant(instant)).toMatch(/^20\/11\/2026, 04:00/);
  expect(ko.instant(instant)).toMatch(/^2026\.\u00a011\.\u00a020\. 오후 9:00/);
  expect(all.map((format) => format.moment(instant))).toEqual([
    expect.stringMatching(/^November 20, 2026 at 4:00\sAM PST$/), expect.stringMatching(/^20 de noviembre de 2026.*04:00/), expect.stringMatching(/^2026년 11월 20일.*오후 9:00/)]);
  expect([...all.map((format) => format.month('2026-11')), en.month('2026-13')]).toEqual(['November 2026', 'noviembre de 2026', '2026년 11월', '—']);
  expect(all.map((format) => format.zone('America/Los_Angeles'))).toEqual(['Pacific Time', 'hora del Pacífico', '미 태평양 시간']);
});

it('always says which money', () => {
  expect(all.map((format) => format.money(123456n, 'USD'))).toEqual(['USD 1,234.56', 'USD 1,234.56', '미화 1,234.56달러']);
  expect(all.map((format) => format.money(123456n, 'MXN'))).toEqual(['$1,234.56 MXN', '$1,234.56 MXN', '멕시코화 1,234.56페소']);
  expect(all.map((format) => format.money('1234567', 'KRW'))).toEqual(['KRW 1,234,567', 'KRW 1,234,567', '1,234,567원']);
  expect(en.money(-5n, 'USD')).toBe('USD −0.05');
  expect(en.money(5n, 'ZZZ')).toBe('5 ZZZ');
});

it('keeps every cent of an amount that a double cannot hold', () => {
  expect(en.amount('9007199254740993.01', 'USD')).toBe('USD 9,007,199,254,740,993.01');
});

it('writes both surnames, and the native name first for Korean readers', () => {
  expect(es.name({ given: 'José', family: 'Peña', secondFamily: 'Núñez' })).toBe('José Peña Núñez');
  expect(all.map((format) => format.name({ given: 'Minsu', family: 'Kim', native: '김민수' }))).toEqual(['Minsu Kim (김민수)', 'Minsu Kim (김민수)', '김민수(Minsu Kim)']);
});

it('comes back only to an address of its own', () => {
  expect(ownAddress('/cases?search=a&page=2')).toBe('/cases?search=a&page=2');
  for (const foreign of ['//evil.example', 'https://evil.example', '/\\evil.example', '\\\\evil', '/a\\b', '', 'cases', '/a\nb', 'javascript:alert(1)', '/..//evil.example']) {
    expect(ownAddress(foreign)).toBe('/');
  }
});
