import type { AppCommand } from '../../../src/cli/command.ts';
import { suspenseCommands } from '../../../src/cli/suspense.ts';
import { approveDecision, reconcile } from '../../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { recordingTerminal } from '../../support/recording-terminal.ts';
import { importCredits, importLines, REMITTANCE } from '../../support/reconciliation/scene.ts';
import { C1, C2, collected, importCouples, people } from '../../support/reconciliation/suspense-scene.ts';

let db: TestDatabase;
let ctx: Ctx;
beforeAll(async () => {
  db = await testDatabase();
  ctx = testCtx(db, { kind: 'system', id: 'operator' });
  await importCouples(ctx);
  await importLines(ctx, 'r.csv', REMITTANCE, [collected({ folio: 'R-1' }), collected({ folio: 'R-2', usd: '60.00' }), collected({ folio: 'R-3', usd: '10.00' })]);
  await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '180.00', on: '2026-03-09' }]);
  await reconcile(ctx);
});

async function run(name: string, args: string[] = [], options: Record<string, string | boolean | string[]> = {}, who: Ctx = ctx) {
  const command = suspenseCommands.find((c) => c.name === `suspense ${name}`) as AppCommand;
  const io = recordingTerminal();
  const code = await command.run(io, { args, options }, who);
  return { code, values: io.values as Record<string, unknown>[], said: io.lines.join('\n') };
}

it('lists, shows, takes, decides and proposes, as JSON and in words', async () => {
  const listed = await run('list');
  const keys = new Map(listed.values.filter((v) => 'reference' in v).map((v) => [v['reference'] as string, v['itemKey'] as string]));
  expect([listed.code, [...keys.keys()].sort(), listed.values.at(-1)]).toEqual([0, ['R-1', 'R-2', 'R-3'], { totals: [expect.objectContaining({ itemsMinor: '18000', ledgerMinor: '18000', differenceMinor: '0' })], items: 3 }]);
  const [first, second, third] = [keys.get('R-1'), keys.get('R-2'), keys.get('R-3')] as [string, string, string];
  expect((await run('show', [first])).values[0]).toMatchObject({ itemKey: first, line: { line: { obligorName: 'Nadie Conocido Uno' } } });
  expect((await run('take', [first])).values[0]).toMatchObject({ itemKey: first });
  expect((await run('match', [first], { case: C1, reason: 'names_confirmed', request: 'job-2026-03-09-line-1' })).values[0]).toMatchObject({ state: 'done' });
  expect((await run('match', [first], { case: C1, reason: 'names_confirmed', request: 'job-2026-03-09-line-1' })).code).toBe(0);
  const split = await run('split', [second], { part: [`${C1}=20.00`, `${C2}=40.00`], reason: 'partner_confirmed' });
  expect([split.code, split.values[0]]).toEqual([10, expect.objectContaining({ state: 'proposed', needsSecond: true })]);
  const decision = split.values[0]?.['decisionId'] as string;
  expect((await run('proposals')).values).toMatchObject([{ decisionId: decision, amountMinor: '6000' }]);
  // Agreeing is for people with accounts, on the page.
  expect([split.said.includes('on the page “Suspense”'), suspenseCommands.some(({ name }) => name === 'suspense approve')]).toEqual([true, false]);
  await approveDecision(people(db).sue, decision);
  await run('note', [third], { note: 'x' });
  await run('hold', [third], { until: '2026-12-24', reason: 'partner_asked' });
  expect((await run('list')).values.at(-1)).toMatchObject({ items: 0 });
  await run('hold', [third]);
  await run('refuse', [third], { case: C2, reason: 'other_person' });
  await run('release', [third]);
  const ordered = await run('return', [third], { reason: 'payer_unknown' });
  expect((await run('reject', [ordered.values[0]?.['decisionId'] as string], { reason: 'other', note: 'x' }, people(db).ben)).values[0]).toMatchObject({ state: 'rejected' });
  expect((await run('unmatch', [first], { reason: 'wrong_case' })).code).toBe(10);
  expect((await run('holds')).values).toEqual([]);
});
