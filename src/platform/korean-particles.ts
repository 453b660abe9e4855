/** The particles of which one form follows a final consonant and the other a vowel, as a text without its gaps filled must write them. */
const FORMS: Readonly<Record<string, readonly [afterConsonant: string, afterVowel: string]>> = {
  '은(는)': ['은', '는'], '이(가)': ['이', '가'], '을(를)': ['을', '를'], '과(와)': ['과', '와'], '와(과)': ['과', '와'], '(으)로': ['으로', '로'],
};
const BOTH = /(?:은\(는\)|이\(가\)|을\(를\)|과\(와\)|와\(과\)|\(으\)로)/gu;
/** What stands between a word and its particle and is not spoken: brackets with what they hold, closing quotes. */
const UNSPOKEN = /(?:\([^()]{0,200}\)|["'”’」』»])$/u;

const HANGUL_FIRST = 0xAC00;
const HANGUL_LAST = 0xD7A3;
const FINALS = 28;
const FINAL_L = 8;
const OTHER_FINAL = 1;
/** The finals of 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구. */
const DIGITS = [OTHER_FINAL, FINAL_L, 0, OTHER_FINAL, 0, 0, OTHER_FINAL, FINAL_L, FINAL_L, 0];

/**
 * `사건 12을(를)` becomes `사건 12를`, `외교부(SRE)(으)로` becomes `외교부(SRE)로`. After Latin letters and signs, whose reading
 * nobody knows for certain, both forms stay.
 */
export function withParticles(text: string): string {
  if (!text.includes('(')) return text;
  return text.replace(BOTH, (both, at: number) => {
    const final = finalOf(text.slice(0, at));
    const forms = FORMS[both];
    if (final === null || !forms) return both;
    const isConsonant = both === '(으)로' ? final !== 0 && final !== FINAL_L : final !== 0;
    return forms[isConsonant ? 0 : 1];
  });
}

function finalOf(before: string): number | null {
  let word = before;
  while (UNSPOKEN.test(word)) word = word.replace(UNSPOKEN, '');
  const code = word.codePointAt(word.length - 1) ?? 0;
  if (code >= HANGUL_FIRST && code <= HANGUL_LAST) return (code - HANGUL_FIRST) % FINALS;
  return DIGITS[code - 0x30] ?? null;
}
