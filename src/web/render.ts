import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import type { TypedDate } from '../http/index.ts';
import { LANGUAGES, translator } from '../platform/i18n.ts';
import type { Language } from '../platform/i18n.ts';
import { formatFor } from './format.ts';
import type { Format } from './format.ts';
import type { ExchangePlace } from './exchange-places.ts';
import { markForms } from './kept-forms/mark-forms.ts';
import type { FormMarks } from './kept-forms/mark-forms.ts';
import { dateFormFor } from './typed-dates.ts';
import { wordsFor } from './words.ts';

/** Everything between `<%= %>` is escaped; only what we made ourselves may use `<%~ %>`. */
const eta = new Eta({ views: fileURLToPath(new URL('.', import.meta.url)), autoEscape: true, cache: true });

export interface NavigationItem {
  key: string;
  group: string;
  href: string;
  isHere: boolean;
}

export interface NavigationGroup {
  readonly key: string;
  readonly href: string;
  readonly isHere: boolean;
  readonly items: readonly NavigationItem[];
}

/** What every page shows around its own content. */
export interface Surroundings {
  language: Language;
  /** Those that the visitor may choose here, where they are not all. */
  languages?: readonly Language[];
  /** Path and query of this page, to come back to it in another language. */
  address: string;
  /** What forms into which something can be typed carry, so that nothing of it is lost. */
  formMarks: FormMarks;
  asset: (path: string) => string;
  person: { name: string; role: string } | null;
  navigation: readonly NavigationItem[];
  /** The same, as the menu shows them. */
  navigationGroups: readonly NavigationGroup[];
  /** The other rooms of the exchange, on the list of one of them. */
  places: readonly ExchangePlace[];
  /** Hidden fields that every form of ours carries. */
  hiddenFields: () => string;
  timeZone: string;
  /** Dates of this request that were typed in three fields. */
  dates?: ReadonlyMap<string, TypedDate>;
  /** An answer to a form that shows what is shown once: another language opens beside it. */
  isOneTime: boolean;
  /** When the session of whoever is signed in ends, to be told in time; null for strangers. */
  session: { readonly idleSeconds: number; readonly leftSeconds: number } | null;
}

const NATIVE_NAMES: Readonly<Record<Language, string>> = { 'en': 'English', 'es-MX': 'Español', 'ko-KR': '한국어' };

/** The page of one folder, as HTML. Pure: the same data give the same text. */
export function renderPage(page: string, data: Record<string, unknown>, around: Surroundings): string {
  return eta.render(`./${page}/page`, partsOf(data, around));
}

/** A part of pages, by itself. */
export function renderPart(part: string, data: Record<string, unknown>, around: Surroundings): string {
  return eta.render(part, partsOf(data, around));
}

function partsOf(data: Record<string, unknown>, around: Surroundings): Record<string, unknown> {
  const translate = translator(around.language);
  const format: Format = formatFor(around.language, around.timeZone);
  return {
    ...data,
    ...around,
    markForms: (html: string) => markForms(html, around.formMarks),
    t: (key: string, params?: Record<string, string | number>) => translate(key.includes(':') ? key : `web:${key}`, params),
    words: wordsFor(around.language),
    format,
    dateForm: dateFormFor(around.language, translate, around.dates),
    languageLinks: LANGUAGES.filter((language) => around.languages?.includes(language) ?? true).map((language) => ({
      language, name: NATIVE_NAMES[language], isHere: language === around.language, href: withLanguage(around.address, language),
    })),
  };
}

function withLanguage(address: string, language: Language): string {
  const url = new URL(address, 'http://here');
  url.searchParams.set('language', language);
  // Two slashes at the beginning would name another host.
  return url.pathname.replace(/^\/+/, '/') + url.search;
}
