import { maskNumber } from '../../cases/index.ts';
import type { MaskedKind } from '../../cases/index.ts';

export type MessageNumberKind = MaskedKind | 'email';

/** A number of a message that stands masked on a page. */
export interface MessageNumber {
  /** Where it stands in the body, as a JSON pointer. */
  readonly place: string;
  readonly kind: MessageNumberKind;
  /** `CURP`, `clabe`, `phone`. */
  readonly type: string;
  readonly masked: string;
  /** Of a bank only with its account; of whom may not be told anything, never. */
  readonly isShowable: boolean;
}

type Bag = Readonly<Record<string, unknown>>;
const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a change or a fact is about, where its text is a number. */
const TOLD: Readonly<Record<string, MessageNumberKind>> = { phone: 'phone', telephone: 'phone', email: 'email', account: 'account', identifier: 'identifier' };
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/gu;
const PLACE_MAX = 200;

/** Around the place that is looked at. */
interface Around {
  readonly place: string;
  /** The name of the nearest field, without positions. */
  readonly name: string;
  /** Nothing may be told of the person here. */
  readonly isSealed: boolean;
  readonly told: MessageNumberKind | null;
}

/**
 * Identifiers, accounts with their banks, telephones and e-mail addresses in the body of a message. Where somebody of the case is protected (`isSealed`),
 * and of whoever the message itself says to be, not even their ends are shown.
 */
export function numbersIn(body: unknown, isSealed: boolean): MessageNumber[] {
  return numbersAt(body, { place: '', name: '', isSealed, told: null });
}

function numbersAt(value: unknown, around: Around): MessageNumber[] {
  if (typeof value === 'string') return typed(value, around);
  if (Array.isArray(value)) return value.flatMap((one, index) => numbersAt(one, { ...around, place: `${around.place}/${index}` }));
  if (!isBag(value)) return [];
  const isSealed = around.isSealed || value['protected'] === true;
  if (around.name === 'identifier' || around.name === 'account') return ofTyped(value, { ...around, isSealed });
  const told = typeof value['kind'] === 'string' ? TOLD[value['kind']] ?? null : around.told;
  return Object.entries(value).flatMap(([name, one]) => numbersAt(one, { place: `${around.place}/${name}`, name, isSealed, told: name === 'text' || around.name === 'text' ? told : null }));
}

/** A text that is a number because of where it stands. */
function typed(value: string, { place, name, isSealed, told }: Around): MessageNumber[] {
  if (name === 'phone' || name === 'email') return [numberOf(place, name, name, value, isSealed)];
  return told !== null && (name === 'text' || name === 'value') ? [numberOf(place, told, told, value, isSealed)] : [];
}

function ofTyped(bag: Bag, { place, name, isSealed }: Around): MessageNumber[] {
  const { value, bank } = bag;
  const kind = name === 'account' ? 'account' : 'identifier';
  const type = String(bag[kind === 'account' ? 'scheme' : 'type'] ?? kind).slice(0, 64);
  return [
    ...(typeof value === 'string' ? [numberOf(`${place}/value`, kind, type, value, isSealed)] : []),
    ...(typeof bank === 'string' && /\d/.test(bank) ? [{ ...numberOf(`${place}/bank`, 'account', 'bank', bank, isSealed), isShowable: false }] : []),
  ];
}

function numberOf(place: string, kind: MessageNumberKind, type: string, value: string, isSealed: boolean): MessageNumber {
  return { place, kind, type, masked: isSealed ? value.replace(LETTER_OR_DIGIT, '*') : maskNumber(kind, type, value), isShowable: !isSealed && place.length <= PLACE_MAX };
}

/** The text at a place, with the bank of an account before it; null where there is none. */
export function numberBehind(body: unknown, { place, kind }: Pick<MessageNumber, 'place' | 'kind'>): string | null {
  const steps = place.split('/').slice(1);
  const value = steps.reduce<unknown>(stepInto, body);
  const around = steps.slice(0, -1).reduce<unknown>(stepInto, body);
  if (typeof value !== 'string') return null;
  const bank = kind === 'account' && steps.at(-1) === 'value' && isBag(around) && typeof around['bank'] === 'string' ? around['bank'] : null;
  return bank === null ? value : `${bank} · ${value}`;
}

function stepInto(value: unknown, step: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as Bag)[step] : undefined;
}
