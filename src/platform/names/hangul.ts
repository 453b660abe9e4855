// What a Hangul syllable may look like in a passport. Sources: Revised Romanization, McCune-Reischauer without marks, and the
// spellings that the Ministry of Foreign Affairs counts in passports (JUNG, JEONG and CHUNG are all 정).

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;

export const INITIALS: readonly (readonly string[])[] = [
  ['g', 'k'], ['kk', 'gg', 'k', 'g'], ['n'], ['d', 't'], ['dd', 'tt', 'd', 't'], ['r', 'l'], ['m'], ['b', 'p'], ['bb', 'pp', 'b', 'p'], ['s', 'sh'],
  ['ss', 's'], [''], ['j', 'ch', 'z'], ['jj', 'j'], ['ch', 'c', 'j'], ['k'], ['t'], ['p'], ['h'],
];

type Vowel = { readonly open: readonly string[]; readonly closed: readonly string[] };
const both = (...forms: string[]): Vowel => ({ open: forms, closed: forms });

export const VOWELS: readonly Vowel[] = [
  { open: ['a', 'ah'], closed: ['a'] }, both('ae', 'ai', 'ay', 'e'), { open: ['ya', 'yah'], closed: ['ya'] }, both('yae'),
  { open: ['eo', 'uh', 'eoh', 'u'], closed: ['eo', 'u', 'o', 'ou'] }, both('e', 'ae'), { open: ['yeo', 'yuh', 'yu', 'you'], closed: ['yeo', 'you', 'yu', 'yo'] },
  both('ye', 'yae', 'ae', 'e'), { open: ['o', 'oh'], closed: ['o'] }, both('wa', 'oa'), both('wae', 'wai'), both('oe', 'oi', 'oy', 'we'),
  { open: ['yo', 'yoh'], closed: ['yo'] }, { open: ['u', 'oo', 'ou', 'woo', 'wu'], closed: ['u', 'oo', 'ou', 'woo'] }, both('wo', 'weo', 'wou'), both('we'),
  both('wi', 'wee', 'ui'), both('yu', 'yoo', 'you', 'u'), both('eu', 'u'), both('ui', 'eui', 'hui', 'ee', 'i', 'ei'), both('i', 'ee', 'yi', 'ie', 'y'),
];

export const FINALS: readonly (readonly string[])[] = [
  [''], ['k', 'g', 'ck'], ['k', 'kk'], ['k'], ['n'], ['n'], ['n'], ['t', 'd'], ['l', 'r', 'll'], ['k', 'lk'], ['m', 'lm'], ['l'], ['l'], ['l'], ['p'], ['l'],
  ['m'], ['p', 'b'], ['p'], ['t', 's'], ['t', 's'], ['ng'], ['t'], ['t'], ['k'], ['t'], ['p'], ['t', 'h', ''],
];

// The consonant that stays whatever the spelling: voiced and unvoiced, plain and tense fall together.
const INITIAL_CLASS = ['K', 'K', 'N', 'T', 'T', 'R', 'M', 'P', 'P', 'S', 'S', '', 'C', 'C', 'C', 'K', 'T', 'P', ''];
const FINAL_CLASS = ['', 'K', 'K', 'K', 'N', 'N', 'N', 'T', 'R', 'K', 'M', 'R', 'R', 'R', 'P', 'R', 'M', 'P', 'P', 'T', 'T', 'N', 'T', 'T', 'K', 'T', 'P', ''];
const HIEUT = 18;

export type Syllable = { readonly initial: number; readonly vowel: number; readonly final: number };

export function isSyllable(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return code >= FIRST_SYLLABLE && code <= LAST_SYLLABLE;
}

export function syllables(hangul: string): Syllable[] {
  return [...hangul].filter(isSyllable).map((char) => {
    const index = (char.codePointAt(0) ?? 0) - FIRST_SYLLABLE;
    return { initial: Math.floor(index / 588), vowel: Math.floor((index % 588) / 28), final: index % 28 };
  });
}

// "ng" + vowel and "n" + "g" cannot be told apart in Latin, so a K after an N never counts, and doubled consonants count once.
function settle(skeleton: string): string {
  return skeleton.replace(/NK+/gu, 'N').replace(/(.)\1+/gu, '$1');
}

/** The consonants of a Hangul given name; equal to `latinSkeleton` of each of its passport spellings. */
export function hangulSkeleton(hangul: string): string {
  const parts = syllables(hangul).map((s, i) => `${i === 0 && s.initial === HIEUT ? 'H' : (INITIAL_CLASS[s.initial] ?? '')}${FINAL_CLASS[s.final] ?? ''}`);
  return settle(parts.join(''));
}

const LATIN_CLASS: Readonly<Record<string, string>> = {
  g: 'K', k: 'K', q: 'K', c: 'K', d: 'T', t: 'T', b: 'P', p: 'P', f: 'P', v: 'P', j: 'C', z: 'C', s: 'S', x: 'S', r: 'R', l: 'R', m: 'M', n: 'N',
};

export function latinSkeleton(latin: string): string {
  const letters = latin.toLowerCase().replace(/[^a-z]/gu, '').replace(/ch/gu, 'j').replace(/sh/gu, 's').replace(/ck/gu, 'k').replace(/ng/gu, 'n');
  let skeleton = letters.startsWith('h') ? 'H' : '';
  for (const letter of letters) skeleton += LATIN_CLASS[letter] ?? '';
  return settle(letters.endsWith('s') ? `${skeleton.slice(0, -1)}T` : skeleton);
}

// McCune-Reischauer writes ŏ for 어; where its mark was lost, 서 looks like 소.
const WITHOUT_MARKS: Readonly<Record<number, readonly string[]>> = { 4: ['o'], 6: ['yo'] };

function spellings(s: Syllable, areMarksLost: boolean): { initials: readonly string[]; vowels: readonly string[]; finals: readonly string[] } {
  const vowel = VOWELS[s.vowel];
  const vowels = (s.final === 0 ? vowel?.open : vowel?.closed) ?? [];
  return { initials: INITIALS[s.initial] ?? [], vowels: areMarksLost ? [...vowels, ...(WITHOUT_MARKS[s.vowel] ?? [])] : vowels, finals: FINALS[s.final] ?? [''] };
}

/** Whether Latin letters can be a spelling of this Hangul name; `areMarksLost` also where the marks over its vowels were lost. */
export function romanizes(latin: string, hangul: string, areMarksLost = false): boolean {
  const letters = latin.toLowerCase().replace(/[^a-z]/gu, '');
  let ends = new Set([0]);
  for (const syllable of syllables(hangul)) {
    const { initials, vowels, finals } = spellings(syllable, areMarksLost);
    const next = new Set<number>();
    for (const at of ends) {
      for (const i of initials) {
        if (!letters.startsWith(i, at)) continue;
        for (const v of vowels) {
          if (!letters.startsWith(v, at + i.length)) continue;
          for (const f of finals) if (letters.startsWith(f, at + i.length + v.length)) next.add(at + i.length + v.length + f.length);
        }
      }
    }
    ends = next;
    if (ends.size === 0) return false;
  }
  return letters.length > 0 && ends.has(letters.length);
}

const readable = new Map<string, boolean>();
const READABLE_KEPT_MAX = 20_000;

/** Whether Latin letters read as one to three Korean syllables at all. */
export function isReadable(latin: string): boolean {
  const known = readable.get(latin);
  if (known !== undefined) return known;
  if (readable.size >= READABLE_KEPT_MAX) readable.clear();
  const found = reads(latin);
  readable.set(latin, found);
  return found;
}

function reads(latin: string): boolean {
  const letters = latin.toLowerCase().replace(/[^a-z]/gu, '');
  let ends = new Set([0]);
  for (let n = 0; n < READABLE_SYLLABLES_MAX && ends.size > 0; n++) {
    const next = new Set<number>();
    for (const at of ends) {
      for (const initial of ALL_INITIALS) {
        if (!letters.startsWith(initial, at)) continue;
        for (const vowel of ALL_VOWELS) {
          if (!letters.startsWith(vowel, at + initial.length)) continue;
          for (const final of ALL_FINALS) if (letters.startsWith(final, at + initial.length + vowel.length)) next.add(at + initial.length + vowel.length + final.length);
        }
      }
    }
    if (next.has(letters.length)) return letters !== '';
    ends = next;
  }
  return false;
}

const READABLE_SYLLABLES_MAX = 3;
const ALL_INITIALS = [...new Set(INITIALS.flat())];
const ALL_VOWELS = [...new Set(VOWELS.flatMap((v) => [...v.open, ...v.closed]))];
const ALL_FINALS = [...new Set(FINALS.flat())];

const starts = (forms: readonly string[], text: string, at: number): number[] => forms.filter((f) => text.startsWith(f, at)).map((f) => at + f.length);

function* pairs(forms: readonly string[], a: string, i: number, b: string, j: number): Generator<[number, number]> {
  const right = starts(forms, b, j);
  if (right.length === 0) return;
  for (const x of starts(forms, a, i)) for (const y of right) yield [x, y];
}

function syllableSteps(a: string, i: number, b: string, j: number): Set<string> {
  const ends = new Set<string>();
  for (const initial of INITIALS) {
    for (const [i1, j1] of pairs(initial, a, i, b, j)) {
      for (const vowel of VOWELS) {
        for (const [i2, j2] of pairs(vowel.open, a, i1, b, j1)) ends.add(`${i2}/${j2}`);
        for (const [i2, j2] of pairs(vowel.closed, a, i1, b, j1)) for (const final of FINALS.slice(1)) for (const [i3, j3] of pairs(final, a, i2, b, j2)) ends.add(`${i3}/${j3}`);
      }
    }
  }
  return ends;
}

const GIVEN_SYLLABLES_MAX = 4;

/** Whether two Latin spellings can be the same Hangul name: some reading is common to both. */
export function sharesReading(latinA: string, latinB: string): boolean {
  const a = latinA.toLowerCase().replace(/[^a-z]/gu, '');
  const b = latinB.toLowerCase().replace(/[^a-z]/gu, '');
  if (a === b) return a !== '';
  if (latinSkeleton(a) !== latinSkeleton(b) || a.length > 24 || b.length > 24) return false;
  let states = new Set(['0/0']);
  for (let n = 0; n < GIVEN_SYLLABLES_MAX && states.size > 0; n++) {
    const next = new Set<string>();
    for (const state of states) {
      const [i, j] = state.split('/').map(Number) as [number, number];
      for (const end of syllableSteps(a, i, b, j)) next.add(end);
    }
    if (next.has(`${a.length}/${b.length}`)) return true;
    states = next;
  }
  return false;
}
