import { compareNames } from '../../../src/platform/names/index.ts';
import type { PersonName } from '../../../src/platform/names/index.ts';

const person = (given: string, family: string, secondFamily?: string, native?: string, aliases?: string[]): PersonName => ({ given, family, secondFamily, native, aliases });
const AGREES = 0.75;
const DIFFERS = 0.55;

describe('compareNames agrees', () => {
  const juan = person('Juan', 'García', 'López');
  const maria = person('María Guadalupe', 'de la Cruz', 'Rojas');
  it.each<[string, string, PersonName, string]>([
    ['the same name', 'Juan García López', juan, 'name.both_surnames'],
    ['surname first, capitals, no accents', 'GARCIA LOPEZ JUAN', juan, 'name.reversed_order'],
    ['a comma after the surnames', 'García López, Juan', juan, 'name.reversed_order'],
    ['one surname', 'Juan García', juan, 'name.one_surname'],
    ['surnames in the other order', 'Juan López García', juan, 'name.surnames_swapped'],
    ['an initial', 'J. García López', juan, 'name.abbreviated'],
    ['a slip', 'Juan Garcí López', juan, 'name.typo'],
    ['letters lost to an encoding', 'Juan Garc?a L?pez', juan, 'name.letter_lost'],
    ['UTF-8 read as Windows-1252', 'Juan GarcÃ­a LÃ³pez', juan, 'name.both_surnames'],
    ['another spelling of the same sound', 'Brenda Gonzales', person('Brenda', 'González'), 'name.sound'],
    ['usual abbreviations and particles', 'Ma. Gpe. de la Cruz R.', maria, 'name.abbreviated'],
    ['an abbreviation by first and last letter', 'Luis Fdo. Peña', person('Luis Fernando', 'Peña'), 'name.abbreviated'],
    ['a married name', 'María Hernández de García', person('María', 'Hernández', 'Soto'), 'name.married'],
    ['an initial that is also a title', 'C. Williams', person('Cynthia', 'Williams'), 'name.abbreviated'],
    ['an initial that is also a particle', 'E. White', person('Elizabeth', 'White'), 'name.abbreviated'],
    ['an alias', 'Nena Ortiz', person('Elena', 'Ortiz', 'Vega', undefined, ['Nena Ortiz']), 'name.alias'],
    ['another romanization', 'CHUNG MINSOO', person('Minsu', 'Jeong', undefined, '정민수'), 'name.romanized'],
    ['another romanization, family name last', 'Min-soo Chung', person('Minsu', 'Jeong', undefined, '정민수'), 'name.romanized'],
    ['another romanization of a name without its Hangul', 'Rhee Ik-hyun', person('Ikhyeon', 'Lee'), 'name.romanized'],
    ['Hangul', '이익현', person('Ikhyun', 'Lee', undefined, '이익현'), 'name.hangul'],
    ['Hangul of a name known in Latin', '서명숙', person('Myeongsook', 'Seo'), 'name.romanized'],
  ])('with %s', (_, printed, name, reason) => {
    const { score, reasons } = compareNames(printed, name);
    expect(score).toBeGreaterThanOrEqual(AGREES);
    expect(reasons).toContain(reason);
  });
});

describe('compareNames tells apart', () => {
  it.each<[string, string, PersonName]>([
    ['brothers', 'José García López', person('Juan', 'García', 'López')],
    ['cousins with one surname in common', 'Juan García Pérez', person('Juan', 'García', 'López')],
    ['father and daughter', 'Mario Soto Vega', person('María', 'Soto', 'Vega')],
    ['surnames one letter apart that both exist', 'Juan Carlos Hernández', person('Juan Carlos', 'Fernández')],
    ['Hangul that differs in one syllable', '김민서', person('Minsu', 'Kim', undefined, '김민수')],
    ['Korean given names of another reading', 'Kim Jaeho', person('Minsu', 'Kim', undefined, '김민수')],
    ['another family name', 'Park Minsu', person('Minsu', 'Kim', undefined, '김민수')],
    ['strangers', 'Nicole Nguyen', person('Esteban', 'Guzmán', 'Díaz')],
  ])('%s', (_, printed, name) => {
    expect(compareNames(printed, name).score).toBeLessThan(DIFFERS);
  });

  it('nothing printed is no agreement', () => {
    expect(compareNames('  ', person('Juan', 'García'))).toEqual({ score: 0, reasons: ['name.missing'] });
  });
});
