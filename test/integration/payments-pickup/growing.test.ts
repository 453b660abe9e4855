import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFiles, isAtRest, openTaken, putBack, takeFile } from '../../../src/modules/payments/pickup/folder.ts';

let place: string;
beforeEach(() => { place = mkdtempSync(join(tmpdir(), 'puente-growing-')); });
afterEach(() => { rmSync(place, { recursive: true }); });

const LATER = { now: new Date('2040-01-01T00:00:00Z'), quietSeconds: 60, pattern: null };

/** Takes the only file of the folder; what the sender does in between is done at these two moments. */
async function take(whileTaken: () => void, whileOpen: () => void): Promise<boolean> {
  const [found] = (await findFiles(place, LATER)).ready;
  if (found === undefined) throw new Error('nothing was found');
  whileTaken();
  const taken = await takeFile(place, found);
  const opened = await openTaken(place, taken?.taken ?? '');
  whileOpen();
  const rests = await isAtRest(opened, found);
  await opened.handle.close();
  return rests;
}

describe('a file that its sender goes on writing', () => {
  beforeEach(() => { writeFileSync(join(place, 'list.csv'), 'folio,caso\nR1,'); });
  const nothing = (): void => undefined;
  const inProcessing = (): string => join(place, 'processing', readdirSync(join(place, 'processing'))[0] ?? '');

  it('is at rest when nobody touches it', async () => { expect(await take(nothing, nothing)).toBe(true); });
  it('is not taken for whole when it grew between the look and the move', async () => {
    expect(await take(() => { appendFileSync(join(place, 'list.csv'), '2000'); }, nothing)).toBe(false);
  });
  it('is not taken for whole when it grew after it was opened', async () => {
    expect(await take(nothing, () => { appendFileSync(inProcessing(), '2000'); })).toBe(false);
  });
  it('is not taken for whole when it was written anew at the same length', async () => {
    expect(await take(nothing, () => { writeFileSync(inProcessing(), 'folio,caso\nR2,'); })).toBe(false);
  });
});

it('a file put back overwrites nothing that the sender has put there meanwhile, however often', async () => {
  mkdirSync(join(place, 'processing'));
  writeFileSync(join(place, 'list.csv'), 'NEW');
  const ids = ['pck_01M813WMJ5TX76EQK07SCMS3VP', 'pck_01M813WMJ5TX76EQK07SCMS3VQ'] as const;
  writeFileSync(join(place, 'processing', `${ids[0]}.list.csv`), 'OLD');
  expect(await putBack(place, `${ids[0]}.list.csv`)).toBe(`list.${ids[0]}.csv`);
  writeFileSync(join(place, 'processing', `${ids[1]}.list.${ids[0]}.csv`), 'OLDER');
  expect(await putBack(place, `${ids[1]}.list.${ids[0]}.csv`)).toBe(`list.${ids[1]}.csv`);
  expect(['list.csv', `list.${ids[0]}.csv`, `list.${ids[1]}.csv`].map((name) => readFileSync(join(place, name), 'utf8'))).toEqual(['NEW', 'OLD', 'OLDER']);
});
