import { PAYING_ROLES } from '../../cases/index.ts';
import type { DisclosedParticipant } from '../../cases/index.ts';
import type { AgreementAnswer, PartnerProfile } from '../../partners/index.ts';
import type { Finding } from '../../../platform/errors.ts';
import { regionCode } from './address-form.rules.ts';
import type { AddressForm } from './address-form.rules.ts';

/** Where the debtors live in the partner's country (MX-BCN), as far as the partner may be told; an agreement for some regions only asks for it. */
export function debtorRegions(participants: readonly DisclosedParticipant[], country: string, form: AddressForm | undefined): string[] {
  const found = participants.filter(({ role }) => PAYING_ROLES.includes(role)).flatMap(({ residence }) => {
    if (residence === undefined || 'substitute' in residence || residence.country !== country || !residence.region) return [];
    const code = form ? regionCode(residence.region, form) : residence.region.replace(`${country}-`, '');
    return code === null ? [] : [`${country}-${code}`];
  });
  return [...new Set(found)];
}

/** What is to be known of it before sending. It is said in time, and stops only the sending. */
export function agreementFindings({ findings, needsApprover }: AgreementAnswer, { exchangeBasis }: PartnerProfile): Finding[] {
  const said = findings.map((finding): Finding => ({ ...finding, severity: 'warn' }));
  // Where the profile asks for an approver, completeness has said so.
  if (!needsApprover || exchangeBasis.value.approverNeeded) return said;
  return [...said, { code: 'referral.approver_needed', severity: 'warn', path: '/partner/exchangeBasis', params: { basis: 'informal' } }];
}
