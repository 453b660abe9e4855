import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { inTransaction } from '../../../src/platform/context.ts';
import { keepFile, openKeptFile } from '../../../src/platform/files.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

let db: TestDatabase;
beforeAll(async () => { db = await testDatabase(); });

const keep = (bytes: Uint8Array | Readable, given: Parameters<typeof testCtx>[1] = {}, bytesMax = 10_000_000) =>
  keepFile(testCtx(db, given), { fileName: 'informe.csv', source: bytes, bytesMax });
const read = (fileId: string, given: Parameters<typeof testCtx>[1] = {}) => buffer(openKeptFile(testCtx(db, given), fileId));
const sealedPath = (fileId: string) => join(db.dataDir, 'files', 'us-ca', fileId.slice(-2), fileId);
const halves = () => readdirSync(join(db.dataDir, 'files', 'half'));

describe('kept files', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_003])('gives %i bytes back as they came, and encrypts them', async (length) => {
    const bytes = randomBytes(length);
    const kept = await keep(bytes);
    expect(kept).toMatchObject({ byteCount: length, sha256: createHash('sha256').update(bytes).digest('hex'), alreadyKept: false });
    expect((await read(kept.fileId)).equals(bytes)).toBe(true);
    if (length > 32) expect(readFileSync(sealedPath(kept.fileId)).includes(bytes.subarray(0, 32))).toBe(false);
    expect(statSync(sealedPath(kept.fileId)).mode & 0o077).toBe(0);
  });

  it('keeps the same bytes once, also when they come twice at once', async () => {
    const bytes = randomBytes(200_000);
    const both = await Promise.all([keep(bytes), keep(Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]))]);
    expect(both[0].fileId).toBe(both[1].fileId);
    expect((await keep(bytes)).alreadyKept).toBe(true);
    expect(halves()).toEqual([]);
  });

  it('refuses what is too large and keeps nothing of it', async () => {
    await expect(keep(randomBytes(1001), {}, 1000)).rejects.toMatchObject({ kind: 'invalid', code: 'file.too_large' });
    const broken = Readable.from((async function* () { yield Buffer.from('begin'); throw new Error('cut'); })());
    await expect(keep(broken)).rejects.toThrow('cut');
    expect(halves()).toEqual([]);
  });

  it('leaves no row when the transaction around it fails', async () => {
    const bytes = randomBytes(50);
    const failing = inTransaction(testCtx(db), async (ctx) => {
      await keepFile(ctx, { fileName: 'a', source: bytes, bytesMax: 100 });
      throw new Error('later');
    });
    await expect(failing).rejects.toThrow('later');
    expect((await keep(bytes)).alreadyKept).toBe(false);
  });

  it('fails while reading when a byte, the end or the whole file was changed', async () => {
    const kept = await keep(randomBytes(200_000));
    const sealed = readFileSync(sealedPath(kept.fileId));
    for (const changed of [flip(sealed, 3), flip(sealed, 20), flip(sealed, 100), flip(sealed, sealed.length - 1), sealed.subarray(0, 37 + 65_552), sealed.subarray(0, 37), sealed.subarray(0, sealed.length - 1), swapChunks(sealed)]) {
      writeFileSync(sealedPath(kept.fileId), changed);
      await expect(read(kept.fileId)).rejects.toMatchObject({ kind: 'conflict', code: 'file.tampered' });
    }
    const other = await keep(randomBytes(10));
    writeFileSync(sealedPath(kept.fileId), readFileSync(sealedPath(other.fileId)));
    await expect(read(kept.fileId)).rejects.toMatchObject({ code: 'file.tampered' });
    rmSync(sealedPath(kept.fileId));
    await expect(read(kept.fileId)).rejects.toMatchObject({ code: 'file.bytes_missing' });
  });

  it('shows a file of the agency to who sees all counties and to whoever kept it, and to a partner\'s officer none', async () => {
    const [ours, theirs, county] = [await keep(randomBytes(9)), await keepFile(testCtx(db), { fileName: 'a.pdf', source: randomBytes(9), bytesMax: 10, partner: 'mx-sre' }), await keep(randomBytes(9), { counties: ['06025'], id: 'usr_county' })];
    for (const partner of ['mx-sre', 'kr-kcsa']) {
      for (const kept of [ours, theirs]) await expect(read(kept.fileId, { partner })).rejects.toMatchObject({ kind: 'not_found', code: 'file.not_found' });
      await expect(keep(randomBytes(9), { partner })).rejects.toThrow(/row-level security/);
    }
    await expect(read(ours.fileId, { counties: ['06025'], id: 'usr_county' })).rejects.toMatchObject({ code: 'file.not_found' });
    expect(await read(county.fileId, { counties: ['06025'], id: 'usr_county' })).toHaveLength(9);
    expect(await read(county.fileId)).toHaveLength(9);
    await expect(read('fil_../../etc/passwd')).rejects.toMatchObject({ code: 'file.not_found' });
  });

  it('says so when the same bytes are kept where the actor cannot see them', async () => {
    const bytes = randomBytes(9);
    await keep(bytes);
    await expect(keep(bytes, { counties: ['06025'], id: 'usr_county' })).rejects.toMatchObject({ kind: 'forbidden', code: 'file.kept_elsewhere' });
  });

  it('keeps no path and no control characters of a name', async () => {
    const { fileId } = await keepFile(testCtx(db), { fileName: '..\\..\\etc/\u0007pay\nments.csv', source: randomBytes(5), bytesMax: 10 });
    expect(await behindTheWall(db, 'select file_name from kept_files where file_id = $1', [fileId])).toEqual([{ file_name: 'payments.csv' }]);
  });
});

const flip = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
};

const swapChunks = (bytes: Buffer): Buffer => {
  const chunk = 65_552;
  return Buffer.concat([bytes.subarray(0, 37), bytes.subarray(37 + chunk, 37 + 2 * chunk), bytes.subarray(37, 37 + chunk), bytes.subarray(37 + 2 * chunk)]);
};
