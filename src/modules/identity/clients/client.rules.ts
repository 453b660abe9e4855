import type { Finding } from '../../../platform/errors.ts';

/** What a partner's program may be given leave for. */
export const SCOPES = ['messages:read', 'messages:write', 'packets:read', 'files:write', 'receipts:read', 'inquiries:write', 'status:read'] as const;
export type Scope = (typeof SCOPES)[number];

export const CLIENT_NAME_MAX = 100;
export const NETWORKS_MAX = 20;
/** How long a secret or a key lives when nothing is said, and at most. */
export const LIFE_DAYS_DEFAULT = 90;
export const LIFE_DAYS_MAX = 365;
export const RATE_DEFAULT = 120;
export const RATE_MAX = 6_000;
/** How long the former secret stays good beside the new one: a day, a fortnight at most, none when it has leaked. */
export const OVERLAP_HOURS_DEFAULT = 24;
export const OVERLAP_HOURS_MAX = 14 * 24;
/** How long before its end somebody is told, so that the partner has time to change. */
export const WARNING_DAYS = 14;
/** A token that was got for a secret ends soon, so that what stands in a proxy's log is worth little. */
export const TOKEN_SECONDS = 15 * 60;

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export interface NewClient {
  readonly partnerId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Blocks of addresses from which it may come; none = from anywhere. */
  readonly networks: readonly string[];
  readonly requestsPerMinute?: number;
  readonly days?: number;
}

/** All that is wrong with a new client, at once. Whether the partner exists is asked of the partners' register, whether networks are some in `networks.ts`. */
export function newClientFindings(client: NewClient): Finding[] {
  const { name, scopes, networks, requestsPerMinute = RATE_DEFAULT, days = LIFE_DAYS_DEFAULT } = client;
  return [
    ...nameFindings(name), ...daysFindings(days), ...networkCountFindings(networks),
    ...(scopes.length === 0 ? [finding('client.scope_missing', '/scopes')] : []),
    ...scopes.flatMap((scope, at) => (isScope(scope) ? [] : [finding('client.scope_unknown', `/scopes/${at}`, { expected: SCOPES.join(' ') })])),
    ...(isWithin(requestsPerMinute, 1, RATE_MAX) ? [] : [finding('client.rate_range', '/requestsPerMinute', { max: RATE_MAX })]),
  ];
}

export function nameFindings(name: string): Finding[] {
  const isName = name.trim() !== '' && name.length <= CLIENT_NAME_MAX && !/\p{Cc}/u.test(name);
  return isName ? [] : [finding('client.name_form', '/name', { max: CLIENT_NAME_MAX })];
}

export function daysFindings(days: number): Finding[] {
  return isWithin(days, 1, LIFE_DAYS_MAX) ? [] : [finding('client.days_range', '/days', { max: LIFE_DAYS_MAX })];
}

export function overlapFindings(hours: number): Finding[] {
  return isWithin(hours, 0, OVERLAP_HOURS_MAX) ? [] : [finding('client.overlap_range', '/overlapHours', { max: OVERLAP_HOURS_MAX })];
}

export function networkCountFindings(networks: readonly string[]): Finding[] {
  return networks.length > NETWORKS_MAX ? [finding('client.networks_too_many', '/networks', { max: NETWORKS_MAX })] : [];
}

const finding = (code: string, path: string, params: Finding['params'] = {}): Finding => ({ code, severity: 'block', path, params });
const isWithin = (value: number, low: number, high: number): boolean => Number.isInteger(value) && value >= low && value <= high;

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}

export const afterDays = (now: Date, days: number): Date => new Date(now.getTime() + days * DAY_MS);
export const afterHours = (now: Date, hours: number): Date => new Date(now.getTime() + hours * HOUR_MS);

/** The words of a credential: `pnt_<client>_<secret>`, or `pna_<client>_<…>` for a token that was got for one. */
export type Credential =
  | { readonly kind: 'secret'; readonly clientId: string; readonly secret: string }
  | { readonly kind: 'token'; readonly clientId: string; readonly position: number; readonly expires: number; readonly mask: number; readonly mac: string };

const SECRET = /^pnt_(cli_[0-9A-HJKMNP-TV-Z]{26})_([A-Za-z0-9_-]{43})$/;
const TOKEN = /^pna_(cli_[0-9A-HJKMNP-TV-Z]{26})_([1-9]\d{0,5})\.([1-9]\d{9,11})\.([1-9]\d{0,5})\.([A-Za-z0-9_-]{43})$/;

/** Takes a credential apart; null for what has no form of one, which then costs no query. */
export function readCredential(text: string): Credential | null {
  const secret = SECRET.exec(text);
  if (secret) return { kind: 'secret', clientId: secret[1] as string, secret: secret[2] as string };
  const token = TOKEN.exec(text);
  if (!token) return null;
  return { kind: 'token', clientId: token[1] as string, position: Number(token[2]), expires: Number(token[3]), mask: Number(token[4]), mac: token[5] as string };
}

export const writeSecret = (clientId: string, secret: string): string => `pnt_${clientId}_${secret}`;
/** What a token's seal covers. */
export const tokenSubject = (clientId: string, position: number, expires: number, mask: number): string => `${clientId}_${position}.${expires}.${mask}`;

/** Scopes as bits in the order of `SCOPES`, which therefore only ever grows at its end. */
export const maskOf = (scopes: readonly Scope[]): number => scopes.reduce((mask, scope) => mask | (1 << SCOPES.indexOf(scope)), 0);
export const scopesOfMask = (mask: number): Scope[] => SCOPES.filter((_, bit) => (mask & (1 << bit)) !== 0);

export type ClientState = 'active' | 'expired' | 'revoked';

/** Whether it lets in now and will not in a fortnight. */
export const endsSoon = (one: { readonly revokedAt: Date | null; readonly expiresAt: Date }, now: Date): boolean => clientState(one, now) === 'active' && one.expiresAt <= afterDays(now, WARNING_DAYS);

/** How a client or a key stands now. */
export function clientState({ revokedAt, expiresAt }: { readonly revokedAt: Date | null; readonly expiresAt: Date }, now: Date): ClientState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt <= now ? 'expired' : 'active';
}
