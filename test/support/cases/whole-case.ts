import type { Nondisclosure, Participant, Role, SupportCase } from '../../../src/modules/cases/index.ts';
import { aMexicanCase } from '../referrals/packets.ts';

/** Where and who somebody is, in words that stand nowhere else: by what they say of the person. */
export const SECRETS = {
  alias: 'Petrona Quillonez', birthDate: '1984-07-19', birthPlace: 'Tzintzuntlan', street: 'Quetzalwood Lane 7391', neighborhood: 'Vallescondido', town: 'Zanjaverde', postalCode: '92677',
  verifiedOn: '2026-02-27', phone: '+1 949 555 0137', email: 'petrona.quillonez@zorzalmail.org', employer: 'Talabarteria Ocelotl', employerStreet: 'Mirlowood Boulevard 4482',
  employerTown: 'Mirloburgo', employerPostalCode: '92679', account: '032180000118359719', curp: 'BOXW310820HNERXN09', passport: 'G55667788', ssn: '919-07-3588',
} as const;
export const CHILD_SECRETS = { childAlias: 'Lalis Tochtli', childBirthDate: '2013-04-23', childBirthPlace: 'Huauzontepec', childPassport: 'X99881122', childEmail: 'lalis@zorzalmail.org' } as const;
export const FORUM_SECRETS = { tribunal: 'Family Court of Zanjaverde', docket: 'ZV-448812', orderId: 'ZJV-ORD-55', obligationId: 'ZJV-OBL-55', participantId: 'zanja-02' } as const;
/** Of the person on the other side, from sources whose data never leave; and what belongs to somebody else. */
export const FEDERAL_SECRETS = {
  federalEmployer: 'Zarigueya Foundry', federalEmployerStreet: 'Tlacuachewood 5519', federalAccount: '002010077777777771', federalPassport: 'F33445566', federalVerifiedOn: '2026-03-03',
  otherPartnersNumber: 'KCSA-778812', ssnOfOther: '919-22-4417',
} as const;

const secretsOf = (): Partial<Participant> => ({
  birthDate: SECRETS.birthDate, birthPlace: SECRETS.birthPlace,
  residence: { country: 'US', lines: [SECRETS.street], neighborhood: SECRETS.neighborhood, locality: SECRETS.town, region: 'CA', postalCode: SECRETS.postalCode, verifiedOn: SECRETS.verifiedOn, source: 'party', verifiedBy: 'court' },
  phones: [SECRETS.phone], emails: [SECRETS.email],
  employer: { name: SECRETS.employer, source: 'party', residence: { country: 'US', lines: [SECRETS.employerStreet], locality: SECRETS.employerTown, region: 'CA', postalCode: SECRETS.employerPostalCode, source: 'employer' } },
  accounts: [{ kind: 'CLABE', value: SECRETS.account, source: 'party' }],
  identifiers: [{ type: 'CURP', value: SECRETS.curp, country: 'MX', source: 'party' }, { type: 'passport', value: SECRETS.passport, country: 'MX', source: 'party' }, { type: 'SSN', value: SECRETS.ssn, source: 'party' }],
});

/** A case in which every field of contract 1 is filled: the secrets are those of whoever has this role, and of the child with them. */
export function aWholeCase(caseId: string, role: Role, nondisclosure: Nondisclosure | null, who: 'self' | 'child' = 'self'): SupportCase {
  const base = aMexicanCase({ caseId });
  const isPaying = role === 'obligor' || role === 'alleged_parent';
  const people = base.participants.map((person): Participant => {
    const protection = nondisclosure && who === (person.role === 'dependent' ? 'child' : 'self') ? { nondisclosure } : {};
    const isSubject = isPaying ? person.role === 'obligor' : person.role === 'obligee';
    if (isSubject) return { ...person, ...secretsOf(), ...protection, role, participantId: FORUM_SECRETS.participantId, name: { ...person.name, aliases: [SECRETS.alias] } };
    if (person.role === 'dependent') {
      return {
        ...person, ...(who === 'child' ? protection : {}), livesWith: FORUM_SECRETS.participantId, name: { ...person.name, aliases: [CHILD_SECRETS.childAlias] }, birthDate: CHILD_SECRETS.childBirthDate,
        birthPlace: CHILD_SECRETS.childBirthPlace, emails: [CHILD_SECRETS.childEmail], identifiers: [{ type: 'passport', value: CHILD_SECRETS.childPassport, country: 'MX', source: 'party' }],
      };
    }
    return {
      ...person, participantId: 'other-01',
      ...(person.residence ? { residence: { ...person.residence, verifiedOn: FEDERAL_SECRETS.federalVerifiedOn, verifiedBy: 'fpls' } } : {}),
      employer: { name: FEDERAL_SECRETS.federalEmployer, source: 'irs', verifiedBy: 'fpls', residence: { country: 'MX', lines: [FEDERAL_SECRETS.federalEmployerStreet], locality: 'Tecate', source: 'irs', verifiedBy: 'fidm' } },
      accounts: [{ kind: 'CLABE', value: FEDERAL_SECRETS.federalAccount, source: 'fidm' }],
      identifiers: [{ type: 'passport', value: FEDERAL_SECRETS.federalPassport, country: 'MX', source: 'fpls', verifiedBy: 'irs' }, { type: 'SSN', value: FEDERAL_SECRETS.ssnOfOther, source: 'party' }],
    };
  });
  return {
    ...base, participants: people,
    orders: base.orders.map((order) => ({
      ...order, orderId: FORUM_SECRETS.orderId, tribunal: FORUM_SECRETS.tribunal, docketNumber: FORUM_SECRETS.docket, jurisdiction: 'US-AZ',
      obligations: order.obligations.map((one) => ({ ...one, obligationId: FORUM_SECRETS.obligationId })),
    })),
    partnerCaseNumbers: [{ partner: 'kr-kcsa', value: FEDERAL_SECRETS.otherPartnersNumber }],
  };
}
