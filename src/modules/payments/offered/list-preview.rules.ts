import type { CalendarDate } from '../../../platform/dates.ts';
import type { DayOrder } from '../formats/tables/date.rules.ts';
import type { PartnerTable } from '../formats/tables/partner-table.rules.ts';
import type { PaymentLine } from '../formats/tables/payment-line.rules.ts';

/** What was understood of a list, before anybody imports it. Pure. */
export interface ListPreview {
  readonly kind: PartnerTable['kind'];
  readonly headingLine: number;
  readonly sheet: string | null;
  /** Which of the list's columns each field was read from (from 1). */
  readonly columns: Readonly<Record<string, number>>;
  readonly isMapped: boolean;
  readonly count: number;
  readonly lines: readonly PreviewLine[];
  /** Lines that cannot be used as they are, the first of them, each with its place. */
  readonly faulty: readonly { readonly line: number; readonly faults: readonly string[] }[];
  readonly faultyCount: number;
  /** Lines that are taken in and go to a person: they say something that does not add up. Not in what was kept before it was told. */
  readonly doubtful?: readonly { readonly line: number; readonly flags: readonly string[] }[];
  readonly doubtfulCount?: number;
  readonly unreadStatuses?: PartnerTable['unreadStatuses'];
  /** In which order day and month were read where both are numbers. */
  readonly dayOrder?: DayOrder;
  readonly totals: readonly { readonly currency: string; readonly collected: bigint; readonly settled: boolean }[];
  readonly from: CalendarDate | null;
  readonly to: CalendarDate | null;
  readonly findings: PartnerTable['findings'];
}

export type PreviewLine = Pick<PaymentLine, 'line' | 'reference' | 'disbursementId' | 'rate' | 'feeMinor' | 'status' | 'flags' | 'caseId' | 'payeeName' | 'obligorName' | 'amountMinor' | 'currency' | 'settledMinor' | 'settledCurrency' | 'happenedOn' | 'faults'>;

const LINES_SHOWN = 12;
const FAULTY_SHOWN = 50;
/** Said by the county's reading, not about the money. */
const HARMLESS: readonly string[] = ['line.reference_missing'];

export function previewOf({ kind, dialect, lines, findings, unreadStatuses }: PartnerTable): ListPreview {
  const faulty = lines.filter(({ faults }) => faults.length > 0);
  const doubtful = lines.filter(({ faults, flags }) => faults.length === 0 && flags.some((flag) => !HARMLESS.includes(flag)));
  const days = lines.flatMap(({ happenedOn }) => happenedOn ?? []).sort();
  return {
    kind, headingLine: dialect.headingLine, sheet: dialect.sheet, isMapped: dialect.isMapped,
    columns: Object.fromEntries(Object.entries(dialect.columns).map(([field, at]) => [field, Number(at) + 1])),
    count: lines.length, faultyCount: faulty.length, findings, unreadStatuses, dayOrder: dialect.dates.happenedOn,
    doubtfulCount: doubtful.length, doubtful: doubtful.slice(0, FAULTY_SHOWN).map(({ line, flags }) => ({ line, flags: flags.filter((flag) => !HARMLESS.includes(flag)) })),
    lines: lines.slice(0, LINES_SHOWN).map(({ line, reference, disbursementId, caseId, payeeName, obligorName, amountMinor, currency, rate, feeMinor, settledMinor, settledCurrency, happenedOn, status, faults, flags }) =>
      ({ line, reference, disbursementId, caseId, payeeName, obligorName, amountMinor, currency, rate, feeMinor, settledMinor, settledCurrency, happenedOn, status, faults, flags })),
    faulty: faulty.slice(0, FAULTY_SHOWN).map(({ line, faults }) => ({ line, faults })),
    totals: [...sums(lines, 'currency', 'amountMinor', false), ...sums(lines, 'settledCurrency', 'settledMinor', true)], from: days[0] ?? null, to: days.at(-1) ?? null,
  };
}

function sums(lines: readonly PaymentLine[], currency: 'currency' | 'settledCurrency', amount: 'amountMinor' | 'settledMinor', settled: boolean): ListPreview['totals'] {
  const found = new Map<string, bigint>();
  for (const line of lines) {
    const [code, minor] = [line[currency], line[amount]];
    if (code !== null && minor !== null) found.set(code, (found.get(code) ?? 0n) + minor);
  }
  return [...found].sort(([a], [b]) => a.localeCompare(b)).map(([code, collected]) => ({ currency: code, collected, settled }));
}
