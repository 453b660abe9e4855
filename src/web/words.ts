import { isCalendarDate } from '../platform/dates.ts';
import { hasWords, translator, wordsForCode } from '../platform/i18n.ts';
import type { Language } from '../platform/i18n.ts';
import type { Finding, Param } from '../platform/errors.ts';
import { countryNames, nameOfLanguage } from './countries.ts';
import { formatFor } from './format.ts';

/** Words for the codes that the modules hand out. The modules' own locale files have them; the pages only ask. */
export interface Words {
  /** A value of a closed list: `words.of('status', 'sent')`. Looked for in the page's words first, then in the modules'. */
  of(list: string, code: string): string;
  /** The same with a capital at its beginning, where it stands by itself. */
  label(list: string, code: string): string;
  /** What a deadline of a referral asks for. Sending may not have ended it: what is owed then is proof that the authority abroad has it. */
  deadline(clock: string, status: string): string;
  finding(finding: Finding): string;
  error(code: string, params?: Record<string, Param>): string;
  reason(code: string): string;
}

/** A country is a code in data and a name on screen; other codes are put into words by the sentences themselves. */
function withCountryNames(params: Record<string, Param>, language: Language): Record<string, Param> {
  const { country } = params;
  return typeof country === 'string' ? { ...params, country: countryNames(language)(country) } : params;
}

const LISTS: Readonly<Record<string, string>> = { county: 'county', service: 'service' };

/** What a program reads as codes and days, as a person reads it on a page. */
function withNames(params: Record<string, Param>, language: Language, of: Words['of']): Record<string, Param> {
  const { date } = formatFor(language, 'UTC');
  return Object.fromEntries(Object.entries(withCountryNames(params, language)).map(([name, value]) => {
    const list = LISTS[name];
    if (typeof value !== 'string') return [name, value];
    return [name, list ? of(list, value) : isCalendarDate(value) ? date(value) : value];
  }));
}

const BEFORE_SENDING = ['draft', 'in_translation', 'awaiting_signatures', 'in_review', 'sealed'];

/** What a pattern of a schema asks for, in words (`admin:written.*`); of others only the pattern itself can be said. */
const WRITTEN: ReadonlyMap<string, string> = new Map([
  ['^[A-Z]{2}$', 'country'], ['^[A-Z]{2}(-[A-Z0-9]{1,3})?$', 'region'], ['^[A-Z]{3}$', 'currency'], ['^\\d{5}$', 'county'], ['^[0-9]{5}$', 'county'], ['^\\d{3}$', 'bank'], ['^[a-z]{2,3}(-[A-Z]{2})?$', 'language'],
  ['^\\d{1,9}(\\.\\d{1,3})?$', 'amount'], ['^[A-Za-z0-9]{1,34}$', 'account'], ['^([A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?|[0-9]{9})$', 'agent'], ['^[a-z]{2}-[a-z0-9-]{2,40}$', 'partner'],
]);
const SCHEMA_CODES: readonly string[] = ['agreement.schema', 'partner.profile_schema'];

/** A pattern in words, to whoever fills in a form that was made from a schema. */
function writtenWords({ code, params }: Finding, language: Language): string | null {
  if (!SCHEMA_CODES.includes(code)) return null;
  const expected = String(params?.['expected'] ?? '');
  if (params?.['rule'] === 'type' && ['integer', 'number'].includes(expected)) return translator(language)(`admin:written.${expected}`);
  if (params?.['rule'] !== 'pattern') return null;
  // The patterns of free text name the characters that nobody sees.
  const key = WRITTEN.get(expected) ?? (expected.includes('\\u') ? 'line' : null);
  return key === null ? null : translator(language)(`admin:written.${key}`);
}

const NAMESPACES = ['web', 'common', 'identity', 'partners', 'cases', 'referrals', 'payments', 'reconciliation', 'ledger'];

export function wordsFor(language: Language): Words {
  const of = (list: string, code: string): string => {
    const spellings = code.includes('.') ? [code.replaceAll('.', '_'), code] : [code];
    const key = NAMESPACES.flatMap((namespace) => spellings.map((spelling) => `${namespace}:${list}.${spelling}`)).find((candidate) => hasWords(language, candidate));
    if (key) return translator(language)(key);
    return list === 'language' ? nameOfLanguage(code, language) : code;
  };
  /** A program is told the codes that it may send; a person has them as a list on the page. */
  const onPage = (code: string, params: Record<string, Param> = {}): string | null => {
    const { rule } = params;
    const base = `web:on_page.${code.replaceAll('.', '_')}`;
    const ofRule = typeof rule === 'string' ? `${base}_${rule.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}` : base;
    const key = [ofRule, base].find((one) => hasWords(language, one));
    return key === undefined ? null : translator(language)(key, withNames(params, language, of));
  };
  return {
    of,
    deadline: (clock, status) => translator(language)(clock === 'referral.send' && !BEFORE_SENDING.includes(status) ? 'journey:sent_not_confirmed' : `clocks:name.${clock.replaceAll('.', '_')}`),
    label: (list, code) => {
      const text = of(list, code);
      return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
    },
    finding: (finding) => writtenWords(finding, language) ?? onPage(finding.code, finding.params) ?? wordsForCode(language, 'findings', finding.code, withCountryNames(finding.params ?? {}, language)),
    error: (code, params) => onPage(code, params) ?? wordsForCode(language, 'errors', code, withCountryNames(params ?? {}, language)),
    reason: (code) => {
      const text = of('reason', code);
      return text === code ? wordsForCode(language, 'reasons', code) : text;
    },
  };
}
