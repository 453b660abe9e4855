import { existsSync, readFileSync } from 'node:fs';
import { term } from '../../../platform/glossary.ts';
import type { GlossaryColumn } from '../../../platform/glossary.ts';
import type { Glossary } from './document.rules.ts';

/** `terms`: a text's key and the glossary term whose federal wording is printed with it; `wordings`: where no term has it. */
interface FederalFile {
  readonly federal: { readonly language: string; readonly column: GlossaryColumn };
  readonly terms: Readonly<Record<string, string>>;
  readonly wordings: Readonly<Record<string, string>>;
}

const loaded = new Map<string, Glossary | null>();

/** The federal wordings that stand beside the texts of a packet in this language; null where the federal forms have no such language. */
export function federalWordings(language: string): Glossary | null {
  let glossary = loaded.get(language);
  if (glossary === undefined) {
    const url = new URL(`glossaries/${language}.json`, import.meta.url);
    glossary = existsSync(url) ? glossaryOf(JSON.parse(readFileSync(url, 'utf8')) as FederalFile) : null;
    loaded.set(language, glossary);
  }
  return glossary;
}

function glossaryOf({ federal, terms, wordings }: FederalFile): Glossary {
  const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  const fromTerms = Object.entries(terms).map(([key, id]) => [key, capitalised(term(id, federal.column))]);
  return { federalLanguage: federal.language, wordings: { ...Object.fromEntries(fromTerms), ...wordings } };
}
