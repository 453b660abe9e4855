import type { Random } from '../../src/demo/random.ts';

/** Fictional persons, and the many ways in which their names get printed. */
export type Name = { readonly given: string; readonly family: string; readonly secondFamily?: string; readonly native?: string };
export type Person = { readonly name: Name; readonly isKorean: boolean };

const GIVEN = 'Juan José Luis Carlos Miguel Pedro Jorge Raúl Héctor Óscar Rubén Iván Ángel Daniel Hugo Arturo Ramiro Fermín Gustavo Ismael María Ana Rosa Elena Laura Lucía Norma Silvia Verónica Araceli Beatriz Claudia Irene Mónica Teresa Yolanda Ximena Nayeli Perla Maricela'.split(' ');
const SECOND = ['', '', '', 'Luis', 'Antonio', 'Guadalupe', 'Elena', 'Isabel', 'del Carmen', 'de Jesús', 'Manuel', 'Alberto'];
const SURNAMES = 'García Hernández Martínez López González Pérez Rodríguez Sánchez Ramírez Torres Flores Rivera Gómez Díaz Reyes Morales Cruz Ortiz Gutiérrez Chávez Ramos Ruiz Álvarez Mendoza Vásquez Castillo Jiménez Rojas Romero Herrera Medina Aguilar Vargas Guzmán Muñoz Salazar Soto Delgado Peña Peralta Rosas León Luna Lara Salas Solís Silva Ocampo Vega Varela Valdez Acosta Padilla Santana Márquez Maldonado Cabrera Mejía Trejo Rangel Robles Tovar Cano Ávila Ayala Barrera Bautista Becerra Calderón Camacho Cárdenas Zamora Zapata Zavala Zúñiga Ibarra Lozano Macías Mercado Meza Montoya Nieto Ochoa Orozco Palacios Quintero Rubio Saldaña Tapia Uribe Villa Ybarra Xool Pech Canul Dzul'.split(' ');
const COMPOUND = ['de la Cruz', 'del Río', 'de León', 'de los Santos', 'Montes de Oca'];
const HANGUL_SURNAMES: readonly [string, readonly string[]][] = [['김', ['Kim', 'Gim']], ['이', ['Lee', 'Yi', 'Rhee']], ['박', ['Park', 'Bak', 'Pak']], ['최', ['Choi', 'Choe']],
  ['정', ['Jung', 'Jeong', 'Chung']], ['강', ['Kang', 'Gang']], ['조', ['Cho', 'Jo']], ['윤', ['Yoon', 'Yun']], ['장', ['Jang', 'Chang']], ['임', ['Lim', 'Im']], ['한', ['Han']], ['오', ['Oh', 'O']],
  ['서', ['Seo', 'Suh']], ['신', ['Shin', 'Sin']], ['권', ['Kwon', 'Gwon']], ['황', ['Hwang']], ['안', ['Ahn', 'An']], ['송', ['Song']], ['류', ['Ryu', 'Yoo']], ['홍', ['Hong']]];
const HANGUL_SYLLABLES: readonly [string, readonly string[]][] = [['민', ['min']], ['수', ['su', 'soo']], ['영', ['young', 'yeong', 'yung']], ['현', ['hyun', 'hyeon']], ['지', ['ji', 'jee']], ['은', ['eun', 'un']],
  ['정', ['jung', 'jeong']], ['혜', ['hye', 'hae']], ['희', ['hee', 'hui']], ['우', ['woo', 'u']], ['진', ['jin', 'chin']], ['철', ['chul', 'cheol']], ['호', ['ho']], ['경', ['kyung', 'gyeong']], ['미', ['mi', 'mee']],
  ['상', ['sang']], ['태', ['tae']], ['준', ['jun', 'joon']], ['성', ['sung', 'seong']], ['선', ['sun', 'seon']], ['주', ['ju', 'joo']], ['나', ['na']], ['라', ['ra']], ['동', ['dong']]];

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

export function makePerson(random: Random, isKorean: boolean): Person {
  if (!isKorean) {
    const given = [random.pick(GIVEN), random.pick(SECOND)].filter((w) => w !== '').join(' ');
    const surname = (): string => (random.chance(0.04) ? random.pick(COMPOUND) : random.pick(SURNAMES));
    return { isKorean, name: { given, family: surname(), ...(random.chance(0.92) ? { secondFamily: surname() } : {}) } };
  }
  const [surname, spellings] = random.pick(HANGUL_SURNAMES);
  const syllables = [random.pick(HANGUL_SYLLABLES), random.pick(HANGUL_SYLLABLES)];
  const latin = syllables.map(([, forms]) => random.pick(forms));
  const given = random.pick([capital(latin.join('')), latin.map(capital).join(' '), capital(latin.join('-'))]);
  return { isKorean, name: { given, family: random.pick(spellings), ...(random.chance(0.8) ? { native: surname + syllables.map(([h]) => h).join('') } : {}) } };
}

export function fullName({ name, isKorean }: Person): string {
  return isKorean ? `${name.family} ${name.given}` : [name.given, name.family, name.secondFamily ?? ''].filter((w) => w !== '').join(' ');
}

const plain = (text: string): string => text.normalize('NFD').replace(/[\u0300-\u036f]/gu, '').normalize('NFC');

function respelled(person: Person, random: Random): string {
  const { native } = person.name;
  if (native === undefined) return fullName(person);
  const family = random.pick(HANGUL_SURNAMES.find(([h]) => h === native[0])?.[1] ?? [person.name.family]);
  const parts = [...native.slice(1)].map((h) => random.pick(HANGUL_SYLLABLES.find(([x]) => x === h)?.[1] ?? ['']));
  const given = random.pick([capital(parts.join('')), parts.map(capital).join(' '), capital(parts.join('-')), parts.join('').toUpperCase()]);
  return random.pick([`${family} ${given}`, `${given} ${family}`, `${family}, ${given}`]);
}

function slip(text: string, random: Random): string {
  const at = random.integer(1, text.length - 3);
  const letters = [...text];
  if (/[^\p{L}]/u.test(letters.slice(at, at + 2).join(''))) return text;
  return random.pick([
    () => letters.filter((_, i) => i !== at).join(''),
    () => [...letters.slice(0, at), letters[at + 1], letters[at], ...letters.slice(at + 2)].join(''),
    () => [...letters.slice(0, at), letters[at], ...letters.slice(at)].join(''),
  ])();
}

type Way = (person: Person, random: Random) => string;
const latinWays: Readonly<Record<string, Way>> = {
  accents_dropped: (p) => plain(fullName(p)),
  capitals: (p) => plain(fullName(p)).toUpperCase(),
  surname_first: ({ name }) => `${[name.family, name.secondFamily ?? ''].join(' ').trim()} ${name.given}`,
  comma: ({ name }) => `${[name.family, name.secondFamily ?? ''].join(' ').trim().toUpperCase()}, ${name.given}`,
  one_surname: ({ name }) => `${name.given} ${name.family}`,
  surnames_swapped: ({ name }) => `${name.given} ${name.secondFamily ?? ''} ${name.family}`.replace(/ +/gu, ' '),
  letters_lost: (p) => fullName(p).replace(/[áéíóúñ]/gu, '?'),
  mojibake: (p) => Buffer.from(fullName(p), 'utf8').toString('latin1').replace(/[\u0080-\u009f]/gu, (c) => c),
  abbreviated: (p) => fullName(p).replace('María', 'Ma.').replace('Guadalupe', 'Gpe.').replace('Hernández', 'Hdez.').replace('Martínez', 'Mtz.').replace('Antonio', 'A.'),
  sounds_alike: (p) => fullName(p).replace('z', 's').replace('v', 'b').replace('Gim', 'Jim'),
  typo: (p, random) => slip(fullName(p), random),
  hyphenated: ({ name }) => `${name.given} ${name.family}-${name.secondFamily ?? name.family}`,
};
const koreanWays: Readonly<Record<string, Way>> = {
  romanization: respelled,
  hangul: (p) => p.name.native ?? fullName(p),
  given_first: ({ name }) => `${name.given} ${name.family}`,
  capitals: (p) => fullName(p).toUpperCase().replace('-', ' '),
};

/** A name as some partner would print it, and the name of what was done to it. */
export function printed(person: Person, random: Random): { text: string; noise: string } {
  const ways = Object.entries(person.isKorean ? koreanWays : latinWays);
  const [noise, way] = random.pick(ways);
  return { text: way(person, random).trim(), noise };
}
