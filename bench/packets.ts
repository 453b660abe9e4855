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
import { assembleModel } from '../src/modules/referrals/assemble-model.ts';
import { packetJob } from '../src/modules/referrals/compose-packet.ts';
import { buildPacket, createReferral } from '../src/modules/referrals/index.ts';
import { loadConfig } from '../src/platform/config.ts';
import { newId } from '../src/platform/ids.ts';
import { fontBlobs } from '../src/platform/pdf/fonts.ts';

const count = Number(process.argv[2] ?? 200);
const services = ['collect_forward'];
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
    const { model } = assembleModel({ supportCase, partner: getPartner(partnerId), services, referralId, agency: 'us-ca', on });
    if (!model) throw new Error('no model');
    const { job } = packetJob(model, { packetId: newId('pkt'), datedOn: on });
    return { main: `${job.templates}/${job.main}`, workspace: job.templates, inputs: { data: JSON.stringify(job.data), ...job.attachments } };
  });
}

/** Only what Typst itself does: the words are ready, nothing is checked, signed or kept. */
function bareTypst(jobs: readonly TypstJob[]): number {
  const [first] = jobs;
  if (!first) throw new Error('no packets');
  const compiler = NodeCompiler.create({ workspace: first.workspace, fontArgs: [{ fontBlobs: [...fontBlobs()] }] });
  let bytes = 0;
  for (const { main, inputs } of jobs) {
    bytes += compiler.pdf({ mainFilePath: main, inputs }, { pdfStandard: 'a-3a', creationTimestamp: 0 }).length;
    compiler.evictCache(2);
  }
  compiler.evictCache(0);
  return bytes;
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
  const warm = ready.splice(0, 5);
  bareTypst(typstJobs(warm));
  for (const { referralId } of warm) await buildPacket(app.ctx, referralId);
  const jobs = typstJobs(ready);
  const bare = await timed(async () => bareTypst(jobs));
  let pages = 0;
  const half = Math.floor(ready.length / 2);
  const build = async (some: readonly Ready[]): Promise<void> => {
    for (const { referralId } of some) pages += (await buildPacket(app.ctx, referralId)).pages;
  };
  const [early, late] = [await timed(() => build(ready.slice(0, half))), await timed(() => build(ready.slice(half)))];
  const seconds = early + late;
  console.log(JSON.stringify({
    bench: 'packets', packets: ready.length, pages, packetsPerSecond: Number((ready.length / seconds).toFixed(1)),
    millisecondsEach: Number((seconds * 1000 / ready.length).toFixed(1)), bareTypstMillisecondsEach: Number((bare * 1000 / ready.length).toFixed(1)),
    ratioToBareTypst: Number((seconds / bare).toFixed(2)), lateToEarly: Number(((late / (ready.length - half)) / (early / half)).toFixed(2)),
    peakRssMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }));
} finally {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
}
