import type { Finding } from '../../../platform/errors.ts';

/** What a message says in words of its own, by the place of each text. */
const FREE_TEXT = /\/(remark\/\d+\/segment\/\d+\/(source|target)|(text|note)\/\d+\/value)$/;
const QUIET = /\/(sha256|mediaType|lang|sourceLanguage|targetLanguage|kind|code|currency|amount|country)$/;

export interface LeavingWords {
  /** Written by somebody. */
  readonly free: Readonly<Record<string, string>>;
  /** Everything else that is text. */
  readonly other: Readonly<Record<string, string>>;
}

export function wordsOf(body: unknown): LeavingWords {
  const free: Record<string, string> = {};
  const other: Record<string, string> = {};
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string') (FREE_TEXT.test(path) ? free : QUIET.test(path) ? {} as Record<string, string> : other)[path] = value;
    else if (typeof value === 'object' && value !== null) for (const [name, one] of Object.entries(value)) walk(one, `${path}/${name}`);
  };
  walk(body, '');
  return { free, other };
}

const isBlank = (text: unknown): boolean => typeof text !== 'string' || text.trim() === '';

/** Both languages, or it does not leave: English, and the one in which the partner reads. */
export function languageFindings(body: unknown, partnerLanguage: string): Finding[] {
  const findings: Finding[] = [];
  const missing = (path: string): void => void findings.push({ code: 'message.language_missing', severity: 'block', path, params: { language: partnerLanguage } });
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, one] of Object.entries(value)) {
      if (name === 'remark' && Array.isArray(one)) one.forEach((remark, index) => checkRemark(remark as Remark, `${path}/remark/${index}`, partnerLanguage, missing));
      else if ((name === 'text' || name === 'note') && Array.isArray(one)) checkNamed(one as Named[], `${path}/${name}`, partnerLanguage, missing);
      else walk(one, `${path}/${name}`);
    }
  };
  walk(body, '');
  return findings;
}

interface Remark {
  readonly sourceLanguage?: string;
  readonly targetLanguage?: string;
  readonly segment?: readonly { readonly source?: string; readonly target?: string }[];
}
interface Named {
  readonly lang?: string;
  readonly value?: string;
}

function checkRemark(remark: Remark, path: string, language: string, missing: (path: string) => void): void {
  const spoken = [remark.sourceLanguage, remark.targetLanguage];
  if (!spoken.includes('en') || (language !== 'en' && !spoken.includes(language))) missing(`${path}/targetLanguage`);
  (remark.segment ?? []).forEach((segment, index) => {
    if (isBlank(segment.source)) missing(`${path}/segment/${index}/source`);
    if (isBlank(segment.target)) missing(`${path}/segment/${index}/target`);
  });
}

function checkNamed(texts: readonly Named[], path: string, language: string, missing: (path: string) => void): void {
  const spoken = texts.filter(({ value }) => !isBlank(value)).map(({ lang }) => lang);
  if (texts.length > 0 && (!spoken.includes('en') || !spoken.includes(language))) missing(path);
}
