import type { Finding } from '../../../platform/errors.ts';
import type { PartnerProfile } from '../partner-profile.rules.ts';
import type { AgreementRecord } from './agreement-record.rules.ts';

/**
 * Where profile and agreements of a partner do not fit together: services or counties that the profile promises and no agreement covers, another basis.
 * Dates are left aside: what is not in force says so itself.
 */
export function profileGaps(profile: PartnerProfile, agreements: readonly AgreementRecord[]): Finding[] {
  const own = agreements.filter(({ partners }) => partners.value.includes(profile.partnerId));
  const file = `partners/${profile.partnerId}.json#`;
  const warn = (code: string, path: string, params: Finding['params']): Finding => ({ code: `agreement.${code}`, severity: 'warn', path: `${file}${path}`, params });
  if (own.length === 0) return [warn('partner_without', '/exchangeBasis/value', { partner: profile.partnerId })];
  const { basis } = profile.exchangeBasis.value;
  const services = profile.services.value.filter((service) => !own.some((one) => one.services.value.includes(service)));
  const counties = profile.counties.value.filter((county) => !own.some((one) => one.counties.value.includes(county)));
  return [
    ...(own.some((one) => one.basis === basis) ? [] : [warn('basis_differs', '/exchangeBasis/value/basis', { basis, expected: [...new Set(own.map((one) => one.basis))].join(' | ') })]),
    ...services.map((service) => warn('profile_service_uncovered', '/services/value', { service })),
    ...counties.map((county) => warn('profile_county_uncovered', '/counties/value', { county })),
  ];
}
