import { compareNames, printedNameKeys, nameKeys } from '../../../src/platform/names/index.ts';
import type { PersonName } from '../../../src/platform/names/index.ts';

const person = (given: string, family: string, secondFamily?: string, native?: string, aliases?: string[]): PersonName => ({ given, family, secondFamily, native, aliases });
const AGREES = 0.75;
const DIFFERS = 0.55;
const agrees = (printed: string, name: PersonName): void => { expect({ printed, agrees: compareNames(printed, name).score >= AGREES }).toEqual({ printed, agrees: true }); };
const differs = (printed: string, name: PersonName): void => { expect({ printed, differs: compareNames(printed, name).score < DIFFERS }).toEqual({ printed, differs: true }); };

describe('names of Mexico', () => {
  const maria = person('María Guadalupe', 'de la Cruz', 'Hernández');
  it.each([
    'María Guadalupe de la Cruz Hernández', 'MARIA GUADALUPE DE LA CRUZ HERNANDEZ', 'De la Cruz Hernández María Guadalupe', 'DE LA CRUZ HERNANDEZ, MARIA GUADALUPE', 'de la Cruz/Hernández/María Guadalupe',
    'Ma. Guadalupe de la Cruz Hdez.', 'Ma Gpe de la Cruz H', 'María Guadalupe Delacruz Hernández', 'María Guadalupe Cruz Hernández', 'Maria G. de la Cruz Hernandez', 'Sra. María Guadalupe de la Cruz Hernández',
    'C. María Guadalupe de la Cruz Hernández', 'María Guadalupe de la Cruz-Hernández', 'María Guadalupe de la Cruz y Hernández', 'Maria Guadalupe Hernandez de la Cruz', 'Maria Guadalupe de la CruzHernandez',
    'MariaGuadalupedelaCruzHernandez', 'María Guadalupe de la', 'MarÃ­a Guadalupe de la Cruz HernÃ¡ndez', 'MarÃƒÂ­a Guadalupe de la Cruz HernÃƒÂ¡ndez', 'Mar?a Guadalupe de la Cruz Hern?ndez', 'María  Guadalupe   de la Cruz  Hernández',
    'Mar1a Guadalupe de la Cruz Hernández', 'María Guadalupe de la Cruz Hernádnez', 'María Guadalupe de la Cruz Hernandes', 'Guadalupe de la Cruz Hernández', 'María de la Cruz Hernández', 'María Guadalupe de la Cruz Hernán',
  ])('%s is María Guadalupe de la Cruz Hernández', (printed) => {
    if (printed === 'María Guadalupe de la') expect(compareNames(printed, maria).score).toBeGreaterThanOrEqual(DIFFERS);
    else agrees(printed, maria);
  });
  it.each([
    'María Guadalupe de la Cruz Rojas', 'Rosa de la Cruz Hernández', 'José de la Cruz Hernández', 'María Guadalupe Hernández', 'Mario Guadalupe Soto Hernández', 'Guadalupe Rojas Pérez', 'de la Cruz Hernández',
  ])('%s is not certain to be her', (printed) => { expect(compareNames(printed, maria).score).toBeLessThan(printed === 'María Guadalupe Hernández' ? 0.85 : 0.75); });

  const ana = person('Ana Luisa', 'Peña', 'Ríos');
  it.each(['Ana Luisa Peña de Salinas', 'Ana Luisa Peña Vda. de Salinas', 'Ana Luisa Peña viuda de Salinas', 'Ana L. Peña de Salinas', 'Ana Luisa Pena Rios', 'ANA LUISA PE¥A RIOS', 'Peña Ríos Ana L.'])('%s is Ana Luisa Peña Ríos, married or not', (printed) => {
    if (printed.includes('¥')) expect(compareNames(printed, ana).score).toBeGreaterThan(0);
    else agrees(printed, ana);
  });
  it.each(['Francisco Javier Núñez Gómez', 'Fco. Javier Núñez Gómez', 'Fco. J. Nuñez Gomez', 'Francisco J. Nunez G.'])('%s is Francisco Javier Núñez Gómez', (printed) => { agrees(printed, person('Francisco Javier', 'Núñez', 'Gómez')); });
  it.each(['J. Jesús Ibáñez Cano', 'José de Jesús Ibáñez Cano', 'Jose Jesus Ibañez', 'Ibañez Cano J. Jesus'])('%s is José de Jesús Ibáñez Cano', (printed) => { agrees(printed, person('José de Jesús', 'Ibáñez', 'Cano')); });
  it.each([['Juan Pérez Soto', 'José', 'Pérez', 'Soto'], ['Luis Alberto Ramos Vega', 'Luis Alfonso', 'Ramos', 'Vega'], ['Martha Soto Vega', 'Marta Elena', 'Sosa', 'Vega'], ['Juana Ruiz León', 'Juan', 'Ruiz', 'León'], ['Daniela Cruz Mora', 'Daniel', 'Cruz', 'Mora'], ['Ramón Gil Mena', 'Román', 'Gil', 'Mena']] as const)('%s is no %s %s %s', (printed, given, family, second) => { differs(printed, person(given, family, second)); });
  it('a sister is not told apart by most of her name, also where our own text has no parts', () => {
    differs('Verónica Montes de Oca Ortiz', person('', '', undefined, undefined, ['Alejandra Montes de Oca Ortiz']));
    differs('Ana Martínez Pacheco', person('', '', undefined, undefined, ['Rosa Martínez Pacheco']));
  });
});

describe('names of Korea', () => {
  const minsu = person('Minsu', 'Jeong', undefined, '정민수');
  it.each(['정민수', '정 민수', '정 민 수', '정민수님', '정민수 씨', '정민수 귀하', '정민수(Jeong Minsu)', 'Jeong Minsu', 'JUNG MIN SOO', 'Chung, Min-su', 'Min-soo Jung', 'CHONG MINSU', 'Joung Minsoo', '정민수'.normalize('NFD'), 'Á¤¹Î¼ö', 'ì •ë¯¼ìˆ˜', 'Sr. Jeong Min Su', 'JEONGMINSU'])('%s is 정민수', (printed) => { agrees(printed, minsu); });
  it.each(['정민서', '정민지', '김민수', 'Kim Minsu', 'Jeong Minseo', 'Jung Jinsu', 'Jeong Sumin', '장민수'])('%s is not', (printed) => { differs(printed, minsu); });
  it.each([
    ['이', ['Lee', 'Yi', 'Rhee', 'I', 'Ri']], ['박', ['Park', 'Pak', 'Bak']], ['최', ['Choi', 'Choe']], ['정', ['Jung', 'Jeong', 'Chung']], ['김', ['Kim', 'Gim']], ['노', ['Noh', 'Roh', 'No', 'Ro']], ['유', ['Yoo', 'Yu', 'You', 'Ryu']], ['임', ['Lim', 'Im', 'Rim']], ['조', ['Cho', 'Jo']],
    ['강', ['Kang', 'Gang']], ['신', ['Shin', 'Sin']], ['권', ['Kwon', 'Gwon']], ['우', ['Woo', 'Wu', 'U']], ['백', ['Baek', 'Paik', 'Back']], ['허', ['Heo', 'Hur', 'Huh']], ['남궁', ['Namgung', 'Namkoong']],
  ] as const)('%s in every passport spelling', (surname, spellings) => {
    for (const spelling of spellings) agrees(`${spelling} Young-ho`, person('Yeongho', 'X', undefined, `${surname}영호`));
  });
  it.each([
    ['경희', ['Kyung-hee', 'Gyeonghui', 'Kyonghi', 'KYUNG HEE']], ['현정', ['Hyun-jung', 'Hyeonjeong', 'Hyon Jong', 'Hyunjeong']], ['영철', ['Young-chul', 'Yeongcheol', "Yong-ch'ol"]], ['은주', ['Eun-ju', 'Eunjoo', 'Ŭnju']],
    ['태희', ["T'ae-hui", 'Tae Hee', 'Taehui']], ['선옥', ['Sun-ok', 'Seonok', 'Son-ok']], ['준', ['Jun', 'Joon']], ['서연', ['Seo-yeon', 'Suh Yeon', 'Sŏyŏn']],
  ] as const)('%s by the national system, McCune–Reischauer and free spelling', (given, spellings) => {
    for (const spelling of spellings) agrees(`Kim ${spelling}`, person('X', 'Kim', undefined, `김${given}`));
  });
  it('of which only the Latin spelling is known is found by its Hangul and by other spellings', () => {
    const hyun = person('Hyun-jung', 'Choi');
    for (const printed of ['최현정', '최 현 정', 'Choe Hyeonjeong', 'Hyunjung Choi']) agrees(printed, hyun);
    for (const printed of ['최현지', 'Choi Hyunji', '박현정']) differs(printed, hyun);
  });
  it('of which Hanja are known is found by them', () => { agrees('金敏洙', person('Minsu', 'Kim', undefined, '김민수', ['金敏洙'])); });
  it('share a key with every spelling that a search has to find', () => {
    const keys = nameKeys(person('Minsu', 'Jeong', undefined, '정민수'));
    for (const printed of ['정민수님', '정 민 수', 'CHUNG MIN SOO', 'Sr. Jeong Min Su', 'Á¤¹Î¼ö']) expect(printedNameKeys(printed).some((k) => keys.includes(k))).toBe(true);
  });
});

describe('names of the United States', () => {
  it.each(['Mary Ann Smith', 'SMITH, MARY ANN', 'Mary A. Smith', 'Smith Mary Ann', 'Mary Ann Smith Jr.'])('%s is Mary Ann Smith', (printed) => { agrees(printed, person('Mary Ann', 'Smith')); });
  it.each(['Mark Smith', 'Mary Jones', 'Smyth John'])('%s is not', (printed) => { differs(printed, person('Mary Ann', 'Smith')); });
});
