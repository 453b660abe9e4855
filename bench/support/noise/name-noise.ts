// The ways in which partners print a name. `safe`: whoever reads it with the case's number at hand would still say that it is this person.
import type { Random } from '../../../src/demo/random.ts';
import { capital, fullName, HANGUL_SURNAMES, HANGUL_SYLLABLES, plain } from './persons.ts';
import type { Person } from './persons.ts';

export type NameWay = {
  readonly name: string;
  readonly for: 'latin' | 'korean' | 'both';
  /** How much is left: `whole` is enough to find a case by both names, `part` only beside a number, `doubt` may wait for a person even then. */
  readonly keeps: 'whole' | 'part' | 'doubt';
  readonly print: (p: Person, random: Random) => string;
};

const surnames = (p: Person): string => [p.family, p.second ?? ''].filter((w) => w !== '').join(' ');
const at = (text: string, random: Random): number => random.integer(1, Math.max(1, text.length - 3));

function onLetters(text: string, random: Random, change: (letters: string[], i: number) => void): string {
  const letters = [...text];
  for (let tries = 0; tries < 30; tries++) {
    const i = at(text, random);
    if (!/^\p{L}{2}$/u.test(letters.slice(i, i + 2).join(''))) continue;
    change(letters, i);
    return letters.join('');
  }
  return text;
}

const OCR: readonly (readonly [RegExp, string])[] = [[/o/u, '0'], [/l/u, '1'], [/i/u, 'l'], [/rn/u, 'm'], [/s/u, '5'], [/m/u, 'rn'], [/B/u, '8'], [/e/u, 'c'], [/n/u, 'ri'], [/g/u, '9'], [/S/u, '5'], [/O/u, '0']];

function ocr(text: string, random: Random): string {
  const found = OCR.filter(([from]) => from.test(text));
  const rule = found.length === 0 ? undefined : random.pick(found);
  return rule === undefined ? text : text.replace(rule[0], rule[1]);
}

const NICKNAMES: Readonly<Record<string, string>> = { Francisco: 'Paco', José: 'Pepe', Guadalupe: 'Lupe', Jesús: 'Chuy', Ignacio: 'Nacho', Eduardo: 'Lalo', Rosario: 'Chayo', Antonio: 'Toño', Alejandro: 'Alex', Roberto: 'Beto', María: 'Mary' };
const SHORT: readonly (readonly [RegExp, string])[] = [[/\bMaría\b/u, 'Ma.'], [/\bGuadalupe\b/u, 'Gpe.'], [/\bFrancisco\b/u, 'Fco.'], [/\bHernández\b/u, 'Hdez.'], [/\bMartínez\b/u, 'Mtz.'], [/\bGonzález\b/u, 'Glez.'], [/\bRodríguez\b/u, 'Rdz.'], [/\bAntonio\b/u, 'Ant.'], [/\bJosé\b/u, 'J.']];

function romanized(p: Person, random: Random): string {
  const family = HANGUL_SURNAMES.find(([h]) => p.native?.startsWith(h));
  if (p.native === null || family === undefined) return fullName(p);
  const parts = [...p.native.slice(family[0].length)].map((h) => random.pick(HANGUL_SYLLABLES.find(([x]) => x === h)?.[1] ?? ['']));
  const given = random.pick([capital(parts.join('')), parts.map(capital).join(' '), `${capital(parts[0] as string)}-${parts[1]}`, parts.join('').toUpperCase(), parts.join(' ').toUpperCase()]);
  const last = random.pick(family[1]);
  return random.pick([`${last} ${given}`, `${given} ${last}`, `${last}, ${given}`, `${last.toUpperCase()} ${given}`]);
}

const utf8AsLatin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1').replace(/[\u0080-\u009f]/gu, (c) => new TextDecoder('windows-1252').decode(Uint8Array.of(c.charCodeAt(0))));

export const NAME_WAYS: readonly NameWay[] = [
  { name: 'name_plain_capitals', for: 'both', keeps: 'whole', print: (p) => plain(fullName(p)).toUpperCase() },
  { name: 'name_surname_first', for: 'latin', keeps: 'whole', print: (p) => `${surnames(p)} ${p.given}` },
  { name: 'name_comma', for: 'latin', keeps: 'whole', print: (p) => `${surnames(p).toUpperCase()}, ${p.given.toUpperCase()}` },
  { name: 'name_stroke', for: 'latin', keeps: 'whole', print: (p) => `${p.family}/${p.second ?? ''}/${p.given}`.replace('//', '/') },
  { name: 'name_one_surname', for: 'latin', keeps: 'whole', print: (p) => `${p.given} ${p.family}` },
  { name: 'name_swapped_surnames', for: 'latin', keeps: 'whole', print: (p) => [p.given, p.second ?? '', p.family].filter((w) => w !== '').join(' ') },
  { name: 'name_second_surname_initial', for: 'latin', keeps: 'whole', print: (p) => [p.given, p.family, p.second === null ? '' : `${p.second[0]?.toUpperCase()}.`].filter((w) => w !== '').join(' ') },
  { name: 'name_hyphenated', for: 'latin', keeps: 'whole', print: (p) => `${p.given} ${[p.family, p.second ?? ''].filter((w) => w !== '').join('-')}` },
  { name: 'name_truncated_20', for: 'both', keeps: 'part', print: (p) => fullName(p).slice(0, 20).trim() },
  { name: 'name_truncated_15', for: 'both', keeps: 'doubt', print: (p) => fullName(p).slice(0, 15).trim() },
  { name: 'name_merged', for: 'both', keeps: 'part', print: (p) => fullName(p).replaceAll(' ', '') },
  { name: 'name_surnames_merged', for: 'latin', keeps: 'part', print: (p) => `${p.given} ${surnames(p).replaceAll(' ', '')}` },
  { name: 'name_particles_dropped', for: 'latin', keeps: 'whole', print: (p) => fullName(p).replace(/ (de los|de la|del|de) /gu, ' ').replace(/^(de los|de la|del|de) /u, '') },
  { name: 'name_particles_joined', for: 'latin', keeps: 'part', print: (p) => fullName(p).replace(/\b(de los|de la|del|de) (\p{L})/gu, (_, d: string, l: string) => `${capital(d.replaceAll(' ', ''))}${l.toLowerCase()}`) },
  { name: 'name_y_between', for: 'latin', keeps: 'whole', print: (p) => (p.second === null ? fullName(p) : `${p.given} ${p.family} y ${p.second}`) },
  { name: 'name_married', for: 'latin', keeps: 'part', print: (p, r) => `${p.given} ${p.family} de ${r.pick(['Salinas', 'Treviño', 'Bustos', 'Quiroz'])}` },
  { name: 'name_widow', for: 'latin', keeps: 'part', print: (p, r) => `${p.given} ${p.family} Vda. de ${r.pick(['Salinas', 'Treviño', 'Bustos', 'Quiroz'])}` },
  { name: 'name_abbreviated', for: 'latin', keeps: 'part', print: (p) => SHORT.reduce((text, [from, to]) => text.replace(from, to), fullName(p)) },
  { name: 'name_initial_given', for: 'latin', keeps: 'doubt', print: (p) => `${p.given.split(' ').map((w) => `${w[0]?.toUpperCase()}.`).join(' ')} ${surnames(p)}` },
  { name: 'name_nickname', for: 'latin', keeps: 'doubt', print: (p) => fullName(p).replace(/^\S+/u, (w) => NICKNAMES[w] ?? w) },
  { name: 'name_second_given_only', for: 'latin', keeps: 'part', print: (p) => `${p.given.split(' ').at(-1)} ${surnames(p)}` },
  { name: 'name_first_given_only', for: 'latin', keeps: 'whole', print: (p) => `${p.given.split(' ')[0]} ${surnames(p)}` },
  { name: 'name_title', for: 'both', keeps: 'whole', print: (p, r) => `${r.pick(p.sex === 'm' ? ['Sr.', 'C.', 'Lic.'] : ['Sra.', 'C.', 'Srta.'])} ${fullName(p)}` },
  { name: 'name_sound', for: 'latin', keeps: 'whole', print: (p) => fullName(p).replace(/z\b/u, 's').replace(/v/u, 'b').replace(/ll/u, 'y') },
  { name: 'name_letter_lost', for: 'latin', keeps: 'whole', print: (p) => fullName(p).replace(/[áéíóúñÁÉÍÓÚÑü]/gu, '?') },
  { name: 'name_mojibake', for: 'both', keeps: 'whole', print: (p) => utf8AsLatin1(p.native !== null ? p.native : fullName(p)) },
  { name: 'name_mojibake_twice', for: 'latin', keeps: 'part', print: (p) => utf8AsLatin1(utf8AsLatin1(fullName(p))) },
  { name: 'name_slip', for: 'latin', keeps: 'part', print: (p, r) => onLetters(fullName(p), r, (l, i) => { l.splice(i, 1); }) },
  { name: 'name_swapped_letters', for: 'latin', keeps: 'part', print: (p, r) => onLetters(fullName(p), r, (l, i) => { [l[i], l[i + 1]] = [l[i + 1] as string, l[i] as string]; }) },
  { name: 'name_wrong_letter', for: 'latin', keeps: 'doubt', print: (p, r) => onLetters(fullName(p), r, (l, i) => { l[i] = r.pick([...'abcdeghilmnoprstu']); }) },
  { name: 'name_two_slips', for: 'latin', keeps: 'doubt', print: (p, r) => onLetters(onLetters(fullName(p), r, (l, i) => { l.splice(i, 1); }), r, (l, i) => { l.splice(i, 0, l[i] as string); }) },
  { name: 'name_ocr', for: 'both', keeps: 'part', print: (p, r) => ocr(fullName(p), r) },
  { name: 'name_case_number_in_it', for: 'both', keeps: 'doubt', print: (p, r) => `${fullName(p)} ${r.integer(10, 99)}` },
  { name: 'name_other_script', for: 'latin', keeps: 'whole', print: (p) => fullName(p).replace(/[aeopcx]/gu, (c) => ({ a: 'а', e: 'е', o: 'о', p: 'р', c: 'с', x: 'х' })[c] ?? c) },
  { name: 'name_unseen_marks', for: 'latin', keeps: 'whole', print: (p, r) => onLetters(fullName(p), r, (l, i) => { l.splice(i, 0, r.pick(['\u00ad', '\u200b', '\u200e', '\u2060'])); }) },
  { name: 'name_extra_blanks', for: 'both', keeps: 'whole', print: (p) => `  ${fullName(p).replaceAll(' ', '   ')} ` },
  { name: 'korean_romanized', for: 'korean', keeps: 'whole', print: romanized },
  { name: 'korean_hangul', for: 'korean', keeps: 'whole', print: (p) => p.native ?? fullName(p) },
  { name: 'korean_hangul_spaced', for: 'korean', keeps: 'whole', print: (p) => (p.native === null ? fullName(p) : [...p.native].join(' ')) },
  { name: 'korean_hangul_surname_apart', for: 'korean', keeps: 'whole', print: (p) => (p.native === null ? fullName(p) : `${p.native[0]} ${p.native.slice(1)}`) },
  { name: 'korean_hangul_title', for: 'korean', keeps: 'whole', print: (p, r) => (p.native === null ? fullName(p) : `${p.native}${r.pick(['님', ' 님', ' 씨', ' 귀하'])}`) },
  { name: 'korean_both_scripts', for: 'korean', keeps: 'whole', print: (p) => (p.native === null ? fullName(p) : `${p.native} (${fullName(p)})`) },
  { name: 'korean_joined', for: 'korean', keeps: 'part', print: (p) => fullName(p).replace(/[ -]/gu, '').toUpperCase() },
  { name: 'korean_initials', for: 'korean', keeps: 'doubt', print: (p) => `${p.given.split(/[ -]/u).map((w) => `${w[0]?.toUpperCase()}.`).join('')} ${p.family}` },
  { name: 'korean_decomposed', for: 'korean', keeps: 'whole', print: (p) => (p.native ?? fullName(p)).normalize('NFD') },
  { name: 'korean_given_first', for: 'korean', keeps: 'whole', print: (p) => `${p.given} ${p.family}` },
];
