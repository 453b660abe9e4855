import { ADDENDA_05, CHANGE, CTX_ENTRY, DISHONORED, ENTRY, IAT_10, IAT_11, IAT_15, IAT_18, IAT_BANK, IAT_ENTRY, IAT_PLACE, IAT_RETURN, REFUSED_CHANGE, RETURN, cut, cutRaw } from './nacha-layout.rules.ts';

/** One entry of an ACH batch with all its addenda, as the records say it; the same shape is written. */
export interface AchEntry {
  /** 22, 32 credit; 27, 37 debit; 21, 26, 31, 36 returned or changed; 23, 28 prenote. */
  readonly code: string;
  /** Nine digits, the last of which checks the others. */
  readonly rdfi: string;
  readonly account: string;
  readonly cents: bigint;
  readonly id: string;
  readonly name: string;
  readonly discretionary: string;
  readonly trace: string;
  /** Payment information of all 05 addenda, joined. */
  readonly information: string;
  readonly iat: AchIat | null;
  readonly notice: AchNotice | null;
}

export interface AchIat {
  /** What the payment is for: `REM`, `SAL`, `MIS` … */
  readonly kind: string;
  /** 18 digits with two implied decimals, in every currency: also in won, which has none. */
  readonly foreignAmount: bigint | null;
  readonly foreignTrace: string;
  readonly receiver: string;
  readonly originator: AchParty;
  readonly originatingBank: AchBank;
  readonly receivingBank: AchBank;
  readonly receiverId: string;
  readonly receiverAddress: Omit<AchParty, 'name'>;
  /** At most two texts of eighty characters. */
  readonly remittance: readonly string[];
  readonly correspondents: readonly AchBank[];
  readonly screening: string;
}

/** `city*state\` and `country*postal code\` as the records print them. */
export interface AchParty { readonly name: string; readonly street: string; readonly city: string; readonly country: string; readonly bornOn: string }
export interface AchBank { readonly name: string; readonly qualifier: string; readonly id: string; readonly country: string }

export interface AchNotice {
  readonly kind: 'return' | 'change';
  /** `R03`, `C01`. */
  readonly code: string;
  readonly originalTrace: string;
  readonly originalRdfi: string;
  readonly information: string;
  /** The account, bank or the like as it must be from now on; protected. */
  readonly corrected: string;
  readonly trace: string;
  readonly diedOn: string;
  /** IAT: the amount of the entry that comes back. */
  readonly originalAmount: bigint | null;
  /** Of a return that is itself sent back. */
  readonly returned: { readonly on: string; readonly originalSettlement: string; readonly trace: string; readonly settlement: string; readonly code: string } | null;
  /** Of a notification that is refused: the code and trace that it had. */
  readonly refused: { readonly code: string; readonly trace: string } | null;
}

/** R61, R67–R77: a return is sent back, or that is contested. */
export const isDishonored = (code: string): boolean => /^R(61|6[7-9]|7[0-7])$/.test(code);
export const isRefusedChange = (code: string): boolean => /^C6\d$/.test(code);
/** By which class the records of a batch are laid out: COR batches carry changes of any class, and those of IAT say so in their header. */
export const layoutClass = (entryClass: string, indicator: string): string => (entryClass === 'COR' && indicator === 'IATCOR' ? 'IAT' : entryClass);
export const isIatClass = (layout: string): boolean => layout === 'IAT';

/** Reads an entry record and its addenda; what is not there stays empty, and is the reader's to tell. */
export function readEntry(entryClass: string, record: string, addenda: readonly string[]): AchEntry {
  const isIat = isIatClass(entryClass);
  const layout = entryClass === 'CTX' ? CTX_ENTRY : ENTRY;
  const ofType = (type: string): string[] => addenda.filter((one) => one.slice(1, 3) === type);
  const noticed = addenda.find((one) => /^7(98|99)/.test(one));
  return {
    code: cut(record, layout.code), rdfi: cut(record, layout.rdfi), account: cut(record, isIat ? IAT_ENTRY.account : layout.account), cents: digits(cut(record, layout.cents)) ?? 0n,
    id: isIat ? '' : cut(record, layout.id), name: isIat ? '' : cut(record, layout.name), discretionary: isIat ? '' : cut(record, layout.discretionary),
    trace: cut(record, layout.trace), information: ofType('05').map((one) => cutRaw(one, ADDENDA_05.information)).join('').trimEnd(),
    iat: isIat ? readIat(record, addenda) : null, notice: noticed === undefined ? null : readNotice(noticed, isIat),
  };
}

function readIat(record: string, addenda: readonly string[]): AchIat {
  const blank = '7';
  const one = (type: string): string => addenda.find((addendum) => addendum.slice(1, 3) === type) ?? blank;
  const all = (type: string): string[] => addenda.filter((addendum) => addendum.slice(1, 3) === type);
  const place = (street: string, at: string) => ({ street, city: cut(at, IAT_PLACE.city), country: cut(at, IAT_PLACE.country), bornOn: cut(at, IAT_PLACE.bornOn) });
  const first = one('10');
  return {
    kind: cut(first, IAT_10.kind), foreignAmount: digits(cut(first, IAT_10.foreignAmount)), foreignTrace: cut(first, IAT_10.foreignTrace), receiver: cut(first, IAT_10.receiver),
    originator: { name: cut(one('11'), IAT_11.name), ...place(cut(one('11'), IAT_11.street), one('12')) },
    originatingBank: bankOf(one('13')), receivingBank: bankOf(one('14')),
    receiverId: cut(one('15'), IAT_15.receiverId), receiverAddress: place(cut(one('15'), IAT_15.street), one('16')),
    remittance: all('17').map((addendum) => cut(addendum, ADDENDA_05.information)), correspondents: all('18').map(bankOf), screening: cut(record, IAT_ENTRY.screening),
  };
}

function bankOf(record: string): AchBank {
  return { name: cut(record, IAT_18.name), qualifier: cut(record, IAT_BANK.qualifier), id: cut(record, IAT_BANK.id), country: cut(record, IAT_BANK.country) };
}

function readNotice(record: string, isIat: boolean): AchNotice {
  const code = cut(record, RETURN.code);
  const common = { code, originalTrace: cut(record, RETURN.originalTrace), originalRdfi: cut(record, RETURN.originalRdfi), trace: cut(record, RETURN.trace) };
  const none = { information: '', corrected: '', diedOn: '', originalAmount: null, returned: null, refused: null };
  if (record.startsWith('798')) {
    const refused = isRefusedChange(code) ? { code: cut(record, REFUSED_CHANGE.changeCode), trace: cut(record, REFUSED_CHANGE.changeTrace) } : null;
    return { ...none, ...common, kind: 'change', corrected: cut(record, CHANGE.corrected), refused };
  }
  if (isDishonored(code)) {
    const returned = {
      on: cut(record, DISHONORED.returnedOn), originalSettlement: cut(record, DISHONORED.originalSettlement), trace: cut(record, DISHONORED.returnTrace),
      settlement: cut(record, DISHONORED.returnSettlement), code: cut(record, DISHONORED.returnCode),
    };
    return { ...none, ...common, kind: 'return', information: cut(record, DISHONORED.information), returned };
  }
  return {
    ...none, ...common, kind: 'return', diedOn: cut(record, RETURN.diedOn), information: cut(record, isIat ? IAT_RETURN.information : RETURN.information),
    originalAmount: isIat ? digits(cut(record, IAT_RETURN.originalAmount)) : null,
  };
}

const digits = (text: string): bigint | null => (/^\d+$/.test(text) ? BigInt(text) : null);

const DIGIT_MONEY = '27';
/** Whether the entry moves money: no prenote, no zero-dollar entry, nothing that is returned or changed. */
export function isMoney(entry: AchEntry): boolean {
  return (DIGIT_MONEY.includes(entry.code[1] ?? '') || entry.code === '55') && entry.cents > 0n && entry.notice === null;
}

/** Debits end in 6 to 9 (and 5 in loans). */
export function isDebit(code: string): boolean {
  return (code[1] as string) >= '5';
}
