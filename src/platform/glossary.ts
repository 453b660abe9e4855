import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Language } from './config.ts';

/**
 * The project's legal glossary (locales/glossary/): one row a term, with the Spanish of US federal forms beside the Spanish
 * of Mexican law. A published version is never edited: a correction makes the next one, so that a sealed packet can
 * always say from which words it was made.
 */
export const GLOSSARY_VERSION = 'v1';

export type GlossaryColumn = 'en' | 'es_us' | 'es_mx' | 'ko';
/** `verified`: seen in the source named; `common`: established usage; `review`: a native legal reviewer must still look at a column. */
export type GlossaryStatus = 'verified' | 'common' | 'review';

export interface GlossaryTerm {
  readonly id: string;
  readonly words: Readonly<Record<GlossaryColumn, string>>;
  readonly status: GlossaryStatus;
  readonly note: string;
  readonly source: string;
}

const COLUMN_OF: Readonly<Record<Language, GlossaryColumn>> = { en: 'en', 'es-MX': 'es_mx', 'ko-KR': 'ko' };

let published: ReadonlyMap<string, GlossaryTerm> | undefined;
let terms: ReadonlyMap<string, GlossaryTerm> | undefined;
let revision = 0;

/** Counts how often terms were changed while the program runs, for whoever keeps what it made of them. */
export function glossaryRevision(): number {
  return revision;
}

/** Terms as they were accepted or corrected here go before the published ones of the same id; others are passed over. */
export function overlayTerms(changed: ReadonlyMap<string, GlossaryTerm>): void {
  const base = publishedTerms();
  terms = new Map([...base].map(([id, before]) => [id, changed.get(id) ?? before]));
  revision += 1;
}

/** A term as it was published, whatever was changed here. */
export function publishedTerm(id: string): GlossaryTerm | null {
  return publishedTerms().get(id) ?? null;
}

function glossary(): ReadonlyMap<string, GlossaryTerm> {
  terms ??= publishedTerms();
  return terms;
}

function publishedTerms(): ReadonlyMap<string, GlossaryTerm> {
  if (!published) {
    const text = readFileSync(new URL(`../../locales/glossary/${GLOSSARY_VERSION}.csv`, import.meta.url), 'utf8');
    const rows = parse(text, { columns: true, bom: true }) as Record<string, string>[];
    published = new Map(rows.map((row) => [row.id as string, termOf(row)]));
  }
  return published;
}

function termOf(row: Record<string, string>): GlossaryTerm {
  const words = { en: row.en ?? '', es_us: row.es_us ?? '', es_mx: row.es_mx ?? '', ko: row.ko ?? '' };
  return Object.freeze({ id: row.id ?? '', words: Object.freeze(words), status: row.status as GlossaryStatus, note: row.note ?? '', source: row.source ?? '' });
}

/** Every term, in the order of the glossary. */
export function listTerms(): readonly GlossaryTerm[] {
  return [...glossary().values()];
}

export function findTerm(id: string): GlossaryTerm | null {
  return glossary().get(id) ?? null;
}

/** The wording of a term in one column. A term that the glossary lacks is a fault, as a missing translation is. */
export function term(id: string, column: GlossaryColumn): string {
  const found = glossary().get(id);
  if (!found) throw new Error(`fault: the glossary has no term ${id}`);
  return found.words[column];
}

/** The wording in a language of the screens and of the partners: Mexican Spanish for `es-MX`. */
export function termIn(id: string, language: Language): string {
  return term(id, COLUMN_OF[language]);
}

/** Both Spanish wordings, for a form that prints the federal one above the Mexican one; `differ` is false where they are the same. */
export function spanishPair(id: string): { readonly federal: string; readonly mexican: string; readonly differ: boolean } {
  const federal = term(id, 'es_us');
  const mexican = term(id, 'es_mx');
  return { federal, mexican, differ: federal !== mexican };
}

/** Terms among these that a native legal reviewer must still look at; a packet's findings name them. */
export function termsToReview(ids: readonly string[]): readonly string[] {
  return ids.filter((id) => findTerm(id)?.status === 'review');
}
