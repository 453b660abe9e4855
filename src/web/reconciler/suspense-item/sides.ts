import { readEvidence } from '../../../modules/reconciliation/index.ts';
import type { AmountBeside, Compared, EvidenceRead, LineDetails, Piece, SideColumn } from '../../../modules/reconciliation/index.ts';
import { findPartner } from '../../../modules/partners/index.ts';
import { countryNames } from '../../countries.ts';
import { queryText } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

/** So many candidates stand beside the line at once; the others are the next sets. */
const COLUMNS_SHOWN = 3;

export interface Cell {
  readonly verdict: Compared['verdict'];
  /** What the mark says, where it is not the verdict alone. */
  readonly said: Compared['verdict'] | 'no_rate';
  readonly text: string;
  /** Both writings with what differs, where they are not the same. */
  readonly marked: { readonly printed: readonly Piece[]; readonly known: readonly Piece[] } | null;
  readonly reasons: readonly string[];
}
export interface Side {
  readonly column: SideColumn;
  /** What a form sends for this candidate: the number of the case or of the disbursement. */
  readonly value: string;
  readonly refuseValue: string;
  readonly canChoose: boolean;
  /** A report of another amount than was sent: nobody can tie the two together. */
  readonly isOfOtherAmount: boolean;
  /** What was weighed, as a person reads it; null where nothing was. */
  readonly weighed: EvidenceRead | null;
}
export interface Sides {
  readonly sides: readonly Side[];
  readonly rows: readonly { readonly field: string; readonly printed: string; readonly cells: readonly Cell[] }[];
  readonly first: number;
  readonly total: number;
  readonly sets: readonly { readonly number: number; readonly isHere: boolean }[];
}

/** The line in one column, each candidate in another, one row for each thing that is compared. */
export function sidesOf(details: LineDetails, visit: Visit): Sides {
  const { line, columns } = details;
  const setCount = Math.ceil(columns.length / COLUMNS_SHOWN);
  const wanted = /^[1-9]$/.test(queryText(visit, 'set', 1)) ? Number(queryText(visit, 'set', 1)) : 1;
  const set = Math.min(wanted, Math.max(1, setCount));
  const shown = columns.slice((set - 1) * COLUMNS_SHOWN, set * COLUMNS_SHOWN);
  const isReport = line.kind === 'forwarding';
  return {
    first: (set - 1) * COLUMNS_SHOWN + 1, total: columns.length, sets: Array.from({ length: setCount }, (_, i) => ({ number: i + 1, isHere: i + 1 === set })),
    sides: shown.map((column) => ({
      column, isOfOtherAmount: isReport && isOfOtherAmount(line, column), value: isReport ? (column.disbursement?.disbursementId ?? '') : column.caseId,
      refuseValue: column.disbursement === null ? `case:${column.caseId}` : `disbursement:${column.disbursement.disbursementId}`,
      weighed: column.rank === null ? null : readEvidence(column.rank, details.ranking?.candidates ?? []),
      canChoose: isReport ? column.disbursement !== null && !column.disbursement.isSettled && !isOfOtherAmount(line, column) : column.isOpen,
    })),
    rows: (shown[0]?.fields ?? []).map(({ field }, i) => ({ field, printed: printedOf(line, field, visit), cells: shown.map(({ fields }) => cellOf(fields[i] as Compared, visit)) })),
  };
}

const isOfOtherAmount = (line: LineDetails['line'], { disbursement: sent }: SideColumn): boolean => sent !== null && (sent.amountMinor !== line.amountMinor || sent.currency !== line.currency);

const NOTHING = '—';

function printedOf(line: LineDetails['line'], field: Compared['field'], visit: Visit): string {
  switch (field) {
    case 'number': return (line.kind === 'forwarding' ? line.givenDisbursementId ?? line.givenCaseId : line.givenCaseId) ?? NOTHING;
    case 'payer': return line.obligorName || NOTHING;
    case 'receiver': return line.obligeeName || NOTHING;
    case 'payee': return line.payeeName || NOTHING;
    case 'amount': return line.amountMinor === null || line.currency === null ? NOTHING : visit.format.money(line.amountMinor, line.currency);
    case 'currency': return [...new Set([line.currency, line.settledCurrency].filter((one) => one !== null))].join(' → ') || NOTHING;
    case 'day': return visit.format.day(line.happenedOn);
    case 'country': return countryNames(visit.language)(findPartner(line.partnerId)?.country ?? '');
  }
}

function cellOf({ verdict, known, reasons }: Compared, visit: Visit): Cell {
  const { format, t, language } = visit;
  const words = wordsFor(language);
  const plain = (text: string): Cell => ({ verdict, said: verdict, text, marked: null, reasons: reasons.map((reason) => words.reason(reason)) });
  switch (known?.kind) {
    case undefined: return plain(NOTHING);
    case 'text': return { ...plain(known.known.map(({ text }) => text).join('')), marked: verdict === 'same' || known.printed.length === 0 ? null : known };
    case 'sums': return {
      ...plain(known.sums.map(({ amountMinor, currency }) => format.money(amountMinor, currency)).join(' · ')),
      said: known.beside.lacksRate ? 'no_rate' : verdict, reasons: amountWords(known.beside, visit),
    };
    case 'currencies': return plain(known.currencies.join(' · '));
    case 'issued': return plain(t('suspense:item.issued', { on: format.day(known.on) }));
    case 'in_force': return plain(t(known.isInForce ? 'clerk:sides.in_force' : 'clerk:sides.not_in_force'));
    case 'countries': return plain(known.countries.map(countryNames(language)).join(' · '));
  }
}

/** How the line's amount was made comparable, by how much the two differ, and which fee that is. */
function amountWords({ verdict, compared, rate, gap, why, lacksRate }: AmountBeside, visit: Visit): string[] {
  const { format } = visit;
  const say = (key: string, params: Readonly<Record<string, string>> = {}): string => visit.t(`clerk:amount.${key}`, params);
  if (lacksRate) return [say('no_rate')];
  if (compared === null || gap === null) return [];
  const amount = format.money(compared.amountMinor, compared.currency);
  const words: string[] = [];
  if (rate?.by === 'partner') words.push(rate.rate === null ? say('as_remitted', { amount }) : say('partner_rate', { amount, rate: plainRate(rate.rate), on: format.day(rate.on) }));
  if (rate?.by === 'published') words.push(say('published_rate', { amount, rate: `${plainRate(rate.rate)} ${rate.pair}`, source: visit.t(`rates:source.${rate.source}`), on: format.day(rate.on) }));
  if (verdict !== 'same' && gap.amountMinor !== 0n) {
    const size = gap.amountMinor < 0n ? -gap.amountMinor : gap.amountMinor;
    words.push(say(gap.amountMinor > 0n ? 'less_by' : 'more_by', { amount: format.money(size, gap.currency) }));
  }
  return why === null ? words : [...words, say(`why.${why}`)];
}

/** A rate without the zeros at its end that only the table has. */
const plainRate = (rate: string): string => (rate.includes('.') ? rate.replace(/0+$/, '').replace(/\.$/, '') : rate);
