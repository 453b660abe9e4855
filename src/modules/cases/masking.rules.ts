import type { SupportCase } from './support-case.rules.ts';

/** Whether a text can be a case number at all (contract 1). */
export function isCaseId(text: string): boolean {
  return /^[A-Z0-9-]{1,15}$/.test(text);
}

const SHOWN = 4;
const SHORTEST_SHOWN = 8;

/** An identifier as a screen shows it: its last four places, and none where it is so short that they would be half of it. */
export function maskIdentifier(value: string): string {
  const characters = [...value];
  let left = characters.filter((character) => /[\p{L}\p{N}]/u.test(character)).length;
  const shown = left >= SHORTEST_SHOWN ? SHOWN : 0;
  return characters.map((character) => {
    if (!/[\p{L}\p{N}]/u.test(character)) return character;
    left -= 1;
    return left < shown ? character : '*';
  }).join('');
}

/** Korean resident numbers hide all that follows the birth date and the first digit, as Korean papers do. */
function maskResidentNumber(value: string): string {
  const digits = value.replace(/\D/g, '');
  return digits.length === 13 ? `${digits.slice(0, 6)}-${'*'.repeat(7)}` : maskIdentifier(value);
}

/** An identifier of a type, as its own country hides it. */
export function maskTyped(type: string, value: string): string {
  return ['RRN', 'ARN'].includes(type.toUpperCase()) ? maskResidentNumber(value) : maskIdentifier(value);
}

/** The same case with identifiers and account numbers masked. */
export function maskSupportCase(supportCase: SupportCase): SupportCase {
  return {
    ...supportCase,
    participants: supportCase.participants.map((participant) => ({
      ...participant,
      ...(participant.identifiers ? { identifiers: participant.identifiers.map((identifier) => ({ ...identifier, value: maskTyped(identifier.type, identifier.value) })) } : {}),
      ...(participant.accounts ? { accounts: participant.accounts.map((account) => ({ ...account, value: maskIdentifier(account.value) })) } : {}),
    })),
  };
}
