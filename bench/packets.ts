// Packets per second, measured against a bare Typst compile of the very same pages in the same run.
// Usage: node bench/packets.ts [packets]     (200 by default)
import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { generateCases } from '../src/demo/case-generator.ts';
import { openApp } from '../src/main.ts';
import { importCaseExtract } from '../src/modules/cases/index.ts';
import type { SupportCase } from '../src/modules/cases/index.ts';
import { getPartner } from '../src/modules/partners/index.ts';
import { assembleModel } from '../src/modules/referrals/packets/assemble-model.ts';
import { packetJob } from '../src/modules/referrals/packets/compose-packet.ts';
import { buildPacket, createReferral } from '../src/modules/referrals/index.ts';
import { loadConfig } from '../src/platform/config.ts';
import { newId } from '../src/platform/ids.ts';
import { fontBlobs } from '../src/platform/pdf/fonts.ts';

const count = Number(process.argv[2] ?? 200);
const services = ['collect_forward'];
const TURN = 10;
const folder = mkdtempSync(join(tmpdir(), 'puente-bench-'));
chmodSync(folder, 0o711);

interface Ready { readonly supportCase: SupportCase; readonly partnerId: string; readonly referralId: string }

function partnerOf(supportCase: SupportCase): string | null {
  const country = supportCase.participants.find((one) => one.role === 'obligor')?.residence?.country;
  if (supportCase.status !== 'open' || supportCase.orders.length === 0) return null;
  if (country === 'KR') return 'kr-kcsa';
  return country === 'MX' ? (supportCase.county === '06025' ? 'mx-consulate-calexico' : 'mx-consulate-los-angeles') : null;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

interface TypstJob { readonly main: string; readonly workspace: string; readonly inputs: Record<string, string> }

function typstJobs(ready: readonly Ready[]): TypstJob[] {
  const on = '2026-11-20';
  return ready.map(({ supportCase, partnerId, referralId }) => {
    const { model } = assembleModel({ supportCase, partner: getPartner(partnerId), services, referralId, openedOn: on, agency: 'us-ca', on });
    if (!model) throw new Error('no model');
    const { job } = packetJob(model, { packetId: newId('pkt'), datedOn: on });
    return { main: `${job.templates}/${job.main}`, workspace: job.templates, inputs: { data: JSON.stringify(job.data), ...job.attachments } };
  });
}

/** Only what Typst itself does: the words are ready, nothing is checked, signed or kept. */
function bareTypst(compiler: NodeCompiler, jobs: readonly TypstJob[]): void {
  for (const { main, inputs } of jobs) {
    compiler.pdf({ mainFilePath: main, inputs }, { pdfStandard: 'a-3a', creationTimestamp: 0 });
    compiler.evictCache(2);
  }
  compiler.evictCache(0);
}

const app = await openApp(loadConfig({ PUENTE_DATA_DIR: join(folder, 'data') }));
try {
  const found = [...generateCases({ seed: 20_260_901, count: count * 12 })].map((supportCase) => ({ supportCase, partnerId: partnerOf(supportCase) })).filter((one) => one.partnerId !== null).slice(0, count);
  const extract = Buffer.from(found.map(({ supportCase }) => `${JSON.stringify(supportCase)}\n`).join(''));
  await importCaseExtract(app.ctx, { fileName: 'cases.ndjson', source: Readable.from([extract]) });
  const ready: Ready[] = [];
  for (const { supportCase, partnerId } of found) {
    const created = await createReferral(app.ctx, { caseId: supportCase.caseId, partnerId: partnerId ?? '', services });
    if (!created.findings.some((finding) => finding.severity === 'block')) ready.push({ supportCase, partnerId: partnerId ?? '', referralId: created.referralId });
  }
  const build = async (some: readonly Ready[]): Promise<number> => {
    let pages = 0;
    for (const { referralId } of some) pages += (await buildPacket(app.ctx, referralId)).pages;
    return pages;
  };
  const [first] = typstJobs(ready.slice(0, 1));
  if (!first) throw new Error('no packets');
  const compiler = NodeCompiler.create({ workspace: first.workspace, fontArgs: [{ fontBlobs: [...fontBlobs()] }] });
  const warm = ready.splice(0, 10);
  bareTypst(compiler, typstJobs(warm));
  await build(warm);
  // In turns, so that whatever else the machine does meets both alike.
  const turns: { bare: number; whole: number; count: number }[] = [];
  let pages = 0;
  for (let at = 0; at < ready.length; at += TURN) {
    const some = ready.slice(at, at + TURN);
    const jobs = typstJobs(some);
    const bare = await timed(async () => bareTypst(compiler, jobs));
    const whole = await timed(async () => { pages += await build(some); });
    turns.push({ bare, whole, count: some.length });
  }
  const sum = (some: typeof turns, of: 'bare' | 'whole' | 'count'): number => some.reduce((total, turn) => total + turn[of], 0);
  const half = Math.floor(turns.length / 2);
  const each = (some: typeof turns): number => sum(some, 'whole') / sum(some, 'count');
  const [seconds, bare] = [sum(turns, 'whole'), sum(turns, 'bare')];
  console.log(JSON.stringify({
    bench: 'packets', packets: ready.length, pages, packetsPerSecond: Number((ready.length / seconds).toFixed(1)),
    millisecondsEach: Number((seconds * 1000 / ready.length).toFixed(1)), bareTypstMillisecondsEach: Number((bare * 1000 / ready.length).toFixed(1)),
    ratioToBareTypst: Number((seconds / bare).toFixed(2)), lateToEarly: Number((each(turns.slice(half)) / each(turns.slice(0, half))).toFixed(2)),
    peakRssMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }));
} finally {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
}
