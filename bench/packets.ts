// Full packets per second: an enforcement with three children, 60 months of arrears and the whole interview, in two languages.
// Measured against a bare Typst compile of the very same pages and against headless Chromium, in turns within the same run.
// Usage: node bench/packets.ts [packets] [compared]     (1,000 by default; the first 100 of them against Typst, Chromium and the reading copy)
import { createPrivateKey, X509Certificate } from 'node:crypto';
import cliProgress from 'cli-progress';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { composePacket, packetJob, sealPacket } from '../src/modules/referrals/packets/compose-packet.ts';
import { MESSAGE_SCHEMA } from '../src/modules/referrals/packets/message-xml.ts';
import type { Signer } from '../src/platform/asic/cms.ts';
import { newSigningIdentity } from '../src/platform/keys-certificate.ts';
import { fontBlobs, missingGlyphs } from '../src/platform/pdf/fonts.ts';
import { pdfPool } from '../src/platform/pdf/pool.ts';
import { renderPdf } from '../src/platform/pdf/render.ts';
import type { PdfJob } from '../src/platform/pdf/render.ts';
import { xsdFindings } from '../src/platform/xml/xsd.ts';
import { chromiumPrinter } from './support/chromium-print.ts';
import { htmlOf } from './support/html-of-blocks.ts';
import { residentMegabytes } from './support/memory.ts';
import { fullPackets } from './support/packet-models.ts';
import type { FullPacket } from './support/packet-models.ts';

const count = Number(process.argv[2] ?? 1_000);
const compared = Math.min(count, Number(process.argv[3] ?? 100));
const TURN = 10;
const WARM = 10;
const CHROMIUM_EVERY = 5;
const WORKERS = [1, 2];

const identity = await newSigningIdentity(new Date('2026-11-01T00:00:00Z'));
const signer: Signer = { certificate: new X509Certificate(identity.certificatePem).raw, privateKey: createPrivateKey(identity.privateKeyPem) };
const SIGNED_AT = new Date('2026-11-20T18:30:00Z');
const bar = new cliProgress.SingleBar({ stream: process.stderr, format: '{what} [{bar}] {value}/{total} {eta_formatted}', hideCursor: true, clearOnComplete: true }, cliProgress.Presets.legacy);
const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

/** What happens to a packet from its content to the signed container, in this process. */
function whole({ model, seal }: FullPacket): { pages: number; bytes: number } {
  const { packet, findings } = composePacket(model, seal);
  if (!packet) throw new Error(`not composed: ${JSON.stringify(findings)}`);
  return { pages: packet.pages, bytes: sealPacket(packet, signer, SIGNED_AT).length };
}

let bareCompiler: NodeCompiler | undefined;

/** Only what Typst itself does: the words are ready, nothing is checked, signed or counted. */
function bareTypst(jobs: readonly { job: PdfJob; data: string }[]): void {
  for (const { job, data } of jobs) {
    bareCompiler ??= NodeCompiler.create({ workspace: job.templates, fontArgs: [{ fontBlobs: [...fontBlobs()] }] });
    bareCompiler.pdf({ mainFilePath: `${job.templates}/${job.main}`, inputs: { data, ...job.attachments } }, { pdfStandard: 'a-3a', creationTimestamp: 0 });
    bareCompiler.evictCache(2);
  }
  // What was laid out here must not be found again by the others.
  bareCompiler?.evictCache(0);
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

interface Turn { bare: number; whole: number; chromium: number | null; starting: number | null; reading: number; count: number }

/** One worker: this process, one packet after another; the others in turns, so that whatever else the machine does meets all alike. */
async function oneWorker(): Promise<{ turns: Turn[]; pages: number[]; bytes: number; peak: number }> {
  const printer = await chromiumPrinter();
  const turns: Turn[] = [];
  const pages: number[] = [];
  let [bytes, peak] = [0, 0];
  const packets = fullPackets(compared + WARM);
  const take = (some: number): FullPacket[] => Array.from({ length: some }, () => packets.next().value as FullPacket | undefined).filter((one) => one !== undefined);
  const jobsOf = (some: readonly FullPacket[]): { job: PdfJob; data: string }[] => some.map(({ model, seal }) => packetJob(model, seal)).map(({ job }) => ({ job, data: JSON.stringify(job.data) }));
  const warm = take(WARM);
  bareTypst(jobsOf(warm));
  for (const packet of warm) whole(packet);
  if (printer) for (const { job } of jobsOf(warm)) await printer.print(htmlOf(job.data as never));
  bar.start(compared, 0, { what: 'compared ' });
  for (let some = take(TURN); some.length > 0; some = take(Math.min(TURN, compared - pages.length))) {
    const jobs = jobsOf(some);
    const bare = timed(() => bareTypst(jobs));
    const all = timed(() => { for (const packet of some) { const one = whole(packet); pages.push(one.pages); bytes += one.bytes; } });
    bareCompiler?.evictCache(0);
    const reading = timed(() => { for (const { job } of jobs) renderPdf(job, 'ua-1'); });
    bareCompiler?.evictCache(0);
    const isSampled = printer !== null && turns.length % CHROMIUM_EVERY === 0;
    turns.push({
      bare, whole: all, reading, count: some.length, chromium: isSampled ? await chromiumTime(printer.print, jobs) : null,
      starting: isSampled ? timed(() => { for (const { job } of jobs) printer.printStarting(htmlOf(job.data as never)); }) : null,
    });
    peak = Math.max(peak, process.memoryUsage.rss() / 1_048_576);
    bar.update(pages.length);
  }
  bar.stop();
  await printer?.close();
  return { turns, pages, bytes, peak: Math.round(peak) };
}

async function chromiumTime(print: (html: string) => Promise<Buffer>, jobs: readonly { job: PdfJob }[]): Promise<number> {
  const start = performance.now();
  for (const { job } of jobs) await print(htmlOf(job.data as never));
  return performance.now() - start;
}

/** The same packets again, set by so many processes while this one finds the words, checks and signs. */
async function manyWorkers(workers: number): Promise<{ workers: number; packetsPerSecond: number; peakMegabytes: number; millisecondsEachByPosition: Record<string, number | null> }> {
  const pool = pdfPool({ workers });
  const packets = fullPackets(count + 2 * workers);
  const doneAt: number[] = [];
  let [done, peak] = [0, 0];
  const next = async (): Promise<boolean> => {
    const packet = packets.next().value as FullPacket | undefined;
    if (!packet) return false;
    const { job, xml, texts } = packetJob(packet.model, packet.seal);
    if (missingGlyphs(texts.join('')).length > 0 || xsdFindings(xml, MESSAGE_SCHEMA).length > 0) throw new Error('not composed');
    const pdf = await pool.render(job);
    sealPacket({ pdf: pdf.bytes, xml }, signer, SIGNED_AT);
    done += 1;
    doneAt.push(performance.now());
    bar.update(Math.max(0, done - 2 * workers));
    if (done % TURN === 0) peak = Math.max(peak, residentMegabytes());
    return true;
  };
  bar.start(count, 0, { what: `${workers} process${workers === 1 ? '' : 'es'}` });
  await Promise.all(Array.from({ length: 2 * workers }, next));
  const start = performance.now();
  doneAt.length = 0;
  const lane = async (): Promise<void> => { while (await next()) { /* until there are none */ } };
  await Promise.all(Array.from({ length: workers + 1 }, lane));
  const seconds = (performance.now() - start) / 1000;
  bar.stop();
  await pool.close();
  const span = (from: number, to: number): number | null => (to > doneAt.length ? null : round(((doneAt[to - 1] ?? 0) - (from === 0 ? start : doneAt[from - 1] ?? 0)) / (to - from)));
  return {
    workers, packetsPerSecond: round(count / seconds), peakMegabytes: peak,
    millisecondsEachByPosition: { '1-10': span(0, 10), '11-100': span(10, 100), '101-500': span(100, 500), '501-1000': span(500, 1_000) },
  };
}

const { turns, pages, bytes, peak } = await oneWorker();
const total = (of: 'bare' | 'whole' | 'reading', some = turns): number => sum(some.map((turn) => turn[of]));
const printed = turns.filter((turn) => turn.chromium !== null);
const chromiumEach = printed.length > 0 ? sum(printed.map((turn) => turn.chromium ?? 0)) / sum(printed.map((turn) => turn.count)) : null;
const startingEach = printed.length > 0 ? sum(printed.map((turn) => turn.starting ?? 0)) / sum(printed.map((turn) => turn.count)) : null;
const wholePrinted = total('whole', printed) / Math.max(1, sum(printed.map((turn) => turn.count)));
const wholeEach = total('whole') / pages.length;
const pools = [];
for (const workers of WORKERS) pools.push(await manyWorkers(workers));
console.log(JSON.stringify({
  bench: 'packets', packets: count, compared: pages.length, pagesEach: round(sum(pages) / pages.length), fewestPages: Math.min(...pages), kilobytesEach: Math.round(bytes / pages.length / 1024),
  oneWorker: { packetsPerSecond: round(1000 / wholeEach), millisecondsEach: round(wholeEach), peakMegabytes: peak },
  bareTypstMillisecondsEach: round(total('bare') / pages.length), ratioToBareTypst: round(total('whole') / total('bare'), 2),
  chromium: chromiumEach === null ? null : { sample: sum(printed.map((turn) => turn.count)), millisecondsEach: round(chromiumEach), timesOurs: round(chromiumEach / wholePrinted), startedForEachMilliseconds: round(startingEach ?? 0), startedForEachTimesOurs: round((startingEach ?? 0) / wholePrinted) },
  readingCopyMillisecondsEach: round(total('reading') / pages.length),
  inProcesses: pools,
}, null, 1));
