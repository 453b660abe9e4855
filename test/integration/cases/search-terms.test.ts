import { runJob } from '../../../src/jobs/index.ts';
import { workOutCasesJob } from '../../../src/jobs/work-out-cases.ts';
import { importCaseExtract, listCases } from '../../../src/modules/cases/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { aCase, aChild, anObligee, anObligor, extractOf } from '../../support/cases/builders.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

let db: TestDatabase;
let operator: Ctx;
beforeEach(async () => {
  db = await testDatabase();
  operator = testCtx(db, { kind: 'system', id: 'operator' });
});

const importing = (fileName: string, ...cases: object[]) => importCaseExtract(operator, { fileName, source: extractOf(cases) });
/** Each term with the place where its row stands: one that was written again stands elsewhere. */
const terms = () => behindTheWall<{ term: string; place: string }>(db, "select case_id || ' ' || county || ' ' || term as term, ctid::text as place from case_search_terms order by 1");
const found = async (search: string) => (await listCases(operator, { search })).items.map(({ caseId }) => caseId);

it('writes only what a new version changes of what the case is found by', async () => {
  const participants = [anObligor(), anObligee(), aChild()];
  await importing('one', aCase({ caseId: 'T-1', participants }), aCase({ caseId: 'T-2', participants }));
  const before = await terms();
  await importing('two', aCase({ caseId: 'T-1', participants: [anObligor({ name: { given: 'Quetzalli', family: 'Zenteno' } }), anObligee(), aChild()] }), aCase({ caseId: 'T-2', participants, assistance: 'former' }));
  const after = await terms();
  const isOld = new Map(before.map(({ term, place }) => [term, place]));
  expect(after.filter(({ term, place }) => isOld.get(term) !== place).map(({ term }) => term)).toEqual(['T-1 06037 w:quetzalli', 'T-1 06037 w:zenteno']);
  expect(after.filter(({ term }) => term.startsWith('T-2'))).toEqual(before.filter(({ term }) => term.startsWith('T-2')));
  expect(after.length).toBeLessThan(before.length + 2);
  expect(await found('Quetzalli Zenteno')).toEqual(['T-1']);
});

it('gives cases that came in before there were terms theirs by itself, once', async () => {
  await importing('one', aCase({ caseId: 'T-1' }), aCase({ caseId: 'T-2' }), aCase({ caseId: 'T-3' }));
  const before = (await terms()).map(({ term }) => term);
  await behindTheWall(db, "delete from case_search_terms where case_id <> 'T-3'");
  await behindTheWall(db, "update support_cases set sort_name = '' where case_id <> 'T-3'");
  await behindTheWall(db, 'delete from case_standing');
  const data = { eventId: 'evt_x', event: 'cases.work_out_due', body: {} };
  expect(await runJob(operator, workOutCasesJob, data)).toBe('done');
  const [after, names] = [await terms(), await behindTheWall(db, "select 1 from support_cases where sort_name = ''")];
  expect([after.map(({ term }) => term), names]).toEqual([before, []]);
  expect(await behindTheWall(db, 'select case_id from case_standing order by 1')).toHaveLength(3);
  expect(await runJob(operator, workOutCasesJob, data)).toBe('done');
  expect(await terms()).toEqual(after);
  expect(await behindTheWall(db, "select 1 from outbox_events where name = 'cases.work_out_due'")).toEqual([]);
});
