import { addressLines, longDate, money, paperFor } from '../../../src/modules/referrals/documents/format.rules.ts';

it('writes dates as each language does', () => {
  expect(['en', 'es-MX', 'ko-KR', 'de-DE'].map((language) => longDate('2026-07-01', language))).toEqual(['July 1, 2026', '1 de julio de 2026', '2026년 7월 1일', '1. Juli 2026']);
});

it('writes amounts as each language does, the currency always shown', () => {
  expect(money(123456n, 'USD', 'en')).toBe('USD 1,234.56');
  expect(money(123456n, 'MXN', 'es-MX')).toBe('$1,234.56 MXN');
  expect(money(123456n, 'USD', 'es-MX')).toBe('USD 1,234.56');
  expect(money(1234567n, 'KRW', 'ko-KR')).toBe('1,234,567원');
  expect(money(123456n, 'USD', 'ko-KR')).toBe('미화 1,234.56달러');
  expect(money(123456n, 'MXN', 'ko-KR')).toBe('멕시코화 1,234.56페소');
  expect(money(-100000005n, 'USD', 'en')).toBe('USD -1,000,000.05');
});

it('writes addresses as their own country does', () => {
  expect(addressLines({ country: 'MX', lines: ['Calle Hidalgo 5 Int. 2'], neighborhood: 'Centro', locality: 'Mexicali', region: 'Baja California', postalCode: '21000' }, 'es-MX'))
    .toEqual(['Calle Hidalgo 5 Int. 2', 'Col. Centro', 'C.P. 21000 Mexicali, Baja California', 'México']);
  expect(addressLines({ country: 'KR', lines: ['효원로 116'], locality: '수원시 팔달구', region: '경기도', postalCode: '16056' }, 'ko-KR')).toEqual(['(16056) 경기도 수원시 팔달구 효원로 116', '대한민국']);
  expect(addressLines({ country: 'KR', lines: ['204, Marine city-ro'], locality: 'Haeundae-gu', region: 'Busan', postalCode: '48312' }, 'en')).toEqual(['204, Marine city-ro', 'Haeundae-gu, Busan 48312', 'South Korea']);
  expect(addressLines({ country: 'PT', lines: ['Rua da Prata 8'], locality: 'Lisboa', region: 'Lisboa', postalCode: '1100-420' }, 'en')).toEqual(['Rua da Prata 8', '1100-420 Lisboa', 'Portugal']);
  expect(addressLines({ country: 'DE', lines: ['Hauptstr. 1'], locality: 'Bonn' }, 'de')).toEqual(['Hauptstr. 1', 'Bonn', 'Deutschland']);
  expect(addressLines({ country: 'GB', lines: ['1 High Street'], locality: 'Leeds', postalCode: 'LS1 1AA' }, 'en')).toEqual(['1 High Street', 'Leeds, LS1 1AA', 'United Kingdom']);
  expect(addressLines({ country: 'US', lines: ['7842 Main St'], locality: 'Holtville', region: 'CA', postalCode: '92250' }, 'ko-KR')).toEqual(['7842 Main St', 'Holtville, CA 92250', '미국']);
  expect(addressLines({ country: 'MX', lines: [] }, 'en')).toEqual(['Mexico']);
});

it('knows where Letter is used', () => {
  expect(['MX', 'US', 'KR', 'DE'].map(paperFor)).toEqual(['us-letter', 'us-letter', 'a4', 'a4']);
});
