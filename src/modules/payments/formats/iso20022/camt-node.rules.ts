import { isCalendarDate } from '../../../../platform/dates.ts';
import type { CalendarDate } from '../../../../platform/dates.ts';
import { decimalToMinor, isCurrency, parseDecimal } from '../../../../platform/money.ts';
import { TOLD_MINOR_MAX } from '../bank-entry.rules.ts';
import type { BankEntryDetails } from '../bank-entry.rules.ts';

/** The elements of a camt message that are kept while they are read, the ways into them, and their amounts and dates. */

export interface XmlNode {
  name: string;
  line: number;
  currency: string | null;
  text: string;
  children: readonly XmlNode[];
  /** What a `TxDtls` came to; its own elements are then gone, so that an entry of many payments stays small. */
  payment?: Payment;
}

export interface Payment {
  amount: Amount | null;
  direction: string;
  references: string[];
  texts: string[];
  details: BankEntryDetails | undefined;
  /** Details that were given but cannot be read. */
  faults: string[];
  /** In what the garnishments of its remittance information deviate; absent where there is nothing to say. */
  garnishment?: string;
  /** The reason for which the payment came back, where it did: `RtrInf/Rsn`. */
  returned: string | null;
}

export interface Amount { minor: bigint; currency: string }

export function child(node: XmlNode, name: string): XmlNode | undefined {
  for (const one of node.children) if (one.name === name) return one;
  return undefined;
}

export function at(node: XmlNode, ...path: string[]): XmlNode | undefined {
  let found: XmlNode | undefined = node;
  for (const name of path) found = found && child(found, name);
  return found;
}

export function allAt(node: XmlNode, ...path: string[]): XmlNode[] {
  let found = [node];
  for (const name of path) found = found.flatMap((one) => one.children.filter((child) => child.name === name));
  return found;
}

export function textAt(node: XmlNode, ...path: string[]): string {
  return at(node, ...path)?.text.trim() ?? '';
}

/** A code, or the bank's own word where it has none: later versions write `Cd` or `Prtry`, version 02 sometimes the bare code. */
export function codeAt(node: XmlNode, name: string): string {
  const found = child(node, name);
  return found ? textAt(found, 'Cd') || textAt(found, 'Prtry') || found.text.trim() : '';
}

/** Amounts have up to five decimals and no sign (ActiveCurrencyAndAmount); more than the currency has can only be zeros. */
export function readAmount(node: XmlNode | undefined): Amount | string {
  if (!node || node.currency === null) return 'bank.amount_missing';
  if (!isCurrency(node.currency)) return 'bank.currency_unknown';
  const decimal = parseDecimal(node.text.trim());
  if (!decimal || decimal.digits < 0n) return 'bank.amount_unreadable';
  const minor = decimalToMinor(decimal, node.currency);
  if (minor === null) return 'bank.amount_too_fine';
  return minor > TOLD_MINOR_MAX ? 'bank.amount_out_of_range' : { minor, currency: node.currency };
}

export function amountOf(node: XmlNode | undefined): Amount | null {
  const read = readAmount(node);
  return typeof read === 'string' ? null : read;
}

const DATE = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:[\d:.]+)?(?:Z|[+-]\d{2}:\d{2})?$/;

/** A date or an instant: the day is the one that the bank wrote, in its own time zone. Null where it is none. */
export function dayOf(text: string): CalendarDate | null {
  const day = DATE.exec(text)?.[1];
  return day !== undefined && isCalendarDate(day) ? day : null;
}
