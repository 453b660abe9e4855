import type { RecordedEvent } from '../../modules/audit/index.ts';
import { isAllowed } from '../../platform/authorise.ts';
import type { Permission } from '../../platform/authorise.ts';
import { hasWords } from '../../platform/i18n.ts';
import { partnerNameOf } from '../referral-line.ts';
import type { Visit } from '../visit.ts';
import { wordsFor } from '../words.ts';

/** What somebody did, in words; an action that a locale does not know stands as its code. */
export function actionWords(action: string, { language, t }: Visit): string {
  const key = `audit:action.${action.replaceAll('.', '_')}`;
  return hasWords(language, key) ? t(key) : action;
}

export function subjectWords(type: string, { language, t }: Visit): string {
  const key = `audit:subject.${type}`;
  return hasWords(language, key) ? t(key) : type;
}

/** What it was done to, by its id; a list by its name. */
export function subjectName({ subjectType, subjectId }: Pick<RecordedEvent, 'subjectType' | 'subjectId'>, { language, t }: Visit): string {
  const name = (subjectId.startsWith('outgoing-') ? 'outgoing' : subjectId).replaceAll('-', '_');
  return subjectType === 'list' && hasWords(language, `audit:list.${name}`) ? t(`audit:list.${name}`) : subjectId;
}

/** The roles that whoever did it has now; nothing of what is no account. */
export function rolesWords({ actorRoles }: Pick<RecordedEvent, 'actorRoles'>, { t }: Visit): string {
  return (actorRoles ?? []).map((role) => t(`identity:role.${role}`)).join(', ');
}

/** Who it was: a person by name, an officer with the partner, a job or the machine's operator by what it is. */
export function actorWords({ actorKind, actorId, actorName, actorPartner }: Pick<RecordedEvent, 'actorKind' | 'actorId' | 'actorName' | 'actorPartner'>, visit: Visit): string {
  const name = actorName ?? (actorKind === 'system' ? visit.t('disclosure-log:system', { id: actorId }) : actorKind === 'client' ? visit.t('disclosure-log:client', { id: actorId }) : actorId);
  return actorPartner === null ? name : visit.t('disclosure-log:of_partner', { name, partner: partnerNameOf(actorPartner, visit, 'short') });
}

/** Where each kind of subject has its page, and who may open it. */
const PLACES: Readonly<Record<string, readonly [folder: string, permission: Permission]>> = {
  case: ['cases', 'cases.view'], referral: ['referrals', 'referrals.view'], conversation: ['conversations', 'messages.view'], message: ['messages', 'messages.view'], inquiry: ['inquiries', 'inquiries.view'],
  application: ['applications', 'applications.view'], incoming: ['incoming', 'incoming.view'], user: ['users', 'users.view'], reconciliation_run: ['runs', 'reconciliation.view'], payment_order: ['orders', 'orders.view'],
  suspense_item: ['suspense', 'suspense.view'],
};

/** Where what was seen or done stands, if it has a page that the reader may open. */
export function placeOfSubject({ subjectType, subjectId }: Pick<RecordedEvent, 'subjectType' | 'subjectId'>, { ctx }: Visit): string | null {
  const place = Object.hasOwn(PLACES, subjectType) ? PLACES[subjectType] : undefined;
  return place === undefined || subjectId === 'unknown' || !isAllowed(ctx, place[1]) ? null : `/${place[0]}/${encodeURIComponent(subjectId)}`;
}

/** A reason that was given, in words where there are some. */
export function groundWords({ details }: Pick<RecordedEvent, 'details'>, visit: Visit): string | null {
  const { reason } = details;
  if (typeof reason !== 'string' || reason === '') return null;
  const key = `reveal:reasons.${reason}`;
  return hasWords(visit.language, key) ? visit.t(key) : wordsFor(visit.language).reason(reason);
}

/** Details as they were recorded: codes, ids and counts. */
export function detailsText({ details }: Pick<RecordedEvent, 'details'>): string {
  return Object.entries(details).filter(([, value]) => value !== '' && value !== null).map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(' ') : String(value)}`).join('; ');
}
