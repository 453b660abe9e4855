import { listAuditActions, listAuditEvents, noteRecordOpened, parseAnchor, verifyAudit } from '../../../modules/audit/index.ts';
import type { AuditCheck, AuditQuery, RecordedEvent } from '../../../modules/audit/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import { csvAddress, csvOf, headsOf, sortOf, telling, wantsCsv } from '../../list.ts';
import type { Line } from '../../list.ts';
import { pagingAfter } from '../../paging.ts';
import { field, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { actionWords, actorWords, detailsText, placeOfSubject, subjectWords } from '../event-words.ts';

const PAGE_SIZE = 50;
const CSV_PAGE = 200;
const PLACE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z~aud_[0-9A-Z]{26}$/;
const FAULTS_SHOWN = 20;

interface Shown {
  readonly check?: AuditCheck;
  readonly anchor?: string;
  readonly faults?: readonly { readonly field: string; readonly text: string }[];
}

/** Who did what, by time; narrowed by person, action, thing and day. */
async function show(visit: Visit, { check, anchor = '', faults: given = [] }: Shown = {}, status = 200): Promise<Reply> {
  const { ctx, t } = visit;
  const filter = { actor: queryText(visit, 'actor', 40), action: queryText(visit, 'action', 80), subject: queryText(visit, 'subject', 200), from: queryText(visit, 'from', 10), to: queryText(visit, 'to', 10) };
  const faults = [...given, ...(['from', 'to'] as const).filter((name) => filter[name] !== '' && !isCalendarDate(filter[name])).map((name) => ({ field: name, text: t('disclosure-log:date_wrong') }))];
  const sort = sortOf(visit, ['when'], { by: 'when', isDescending: true });
  const after = PLACE.test(queryText(visit, 'after', 80)) ? queryText(visit, 'after', 80) : '';
  const { actions } = listAuditActions();
  const query: AuditQuery = {
    isOldestFirst: !sort.isDescending, ...(filter.actor === '' ? {} : { actorId: filter.actor }), ...(actions.includes(filter.action) ? { action: filter.action } : {}), ...(filter.subject === '' ? {} : { subjectId: filter.subject }),
    ...(isCalendarDate(filter.from) ? { from: filter.from } : {}), ...(isCalendarDate(filter.to) ? { to: filter.to } : {}),
  };
  const labels = ['when', 'who', 'what', 'about', 'details'].map((key) => t(`disclosure-log:${key}`));
  if (wantsCsv(visit) && faults.length === 0) return csvOf(visit, 'audit', [...labels, t('disclosure-log:code'), t('disclosure-log:event')], csvLines(visit, query));
  await noteRecordOpened(ctx, 'audit');
  const { rows, next } = await listAuditEvents(ctx, { ...query, pageSize: PAGE_SIZE, ...(after === '' ? {} : { after }) });
  return view('supervisor/audit-log', {
    filter, faults, anchor, csv: csvAddress(visit), paging: pagingAfter(visit, after, next), check: check === undefined ? null : checkView(check, visit), mayVerify: isAllowed(ctx, 'audit.verify') && ctx.actor.counties === 'all',
    actionChoices: actions.map((action) => ({ action, name: actionWords(action, visit) })).sort((a, b) => a.name.localeCompare(b.name, visit.language)),
    heads: headsOf(visit, labels.map((label, at) => ({ label, ...(at === 0 ? { sort: 'when' as const } : {}) })), sort), events: rows.map((row) => lineOf(row, visit)),
  }, status !== 200 ? status : faults.length > 0 ? 422 : 200);
}

function lineOf(row: RecordedEvent, visit: Visit) {
  return {
    ...row, when: visit.format.instant(row.happenedAt), who: actorWords(row, visit), what: actionWords(row.action, visit), about: subjectWords(row.subjectType, visit), href: placeOfSubject(row, visit), more: detailsText(row),
  };
}

function checkView({ isIntact, events, anchor, findings }: AuditCheck, visit: Visit) {
  return {
    isIntact, events: visit.format.number(events), anchor: anchor === null ? null : `${anchor.seq}:${anchor.hash}`, count: findings.length,
    findings: findings.slice(0, FAULTS_SHOWN).map((finding) => wordsFor(visit.language).finding(finding)),
  };
}

async function* csvLines(visit: Visit, query: AuditQuery): AsyncGenerator<Line> {
  let after: string | null = '';
  while (after !== null) {
    const page: Awaited<ReturnType<typeof listAuditEvents>> = await listAuditEvents(visit.ctx, { ...query, pageSize: CSV_PAGE, ...(after === '' ? {} : { after }) });
    for (const row of page.rows) {
      const line = lineOf(row, visit);
      yield telling([row.happenedAt.toISOString(), line.who, line.what, `${line.about} ${row.subjectId}`, line.more, row.action, row.eventId], { [row.subjectType]: row.subjectId });
    }
    after = page.next;
  }
}

/** Recomputes the whole chain; takes its time where there are many events, and so is asked for by a form. */
const verify: Handler = async (visit) => {
  const anchor = field(visit, 'anchor', 200);
  const parsed = anchor === '' ? null : parseAnchor(anchor);
  if (anchor !== '' && parsed === null) return show(visit, { anchor, faults: [{ field: 'anchor', text: wordsFor(visit.language).error('audit.anchor_invalid') }] }, 422);
  return show(visit, { anchor, check: await verifyAudit(visit.ctx, parsed === null ? [] : [parsed]) });
};

export const auditLogPages: readonly Page[] = [
  { path: '/audit-log', access: 'audit.read', get: (visit) => show(visit) },
  { path: '/audit-log/verify', access: 'audit.verify', get: async () => redirect('/audit-log'), post: verify },
];
