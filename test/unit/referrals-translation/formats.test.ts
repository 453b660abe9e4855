import {
  countryName, formatDate, formatMoney, formatMonth, formatNumber, formatPercent, formatTableDate, jurisdictionName, languageName, moneyInWords, namesOf,
} from '../../../src/modules/referrals/documents/format.rules.ts';

const TAGS = ['en', 'es-MX', 'ko-KR', 'de-DE'];

it('writes days and months as each language does, and a language without a convention of ours as its tag says', () => {
  expect(TAGS.map((tag) => formatDate(tag, '2026-11-21'))).toEqual(['November 21, 2026', '21 de noviembre de 2026', '2026년 11월 21일', '21. November 2026']);
  expect(TAGS.map((tag) => formatTableDate(tag, '2026-07-01'))).toEqual(['07/01/2026', '01/07/2026', '2026. 7. 1.', '01.07.2026']);
  expect(TAGS.map((tag) => formatMonth(tag, '2024-03'))).toEqual(['March 2024', 'marzo de 2024', '2024년 3월', 'März 2024']);
});

it('shows what is no day, month or number as it was given', () => {
  expect(formatDate('es-MX', '2026-02-30')).toBe('2026-02-30');
  expect(formatDate('de-DE', 'about 2019')).toBe('about 2019');
  expect(formatMonth('ko-KR', '2024-13')).toBe('2024-13');
  expect(formatNumber('de-DE', '1,2')).toBe('1,2');
  expect(formatPercent('en', 'ten')).toBe('ten');
});

it('keeps every digit of a number and of a percentage', () => {
  expect(TAGS.map((tag) => formatNumber(tag, '-1234567890123456789.50'))).toEqual([
    '-1,234,567,890,123,456,789.50', '-1,234,567,890,123,456,789.50', '-1,234,567,890,123,456,789.50', '-1.234.567.890.123.456.789,50']);
  expect(TAGS.map((tag) => formatPercent(tag, '10.25'))).toEqual(['10.25%', '10.25%', '10.25%', '10,25\u00a0%']);
});

it('writes money from major units with its currency, and what is no such amount as it stands', () => {
  expect(TAGS.map((tag) => formatMoney(tag, '1234.56', 'USD'))).toEqual(['USD 1,234.56', 'USD 1,234.56', '미화 1,234.56달러', 'USD 1.234,56']);
  expect(formatMoney('ko-KR', '1234567', 'KRW')).toBe('1,234,567원');
  expect(formatMoney('en', '12.345', 'USD')).toBe('12.345 USD');
  expect(formatMoney('en', '12', 'ZZZ')).toBe('12 ZZZ');
});

it.each([
  [123456n, 'MXN', 'un mil doscientos treinta y cuatro pesos 56/100 M.N.'],
  [100n, 'MXN', 'un peso 00/100 M.N.'],
  [0n, 'MXN', 'cero pesos 00/100 M.N.'],
  [2100n, 'MXN', 'veintiún pesos 00/100 M.N.'],
  [10000n, 'USD', 'cien dólares 00/100, moneda de los Estados Unidos de América'],
  [2100000n, 'USD', 'veintiún mil dólares 00/100, moneda de los Estados Unidos de América'],
  [10100n, 'MXN', 'ciento un pesos 00/100 M.N.'],
  [100000000n, 'MXN', 'un millón de pesos 00/100 M.N.'],
  [100010050n, 'MXN', 'un millón cien pesos 50/100 M.N.'],
  [200000000000000n, 'MXN', 'dos billones de pesos 00/100 M.N.'],
  [1000000000n * 100n, 'MXN', 'un mil millones de pesos 00/100 M.N.'],
  [1n, 'KRW', 'un won de la República de Corea'],
])('says %s %s in Spanish words', (minor, currency, words) => {
  expect(moneyInWords(minor, currency, 'es-MX')).toBe(words);
});

it('says amounts in Korean and English words, and is silent where it knows none', () => {
  expect(moneyInWords(1234567n, 'KRW', 'ko-KR')).toBe('일백이십삼만사천오백육십칠원');
  expect(moneyInWords(100000000n, 'KRW', 'ko-KR')).toBe('일억원');
  expect(moneyInWords(123405n, 'USD', 'ko-KR')).toBe('미화 일천이백삼십사달러 오센트');
  expect(moneyInWords(123456n, 'USD', 'en')).toBe('one thousand two hundred thirty-four and 56/100 United States dollars');
  expect(moneyInWords(100n, 'USD', 'en')).toBe('one and 00/100 United States dollar');
  expect(moneyInWords(-1n, 'USD', 'en')).toBeNull();
  expect(moneyInWords(100n, 'EUR', 'es-MX')).toBeNull();
  expect(moneyInWords(100n, 'USD', 'de-DE')).toBeNull();
});

it('names places, and keeps a code whose name it does not know', () => {
  expect(TAGS.map((tag) => jurisdictionName('US-CA', tag))).toEqual(['California, United States', 'California, Estados Unidos', '미국 캘리포니아주', 'California, Vereinigte Staaten']);
  expect(jurisdictionName('MX-BC', 'es-MX')).toBe('Baja California, México');
  expect(jurisdictionName('MX-BCN', 'ko-KR')).toBe('멕시코 바하칼리포르니아주');
  expect(jurisdictionName('MX-MEX', 'en')).toBe('State of Mexico, Mexico');
  expect(jurisdictionName('KR', 'ko-KR')).toBe('대한민국');
  expect(jurisdictionName('KR-11', 'en')).toBe('South Korea (11)');
  expect(countryName('not a code', 'en')).toBe('not a code');
});

it('names languages by their tags', () => {
  expect(TAGS.map((tag) => languageName('es-MX', tag))).toEqual(['Mexican Spanish', 'español de México', '스페인어(멕시코)', 'Spanisch (Mexiko)']);
  expect(languageName('ko-KR', 'es-MX')).toContain('coreano');
  expect(languageName('no tag', 'en')).toBe('no tag');
});

it('writes a name in its own script and in Latin as in the passport, the family name told', () => {
  expect(namesOf({ given: 'Gil Dong', family: 'HONG', native: '홍 길동' })).toEqual({ own: '홍길동', latin: 'HONG, Gil Dong', familyName: 'HONG' });
  expect(namesOf({ given: 'Minsu', family: 'Namgung', native: '남궁 민수' }).own).toBe('남궁민수');
  expect(namesOf({ given: 'María', family: 'López', secondFamily: 'de la Cruz', native: '마리아 로페스' }).own).toBe('마리아 로페스');
  expect(namesOf({ given: 'María', family: 'López', secondFamily: 'de la Cruz' })).toEqual({ own: null, latin: 'María López de la Cruz', familyName: 'López de la Cruz' });
  expect(namesOf({ given: 'Sukarno', family: null, native: ' ' })).toEqual({ own: null, latin: 'Sukarno', familyName: '' });
});
