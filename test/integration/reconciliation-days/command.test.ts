import type { AppCommand } from '../../../src/cli/command.ts';
import { dayCommands } from '../../../src/cli/days.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import { recordingTerminal } from '../../support/recording-terminal.ts';
import { FORWARDING, importLines } from '../../support/reconciliation/scene.ts';

it('a check that fails is named in words, with the code that a reason takes', async () => {
  const db = await testDatabase();
  await importLines(testCtx(db, { now: '2026-03-18T18:00:00Z' }), 'f.csv', FORWARDING, ['F-1,D1,2000000000001,ROSA MEZA LUNA,362.00,USD,,,,,2026-03-10,PENDIENTE,']);
  const ctx = testCtx(db, { kind: 'system', id: 'operator', now: '2026-03-20T18:00:00Z' });
  const close = (dayCommands as readonly AppCommand[]).find((c) => c.name === 'days close') as AppCommand;
  await expect(close.run(recordingTerminal(), { args: ['2026-03-18'], options: {} }, ctx)).rejects.toMatchObject({
    code: 'days.exceptions', params: { checks: expect.stringContaining('Everything that arrived is reconciled [unheard]') }, findings: expect.arrayContaining([expect.objectContaining({ code: 'days.file_not_reconciled' })]),
  });
});
