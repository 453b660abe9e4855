import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { glossaryRevision, term } from '../../../platform/glossary.ts';
import type { GlossaryColumn } from '../../../platform/glossary.ts';
import type { Glossary } from './document.rules.ts';

/** `terms`: a text's key and the glossary term whose federal wording is printed with it; `wordings`: where no term has it. */
interface FederalFile {
  readonly federal: { readonly language: string; readonly column: GlossaryColumn };
  readonly terms: Readonly<Record<string, string>>;
  readonly wordings: Readonly<Record<string, string>>;
}

const BUILT_IN = fileURLToPath(new URL('glossaries/', import.meta.url));
const FILE_BYTES_MAX = 1_000_000;
const LANGUAGE_TAG = /^[a-z]{2,3}(-[A-Z]{2})?$/;

const loaded = new Map<string, FederalFile | null>();
// What was made of a file holds as long as no term is changed.
const made = new Map<string, { readonly revision: number; readonly glossary: Glossary | null }>();

/**
 * Adds the wordings in `<dataDir>/glossaries/<language>.json`, which take the place of built-in ones. Called once at start.
 *
 * @throws AppError `form.files_invalid`, with a finding for every file that cannot be read; the former wordings stay.
 */
export function loadGlossaries(dataDir: string | null): void {
  const folder = dataDir === null ? null : join(dataDir, 'glossaries');
  const names = folder !== null && existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json') && LANGUAGE_TAG.test(name.slice(0, -5))) : [];
  const findings: Finding[] = [];
  const read = names.flatMap((name) => {
    try {
      return [[name.slice(0, -5), readGlossary(join(folder ?? '', name))] as const];
    } catch {
      findings.push({ code: 'form.file_unreadable', severity: 'block', path: `glossaries/${name}` });
      return [];
    }
  });
  if (findings.length > 0) throw new AppError('invalid', 'form.files_invalid', { findings });
  loaded.clear();
  made.clear();
  for (const [language, file] of read) loaded.set(language, file);
}

function readGlossary(path: string): FederalFile {
  if (statSync(path).size > FILE_BYTES_MAX) throw new Error('too large');
  const file = JSON.parse(readFileSync(path, 'utf8')) as FederalFile;
  // One that names an unknown term is told here and not when a packet is made.
  glossaryOf(file);
  return file;
}

/** The federal wordings that stand beside the texts of a packet in this language; null where the federal forms have no such language. */
export function federalWordings(language: string): Glossary | null {
  const known = made.get(language);
  if (known?.revision === glossaryRevision()) return known.glossary;
  let file = loaded.get(language);
  if (file === undefined) {
    const path = join(BUILT_IN, `${language}.json`);
    file = LANGUAGE_TAG.test(language) && existsSync(path) ? readGlossary(path) : null;
    loaded.set(language, file);
  }
  const glossary = file === null ? null : glossaryOf(file);
  made.set(language, { revision: glossaryRevision(), glossary });
  return glossary;
}

function glossaryOf({ federal, terms, wordings }: FederalFile): Glossary {
  const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  const fromTerms = Object.entries(terms).map(([key, id]) => [key, capitalised(term(id, federal.column))]);
  return { federalLanguage: federal.language, wordings: { ...Object.fromEntries(fromTerms), ...wordings } };
}
