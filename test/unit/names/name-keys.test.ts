import fc from 'fast-check';
import { compareNames, nameKeys, normaliseName, printedNameKeys } from '../../../src/platform/names/index.ts';

const GIVEN = ['Juan', 'María', 'José', 'Óscar', 'Begoña', 'Ximena', 'Raúl', 'Héctor'];
const FAMILY = ['García', 'Hernández', 'Ibáñez', 'Muñoz', 'de la Cruz', 'Velázquez', 'Güemes', 'Xool'];
const SURNAMES: Record<string, string[]> = { 김: ['Kim', 'Gim'], 이: ['Lee', 'Yi', 'Rhee', 'I'], 박: ['Park', 'Bak', 'Pak'], 최: ['Choi', 'Choe'], 정: ['Jung', 'Jeong', 'Chung'] };
const SYLLABLES: Record<string, string[]> = {
  민: ['min'], 수: ['su', 'soo'], 영: ['young', 'yeong', 'yung'], 현: ['hyun', 'hyeon'], 지: ['ji', 'jee'], 혜: ['hye', 'hae'], 진: ['jin', 'chin'], 철: ['chul', 'cheol'], 경: ['kyung', 'gyeong'], 은: ['eun', 'un'],
};
const share = (a: readonly string[], b: readonly string[]): boolean => a.some((key) => b.includes(key));
const latinName = fc.record({ given: fc.constantFrom(...GIVEN), family: fc.constantFrom(...FAMILY), secondFamily: fc.constantFrom(...FAMILY) });
const hangulName = fc.record({ surname: fc.constantFrom(...Object.keys(SURNAMES)), given: fc.array(fc.constantFrom(...Object.keys(SYLLABLES)), { minLength: 1, maxLength: 2 }) });
const spelling = (forms: readonly string[], n: number): string => forms[n % forms.length] as string;

describe('keys of names', () => {
  it('find a person in whatever order, case and accents the name is printed, with both surnames or one', () => {
    fc.assert(fc.property(latinName, fc.integer({ min: 0, max: 5 }), (name, way) => {
      const { given, family, secondFamily } = name;
      const ways = [`${given} ${family} ${secondFamily}`, `${family} ${secondFamily} ${given}`, `${family.toUpperCase()}, ${given}`, `${given} ${secondFamily}`,
        normaliseName(`${given} ${family}`), `${given} ${secondFamily} ${family}`];
      expect(share(printedNameKeys(ways[way] as string), nameKeys(name))).toBe(true);
    }));
  });

  it('are the same for Hangul and every passport spelling', () => {
    fc.assert(fc.property(hangulName, fc.nat(), fc.nat(), fc.constantFrom('', ' ', '-'), ({ surname, given }, a, b, joint) => {
      const native = surname + given.join('');
      const family = spelling(SURNAMES[surname] as string[], a);
      const latin = given.map((s, i) => spelling(SYLLABLES[s] as string[], b + i)).join(joint);
      const keys = nameKeys({ given: 'X', family: 'Y', native });
      expect(share(printedNameKeys(`${family} ${latin}`), keys)).toBe(true);
      expect(share(printedNameKeys(native), keys)).toBe(true);
      expect(compareNames(`${family} ${latin}`, { given: 'Q', family, native }).score).toBeGreaterThanOrEqual(0.9);
    }));
  });

  it('are few', () => {
    fc.assert(fc.property(latinName, (name) => { expect(nameKeys(name).length).toBeLessThanOrEqual(12); }));
  });
});

describe('names from outside', () => {
  it('never break the comparison, whatever is printed', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), latinName, (printed, name) => {
      const { score } = compareNames(printed, name);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(printedNameKeys(printed).length).toBeLessThanOrEqual(60);
    }));
  });

  it('agree fully with themselves', () => {
    fc.assert(fc.property(latinName, (name) => { expect(compareNames(`${name.given} ${name.family} ${name.secondFamily}`, name).score).toBe(1); }));
  });

  it('normalising twice changes nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => { expect(normaliseName(normaliseName(text))).toBe(normaliseName(text)); }));
  });
});
