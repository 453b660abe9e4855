import { isVerificationOpen, keepEach, pick, provenance } from './disclosure-ledger.rules.ts';
import type { AgencyAddress, DisclosureReason, Ledger, Scope } from './disclosure-ledger.rules.ts';
import { isUsableAccount } from './identifier.rules.ts';
import type { Account, Employer, Identifier, Participant, PersonName, Residence, Source } from './support-case.rules.ts';

export type DisclosedIdentifier = Omit<Identifier, 'verifiedBy'>;
export type DisclosedResidence = Omit<Residence, 'verifiedBy'>;
export interface DisclosedEmployer { name: string; residence?: DisclosedResidence; source?: Source }
export type DisclosedParticipant = Omit<Participant, 'residence' | 'identifiers' | 'employer' | 'accounts' | 'nondisclosure' | 'retained'> & {
  residence?: DisclosedResidence | AgencyAddress; identifiers?: DisclosedIdentifier[]; employer?: DisclosedEmployer; accounts?: Omit<Account, 'source' | 'verifiedBy'>[];
  /** Whether this person's whereabouts are sealed. The basis is nobody's business abroad. */
  isProtected: boolean;
};

const NAME = ['given', 'family', 'secondFamily', 'native', 'aliases'];
// A new name is part of a new life: of a protected person, and of whoever is on the same side, only the names that the case goes by are shown.
const NAME_MAIN = ['given', 'family', 'secondFamily', 'native'];
const RESIDENCE = ['country', 'lines', 'neighborhood', 'locality', 'region', 'postalCode', 'verifiedOn'];
const PERSON_OPEN = ['role', 'sex', 'birthDate', 'birthPlace', 'nationalities'];
const PERSON_NEAR = PERSON_OPEN.filter((field) => field !== 'birthPlace');
const PERSON_SEALED = ['role', 'sex'];
const PERSON_PARTS = ['participantId', 'livesWith', 'name', 'residence', 'identifiers', 'phones', 'emails', 'employer', 'accounts', 'nondisclosure', 'retained'];
const IDENTIFIER = ['type', 'value', 'country'];
const ACCOUNT = ['kind', 'value', 'bankCode'];
/** What of a person says, or may say, where that person's side of the case lives. */
const PLACING = ['residence', 'phones', 'emails', 'employer', 'accounts'] as const;

/** What of one participant may leave: of a sealed one next to nothing, of one on the same side nothing that places anyone. */
export function discloseParticipant(participant: Participant, path: string, scope: Scope): DisclosedParticipant {
  const { participantId } = participant;
  const isProtected = scope.sealed.has(participantId);
  const isNear = scope.near.has(participantId);
  const { ledger } = scope;
  const fields = isProtected ? PERSON_SEALED : isNear ? PERSON_NEAR : PERSON_OPEN;
  const otherwise = (field: string): DisclosureReason => (!PERSON_OPEN.includes(field) ? 'unknown_field' : isProtected ? 'nondisclosure' : 'shares_protected_whereabouts');
  ledger.disclose(`${path}/participantId`, 'case_record');
  const view = {
    ...pick<Participant>(participant, { fields, path, reason: 'case_record', elsewhere: PERSON_PARTS, otherwise }, ledger),
    participantId: scope.idOf.get(participantId) ?? '',
    name: discloseName(participant.name, `${path}/name`, isProtected, isProtected || isNear, ledger),
    isProtected,
  } as DisclosedParticipant;
  for (const hidden of ['nondisclosure', 'retained'] as const) if (participant[hidden]) ledger.withhold(`${path}/${hidden}`, 'nondisclosure');
  discloseHousehold(participant, path, view, scope);
  if (isProtected) sealParts(participant, path, view, ledger);
  else openParts(participant, path, view, scope);
  return view;
}

function discloseName(name: PersonName, path: string, isProtected: boolean, isMainOnly: boolean, ledger: Ledger): PersonName {
  const otherwise = (field: string): DisclosureReason => (!NAME.includes(field) ? 'unknown_field' : isProtected ? 'nondisclosure' : 'shares_protected_whereabouts');
  const main = [name.given, name.family, name.secondFamily, name.native];
  // A name that says where somebody is: the case cannot leave until it is mended.
  if (ledger.tells(main.filter((part) => part !== undefined), 'main_name')) {
    ledger.withhold(path, 'shares_protected_whereabouts');
    ledger.find('name_tells_whereabouts', 'block', path);
    return { given: '', family: '' };
  }
  return pick<PersonName>(name, { fields: isMainOnly ? NAME_MAIN : NAME, path, reason: 'case_record', otherwise }, ledger);
}

function discloseHousehold({ participantId, livesWith }: Participant, path: string, view: DisclosedParticipant, { sealed, idOf, ledger }: Scope): void {
  if (livesWith === undefined) return;
  const home = idOf.get(livesWith);
  if (sealed.has(participantId) || home === undefined) ledger.withhold(`${path}/livesWith`, 'nondisclosure');
  else if (ledger.disclose(`${path}/livesWith`, 'case_record')) view.livesWith = home;
}

/** Nothing of these parts leaves; the address of the agency stands in, whether or not an address is known. */
function sealParts(participant: Participant, path: string, view: DisclosedParticipant, ledger: Ledger): void {
  view.residence = ledger.substitute(`${path}/residence`);
  for (const part of ['identifiers', 'phones', 'emails', 'employer', 'accounts'] as const) {
    if (participant[part] !== undefined) ledger.withhold(`${path}/${part}`, 'nondisclosure');
  }
}

function openParts(participant: Participant, path: string, view: DisclosedParticipant, scope: Scope): void {
  if (scope.near.has(participant.participantId)) {
    for (const part of PLACING) if (participant[part] !== undefined) scope.ledger.withhold(`${path}/${part}`, 'shares_protected_whereabouts');
    keepIdentifiers(participant, path, view, scope);
    return;
  }
  const residence = participant.residence && discloseResidence(participant.residence, `${path}/residence`, scope);
  if (residence) view.residence = residence;
  const employer = participant.employer && discloseEmployer(participant.employer, `${path}/employer`, scope);
  if (employer) view.employer = employer;
  keepIdentifiers(participant, path, view, scope);
  const accounts = keepEach(participant.accounts, `${path}/accounts`, (account, at) => discloseAccount(account, at, scope));
  if (accounts) view.accounts = accounts;
  for (const part of ['phones', 'emails'] as const) {
    const kept = keepEach(participant[part], `${path}/${part}`, (value, at) => discloseContact(value, at, scope));
    if (kept) view[part] = kept;
  }
}

function keepIdentifiers(participant: Participant, path: string, view: DisclosedParticipant, scope: Scope): void {
  const identifiers = keepEach(participant.identifiers, `${path}/identifiers`, (identifier, at) => discloseIdentifier(identifier, at, scope));
  if (identifiers) view.identifiers = identifiers;
}

/** Whether an address may be shown where somebody is protected: it cannot be theirs, and says nothing of them. */
export function isPlaceOpen(residence: Residence, { whereabouts }: Pick<Scope, 'whereabouts'>): boolean {
  const { country, verifiedOn: _verifiedOn, source: _source, verifiedBy: _verifiedBy, ...texts } = residence;
  const all = Object.values(texts).flat().filter((text) => typeof text === 'string');
  return country !== '' && !whereabouts.mayBe(residence) && !whereabouts.tells(all.join(' '), 'other') && !all.some((text) => whereabouts.tells(text, 'other'));
}

function discloseResidence(residence: Residence, path: string, scope: Scope, byDefault?: { source: Source; verifiedBy: Source | undefined }): DisclosedResidence | null {
  const { ledger } = scope;
  const origin = provenance(residence, byDefault?.source);
  if (typeof origin === 'string') return ledger.withhold(path, origin) || null;
  if (!isPlaceOpen(residence, scope)) return ledger.withhold(path, 'shares_protected_whereabouts') || null;
  const isVerifiedOpen = isVerificationOpen(residence.verifiedBy) && (residence.verifiedBy !== undefined || isVerificationOpen(byDefault?.verifiedBy));
  const fields = isVerifiedOpen ? RESIDENCE : RESIDENCE.filter((field) => field !== 'verifiedOn');
  const otherwise = (field: string): DisclosureReason => (field === 'verifiedOn' ? 'source_restricted' : 'unknown_field');
  const view = pick<Residence>(residence, { fields, path, reason: origin.reason, elsewhere: ['source', 'verifiedBy'], otherwise }, ledger);
  return { ...view, source: origin.source };
}

function discloseEmployer(employer: Employer, path: string, scope: Scope): DisclosedEmployer | null {
  const { ledger } = scope;
  const origin = provenance(employer);
  if (typeof origin === 'string') return ledger.withhold(path, origin) || null;
  if (scope.whereabouts.sharesEmployer(employer) || ledger.tells(employer.name)) return ledger.withhold(path, 'shares_protected_whereabouts') || null;
  const view: DisclosedEmployer = { ...pick<Employer>(employer, { fields: ['name'], path, reason: origin.reason, elsewhere: ['residence', 'source', 'verifiedBy'] }, ledger), source: origin.source };
  const residence = employer.residence && discloseResidence(employer.residence, `${path}/residence`, scope, { source: origin.source, verifiedBy: employer.verifiedBy });
  if (residence) view.residence = residence;
  return view;
}

// Whose number it is decides who can use it. Social security and tax numbers stay here (domain: omitted by default).
const ISSUED_BY: Readonly<Record<string, string>> = { CURP: 'MX', RFC: 'MX', INE: 'MX', RRN: 'KR', ARN: 'KR', CLABE: 'MX', KR_BANK: 'KR' };

function discloseIdentifier(identifier: Identifier, path: string, { ledger, recipient }: Scope): DisclosedIdentifier | null {
  const origin = provenance(identifier);
  if (typeof origin === 'string') return ledger.withhold(path, origin) || null;
  if (identifier.type === 'SSN' || identifier.type === 'ITIN') return ledger.withhold(path, 'not_needed_abroad') || null;
  const country = ISSUED_BY[identifier.type] ?? identifier.country;
  if (country !== recipient.country) return ledger.withhold(path, 'other_country') || null;
  if (ledger.tells(identifier.value)) return ledger.withhold(path, 'shares_protected_whereabouts') || null;
  return { ...pick<Identifier>(identifier, { fields: IDENTIFIER, path, reason: origin.reason, elsewhere: ['source', 'verifiedBy'] }, ledger), source: origin.source };
}

function discloseAccount(account: Account, path: string, { ledger, recipient }: Scope): Omit<Account, 'source' | 'verifiedBy'> | null {
  const origin = provenance(account, 'party');
  if (typeof origin === 'string') return ledger.withhold(path, origin) || null;
  if (ISSUED_BY[account.kind] !== recipient.country) return ledger.withhold(path, 'other_country') || null;
  if (ledger.tells([account.value, account.bankCode])) return ledger.withhold(path, 'shares_protected_whereabouts') || null;
  if (!isUsableAccount(account)) return ledger.withhold(path, 'unusable') || null;
  return pick<Account>(account, { fields: ACCOUNT, path, reason: origin.reason, elsewhere: ['source', 'verifiedBy'] }, ledger);
}

function discloseContact(value: string, path: string, { ledger, whereabouts }: Scope): string | null {
  if (typeof value !== 'string') return ledger.withhold(path, 'unknown_field') || null;
  if (whereabouts.sharesContact(value) || ledger.tells(value)) return ledger.withhold(path, 'shares_protected_whereabouts') || null;
  ledger.disclose(path, 'case_record');
  return value;
}
