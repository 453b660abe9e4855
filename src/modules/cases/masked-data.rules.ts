import type { CalendarDate } from '../../platform/dates.ts';
import { protectedParticipants } from './nondisclosure.rules.ts';
import { maskIdentifier, maskSupportCase, maskTyped } from './masking.rules.ts';
import type { Participant, SupportCase } from './support-case.rules.ts';

/** What of a person stands masked on a page. */
export const MASKED_KINDS = ['identifier', 'account', 'phone'] as const;
export type MaskedKind = (typeof MASKED_KINDS)[number];

/** Why somebody needs to read a number in full. */
export const REVEAL_REASONS = ['confirm_identity', 'prepare_papers', 'answer_partner', 'correct_record', 'trace_payment'] as const;
export type RevealReason = (typeof REVEAL_REASONS)[number];

export interface MaskedDatum {
  readonly kind: MaskedKind;
  /** Which of its kind, from 0. */
  readonly position: number;
  /** `SSN`, `CLABE`, `phone`. */
  readonly type: string;
  readonly masked: string;
}

const SHOWN_OF_PHONE = 2;

function maskPhone(value: string): string {
  let left = [...value].filter((character) => /\d/.test(character)).length;
  return [...value].map((character) => {
    if (!/\d/.test(character)) return character;
    left -= 1;
    return left < SHOWN_OF_PHONE ? character : '*';
  }).join('').slice(0, 40);
}

/** Of an e-mail address its domain. */
function maskMail(value: string): string {
  const at = value.lastIndexOf('@');
  return at <= 0 ? maskIdentifier(value) : `***${value.slice(at)}`;
}

/** A number that stands elsewhere than in a case, by the same masks. */
export function maskNumber(kind: MaskedKind | 'email', type: string, value: string): string {
  switch (kind) {
    case 'identifier': return maskTyped(type, value);
    case 'account': return maskIdentifier(value);
    case 'phone': return maskPhone(value);
    case 'email': return maskMail(value);
  }
}

/**
 * What may be shown of the numbers of each person, by participant id: nothing of who is protected; accounts and telephones of nobody while anyone in
 * the case is protected, as a branch or an area code would say where.
 */
export function maskedData(supportCase: SupportCase, on: CalendarDate): ReadonlyMap<string, readonly MaskedDatum[]> {
  const sealed = protectedParticipants(supportCase, on);
  const masked = maskSupportCase(supportCase);
  return new Map(masked.participants.map((person) => [person.participantId, sealed.has(person.participantId) ? [] : dataOf(person, sealed.size > 0)]));
}

function dataOf({ identifiers = [], accounts = [], phones = [] }: Participant, isAnySealed: boolean): MaskedDatum[] {
  const open = identifiers.map(({ type, value }, position): MaskedDatum => ({ kind: 'identifier', position, type, masked: value }));
  if (isAnySealed) return open;
  return [
    ...open, ...accounts.map(({ kind, value }, position): MaskedDatum => ({ kind: 'account', position, type: kind, masked: value })),
    ...phones.map((value, position): MaskedDatum => ({ kind: 'phone', position, type: 'phone', masked: maskPhone(value) })),
  ];
}

/** The value behind a mask; null where there is none. */
export function valueBehind(supportCase: SupportCase, participantId: string, { kind, position }: Pick<MaskedDatum, 'kind' | 'position'>): string | null {
  const person = supportCase.participants.find((one) => one.participantId === participantId);
  switch (kind) {
    case 'identifier': return person?.identifiers?.[position]?.value ?? null;
    case 'account': return person?.accounts?.[position]?.value ?? null;
    case 'phone': return person?.phones?.[position] ?? null;
  }
}
