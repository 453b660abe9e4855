import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInstance } from 'i18next';
import type { i18n } from 'i18next';
import { LANGUAGES } from './config.ts';
import type { Language } from './config.ts';
import { AppError } from './errors.ts';
import type { Finding, Param } from './errors.ts';
import { withParticles } from './korean-particles.ts';

export { LANGUAGES } from './config.ts';
export type { Language } from './config.ts';

/** Gives the words for `namespace:dotted.key` in one language. A key that is missing is a fault, not a blank. */
export type Translate = (key: string, params?: Record<string, Param>) => string;

const BUILT_IN = fileURLToPath(new URL('../../locales/', import.meta.url));
const LANGUAGE_TAG = /^[a-z]{2,3}(-[A-Z]{2})?$/;
const FILE_BYTES_MAX = 2_000_000;
const FILES_MAX = 2_000;

interface Dictionary { [key: string]: string | Dictionary }

let instance: i18n | undefined;
let added: string | null = null;
let version = 0;

/**
 * Adds the words in `<dataDir>/locales/<language>/<namespace>.json`: those of a further language, and further words of the
 * built-in ones. Called once at start; without it only the built-in locales are known.
 *
 * @throws AppError `config.locales_invalid`, with a finding for every file that cannot be read; the former words stay.
 */
export function loadLocales(dataDir: string | null): void {
  const folder = dataDir === null ? null : join(dataDir, 'locales');
  instance = load(folder);
  added = folder;
  version += 1;
}

/** Counts how often the words were loaded anew, for whoever keeps some of them. */
export function wordsVersion(): number {
  return version;
}

function load(folder: string | null): i18n {
  const resources: Record<string, Record<string, Dictionary>> = {};
  const findings: Finding[] = [];
  for (const root of [BUILT_IN, ...(folder !== null && existsSync(folder) ? [folder] : [])]) {
    for (const language of readdirSync(root).filter((name) => LANGUAGE_TAG.test(name))) {
      const words = resources[language] ??= {};
      for (const file of readdirSync(join(root, language)).filter((name) => name.endsWith('.json')).slice(0, FILES_MAX)) {
        const namespace = file.slice(0, -'.json'.length);
        words[namespace] = merged(words[namespace] ?? {}, readWords(join(root, language, file), `locales/${language}/${file}`, findings));
      }
    }
  }
  if (findings.length > 0) throw new AppError('invalid', 'config.locales_invalid', { findings });
  const created = createInstance();
  created.use({ type: 'postProcessor', name: 'particles', process: withParticles });
  void created.init({
    resources: resources as never, lng: 'en', fallbackLng: false, supportedLngs: Object.keys(resources), load: 'currentOnly',
    ns: [...new Set(Object.values(resources).flatMap(Object.keys))], defaultNS: false, initAsync: false,
    interpolation: { escapeValue: false }, returnNull: false, postProcess: 'particles',
  });
  created.services.formatter?.add('size', (bytes, language) => sizeText(bytes, language ?? 'en'));
  return created;
}

const KIB = 1024;

/** Bytes as a person reads them, for `{{bytesMax, size}}`: 25 MB, 200 kB. What is no number stands as it is. */
function sizeText(bytes: unknown, language: string): string {
  if (typeof bytes !== 'number') return String(bytes);
  const [unit, size] = bytes < KIB * KIB ? ['kilobyte', bytes / KIB] as const : ['megabyte', bytes / (KIB * KIB)] as const;
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(size);
}

function readWords(path: string, shown: string, findings: Finding[]): Dictionary {
  try {
    const words: unknown = statSync(path).size <= FILE_BYTES_MAX ? JSON.parse(readFileSync(path, 'utf8')) : null;
    if (isDictionary(words)) return words;
  } catch { /* told below */ }
  findings.push({ code: 'config.locale_unreadable', severity: 'block', path: shown });
  return {};
}

function isDictionary(value: unknown): value is Dictionary {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((one) => typeof one === 'string' || isDictionary(one));
}

function merged(base: Dictionary, more: Dictionary): Dictionary {
  const result: Dictionary = { ...base };
  for (const [key, value] of Object.entries(more)) {
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    result[key] = typeof value === 'object' && typeof before === 'object' ? merged(before, value) : value;
  }
  return result;
}

/** Texts without gaps that were looked up, and what is known of keys: a page asks for the same hundreds of words, and looking one up takes a while. */
interface Known { readonly version: number; readonly texts: Map<string, string>; readonly keys: Map<string, boolean> }
const known = new Map<string, Known>();
const KEYS_KNOWN_MAX = 20_000;

function knownOf(language: string): Known {
  const found = known.get(language);
  if (found?.version === version) return found;
  const made: Known = { version, texts: new Map(), keys: new Map() };
  known.set(language, made);
  return made;
}

/** The words of one language; all locale files are read once. Escaping is the template's duty, not the dictionary's. */
export function translator(language: string): Translate {
  instance ??= load(added);
  const found = instance;
  const words = found.getFixedT(language);
  const { texts } = knownOf(language);
  const said: Translate = (key, params) => {
    if (!(isPlain(params) ? hasWords(language, key) : found.exists(key, { lng: language, ...params }))) throw new Error(`fault: no words for ${key} in ${language}`);
    return String(words(key, params ?? {}));
  };
  return (key, params) => {
    if (params) return said(key, params);
    let text = texts.get(key);
    if (text === undefined) texts.set(key, text = said(key));
    return text;
  };
}

/** Which words there are depends on a count only. */
const isPlain = (params: Record<string, Param> | undefined): boolean => params === undefined || !('count' in params || 'context' in params);

/** Whether a language has words for a key. */
export function hasWords(language: string, key: string): boolean {
  instance ??= load(added);
  const { keys } = knownOf(language);
  let has = keys.get(key);
  if (has === undefined) {
    if (keys.size >= KEYS_KNOWN_MAX) keys.clear();
    keys.set(key, has = instance.exists(key, { lng: language }));
  }
  return has;
}

/** The names of the gaps (`{{name}}`) in a text, in order; none where the language does not know it. */
export function gapsOf(language: string, key: string): string[] {
  instance ??= load(added);
  const [namespace = '', path = ''] = key.split(':');
  const text: unknown = instance.getResource(language, namespace, path);
  return typeof text === 'string' ? [...new Set([...text.matchAll(/\{\{\s*([^},\s]+)/gu)].map((found) => found[1] ?? ''))].sort() : [];
}

/** The keys of all words of a language that begin with `namespace:dotted.prefix` and a point; none where it knows no such words. */
export function keysUnder(language: string, prefix: string): string[] {
  instance ??= load(added);
  const [namespace = '', path = ''] = prefix.split(':');
  const below = (words: unknown, key: string): string[] => (typeof words === 'object' && words !== null
    ? Object.entries(words).flatMap(([name, inner]) => below(inner, `${key}.${name}`)) : words === undefined ? [] : [key]);
  return below(instance.getResource(language, namespace, path), prefix);
}

/**
 * The words of a dotted code, such as `case.amount.negative`: looked for under `group` in the namespace named by the
 * code's first part, then in `common`; the code itself stands where no locale knows it, so that nothing is swallowed.
 */
export function wordsForCode(language: Language, group: 'findings' | 'errors' | 'reasons', code: string, params?: Record<string, Param>): string {
  for (const namespace of namespacesOf(code)) {
    const key = `${namespace}:${group}.${code.replaceAll('.', '_')}`;
    const ofRule = ruleKey(key, params);
    if (ofRule !== null && hasWords(language, ofRule)) return translator(language)(ofRule, params);
    if (hasWords(language, key)) return translator(language)(key, params);
  }
  return code;
}

/** What breaks one rule of a schema may have words of its own: `api_field_required`, `api_field_max_length`. */
function ruleKey(key: string, params: Record<string, Param> | undefined): string | null {
  const rule = params?.['rule'];
  return typeof rule === 'string' && /^[a-zA-Z]{1,40}$/.test(rule) ? `${key}_${rule.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}` : null;
}

function namespacesOf(code: string): string[] {
  instance ??= load(added);
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
