import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pdfPool } from '../../../src/platform/pdf/pool.ts';
import type { PdfPool } from '../../../src/platform/pdf/pool.ts';
import type { PdfJob } from '../../../src/platform/pdf/render.ts';

const program = fileURLToPath(new URL('../../support/pdf/unsteady-worker.mjs', import.meta.url));
const job = (main: string, templates = '/'): PdfJob => ({ main, templates, data: {}, madeAt: new Date(0) });
const open: PdfPool[] = [];
const pool = (options: Partial<Parameters<typeof pdfPool>[0]>): PdfPool => {
  const made = pdfPool({ workers: 1, program, ...options });
  open.push(made);
  return made;
};

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

it('replaces a process after so many documents, and keeps it until then', async () => {
  const { render } = pool({ jobsPerProcess: 2 });
  const processes: number[] = [];
  for (let index = 0; index < 5; index += 1) processes.push((await render(job('sound'))).pages);
  expect(processes.map((one) => processes.indexOf(one))).toEqual([0, 0, 2, 2, 4]);
});

it('gives a document a second process when the first ends over it, and a fault after that', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'puente-pool-'));
  const { render } = pool({});
  expect([...(await render(job('ends once', join(folder, 'marker')))).bytes]).toEqual([1, 2, 3]);
  await expect(render(job('ends'))).rejects.toThrow('fault: the process that sets PDF documents ended over a document');
  expect((await render(job('sound'))).bytes).toHaveLength(3);
  rmSync(folder, { recursive: true });
});

it('gives up a document that takes too long', async () => {
  const { render } = pool({ milliseconds: 300 });
  await expect(render(job('hangs'))).rejects.toThrow('fault: the process');
});

it('lets no more wait than its limit, and refuses those that wait when it is closed', async () => {
  const one = pool({ waitingMax: 1 });
  const refusals = [one.render(job('hangs')), one.render(job('sound'))].map((work) => work.then(() => 'done', (error: Error) => error.message));
  await expect(one.render(job('sound'))).rejects.toThrow('fault: too many documents wait');
  await one.close();
  expect(await Promise.all(refusals)).toEqual(['fault: the process that sets PDF documents ended over a document', 'fault: the pool of PDF processes was closed']);
  await expect(one.render(job('sound'))).rejects.toThrow('closed');
});

it('works on as many documents at a time as it has processes', async () => {
  const { render } = pool({ workers: 2 });
  const processes = await Promise.all([render(job('sound')), render(job('sound'))]);
  expect(new Set(processes.map((one) => one.pages)).size).toBe(2);
});
