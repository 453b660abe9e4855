import { addDays, daysBetween } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';
import type { ExchangeBasis, Localized } from '../partner-profile.rules.ts';
import { EXCHANGE_BASES, unconfirmedTerms } from './agreement-record.rules.ts';
import type { AgreementKind, AgreementRecord } from './agreement-record.rules.ts';

export const END_REASONS = ['ended_by_partner', 'ended_by_us', 'replaced', 'ended_by_law', 'recorded_in_error'] as const;
export type EndReason = (typeof END_REASONS)[number];

/** That an agreement ends before its term, said of the version that was the newest then. What is said later holds. */
export interface AgreementEnd {
  readonly agreementId: string;
  readonly version: number;
  /** The first day on which it is no longer in force. */
  readonly endedFrom: CalendarDate;
  readonly reason: EndReason;
}

export type AgreementOrigin = 'program' | 'file' | 'recorded';

/** A version with where it is from. */
export interface AgreementVersion {
  readonly record: AgreementRecord;
  readonly origin: AgreementOrigin;
}

export const STANDINGS = ['in_force', 'ends_soon', 'not_yet', 'expired', 'ended'] as const;
export type Standing = (typeof STANDINGS)[number];

/** An agreement on a day: the version that counts then, and how it stands. */
export interface AgreementOnDay {
  readonly record: AgreementRecord;
  readonly origin: AgreementOrigin;
  readonly standing: Standing;
  /** The last day in force, by its term or because it was ended; null where none is known. */
  readonly lastDay: CalendarDate | null;
  readonly endReason: EndReason | null;
}

/** How long before its last day an agreement warns. */
export const WARNING_DAYS = 60;

/**
 * All that is known of agreements, by agreement, the versions in order. What the agency has recorded or ended goes before files: of an agreement of which it
 * has said anything, files count only up to the version that it spoke of last.
 */
export function mergedVersions(files: readonly AgreementVersion[], recorded: readonly AgreementVersion[], ends: readonly AgreementEnd[]): Map<string, AgreementVersion[]> {
  const spokenOf = new Map<string, number>();
  for (const { agreementId, version } of [...recorded.map(({ record }) => record), ...ends]) spokenOf.set(agreementId, Math.max(version, spokenOf.get(agreementId) ?? 0));
  const merged = new Map<string, Map<number, AgreementVersion>>();
  for (const one of [...files.filter(({ record }) => record.version <= (spokenOf.get(record.agreementId) ?? Infinity)), ...recorded]) {
    const { agreementId, version } = one.record;
    merged.set(agreementId, (merged.get(agreementId) ?? new Map<number, AgreementVersion>()).set(version, one));
  }
  return new Map([...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, versions]) => [id, [...versions.values()].sort((a, b) => a.record.version - b.record.version)]));
}

/**
 * How an agreement stands on a day: the newest version that has begun counts, and when that is over no older one comes back. Before the first day
 * the version that begins first.
 */
export function agreementOn(versions: readonly AgreementVersion[], ends: readonly AgreementEnd[], on: CalendarDate): AgreementOnDay | null {
  const begun = versions.filter(({ record }) => record.validFrom.value <= on);
  const first = [...versions].sort((a, b) => (a.record.validFrom.value < b.record.validFrom.value ? -1 : 1))[0];
  const one = begun.at(-1) ?? first;
  if (!one) return null;
  const { record, origin } = one;
  // An end was said of the agreement as it was then: of that version and of all before it.
  const end = ends.filter(({ agreementId, version }) => agreementId === record.agreementId && version >= record.version).at(-1) ?? null;
  const term = record.validUntil.value;
  const isEndedEarlier = end !== null && (term === null || end.endedFrom <= term);
  const lastDay = isEndedEarlier ? addDays(end.endedFrom, -1) : term;
  const base = { record, origin, lastDay, endReason: isEndedEarlier ? end.reason : null };
  if (lastDay !== null && lastDay < on) return { ...base, standing: isEndedEarlier ? 'ended' : 'expired' };
  if (begun.length === 0) return { ...base, standing: 'not_yet' };
  return { ...base, standing: lastDay !== null && daysBetween(on, lastDay) <= WARNING_DAYS && !isContinued(versions, record, lastDay) ? 'ends_soon' : 'in_force' };
}

/** A further version follows without a gap, so that nothing ends. */
function isContinued(versions: readonly AgreementVersion[], { version }: AgreementRecord, lastDay: CalendarDate): boolean {
  return versions.some(({ record }) => record.version > version && daysBetween(lastDay, record.validFrom.value) <= 1);
}

/** What is to be exchanged. */
export interface ExchangeRequest {
  readonly partnerId: string;
  readonly county: string;
  readonly services: readonly string[];
  /**
   * Where the debtor lives in the partner's country (MX-BCN), as far as it may be told; only agreements for some regions ask for it. None: it is not known, which
   * those agreements refuse. Absent: it is not judged, as with a message about what was sent before.
   */
  readonly regions?: readonly string[];
  /** The agency's day. */
  readonly on: CalendarDate;
}

/** The agreement under which something is exchanged, as it is written down with the exchange. */
export interface AllowingAgreement {
  readonly agreementId: string;
  readonly version: number;
  readonly kind: AgreementKind;
  readonly basis: ExchangeBasis;
  readonly titles: Localized;
  readonly services: readonly string[];
  readonly validFrom: CalendarDate;
  readonly lastDay: CalendarDate | null;
  readonly isConfirmed: boolean;
}

export interface AgreementAnswer {
  readonly isAllowed: boolean;
  /** Which agreement allows which of the services; empty where not all of them are allowed. */
  readonly agreements: readonly AllowingAgreement[];
  /** An informal basis: sending needs a named approver. */
  readonly needsApprover: boolean;
  /** Where it is not allowed, why; where it is, what there is to know. */
  readonly findings: readonly Finding[];
}

const PATH = '/partner/agreements';

/** Under which agreements a request may be exchanged on its day. One that covers everything goes before several, a formal basis before an informal one. */
export function agreementFor(known: readonly AgreementOnDay[], request: ExchangeRequest): AgreementAnswer {
  const ofPartner = known.filter(({ record }) => record.partners.value.includes(request.partnerId));
  const open = ofPartner.filter((one) => isOpen(one) && coversPlace(one, request)).sort(byRank);
  const whole = open.find((one) => request.services.every((service) => covers(one, service)));
  const chosen = request.services.map((service) => [service, whole ?? open.find((one) => covers(one, service)) ?? null] as const);
  const uncovered = chosen.filter(([, one]) => one === null).map(([service]) => service);
  if (request.services.length === 0 || uncovered.length > 0) return { isAllowed: false, agreements: [], needsApprover: false, findings: refusals(ofPartner, request, uncovered) };
  const used = open.filter((one) => chosen.some(([, by]) => by === one));
  return {
    isAllowed: true, agreements: used.map((one) => asAllowing(one, chosen.filter(([, by]) => by === one).map(([service]) => service))),
    needsApprover: used.some(({ record }) => record.basis === 'informal'),
    findings: used.filter(({ standing }) => standing === 'ends_soon').map(({ record, lastDay }): Finding => ({
      code: 'agreement.ends_soon', severity: 'warn', path: `${PATH}/${record.agreementId}`, params: { agreement: record.agreementId, until: lastDay ?? '', days: daysBetween(request.on, lastDay ?? request.on) },
    })),
  };
}

export function isOpen({ standing }: Pick<AgreementOnDay, 'standing'>): boolean {
  return standing === 'in_force' || standing === 'ends_soon';
}

const covers = ({ record }: AgreementOnDay, service: string): boolean => record.services.value.some((one) => one === service);

function coversPlace({ record }: AgreementOnDay, { county, regions }: ExchangeRequest): boolean {
  return record.counties.value.includes(county) && (regions === undefined || coversCountry(record) || (regions.length > 0 && regions.every((region) => record.regions.value.includes(region))));
}

/** It asks nobody where the debtor lives. */
const coversCountry = ({ regions }: AgreementRecord): boolean => regions.value.some((region) => region.length === 2);

function byRank(a: AgreementOnDay, b: AgreementOnDay): number {
  const rank = ({ record }: AgreementOnDay): number => EXCHANGE_BASES.indexOf(record.basis);
  // Of two of a kind the one that holds longer, then the newer, so that the same one is chosen everywhere.
  const far = ({ lastDay }: AgreementOnDay): string => lastDay ?? '9999-12-31';
  return rank(a) - rank(b) || far(b).localeCompare(far(a)) || b.record.validFrom.value.localeCompare(a.record.validFrom.value) || a.record.agreementId.localeCompare(b.record.agreementId);
}

function asAllowing({ record, lastDay }: AgreementOnDay, services: readonly string[]): AllowingAgreement {
  const { agreementId, version, kind, basis, titles, validFrom } = record;
  return { agreementId, version, kind, basis, titles: titles.value, services, validFrom: validFrom.value, lastDay, isConfirmed: unconfirmedTerms(record).length === 0 };
}

/** Why not, agreement by agreement. Where the debtor lives is not told: a refusal is read by more people than the case is. */
function refusals(known: readonly AgreementOnDay[], request: ExchangeRequest, uncovered: readonly string[]): Finding[] {
  const block = (code: string, path: string, params: Finding['params']): Finding => ({ code: `agreement.${code}`, severity: 'block', path, params });
  const none = known.some(isOpen) ? [] : [block('none_in_force', PATH, { partner: request.partnerId, on: request.on })];
  return [...none, ...known.flatMap((one) => {
    const { record, standing, lastDay } = one;
    const [path, agreement] = [`${PATH}/${record.agreementId}`, record.agreementId];
    if (standing === 'not_yet') return [block('not_yet', path, { agreement, from: record.validFrom.value })];
    if (!isOpen(one)) return [block(standing, path, { agreement, until: lastDay ?? '' })];
    if (!record.counties.value.includes(request.county)) return [block('county_not_covered', path, { agreement, county: request.county })];
    if (!coversPlace(one, request)) return [block(request.regions?.length === 0 ? 'region_unknown' : 'region_not_covered', path, { agreement })];
    return uncovered.map((service) => block('service_not_covered', path, { agreement, service }));
  })];
}
