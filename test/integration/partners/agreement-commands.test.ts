import { commandLine } from '../../support/command-line.ts';
import type { CommandLine } from '../../support/command-line.ts';

let line: CommandLine;
beforeAll(async () => {
  line = await commandLine();
});

it('what the list prints is taken by the commands for one agreement; help says why one may end', async () => {
  const listed = (await line.puente(['agreements', 'list'])).stdout;
  const printed = /[a-z0-9-]+:\d+/.exec(listed)?.[0] ?? '';
  expect(printed).not.toBe('');
  const shown = await line.puente(['agreements', 'show', printed, '--json']);
  expect([shown.code, (shown.lines[0] as { record: { agreementId: string } }).record.agreementId]).toEqual([0, printed.replace(/:\d+$/, '')]);
  expect((await line.puente(['agreements', 'show', 'no-such:1'])).code).toBe(3);
  const help = (await line.puente(['agreements', 'end', '--help'])).stdout;
  for (const reason of ['ended_by_partner', 'ended_by_us', 'replaced', 'ended_by_law', 'recorded_in_error']) expect(help).toContain(reason);
  expect((await line.puente(['agreements', 'end', printed, '--reason', 'because'])).code).toBe(2);
  expect((await line.puente(['agreements', 'end', printed, '--reason', 'replaced'])).code).toBe(0);
});
