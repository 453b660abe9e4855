import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractOf } from '../../support/cases/builders.ts';
import { commandLine } from '../../support/command-line.ts';
import type { Ended } from '../../support/command-line.ts';
import { aLockedPaper, aPaper } from '../../support/referrals/paper-files.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';
import { CALEXICO, partnerMessage } from '../../support/referrals-incoming/messages.ts';

it('receives, lists, shows, saves, accepts and refuses as scripts call it', async () => {
  const { db: { dataDir: folder }, put, ...line } = await commandLine();
  const puente = (...words: string[]): Promise<Ended> => line.puente([...words, '--json']);
  await puente('cases', 'import', put('cases.ndjson', extractOf([aMexicanCase({ caseId: 'IM-1' })])));
  const message = partnerMessage(aMexicanCase(), { packetId: 'pkt_01M00000000000000000000001' });
  const files = [put('a.xml', message), put('locked.pdf', await aLockedPaper())];
  const received = await puente('incoming', 'receive', ...files, '--partner', CALEXICO);
  expect([received.code, received.lines.map(({ kind, state }) => [kind, state])]).toEqual([3, [['message', 'proposed'], ['unknown', 'refused']]]);
  expect(received.stderr).toContain('locked with a password');
  expect((await puente('incoming', 'receive', files[0] ?? '', '--partner', CALEXICO)).lines).toEqual([expect.objectContaining({ alreadyReceived: true })]);
  const scan = ['incoming', 'receive', put('scan.pdf', await aPaper()), '--partner', CALEXICO, '--obligor', 'Genaro Mondragón Juárez=1978-12-27', '--child', 'Ana Laura Mondragón León=2011-01-10', '--service', 'locate'];
  expect((await puente(...scan, '--obligee', 'Rosa León=31/12/1980')).lines).toEqual([expect.objectContaining({ incomingId: null, error: 'incoming.cover_invalid' })]);
  expect((await puente(...scan)).lines).toEqual([expect.objectContaining({ kind: 'scan', state: 'proposed' })]);

  const [first, second] = (await puente('incoming', 'list')).lines.map(({ incomingId }) => String(incomingId)) as [string, string];
  const shown = await puente('incoming', 'show', first);
  expect([shown.code, shown.lines[0]]).toEqual([10, expect.objectContaining({ proposal: expect.objectContaining({ kind: 'case', caseId: 'IM-1' }) as unknown })]);
  const saved = await puente('incoming', 'save', first, '--out', join(folder, 'out'));
  expect(readFileSync(String(saved.lines[0]?.['file']))).toEqual(message);
  expect((await puente('incoming', 'save', first, '--out', join(folder, 'out'))).code).toBe(3);

  expect((await puente('incoming', 'accept', first)).code).toBe(2);
  const accepted = await puente('incoming', 'accept', first, '--case', 'IM-1');
  expect(accepted.lines).toEqual([{ incomingId: first, state: 'accepted', referralId: expect.stringMatching(/^ref_/) as unknown }]);
  expect((await puente('incoming', 'refuse', second, '--reason', 'incomplete')).lines).toEqual([{ incomingId: second, state: 'refused' }]);
  const decided = await puente('incoming', 'list', '--decided');
  expect(decided.lines.map(({ state }) => state).sort()).toEqual(['accepted', 'refused', 'refused']);
  const moved = await puente('referrals', 'show', String(accepted.lines[0]?.['referralId']));
  expect(JSON.stringify(moved.lines)).toContain('registry.intake');
}, 240_000);
