import fc from 'fast-check';
import { listPartners } from '../../../src/modules/partners/index.ts';
import { listStyle, writePartnerTable } from '../../../src/modules/payments/formats/tables/partner-table-write.rules.ts';
import type { ListStyle } from '../../../src/modules/payments/formats/tables/partner-table-write.rules.ts';
import type { PaymentKind, PaymentLine } from '../../../src/modules/payments/formats/tables/payment-line.rules.ts';
import { convert, parseDecimal } from '../../../src/platform/money.ts';
import type { Decimal } from '../../../src/platform/money.ts';
import type { FileDialect } from '../../../src/modules/partners/index.ts';
import { read } from './partner-files.ts';

/** parse(write(x)) = x for partners' lists, in every dialect and every style that a profile names. */

const day = fc.date({ min: new Date('1995-01-01'), max: new Date('2090-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
const name = fc.array(fc.constantFrom('José', 'Peña', 'Núñez', 'de la Cruz', '김', '영희', 'Ana', 'MARÍA', "O'Neil", '홍길동'), { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
const note = fc.array(fc.constantFrom('enero', 'pago;parcial', '"a cuenta"', 'uno, dos', '양육비', 'semana 3', '#2', '50%'), { maxLength: 5 }).map((words) => words.join(' '));
const rate = fc.oneof(fc.constantFrom('1', '18.2655', '1380.5', '0.00072', '19.125'), fc.integer({ min: 1, max: 99_999_999 }).map((micro) => (micro / 1e6).toFixed(6).replace(/\.?0+$/, '')));
const id = fc.stringMatching(/^[A-Z]{2,3}26-[0-9]{6}$/);

interface Said {
  reference: string; disbursementId: string | null; caseId: string | null; who: string; other: string; amountMinor: bigint; inHome: boolean; rate: string; fee: bigint;
  status: 'delivered' | 'returned' | 'pending' | 'cancelled'; happenedOn: string; sentOn: string | null; transferReference: string; note: string;
}

const said: fc.Arbitrary<Said> = fc.record({
  reference: id, disbursementId: fc.option(fc.stringMatching(/^D26[0-9]{8}$/)), caseId: fc.option(fc.stringMatching(/^20000[0-9]{8}$/)), who: name, other: name, amountMinor: fc.bigInt({ min: 100_000n, max: 99_999_999n }),
  inHome: fc.boolean(), rate, fee: fc.bigInt({ min: 0n, max: 500n }), status: fc.constantFrom('delivered' as const, 'returned' as const, 'pending' as const, 'cancelled' as const),
  happenedOn: day, sentOn: fc.option(day), transferReference: fc.stringMatching(/^T[A-Z]{2}26[0-9]{5}$/), note,
});

/** What a partner could truly say: amounts that add up. */
function lineOf(one: Said, kind: PaymentKind, dialect: FileDialect): PaymentLine {
  const currency = dialect.currencies.amount[one.inHome ? 0 : dialect.currencies.amount.length - 1] as string;
  const settledCurrency = dialect.currencies.settled[one.inHome ? 0 : dialect.currencies.settled.length - 1] as string;
  const divided = !['perUsd', 'perUnitCollected'].includes(dialect.rate.quotation);
  const given = currency === settledCurrency || divided ? '1' : one.rate;
  const whole = convert(one.amountMinor, currency, parseDecimal(given) as Decimal, settledCurrency);
  const feeMinor = whole > 1_000n ? one.fee : 0n;
  const isSettled = kind === 'remittance' || one.status === 'delivered';
  return {
    line: 0, kind, reference: one.reference, referenceYear: Number(one.happenedOn.slice(0, 4)), disbursementId: kind === 'forwarding' ? one.disbursementId : null, caseId: one.caseId,
    payeeName: kind === 'forwarding' ? one.who : '', obligorName: kind === 'remittance' ? one.who : '', obligeeName: kind === 'remittance' ? one.other : '', amountMinor: one.amountMinor, currency, rate: given,
    feeMinor, settledMinor: isSettled ? whole - feeMinor : null, settledCurrency, happenedOn: one.happenedOn, sentOn: kind === 'remittance' ? one.sentOn : null,
    transferReference: kind === 'remittance' ? one.transferReference : null, status: kind === 'forwarding' ? one.status : null, note: one.note, faults: [], flags: [], contentKey: '', remainsKey: null, lossy: false,
  };
}

const values = ({ line: _, contentKey: __, remainsKey: ___, lossy: ____, ...rest }: PaymentLine): object => rest;
/** Amounts that no line may have: nothing, and more than any payment is. */
const isBeyond = (line: PaymentLine): boolean => line.settledMinor !== null && (line.settledMinor <= 0n || line.settledMinor > 10n ** 13n);

const DIALECTS = listPartners().flatMap(({ partnerId, files }) => (['forwarding', 'remittance'] as const).flatMap((kind) => {
  const dialect = files[kind]?.value;
  return dialect ? [{ partnerId, kind, dialect }] : [];
}));

it.each(DIALECTS.map((one) => [one.partnerId, one.kind, one] as const))('reads back what it writes for %s, %s', (partnerId, kind, { dialect }) => {
  const styles = fc.record({
    delimiter: fc.constantFrom(...dialect.separators), decimal: fc.constantFrom(...dialect.decimalMarks), dates: fc.constantFrom(...dialect.dateOrders.filter((order) => order !== 'mdy')),
    newline: fc.constantFrom('\n' as const, '\r\n' as const), quotes: fc.constantFrom('needed' as const, 'all' as const),
  }) as fc.Arbitrary<ListStyle>;
  fc.assert(fc.property(fc.array(said, { minLength: 1, maxLength: 12 }), fc.option(styles), (many, style) => {
    const lines = many.map((one) => lineOf(one, kind, dialect)).filter((line) => !isBeyond(line));
    fc.pre(lines.length > 0);
    const text = writePartnerTable(lines, dialect, style ?? listStyle(dialect));
    const table = read(partnerId, text);
    expect(table.kind).toBe(kind);
    expect(table.findings).toEqual([]);
    expect(table.lines.map(values)).toEqual(lines.map(values));
    // Written once more, whatever a line is recognised by is the same.
    expect(read(partnerId, writePartnerTable(table.lines, dialect, style ?? listStyle(dialect))).lines).toEqual(table.lines);
  }), { numRuns: 60 });
});
