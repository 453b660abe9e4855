import { readMoneyFigures, renewMoneyFigures } from '../../../modules/reconciliation/index.ts';
import { CLOCK_STATES, readWorkFigures, renewWorkFigures } from '../../../modules/referrals/index.ts';
import type { WorkFigures } from '../../../modules/referrals/index.ts';
import { accountAlarms } from '../../administrator/account-alarms/page.ts';
import { barChartSvg, swatchSvg } from '../../charts/bar-chart.ts';
import { csvOf } from '../../list.ts';
import { addressWith } from '../../paging.ts';
import { queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { moneySection } from './money-section.ts';
import { acknowledgmentSection, backlogSection, clockSection, packetSection, segmentSection } from './sections.ts';
import type { Section } from './sections.ts';

/** Pressed again at once it would only keep the database busy. */
const RENEW_AFTER_MS = 60_000;

/** The columns of each file. */
const FILE_HEADS: Readonly<Record<string, readonly string[]>> = {
  clocks: ['overview:partner', 'overview:clocks.clock', 'overview:state', 'overview:count'],
  backlog: ['overview:partner', 'overview:backlog.waiting', 'overview:direction.label', 'overview:count'],
  segments: ['overview:segments.segment', 'overview:segments.cases'],
  money: ['overview:partner', 'overview:money.month', 'overview:money.list', 'overview:money.outcome', 'overview:money.currency', 'overview:money.lines', 'overview:money.amount'],
  packets: ['overview:partner', 'overview:state', 'overview:count'],
  acknowledgments: ['overview:partner', 'overview:acknowledgments.count', 'overview:acknowledgments.median', 'overview:acknowledgments.p95'],
};

const show: Handler = async (visit) => {
  const { ctx, format } = visit;
  const [work, money] = [await readWorkFigures(ctx), await readMoneyFigures(ctx)];
  const inMoney = moneySection(visit, money.rows);
  const sections: readonly Section[] = [clockSection(visit, work), backlogSection(visit, work), inMoney, packetSection(visit, work), acknowledgmentSection(visit, work), segmentSection(visit, work)];
  const wanted = sections.find(({ id }) => id === queryText(visit, 'table', 20));
  if (queryText(visit, 'as', 8) === 'csv' && wanted) return fileOf(visit, wanted);
  const countedAt = work.countedAt ?? money.countedAt;
  return view('supervisor/overview', {
    accountAlarms: await accountAlarms(visit), isAlarmConfirmed: queryText(visit, 'done', 10) === 'confirmed',
    tiles: tilesOf(visit, work), countedAt: countedAt === null ? null : format.moment(countedAt), money: inMoney, hasRenewed: queryText(visit, 'done', 10) === 'renewed',
    sections: sections.map((section) => ({
      ...section, svg: section.chart === null ? null : barChartSvg(section.chart), csv: addressWith(visit, { as: 'csv', table: section.id }),
      legend: (section.chart?.series ?? []).length < 2 ? [] : (section.chart?.series ?? []).map((name, at) => ({ name, swatch: swatchSvg(section.id, section.chart?.fills?.[at] ?? at) })),
    })),
  });
};

function fileOf(visit: Visit, section: Section): Promise<Reply> {
  const heads = (FILE_HEADS[section.id] ?? []).map((key) => visit.t(key));
  return csvOf(visit, `overview-${section.id}`, heads, (async function* () { yield* section.file; })());
}

function tilesOf(visit: Visit, { clocks }: WorkFigures): { key: string; count: string; tone: string }[] {
  return CLOCK_STATES.filter((state) => state !== 'met').map((key) => ({
    key, count: visit.format.number(clocks.filter(({ state }) => state === key).reduce((sum, { count }) => sum + count, 0)), tone: key === 'overdue' ? 'bad' : key === 'due_soon' ? 'warn' : '',
  }));
}

const renew: Handler = async (visit) => {
  const { ctx } = visit;
  const { countedAt } = await readWorkFigures(ctx);
  if (countedAt === null || ctx.clock.now().getTime() - countedAt.getTime() > RENEW_AFTER_MS) {
    await renewWorkFigures(ctx);
    await renewMoneyFigures(ctx);
  }
  return redirect('/overview?done=renewed');
};

/** Where a supervisor's day begins: how it stands with the work of the own counties. */
export const overviewPages: readonly Page[] = [
  { path: '/overview', access: 'overview.view', get: show },
  { path: '/overview/renew', access: 'overview.view', get: async () => redirect('/overview'), post: renew },
];
