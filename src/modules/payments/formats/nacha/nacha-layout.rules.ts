import { AppError } from '../../../../platform/errors.ts';

/**
 * The records of an ACH file as data (Nacha Operating Rules, appendix three): each field with its first and last position, counted
 * from 1 as the rules do. Reader and writer share them.
 */

export const RECORD_CHARS = 94;
type Span = readonly [from: number, to: number];
type Layout = Readonly<Record<string, Span>>;

export const FILE_HEADER = {
  priority: [2, 3], destination: [4, 13], origin: [14, 23], created: [24, 29], time: [30, 33], modifier: [34, 34], recordSize: [35, 37], blocking: [38, 39], format: [40, 40],
  destinationName: [41, 63], originName: [64, 86], reference: [87, 94],
} as const satisfies Layout;

export const BATCH_HEADER = {
  serviceClass: [2, 4], companyName: [5, 20], discretionary: [21, 40], companyId: [41, 50], entryClass: [51, 53], description: [54, 63], descriptiveDate: [64, 69],
  effectiveDate: [70, 75], settlement: [76, 78], originatorStatus: [79, 79], odfi: [80, 87], number: [88, 94],
} as const satisfies Layout;

/** What an IAT batch says instead of the company, in the same record. */
export const IAT_HEADER = {
  indicator: [5, 20], exchangeIndicator: [21, 22], referenceIndicator: [23, 23], exchangeReference: [24, 38], destinationCountry: [39, 40],
  originatingCurrency: [64, 66], destinationCurrency: [67, 69],
} as const satisfies Layout;

export const ENTRY = {
  code: [2, 3], rdfi: [4, 12], account: [13, 29], cents: [30, 39], id: [40, 54], name: [55, 76], discretionary: [77, 78], hasAddenda: [79, 79], trace: [80, 94],
} as const satisfies Layout;
export const CTX_ENTRY = { ...ENTRY, addendaCount: [55, 58], name: [59, 74] } as const satisfies Layout;
export const IAT_ENTRY = { code: [2, 3], rdfi: [4, 12], addendaCount: [13, 16], cents: [30, 39], account: [40, 74], screening: [77, 78], hasAddenda: [79, 79], trace: [80, 94] } as const satisfies Layout;

export const ADDENDA_05 = { type: [2, 3], information: [4, 83], sequence: [84, 87], entry: [88, 94] } as const satisfies Layout;
export const IAT_10 = { type: [2, 3], kind: [4, 6], foreignAmount: [7, 24], foreignTrace: [25, 46], receiver: [47, 81], entry: [88, 94] } as const satisfies Layout;
export const IAT_11 = { type: [2, 3], name: [4, 38], street: [39, 73], entry: [88, 94] } as const satisfies Layout;
/** 712 and 716: city and state, country and postal code, and since 2025 a date of birth. */
export const IAT_PLACE = { type: [2, 3], city: [4, 38], country: [39, 73], bornOn: [74, 83], entry: [88, 94] } as const satisfies Layout;
export const IAT_BANK = { type: [2, 3], name: [4, 38], qualifier: [39, 40], id: [41, 74], country: [75, 77], entry: [88, 94] } as const satisfies Layout;
export const IAT_15 = { type: [2, 3], receiverId: [4, 18], street: [19, 53], entry: [88, 94] } as const satisfies Layout;
export const IAT_18 = { ...IAT_BANK, sequence: [84, 87] } as const satisfies Layout;

export const RETURN = { type: [2, 3], code: [4, 6], originalTrace: [7, 21], diedOn: [22, 27], originalRdfi: [28, 35], information: [36, 79], trace: [80, 94] } as const satisfies Layout;
export const IAT_RETURN = { ...RETURN, originalAmount: [36, 45], information: [46, 79] } as const satisfies Layout;
/** R61, R67–R70: the originating bank sends a return back; R71–R77: the other bank contests that (what it adds stands in `information`). */
export const DISHONORED = {
  type: [2, 3], code: [4, 6], originalTrace: [7, 21], returnedOn: [22, 27], originalRdfi: [28, 35], originalSettlement: [36, 38], returnTrace: [39, 53],
  returnSettlement: [54, 56], returnCode: [57, 58], information: [59, 79], trace: [80, 94],
} as const satisfies Layout;
export const CHANGE = { type: [2, 3], code: [4, 6], originalTrace: [7, 21], originalRdfi: [28, 35], corrected: [36, 64], trace: [80, 94] } as const satisfies Layout;
/** C61–C69: the originating bank refuses a notification of change. */
export const REFUSED_CHANGE = { ...CHANGE, changeCode: [65, 67], changeTrace: [68, 74] } as const satisfies Layout;

export const BATCH_CONTROL = {
  serviceClass: [2, 4], count: [5, 10], hash: [11, 20], debit: [21, 32], credit: [33, 44], companyId: [45, 54], authentication: [55, 73], odfi: [80, 87], number: [88, 94],
} as const satisfies Layout;
export const FILE_CONTROL = { batches: [2, 7], blocks: [8, 13], count: [14, 21], hash: [22, 31], debit: [32, 43], credit: [44, 55] } as const satisfies Layout;

/** One field of a record, without the blanks around it. */
export function cut(record: string, [from, to]: Span): string {
  return record.slice(from - 1, to).trim();
}

/** One field with its blanks. */
export function cutRaw(record: string, [from, to]: Span): string {
  return record.slice(from - 1, to);
}

/**
 * A record of 94 characters. Text goes to the left of its field, numbers to the right behind zeros.
 *
 * @throws AppError `nacha.field_unwritable` for text that does not fit or has characters that the format does not allow: nothing is cut.
 */
export function compose<L extends Layout>(type: string, layout: L, values: { readonly [field in keyof L]?: string | number | bigint }): string {
  const record = Array.from<string>({ length: RECORD_CHARS }).fill(' ');
  record[0] = type;
  for (const [field, value] of Object.entries(values)) {
    const [from, to] = layout[field] as Span;
    const width = to - from + 1;
    const text = typeof value === 'string' ? value.padEnd(width) : String(value).padStart(width, '0');
    if (text.length > width || !/^[\x20-\x7e]*$/.test(text)) {
      throw new AppError('invalid', 'nacha.field_unwritable', { params: { record: type, field, charsMax: width } });
    }
    for (let at = 0; at < width; at++) record[from - 1 + at] = text[at] as string;
  }
  return record.join('');
}
