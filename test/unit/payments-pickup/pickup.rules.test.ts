import fc from 'fast-check';
import { fitsPattern, isTemporary, occurrences, safeFileName, served } from '../../../src/modules/payments/pickup/pickup.rules.ts';
import { timeOfId, newId } from '../../../src/platform/ids.ts';

it('knows names that their writers call unfinished', () => {
  expect(['.x', '~x', 'x~', '#x#', 'a.part', 'a.CSV.FILEPART', 'a.tmp', 'a.crdownload'].every(isTemporary)).toBe(true);
  expect(['a.csv', 'partes.csv', 'tmp.csv', 'lista.parte.csv'].some(isTemporary)).toBe(false);
});

it('makes any name safe, once and for all', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
    const safe = safeFileName(name);
    expect(safe).toMatch(/^[\p{L}\p{N}_()+][\p{L}\p{N} ._()+-]{0,99}$/u);
    expect(safe.includes('/') || safe === '..').toBe(false);
  }));
  expect([safeFileName('../../etc/passwd'), safeFileName('송금 명세.csv'), safeFileName('\u202Egpj.exe'), safeFileName('...')]).toEqual(['_.._etc_passwd', '송금 명세.csv', '_gpj.exe', 'unnamed']);
});

it('fits patterns without ever being kept busy', () => {
  expect([['a.csv', '*.CSV'], ['a.csv', 'a?csv'], ['abc', 'a*c'], ['abc', '*'], ['', '*']].every(([name, pattern]) => fitsPattern(name as string, pattern as string))).toBe(true);
  expect([['a.csv', '*.xml'], ['abc', 'a?'], ['abc', ''], ['ab', 'a*c']].some(([name, pattern]) => fitsPattern(name as string, pattern as string))).toBe(false);
  expect(fitsPattern('a'.repeat(5_000), '*a'.repeat(90) + 'b')).toBe(false);
});

describe('expected days', () => {
  const expected = { weekdays: [1, 2, 3, 4, 5], by: '17:00', timeZone: 'Asia/Seoul', afterHours: 4, since: '2026-09-21' };
  const isOpen = (date: string): boolean => ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay()) && !['2026-09-24', '2026-09-25'].includes(date);
  const now = new Date('2026-09-29T12:00:00Z');
  it('that fall on days off fall together on the next open day', () => {
    expect(occurrences(expected, now, isOpen).map((day) => day.on)).toEqual(['2026-09-21', '2026-09-22', '2026-09-23', '2026-09-28', '2026-09-29']);
    expect(occurrences(expected, now, isOpen)[0]?.dueAt.toISOString()).toBe('2026-09-21T08:00:00.000Z');
  });
  it('are each served by one arrival, the first that came after the day before', () => {
    const days = occurrences(expected, now, isOpen).slice(0, 3);
    const arrivals = ['2026-09-21T07:00:00Z', '2026-09-21T07:30:00Z', '2026-09-23T07:00:00Z'].map((at, i) => ({ fileId: `f${i}`, at: new Date(at) }));
    expect(served(days, arrivals).map(({ by }) => by?.fileId ?? null)).toEqual(['f0', 'f2', null]);
  });
  it('are bounded, however long ago the first was', () => {
    expect(occurrences({ ...expected, since: '1990-01-01' }, now, () => true).length).toBeLessThan(40);
  });
});

it('reads from an id when it was made', () => {
  const at = Date.now() + 1_000;
  expect(timeOfId(newId('pck', at))).toBe(at);
});
