import { masked, maskedPair, unmasked } from '../../../src/modules/referrals/translation/memory.rules.ts';
import { findable, gramsOf } from '../../../src/modules/referrals/translation/similarity.rules.ts';

const NAMES = ['Juan', 'Pérez', 'López', '김선영', 'Sun-yeong'];

describe('what the memory keeps of a sentence', () => {
  it('is without the names of the case, other capitals, numbers and addresses of mail', () => {
    expect(masked('In March 2024 juan told Rosario Díaz at the Court that he owes $1,234.50 (r.d@example.org).', NAMES))
      .toEqual({ text: 'In ⟦1⟧ ⟦2⟧ ⟦3⟧ told ⟦4⟧ at the Court that he owes $⟦5⟧ ⟦6⟧', values: ['March', '2024', 'juan', 'Rosario Díaz', '1,234.50', '(r.d@example.org).'] });
    expect(masked('김선영은 박민수 씨에게 500달러를 지급했습니다.', NAMES).text).toBe('⟦1⟧은 ⟦2⟧ 씨에게 ⟦3⟧달러를 지급했습니다.');
  });

  it('puts the same marks on both sides, whatever the accents and separators', () => {
    expect(maskedPair('He paid Rosario Diaz 1,234.50 on March 5, 2024.', 'Pagó a Rosario Díaz 1 234.50 el 5 de marzo de 2024.', []))
      .toBeNull();
    expect(maskedPair('He paid Rosario Diaz 1,234.50 on March 5, 2024.', 'Pagó a Rosario Díaz 1.234,50 el 5 de marzo de 2024.', NAMES))
      .toEqual({ source: 'He paid ⟦1⟧ ⟦2⟧ on ⟦3⟧ ⟦4⟧, ⟦5⟧.', target: 'Pagó a ⟦1⟧ ⟦2⟧ el ⟦4⟧ de ⟦3⟧ de ⟦5⟧.' });
    expect(maskedPair('He paid Rosario Diaz 1,234.50 on March 5, 2024.', 'El 5 de marzo de 2024 él le pagó 1,234.50 a Rosario Díaz.', NAMES))
      .toEqual({ source: 'He paid ⟦1⟧ ⟦2⟧ on ⟦3⟧ ⟦4⟧, ⟦5⟧.', target: 'El ⟦4⟧ de ⟦3⟧ de ⟦5⟧ él le pagó ⟦2⟧ a ⟦1⟧.' });
  });

  it.each([
    ['a name that the other side writes differently', 'Since May he has not paid John.', 'Desde mayo no le ha pagado a Juan.'],
    ['a first word that may be a name', 'Pedro never paid.', '페드로는 지급하지 않았습니다.'],
    ['a number in words', 'He has 2 children.', 'Tiene dos hijos.'],
    ['a number only in the translation', 'He paid once.', 'Pagó 1 vez.'],
    ['a name only in the translation', 'He never paid her.', 'Él nunca le pagó a Rosario.'],
    ['a name in lower case', 'He hides with his aunt rosa quiroga.', 'Se esconde con su tía rosa quiroga.'],
    ['a name in another case and without its accent', 'He told quiñones all of it.', 'Le contó todo a quinones.'],
    ['a place in lower case', 'She lives behind the church of el centro.', 'Vive detrás de la iglesia de el centro.'],
    ['a day that is also a name, everything in lower case', 'domingo hides with his aunt.', 'domingo se esconde con su tía.'],
    ['no capital at its beginning', 'she hides with rosa.', '그녀는 로사의 집에 숨어 있습니다.'],
    ['no capital at the beginning of the translation', 'She hides with her aunt.', 'se esconde con su tía.'],
    ['a mark typed by hand', 'He paid ⟦1⟧.', 'Él pagó ⟦1⟧.'],
  ])('is nothing where there is %s', (_what, source, target) => {
    expect(maskedPair(source, target, NAMES)).toBeNull();
  });

  it('is without a person who is called as a day, and keeps ordinary words that both languages have', () => {
    expect(maskedPair('Domingo lives with the children near the school.', 'Domingo vive con los niños cerca de la escuela.', []))
      .toEqual({ source: '⟦1⟧ lives with the children near the school.', target: '⟦1⟧ vive con los niños cerca de la escuela.' });
    expect(maskedPair('2 children were in the hospital in Mexico.', '2 niños estuvieron en el hospital en México.', []))
      .toEqual({ source: '⟦1⟧ children were in the hospital in Mexico.', target: '⟦1⟧ niños estuvieron en el hospital en México.' });
  });

  it('never takes part of a word for a name', () => {
    expect(maskedPair('She told Ana that he will come.', 'Le dijo a Ana que él vendrá mañana.', [])).toEqual({ source: 'She told ⟦1⟧ that he will come.', target: 'Le dijo a ⟦1⟧ que él vendrá mañana.' });
  });

  it('is filled in with what stands in the next sentence', () => {
    expect(unmasked('El ⟦2⟧ él pagó a ⟦1⟧, ⟦3⟧.', ['Rosario', '5'], 'es-MX')).toBe('El 5 él pagó a Rosario, ⟦3⟧.');
  });

  it('says months in the language of the translation', () => {
    const pair = maskedPair('He left in May 2024.', '그는 2024년 5월에 떠났습니다.', []);
    expect(pair).toEqual({ source: 'He left in ⟦1⟧ ⟦2⟧.', target: '그는 ⟦2⟧년 ⟦1⟧에 떠났습니다.' });
    expect(unmasked(pair?.target ?? '', masked('He left in November 2021.', []).values, 'ko-KR')).toBe('그는 2021년 11월에 떠났습니다.');
    expect(unmasked('Se fue en ⟦1⟧.', ['11월'], 'es-MX')).toBe('Se fue en noviembre.');
    expect(unmasked('Er ging im ⟦1⟧.', ['May'], 'de-DE')).toBe('Er ging im ⟦1⟧.');
    expect(masked('He may march on.', []).values).toEqual([]);
  });
});

describe('likeness', () => {
  const jaccard = (a: string, b: string): number => {
    const [x, y] = [new Set(gramsOf(a)), new Set(gramsOf(b))];
    const common = [...x].filter((one) => y.has(one)).length;
    return common / (x.size + y.size - common);
  };

  it('is high for a changed word, low for another sentence, in each script', () => {
    expect(jaccard('He has not paid since March.', 'He has not paid since April.')).toBeGreaterThan(0.6);
    expect(jaccard('He has not paid since March.', 'The child goes to school.')).toBeLessThan(0.2);
    expect(jaccard('그는 양육비를 지급하지 않았습니다.', '그가 양육비를 지급하지 않았습니다.')).toBeGreaterThan(0.7);
    expect(jaccard('⟦1⟧ owes ⟦2⟧.', '⟦2⟧ owes ⟦1⟧.')).toBe(1);
  });

  it('at or above the bound always shares one of the pieces under which it is found', () => {
    const all = Array.from({ length: 40 }, (_, at) => at);
    for (let shift = 0; shift <= 40; shift++) {
      const other = all.map((one) => one + shift);
      const common = all.filter((one) => other.includes(one)).length;
      if (common / (80 - common) < 0.5) continue;
      expect(findable(all).some((one) => findable(other).includes(one))).toBe(true);
    }
    expect(findable([1])).toEqual([1]);
    expect(findable([])).toEqual([]);
  });
});
