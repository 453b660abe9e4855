import { readFileSync } from 'node:fs';
import { federalWordings } from '../../src/modules/referrals/documents/federal-wordings.ts';

/** A term whose federal Spanish wording is printed in packets, with the key of the text and what is printed now. */
export function federalTerm(key?: string): { readonly id: string; readonly key: string; readonly text: string } {
  const { terms } = JSON.parse(readFileSync(new URL('../../src/modules/referrals/documents/glossaries/es-MX.json', import.meta.url), 'utf8')) as { terms: Record<string, string> };
  const [found = '', id = ''] = Object.entries(terms).find(([one]) => one === (key ?? 'label.amount')) ?? [];
  return { id, key: found, text: federalWordings('es-MX')?.wordings[found] ?? '' };
}
