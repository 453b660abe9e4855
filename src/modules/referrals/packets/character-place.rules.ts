import type { PacketModel, PacketParty } from './packet-model.rules.ts';

/** Where a character stands: a JSON pointer, whose it is (a number in the packet) and a code of the place (`referrals:character_place.*`). */
export interface CharacterPlace {
  readonly path?: string;
  readonly place: 'name' | 'address' | 'person' | 'order' | 'attachment' | 'interview' | 'packet';
  readonly whose: string;
}

const NAME_FIELDS: readonly string[] = ['given', 'family', 'secondFamily', 'native', 'aliases'] satisfies (keyof PacketParty)[];
const ADDRESS_FIELDS: readonly string[] = ['address', 'birthPlace', 'employer', 'employerAddress'] satisfies (keyof PacketParty)[];

/** The first place of the model with this character, names before all; what stands nowhere in it is of the packet at large. */
export function characterPlace({ supportCase, attachments, interview, narratives }: PacketModel, character: string): CharacterPlace {
  for (const [index, party] of supportCase.parties.entries()) {
    const field = Object.entries(party).find(([, value]) => hasCharacter(value, character))?.[0];
    if (field !== undefined) return { path: `/participants/${index}`, whose: party.participantId, place: placeOf(field) };
  }
  const order = supportCase.orders.findIndex((one) => hasCharacter(one, character));
  if (order >= 0) return { path: `/orders/${order}`, whose: supportCase.orders[order]?.orderId ?? '', place: 'order' };
  const attachment = attachments.find((one) => hasCharacter([one.title, one.fileName], character));
  if (attachment) return { path: '/attachments', whose: attachment.attachmentId, place: 'attachment' };
  if (hasCharacter([interview, narratives], character)) return { path: '/interview', whose: '', place: 'interview' };
  return { whose: '', place: 'packet' };
}

function placeOf(field: string): CharacterPlace['place'] {
  if (NAME_FIELDS.includes(field)) return 'name';
  return ADDRESS_FIELDS.includes(field) ? 'address' : 'person';
}

function hasCharacter(value: unknown, character: string): boolean {
  if (typeof value === 'string') return value.includes(character);
  return typeof value === 'object' && value !== null && Object.values(value).some((one) => hasCharacter(one, character));
}
