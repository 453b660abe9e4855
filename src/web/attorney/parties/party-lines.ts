import { maskNumber } from '../../../modules/cases/index.ts';
import { addressLines } from '../../../modules/referrals/index.ts';
import type { PacketModel, PacketParty } from '../../../modules/referrals/index.ts';
import type { Visit } from '../../visit.ts';

/** A person of the packet as it is shown before it leaves. Of a protected person nothing but the name: what stands for the place is the office's own. */
export interface PartyLine {
  readonly name: { readonly given: string; readonly family: string; readonly secondFamily: string | null; readonly native: string | null };
  readonly role: string;
  readonly isProtected: boolean;
  readonly aliases: readonly string[];
  readonly birthDate: string | null;
  readonly nationalities: readonly string[];
  readonly address: readonly string[];
  readonly addressVerifiedOn: string | null;
  readonly employer: string | null;
  /** Numbers that leave, hidden but for their end. */
  readonly numbers: readonly { readonly type: string; readonly masked: string }[];
  readonly contacts: number;
}

const ORDER = ['obligor', 'alleged_parent', 'obligee', 'caretaker', 'dependent'];

export function partyLines(content: PacketModel | null, visit: Visit): PartyLine[] {
  const parties = content?.supportCase.parties ?? [];
  return [...parties].sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role)).map((party) => lineOf(party, visit));
}

function lineOf(party: PacketParty, visit: Visit): PartyLine {
  const { given, family, secondFamily, native, role, isProtected } = party;
  const hidden = { aliases: [], birthDate: null, nationalities: [], address: [], addressVerifiedOn: null, employer: null, numbers: [], contacts: 0 };
  const line = { name: { given: given ?? '', family: family ?? '', secondFamily, native }, role, isProtected };
  if (isProtected) return { ...line, ...hidden };
  return {
    ...line, aliases: party.aliases, birthDate: party.birthDate, nationalities: party.nationalities, addressVerifiedOn: party.addressVerifiedOn, employer: party.employer,
    address: party.address === null ? [] : addressLines(party.address, visit.language), contacts: party.phones.length + party.emails.length,
    numbers: party.identifiers.map(({ type, value }) => ({ type, masked: maskNumber('identifier', type, value) })),
  };
}
