import { noteWhoSaw, whoSaw } from '../../../modules/audit/index.ts';
import type { Seen, WhoSawQuery } from '../../../modules/audit/index.ts';
import { personsOfCase } from '../../../modules/cases/index.ts';
import type { PersonsOfCase } from '../../../modules/cases/index.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { allPages, csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Handler, Page, Visit } from '../../visit.ts';
import { actionWords, actorWords, groundWords, placeOfSubject, subjectWords } from '../event-words.ts';

const PAGE_SIZE = 50;
const CSV_PAGE = 200;

interface Asked {
  readonly caseId: string;
  readonly person: string;
  readonly from: string;
  readonly to: string;
}

/** Who saw a case, or a person in all the cases where the same number stands. */
const show: Handler = async (visit) => {
  const { ctx, t } = visit;
  const asked: Asked = { caseId: queryText(visit, 'case', 40), person: queryText(visit, 'person', 20), from: queryText(visit, 'from', 10), to: queryText(visit, 'to', 10) };
  const faults: { field: string; text: string }[] = (['from', 'to'] as const).filter((name) => asked[name] !== '' && !isCalendarDate(asked[name])).map((name) => ({ field: name, text: t('disclosure-log:date_wrong') }));
  const found = asked.caseId === '' ? null : await personsOf(visit, asked);
  if (asked.caseId !== '' && found === null) faults.push({ field: 'case', text: t('disclosure-log:case_unknown') });
  const sort = sortOf(visit, ['when'], { by: 'when', isDescending: true });
  const empty = { asked, faults, persons: [], seen: [], heads: [], cases: [], paging: null, csv: null, isAsked: false };
  if (found === null || faults.length > 0) return view('supervisor/who-saw', empty, faults.length > 0 ? 422 : 200);
  const places = found.places.length > 0 ? found.places : [{ caseId: asked.caseId, participantId: '' }];
  const query: WhoSawQuery = {
    caseIds: [...new Set(places.map(({ caseId }) => caseId))], ...(found.places.length > 0 ? { participantIds: [...new Set(places.map(({ participantId }) => participantId))] } : {}),
    ...(asked.from === '' ? {} : { from: asked.from }), ...(asked.to === '' ? {} : { to: asked.to }), isOldestFirst: !sort.isDescending,
  };
  await noteWhoSaw(ctx, { caseId: asked.caseId, county: found.persons[0]?.county ?? '' });
  const labels = ['when', 'who', 'what', 'about', 'ground'].map((key) => t(`disclosure-log:${key}`));
  if (wantsCsv(visit)) return csvOf(visit, 'who-saw', [...labels, t('disclosure-log:case')], csvLines(visit, query));
  const page = queryPage(visit);
  const { rows, hasNext } = await whoSaw(ctx, { ...query, page, pageSize: PAGE_SIZE });
  return view('supervisor/who-saw', {
    ...empty, isAsked: true, cases: query.caseIds, csv: csvAddress(visit), paging: pagingNumbered(visit, page, hasNext), seen: rows.map((row) => lineOf(row, visit)),
    heads: headsOf(visit, labels.map((label, at) => ({ label, ...(at === 0 ? { sort: 'when' as const } : {}) })), sort),
    persons: found.persons.map((person) => ({ ...person, isHere: person.participantId === asked.person && found.places.length > 0 })),
  });
};

async function personsOf({ ctx }: Visit, { caseId, person }: Asked): Promise<PersonsOfCase | null> {
  try {
    return await personsOfCase(ctx, caseId.toUpperCase(), person === '' ? null : person);
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  }
}

function lineOf(row: Seen, visit: Visit) {
  return {
    when: visit.format.instant(row.happenedAt), who: actorWords(row, visit), what: actionWords(row.action, visit), about: subjectWords(row.subjectType, visit), id: row.subjectId,
    href: placeOfSubject(row, visit), ground: groundWords(row, visit), isPartner: row.actorPartner !== null, caseId: row.caseId,
  };
}

async function* csvLines(visit: Visit, query: WhoSawQuery): AsyncGenerator<string[]> {
  for await (const row of allPages<Seen>((page) => whoSaw(visit.ctx, { ...query, page, pageSize: CSV_PAGE }))) {
    const line = lineOf(row, visit);
    yield [row.happenedAt.toISOString(), line.who, line.what, `${line.about} ${line.id}`, line.ground ?? '', row.caseId];
  }
}

export const whoSawPage: Page = { path: '/who-saw', access: 'audit.who_saw', get: show };
