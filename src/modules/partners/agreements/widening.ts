import { isDeepStrictEqual } from 'node:util';
import { addDays } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { AgreementRecord } from './agreement-record.rules.ts';
import type { AgreementEnd } from './agreement.rules.ts';

export const WIDENINGS = ['new_agreement', 'partners', 'counties', 'regions', 'services', 'basis', 'begins_earlier', 'ends_later', 'confirmed'] as const;
export type Widening = (typeof WIDENINGS)[number];

const FACTS = ['titles', 'reference', 'partners', 'parties', 'counties', 'regions', 'services', 'validFrom', 'validUntil', 'signatories', 'text'] as const;

/** By what a version lets more out, or to more, than the one before it; nothing where it narrows or only says it otherwise. */
export function wideningsOf(before: AgreementRecord | null, after: AgreementRecord, ends: readonly AgreementEnd[], today: CalendarDate): Widening[] {
  if (before === null) return ['new_agreement'];
  const isNew = (name: 'partners' | 'counties' | 'services'): boolean => after[name].value.some((one) => !(before[name].value as readonly string[]).includes(one));
  const last = lastDayOf(before, ends);
  const found: Readonly<Record<Exclude<Widening, 'new_agreement'>, boolean>> = {
    partners: isNew('partners'), counties: isNew('counties'), services: isNew('services'),
    regions: after.regions.value.some((region) => !before.regions.value.includes(region) && !before.regions.value.includes(region.slice(0, 2))),
    // An informal basis asks for more (a named approver), never for less.
    basis: after.basis !== before.basis && after.basis !== 'informal',
    begins_earlier: before.validFrom.value > today && after.validFrom.value < before.validFrom.value,
    ends_later: last !== null && (after.validUntil.value === null || after.validUntil.value > last),
    confirmed: FACTS.some((name) => after[name]?.confirmed === true && !(before[name]?.confirmed === true && isDeepStrictEqual(before[name].value, after[name].value))),
  };
  return WIDENINGS.filter((one) => one !== 'new_agreement' && found[one]);
}

/** By its term, or because it was ended; a further version does not bring back unseen what somebody ended. */
function lastDayOf({ agreementId, version, validUntil }: AgreementRecord, ends: readonly AgreementEnd[]): CalendarDate | null {
  const end = ends.filter((one) => one.agreementId === agreementId && one.version >= version).at(-1);
  const days = [validUntil.value, end ? addDays(end.endedFrom, -1) : null].filter((day) => day !== null).sort();
  return days[0] ?? null;
}
