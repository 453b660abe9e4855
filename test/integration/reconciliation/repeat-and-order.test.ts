import { fork } from 'node:child_process';
import { once } from 'node:events';
import { makeWorld } from '../../../bench/support/payment-world.ts';
import { seededRandom } from '../../../src/demo/random.ts';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { checkLedger } from '../../../src/modules/ledger/index.ts';
import { importBank, importDisbursements, importPayments } from '../../../src/modules/payments/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { postings, reconcileAll } from '../../support/reconciliation/scene.ts';

const world = makeWorld(seededRandom(7), { cases: 150, lines: 500 });
// Each file once more, as partners send them: some bytes differ, what they say does not.
const resent = world.files.map((file) => ({ ...file, name: file.name.replace('.csv', '_reenvio.csv'), text: `\ufeff${file.text.replaceAll('\n', '\r\n')}` }));

async function fill(ctx: Ctx, order: 'forward' | 'backward', withResent: boolean): Promise<void> {
  await importCaseExtract(ctx, { fileName: 'cases.ndjson', source: Buffer.from(world.extract) });
  const files = [...world.files, ...(withResent ? resent : [])];
  const steps = [
    () => importDisbursements(ctx, { fileName: 'disbursements.csv', source: Buffer.from(world.register) }),
    ...files.map((file) => () => importPayments(ctx, { partnerId: file.partner, fileName: file.name, source: Buffer.from(file.text) })),
    () => importBank(ctx, { fileName: 'bank.xml', source: Buffer.from(world.bank) }),
  ];
  for (const step of order === 'forward' ? steps : steps.toReversed()) await step();
}

const outcomesOf = (db: TestDatabase): Promise<unknown[]> => behindTheWall(db, `
  select f.file_name, o.line_number, o.outcome, o.case_id, o.disbursement_id, o.method, o.score, o.reasons
    from line_outcomes o join received_files f using (agency_id, file_id) order by 1, 2`);

let plain: TestDatabase;
let plainCtx: Ctx;
let plainPostings: string[];

beforeAll(async () => {
  plain = await testDatabase();
  plainCtx = testCtx(plain, { kind: 'system' });
  await fill(plainCtx, 'forward', false);
});

it('a noisy month: nothing posted wrongly, nearly everything posted', async () => {
  const outcomes = await reconcileAll(plainCtx);
  plainPostings = await postings(plain);
  let due = 0;
  let got = 0;
  for (const [at, expected] of world.truth) {
    const { outcome, caseId } = outcomes.get(at) ?? { outcome: 'missing', caseId: null };
    if (expected.outcome === 'any') continue;
    const isRight = outcome === expected.outcome && (expected.caseId === '' || caseId === expected.caseId);
    if (expected.caseId !== '') due += 1;
    if (expected.caseId !== '' && isRight) got += 1;
    if (['posted', 'returned'].includes(outcome) && !isRight && caseId !== expected.orCase) throw new Error(`${at} was posted on ${caseId}, not ${expected.caseId}: ${expected.noise}`);
  }
  expect(got / due).toBeGreaterThanOrEqual(0.97);
  expect((await checkLedger(plainCtx)).isClean).toBe(true);
});

it('the same files in any order and twice over make the same postings', async () => {
  const db = await testDatabase();
  await fill(testCtx(db, { kind: 'system' }), 'backward', true);
  await reconcileAll(testCtx(db, { kind: 'system' }));
  expect(await postings(db)).toEqual(plainPostings);
});

it.each([1, 3, 5])('killed in the middle of file %d and run again, it ends in the same state', async (atFile) => {
  const db = await testDatabase();
  const ctx = testCtx(db, { kind: 'system' });
  await fill(ctx, 'forward', false);
  const child = fork(new URL('../../support/reconciliation/killed-run.mjs', import.meta.url), [db.appUrl, String(atFile)], { execArgv: [] });
  const [said] = (await once(child, 'message')) as [string];
  expect(said).toBe('in the middle');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const outcomes = await reconcileAll(ctx);
  expect(outcomes.size).toBe(world.truth.size);
  expect(await postings(db)).toEqual(plainPostings);
  expect(await outcomesOf(db)).toEqual(await outcomesOf(plain));
  expect(await behindTheWall(db, 'select state from reconciliation_runs order by state')).toEqual([{ state: 'finished' }, { state: 'interrupted' }]);
  expect((await checkLedger(ctx)).isClean).toBe(true);
});
