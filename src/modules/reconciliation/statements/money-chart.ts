import { init } from 'echarts';
import { translator } from '../../../platform/i18n.ts';
import type { Language } from '../../../platform/i18n.ts';
import { formatMajor } from '../../../platform/money.ts';
import { OUTCOMES } from '../matching/reason.rules.ts';
import { monthsBetween } from './statement.rules.ts';
import type { MonthOutcome } from './statement.rules.ts';

export const CHART_SIZE = { width: 760, height: 360 } as const;
/** Told apart by lightness too, for who sees no colours: good, waiting, for a person, nothing moved. */
const COLOURS: Readonly<Record<string, string>> = { posted: '#154c79', returned: '#8168b3', pending: '#2e8b9a', suspense: '#e5a000', duplicate: '#a9aeb1', rejected: '#b50909' };

/** A stacked column for each month, a colour for each outcome, of one kind of list in one currency, named in one language or more; the same data give the same drawing. A table stands beside it wherever it is shown. */
export function moneyChartSvg(rows: readonly MonthOutcome[], wanted: { from: string; to: string; currency: string; kind: MonthOutcome['kind']; languages: readonly Language[] }): string {
  const nameOf = (outcome: string): string => wanted.languages.map((language) => translator(language)(`reconciliation:outcome.${outcome}`)).join(' · ');
  const months = monthsBetween(wanted.from, wanted.to);
  const of = (month: string, outcome: string): number => majorOf(rows.filter((row) => row.month === month && row.outcome === outcome && row.currency === wanted.currency && row.kind === wanted.kind).reduce((sum, row) => sum + row.amountMinor, 0n), wanted.currency);
  const shown = OUTCOMES.filter((outcome) => months.some((month) => of(month, outcome) !== 0));
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...CHART_SIZE });
  try {
    chart.setOption({
      animation: false, aria: { enabled: false }, textStyle: { fontFamily: 'Noto Sans, Noto Sans KR, sans-serif' },
      grid: { left: 12, right: 12, top: 56, bottom: 12, containLabel: true }, legend: { top: 4, itemGap: 36, data: shown.map(nameOf) },
      xAxis: { type: 'category', data: months }, yAxis: { type: 'value', name: wanted.currency, axisLabel: { formatter: (value: number) => new Intl.NumberFormat(wanted.languages[0] ?? 'en', { notation: 'compact' }).format(value) } },
      series: shown.map((outcome) => ({
        type: 'bar' as const, stack: 'money', name: nameOf(outcome), color: COLOURS[outcome] as string, emphasis: { disabled: true }, data: months.map((month) => of(month, outcome)),
      })),
    });
    // Classes are numbered over the life of the process; without them the same data give the same bytes.
    return chart.renderToSVGString().replace(/ class="zr\d+-cls-\d+"/g, '').replace(/<style[\s\S]*?<\/style>/g, '');
  } finally {
    chart.dispose();
  }
}

/** For drawing only: a column's height needs no cents. */
const majorOf = (minor: bigint, currency: string): number => Number(formatMajor(minor, currency));
