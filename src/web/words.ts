import { hasWords, translator, wordsForCode } from '../platform/i18n.ts';
import type { Language } from '../platform/i18n.ts';
import type { Finding, Param } from '../platform/errors.ts';

/** Words for the codes that the modules hand out. The modules' own locale files have them; the pages only ask. */
export interface Words {
  /** A value of a closed list: `words.of('status', 'sent')`. Looked for in the page's words first, then in the modules'. */
  of(list: string, code: string): string;
  finding(finding: Finding): string;
  error(code: string, params?: Record<string, Param>): string;
  reason(code: string): string;
}

const NAMESPACES = ['web', 'common', 'identity', 'partners', 'cases', 'referrals', 'payments', 'reconciliation', 'ledger'];

export function wordsFor(language: Language): Words {
  return {
    of: (list, code) => {
      const key = NAMESPACES.map((namespace) => `${namespace}:${list}.${code.replaceAll('.', '_')}`).find((candidate) => hasWords(language, candidate));
      return key ? translator(language)(key) : code;
    },
    finding: (finding) => wordsForCode(language, 'findings', finding.code, finding.params),
    error: (code, params) => wordsForCode(language, 'errors', code, params),
    reason: (code) => wordsForCode(language, 'reasons', code),
  };
}
