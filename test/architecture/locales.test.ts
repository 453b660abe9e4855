import { readdirSync, readFileSync } from 'node:fs';
import { LANGUAGES } from '../../src/platform/config.ts';

type Words = { [key: string]: string | Words };

function flatten(words: Words, base = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') found.set(base + key, value);
    else for (const [inner, text] of flatten(value, `${base}${key}.`)) found.set(inner, text);
  }
  return found;
}

// Korean has one plural form, English and Spanish two: parity is of the key without its plural ending.
const withoutPlural = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '');

function wordsOf(language: string): Map<string, string> {
  const all = new Map<string, string>();
  for (const file of readdirSync(`locales/${language}`).filter((name) => name.endsWith('.json'))) {
    for (const [key, text] of flatten(JSON.parse(readFileSync(`locales/${language}/${file}`, 'utf8')) as Words)) all.set(`${file}:${key}`, text);
  }
  return all;
}

const languages = new Map(LANGUAGES.map((language) => [language, wordsOf(language)]));
const english = languages.get('en') as Map<string, string>;

describe.each(LANGUAGES)('locale %s', (language) => {
  const words = languages.get(language) as Map<string, string>;

  it('has the same keys as English', () => {
    const keys = (map: Map<string, string>) => [...new Set([...map.keys()].map(withoutPlural))].sort();
    expect(keys(words)).toEqual(keys(english));
  });

  it('has no empty text', () => {
    expect([...words].filter(([, text]) => text.trim() === '').map(([key]) => key)).toEqual([]);
  });

  it('fills the same places as English', () => {
    const places = (text: string) => [...new Set(text.match(/\{\{\s*[^}\s]+\s*\}\}/g) ?? [])].filter((place) => place !== '{{count}}').sort();
    const different = [...words].filter(([key, text]) => english.has(key) && JSON.stringify(places(text)) !== JSON.stringify(places(english.get(key) as string)));
    expect(different.map(([key]) => key)).toEqual([]);
  });
});
