import type { MoneyFigure } from '../../../modules/reconciliation/index.ts';
import { formatMajor, isCurrency } from '../../../platform/money.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryText } from '../../visit.ts';
import type { Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { chartOf, numbersOf } from './sections.ts';
import type { Section } from './sections.ts';

const OUTCOMES = ['posted', 'pending', 'returned', 'suspense', 'duplicate', 'rejected'] as const;

/** Which money is looked at: amounts of different currencies and of different kinds of lists are never added up. */
export interface MoneyChoice {
  readonly key: string;
  readonly label: string;
}

export interface MoneySection extends Section {
  readonly choices: readonly MoneyChoice[];
  readonly chosen: string;
  readonly partners: readonly { readonly partnerId: string; readonly name: string }[];
  readonly partner: string;
  readonly byPartner: { readonly heads: Section['heads']; readonly rows: Section['rows'] };
}

export function moneySection(visit: Visit, figures: readonly MoneyFigure[]): MoneySection {
  const { t, format } = visit;
  const keys = [...new Set(figures.map(keyOf))].sort((a, b) => linesOf(figures, b) - linesOf(figures, a) || a.localeCompare(b));
  const chosen = keys.find((key) => key === queryText(visit, 'money', 30)) ?? keys[0] ?? '';
  const partnerIds = [...new Set(figures.map(({ partnerId }) => partnerId))].sort();
  const partner = partnerIds.find((id) => id === queryText(visit, 'partner', 80)) ?? '';
  const currency = chosen.split(' ')[1] ?? 'USD';
  const rows = figures.filter((row) => keyOf(row) === chosen && (partner === '' || row.partnerId === partner));
  const shown = OUTCOMES.filter((outcome) => rows.some((row) => row.outcome === outcome));
  const sum = (of: (row: MoneyFigure) => boolean): bigint => rows.filter(of).reduce((total, row) => total + row.amountMinor, 0n);
  const money = (minor: bigint): string => format.money(minor, currency);
  const wordOf = (outcome: string): string => wordsFor(visit.language).label('outcome', outcome);
  const months = [...new Set(rows.map(({ month }) => month))].sort();
  const title = t('overview:money.title');
  return {
    id: 'money', title, lead: t('overview:money.lead'), isWide: true,
    chart: chartOf(visit, 'money', title, shown.map(wordOf), months.map((month) => ({
      label: visit.format.month(month), value: money(sum((row) => row.month === month)), parts: shown.map((outcome) => Number(sum((row) => row.month === month && row.outcome === outcome))),
    }))),
    heads: numbersOf([t('overview:money.month'), ...shown.map(wordOf)]),
    rows: months.map((month) => ({ head: visit.format.month(month), href: null, cells: shown.map((outcome) => money(sum((row) => row.month === month && row.outcome === outcome))) })),
    file: figures.map((row) => [partnerNameOf(row.partnerId, visit), row.month, t(`overview:money.kind.${row.kind}`), wordOf(row.outcome), row.currency, String(row.lines), majorOf(row)]),
    choices: keys.map((key) => ({ key, label: t('overview:money.choice', { kind: t(`overview:money.kind.${key.split(' ')[0] ?? ''}`), currency: key.split(' ')[1] ?? '' }) })), chosen,
    partners: partnerIds.map((partnerId) => ({ partnerId, name: partnerNameOf(partnerId, visit, 'short') })), partner,
    byPartner: {
      heads: numbersOf([t('overview:partner'), ...shown.map(wordOf)]),
      rows: [...new Set(rows.map(({ partnerId }) => partnerId))].sort().map((partnerId) => ({
        head: partnerNameOf(partnerId, visit, 'short'), href: null, cells: shown.map((outcome) => money(sum((row) => row.partnerId === partnerId && row.outcome === outcome))),
      })),
    },
  };
}

const keyOf = ({ kind, currency }: MoneyFigure): string => `${kind} ${currency}`;
const linesOf = (figures: readonly MoneyFigure[], key: string): number => figures.filter((row) => keyOf(row) === key).reduce((sum, { lines }) => sum + lines, 0);
const majorOf = ({ amountMinor, currency }: MoneyFigure): string => (isCurrency(currency) ? formatMajor(amountMinor, currency) : String(amountMinor));
