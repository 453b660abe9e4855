import { AGE_DAYS, CLOCK_STATES, getSegment, PACKET_STATES, segmentWords } from '../../../modules/referrals/index.ts';
import type { WorkFigures } from '../../../modules/referrals/index.ts';
import type { Bar, Chart } from '../../charts/bar-chart.ts';
import { partnerNameOf } from '../../referral-line.ts';
import type { Visit } from '../../visit.ts';

/** One figure of the page: what is drawn, the table beside it, and the same table as a file. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  readonly chart: Chart | null;
  readonly heads: readonly { readonly label: string; readonly isNumber: boolean }[];
  readonly rows: readonly { readonly head: string; readonly href: string | null; readonly cells: readonly string[] }[];
  /** The file: numbers as a program reads them. */
  readonly file: readonly (readonly string[])[];
  readonly isWide?: boolean;
}

const sumOf = <Row extends { readonly count: number }>(rows: readonly Row[], of: (row: Row) => boolean): number => rows.filter(of).reduce((sum, { count }) => sum + count, 0);
const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
export const numbersOf = (labels: readonly string[]): Section['heads'] => labels.map((label, at) => ({ label, isNumber: at > 0 }));

/** A chart, described by its bars; null where there is nothing to draw. */
export function chartOf(visit: Visit, id: string, title: string, series: readonly string[], bars: readonly Bar[], fills?: readonly number[]): Chart | null {
  if (!bars.some(({ parts }) => parts.some((part) => part > 0))) return null;
  const description = visit.t('overview:chart', { series: series.join(', '), bars: bars.map(({ label, value }) => `${label}: ${value}`).join('; ') });
  return { id, title, description, series, bars, ...(fills === undefined ? {} : { fills }) };
}

/** Overdue is the red one, what is paused the grey one. */
const CLOCK_FILLS = [3, 1, 2, 5];

export function clockSection(visit: Visit, { clocks }: WorkFigures): Section {
  const { t, format } = visit;
  const names = unique(clocks.map(({ clock }) => clock)).sort((a, b) => sumOf(clocks, (row) => row.clock === b && row.state === 'overdue') - sumOf(clocks, (row) => row.clock === a && row.state === 'overdue') || a.localeCompare(b));
  const labelOf = (clock: string) => t(`clocks:name.${clock.replaceAll('.', '_')}`);
  const open = CLOCK_STATES.slice(0, 4);
  const count = (clock: string, state: string) => sumOf(clocks, (row) => row.clock === clock && row.state === state);
  const title = t('overview:clocks.title');
  return {
    id: 'clocks', title, lead: t('overview:clocks.lead'), isWide: true,
    chart: chartOf(visit, 'clocks', title, open.map((state) => t(`overview:clock_state.${state}`)), names.filter((clock) => open.some((state) => count(clock, state) > 0)).map((clock) => ({
      label: labelOf(clock), value: format.number(open.reduce((sum, state) => sum + count(clock, state), 0)), parts: open.map((state) => count(clock, state)),
    })), CLOCK_FILLS),
    heads: numbersOf([t('overview:clocks.clock'), ...CLOCK_STATES.map((state) => t(`overview:clock_state.${state}`))]),
    rows: names.map((clock) => ({ head: labelOf(clock), href: null, cells: CLOCK_STATES.map((state) => format.number(count(clock, state))) })),
    file: clocks.map((row) => [partnerNameOf(row.partnerId, visit), labelOf(row.clock), t(`overview:clock_state.${row.state}`), String(row.count)]),
  };
}

export function backlogSection(visit: Visit, { backlog }: WorkFigures): Section {
  const { t, format } = visit;
  const directions = ['outgoing', 'incoming'] as const;
  const labelOf = (age: number) => {
    const [from, to] = [age === 0 ? 0 : (AGE_DAYS[age - 1] ?? 0) + 1, AGE_DAYS[age]];
    return to === undefined ? t('overview:backlog.older', { from: format.number(from) }) : t('overview:backlog.age', { from: format.number(from), to: format.number(to) });
  };
  const ages = Array.from({ length: AGE_DAYS.length + 1 }, (_, age) => age);
  const count = (age: number, direction: string) => sumOf(backlog, (row) => row.age === age && row.direction === direction);
  const title = t('overview:backlog.title');
  return {
    id: 'backlog', title, lead: t('overview:backlog.lead'),
    chart: chartOf(visit, 'backlog', title, directions.map((one) => t(`overview:direction.${one}`)), ages.map((age) => ({
      label: labelOf(age), value: format.number(sumOf(backlog, (row) => row.age === age)), parts: directions.map((direction) => count(age, direction)),
    }))),
    heads: numbersOf([t('overview:backlog.waiting'), ...directions.map((one) => t(`overview:direction.${one}`))]),
    rows: backlog.length === 0 ? [] : ages.map((age) => ({ head: labelOf(age), href: null, cells: directions.map((direction) => format.number(count(age, direction))) })),
    file: backlog.map((row) => [partnerNameOf(row.partnerId, visit), labelOf(row.age), t(`overview:direction.${row.direction}`), String(row.count)]),
  };
}

export function segmentSection(visit: Visit, { segments }: WorkFigures): Section {
  const { t, format } = visit;
  const nameOf = (segmentId: string): string => {
    const segment = getSegment(visit.ctx, segmentId);
    const { key, params } = segmentWords(segment);
    const shown = segment.kind === 'arrears_over' ? { amount: format.amount(segment.params.amount, segment.params.currency) } : params;
    return segment.names ? segment.names[visit.language] : t(`referrals:${key}`, shown);
  };
  const lines = segments.map((one) => ({ ...one, name: nameOf(one.segmentId) }));
  const title = t('overview:segments.title');
  return {
    id: 'segments', title, lead: t('overview:segments.lead'),
    chart: chartOf(visit, 'segments', title, [t('overview:segments.cases')], lines.map(({ name, count }) => ({ label: name, value: format.number(count), parts: [count] }))),
    heads: numbersOf([t('overview:segments.segment'), t('overview:segments.cases')]),
    rows: lines.map(({ segmentId, name, count }) => ({ head: name, href: `/queue?segment=${encodeURIComponent(segmentId)}`, cells: [format.number(count)] })),
    file: lines.map(({ name, count }) => [name, String(count)]),
  };
}

export function packetSection(visit: Visit, { packets }: WorkFigures): Section {
  const { t, format } = visit;
  const partners = unique(packets.map(({ partnerId }) => partnerId));
  const stateOf = (state: string) => t(`overview:packet_state.${state}`);
  const count = (partnerId: string, state: string) => sumOf(packets, (row) => row.partnerId === partnerId && row.state === state);
  const title = t('overview:packets.title');
  return {
    id: 'packets', title, lead: t('overview:packets.lead'), isWide: true,
    chart: chartOf(visit, 'packets', title, PACKET_STATES.map(stateOf), partners.map((partnerId) => ({
      label: partnerNameOf(partnerId, visit, 'short'), value: format.number(sumOf(packets, (row) => row.partnerId === partnerId)), parts: PACKET_STATES.map((state) => count(partnerId, state)),
    }))),
    heads: numbersOf([t('overview:partner'), ...PACKET_STATES.map(stateOf)]),
    rows: partners.map((partnerId) => ({ head: partnerNameOf(partnerId, visit, 'short'), href: null, cells: PACKET_STATES.map((state) => format.number(count(partnerId, state))) })),
    file: packets.map((row) => [partnerNameOf(row.partnerId, visit), stateOf(row.state), String(row.count)]),
  };
}

export function acknowledgmentSection(visit: Visit, { acknowledgments }: WorkFigures): Section {
  const { t, format } = visit;
  const title = t('overview:acknowledgments.title');
  const days = (count: number) => t('overview:days', { count, number: format.number(count) });
  const lines = acknowledgments.map((one) => ({ ...one, name: partnerNameOf(one.partnerId, visit, 'short') }));
  return {
    id: 'acknowledgments', title, lead: t('overview:acknowledgments.lead'),
    // A bar of no length would not be seen: a day is the least that is drawn.
    chart: chartOf(visit, 'acknowledgments', title, [t('overview:acknowledgments.median'), t('overview:acknowledgments.p95')], lines.map((one) => ({
      label: one.name, value: `${days(one.medianDays)} / ${days(one.p95Days)}`, parts: [Math.max(one.medianDays, 0.1), one.p95Days - one.medianDays],
    }))),
    heads: numbersOf([t('overview:partner'), t('overview:acknowledgments.count'), t('overview:acknowledgments.median'), t('overview:acknowledgments.p95')]),
    rows: lines.map((one) => ({ head: one.name, href: null, cells: [format.number(one.count), days(one.medianDays), days(one.p95Days)] })),
    file: acknowledgments.map((one) => [partnerNameOf(one.partnerId, visit), String(one.count), String(one.medianDays), String(one.p95Days)]),
  };
}
