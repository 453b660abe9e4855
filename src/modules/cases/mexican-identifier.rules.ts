import { calendarDateOf } from '../../platform/dates.ts';

/** Algorithms of the Mexican identifiers; test vectors and sources stand in this module's README. */

export interface CurpPerson { given: string; family: string; secondFamily?: string; birthDate?: string; sex?: string }
export type CurpFault = 'structure' | 'date' | 'entity' | 'century' | 'check_digit' | 'birth_date' | 'sex' | 'name';

const CURP_ALPHABET = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';
const CURP_STRUCTURE = /^[A-ZÑ][AEIOUX][A-ZÑ]{2}\d{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-ZÑ]{3}[0-9A-Z]\d$/;

// Mexico City stays DF in the CURP; NE is born abroad.
const ENTITIES = new Set(['AS', 'BC', 'BS', 'CC', 'CL', 'CM', 'CS', 'CH', 'DF', 'DG', 'GT', 'GR', 'HG', 'JC', 'MC', 'MN', 'MS', 'NT', 'NL', 'OC', 'PL', 'QT', 'QR', 'SP', 'SL', 'SR', 'TC', 'TS', 'TL', 'VZ', 'YN', 'ZS', 'NE']);

/** Which parts of a CURP do not hold, worst first; empty when all do. The person's data are compared where they are given. */
export function curpFaults(value: string, person?: CurpPerson): CurpFault[] {
  const curp = value.normalize('NFC').toUpperCase().replace(/[\s-]/g, '');
  if (!CURP_STRUCTURE.test(curp)) return ['structure'];
  const faults: CurpFault[] = [];
  const born = curpBirthDate(curp);
  if (!ENTITIES.has(curp.slice(11, 13))) faults.push('entity');
  if (!born) faults.push('date');
  if (curpCheckDigit(curp) !== curp[17]) faults.push('check_digit');
  if (!person) return faults;
  if (born && person.birthDate !== undefined) {
    if (born.slice(2) !== person.birthDate.slice(2)) faults.push('birth_date');
    else if (born !== person.birthDate) faults.push('century');
  }
  if (!isSameSex(curp[10] as string, person.sex)) faults.push('sex');
  if (!isCurpOf(curp, person)) faults.push('name');
  return faults;
}

export function curpCheckDigit(curp: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += CURP_ALPHABET.indexOf(curp[i] as string) * (18 - i);
  return String((10 - (sum % 10)) % 10);
}

// Position 17 is a digit for those born up to 1999, a letter after that.
function curpBirthDate(curp: string): string | null {
  const century = /\d/.test(curp[16] as string) ? 1900 : 2000;
  return calendarDateOf(century + Number(curp.slice(4, 6)), Number(curp.slice(6, 8)), Number(curp.slice(8, 10)));
}

function isSameSex(letter: string, sex: string | undefined): boolean {
  if (sex === undefined || sex === 'X' || letter === 'X') return true;
  return letter === (sex === 'M' ? 'H' : 'M');
}

const PARTICLES = new Set(['DA', 'DAS', 'DE', 'DEL', 'DER', 'DI', 'DIE', 'DD', 'EL', 'LA', 'LOS', 'LAS', 'LE', 'LES', 'MAC', 'MC', 'VAN', 'VON', 'Y']);
const SKIPPED_GIVEN = new Set(['MARIA', 'MA', 'M', 'JOSE', 'J']);

// The second letter of these becomes X (RENAPO's list of inconvenient words).
const BAD_WORDS = new Set(('BACA BAKA BUEI BUEY CACA CACO CAGA CAGO CAKA CAKO COGE COGI COJA COJE COJI COJO COLA CULO FALO FETO GETA GUEI GUEY JETA JOTO KACA KACO KAGA KAGO '
  + 'KAKA KAKO KOGE KOGI KOJA KOJE KOJI KOJO KOLA KULO LILO LOCA LOCO LOKA LOKO MAME MAMO MEAR MEAS MEON MIAR MION MOCO MOKO MULA MULO NACA NACO PEDA PEDO PENE PIPI '
  + 'PITO POPO PUTA PUTO QULO RATA ROBA ROBE ROBO RUIN SENO TETA VACA VAGA VAGO VAKA VUEI VUEY WUEI WUEY').split(' '));

/** The sixteen-character stem of a person's CURP, less entity and the two last places: four letters and three consonants. */
export function curpLetters(person: CurpPerson): { initials: string; consonants: string } {
  const first = leadingWord(person.family, false);
  const second = leadingWord(person.secondFamily ?? '', false);
  const given = leadingWord(person.given, true);
  const letters = `${first[0] ?? 'X'}${/[AEIOU]/.exec(first.slice(1))?.[0] ?? 'X'}${second[0] ?? 'X'}${given[0] ?? 'X'}`;
  const initials = BAD_WORDS.has(letters) ? `${letters[0]}X${letters.slice(2)}` : letters;
  return { initials, consonants: [first, second, given].map((word) => /[B-DF-HJ-NP-TV-Z]/.exec(word.slice(1))?.[0] ?? 'X').join('') };
}

function isCurpOf(curp: string, person: CurpPerson): boolean {
  const { initials, consonants } = curpLetters(person);
  return curp.slice(0, 4).replaceAll('Ñ', 'X') === initials && curp.slice(13, 16).replaceAll('Ñ', 'X') === consonants;
}

function leadingWord(text: string, isGiven: boolean): string {
  const plain = text.normalize('NFC').toUpperCase().replace(/Ñ/g, '\u0001').normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/\u0001/g, 'X');
  const words = plain.replace(/['’]/g, '').replace(/\./g, ' ').replace(/[/-]/g, 'X').split(/\s+/).filter((word) => /[A-Z]/.test(word));
  const kept = words.filter((word) => !PARTICLES.has(word));
  // "de la O" is a surname of one letter, which its particles then belong to.
  const from = kept.some((word) => word.length > 1) ? kept : words;
  return (isGiven && from.length > 1 && SKIPPED_GIVEN.has(from[0] as string) ? from[1] : from[0]) ?? '';
}

const RFC_ALPHABET = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ';

export type RfcFault = 'structure' | 'date' | 'check_digit';

/** About one real RFC in seventy fails its check digit, so its faults never do more than warn. */
export function rfcFaults(value: string): RfcFault[] {
  const rfc = value.normalize('NFC').toUpperCase().replace(/[\s-]/g, '');
  const match = /^[A-ZÑ&]{3,4}(\d{2})(\d{2})(\d{2})[0-9A-Z]{2}[0-9A]$/.exec(rfc);
  if (!match) return ['structure'];
  const [month, day] = [Number(match[2]), Number(match[3])];
  const isDate = [1900, 2000].some((century) => calendarDateOf(century + Number(match[1]), month, day) !== null);
  return [...(isDate ? [] : ['date' as const]), ...(rfcCheckDigit(rfc) === rfc.at(-1) ? [] : ['check_digit' as const])];
}

export function rfcCheckDigit(rfc: string): string {
  const padded = rfc.slice(0, -1).padStart(12, ' ');
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += RFC_ALPHABET.indexOf(padded[i] as string) * (13 - i);
  return '0123456789A'[(11 - (sum % 11)) % 11] as string;
}

export type ClabeFault = 'structure' | 'check_digit';

/** A CLABE that fails cannot be paid to. That it holds says nothing of whose account it is. */
export function clabeFaults(value: string): ClabeFault[] {
  const clabe = value.replace(/[\s-]/g, '');
  if (!/^\d{18}$/.test(clabe)) return ['structure'];
  return clabeCheckDigit(clabe) === clabe[17] ? [] : ['check_digit'];
}

export function clabeCheckDigit(clabe: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (Number(clabe[i]) * ([3, 7, 1][i % 3] as number)) % 10;
  return String((10 - (sum % 10)) % 10);
}

/** Clave de elector: sources disagree on its check digit, so only its form is looked at. */
export function isVoterKeyForm(value: string): boolean {
  return /^[A-ZÑ]{6}\d{6}(0[1-9]|[12]\d|3[0-2])[HM]\d{3}$/.test(value.normalize('NFC').toUpperCase().replace(/[\s-]/g, ''));
}
