import { hasWords } from '../platform/i18n.ts';
import { unconfirmedTerms } from '../modules/partners/index.ts';
import type { AgreementOnDay, AllowingAgreement } from '../modules/partners/index.ts';
import { countryNames } from './countries.ts';
import { partnerNameOf } from './referral-line.ts';
import { wordsFor } from './words.ts';
import type { Visit } from './visit.ts';

/** An agreement as lists and referrals show it. */
export interface AgreementLine {
  readonly agreementId: string;
  readonly version: number;
  readonly title: string;
  readonly basis: string;
  readonly kind: string;
  readonly lastDay: string | null;
  readonly isConfirmed: boolean;
  readonly services: string | null;
}

/** What allows an exchange, or allowed it then. */
export function allowingLines(agreements: readonly AllowingAgreement[], visit: Visit): AgreementLine[] {
  const words = wordsFor(visit.language);
  return agreements.map(({ agreementId, version, titles, basis, kind, lastDay, isConfirmed, services }) => ({
    agreementId, version, title: titles[visit.language], basis: capital(visit.t(`agreements:basis.${basis}`), visit), kind: capital(visit.t(`agreements:kind.${kind}`), visit), lastDay, isConfirmed,
    // Where one allows it all there is nothing to be told apart.
    services: agreements.length > 1 ? services.map((service) => words.of('service', service)).join(', ') : null,
  }));
}

export interface ListedAgreement extends Omit<AgreementLine, 'services'> {
  readonly standing: string;
  readonly tone: string;
  readonly partners: readonly string[];
  readonly counties: readonly string[];
  readonly validFrom: string;
}

const TONES: Readonly<Record<AgreementOnDay['standing'], string>> = { in_force: ' pu-tag--good', ends_soon: ' pu-tag--warn', not_yet: ' pu-tag--quiet', expired: ' pu-tag--block', ended: ' pu-tag--block' };

export function listedAgreement({ record, standing, lastDay }: AgreementOnDay, visit: Visit): ListedAgreement {
  const words = wordsFor(visit.language);
  return {
    agreementId: record.agreementId, version: record.version, title: record.titles.value[visit.language],
    basis: capital(visit.t(`agreements:basis.${record.basis}`), visit), kind: capital(visit.t(`agreements:kind.${record.kind}`), visit), lastDay, isConfirmed: unconfirmedTerms(record).length === 0,
    standing: visit.t(`agreements:standing.${standing}`), tone: TONES[standing], partners: record.partners.value.map((partner) => partnerNameOf(partner, visit)),
    counties: record.counties.value.map((county) => words.of('county', county)), validFrom: record.validFrom.value,
  };
}

const capital = (text: string, { language }: Visit): string => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);

/** A region as a person reads it: a country by its name, a part of it by its code. */
export function regionName(region: string, visit: Visit): string {
  return region.length === 2 ? visit.t('agreements:whole_country', { country: countryNames(visit.language)(region) }) : region;
}

/** The words of a note of a datum; an operator's own, which no locale knows, stands as it was written. */
export function noteWords(note: string | null, visit: Visit): string | null {
  if (note === null) return null;
  const key = ['agreements', 'partners'].map((namespace) => `${namespace}:note.${note}`).find((one) => hasWords(visit.language, one));
  return key === undefined ? note : visit.t(key);
}
