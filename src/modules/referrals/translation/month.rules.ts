const NAMES: Readonly<Record<string, readonly string[]>> = {
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
  es: ['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre', 'noviembre', 'diciembre'],
};

/** A month by its name in English or Spanish, or as Korean writes it (3월). English ones have their capital: "may" and "march" are words. */
export const MONTH = new RegExp(`(?<![\\p{L}\\p{N}])(?:${[...(NAMES['en'] ?? []), ...(NAMES['es'] ?? []).flatMap((name) => [name, name.charAt(0).toUpperCase() + name.slice(1)])].join('|')})(?![\\p{L}\\p{N}])|(?<!\\d)(?:1[0-2]|[1-9])월`, 'gu');

/** 1 to 12, or null for what is no month. */
export function monthNumber(text: string): number | null {
  const korean = /^(\d{1,2})월$/u.exec(text)?.[1];
  if (korean !== undefined) return Number(korean);
  for (const names of Object.values(NAMES)) {
    const at = names.findIndex((name) => name.toLowerCase() === text.toLowerCase());
    if (at >= 0) return at + 1;
  }
  return null;
}

/** The same month in another language; null where its names are not known here. */
export function monthIn(number: number, language: string): string | null {
  if (language.startsWith('ko')) return `${number}월`;
  return NAMES[language.slice(0, 2)]?.[number - 1] ?? null;
}
