import { exchangeCaseloadCommands } from '../../../src/cli/exchange-caseload.ts';
import { listOutbox, listParked, readMessageContent } from '../../../src/modules/exchange/index.ts';
import { newestComparison } from '../../../src/modules/reconciliation/index.ts';
import { CALEXICO, exchangeScene, fromConsulate } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';

let scene: ExchangeScene;
beforeAll(async () => {
  scene = await exchangeScene();
  await scene.sent('IM-1');
  expect(await scene.work()).toEqual([]);
});

const list = (pair: readonly Readonly<Record<string, string>>[], more: Readonly<Record<string, unknown>> = {}, header: Readonly<Record<string, unknown>> = {}) =>
  fromConsulate({ caseloadReconciliation: { asOf: '2026-11-20', pairCount: pair.length, pair, ...more } }, header);

const told = async () => {
  const { items } = await listOutbox(scene.client, { partnerId: CALEXICO });
  const found = [];
  for (const { kind, messageId } of items) if (kind === 'caseloadReconciliation') found.push((await readMessageContent(scene.operator, messageId)).content);
  return found;
};

it('holds a list that came as a message against ours, answers with numbers only, and has a person look', async () => {
  const said = await scene.say(list([
    { fromFileNumber: 'CLX/1', toFileNumber: 'IM-1', state: 'closed' },
    // A case of ours that has nothing to do with this partner, and one that nobody has.
    { fromFileNumber: 'CLX/2', toFileNumber: 'IM-2', state: 'open' }, { fromFileNumber: 'CLX/3', toFileNumber: 'ZZ-99', state: 'open' },
  ], {}, { conversation: 'CLX-LIST-1' }));
  expect(said).toMatchObject({ kind: 'caseloadReconciliation', state: 'stored' });
  expect(await scene.work()).toEqual([]);
  const { comparison, differences } = await newestComparison(scene.operator, CALEXICO);
  expect(comparison).toMatchObject({ fileName: `${said.messageId}.csv`, lines: 3 });
  expect(differences.map(({ code }) => code)).toContain('closed_there');
  const [answer, ...more] = await told();
  expect(more).toEqual([]);
  expect(answer).toMatchObject({ caseloadReconciliation: { pairCount: 3, pair: [
    // The number under which we know it there.
    { fromFileNumber: 'IM-1', toFileNumber: 'CLX/2026/0007', state: 'open' }, { toFileNumber: 'CLX/2', state: 'open' }, { toFileNumber: 'CLX/3', state: 'open' },
  ] } });
  expect(JSON.stringify(answer)).not.toContain('IM-2');
  expect((await listParked(scene.operator)).rows.map(({ messageId, reasons }) => [messageId, reasons])).toEqual([[said.messageId, ['exchange.caseload_differs']]]);
  expect(await scene.count('caseload_comparisons')).toBe(1);
});

it('answers no answer, and a part of a list waits for a person', async () => {
  const [ours] = await told();
  const answered = await scene.say(list([{ fromFileNumber: 'CLX/1', toFileNumber: 'IM-1', state: 'closed' }], {}, { conversation: 'CLX-LIST-1', inReplyTo: (ours as { messageId: string }).messageId }));
  const part = await scene.say(list([{ fromFileNumber: 'CLX/1', toFileNumber: 'IM-1', state: 'open' }], { part: 1, parts: 2 }, { conversation: 'CLX-LIST-2' }));
  expect(await scene.work()).toEqual([]);
  expect(await told()).toHaveLength(1);
  const reasons = new Map((await listParked(scene.operator)).rows.map((row) => [row.messageId, row.reasons]));
  expect([reasons.get(answered.messageId), reasons.get(part.messageId)]).toEqual([['exchange.caseload_differs'], ['exchange.caseload_in_parts']]);
});

it('our own list goes as a draft, or at once where that is said', async () => {
  const said: unknown[] = [];
  const io = { say: () => undefined, words: (key: string) => key, table: () => undefined, finding: () => undefined, json: async (value: unknown) => void said.push(value), language: 'en' };
  const [command] = exchangeCaseloadCommands;
  const run = (options: Record<string, unknown>) => command?.run(io as never, { args: [], options } as never, scene.operator as never);
  await run({ partner: CALEXICO });
  expect(said).toEqual([{ messageId: expect.stringMatching(/^msg_/) as string, state: 'draft', pairs: 1 }]);
  expect(await told()).toHaveLength(1);
  await run({ partner: CALEXICO, county: '06025', send: true });
  expect(await scene.work()).toEqual([]);
  expect((await told()).at(-1)).toMatchObject({ caseloadReconciliation: { pair: [{ fromFileNumber: 'IM-1', state: 'open' }] } });
  await expect(run({ partner: CALEXICO, county: '06037' })).rejects.toMatchObject({ code: 'caseload.nothing_exchanged' });
});
