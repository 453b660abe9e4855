import type { CalendarDate } from '../../platform/dates.ts';
import { foldPlace, numbersOf, plain, wordsOf } from './address.rules.ts';
import { protectionOf } from './disclosure.rules.ts';
import { Ledger } from './disclosure-ledger.rules.ts';
import type { SupportCase } from './support-case.rules.ts';

/** The last gate for texts that are no part of the case's record (interviews, attachments' titles): what they may not tell. */
export interface TextGate {
  /** Whether anybody in the case is sealed. */
  readonly isAnyoneSealed: boolean;
  isSealed(participantId: string): boolean;
  /** On the side of the case on which somebody is sealed; see `near` in the README. */
  isNear(participantId: string): boolean;
  /** Whether these texts, each or read together, say where a sealed person is. */
  tells(texts: unknown): boolean;
}

/**
 * The gate of a case on a day. `places` are further names that would give a sealed person's whereabouts away and stand in no
 * extract: a child's school, the registry office of the town. A word that one of them has for itself is enough.
 */
export function textGate(supportCase: SupportCase, on: CalendarDate, places: readonly string[] = []): TextGate {
  const { sealed, near, whereabouts } = protectionOf(supportCase, on);
  const ledger = new Ledger(whereabouts);
  const saysPlace = sealed.size === 0 ? () => false : placeSaid(places, supportCase);
  return {
    isAnyoneSealed: sealed.size > 0,
    isSealed: (participantId) => sealed.has(participantId),
    isNear: (participantId) => near.has(participantId),
    tells: (texts) => ledger.tells(withoutHiding(texts)) || saysPlace(flatText(texts)),
  };
}

// Shorter than this, a word of a place's name stands in texts by chance; Hangul says as much in two syllables.
const OWN_WORD_MIN = 4;
const HANGUL_MIN = 2;

// What any school, office, hospital or insurer is called besides its name, and states and countries, which every paper names.
const KINDS = new Set(('school elementary primary secondary middle high preschool kindergarten academy college university institute center centre clinic hospital health medical insurance insurer company office '
  + 'district unified charter public private saint escuela primaria secundaria preparatoria preescolar jardin ninos kinder colegio instituto universidad centro clinica hospital seguro seguros salud registro civil '
  + 'oficialia oficina federal estatal municipal general technical tecnica bachillerato 초등학교 중학교 고등학교 유치원 어린이집 병원 의원 보험 학교 county state estado country pais none ninguno ninguna unknown '
  + 'california baja mexico united states estados unidos america korea corea south north republic republica 미국 멕시코 한국 대한민국 캘리포니아').split(' '));

function placeSaid(places: readonly string[], { participants }: Pick<SupportCase, 'participants'>): (text: string) => boolean {
  const names = new Set(participants.flatMap(({ name }) => [name.given, name.family, name.secondFamily ?? '', name.native ?? '']).flatMap((name) => wordsOf(name)));
  const isOwn = (word: string): boolean => !KINDS.has(word) && !names.has(word) && word.length >= (/\p{Script=Hangul}/u.test(word) ? HANGUL_MIN : OWN_WORD_MIN);
  const whole = places.map(plain).filter((place) => place.length >= OWN_WORD_MIN && !KINDS.has(place));
  const own = new Set(places.flatMap((place) => wordsOf(place.replace(/\p{Cf}/gu, ''))).filter(isOwn));
  const hangul = [...own].filter((word) => /\p{Script=Hangul}/u.test(word));
  const numbered = places.map((place) => ({ kinds: kindsIn(place), numbers: numbersOf(place) })).filter(({ kinds, numbers }) => kinds.length > 0 && numbers.length > 0);
  return (text) => {
    const written = plain(text);
    const [kinds, numbers] = [kindsIn(text), numbersOf(text)];
    // "Secundaria 23" has no word of its own, yet there is one in town.
    if (numbered.some((place) => place.kinds.some((kind) => kinds.includes(kind)) && place.numbers.some((number) => numbers.includes(number)))) return true;
    // A particle stands behind a Korean word without a space.
    return whole.some((place) => written.includes(place)) || hangul.some((word) => written.includes(word)) || wordsOf(text).some((word) => own.has(word));
  };
}

const kindsIn = (text: string): string[] => (foldPlace(text).match(/\p{L}+/gu) ?? []).filter((word) => KINDS.has(word));

/** Characters that print nothing would part a word in two for whoever compares, and for no reader. */
function withoutHiding(texts: unknown): string[] {
  return listed(texts).map((text) => text.replace(/\p{Cf}/gu, ''));
}

function flatText(texts: unknown): string {
  return withoutHiding(texts).join(' ');
}

function listed(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(listed) : [];
}
