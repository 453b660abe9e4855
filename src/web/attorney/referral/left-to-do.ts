import { isAllowed } from '../../../platform/authorise.ts';
import type { Permission } from '../../../platform/authorise.ts';
import type { Finding } from '../../../platform/errors.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { interviewDefinition, sectionsFor } from '../../../modules/referrals/index.ts';
import type { ReferralView } from '../../../modules/referrals/index.ts';
import { findPartner } from '../../../modules/partners/index.ts';
import type { Visit } from '../../visit.ts';

/** Where something is mended, in the order in which work is done. */
const PLACES = ['request', 'case', 'interview', 'attachments', 'translation', 'reading', 'outside', 'forms', 'sealed_part', 'partner', 'agreement', 'sending', 'recall', 'other'] as const;
type PlaceKind = (typeof PLACES)[number];

interface Place {
  readonly kind: PlaceKind;
  /** Null where there is no page for it, or none that this person may open. */
  readonly href: string | null;
  readonly label: string;
}

export interface LeftThing {
  readonly finding: Finding;
  readonly href: string | null;
  readonly label: string;
}

/** What is left at one place. */
export interface LeftAt {
  readonly kind: PlaceKind;
  readonly blocking: number;
  /** Where all of it is mended; null where each thing has a place of its own. */
  readonly link: { readonly href: string; readonly label: string } | null;
  readonly things: readonly LeftThing[];
  /** What is only good to know. */
  readonly notes: readonly LeftThing[];
}

type Asked = Pick<ReferralView, 'referralId' | 'caseId' | 'partnerId' | 'services'> & { readonly children: readonly string[]; readonly mayChangeServices: boolean };

const RANK: Readonly<Record<Finding['severity'], number>> = { block: 0, warn: 1, info: 2 };

/** The findings by the place where each is mended, the gravest first. */
export function leftToDo(findings: readonly Finding[], asked: Asked, visit: Visit): LeftAt[] {
  const at = new Map<PlaceKind, LeftThing[]>();
  for (const finding of findings) {
    const { kind, href, label } = placeOf(finding, asked, visit);
    at.set(kind, [...at.get(kind) ?? [], { finding, href, label }]);
  }
  return PLACES.flatMap((kind) => {
    const all = withoutRepeats(at.get(kind) ?? []);
    const [first] = all;
    if (!first) return [];
    const link = first.href !== null && all.every(({ href }) => href === first.href) ? { href: first.href, label: first.label } : null;
    const things = all.filter(({ finding }) => finding.severity !== 'info').sort((a, b) => RANK[a.finding.severity] - RANK[b.finding.severity]);
    return [{ kind, link, blocking: things.filter(({ finding }) => finding.severity === 'block').length, things, notes: all.filter(({ finding }) => finding.severity === 'info') }];
  });
}

/** That a section as a whole is wanted says already that its answers are missing. */
function withoutRepeats(things: readonly LeftThing[]): LeftThing[] {
  const isCount = ({ finding }: LeftThing): boolean => finding.code.endsWith('section_incomplete');
  return things.filter((one) => !isCount(one) || !things.some((other) => other.finding.code.startsWith('need.') && other.href === one.href && RANK[other.finding.severity] <= RANK[one.finding.severity]));
}

/** A finding's path tells where it is mended: a place of the interview, a text, a paper, the partner's profile, else the case record. */
function placeOf({ code, path = '', params = {} }: Finding, asked: Asked, visit: Visit): Place {
  const { t } = visit;
  const here = `/referrals/${encodeURIComponent(asked.referralId)}`;
  const place = (kind: PlaceKind, href: string, needs: Permission, label = t(`web:left.open.${kind}`)): Place => ({ kind, label, href: isAllowed(visit.ctx, needs) ? href : null });
  const [first = '', ...rest] = path.split('/').slice(1);
  if (code === 'referral.disclosed_before_protection') return place('recall', '#recall', 'referrals.send');
  if (code === 'referral.approver_needed') return { kind: 'sending', href: null, label: '' };
  if (code.startsWith('packet.') && first !== 'partner' && first !== 'county') return { kind: 'other', href: null, label: '' };
  if (/^(translation|interview)\.review_/.test(code)) return place('reading', `${here}/texts`, 'translations.review', t('translation:review.title'));
  switch (first) {
    case 'interview': return interviewPlace(rest, params, asked, visit);
    case 'narratives': return place('translation', `/translations?referral=${encodeURIComponent(asked.referralId)}`, 'translations.view');
    case 'attachments': return place('attachments', `${here}/attachments${params['number'] === undefined ? '#kind' : `#attachment-${String(params['number'])}`}`, 'attachments.view');
    case 'awaited': return place('outside', `${here}/steps`, 'referrals.move');
    case 'forms': return { kind: 'forms', href: null, label: '' };
    case 'services':
      if (asked.mayChangeServices) return place('request', `${here}/services`, 'referrals.create', t('journey:task.services'));
      return place('request', `/cases/${encodeURIComponent(asked.caseId)}/refer`, 'referrals.create');
    case 'partner':
      if (rest[0] === 'agreements') return place('agreement', rest[1] === undefined ? `/agreements?partner=${encodeURIComponent(asked.partnerId)}` : `/agreements/${encodeURIComponent(rest[1])}`, 'agreements.view');
      if (rest[0] === 'authorities') return { kind: 'sealed_part', href: null, label: '' };
      if (rest[0] === 'documents') return place('attachments', `${here}/attachments#kind`, 'attachments.view');
      return place('partner', `/partners#${encodeURIComponent(asked.partnerId)}`, 'partners.view');
    default: return place('case', `/cases/${encodeURIComponent(asked.caseId)}`, 'cases.view', t('web:case.title', { caseId: asked.caseId }));
  }
}

/** `/interview/sections/<section>`, `/interview/children/<child>/<section>`, `/interview/children/<section>`; deeper places are in the same section. */
function interviewPlace([scope = '', one = '', two = '']: readonly string[], params: Finding['params'], asked: Asked, visit: Visit): Place {
  const base = `/referrals/${encodeURIComponent(asked.referralId)}/interview`;
  const child = asked.children.indexOf(decoded(one)) + 1 || Number(params?.['child'] ?? 0);
  const isOfChild = scope === 'children';
  const section = isOfChild && child > 0 ? two : one;
  const isAsked = sectionsFor(interviewDefinition(), asked.services, findPartner(asked.partnerId)?.country ?? '').some(({ id }) => id === section);
  const step = !isAsked ? '' : isOfChild ? `/${section}-${child || 1}` : `/${section}`;
  const title = sectionTitle(section, visit);
  const label = title === null ? visit.t('web:left.open.interview') : isOfChild && child > 0 ? visit.t('web:left.section_of_child', { section: title, child }) : title;
  return { kind: 'interview', label, href: isAllowed(visit.ctx, 'interviews.read') ? `${base}${step}` : null };
}

function sectionTitle(section: string, { language, t }: Visit): string | null {
  const key = `interview:section.${section}`;
  return section !== '' && hasWords(language, key) ? t(key) : null;
}

const decoded = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');
