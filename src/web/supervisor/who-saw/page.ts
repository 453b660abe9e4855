import { noteWhoSaw, whoSaw } from '../../../modules/audit/index.ts';
import type { Seen, WhoSawQuery } from '../../../modules/audit/index.ts';
import { findPersons, isIdentifierForm, mayBeIdentifier, personsOfCase } from '../../../modules/cases/index.ts';
import type { FoundPerson, PersonsOfCase } from '../../../modules/cases/index.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { allPages, csvAddress, csvOf, headsOf, sortOf, telling, wantsCsv } from '../../list.ts';
import type { Line } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { field, queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { actionWords, actorWords, groundWords, placeOfSubject, rolesWords, subjectName, subjectWords } from '../event-words.ts';

interface Asked {
  readonly who: string;
  readonly caseId: string;
  readonly person: string;
  readonly from: string;
  readonly to: string;
}
interface Fault {
  readonly field: string;
  readonly text: string;
}

const PAGE_SIZE = 50;
const CSV_PAGE = 200;
const WHO_MAX = 200;
const COLUMNS = ['when', 'who', 'role', 'what', 'about', 'ground'] as const;

function asked(visit: Visit, read: (name: string, most: number) => string): Asked {
  return { who: read('who', WHO_MAX), caseId: read('case', 40).toUpperCase(), person: read('person', 20), from: read('from', 10), to: read('to', 10) };
}

function daysWrong({ t }: Visit, { from, to }: Asked): Fault[] {
  const faults = Object.entries({ from, to }).filter(([, day]) => day !== '' && !isCalendarDate(day)).map(([field]) => ({ field, text: t('disclosure-log:date_wrong') }));
  return faults.length === 0 && from !== '' && to !== '' && from > to ? [{ field: 'to', text: t('disclosure-log:days_reversed') }] : faults;
}

const empty = (about: Asked) => ({ asked: about, faults: [], found: null, persons: [], whom: null, seen: [], heads: [], cases: [], paging: null, csv: null, isAsked: false });

/** Who saw a case, or a person in all the cases where the same number stands. A name leads there, or to a choice of whom it means. */
const show: Handler = async (visit) => {
  const about = asked(visit, (name, most) => queryText(visit, name, most));
  if (isIdentifierForm(about.who)) return redirect('/who-saw?refused=identifier');
  const faults = daysWrong(visit, about);
  if (queryText(visit, 'refused', 12) === 'identifier') faults.push({ field: 'who', text: visit.t('disclosure-log:who_saw.identifier') });
  if (faults.length > 0) return view('supervisor/who-saw', { ...empty(about), faults }, 422);
  if (about.caseId !== '') return answer(visit, about);
  return about.who === '' ? view('supervisor/who-saw', empty(about)) : lookFor(visit, about, false);
};

/** What was typed comes by a form: an identifier is looked for and stands in no address. */
const ask: Handler = async (visit) => {
  const about = asked(visit, (name, most) => field(visit, name, most));
  const faults = [...(about.who === '' ? [{ field: 'who', text: visit.t('disclosure-log:who_saw.who_needed') }] : []), ...daysWrong(visit, about)];
  if (faults.length > 0) return view('supervisor/who-saw', { ...empty(about), faults }, 422);
  // The days alone were changed.
  if (about.caseId !== '' && about.who === about.caseId) return redirect(addressOf(about));
  return mayBeIdentifier(about.who) ? lookFor(visit, about, true) : redirect(addressOf({ ...about, caseId: '', person: '' }));
};

const addressOf = ({ who, caseId, person, from, to }: Asked): string =>
  `/who-saw?${new URLSearchParams(Object.entries({ ...(caseId === '' ? { who } : { case: caseId, person }), from, to }).filter(([, value]) => value !== '')).toString()}`;

const meant = ({ caseId, person }: FoundPerson): Pick<Asked, 'caseId' | 'person'> => ({ caseId, person: person?.participantId ?? '' });

/** One match leads to the answer at once; several are offered by name, case, county and role. */
async function lookFor(visit: Visit, about: Asked, isUnseen: boolean): Promise<Reply> {
  const found = await findPersons(visit.ctx, about.who, { isUnseen });
  // An identifier goes nowhere, not even back into its field.
  const shown = isUnseen && isIdentifierForm(about.who) ? { ...about, who: '' } : about;
  if (found.found.length === 0) return view('supervisor/who-saw', { ...empty(shown), faults: [{ field: 'who', text: visit.t('disclosure-log:who_saw.unknown') }] }, 422);
  const [only, ...others] = found.found;
  if (only !== undefined && others.length === 0 && !found.isCut && !found.isLoose) return redirect(addressOf({ ...about, ...meant(only) }));
  return view('supervisor/who-saw', { ...empty(shown), found: { ...found, persons: found.found.map((one) => ({ ...one, href: addressOf({ ...about, ...meant(one) }) })) } });
}

async function answer(visit: Visit, about: Asked): Promise<Reply> {
  const { ctx, t } = visit;
  const found = await personsOf(visit, about);
  if (found === null) return view('supervisor/who-saw', { ...empty({ ...about, who: about.caseId, caseId: '', person: '' }), faults: [{ field: 'who', text: t('disclosure-log:case_unknown') }] }, 422);
  const places = found.places.length > 0 ? found.places : [{ caseId: about.caseId, county: found.persons[0]?.county ?? '', participantId: null }];
  const sort = sortOf(visit, ['when'], { by: 'when', isDescending: true });
  const query: WhoSawQuery = {
    caseIds: [...new Set(places.map(({ caseId }) => caseId))], ...(found.places.length > 0 ? { participantIds: [...new Set(found.places.map(({ participantId }) => participantId))] } : {}),
    ...(about.from === '' ? {} : { from: about.from }), ...(about.to === '' ? {} : { to: about.to }), isOldestFirst: !sort.isDescending,
  };
  await noteWhoSaw(ctx, places);
  const labels = COLUMNS.map((key) => t(key === 'ground' ? 'disclosure-log:who_saw.reason' : `disclosure-log:${key}`));
  if (wantsCsv(visit)) return csvOf(visit, 'who-saw', [...labels, t('disclosure-log:case')], csvLines(visit, query));
  const page = queryPage(visit);
  const { rows, hasNext } = await whoSaw(ctx, { ...query, page, pageSize: PAGE_SIZE });
  const persons = found.persons.map((person) => ({ ...person, isHere: person.participantId === about.person && found.places.length > 0 }));
  return view('supervisor/who-saw', {
    ...empty({ ...about, who: about.caseId }), isAsked: true, cases: query.caseIds, csv: csvAddress(visit), paging: pagingNumbered(visit, page, hasNext), seen: rows.map((row) => lineOf(row, visit)),
    // The role stands below the name.
    heads: headsOf(visit, labels.filter((_, at) => COLUMNS[at] !== 'role').map((label, at) => ({ label, ...(at === 0 ? { sort: 'when' as const } : {}) })), sort),
    persons: persons.map((person) => ({ ...person, href: addressOf({ ...about, person: person.participantId }) })), whom: persons.find(({ isHere }) => isHere) ?? null, whole: addressOf({ ...about, person: '' }),
  });
}

async function personsOf({ ctx }: Visit, { caseId, person }: Asked): Promise<PersonsOfCase | null> {
  try {
    return await personsOfCase(ctx, caseId, person === '' ? null : person);
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  }
}

function lineOf(row: Seen, visit: Visit) {
  return {
    when: visit.format.instant(row.happenedAt), who: actorWords(row, visit), role: rolesWords(row, visit), what: actionWords(row.action, visit), about: subjectWords(row.subjectType, visit), id: subjectName(row, visit), isList: row.subjectType === 'list',
    href: placeOfSubject(row, visit), ground: groundWords(row, visit), isPartner: row.actorPartner !== null, caseId: row.caseId,
  };
}

async function* csvLines(visit: Visit, query: WhoSawQuery): AsyncGenerator<Line> {
  for await (const row of allPages<Seen>((page) => whoSaw(visit.ctx, { ...query, page, pageSize: CSV_PAGE }))) {
    const line = lineOf(row, visit);
    yield telling([row.happenedAt.toISOString(), line.who, line.role, line.what, `${line.about} ${line.id}`, line.ground ?? '', row.caseId], { case: row.caseId });
  }
}

export const whoSawPage: Page = { path: '/who-saw', access: 'audit.who_saw', get: show, post: ask };
