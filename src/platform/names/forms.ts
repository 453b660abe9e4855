// What a name is asked for again and again while it is held against others: made when it is first asked for, and once.
import type { StoredToken, Part } from './align.ts';
import { kept } from './kept.ts';
import type { PersonName } from './keys.ts';
import { koreanReadings, koreanSurname } from './korean.ts';
import type { KoreanReading } from './korean.ts';
import { foldText, hasHangul, nameTokens, normalise, normaliseName } from './text.ts';
import type { Token } from './text.ts';

/** A name as it stands in a cell. */
export type Printed = { readonly text: string; readonly plain: string; readonly hasHangul: boolean; readonly tokens: readonly Token[]; readonly length: number; readonly korean: readonly KoreanReading[] };

export const printedForms: (text: string) => Printed = kept((text) => ({
  text, plain: normaliseName(text), hasHangul: hasHangul(text), tokens: nameTokens(text), length: text.trim().length, korean: koreanReadings(text),
}));

export type Alias = { readonly plain: string; readonly stored: readonly StoredToken[] };

/** An alias is one cell of text as well. */
export const aliasForms: (text: string) => Alias = kept((text) => ({ plain: normaliseName(text), stored: storedTokens(text, 'given') }));

/** A Korean name as a case has it: in Latin letters, and in each reading of its Hangul. */
export type KoreanForm = { readonly surname: string | null; readonly surnameLatin: string; readonly givenLatin: string; readonly native: KoreanReading | null };

type Beginning = { readonly given: string; readonly surnames: string; readonly wholes: readonly string[] };

const storedTokens = (text: string, part: Part): StoredToken[] => nameTokens(text).map((t) => ({ text: t.text, form: t.form, part }));
const letters = (text: string): string => foldText(text).replace(/[^a-z]/gu, '');

// The first letter in lower case where it is a plain one, else 0: what begins with another one cannot begin alike.
const firstLetter = (text: string): number => (/^[a-z]/iu.test(text) ? text.charCodeAt(0) | 0x20 : 0);

/** A person's name. */
export class PersonForms {
  readonly #name: PersonName;
  readonly stored: readonly StoredToken[];
  readonly words: readonly string[];
  readonly hasSecond: boolean;
  readonly hasNative: boolean;
  readonly isLatinKorean: boolean;
  /** Null where the person is not Korean. */
  readonly korean: readonly KoreanForm[] | null;
  readonly #given: number;
  readonly #family: number;
  #whole: string | null = null;
  #beginning: Beginning | null = null;

  constructor(name: PersonName) {
    this.#name = name;
    this.stored = [...storedTokens(name.given, 'given'), ...storedTokens(name.family, 'family'), ...storedTokens(name.secondFamily ?? '', 'second')];
    this.words = this.stored.map((s) => s.text);
    this.hasSecond = this.stored.some((s) => s.part === 'second');
    this.hasNative = (name.native ?? '') !== '';
    this.isLatinKorean = koreanSurname(normaliseName(name.family)) !== null;
    this.korean = koreanForms(name);
    this.#given = firstLetter(name.given);
    this.#family = firstLetter(name.family);
  }

  /** Whether the plain form of a printed name is that of this one, given names first. */
  isPlainly(plain: string): boolean {
    if (this.#given !== 0 && plain.charCodeAt(0) !== this.#given) return false;
    this.#whole ??= normalise(`${this.#name.given} ${this.#name.family} ${this.#name.secondFamily ?? ''}`);
    return this.#whole === plain;
  }

  /** Cheap, and never wrong about a beginning. */
  mayBeginWith(plain: string): boolean {
    const first = plain.charCodeAt(0);
    return this.#given === 0 || this.#family === 0 || first === this.#given || first === this.#family;
  }

  get beginning(): Beginning {
    const surnames = `${this.#name.family} ${this.#name.secondFamily ?? ''}`.trim();
    this.#beginning ??= { given: normaliseName(this.#name.given), surnames: normaliseName(surnames), wholes: [`${this.#name.given} ${surnames}`, `${surnames} ${this.#name.given}`].map(normalise) };
    return this.#beginning;
  }
}

function koreanForms(name: PersonName): KoreanForm[] | null {
  const surnameLatin = letters(name.family);
  const readings = koreanReadings(name.native ?? '').filter((r) => r.isHangul);
  const surname = koreanSurname(surnameLatin);
  if (surname === null && readings.length === 0) return null;
  const latin = { surname, surnameLatin, givenLatin: letters(name.given), native: null };
  const forms = readings.length === 0 ? [latin] : readings.map((native) => ({ ...latin, surname: native.surname, native }));
  return forms.every((f) => f.surname === null) ? null : forms;
}

const persons = new WeakMap<PersonName, PersonForms>();

export function personForms(name: PersonName): PersonForms {
  const known = persons.get(name);
  if (known !== undefined) return known;
  const made = new PersonForms(name);
  persons.set(name, made);
  return made;
}
