import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Request, Response } from 'express';
import { dateFields, partsOfDate, typedDate } from '../../../src/http/index.ts';
import { isCalendarDate } from '../../../src/platform/dates.ts';
import { translator } from '../../../src/platform/i18n.ts';
import { dateFormFor } from '../../../src/web/typed-dates.ts';

const typed = (year: string, month: string, day: string | null) => typedDate({ year, month, day });
const faultsOf = (year: string, month: string, day: string | null): string[] => typed(year, month, day).faults.map(({ part, kind }) => `${part} ${kind}`);

describe('a date typed in three fields', () => {
  it('is the day that was typed, with and without noughts, and nothing else', () => {
    expect([typed('2026', '4', '28').value, typed(' 2026 ', '04', '28').value, typed('2024', '2', '29').value, typed('', '', '').value]).toEqual(['2026-04-28', '2026-04-28', '2024-02-29', '']);
    expect([typed('2026', '4', null).value, typed('', '', null).value]).toEqual(['2026-04', '']);
  });

  it.each([
    ['2026', '2', '31', ['day no_such_day']], ['2025', '2', '29', ['day no_such_day']], ['26', '4', '28', ['year wrong']], ['２０２６', '4', '28', ['year wrong']], ['2026', 'abril', '28', ['month wrong']],
    ['2026', '13', '1', ['month wrong']], ['2026', '0', '0', ['month wrong', 'day wrong']], ['2026', '', '', ['month missing', 'day missing']], ['', '4', '28', ['year missing']], ['20260', '4', '28', ['year wrong']],
    ['1799', '4', '28', ['year beyond']], ['2026', '4', '28x', ['day wrong']], ['2026', '4', '-1', ['day wrong']], ['2026', '4', '028', ['day wrong']], ['2026-04-28', '5', '6', ['year wrong']], ['<b>', '=1', '\u202e1', ['year wrong', 'month wrong', 'day wrong']],
  ])('is no day: %s %s %s', (year, month, day, faults) => {
    expect(faultsOf(year, month, day)).toEqual(faults);
    const { value } = typed(year, month, day);
    // However a page cuts it, it reads as no day and no month.
    for (let length = 1; length <= value.length; length += 1) expect([isCalendarDate(value.slice(0, length).trim()), isCalendarDate(`${value.slice(0, length).trim()}-01`)]).toEqual([false, false]);
    const { order, shown } = dateFormFor('en', translator('en'), new Map([['on', typed(year, month, day)]]));
    expect(shown('on', value.slice(0, 10)).parts).toEqual({ year, month, day });
    expect([...shown('on', value).wrong].sort()).toEqual(faults.map((fault) => fault.split(' ')[0]).sort());
    expect(order).toEqual(['month', 'day', 'year']);
  });

  it('shows again what stands under its name, also without what was typed', () => {
    expect([partsOfDate('2026-04-08'), partsOfDate('2026/13/1'), partsOfDate('2026-04', true), partsOfDate('')]).toEqual([
      { year: '2026', month: '4', day: '8' }, { year: '2026', month: '13', day: '1' }, { year: '2026', month: '4', day: null }, { year: '', month: '', day: '' }]);
  });

  it('says in each language, in its order, which part is wrong', () => {
    const dates = new Map([['from', typed('26', '13', '')], ['to', typed('2026', '2', '30')]]);
    const said = (['en', 'es-MX', 'ko-KR'] as const).map((language) => dateFormFor(language, translator(language), dates).told({ field: 'from', text: 'wrong' }));
    expect(said).toEqual([
      { at: 'from-month', text: 'Month “13”: write a number from 1 to 12. Enter the day. Year “26”: write it with four digits (0–9), such as 2026.' },
      { at: 'from-day', text: 'Escriba el día. Mes “13”: escriba un número del 1 al 12. Año “26”: escríbalo con cuatro cifras (0 a 9), por ejemplo 2026.' },
      { at: 'from-year', text: '연도 ‘26’: 2026과 같이 네 자리 숫자(반각 0–9)로 입력해 주십시오. 월 ‘13’: 1부터 12까지의 숫자로 입력해 주십시오. 일을 입력해 주십시오.' },
    ]);
    const { told } = dateFormFor('en', translator('en'), dates);
    expect(told({ field: 'f-rows-to', text: 'Signed on: no day', beside: 'no day' })).toEqual({ at: 'f-rows-to-day', text: 'Signed on: Day “30”: that month has only 28 days.' });
    expect(told({ field: 'other', text: 'Something else.' })).toEqual({ at: 'other', text: 'Something else.' });
  });
});

describe('requests', () => {
  const joined = (url: string, body?: Record<string, unknown>) => {
    const req = { url, originalUrl: url, body } as unknown as Request;
    dateFields()(req, {} as Response, () => undefined);
    return req;
  };

  it('carry one date under its own name, in the address and in the form', () => {
    expect(joined('/days?from.day=1&from.month=2&from.year=2026&to.day=&to.month=&to.year=&sort=-when').originalUrl).toBe('/days?sort=-when&from=2026-02-01&to=');
    expect(joined('//x?from.year=2026&from.month=2&from.day=30').url).toBe('//x?from=2026%2F2%2F30');
    expect(joined('/a', { 'on.year': '2026', 'on.month': '4', 'on.day': '8', 'note': 'x' }).body).toMatchObject({ on: '2026-04-08', note: 'x' });
    expect(joined('/a', { '/rows/0/on.year': ['2026', '1'], '/rows/0/on.month': '4', '/rows/0/on.day': { a: 1 } }).body).toMatchObject({ '/rows/0/on': '2026/4/' });
  });

  it('without such fields are left as they are', () => {
    expect(joined('/days?from=2026-02-01&x=%2E', { on: '2026-04-08' })).toMatchObject({ url: '/days?from=2026-02-01&x=%2E', body: { on: '2026-04-08' } });
    expect(joined('/cases/a.year=x')).toMatchObject({ url: '/cases/a.year=x', originalUrl: '/cases/a.year=x' });
    expect([joined('/a').body, joined('/a?').url]).toEqual([undefined, '/a?']);
    expect(({} as Record<string, unknown>)['year']).toBeUndefined();
  });
});

it('no form asks for a date by the field of the browser, which speaks the browser’s language', () => {
  const templates = readdirSync('src/web', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.eta'));
  expect(templates.filter((file) => /type="(?:date|month|time|datetime-local)"|type: '(?:date|month)'/.test(readFileSync(join('src/web', file), 'utf8')))).toEqual([]);
});
