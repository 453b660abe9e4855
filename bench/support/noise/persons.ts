import type { Random } from '../../../src/demo/random.ts';

/** Fictional persons of a caseload that is hard on purpose: few surnames for many, twins, fathers and sons, couples of one name. */
export type Person = { readonly given: string; readonly family: string; readonly second: string | null; readonly native: string | null; readonly isKorean: boolean; readonly sex: 'm' | 'f' };

const MEN = 'José Juan Luis Carlos Miguel Jesús Francisco Antonio Manuel Pedro Alejandro Jorge Roberto Fernando Ricardo Eduardo Raúl Héctor Óscar Rubén Iván Ángel Daniel Hugo Arturo Ramiro Fermín Gustavo Ismael Guillermo Rogelio Efraín Abelardo Crescencio Wenceslao Leobardo Yahir Uriel Brayan Kevin Saúl Noé Ezequiel Cuauhtémoc Nicolás Tomás Agustín'.split(' ');
const WOMEN = 'María Ana Guadalupe Rosa Juana Elena Laura Lucía Norma Silvia Verónica Araceli Beatriz Claudia Irene Mónica Teresa Yolanda Ximena Nayeli Perla Maricela Gabriela Leticia Alejandra Josefina Margarita Esperanza Graciela Martha Rocío Consuelo Itzel Brenda Jazmín Abigail Zoila Ofelia Micaela Eréndira Citlali Begoña'.split(' ');
const SECOND_MEN = ['', '', 'Luis', 'Antonio', 'de Jesús', 'Manuel', 'Alberto', 'Ángel', 'Carlos', 'Guadalupe'];
const SECOND_WOMEN = ['', '', 'Elena', 'Isabel', 'Guadalupe', 'del Carmen', 'de los Ángeles', 'Luisa', 'del Rosario', 'Fernanda', 'de Jesús'];
const SURNAMES = 'García Hernández López Martínez González Pérez Rodríguez Sánchez Ramírez Cruz Flores Gómez Morales Vázquez Reyes Jiménez Torres Díaz Gutiérrez Ruiz Mendoza Aguilar Ortiz Moreno Castillo Romero Álvarez Chávez Rivera Juárez Ramos Domínguez Herrera Medina Castro Vargas Guzmán Velázquez Rojas Contreras Salazar Luna Bautista Méndez Ortega Santiago Estrada Guerrero Muñoz Cortés Soto Lara Ríos Alvarado Silva Delgado Carrillo Cervantes Solís Vega León Sandoval Espinoza Ibarra Campos Fuentes Robles Valdez Cabrera Navarro Maldonado Peña Ávila Padilla Zamora Trejo Barrera Ochoa Nava Rosas Figueroa Meza Camacho Ayala Salas Acosta Pacheco Mejía Tapia Cárdenas Serrano Molina Quintero Rangel Zúñiga Treviño Xool Canul Pech Ek Dzul Tzompantzi Xicoténcatl Güemes Ibáñez Yáñez Núñez Ceballos Olvera Arreola Villaseñor Echeverría Orozco Bermúdez'.split(' ');
const COMPOUND = ['de la Cruz', 'del Río', 'de León', 'de los Santos', 'Montes de Oca', 'Ponce de León', 'de la Torre', 'San Juan'];

export const HANGUL_SURNAMES: readonly (readonly [string, readonly string[]])[] = [
  ['김', ['Kim', 'Kim', 'Kim', 'Gim']], ['이', ['Lee', 'Lee', 'Yi', 'Rhee', 'I', 'Ri']], ['박', ['Park', 'Pak', 'Bak']], ['최', ['Choi', 'Choe']], ['정', ['Jung', 'Jeong', 'Chung']], ['강', ['Kang', 'Gang']], ['조', ['Cho', 'Jo']],
  ['윤', ['Yoon', 'Yun']], ['장', ['Jang', 'Chang']], ['임', ['Lim', 'Im', 'Rim']], ['노', ['Noh', 'Roh', 'No']], ['한', ['Han']], ['오', ['Oh', 'O']], ['서', ['Seo', 'Suh']], ['신', ['Shin', 'Sin']], ['권', ['Kwon', 'Gwon']],
  ['황', ['Hwang']], ['안', ['Ahn', 'An']], ['송', ['Song']], ['유', ['Yoo', 'Yu', 'You']], ['홍', ['Hong']], ['전', ['Jeon', 'Chun', 'Jun']], ['백', ['Baek', 'Paik']], ['구', ['Koo', 'Gu']], ['남궁', ['Namgung', 'Namkoong']],
];
export const HANGUL_SYLLABLES: readonly (readonly [string, readonly string[]])[] = [
  ['민', ['min']], ['수', ['su', 'soo']], ['영', ['young', 'yeong', 'yong']], ['현', ['hyun', 'hyeon', 'hyon']], ['지', ['ji', 'jee', 'chi']], ['은', ['eun', 'un']], ['정', ['jung', 'jeong', 'chong']], ['혜', ['hye', 'hae']],
  ['희', ['hee', 'hui', 'hi']], ['우', ['woo', 'u']], ['진', ['jin', 'chin']], ['철', ['chul', 'cheol', "ch'ol"]], ['호', ['ho']], ['경', ['kyung', 'gyeong', 'kyong']], ['미', ['mi', 'mee']], ['상', ['sang']], ['태', ['tae', "t'ae"]],
  ['준', ['jun', 'joon', 'chun']], ['성', ['sung', 'seong', 'song']], ['선', ['sun', 'seon', 'son']], ['주', ['ju', 'joo', 'chu']], ['나', ['na']], ['동', ['dong', 'tong']], ['규', ['kyu', 'gyu']], ['훈', ['hoon', 'hun']], ['연', ['yeon', 'youn', 'yon']],
  ['숙', ['sook', 'suk']], ['순', ['soon', 'sun']], ['옥', ['ok', 'ock']], ['환', ['hwan']], ['재', ['jae', 'chae']], ['서', ['seo', 'suh', 'so']], ['윤', ['yoon', 'yun']], ['하', ['ha']],
];

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
// Few words are many people's names.
const common = <T>(items: readonly T[], random: Random): T => items[Math.floor(items.length * random.next() ** 1.8)] as T;

function surname(random: Random): string {
  return random.chance(0.05) ? random.pick(COMPOUND) : common(SURNAMES, random);
}

export function givenName(sex: 'm' | 'f', random: Random): string {
  return [common(sex === 'm' ? MEN : WOMEN, random), random.pick(sex === 'm' ? SECOND_MEN : SECOND_WOMEN)].filter((w, i, all) => w !== '' && all.indexOf(w) === i).join(' ');
}

export function koreanGiven(random: Random): { given: string; hangul: string } {
  const syllables = [random.pick(HANGUL_SYLLABLES), random.pick(HANGUL_SYLLABLES)];
  const latin = syllables.map(([, forms]) => (random.pick(forms)).replace("'", ''));
  return { hangul: syllables.map(([h]) => h).join(''), given: random.pick([capital(latin.join('')), latin.map(capital).join(' '), `${capital(latin[0] as string)}-${latin[1]}`]) };
}

export function makePerson(sex: 'm' | 'f', isKorean: boolean, random: Random): Person {
  if (!isKorean) return { sex, isKorean, native: null, given: givenName(sex, random), family: surname(random), second: random.chance(0.93) ? surname(random) : null };
  const [family, spellings] = common(HANGUL_SURNAMES, random);
  const { given, hangul } = koreanGiven(random);
  return { sex, isKorean, given, family: random.pick(spellings), second: null, native: random.chance(0.85) ? family + hangul : null };
}

/** A brother or sister: the same surnames, another given name. */
export function sibling(person: Person, random: Random): Person {
  for (;;) {
    if (person.isKorean) {
      const { given, hangul } = koreanGiven(random);
      const family = HANGUL_SURNAMES.find(([h]) => person.native?.startsWith(h))?.[0];
      if (given !== person.given) return { ...person, given, native: family === undefined ? null : family + hangul };
    } else {
      const given = givenName(person.sex, random);
      const words = new Set(person.given.split(' '));
      if (!given.split(' ').some((w) => words.has(w))) return { ...person, given };
    }
  }
}

export function fullName(p: Person): string {
  return p.isKorean ? `${p.family} ${p.given}` : [p.given, p.family, p.second ?? ''].filter((w) => w !== '').join(' ');
}

export const plain = (text: string): string => text.normalize('NFD').replace(/[\u0300-\u036f]/gu, '').normalize('NFC');

/** Whether a stranger could take one for the other: the same words but for accents, order and what is usually left out. */
export function looksLike(a: Person, b: Person): boolean {
  if (a.isKorean !== b.isKorean) return false;
  if (a.isKorean) return a.native !== null && b.native !== null ? a.native === b.native : skeleton(a) === skeleton(b);
  const given = (p: Person): string[] => plain(p.given).toLowerCase().split(' ').filter((w) => !['de', 'del', 'los', 'la'].includes(w));
  const [x, y] = [given(a), given(b)];
  const surnames = (p: Person): string[] => [p.family, p.second ?? ''].map((s) => plain(s).toLowerCase()).filter((s) => s !== '');
  return x.some((w) => y.includes(w)) && surnames(a).some((s) => surnames(b).includes(s));
}

const skeleton = (p: Person): string => `${p.family[0]}${p.given.toLowerCase().replace(/[^bcdghjklmnprst]/gu, '').replace(/[gk]/gu, 'k').replace(/[dt]/gu, 't').replace(/[bp]/gu, 'p').replace(/[jc]h?/gu, 'c').slice(0, 2)}`;
export const lookKey = (p: Person): string[] => {
  if (p.isKorean) return [p.native === null ? skeleton(p) : p.native, skeleton(p)];
  const words = plain(p.given).toLowerCase().split(' ').filter((w) => !['de', 'del', 'los', 'la'].includes(w));
  return words.flatMap((w) => [p.family, p.second ?? ''].filter((s) => s !== '').map((s) => `${w}+${plain(s).toLowerCase()}`));
};
