import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import ssh2 from 'ssh2';
import { LIMITS } from '../../../src/sftp/limits.ts';
import { behindTheWall } from '../../support/database.ts';
import { RawSftp, str, u32, u64 } from '../../support/sftp/raw.ts';
import { offer, sftpSite } from '../../support/sftp/site.ts';
import type { SftpSite } from '../../support/sftp/site.ts';

const [OK, EOF, NO_SUCH_FILE, DENIED, FAILURE, UNSUPPORTED] = [0, 1, 2, 3, 4, 8];
const WRITE_NEW = 2 | 8 | 16;

let site: SftpSite;
beforeAll(async () => {
  site = await sftpSite({ patience: { signInMs: 4_000, idleMs: 60_000, stalledMs: 700 } });
});
afterEach(() => site.hangUp());
afterAll(() => site.close());

async function raw(): Promise<RawSftp> {
  const { client } = await site.client();
  return RawSftp.open(client);
}
const handleOf = async (sftp: RawSftp, path: string | Uint8Array, flags = WRITE_NEW): Promise<Buffer> => {
  const handle = await sftp.openFile(path, flags);
  if (!Buffer.isBuffer(handle)) throw new Error(`not opened: ${String(handle)}`);
  return handle;
};
const received = (): Promise<number> => site.scene.count('exchange_messages');
const half = (): string[] => readdirSync(join(site.scene.db.dataDir, 'files/half'));
let lists = 0;
const aList = (): Buffer => Buffer.from(`folio,amount\nH-${++lists},10.00\n`);

describe('writing', () => {
  it('takes pieces that come out of order', async () => {
    const sftp = await raw();
    const bytes = Buffer.concat([Buffer.from('folio,amount\n'), ...Array.from({ length: 4_000 }, () => aList().subarray(13))]);
    const handle = await handleOf(sftp, '/inbox/order.csv');
    const half = Math.floor(bytes.length / 2);
    const answers = await Promise.all([sftp.put(handle, BigInt(half), bytes.subarray(half)), sftp.put(handle, 0n, bytes.subarray(0, half))]);
    expect([...answers.map(({ status }) => status), (await sftp.close(handle)).status]).toEqual([OK, OK, OK]);
    const [row] = await behindTheWall<{ n: string }>(site.scene.db, 'select byte_count as n from exchange_messages order by stored_at desc, message_id desc limit 1');
    expect(Number(row?.n)).toBe(bytes.length);
  });

  it.each<[string, readonly (readonly [bigint, string])[]]>([
    ['a gap', [[0n, 'folio,a\n'], [100n, 'x']]],
    ['a sparse file', [[2n ** 53n, 'x']]],
    ['the end of numbers', [[2n ** 64n - 1n, 'x']]],
    ['what is written twice', [[0n, 'folio,a\n'], [0n, 'folio,b\n']]],
    ['what overlaps', [[0n, 'folio,a\n'], [4n, 'folio,b\n']]],
    ['early pieces that overlap', [[10n, 'abcdef'], [12n, 'abcdef'], [0n, '0123456789']]],
    ['an early piece that the first ones reach', [[10n, 'abcdef'], [0n, '0123456789xyz']]],
    ['nothing at all', []],
  ])('makes no file of %s', async (_what, writes) => {
    const sftp = await raw();
    const before = await received();
    const handle = await handleOf(sftp, '/inbox/broken.csv');
    for (const [offset, text] of writes) await sftp.put(handle, offset, Buffer.from(text));
    expect((await sftp.close(handle)).status).toBe(FAILURE);
    expect([await received(), half()]).toEqual([before, []]);
    expect((await sftp.ask(17, str('/inbox/broken.csv'))).status).toBe(NO_SUCH_FILE);
  });

  it('holds a client to the size that it announced', async () => {
    const sftp = await raw();
    const handle = await handleOf(sftp, '/inbox/size.csv');
    expect((await sftp.ask(10, str(handle), u32(1), u64(1_000n))).status).toBe(OK);
    await sftp.put(handle, 0n, aList());
    expect((await sftp.ask(10, str(handle), u32(1), u64(3n))).status).toBe(FAILURE);
    expect((await sftp.close(handle)).status).toBe(FAILURE);
  });

  it('keeps nothing of an upload whose client goes away', async () => {
    const { client } = await site.client();
    const sftp = await RawSftp.open(client);
    const before = await received();
    const handle = await handleOf(sftp, '/inbox/gone.csv');
    await sftp.put(handle, 0n, randomBytes(200_000));
    for (let at = 200_000; at < 3_000_000; at += 200_000) await sftp.put(handle, BigInt(at), randomBytes(200_000));
    const gone = new Promise<void>((resolve) => { client.once('close', () => resolve()); });
    client.destroy();
    await gone;
    // Another client's answer comes after the server has cleared away.
    for (let tries = 0; tries < 100 && half().length > 0; tries++) await (await raw()).ask(17, str('/'));
    expect([await received(), half()]).toEqual([before, []]);
  });

  it('bounds how much lies unfinished', async () => {
    const sftp = await raw();
    const handles: (Buffer | number | null)[] = [];
    for (let n = 0; n < 10; n++) handles.push(await sftp.openFile(`/inbox/many-${n}`, WRITE_NEW));
    expect(handles.filter((handle) => handle === FAILURE)).toHaveLength(2);
  });

  it.each([['an append', 2 | 4 | 8, OK], ['without leave to create', 2, NO_SUCH_FILE], ['to read as well', 1 | 2 | 8, DENIED]])('opens %s as it should', async (_what, flags, status) => {
    const sftp = await raw();
    const handle = await sftp.openFile('/inbox/flags.csv', flags);
    expect(Buffer.isBuffer(handle) ? OK : handle).toBe(status);
  });
});

describe('names', () => {
  it.each([
    ['CP949', iconv.encode('송금 명세.csv', 'cp949'), '송금 명세.csv'],
    ['UTF-8', Buffer.from('relación de pagos.csv'), 'relación de pagos.csv'],
    ['bytes that are no text', Buffer.of(0xff, 0xfe, 0x80, 0x2e, 0x63), null],
  ])('takes a name in %s, and gives it back as it came', async (_what, name, _text) => {
    const sftp = await raw();
    const path = Buffer.concat([Buffer.from('/inbox/'), name]);
    const handle = await handleOf(sftp, path);
    await sftp.put(handle, 0n, aList());
    expect((await sftp.close(handle)).status).toBe(OK);
    expect((await sftp.ask(17, str(path))).kind).toBe(105);
    const folder = await sftp.ask(11, str('/inbox'));
    expect((await sftp.ask(12, str(folder.body.subarray(4)))).body.includes(name)).toBe(true);
  });

  it.each([
    ['too long', `/inbox/${'x'.repeat(10_000)}`], ['a little too long', `/inbox/${'x'.repeat(256)}`], ['with NUL', '/inbox/a\0b'], ['of the parent of the root', '/../../etc/passwd'],
    ['below a file', '/inbox/a/b'], ['of a root of its own', '/etc/shadow'], ['with backslashes', '..\\..\\etc'],
  ])('knows no name %s', async (_what, path) => {
    const sftp = await raw();
    expect(await sftp.openFile(path, 1)).toBe(NO_SUCH_FILE);
    expect((await sftp.ask(17, str(path))).status).toBe(NO_SUCH_FILE);
    expect([NO_SUCH_FILE, DENIED]).toContain(await sftp.openFile(path, WRITE_NEW));
  });

  it('goes up no further than its root', async () => {
    const { body } = await (await raw()).ask(16, str('/inbox/../../../outbox/./'));
    expect(body.subarray(8, 8 + body.readUInt32BE(4)).toString()).toBe('/outbox');
  });
});

describe('reading', () => {
  it('gives any piece of a file, and nothing beyond it', async () => {
    const bytes = randomBytes(400_000);
    const { name } = await offer(site.scene, { file: bytes });
    const sftp = await raw();
    const handle = await handleOf(sftp, `/outbox/${name}`, 1);
    for (const [at, length] of [[0, 10], [65_535, 3], [399_999, 1], [131_072, 200_000], [0, 4_000_000], [7, 0]] as const) {
      const { kind, body } = await sftp.read(handle, BigInt(at), length);
      expect([kind, body.subarray(4).equals(bytes.subarray(at, at + Math.min(length, 255 * 1024)))]).toEqual([103, true]);
    }
    for (const at of [400_000n, 2n ** 53n, 2n ** 64n - 1n]) expect((await sftp.read(handle, at, 100)).status).toBe(EOF);
    expect((await sftp.put(handle, 0n, Buffer.from('x'))).status).toBe(DENIED);
    expect((await sftp.close(handle)).status).toBe(OK);
    expect((await sftp.read(handle, 0n, 1)).status).toBe(FAILURE);
  });

  it('cuts off a client that asks and does not read', async () => {
    const { name } = await offer(site.scene, { file: randomBytes(2_000_000) });
    const { client } = await site.client();
    const sftp = await RawSftp.open(client);
    const handle = await handleOf(sftp, `/outbox/${name}`, 1);
    const gone = new Promise<void>((resolve) => { client.once('close', () => resolve()).on('error', () => undefined); });
    sftp.channel.pause();
    sftp.channel.removeAllListeners('data');
    for (let n = 0; n < 2_000; n++) sftp.write(Buffer.concat([Buffer.of(5), u32(n), str(handle), u64(0n), u32(255_000)]));
    await gone;
    expect((await (await raw()).ask(17, str('/'))).kind).toBe(105);
  });
});

describe('requests', () => {
  it('answers what it does not know with “unsupported”', async () => {
    const sftp = await raw();
    expect((await sftp.ask(200, str('copy-data'))).status).toBe(UNSUPPORTED);
    expect((await sftp.ask(200, str('hardlink@openssh.com'), str('/inbox/a'), str('/inbox/b'))).status).toBe(UNSUPPORTED);
    expect((await sftp.ask(99, str('x'))).status).toBe(UNSUPPORTED);
    expect((await sftp.ask(19, str('/inbox/a'))).status).toBe(UNSUPPORTED);
    expect((await sftp.ask(20, str('/etc'), str('/inbox/a'))).status).toBe(UNSUPPORTED);
  });

  it('bounds handles', async () => {
    const sftp = await raw();
    const kinds = await Promise.all(Array.from({ length: 300 }, () => sftp.ask(11, str('/'))));
    expect(kinds.filter(({ kind }) => kind === 102)).toHaveLength(64);
    expect(kinds.filter(({ status }) => status === FAILURE)).toHaveLength(236);
  });

  it.each([
    ['a length beyond all bounds', Buffer.concat([u32(0x7fffffff), Buffer.of(5)])], ['a negative length', Buffer.concat([u32(0xffffffff), Buffer.of(5)])], ['no length', u32(0)],
    ['a message that ends too soon', Buffer.concat([u32(9), Buffer.of(3), u32(7), u32(50)])], ['a request without an id', Buffer.concat([u32(2), Buffer.of(3, 1)])],
    ['a write that says it is longer than it is', Buffer.concat([u32(26), Buffer.of(6), u32(1), u32(1), Buffer.from('x'), u64(0n), u32(5_000), Buffer.of(1, 2, 3, 4)])],
  ])('ends the session at %s, and no other', async (_what, bytes) => {
    const [sftp, other] = [await raw(), await raw()];
    sftp.channel.write(bytes);
    await sftp.closed;
    expect((await other.ask(17, str('/'))).kind).toBe(105);
  });

  it('survives noise', async () => {
    for (let round = 0; round < 10; round++) {
      const sftp = await raw();
      sftp.channel.on('error', () => undefined);
      sftp.channel.write(Buffer.concat([u32(60), Buffer.of(3 + (round * 2)), randomBytes(59)]));
      sftp.channel.write(randomBytes(1 + round * 50));
      sftp.channel.end();
      await sftp.closed;
      await site.hangUp();
    }
    expect((await (await raw()).ask(17, str('/'))).kind).toBe(105);
  });
});

describe('connections', () => {
  const dial = (): Promise<Socket> => new Promise((resolve, reject) => {
    const socket = connect(site.server.port, '127.0.0.1', () => resolve(socket)).on('error', reject);
  });
  const ended = (socket: Socket): Promise<void> => new Promise((resolve) => { socket.resume().once('close', () => resolve()).on('error', () => undefined); });

  it('tells nothing of itself, and cuts off who does not sign in', async () => {
    const socket = await dial();
    const banner = new Promise<string>((resolve) => { socket.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1').split('\r\n')[0] ?? '')); });
    expect(await banner).toBe('SSH-2.0-SFTP');
    await ended(socket);
  });

  it('takes no more from one address than it may have', async () => {
    const fresh = await sftpSite({ door: LIMITS });
    try {
      const dialled = await Promise.all(Array.from({ length: 60 }, () => new Promise<Socket>((resolve) => {
        const socket = connect(fresh.server.port, '127.0.0.1', () => resolve(socket));
        socket.on('error', () => undefined);
      })));
      const outcomes = await Promise.all(dialled.map((socket) => new Promise<string>((resolve) => {
        socket.once('data', () => resolve('greeted')).once('close', () => resolve('closed'));
      })));
      expect(outcomes.filter((outcome) => outcome === 'greeted')).toHaveLength(20);
      for (const socket of dialled) socket.destroy();
    } finally {
      await fresh.close();
    }
  });

  it('lets nobody in by password, nor by a key signed for another', async () => {
    const { privateKey } = await site.key({ isKnown: false });
    const attempt = (given: object): Promise<string> => new Promise((resolve) => {
      const client = new ssh2.Client();
      client.on('ready', () => resolve('in')).on('error', (error) => resolve(error.message));
      client.connect({ host: '127.0.0.1', port: site.server.port, username: 'mx-consulate-calexico', ...given });
    });
    expect(await attempt({ password: 'secret' })).toMatch(/authentication methods failed/);
    expect(await attempt({ privateKey })).toMatch(/authentication methods failed/);
  });

  it('shuts out a key that was revoked', async () => {
    const { privateKey, keyId } = await site.key();
    (await site.client({ privateKey })).client.end();
    const { revokePartnerKey } = await import('../../../src/modules/identity/index.ts');
    await revokePartnerKey(site.scene.operator, keyId);
    await expect(site.client({ privateKey })).rejects.toThrow(/authentication methods failed/);
  });
});
