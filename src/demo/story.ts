import { addDays } from '../platform/dates.ts';
import type { CalendarDate } from '../platform/dates.ts';
import { convert, parseDecimal } from '../platform/money.ts';
import type { Decimal } from '../platform/money.ts';
import { seededRandom } from './random.ts';
import type { Random } from './random.ts';

/** What the story needs of a case: who pays, who receives, where the payee lives. */
export interface StoryCase {
  caseId: string;
  county: string;
  status: string;
  obligor: string;
  obligee: string;
  /** The obligee's name in Hangul where there is one. */
  obligeeNative: string | null;
  payerCountry: string;
  payeeCountry: string;
  monthlyMinor: bigint;
}

export interface Disbursement {
  disbursementId: string;
  batchId: string;
  caseId: string;
  partner: string;
  payeeName: string;
  amountMinor: bigint;
  issuedOn: CalendarDate;
}

/** A line of a forwarding report before it is printed in some dialect. Amounts in cents / centavos. */
export interface ForwardingRow {
  folio: string;
  disbursementId: string;
  caseNumber: string;
  payee: string;
  amountMinor: bigint;
  rate: string;
  deliveredMinor: bigint | null;
  on: CalendarDate;
  status: 'ENTREGADO' | 'DEVUELTO' | 'PENDIENTE' | 'CANCELADO';
  note: string;
}

/** A line of a remittance list before it is printed in some dialect. */
export interface RemittanceRow {
  folio: string;
  caseNumber: string;
  obligor: string;
  obligee: string;
  originalMinor: bigint;
  currency: 'MXN' | 'KRW';
  rate: string;
  feeMinor: bigint;
  remittedMinor: bigint;
  collectedOn: CalendarDate;
  sentOn: CalendarDate;
  transfer: string;
  note: string;
}

/** Money on the bank statement. */
export interface CreditRow {
  reference: string;
  amountMinor: bigint;
  on: CalendarDate;
  debtor: string;
  /** A line that is no partner's transfer. */
  isNoise: boolean;
}

export interface PartnerStory {
  partner: string;
  disbursements: Disbursement[];
  forwarding: ForwardingRow[];
  remittances: RemittanceRow[];
  credits: CreditRow[];
}

const MONTH_START: CalendarDate = '2026-09-01';
const LINES_PER_TRANSFER = 6;

/** One month between the county and one partner, with the troubles that such a month brings. */
export function tellMonth(partner: string, code: string, cases: readonly StoryCase[], seed: number): PartnerStory {
  const random = seededRandom(seed);
  const isKorean = partner === 'kr-kcsa';
  const disbursements = isKorean ? [] : cases.filter((one) => one.payeeCountry === 'MX').map((one, index) => disburse(one, partner, code, index, random));
  const byId = new Map(cases.map((one) => [one.caseId, one]));
  const forwarding = disbursements.filter(() => random.chance(0.9)).map((one, index) => report(one, byId.get(one.caseId) as StoryCase, code, index, random));
  const payers = cases.filter((one) => one.payerCountry === (isKorean ? 'KR' : 'MX'));
  const remittances = payers.map((one, index) => remit(one, code, index, isKorean, random));
  return { partner, disbursements, forwarding, remittances, credits: credit(remittances, code, random) };
}

function disburse(one: StoryCase, partner: string, code: string, index: number, random: Random): Disbursement {
  return {
    disbursementId: `D2609${String(index + 1).padStart(6, '0')}${code === 'CX' ? '7' : '1'}`,
    batchId: `B2609-${code}-0${random.integer(1, 3)}`,
    caseId: one.caseId, partner, payeeName: one.obligee, amountMinor: one.monthlyMinor,
    issuedOn: addDays(MONTH_START, random.integer(0, 9)),
  };
}

function report(one: Disbursement, owner: StoryCase, code: string, index: number, random: Random): ForwardingRow {
  const rate = `18.${random.integer(1000, 4999)}`;
  const fate = random.next();
  const status = fate < 0.86 ? 'ENTREGADO' : fate < 0.92 ? 'DEVUELTO' : fate < 0.97 ? 'PENDIENTE' : 'CANCELADO';
  const row: ForwardingRow = {
    folio: `F${code}26-${String(index + 1).padStart(6, '0')}`,
    disbursementId: one.disbursementId, caseNumber: one.caseId, payee: owner.obligee, amountMinor: one.amountMinor, rate,
    deliveredMinor: status === 'ENTREGADO' ? convert(one.amountMinor, 'USD', parseDecimal(rate) as Decimal, 'MXN') : null,
    on: addDays(one.issuedOn, random.integer(4, 18)), status, note: status === 'ENTREGADO' ? random.pick(['Acuse firmado', 'Entregado en ventanilla', '']) : random.pick(['Domicilio desconocido', 'Cuenta cancelada', '']),
  };
  return roughenReport(row, random);
}

/** The id is missing, mistyped or in the note; the name lost its accents: what clerks really write. */
function roughenReport(row: ForwardingRow, random: Random): ForwardingRow {
  const kind = random.next();
  if (kind < 0.08) return { ...row, disbursementId: '' };
  if (kind < 0.14) return { ...row, disbursementId: '', caseNumber: '', note: `Cheque ${row.disbursementId} ${row.note}`.trim() };
  if (kind < 0.18) return { ...row, disbursementId: row.disbursementId.slice(0, -2) + row.disbursementId.slice(-1) };
  if (kind < 0.24) return { ...row, payee: withoutAccents(row.payee), caseNumber: '' };
  if (kind < 0.28) return { ...row, amountMinor: row.amountMinor * 2n };
  if (kind < 0.31) return { ...row, disbursementId: '', caseNumber: '', payee: row.payee.split(' ').slice(0, 1).join(' ') };
  return row;
}

function remit(one: StoryCase, code: string, index: number, isKorean: boolean, random: Random): RemittanceRow {
  const currency = isKorean ? 'KRW' : 'MXN';
  const rate = isKorean ? `0.000${random.integer(70_000, 72_900)}` : `0.05${random.integer(3000, 5600)}`;
  const originalMinor = isKorean ? (one.monthlyMinor * 14n / 1000n) * 1000n : one.monthlyMinor * 18n;
  const feeMinor = random.chance(0.15) ? BigInt(random.integer(5, 12) * 100) : 0n;
  const collectedOn = addDays(MONTH_START, random.integer(0, 24));
  const row: RemittanceRow = {
    folio: isKorean ? `2026-${String(index + 1).padStart(7, '0')}` : `R${code}26-${String(index + 1).padStart(6, '0')}`,
    caseNumber: one.caseId, obligor: one.obligor, obligee: one.obligee, originalMinor, currency, rate, feeMinor,
    remittedMinor: convert(originalMinor, currency, parseDecimal(rate) as Decimal, 'USD') - feeMinor,
    collectedOn, sentOn: addDays(collectedOn, random.integer(1, 3)),
    transfer: `TR${code}2609${String(Math.floor(index / LINES_PER_TRANSFER) + 1).padStart(3, '0')}`,
    note: isKorean ? random.pick(['9월분 양육비', '2026년 9월 양육비', '양육비']) : random.pick(['Pensión alimenticia septiembre 2026', 'Alimentos', 'Depósito septiembre 2026']),
  };
  return roughenRemittance(row, one, random);
}

function roughenRemittance(row: RemittanceRow, one: StoryCase, random: Random): RemittanceRow {
  const kind = random.next();
  if (kind < 0.1) return { ...row, caseNumber: '', note: `${row.note} ${one.caseId}` };
  if (kind < 0.2) return { ...row, caseNumber: '' };
  if (kind < 0.25) return { ...row, obligor: withoutAccents(row.obligor), obligee: '' };
  if (kind < 0.3 && one.obligeeNative) return { ...row, obligee: one.obligeeNative };
  if (kind < 0.32) return { ...row, originalMinor: -row.originalMinor, remittedMinor: -row.remittedMinor };
  if (kind < 0.34) return { ...row, remittedMinor: row.remittedMinor + 4_200n };
  if (kind < 0.38) return { ...row, caseNumber: '2999999999999', obligor: 'Persona Desconocida Prueba', obligee: 'Nadie Ficticio Ejemplo' };
  // A case number that is right, with persons who are not of that case: evidence that contradicts itself.
  if (kind < 0.42) return { ...row, obligor: 'Ernesto Ficticio Inventado', obligee: 'Prudencia Ejemplo Supuesta' };
  return row;
}

/** The bank credits the sum of a transfer's lines as printed; one lacks, one keeps back a bank fee, one is another's money. */
function credit(rows: readonly RemittanceRow[], code: string, random: Random): CreditRow[] {
  const sums = new Map<string, { amountMinor: bigint; on: CalendarDate }>();
  for (const row of rows) {
    const before = sums.get(row.transfer) ?? { amountMinor: 0n, on: row.sentOn };
    sums.set(row.transfer, { amountMinor: before.amountMinor + row.remittedMinor, on: row.sentOn > before.on ? row.sentOn : before.on });
  }
  const transfers = [...sums].filter(([, sum]) => sum.amountMinor > 0n);
  const credits = transfers.slice(0, Math.max(1, transfers.length - 1)).map(([reference, sum], index): CreditRow => ({
    reference, amountMinor: index === 1 ? sum.amountMinor - 1_800n : sum.amountMinor, on: addDays(sum.on, random.integer(1, 4)),
    debtor: code === 'KR' ? 'Korean Child Support Agency' : 'Consulado General de México', isNoise: false,
  }));
  credits.push({ reference: `OFFICE-${code}-0926`, amountMinor: BigInt(random.integer(10_000, 90_000)), on: addDays(MONTH_START, 20), debtor: 'Stationery Refund', isNoise: true });
  return credits;
}

export function withoutAccents(text: string): string {
  return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
}
