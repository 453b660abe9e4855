// Every page with a whole county's caseload in the database: how long it takes and what it weighs; then as many visits as one process
// bears, four times as many, and how long it takes to be itself again. The server is a process of its own, the visitors are this one.
// Usage: node bench/web.ts [cases] [--data=<folder to make or to use again>] [--short] [--json]     (244068 cases by default)
// Prints the ten slowest pages and a summary; all pages, as JSON, stand in <folder>/web-bench.json. Ends with 1 where something is not as wanted.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../src/platform/authorise.ts';
import { loadConfig } from '../src/platform/config.ts';
import { askForTheRest, crawl, isFile, KnownIds } from './support/web-crawl.ts';
import type { Place, Seen } from './support/web-crawl.ts';
import { at, load, recovery, round, summaryOf } from './support/web-load.ts';
import { doWorkOfJobs, tellWebStory } from './support/web-story.ts';
import { makeWebWorld, WEB_PASSWORD, WEB_PEOPLE } from './support/web-world.ts';
import { WebVisitor } from './support/web-visitor.ts';

const option = (name: string): string | undefined => new RegExp(`^--${name}=(.*)$`).exec(process.argv.find((one) => one.startsWith(`--${name}=`)) ?? '')?.[1];
const isShort = process.argv.includes('--short');
const CASES = Number(process.argv.slice(2).find((one) => /^\d+$/.test(one)) ?? 244_068);
const SIZE = { cases: CASES, lines: 20_000, referrals: 600, packets: 25 };
const SAMPLES = isShort ? 4 : 12;
const STEP_SECONDS = isShort ? 4 : 8;
const WANTED_MS = 100;
const WANTED_BYTES = 200 * 1024;
const WANTED_RECOVERY_SECONDS = 10;
const RATES = [10, 20, 30, 40, 60, 80, 120, 160];
const STRANGER = 'stranger';
const say = (text: string): void => console.error(text);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startServer(dataDir: string): Promise<{ url: string; process: ChildProcess }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(process.execPath, ['bin/puente', 'serve', '--only', 'web'], {
    cwd: new URL('..', import.meta.url), stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PUENTE_DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1', PUENTE_LOG_LEVEL: 'fatal' },
  });
  for (let attempt = 0; attempt < 600; attempt++) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    if (await fetch(`${url}/readyz`).then(({ ok }) => ok, () => false)) return { url, process: server };
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error('the server did not start');
}

interface PageFigures { readonly page: string; readonly who: string; readonly visits: number; readonly p50: number; readonly p95: number; readonly max: number; readonly kilobytes: number; readonly address: string }

/** Each address of a page as often as every other; of these the slowest counts for the page. */
async function measure(places: readonly Place[], visitors: ReadonlyMap<string, WebVisitor>): Promise<PageFigures[]> {
  const figures: PageFigures[] = [];
  for (const group of Map.groupBy(places, ({ who, pattern }) => `${who} ${pattern}`).values()) {
    const { who, pattern, address } = group[0] as Place;
    const visitor = visitors.get(who) as WebVisitor;
    const byAddress = new Map<string, number[]>(group.map((place) => [place.address, []]));
    let bytes = 0;
    for (let sample = 0; sample <= SAMPLES; sample++) {
      for (const [one, times] of byAddress) {
        const answer = await visitor.get(one);
        bytes = Math.max(bytes, answer.sentBytes);
        if (sample > 0) times.push(answer.milliseconds);
      }
    }
    const [slowest, times] = [...byAddress].sort(([, a], [, b]) => at(b, 0.95) - at(a, 0.95))[0] ?? [address, []];
    figures.push({ page: pattern, who, visits: times.length * byAddress.size, p50: at(times, 0.5), p95: at(times, 0.95), max: round(Math.max(...times)), kilobytes: round(bytes / 1024), address: slowest });
  }
  return figures.sort((a, b) => b.p95 - a.p95);
}

/**
 * What is kept by the browser for a year, as it is sent: sheets, all scripts of which a page loads those that it names, and all fonts and icons that the sheets name,
 * of which a page loads those that it uses. No first visit weighs more.
 */
async function weightOfAssets(visitor: WebVisitor): Promise<{ sheets: number; scripts: number; fonts: number; icons: number }> {
  const { text } = await visitor.get('/sign-in');
  const named = [...new Set([...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] as string))];
  const base = /\/assets\/\w+/.exec(text)?.[0] ?? '';
  const modules = readdirSync(new URL('../src/web/assets', import.meta.url)).filter((file) => file.endsWith('.js')).map((file) => `${base}/own/${file}`);
  const weights = new Map<string, number>();
  for (const address of new Set([...named, ...modules])) {
    const sheet = await visitor.get(address);
    weights.set(address, sheet.sentBytes);
    if (!address.endsWith('.css')) continue;
    for (const [, file] of sheet.text.matchAll(/url\(["']?\.\.\/((?:fonts|img\/usa-icons)[\w./-]+)["']?\)/g)) weights.set(`${base}/${file}`, (await visitor.get(`${base}/${file}`)).sentBytes);
  }
  const of = (ending: string): number => round([...weights].filter(([address]) => address.endsWith(ending)).reduce((sum, [, bytes]) => sum + bytes, 0) / 1024);
  return { sheets: of('.css'), scripts: of('.js'), fonts: of('.woff2'), icons: of('.svg') };
}

async function lookAround(url: string, from: readonly string[], visitors: Map<string, WebVisitor>): Promise<Seen & { readonly notMeasured: string[]; readonly noneForThem: string[] }> {
  const known = new KnownIds();
  const all: Seen = { places: [], leadOn: new Set(), files: [], broken: [] };
  const lacking: { who: string; path: string }[] = [];
  const everybody: { who: string; seen: Seen }[] = [];
  for (const one of from) known.learn(one);
  for (const who of [STRANGER, ...Object.keys(WEB_PEOPLE)]) {
    const visitor = new WebVisitor(url);
    visitors.set(who, visitor);
    if (who !== STRANGER) await visitor.signIn(who, WEB_PASSWORD);
    everybody.push({ who, seen: await crawl(who, visitor, from, known) });
  }
  for (const { who, seen } of everybody) {
    const lacks = await askForTheRest(who, (WEB_PEOPLE[who]?.roles ?? []) as readonly Role[], visitors.get(who) as WebVisitor, seen, known);
    lacking.push(...lacks.map((path) => ({ who, path })));
    for (const path of seen.leadOn) all.leadOn.add(path);
    all.places.push(...seen.places);
    all.files.push(...seen.files);
    all.broken.push(...seen.broken);
    say(`${who}: ${new Set(seen.places.map(({ pattern }) => pattern)).size} pages, ${seen.places.length} addresses`);
  }
  const reached = new Set([...all.leadOn, ...[...all.places, ...all.files].map(({ pattern }) => pattern)]);
  return {
    ...all, notMeasured: [...new Set(lacking.filter(({ path }) => !reached.has(path) && !isFile(path)).map(({ path }) => path))],
    noneForThem: lacking.filter(({ path }) => reached.has(path) || isFile(path)).map(({ who, path }) => `${who} ${path}`),
  };
}

async function storm(places: readonly Place[], visitors: ReadonlyMap<string, WebVisitor>): Promise<Record<string, unknown>> {
  const steps: Record<string, unknown>[] = [];
  let bears = 0;
  for (const rate of RATES) {
    const summary = summaryOf(await load(rate, STEP_SECONDS, places, visitors));
    steps.push({ perSecond: rate, ...summary });
    if ((summary['servedP95'] ?? 0) > WANTED_MS || (summary['refused'] ?? 0) + (summary['faults'] ?? 0) > 0) break;
    bears = rate;
  }
  const rate = Math.max(bears, RATES[0] ?? 1);
  const fourTimes = summaryOf(await load(rate * 4, 2 * STEP_SECONDS, places, visitors));
  return { steps, bearsPerSecond: bears, fourTimes, recoveredAfterSeconds: await recovery(rate, WANTED_MS, places, visitors) };
}

/** Made once for a folder: people, cases, money, referrals; and the story of every page. */
async function makeWorld(dataDir: string): Promise<string[]> {
  const config = loadConfig({ PUENTE_DATA_DIR: dataDir, PUENTE_LOG_LEVEL: 'fatal' });
  const [world, story] = [join(dataDir, 'web-world.done'), join(dataDir, 'web-story.json')];
  if (!existsSync(world)) {
    await makeWebWorld(config, SIZE, say);
    writeFileSync(world, '');
  }
  if (!existsSync(story)) writeFileSync(story, JSON.stringify(await tellWebStory(config, say)));
  return ['/administration/forms/sample/mx-sre/form-locate_request', ...JSON.parse(readFileSync(story, 'utf8')) as string[], ...await doWorkOfJobs(config)];
}

function print(figures: readonly PageFigures[]): void {
  console.log(`${'page'.padEnd(44)} ${'who'.padEnd(14)} ${['p50', 'p95', 'max', 'KB'].map((head) => head.padStart(8)).join('')}`);
  for (const one of figures.slice(0, 10)) console.log(`${one.page.padEnd(44)} ${one.who.padEnd(14)} ${[one.p50, one.p95, one.max, one.kilobytes].map((value) => String(value).padStart(8)).join('')}  ${one.address.slice(0, 80)}`);
}

const kept = option('data');
const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'puente-bench-web-'));
mkdirSync(dataDir, { recursive: true });
chmodSync(dataDir, 0o711);
const from = await makeWorld(dataDir);
const server = await startServer(dataDir);
const visitors = new Map<string, WebVisitor>();
try {
  const { places, files, broken, notMeasured, noneForThem } = await lookAround(server.url, from, visitors);
  const figures = await measure(places, visitors);
  const ofFiles = await measure(files.filter(({ pattern }) => /png|pdf|certificate/.test(pattern)), visitors);
  const assets = await weightOfAssets(new WebVisitor(server.url));
  const heaviest = Math.max(...figures.map((one) => one.kilobytes));
  const firstVisit = round(heaviest + assets.sheets + assets.scripts + assets.fonts + assets.icons);
  const under = await storm(places, visitors);
  const [recovered, overMs] = [under['recoveredAfterSeconds'], figures.filter((one) => one.p95 > WANTED_MS).map((one) => [one.page, one.who, one.p95, one.address])];
  const overBytes = figures.filter((one) => one.kilobytes * 1024 > WANTED_BYTES).map((one) => [one.page, one.kilobytes]);
  const summary = { bench: 'web', cases: CASES, isShort, pages: figures.length, overMs, overBytes, heaviestKilobytes: heaviest, assetsKilobytes: assets, firstVisitKilobytes: firstVisit, broken, notMeasured, load: under };
  writeFileSync(join(dataDir, 'web-bench.json'), JSON.stringify({ ...summary, noneForThem, figures, files: ofFiles }, null, 1));
  if (!process.argv.includes('--json')) print(figures);
  console.log(JSON.stringify(summary, null, 1));
  const isWanted = overMs.length + overBytes.length + broken.length + notMeasured.length === 0 && firstVisit * 1024 <= WANTED_BYTES && typeof recovered === 'number' && recovered <= WANTED_RECOVERY_SECONDS;
  process.exitCode = isWanted ? 0 : 1;
} finally {
  for (const visitor of visitors.values()) visitor.close();
  server.process.kill('SIGTERM');
  await new Promise((resolve) => server.process.once('exit', resolve));
  if (kept === undefined) rmSync(dataDir, { recursive: true, force: true });
}
