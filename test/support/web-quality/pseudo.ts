import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LOCALES = new URL('../../../locales/', import.meta.url);
export const OPEN = '⟦';
export const CLOSE = '⟧';

type Words = string | { [key: string]: Words };

/** Puts every word of a language between marks, in a data directory: what a page then shows without them came from no locale. */
export function writePseudoLocale(dataDir: string, language: string): void {
  const folder = join(dataDir, 'locales', language);
  mkdirSync(folder, { recursive: true });
  const from = new URL(`${language}/`, LOCALES);
  for (const file of readdirSync(from)) writeFileSync(join(folder, file), JSON.stringify(marked(JSON.parse(readFileSync(new URL(file, from), 'utf8')) as Words)));
}

function marked(words: Words): Words {
  if (typeof words === 'string') return `${OPEN}${words}${CLOSE}`;
  return Object.fromEntries(Object.entries(words).map(([key, inner]) => [key, marked(inner)]));
}

const INNERMOST = new RegExp(`${OPEN}[^${OPEN}${CLOSE}]*${CLOSE}`, 'gu');

/** What of a text no locale gave. */
export function unmarked(text: string): string {
  for (let shorter = text.replace(INNERMOST, ' '); shorter !== text; shorter = text.replace(INNERMOST, ' ')) text = shorter;
  return text.replace(/\s+/gu, ' ').trim();
}
