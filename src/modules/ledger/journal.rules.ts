import type { CalendarDate } from '../../platform/dates.ts';
import { formatMajor } from '../../platform/money.ts';
import { heldBy } from './posting.rules.ts';
import type { AccountKind, Bucket } from './posting.rules.ts';

/** Programs for plain-text accounting that check our sums by themselves. */
export const JOURNAL_FORMATS = ['hledger', 'beancount'] as const;
export type JournalFormat = (typeof JOURNAL_FORMATS)[number];

export interface JournalAccount {
  readonly kind: AccountKind;
  readonly holder: string | null;
  readonly bucket: Bucket | null;
  readonly currency: string;
}

export interface JournalLeg extends JournalAccount {
  readonly amountMinor: bigint;
}

export interface JournalTransfer {
  readonly transferKey: string;
  readonly event: string;
  readonly occurredOn: CalendarDate;
  readonly legs: readonly JournalLeg[];
}

export interface JournalBalance extends JournalLeg {
  readonly firstOn: CalendarDate;
}

/** Beancount wants one of five roots; hledger takes the same names. */
const NAMES: Readonly<Record<AccountKind, string>> = {
  bank: 'Assets:Bank', in_transit: 'Assets:In-Transit', to_be_recovered: 'Assets:To-Be-Recovered', suspense: 'Liabilities:Suspense',
  proposed_collection: 'Liabilities:Proposed-Collection', disbursed_by_sdu: 'Equity:Disbursed-By-Sdu', fx_position: 'Equity:Fx-Position',
  delivered: 'Expenses:Delivered', fees_abroad: 'Expenses:Fees-Abroad', transfer_fees: 'Expenses:Transfer-Fees', fx_rounding: 'Expenses:Fx-Rounding',
  fx_difference: 'Expenses:Fx-Difference',
};
const BUCKET_NAMES: Readonly<Record<Bucket, string>> = {
  current_support: 'Current-Support', arrears_unassigned: 'Arrears-Unassigned', arrears_assigned: 'Arrears-Assigned', interest: 'Interest', medical: 'Medical',
};
/** Beancount counts sub-accounts into a balance, so an account that the State distributes must not be the parent of those by bucket. */
const WITHOUT_BUCKET = 'By-State';

/**
 * The account's name in both programs: legal in each, and different for different accounts. Partners begin with a capital there
 * (`Mx-sre`), cases stay as they are; an id of any other shape is spelled out after `X-`, every odd character by its number.
 */
export function journalAccount(account: JournalAccount): string {
  const parts = [NAMES[account.kind]];
  if (account.holder !== null) parts.push(heldBy(account.kind) === 'partner' ? partnerName(account.holder) : caseName(account.holder));
  if (account.kind === 'proposed_collection') parts.push(account.bucket === null ? WITHOUT_BUCKET : BUCKET_NAMES[account.bucket]);
  return parts.join(':');
}

function partnerName(id: string): string {
  return /^[a-wyz][A-Za-z0-9-]*$/.test(id) ? id.charAt(0).toUpperCase() + id.slice(1) : spelledOut(id);
}

function caseName(id: string): string {
  return /^[A-WYZ0-9][A-Za-z0-9-]*$/.test(id) ? id : spelledOut(id);
}

function spelledOut(id: string): string {
  return `X-${[...id].map((char) => (char === '-' ? '--' : /[A-Za-z0-9]/.test(char) ? char : `-${(char.codePointAt(0) as number).toString(16)}-`)).join('')}`;
}

/** What stands before the first transfer. */
export function journalHead(format: JournalFormat, until: CalendarDate | null): string {
  const about = `Memo ledger of the gateway${until === null ? '' : ` until ${until}`}. The State's balances are the State's and are not in here.`;
  return format === 'hledger' ? `; ${about}\ndecimal-mark .\n` : `;; ${about}\noption "title" "Puente"\n`;
}

/** A key or event as one line that ends no string and starts no comment. */
const plain = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}"\\]/gu, '_');

const money = (leg: JournalLeg): string => `${formatMajor(leg.amountMinor, leg.currency)} ${leg.currency}`;

export function journalEntry(format: JournalFormat, transfer: JournalTransfer): string {
  const legs = transfer.legs.map((leg) => `    ${journalAccount(leg)}  ${money(leg)}\n`).join('');
  return format === 'hledger'
    ? `\n${transfer.occurredOn} * ${plain(transfer.event)}  ; ${plain(transfer.transferKey)}\n${legs}`
    : `\n${transfer.occurredOn} * "${plain(transfer.event)}" "${plain(transfer.transferKey)}"\n${legs}`;
}

/**
 * What the ledger's own balances say, as assertions that the program checks: hledger on the last day, beancount, where an assertion
 * holds for the morning, on the day after; and the day on which beancount must know each account.
 */
export function journalEnd(format: JournalFormat, balances: readonly JournalBalance[], lastOn: CalendarDate, dayAfter: CalendarDate): string {
  if (balances.length === 0) return '';
  if (format === 'hledger') {
    return `\n${lastOn} * balances\n${balances.map((b) => `    ${journalAccount(b)}  ${formatMajor(0n, b.currency)} ${b.currency} = ${money(b)}\n`).join('')}`;
  }
  const opened = new Map<string, CalendarDate>();
  for (const balance of balances) {
    const name = journalAccount(balance);
    const known = opened.get(name);
    if (known === undefined || balance.firstOn < known) opened.set(name, balance.firstOn);
  }
  const opens = [...opened].map(([name, on]) => `${on} open ${name}\n`).join('');
  // Without "~ 0" beancount would let a cent pass.
  return `\n${opens}${balances.map((b) => `${dayAfter} balance ${journalAccount(b)}  ${formatMajor(b.amountMinor, b.currency)} ~ 0 ${b.currency}\n`).join('')}`;
}
