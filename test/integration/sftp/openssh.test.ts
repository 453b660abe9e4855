import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fromConsulate } from '../../support/exchange/scene.ts';
import { ensureOpenssh } from '../../support/sftp/ensure-openssh.mjs';
import { contentOf, offer, run, sftpSite } from '../../support/sftp/site.ts';
import type { SftpSite } from '../../support/sftp/site.ts';

let site: SftpSite;
beforeAll(async () => {
  const { sftp, reason } = ensureOpenssh();
  if (sftp === null) throw new Error(`these tests need OpenSSH's client: ${reason}`);
  site = await sftpSite();
});
afterAll(() => site.close());

let lists = 0;
const aList = (): string => `folio,amount\nA-${++lists},10.00\n`;
const messages = (where: string): Promise<number> => site.scene.count(`exchange_messages where direction = 'in' and channel = 'sftp' and ${where}`);

it('shows three folders and nothing else', async () => {
  const { status, output } = await site.openssh(['pwd', 'ls -1', 'ls -la /', 'cd /outbox', 'ls -1', 'df /inbox']);
  expect(output).toContain('Remote working directory: /');
  expect(output).toMatch(/inbox\noutbox\nreceipts/);
  expect(status).toBe(0);
});

it('receives what is put, and has the receipt ready under the name of the file', async () => {
  const local = site.file('list.csv', aList());
  const { status, output } = await site.openssh([`put ${local} /inbox/list.csv`, 'ls -l /inbox', `get /receipts/list.csv.p7s ${site.folder}/list.p7s`, 'ls -1 /receipts']);
  expect(output).toContain('-submitted.p7s');
  expect(status).toBe(0);
  expect(contentOf(join(site.folder, 'list.p7s')).length).toBeGreaterThan(500);
});

it('keeps what it refuses, answers that it has it, and says why in the receipt', async () => {
  const before = await messages(`state = 'refused'`);
  const { status, output } = await site.openssh([`put ${site.file('odd.bin', randomBytes(2_000))} /inbox/odd.bin`, 'ls -1 /receipts']);
  expect([status, output.includes('-refused.p7s')]).toEqual([0, true]);
  expect(await messages(`state = 'refused'`)).toBe(before + 1);
});

it('takes a file under a passing name for whole when it is renamed, and not before', async () => {
  const before = await messages('true');
  const local = site.file('later.csv', aList());
  const left = await site.openssh([`put ${local} /inbox/later.csv.part`, 'ls -1 /inbox']);
  expect([left.status, left.output.includes('later.csv.part\n', left.output.indexOf('ls -1'))]).toEqual([0, false]);
  expect(await messages('true')).toBe(before);
  const renamed = await site.openssh([`put ${local} /inbox/later.csv.part`, 'rename /inbox/later.csv.part /inbox/later.csv', 'ls -1 /inbox', `get /receipts/later.csv.p7s ${site.folder}/later.p7s`]);
  expect([renamed.status, renamed.output.includes('/inbox/later.csv\n')]).toEqual([0, true]);
  expect(await messages('true')).toBe(before + 1);
});

it('gives the same receipt for the same file', async () => {
  const local = site.file('twice.csv', aList());
  const before = await messages('true');
  const get = (name: string): string => `get /receipts/${name}.csv.p7s ${site.folder}/${name}.p7s`;
  expect((await site.openssh([`put ${local} /inbox/one.csv`, `put ${local} /inbox/two.csv`, get('one'), get('two')])).status).toBe(0);
  expect(contentOf(join(site.folder, 'one.p7s')).equals(contentOf(join(site.folder, 'two.p7s')))).toBe(true);
  expect(await messages('true')).toBe(before + 1);
});

it('hands out a packet; who has read it whole has fetched it', async () => {
  const bytes = randomBytes(3_000_001);
  const { messageId, name } = await offer(site.scene, { file: bytes });
  const state = () => site.scene.count(`exchange_messages where message_id = $1 and state = 'retrieved'`, [messageId]);
  const listed = await site.openssh(['ls -l /outbox']);
  expect(listed.output).toMatch(new RegExp(`3000001 .* /outbox/${name.replace('.', '\\.')}|3000001 .*${name.replace('.', '\\.')}`, 'u'));
  expect(await state()).toBe(0);
  expect((await site.openssh([`get /outbox/${name} ${site.folder}/down`, `ls -1 /receipts`])).output).toContain(`${messageId}.1-retrieved.p7s`);
  expect(contentOf(join(site.folder, 'down')).equals(bytes)).toBe(true);
  expect(await state()).toBe(1);
});

it('goes on while keys are exchanged anew', async () => {
  const bytes = randomBytes(6_000_000);
  const { name } = await offer(site.scene, { file: bytes });
  const options = ['-o', 'RekeyLimit=500K'];
  expect((await site.openssh([`get /outbox/${name} ${site.folder}/rekeyed`, `put ${site.file('up.bin', bytes)} /inbox/up.bin`, 'ls -l /inbox'], { options })).output).toContain('6000000');
  expect(contentOf(join(site.folder, 'rekeyed')).equals(bytes)).toBe(true);
});

it('goes on where a download ended', async () => {
  const bytes = randomBytes(1_000_003);
  const { name, messageId } = await offer(site.scene, { file: bytes });
  const half = site.file('half', bytes.subarray(0, 400_001));
  expect((await site.openssh([`reget /outbox/${name} ${half}`])).status).toBe(0);
  expect(contentOf(half).equals(bytes)).toBe(true);
  const isRetrieved = () => site.scene.count(`exchange_messages where message_id = $1 and state = 'retrieved'`, [messageId]);
  expect(await isRetrieved()).toBe(0);
  // Whoever takes the rest, too, has the whole.
  expect((await site.openssh([`get /outbox/${name} ${half}`])).status).toBe(0);
  expect(await isRetrieved()).toBe(1);
});

it('lets one pick up what several want', async () => {
  const { name } = await offer(site.scene, { message: fromConsulate({ statusRequest: { question: ['progress'] } }) });
  const claim = () => site.openssh([`rename /outbox/${name} /outbox/picked-up/${name}`]);
  const statuses = await Promise.all([claim(), claim(), claim()]);
  expect(statuses.map(({ status }) => status).sort()).toEqual([0, 1, 1]);
  const after = await site.openssh(['ls -1 /outbox', 'ls -1 /outbox/picked-up', `get /outbox/picked-up/${name} ${site.folder}/message.xml`, `-get /outbox/${name} ${site.folder}/gone`]);
  expect(after.output.split(`/outbox/picked-up/${name}`).length).toBeGreaterThan(1);
  expect(after.output.split('ls -1 /outbox/picked-up')[0]).not.toContain(`/outbox/${name}`);
  expect(contentOf(join(site.folder, 'message.xml')).toString('utf8')).toContain('<statusRequest');
});

it.each(['mkdir /inbox/x', 'mkdir /x', 'rmdir /inbox', 'rm /receipts/x', 'symlink /inbox/a /inbox/b', 'ln /inbox/a /inbox/b', 'get /inbox/x', 'put LOCAL /outbox/x', 'put LOCAL /x', 'rename /receipts/x /receipts/y', 'rename /receipts/x /inbox/y', 'get /../../etc/passwd', 'cd /etc',
  'chmod 777 /outbox', 'rename /inbox /outbox', 'rename /outbox /inbox/x'])('refuses %s', async (command) => {
  const { status } = await site.openssh([command.replace('LOCAL', site.file('local.csv', aList()))]);
  expect(status).toBe(1);
});

it('sets times and modes of a file without effect, as clients do', async () => {
  const { status } = await site.openssh([`put -p ${site.file('times.csv', aList())} /inbox/times.csv`, 'chmod 600 /inbox/times.csv']);
  expect(status).toBe(0);
});

describe('whoever comes', () => {
  it('comes with a key that is known, of a kind that holds', async () => {
    const [rsa, ecdsa, stranger] = [await site.key({ algorithm: 'rsa' }), await site.key({ algorithm: 'ecdsa' }), await site.key({ isKnown: false })];
    expect((await site.openssh(['pwd'], { key: rsa.path })).status).toBe(0);
    expect((await site.openssh(['pwd'], { key: ecdsa.path })).status).toBe(0);
    expect((await site.openssh(['pwd'], { key: stranger.path })).output).toContain('Permission denied (publickey)');
    expect((await site.openssh(['pwd'], { user: 'kr-kcsa' })).output).toContain('Permission denied (publickey)');
    expect((await site.openssh(['pwd'], { key: (await site.key({ networks: ['10.0.0.0/8'] })).path })).output).toContain('Permission denied (publickey)');
  });

  it('sees nothing of another partner', async () => {
    const { name, messageId } = await offer(site.scene, { file: randomBytes(10_000) });
    const other = await site.key({ partnerId: 'kr-kcsa' });
    const { output } = await site.openssh(['ls -1 /outbox', 'ls -1 /receipts', `-get /outbox/${name}`, `-rm /outbox/${name}`, `-get /receipts/${messageId}.1-retrieved.p7s`], { key: other.path, user: 'kr-kcsa' });
    expect(output.match(/^\/(outbox|receipts)\/\S+$/gmu)?.filter((line) => line !== '/outbox/picked-up') ?? []).toEqual([]);
    expect(output).toContain('not found');
  });

  it('gets no shell, no command, no way through', async () => {
    const { path } = await site.key();
    const ssh = (...words: string[]) => run('ssh', ['-F', 'none', '-p', String(site.server.port), '-i', path, '-o', `UserKnownHostsFile=${join(site.folder, 'known_hosts')}`, '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes', ...words]);
    expect((await ssh('mx-consulate-calexico@127.0.0.1', 'id')).status).not.toBe(0);
    expect((await ssh('-W', '127.0.0.1:22', 'mx-consulate-calexico@127.0.0.1')).output).toMatch(/prohibited|failed/);
    expect((await ssh('-o', 'ExitOnForwardFailure=yes', '-R', '0:127.0.0.1:22', 'mx-consulate-calexico@127.0.0.1', '-N')).output).toMatch(/remote port forwarding failed/);
  });
});

it('leaves no half files behind', () => {
  expect(readdirSync(join(site.scene.db.dataDir, 'files/half'))).toEqual([]);
});
