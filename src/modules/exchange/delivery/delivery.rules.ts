import type { PartnerProfile } from '../../partners/index.ts';
import { addDays } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';

type ProfileChannel = PartnerProfile['channels']['value'][number];

/** Ways that carry messages. The first three are fetched by the partner; paper is carried by a person. */
export type CarryingChannel = 'portal' | 'api' | 'sftp' | 'courier';
export type NoticeKind = 'webhook' | 'email';

export interface Step {
  readonly channel: CarryingChannel;
  readonly waitDays: number;
  readonly encrypt: boolean;
}

const CARRYING: readonly string[] = ['portal', 'api', 'sftp', 'courier'];
const WAIT_DAYS = 5;

/**
 * The steps of a delivery, in the order of the profile. Who has no other way is offered the page. What lies ready can be fetched by every
 * electronic way: where one of them wants files encrypted, none has them otherwise.
 */
export function stepsOf(channels: readonly ProfileChannel[]): Step[] {
  const carrying = channels.filter((one) => CARRYING.includes(one.kind));
  const isEncrypted = carrying.some((one) => one.encrypt === true && one.kind !== 'courier');
  const steps = carrying.map((one) => ({ channel: one.kind as CarryingChannel, waitDays: one.waitDays ?? WAIT_DAYS, encrypt: isEncrypted && one.kind !== 'courier' }));
  return steps.length > 0 ? steps : [{ channel: 'portal', waitDays: WAIT_DAYS, encrypt: false }];
}

/** How a partner is told; an address is there for mail alone, that of a webhook is registered by an administrator. */
export function noticesOf(channels: readonly ProfileChannel[]): { readonly kind: NoticeKind; readonly address: string | null }[] {
  return channels.filter((one) => one.kind === 'webhook' || (one.kind === 'email' && one.address !== undefined))
    .map((one) => ({ kind: one.kind as NoticeKind, address: one.address ?? null }));
}

const LOOKED_AHEAD_MAX = 400;

/** The day on which so many open days after `from` have passed. */
export function afterOpenDays(from: CalendarDate, days: number, isOpen: (date: CalendarDate) => boolean): CalendarDate {
  let date = from;
  let left = days;
  for (let looked = 0; left > 0 && looked < LOOKED_AHEAD_MAX; looked++) {
    date = addDays(date, 1);
    if (isOpen(date)) left--;
  }
  return date;
}

/** As often as pg-boss runs a job: once, and six times again (platform/jobs.ts). */
export const TRIES_MAX = 7;
