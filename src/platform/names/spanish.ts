// Spellings that sound alike in Spanish fall together: González / Gonzales, Jiménez / Ximénez, Yolanda / Llolanda.

const cache = new Map<string, string>();
const CACHE_MAX = 50_000;

function reduce(word: string): string {
  return word
    .replace(/ph/gu, 'f').replace(/ch/gu, '1').replace(/sh/gu, '1').replace(/h/gu, '')
    .replace(/qu(?=[ei])/gu, 'k').replace(/gu(?=[ei])/gu, '2').replace(/g(?=[eiy])/gu, 'j').replace(/x/gu, 'j').replace(/2/gu, 'g')
    .replace(/c(?=[eiy])/gu, 's').replace(/[cq]/gu, 'k').replace(/z/gu, 's').replace(/ll/gu, 'y').replace(/v/gu, 'b').replace(/w/gu, 'u')
    .replace(/y(?![aeiou])/gu, 'i').replace(/n(?=[pb])/gu, 'm').replace(/(.)\1+/gu, '$1');
}

/** What a word sounds like, for look-up and for judging two spellings equal. */
export function soundOf(word: string): string {
  const known = cache.get(word);
  if (known !== undefined) return known;
  const sound = reduce(word);
  if (cache.size >= CACHE_MAX) cache.clear();
  cache.set(word, sound);
  return sound;
}
