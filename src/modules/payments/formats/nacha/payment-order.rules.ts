import { calendarDateOf } from '../../../../platform/dates.ts';
import type { CalendarDate } from '../../../../platform/dates.ts';
import { AppError } from '../../../../platform/errors.ts';
import { decimalToMinor, formatMajor, parseDecimal } from '../../../../platform/money.ts';
import { dedOf, writeDed } from './ded.rules.ts';
import type { DedSegment, ReadDed } from './ded.rules.ts';
import { segmentsOf } from './x12.rules.ts';

/**
 * The payment order/remittance advice 820 of ANSI X12, version 004010, as CTX carries it: an interchange that names payer and payee, one
 * trace number and the child-support segments of the payment. Its separators are `*` between elements and `\` after a segment.
 */

export interface PaymentOrder820 {
  readonly sender: string;
  readonly receiver: string;
  readonly sentOn: CalendarDate;
  /** `HHmm`. */
  readonly sentAt: string;
  readonly control: number;
  readonly amountCents: bigint;
  readonly trace: string;
  readonly payer: string;
  readonly payee: string;
  readonly deductions: readonly DedSegment[];
}

const VERSION = '004010';
const FORBIDDEN = /[*\\~>]|[^\x20-\x7e]/;

/** @throws AppError `x12.element_unwritable`, `ded.unwritable`. */
export function write820(order: PaymentOrder820): string {
  const text = (value: string, charsMax: number, element: string): string => {
    if (value.length > charsMax || FORBIDDEN.test(value)) throw new AppError('invalid', 'x12.element_unwritable', { params: { element, charsMax } });
    return value;
  };
  const date = order.sentOn.replaceAll('-', '');
  const control = String(order.control).padStart(9, '0');
  const [sender, receiver] = [text(order.sender, 15, 'ISA06'), text(order.receiver, 15, 'ISA08')];
  const body = [
    ['ST', '820', '0001'],
    ['BPR', 'C', formatMajor(order.amountCents, 'USD'), 'C', 'ACH', 'CTX'],
    ['TRN', '1', text(order.trace, 30, 'TRN02')],
    ['N1', 'PR', text(order.payer, 60, 'N102')], ['N1', 'PE', text(order.payee, 60, 'N102')],
    ['ENT', '1'],
  ].map((elements) => `${elements.join('*')}\\`).concat(order.deductions.map((one) => writeDed(one, 'ctx')));
  return [
    `ISA*00*${' '.repeat(10)}*00*${' '.repeat(10)}*ZZ*${sender.padEnd(15)}*ZZ*${receiver.padEnd(15)}*${date.slice(2)}*${order.sentAt}*U*00401*${control}*0*P*>\\`,
    `GS*RA*${sender}*${receiver}*${date}*${order.sentAt}*${order.control}*X*${VERSION}\\`,
    ...body, `SE*${body.length + 1}*0001\\`, `GE*1*${order.control}\\`, `IEA*1*${control}\\`,
  ].join('');
}

export interface Read820 extends Omit<PaymentOrder820, 'deductions' | 'sentOn'> {
  readonly sentOn: CalendarDate | null;
  readonly deductions: readonly ReadDed[];
  /** Codes of what does not agree: segments counted otherwise, controls that differ, deductions that do not come to the payment. */
  readonly warnings: readonly string[];
}

/** Null where the information is no payment order. */
export function read820(information: string): Read820 | null {
  const segments = segmentsOf(information).map((elements) => elements.map((part) => part.trim()));
  const [isa, gs, bpr, trn, se, iea] = ['ISA', 'GS', 'BPR', 'TRN', 'SE', 'IEA'].map((id) => segments.find((one) => one[0] === id));
  const start = segments.findIndex((one) => one[0] === 'ST' && one[1] === '820');
  if (!isa || start < 0) return null;
  const name = (role: string) => segments.find((one) => one[0] === 'N1' && one[1] === role)?.[2] ?? '';
  const decimal = parseDecimal(bpr?.[2] ?? '');
  const deductions = segments.filter((one) => one[0] === 'DED').map(dedOf);
  const amount = decimal ? decimalToMinor(decimal, 'USD') : null;
  const end = segments.findIndex((one) => one[0] === 'SE');
  const total = deductions.reduce((sum, one) => sum + (one.amountCents ?? 0n), 0n);
  const warnings = [
    ...(amount === null ? ['x12.amount'] : deductions.length > 0 && total !== amount ? ['x12.deductions_differ'] : []),
    ...(se && end > start && Number(se[1]) === end - start + 1 ? [] : ['x12.segment_count']),
    ...(iea?.[2] === isa[13] ? [] : ['x12.control_differs']),
  ];
  const day = /^(\d{4})(\d{2})(\d{2})$/.exec(gs?.[4] ?? '');
  return {
    sender: isa[6] ?? '', receiver: isa[8] ?? '', sentOn: day ? calendarDateOf(Number(day[1]), Number(day[2]), Number(day[3])) : null, sentAt: isa[10] ?? '', control: Number(isa[13]),
    amountCents: amount ?? 0n, trace: trn?.[2] ?? '', payer: name('PR'), payee: name('PE'), deductions, warnings,
  };
}
