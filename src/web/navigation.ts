import { isAllowed } from '../platform/authorise.ts';
import type { Permission } from '../platform/authorise.ts';
import type { Ctx } from '../platform/context.ts';
import { EXCHANGE_PATHS } from './exchange-places.ts';
import type { NavigationGroup, NavigationItem } from './render.ts';

/** In the order of the menu. */
const GROUPS = ['cases', 'received', 'payments', 'close', 'office'] as const;
type Group = (typeof GROUPS)[number];

interface Place {
  key: string;
  /** Where it stands in a menu that is too long for one row. */
  group: Group;
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
  { key: 'overview', group: 'cases', href: '/overview', permission: 'overview.view', side: 'agency' },
  { key: 'queue', group: 'cases', href: '/queue', permission: 'referrals.view', side: 'agency', also: ['/referrals', '/batch', '/batches'] },
  { key: 'translations', group: 'cases', href: '/translations', permission: 'translations.view', side: 'agency' },
  { key: 'cases', group: 'cases', href: '/cases', permission: 'cases.view', side: 'agency' },
  { key: 'inbox', group: 'cases', href: '/inbox', permission: 'referrals.view', side: 'partner' },
  { key: 'messages', group: 'cases', href: '/conversations', permission: 'messages.view', side: 'partner', also: '/messages' },
  { key: 'send', group: 'cases', href: '/send', permission: 'incoming.send', side: 'partner' },
  { key: 'asked', group: 'cases', href: '/asked', permission: 'inquiries.ask', side: 'partner', also: '/ask' },
  { key: 'apply', group: 'cases', href: '/apply', permission: 'applications.file', side: 'partner' },
  { key: 'incoming', group: 'cases', href: '/incoming', permission: 'incoming.view', side: 'agency' },
  { key: 'exchange', group: 'cases', href: '/conversations', permission: 'messages.view', side: 'agency', also: EXCHANGE_PATHS },
  // The work of who manages; who only reviews begins elsewhere.
  { key: 'administration', group: 'office', href: '/administration', permission: 'partners.manage', side: 'agency' },
  { key: 'deliveries', group: 'cases', href: '/deliveries', permission: 'exchange.view', side: 'agency', unless: 'messages.view' },
  { key: 'suspense', group: 'received', href: '/suspense', permission: 'suspense.view', side: 'agency' },
  { key: 'runs', group: 'received', href: '/runs', permission: 'reconciliation.view', side: 'agency' },
  { key: 'holds', group: 'received', href: '/holds', permission: 'suspense.view', side: 'agency' },
  { key: 'refused', group: 'received', href: '/postings/refused', permission: 'payments.view', side: 'agency' },
  { key: 'pickup', group: 'received', href: '/pickup', permission: 'payments.view', side: 'agency' },
  { key: 'mappings', group: 'received', href: '/mappings', permission: 'payments.map', side: 'agency' },
  { key: 'lists', group: 'received', href: '/lists', permission: 'payments.annotated', side: 'agency' },
  { key: 'own_lists', group: 'received', href: '/lists', permission: 'payments.annotated', side: 'partner' },
  { key: 'caseload', group: 'received', href: '/caseload', permission: 'caseload.compare', side: 'agency' },
  { key: 'outgoing', group: 'payments', href: '/outgoing', permission: 'reconciliation.view', side: 'agency' },
  { key: 'orders', group: 'payments', href: '/orders', permission: 'orders.view', side: 'agency' },
  { key: 'confirmations', group: 'payments', href: '/confirmations', permission: 'confirmations.view', side: 'agency' },
  { key: 'days', group: 'close', href: '/days', permission: 'days.view', side: 'agency' },
  { key: 'agreement', group: 'close', href: '/agreement', permission: 'reconciliation.view', side: 'agency' },
  { key: 'statement', group: 'close', href: '/statement', permission: 'ledger.view', side: 'agency' },
  { key: 'receipts', group: 'office', href: '/receipts', permission: 'receipts.read', side: 'partner' },
  { key: 'partners', group: 'office', href: '/partners', permission: 'partners.view', side: 'both' },
  { key: 'agreements', group: 'office', href: '/agreements', permission: 'agreements.view', side: 'partner' },
  { key: 'agreements', group: 'office', href: '/agreements', permission: 'agreements.view', side: 'agency', unless: 'messages.view' },
  { key: 'administration', group: 'office', href: '/administration', permission: 'partners.review', side: 'agency', unless: 'partners.manage' },
  { key: 'who_saw', group: 'office', href: '/who-saw', permission: 'audit.who_saw', side: 'agency' },
  { key: 'disclosure_log', group: 'office', href: '/disclosure-log', permission: 'disclosures.oversee', side: 'agency' },
  { key: 'audit_log', group: 'office', href: '/audit-log', permission: 'audit.read', side: 'agency' },
  { key: 'users', group: 'office', href: '/users', permission: 'users.view', side: 'agency' },
  { key: 'clients', group: 'office', href: '/clients', permission: 'clients.view', side: 'agency' },
];

/** Only the places that the person may open, in the order in which work is done. */
export function navigationFor(ctx: Ctx, path: string): NavigationItem[] {
  const side = ctx.actor.partner === null ? 'agency' : 'partner';
  const isBelow = (base: string) => path === base || path.startsWith(`${base}/`);
  return PLACES
    .filter((place) => (place.side === 'both' || place.side === side) && isAllowed(ctx, place.permission) && !(place.unless && isAllowed(ctx, place.unless)))
    .map(({ key, group, href, also }) => ({ key, group, href, isHere: [href, ...(also === undefined ? [] : typeof also === 'string' ? [also] : also)].some(isBelow) }));
}

/** More than these do not fit into one row in every language; then the rooms of one group stand below a row of groups. */
const ONE_ROW_MAX = 9;

/** The places in their groups; a single group without a name where all fit into one row. */
export function groupsOf(items: readonly NavigationItem[]): NavigationGroup[] {
  if (items.length <= ONE_ROW_MAX) return [{ key: '', href: '', isHere: true, items }];
  return GROUPS.map((key) => ({ key, items: items.filter((item) => item.group === key) })).filter((group) => group.items.length > 0)
    .map((group) => ({ ...group, href: group.items[0]?.href ?? '/', isHere: group.items.some((item) => item.isHere) }));
}

/** Where a person's work begins: their first place. */
export function firstPlace(ctx: Ctx): string {
  // A translator may look a referral up, but comes for the texts.
  if (ctx.actor.roles[0] === 'translator') return '/translations';
  // A clerk looks cases up, but comes for what waits; whoever sees only some counties may not open that list.
  if (ctx.actor.roles[0] === 'reconciler' && ctx.actor.counties === 'all' && isAllowed(ctx, 'suspense.view')) return '/suspense';
  return navigationFor(ctx, '/')[0]?.href ?? '/partners';
}
