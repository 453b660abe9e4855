import type { Residence } from './support-case.rules.ts';

/** What of a text can tell a place: its numbers as written (without leading zeros) and its words, folded. */
export interface PlaceTokens { numbers: ReadonlySet<string>; words: ReadonlySet<string> }

/** One address, taken apart so that respelling, reordering and other fields make no difference. */
export interface AddressTokens {
  /** Of all lines, neighbourhood and locality together: whoever types an address puts it into any of them. */
  readonly all: PlaceTokens;
  /** The numbers that could be a house's: of more than one digit, or the only one. */
  readonly houses: ReadonlySet<string>;
  readonly postalCode: string;
  /** What tells the locality; empty where none is told. */
  readonly locality: readonly string[];
  readonly plain: string;
}

// Words of the kind and not of the place: every second address has them.
const GENERIC = new Set(('street st avenue ave av avenida boulevard blvd blv road rd drive dr lane ln court ct place pl way calle calz calzada cll camino carretera privada priv andador cerrada '
  + 'north south east west norte sur este oeste oriente poniente apt apartment unit suite ste floor room depto departamento interior int exterior ext num numero no nro piso local lote manzana mz lt edificio edif '
  + 'colonia col fraccionamiento fracc barrio residencial the of de del la las los el san santa santo saint city ciudad cd town villa new nuevo nueva puerto rio heroica centro '
  + 'county municipio delegacion co care box po apartado dong ho ro gil gu si do domicilio conocido sn').split(' '));

const WORD_LENGTH_MIN = 3;
/** Hangul says in two syllables what takes Latin script five letters. */
const HANGUL_LENGTH_MIN = 2;

/** Accents, case, full-width forms and punctuation off. */
export function foldPlace(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFC').toLowerCase();
}

/** As `foldPlace`, and nothing but letters and digits. */
export function plain(text: string): string {
  return foldPlace(String(text)).replace(/[^\p{L}\p{N}]/gu, '');
}

export function wordsOf(text: string): string[] {
  return (foldPlace(text).match(/\p{L}+/gu) ?? []).filter((word) => !GENERIC.has(word) && word.length >= (/\p{Script=Hangul}/u.test(word) ? HANGUL_LENGTH_MIN : WORD_LENGTH_MIN));
}

export function numbersOf(text: string): string[] {
  return (foldPlace(text).match(/\d+/g) ?? []).map((digits) => digits.replace(/^0+(?=\d)/, ''));
}

export function tokensOf(text: string): PlaceTokens {
  return { numbers: new Set(numbersOf(text)), words: new Set(wordsOf(text)) };
}

/** Without what some write and others do not: of a ZIP+4 its first five digits. */
export function postalBase(code: string): string {
  const written = plain(code);
  return /^\d{9}$/.test(written) ? written.slice(0, 5) : written;
}

export function addressTokens(residence: Residence): AddressTokens {
  const { lines, neighborhood = '', locality = '', postalCode = '' } = residence;
  const all = tokensOf([...lines, neighborhood, locality].join(' '));
  const long = [...all.numbers].filter((number) => number.length > 1);
  return {
    all, houses: new Set(long.length > 0 ? long : all.numbers), postalCode: postalBase(postalCode), locality: localityWords(locality), plain: plain(lines.join(' ')),
  };
}

/** The words that tell a locality; one that has none but usual ones is told by all of them together. */
function localityWords(locality: string): string[] {
  const words = wordsOf(locality);
  return words.length > 0 || plain(locality) === '' ? words : [plain(locality)];
}

const meet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((token) => b.has(token));

function haveSameLocality(a: AddressTokens, b: AddressTokens): boolean {
  const says = (one: AddressTokens, other: AddressTokens): boolean => one.locality.some((word) => other.all.words.has(word) || other.locality.includes(word) || other.plain === word);
  return says(a, b) || says(b, a);
}

function haveSameHouse(a: AddressTokens, b: AddressTokens): boolean {
  return meet(a.houses, b.all.numbers) || meet(b.houses, a.all.numbers);
}

const streetOf = ({ all, locality }: AddressTokens): ReadonlySet<string> => new Set([...all.words].filter((word) => !locality.includes(word)));

/** Whether two addresses are one home, however each is written: whoever lives there lives with the other. */
export function isSameHome(one: Residence, other: Residence): boolean {
  const [a, b] = [addressTokens(one), addressTokens(other)];
  const isNear = haveSameLocality(a, b) || (a.postalCode !== '' && a.postalCode === b.postalCode);
  if (a.plain !== '' && a.plain === b.plain) return one.country === other.country || isNear;
  if (haveSameHouse(a, b)) return meet(streetOf(a), streetOf(b)) || isNear;
  const isNumberless = a.all.numbers.size === 0 || b.all.numbers.size === 0;
  return isNumberless && isNear && meet(streetOf(a), streetOf(b));
}

/**
 * Whether two addresses could tell the same place: a house number, a postal code or a locality is enough. What cannot be told
 * apart is taken for the same.
 */
export function mayCoincide(one: Residence, other: Residence): boolean {
  const [a, b] = [addressTokens(one), addressTokens(other)];
  if (haveSameHouse(a, b) || haveSameLocality(a, b)) return true;
  if (a.postalCode !== '' && (a.postalCode === b.postalCode || b.all.numbers.has(a.postalCode))) return true;
  if (b.postalCode !== '' && a.all.numbers.has(b.postalCode)) return true;
  const isUncertain = a.all.numbers.size === 0 || b.all.numbers.size === 0 || meet(a.all.numbers, b.all.numbers);
  return (a.plain !== '' && a.plain === b.plain) || (isUncertain && meet(a.all.words, b.all.words));
}
