import fc from 'fast-check';
import { sentencesOf, spaced } from '../../../src/modules/referrals/translation/segment.rules.ts';

const cut = (text: string, language: string): string[] => sentencesOf(text, language).map((one) => one.text);

it('cuts English where sentences end, and not after abbreviations', () => {
  expect(cut('Mr. Smith left the U.S. Department in Jan. 2020. He paid $1,234.56 once. "Did he write?" No.', 'en'))
    .toEqual(['Mr. Smith left the U.S. Department in Jan. 2020.', 'He paid $1,234.56 once.', '"Did he write?"', 'No.']);
  expect(cut('Order No. 5 was made. He said no. Then he left.', 'en')).toEqual(['Order No. 5 was made.', 'He said no.', 'Then he left.']);
});

it('cuts Spanish and Korean likewise', () => {
  expect(cut('El Sr. Pérez vive en EE.UU. desde 2019. Conforme al Art. 309, debe pagar. La Lic. J. Ramírez lo notificó.', 'es-MX'))
    .toEqual(['El Sr. Pérez vive en EE.UU. desde 2019.', 'Conforme al Art. 309, debe pagar.', 'La Lic. J. Ramírez lo notificó.']);
  expect(cut('2026. 11. 21. 결정이 있었습니다. 그는 지급하지 않았습니다.', 'ko-KR')).toEqual(['2026. 11. 21. 결정이 있었습니다.', '그는 지급하지 않았습니다.']);
});

it('keeps paragraphs apart and items with their numbers', () => {
  expect(sentencesOf('First.\r\n\r\n1. He left. 2. He never paid.', 'en')).toEqual([
    { text: 'First.', startsParagraph: true }, { text: '1. He left.', startsParagraph: true }, { text: '2. He never paid.', startsParagraph: false }]);
  expect(sentencesOf(' \n\t\n', 'en')).toEqual([]);
});

it('loses no letter, whatever the text', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.constantFrom('en', 'es-MX', 'ko-KR', 'de-DE'), (text, language) => {
    expect(cut(text, language).join('').replace(/\s/gu, '')).toBe(spaced(text).replace(/\s/gu, ''));
  }));
});
