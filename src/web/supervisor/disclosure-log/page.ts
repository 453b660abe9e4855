import { noteRecordOpened } from '../../../modules/audit/index.ts';
import { accountIdsNamed } from '../../../modules/identity/index.ts';
import { listPartners } from '../../../modules/partners/index.ts';
import { DISCLOSURE_SORTS, listDisclosureLog } from '../../../modules/referrals/index.ts';
import type { LoggedDisclosure } from '../../../modules/referrals/index.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { groundsView } from '../../attorney/disclosures/page.ts';
import { allPages, csvAddress, csvOf, headsOf, noteShown, sortOf, telling, wantsCsv } from '../../list.ts';
import type { Line } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Handler, Page, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { actorWords } from '../event-words.ts';

const PAGE_SIZE = 25;
const CSV_PAGE = 200;
const KINDS = ['sealed', 'delivered', 'read', 'printed', 'told', 'superseded', 'recalled'];

/** What left of all cases: who gave what to whom on which ground. */
const show: Handler = async (visit) => {
  const { ctx, t } = visit;
  const filter = {
    caseId: queryText(visit, 'case', 40), partner: queryText(visit, 'partner', 80), person: queryText(visit, 'person', 128), kind: queryText(visit, 'kind', 20), from: queryText(visit, 'from', 10), to: queryText(visit, 'to', 10),
  };
  const faults = (['from', 'to'] as const).filter((name) => filter[name] !== '' && !isCalendarDate(filter[name])).map((name) => ({ field: name, text: t('disclosure-log:date_wrong') }));
  const sort = sortOf(visit, DISCLOSURE_SORTS, { by: 'when', isDescending: true });
  const partners = listPartners().map(({ partnerId }) => ({ partnerId, name: partnerNameOf(partnerId, visit, 'short') }));
  const query = {
    sort, ...(filter.caseId === '' ? {} : { caseId: filter.caseId.toUpperCase() }), ...(partners.some(({ partnerId }) => partnerId === filter.partner) ? { partnerId: filter.partner } : {}),
    ...(KINDS.includes(filter.kind) ? { kind: filter.kind } : {}), ...(filter.person === '' ? {} : { actorIds: await accountIdsNamed(ctx, filter.person) }),
    ...(filter.from === '' ? {} : { from: filter.from }), ...(filter.to === '' ? {} : { to: filter.to }),
  };
  const labels = ['when', 'case', 'partner', 'what', 'who', 'ground'].map((key) => t(`disclosure-log:${key}`));
  const shared = { filter, faults, partners, kinds: KINDS.map((kind) => ({ kind, name: t(`disclosures:kind.${kind}`) })), lines: [], heads: [], csv: null, paging: null };
  if (faults.length > 0) return view('supervisor/disclosure-log', shared, 422);
  if (wantsCsv(visit)) return csvOf(visit, 'disclosures', labels, csvLines(visit, query));
  const page = queryPage(visit);
  const { rows, hasNext } = await listDisclosureLog(ctx, { ...query, page, pageSize: PAGE_SIZE });
  await noteRecordOpened(ctx, 'disclosures');
  await noteShown(visit, 'disclosures', rows, ({ caseId }) => ({ case: caseId }));
  const sorts = ['when', 'case', 'partner'] as const;
  return view('supervisor/disclosure-log', {
    ...shared, csv: csvAddress(visit), paging: pagingNumbered(visit, page, hasNext), lines: rows.map((row) => lineOf(row, visit)),
    heads: headsOf(visit, labels.map((label, at) => ({ label, ...(sorts[at] === undefined ? {} : { sort: sorts[at] }) })), sort),
  });
};

/** The log keeps ids alone; an id says what it names. */
const kindOf = (actorId: string): string => (actorId.startsWith('usr_') ? 'user' : actorId.startsWith('cli_') ? 'client' : 'system');

const wordsOfChannel = (channel: string, { language, t }: Visit): string => (hasWords(language, `partners:channel.${channel}`) ? t(`partners:channel.${channel}`) : channel);

function lineOf(row: LoggedDisclosure, visit: Visit) {
  const grounds = row.record.grounds === undefined ? null : groundsView(visit, row.record.grounds);
  const what = visit.t(`disclosures:kind.${row.kind}`);
  return {
    when: visit.format.instant(row.happenedAt), caseId: row.caseId, county: wordsFor(visit.language).of('county', row.county), partner: partnerNameOf(row.partnerId, visit, 'short'), what,
    packet: row.packetNumber === null ? null : visit.t('web:packet.number', { number: row.packetNumber }), referralId: row.referralId,
    channel: row.record.channel === undefined ? null : wordsOfChannel(row.record.channel, visit), who: actorWords({ ...row, actorKind: kindOf(row.actorId) }, visit), grounds,
  };
}

async function* csvLines(visit: Visit, query: Parameters<typeof listDisclosureLog>[1]): AsyncGenerator<Line> {
  for await (const row of allPages<LoggedDisclosure>((page) => listDisclosureLog(visit.ctx, { ...query, page, pageSize: CSV_PAGE }))) {
    const line = lineOf(row, visit);
    yield telling([row.happenedAt.toISOString(), row.caseId, partnerNameOf(row.partnerId, visit), [line.what, line.packet, line.channel].filter(Boolean).join(', '), line.who, line.grounds?.lines.map(({ text }) => text).join('; ') ?? ''], { case: row.caseId });
  }
}

export const disclosureLogPage: Page = { path: '/disclosure-log', access: 'disclosures.oversee', get: show };
