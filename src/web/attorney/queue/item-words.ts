import { listClocks } from '../../../modules/referrals/index.ts';
import type { QueueItem } from '../../../modules/referrals/index.ts';
import { hasWords } from '../../../platform/i18n.ts';
import type { Visit } from '../../visit.ts';

/** What is to be done with an item: the name of its clock; else what its kind is about. */
export const whatOf = (item: QueueItem, visit: Visit): string => {
  if (item.kind === 'referral' && item.isWithPartner && item.reason === 'referral.send') return visit.t('web:queue.ask_confirm');
  if (listClocks().some(({ clock }) => clock === item.reason)) return visit.t(`clocks:name.${item.reason.replaceAll('.', '_')}`);
  return hasWords(visit.language, `web:queue.kind.${item.kind}`) ? visit.t(`web:queue.kind.${item.kind}`) : visit.t('web:queue.other_work');
};

/** Where an item is worked on, by its kind. */
const PLACES: Readonly<Record<string, string>> = {
  referral: '/referrals/', incoming_packet: '/incoming/', inquiry: '/inquiries/', application: '/applications/', reminder: '/reminders/',
  exchange_parked: '/parked/', exchange_draft: '/messages/', exchange_courier: '/deliveries/', exchange_undelivered: '/deliveries/', exchange_withdrawn: '/deliveries/',
};
export const addressOf = (item: QueueItem): string | null => {
  const place = Object.hasOwn(PLACES, item.kind) ? PLACES[item.kind] : undefined;
  return place === undefined ? null : place + encodeURIComponent(item.subjectId);
};
