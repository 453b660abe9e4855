import { isAllowed } from '../platform/authorise.ts';
import type { Permission } from '../platform/authorise.ts';
import type { Ctx } from '../platform/context.ts';

const PLACES: readonly { readonly key: string; readonly href: string; readonly permission: Permission }[] = [
  { key: 'conversations', href: '/conversations', permission: 'messages.view' },
  { key: 'parked', href: '/parked', permission: 'messages.settle' },
  { key: 'drafts', href: '/drafts', permission: 'messages.send' },
  { key: 'reminders', href: '/reminders', permission: 'reminders.view' },
  { key: 'deliveries', href: '/deliveries', permission: 'exchange.view' },
  { key: 'inquiries', href: '/inquiries', permission: 'inquiries.view' },
  { key: 'applications', href: '/applications', permission: 'applications.view' },
  { key: 'agreements', href: '/agreements', permission: 'agreements.view' },
];

/** Addresses that belong to the exchange as a whole, for the bar above. */
export const EXCHANGE_PATHS: readonly string[] = [...PLACES.map(({ href }) => href), '/messages'];

export interface ExchangePlace {
  readonly key: string;
  readonly href: string;
  readonly isHere: boolean;
}

/** On the list of one room of the exchange, the rooms that this person may open; officers have them in their bar. */
export function exchangePlaces(ctx: Ctx, path: string): ExchangePlace[] {
  if (ctx.actor.partner !== null || !PLACES.some(({ href }) => href === path)) return [];
  return PLACES.filter(({ permission }) => isAllowed(ctx, permission)).map(({ key, href }) => ({ key, href, isHere: href === path }));
}
