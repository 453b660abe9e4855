import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openKeptFileAt, streamKeptFile } from '../../../src/platform/files-at.ts';
import { keepFile, readKeptFile } from '../../../src/platform/files.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});

const CHUNK = 64 * 1024;
const keep = async (bytes: Buffer): Promise<string> => (await keepFile(testCtx(db), { fileName: 'f', source: bytes, bytesMax: 1e8 })).fileId;
const pathOf = (fileId: string): string => {
  const files = join(db.dataDir, 'files');
  const found = readdirSync(files, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(fileId));
  return join(files, found ?? '');
};

it.each([1, CHUNK - 1, CHUNK, CHUNK + 1, 20 * CHUNK + 7])('reads any piece of a file of %d bytes', async (size) => {
  const bytes = randomBytes(size);
  const file = await openKeptFileAt(testCtx(db), await keep(bytes));
  expect(file.size).toBe(size);
  for (const at of [0, 1, CHUNK - 1, CHUNK, 3 * CHUNK - 5, size - 1, size]) {
    for (const length of [1, 10, CHUNK, 5 * CHUNK + 3]) expect((await file.read(at, length)).equals(bytes.subarray(at, at + length))).toBe(true);
  }
  for (let at = 0; at < size; at += 10_007) expect((await file.read(at, 10_007)).equals(bytes.subarray(at, at + 10_007))).toBe(true);
  await file.close();
});

it('refuses a piece that was changed, and a file that was cut', async () => {
  const fileId = await keep(randomBytes(5 * CHUNK));
  const path = pathOf(fileId);
  const sealed = readFileSync(path);
  sealed.writeUInt8((sealed[3 * CHUNK] as number) ^ 1, 3 * CHUNK);
  writeFileSync(path, sealed);
  const file = await openKeptFileAt(testCtx(db), fileId);
  await expect(file.read(0, 1_000)).resolves.toHaveLength(1_000);
  await expect(file.read(0, 5 * CHUNK)).rejects.toMatchObject({ code: 'file.tampered' });
  await file.close();
  truncateSync(path, statSync(path).size - 1);
  await expect(openKeptFileAt(testCtx(db), fileId)).rejects.toMatchObject({ code: 'file.tampered' });
});

it('streams a part of a file without the rest, and lets go of it when nobody reads on', async () => {
  const bytes = randomBytes(9 * CHUNK + 5);
  const fileId = await keep(bytes);
  const path = pathOf(fileId);
  const partOf = async (from: number, to: number): Promise<Buffer> => Buffer.concat(await (await streamKeptFile(testCtx(db), fileId, { from, to })).toArray() as Buffer[]);
  expect(Buffer.concat(await (await streamKeptFile(testCtx(db), fileId)).toArray() as Buffer[]).equals(bytes)).toBe(true);
  for (const [from, to] of [[0, 0], [CHUNK - 1, CHUNK], [3, 7 * CHUNK], [bytes.length - 1, bytes.length - 1]] as const) expect((await partOf(from, to)).equals(bytes.subarray(from, to + 1))).toBe(true);
  const sealed = readFileSync(path);
  sealed.writeUInt8((sealed[5 * CHUNK] as number) ^ 1, 5 * CHUNK);
  writeFileSync(path, sealed);
  // What was changed lies outside of this part, and inside of that one.
  expect((await partOf(8 * CHUNK, 9 * CHUNK)).equals(bytes.subarray(8 * CHUNK, 9 * CHUNK + 1))).toBe(true);
  await expect(partOf(0, bytes.length - 1)).rejects.toMatchObject({ code: 'file.tampered' });
  const left = await streamKeptFile(testCtx(db), fileId);
  left.destroy();
  await new Promise((resolve) => left.once('close', resolve));
  const open = readdirSync('/proc/self/fd').map((number) => { try { return readlinkSync(`/proc/self/fd/${number}`); } catch { return ''; } });
  expect(open).not.toContain(path);
});

it('writes in large pieces what is read back as it was', async () => {
  const bytes = randomBytes(3_333_333);
  expect((await readKeptFile(testCtx(db), await keep(bytes))).equals(bytes)).toBe(true);
});
