import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { parseDecimal } from '../../../platform/money.ts';
import type { Decimal } from '../../../platform/money.ts';
import { parseCsv } from '../formats/tables/csv.rules.ts';

/** Published exchange rates as they are imported: `source,base,quote,quoted_on,rate`, units of quote for one of base. */

export interface RateSource { source: string; base: string; quote: string; series: string; date: 'determination' | 'settlement' | 'publication'; confirmed: boolean }
export interface PublishedRate { line: number; source: string; base: string; quote: string; quotedOn: CalendarDate; rate: string }

const COLUMNS = ['source', 'base', 'quote', 'quoted_on', 'rate'] as const;
/** The table keeps ten decimals and ten places before them. */
const SCALE_MAX = 10;
const PLACES_MAX = 10;

/** @throws AppError `rates.empty`, `rates.columns_missing`, `rates.too_many_lines`. A line at fault is told and left out. */
export function readRates(text: string, sources: readonly RateSource[], today: CalendarDate, linesMax: number): { lines: number; rates: PublishedRate[]; findings: Finding[] } {
  const { records, findings } = parseCsv(text.replace(/^\uFEFF/, ''), ',', linesMax + 2);
  const [heading, ...rows] = records;
  if (!heading) throw new AppError('invalid', 'rates.empty');
  if (rows.length > linesMax) throw new AppError('invalid', 'rates.too_many_lines', { params: { linesMax } });
  const places = new Map(heading.cells.map((name, index) => [name.trim(), index]));
  const missing = COLUMNS.filter((column) => !places.has(column));
  if (missing.length > 0) throw new AppError('invalid', 'rates.columns_missing', { findings: missing.map((path) => ({ code: 'rates.column_missing', severity: 'block', path, line: heading.line })) });
  const found: Finding[] = [...findings];
  const rates: PublishedRate[] = [];
  for (const row of rows) {
    const value = (column: (typeof COLUMNS)[number]): string => (row.cells[places.get(column) as number] ?? '').trim();
    const code = faultOf(value, sources, today);
    if (code !== null) found.push({ code: `rates.${code}`, severity: 'block', path: code === 'pair' ? 'source' : code.startsWith('rate') ? 'rate' : 'quoted_on', line: row.line });
    else rates.push({ line: row.line, source: value('source'), base: value('base'), quote: value('quote'), quotedOn: value('quoted_on'), rate: value('rate') });
  }
  return { lines: rows.length, rates, findings: found };
}

function faultOf(value: (column: (typeof COLUMNS)[number]) => string, sources: readonly RateSource[], today: CalendarDate): string | null {
  if (!sources.some(({ source, base, quote }) => source === value('source') && base === value('base') && quote === value('quote'))) return 'pair';
  if (!isCalendarDate(value('quoted_on'))) return 'date_unreadable';
  if (value('quoted_on') > today) return 'date_in_future';
  const rate = parseDecimal(value('rate'));
  if (!rate || rate.digits <= 0n || rate.scale > SCALE_MAX || rate.digits / 10n ** BigInt(rate.scale) >= 10n ** BigInt(PLACES_MAX)) return 'rate_unreadable';
  return null;
}

/**
 * How far a printed rate lies from the published one, in ten-thousandths, towards zero; the printed rate is units of quote for one of base, or the
 * other way round (`isInverse`). Positive: more units of quote for one of base than published.
 */
export function deviation(printed: string, published: string, isInverse: boolean): bigint | null {
  const [p, q] = [parseDecimal(printed), parseDecimal(published)];
  if (!p || !q || p.digits <= 0n || q.digits <= 0n) return null;
  const [above, below] = isInverse ? [power(p.scale), p.digits] : [p.digits, power(p.scale)];
  return (above * power(q.scale) - below * q.digits) * 10_000n / (below * q.digits);
}

const power = (scale: Decimal['scale']): bigint => 10n ** BigInt(scale);
