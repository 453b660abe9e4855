import type { AppCommand } from '../../../src/cli/command.ts';
import { suspenseCommands } from '../../../src/cli/suspense.ts';
import { tellStory } from '../../../src/cli/run-story.ts';
import { addSuspenseNote, listSuspense, reconcile } from '../../../src/modules/reconciliation/index.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import { recordingTerminal } from '../../support/recording-terminal.ts';
import { importCredits, importLines, REMITTANCE } from '../../support/reconciliation/scene.ts';
import { C1, collected, importCouples } from '../../support/reconciliation/suspense-scene.ts';

async function run(ctx: ReturnType<typeof testCtx>, name: string, args: string[] = []) {
  const io = recordingTerminal();
  const code = await (suspenseCommands.find((c) => c.name === `suspense ${name}`) as AppCommand).run(io, { args, options: {} }, ctx);
  return { code, said: io.lines.join('\n'), values: io.values };
}

it('an item is shown in words: the line as printed, its transfer, the cases with what speaks for them, the notes', async () => {
  const db = await testDatabase();
  const ctx = testCtx(db, { kind: 'system', id: 'operator' });
  await importCouples(ctx);
  await importLines(ctx, 'r.csv', REMITTANCE, [collected({ folio: 'R-1', caseId: C1 })]);
  await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
  await reconcile(ctx);
  const { rows } = await listSuspense(ctx, {}, () => true);
  const item = rows.find((r) => r.kind === 'line')?.itemKey ?? '';
  await addSuspenseNote(ctx, item, 'Asked the consulate.');
  const { said } = await run(ctx, 'show', [item]);
  for (const told of ['Line 2 of r.csv', 'Reference: R-1', 'Obligor: Nadie Conocido Uno', 'Amount remitted: 110.00 USD', 'Transfer: TR1', 'the money arrived and the amounts agree', 'Possible cases', C1, ' bits', 'Asked the consulate.']) expect(said).toContain(told);
});

it('the codes of reasons can be asked for, decision by decision', async () => {
  const ctx = testCtx(await testDatabase(), { kind: 'system', id: 'operator' });
  const { said, values } = await run(ctx, 'reasons');
  expect(said).toContain('names_confirmed');
  expect(values).toContainEqual({ decision: 'return', code: 'sender_asked', words: 'the sender asked for it back' });
});

it('the story of a run that found nothing says so in one line', async () => {
  const ctx = testCtx(await testDatabase(), { kind: 'system', id: 'operator' });
  const { runId } = await reconcile(ctx);
  const io = recordingTerminal();
  expect([await tellStory(io, ctx, runId), io.lines]).toEqual([0, ['Nothing came: this run found nothing to reconcile, and nothing moved.']]);
});
