import { readFileSync } from 'node:fs';
import type { ConsentText } from './inquiry.rules.ts';

let known: readonly ConsentText[] | null = null;

/** Every version of the words of consent, the newest last. What somebody once agreed to stays readable. */
export function consentTexts(): readonly ConsentText[] {
  known ??= (JSON.parse(readFileSync(new URL('./consent-texts.v1.json', import.meta.url), 'utf8')) as { versions: ConsentText[] }).versions;
  return known;
}

/** The words that are put before a person today. */
export function currentConsentText(): ConsentText {
  const text = consentTexts().at(-1);
  if (!text) throw new Error('fault: there are no words of consent');
  return text;
}
