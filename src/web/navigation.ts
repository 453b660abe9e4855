import { isAllowed } from '../platform/authorise.ts';
import type { Permission } from '../platform/authorise.ts';
import type { Ctx } from '../platform/context.ts';
import { EXCHANGE_PATHS } from './exchange-places.ts';
import type { NavigationItem } from './render.ts';

interface Place {
  key: string;
  href: string;
  permission: Permission;
  /** Whether it is for partners' officers, for the agency's own people, or for both. */
  side: 'agency' | 'partner' | 'both';
  /** Pages below this address also belong here. */
  also?: string | readonly string[];
  /** Not for those who may do this: they find it elsewhere. */
  unless?: Permission;
}

const PLACES: readonly Place[] = [
  { key: 'overview', href: '/overview', permission: 'overview.view', side: 'agency' },
  { key: 'queue', href: '/queue', permission: 'referrals.view', side: 'agency', also: '/referrals' },
  { key: 'translations', href: '/translations', permission: 'translations.view', side: 'agency' },
  { key: 'cases', href: '/cases', permission: 'cases.view', side: 'agency' },
  { key: 'inbox', href: '/inbox', permission: 'referrals.view', side: 'partner' },
  { key: 'messages', href: '/conversations', permission: 'messages.view', side: 'partner', also: '/messages' },
  { key: 'send', href: '/send', permission: 'incoming.send', side: 'partner' },
  { key: 'asked', href: '/asked', permission: 'inquiries.ask', side: 'partner', also: '/ask' },
  { key: 'apply', href: '/apply', permission: 'applications.file', side: 'partner' },
  { key: 'incoming', href: '/incoming', permission: 'incoming.view', side: 'agency' },
  { key: 'exchange', href: '/conversations', permission: 'messages.view', side: 'agency', also: EXCHANGE_PATHS },
  { key: 'deliveries', href: '/deliveries', permission: 'exchange.view', side: 'agency', unless: 'messages.view' },
  { key: 'agreement', href: '/agreement', permission: 'reconciliation.view', side: 'agency', also: '/outgoing' },
  { key: 'days', href: '/days', permission: 'days.view', side: 'agency', also: '/pickup' },
  { key: 'runs', href: '/runs', permission: 'reconciliation.view', side: 'agency' },
  { key: 'suspense', href: '/suspense', permission: 'suspense.view', side: 'agency', also: '/holds' },
  { key: 'orders', href: '/orders', permission: 'orders.view', side: 'agency' },
  { key: 'statement', href: '/statement', permission: 'ledger.view', side: 'agency' },
  { key: 'caseload', href: '/caseload', permission: 'caseload.compare', side: 'agency' },
  { key: 'confirmations', href: '/confirmations', permission: 'confirmations.view', side: 'agency' },
  { key: 'mappings', href: '/mappings', permission: 'payments.map', side: 'agency' },
  { key: 'lists', href: '/lists', permission: 'payments.annotated', side: 'both' },
  { key: 'partners', href: '/partners', permission: 'partners.view', side: 'both' },
  { key: 'agreements', href: '/agreements', permission: 'agreements.view', side: 'partner' },
  { key: 'agreements', href: '/agreements', permission: 'agreements.view', side: 'agency', unless: 'messages.view' },
  { key: 'users', href: '/users', permission: 'users.view', side: 'agency' },
  { key: 'clients', href: '/clients', permission: 'clients.view', side: 'agency' },
];

/** Only the places that the person may open, in the order in which work is done. */
export function navigationFor(ctx: Ctx, path: string): NavigationItem[] {
  const side = ctx.actor.partner === null ? 'agency' : 'partner';
  const isBelow = (base: string) => path === base || path.startsWith(`${base}/`);
  return PLACES
    .filter((place) => (place.side === 'both' || place.side === side) && isAllowed(ctx, place.permission) && !(place.unless && isAllowed(ctx, place.unless)))
    .map(({ key, href, also }) => ({ key, href, isHere: [href, ...(also === undefined ? [] : typeof also === 'string' ? [also] : also)].some(isBelow) }));
}

/** Where a person's work begins: their first place. */
export function firstPlace(ctx: Ctx): string {
  // A translator may look a referral up, but comes for the texts.
  if (ctx.actor.roles[0] === 'translator') return '/translations';
  return navigationFor(ctx, '/')[0]?.href ?? '/partners';
}
