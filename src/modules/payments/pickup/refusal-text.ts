import { findPartner, partnerName } from '../../partners/index.ts';
import type { Language } from '../../../platform/config.ts';
import type { Finding, Param } from '../../../platform/errors.ts';
import { translator, wordsForCode } from '../../../platform/i18n.ts';

const FINDINGS_MAX = 50;

export interface ToldRefusal {
  readonly fileName: string;
  readonly pickedUpId: string;
  readonly code: string;
  readonly params: Readonly<Record<string, Param>>;
  readonly findings: readonly Finding[];
  readonly at: Date;
}

/** Why a file was refused, for whoever sent it: what it was, the reason, the places in it, and what to do. */
export function refusalText(language: Language, zone: string, refusal: ToldRefusal): string {
  const t = translator(language);
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: zone }).format(refusal.at);
  const places = refusal.findings.slice(0, FINDINGS_MAX).map((finding) => {
    const words = wordsForCode(language, 'findings', finding.code, finding.params);
    if (finding.line !== undefined) return `- ${t('pickup:text.at_line', { line: finding.line, words })}`;
    return finding.path === undefined ? `- ${words}` : `- ${finding.path}: ${words}`;
  });
  const { sha256 } = refusal.params;
  const more = refusal.findings.length - places.length;
  return [
    t('pickup:text.refused', { file: refusal.fileName, when }), '',
    wordsForCode(language, 'errors', refusal.code, withPartnerName(refusal.params, language)),
    ...(places.length > 0 ? ['', ...places] : []), ...(more > 0 ? [t('pickup:text.more', { more })] : []), '',
    t('pickup:text.what_to_do'), '',
    t('pickup:text.reference', { id: refusal.pickedUpId }), ...(typeof sha256 === 'string' ? [`SHA-256: ${sha256}`] : []), '',
  ].join('\r\n');
}

function withPartnerName(params: ToldRefusal['params'], language: Language): Record<string, Param> {
  const profile = typeof params['partner'] === 'string' ? findPartner(params['partner']) : null;
  return profile === null ? { ...params } : { ...params, partner: partnerName(profile, language) };
}
