import { readdirSync, readFileSync } from 'node:fs';
import { createInstance } from 'i18next';
import type { i18n } from 'i18next';
import { LANGUAGES } from './config.ts';
import type { Language } from './config.ts';
import type { Param } from './errors.ts';

export { LANGUAGES } from './config.ts';
export type { Language } from './config.ts';

/** Gives the words for `namespace:dotted.key` in one language. A key that is missing is a fault, not a blank. */
export type Translate = (key: string, params?: Record<string, Param>) => string;

const LOCALES_URL = new URL('../../locales/', import.meta.url);
let instance: i18n | undefined;

function load(): i18n {
  const resources: Record<string, Record<string, unknown>> = {};
  const namespaces = new Set<string>();
  for (const language of LANGUAGES) {
    const words: Record<string, unknown> = {};
    for (const file of readdirSync(new URL(`${language}/`, LOCALES_URL))) {
      if (!file.endsWith('.json')) continue;
      const namespace = file.slice(0, -'.json'.length);
      namespaces.add(namespace);
      words[namespace] = JSON.parse(readFileSync(new URL(`${language}/${file}`, LOCALES_URL), 'utf8'));
    }
    resources[language] = words;
  }
  const created = createInstance();
  void created.init({
    resources: resources as never, lng: 'en', fallbackLng: false, supportedLngs: [...LANGUAGES], load: 'currentOnly',
    ns: [...namespaces], defaultNS: false, initAsync: false,
    interpolation: { escapeValue: false }, returnNull: false,
  });
  return created;
}

/** The words of one language; all locale files are read once. Escaping is the template's duty, not the dictionary's. */
export function translator(language: Language): Translate {
  instance ??= load();
  const found = instance;
  const words = found.getFixedT(language);
  return (key, params) => {
    if (!found.exists(key, { lng: language, ...params })) throw new Error(`fault: no words for ${key} in ${language}`);
    return String(words(key, params ?? {}));
  };
}

/** Whether a language has words for a key. */
export function hasWords(language: Language, key: string): boolean {
  instance ??= load();
  return instance.exists(key, { lng: language });
}

/**
 * The words of a dotted code, such as `case.amount.negative`: looked for under `group` in the namespace named by the
 * code's first part, then in `common`; the code itself stands where no locale knows it, so that nothing is swallowed.
 */
export function wordsForCode(language: Language, group: 'findings' | 'errors' | 'reasons', code: string, params?: Record<string, Param>): string {
  for (const namespace of namespacesOf(code)) {
    const key = `${namespace}:${group}.${code.replaceAll('.', '_')}`;
    if (hasWords(language, key)) return translator(language)(key, params);
  }
  return code;
}

function namespacesOf(code: string): string[] {
  instance ??= load();
  const first = code.split('.')[0] ?? '';
  const all = (instance.options.ns as string[]).filter((name) => name !== first && name !== `${first}s`);
  return [`${first}s`, first, ...all];
}

/** The best language for an `Accept-Language` header or a locale such as `es_MX.UTF-8`; English where nothing fits. */
export function languageFor(wanted: string): Language {
  for (const part of wanted.split(',')) {
    const primary = part.trim().toLowerCase().slice(0, 2);
    const found = LANGUAGES.find((language) => language.toLowerCase().startsWith(primary));
    if (primary.length === 2 && found) return found;
  }
  return 'en';
}
