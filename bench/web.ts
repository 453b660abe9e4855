// Every page with a whole county's caseload in the database: how long it takes and what it weighs; then as many visits as one process
// bears, four times as many, and how long it takes to be itself again. The server is a process of its own, the visitors are this one.
// Usage: node bench/web.ts [cases] [--data=<folder to make or to use again>] [--json]     (244068 cases by default)
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../src/platform/config.ts';
import { PAGES } from '../src/web/pages.ts';
import { makeWebWorld, WEB_PASSWORD, WEB_PEOPLE } from './support/web-world.ts';
import { WebVisitor } from './support/web-visitor.ts';

const option = (name: string): string | undefined => new RegExp(`^--${name}=(.*)$`).exec(process.argv.find((one) => one.startsWith(`--${name}=`)) ?? '')?.[1];
const CASES = Number(process.argv.slice(2).find((one) => /^\d+$/.test(one)) ?? 244_068);
const SIZE = { cases: CASES, lines: 20_000, referrals: 600, packets: 25 };
const SAMPLES = 30;
const ADDRESSES_A_PAGE = 3;
const WANTED_MS = 100;
const WANTED_BYTES = 200 * 1024;
const STEP_SECONDS = 10;
const say = (text: string): void => console.error(text);
const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
const at = (times: readonly number[], share: number): number => round([...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);

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
    const isUp = await fetch(`${url}/readyz`).then(({ ok }) => ok, () => false);
    if (isUp) return { url, process: server };
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error('the server did not start');
}

interface Place { readonly who: string; readonly pattern: string; readonly address: string }
const PATTERNS = PAGES.filter((page) => page.get).map(({ path }) => ({ path, regexp: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/:\w+/g, '[^/]+')}$`) }));
const NOT_VISITED = /\bas=csv\b|language=|^\/(assets|sign-out|api)\b|\/events\b/;

function patternOf(address: string): string | null {
  const path = address.split('?')[0] ?? '';
  return (PATTERNS.find((one) => one.path === path) ?? PATTERNS.find(({ regexp }) => regexp.test(path)))?.path ?? null;
}

/** Follows every link of every page from the bar on, as far as there are pages of a kind not seen often enough. */
async function crawl(who: string, visitor: WebVisitor): Promise<{ places: Place[]; broken: string[] }> {
  const waiting = ['/'];
  const seen = new Map<string, Set<string>>();
  const places: Place[] = [];
  const broken: string[] = [];
  for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
    const pattern = patternOf(address);
    if (pattern === null || NOT_VISITED.test(address)) continue;
    const known = seen.get(pattern) ?? seen.set(pattern, new Set()).get(pattern) as Set<string>;
    if (known.size >= ADDRESSES_A_PAGE * 3 || known.has(address)) continue;
    known.add(address);
    const { status, location, text, type } = await visitor.get(address);
    if (status === 303 && location !== null) waiting.push(location);
    if (status >= 500) broken.push(`${who} ${address} ${status}`);
    if (status !== 200) continue;
    if (type.startsWith('text/html') && places.filter((place) => place.pattern === pattern).length < ADDRESSES_A_PAGE) places.push({ who, pattern, address });
    waiting.push(...[...text.matchAll(/href="(\/[^"#]*)/g)].map((match) => (match[1] as string).replaceAll('&amp;', '&')));
  }
  return { places, broken };
}

interface PageFigures { readonly page: string; readonly who: string; readonly visits: number; readonly p50: number; readonly p95: number; readonly max: number; readonly kilobytes: number; readonly address: string }

async function measure(places: readonly Place[], visitors: ReadonlyMap<string, WebVisitor>): Promise<PageFigures[]> {
  const groups = new Map<string, Place[]>();
  for (const place of places) groups.set(`${place.who} ${place.pattern}`, [...(groups.get(`${place.who} ${place.pattern}`) ?? []), place]);
  const figures: PageFigures[] = [];
  for (const group of groups.values()) {
    const { who, pattern, address } = group[0] as Place;
    const visitor = visitors.get(who) as WebVisitor;
    const times: number[] = [];
    let bytes = 0;
    for (let index = -group.length; index < SAMPLES; index++) {
      const answer = await visitor.get((group[(index + group.length) % group.length] as Place).address);
      bytes = Math.max(bytes, answer.sentBytes);
      if (index >= 0) times.push(answer.milliseconds);
    }
    figures.push({ page: pattern, who, visits: times.length, p50: at(times, 0.5), p95: at(times, 0.95), max: round(Math.max(...times)), kilobytes: round(bytes / 1024), address });
  }
  return figures.sort((a, b) => b.p95 - a.p95);
}

/** What comes with every page and is then kept for a year: sheets, scripts and the fonts that the page uses, as they are sent. */
async function assetBytes(visitor: WebVisitor): Promise<{ kilobytes: number; fonts: number }> {
  const { text } = await visitor.get('/sign-in');
  const named = [...new Set([...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] as string))];
  let bytes = 0;
  for (const address of named) bytes += (await visitor.get(address)).sentBytes;
  const base = /\/assets\/\w+/.exec(text)?.[0] ?? '';
  let fonts = 0;
  for (const style of ['Regular', 'Bold']) fonts += (await visitor.get(`${base}/fonts/source-sans-pro/sourcesanspro-${style.toLowerCase()}-webfont.woff2`)).sentBytes;
  return { kilobytes: round(bytes / 1024), fonts: round(fonts / 1024) };
}

interface Visit { readonly startedMs: number; readonly milliseconds: number; readonly status: number }

/** Visits that come at a steady rate, whether or not the ones before have been answered. */
async function load(rate: number, seconds: number, places: readonly Place[], visitors: ReadonlyMap<string, WebVisitor>): Promise<Visit[]> {
  const visits: Promise<Visit>[] = [];
  const begin = performance.now();
  const count = Math.round(rate * seconds);
  for (let index = 0; index < count; index++) {
    const dueMs = (index / rate) * 1000;
    const waitMs = dueMs - (performance.now() - begin);
    if (waitMs > 1) await new Promise((resolve) => { setTimeout(resolve, waitMs); });
    const place = places[(index * 7919) % places.length] as Place;
    const started = performance.now() - begin;
    visits.push((visitors.get(place.who) as WebVisitor).get(place.address, 30_000).then(
      ({ status, milliseconds }) => ({ startedMs: started, milliseconds, status }), () => ({ startedMs: started, milliseconds: performance.now() - begin - started, status: 0 })));
  }
  return Promise.all(visits);
}

const summaryOf = (visits: readonly Visit[]): Record<string, number> => {
  const served = visits.filter(({ status }) => status > 0 && status < 500);
  const refused = visits.filter(({ status }) => status === 503);
  return {
    visits: visits.length, served: served.length, refused: refused.length, faults: visits.length - served.length - refused.length,
    servedP50: at(served.map((one) => one.milliseconds), 0.5), servedP95: at(served.map((one) => one.milliseconds), 0.95), refusedP95: at(refused.map((one) => one.milliseconds), 0.95),
  };
};

/** Seconds after the storm until a whole second passes in which 95 of 100 visits take less than is wanted, none is refused. */
async function recovery(rate: number, places: readonly Place[], visitors: ReadonlyMap<string, WebVisitor>): Promise<number | null> {
  const visits = await load(rate, 20, places, visitors);
  for (let second = 0; second < 20; second++) {
    const own = visits.filter(({ startedMs }) => Math.floor(startedMs / 1000) === second);
    if (own.every(({ status }) => status > 0 && status < 500) && at(own.map((one) => one.milliseconds), 0.95) <= WANTED_MS) return second;
  }
  return null;
}

const kept = option('data');
const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'puente-bench-web-'));
mkdirSync(dataDir, { recursive: true });
chmodSync(dataDir, 0o711);
const done = join(dataDir, 'web-world.done');
if (!existsSync(done)) {
  await makeWebWorld(loadConfig({ PUENTE_DATA_DIR: dataDir, PUENTE_LOG_LEVEL: 'fatal' }), SIZE, say);
  writeFileSync(done, '');
}
const server = await startServer(dataDir);
const visitors = new Map<string, WebVisitor>();
try {
  const places: Place[] = [];
  const broken: string[] = [];
  for (const who of Object.keys(WEB_PEOPLE)) {
    const visitor = new WebVisitor(server.url);
    visitors.set(who, visitor);
    await visitor.signIn(who, WEB_PASSWORD);
    const found = await crawl(who, visitor);
    places.push(...found.places);
    broken.push(...found.broken);
    say(`${who}: ${found.places.length} addresses`);
  }
  const figures = await measure(places, visitors);
  const assets = await assetBytes(new WebVisitor(server.url));
  const reached = new Set(places.map((place) => place.pattern));
  const notReached = PATTERNS.map(({ path }) => path).filter((path) => !reached.has(path));
  const steps: Record<string, unknown>[] = [];
  let bears = 0;
  for (const rate of [5, 10, 20, 30, 40, 60, 80, 120, 160]) {
    const summary = summaryOf(await load(rate, STEP_SECONDS, places, visitors));
    steps.push({ perSecond: rate, ...summary });
    if ((summary['servedP95'] ?? 0) > WANTED_MS || (summary['refused'] ?? 0) + (summary['faults'] ?? 0) > 0) break;
    bears = rate;
  }
  const storm = summaryOf(await load(Math.max(bears, 5) * 4, 2 * STEP_SECONDS, places, visitors));
  const recoveredAfter = await recovery(Math.max(bears, 5), places, visitors);
  if (!process.argv.includes('--json')) {
    console.log(`${'page'.padEnd(44)} ${'who'.padEnd(14)} ${['p50', 'p95', 'max', 'KB'].map((head) => head.padStart(8)).join('')}`);
    for (const one of figures) console.log(`${one.page.padEnd(44)} ${one.who.padEnd(14)} ${[one.p50, one.p95, one.max, one.kilobytes].map((value) => String(value).padStart(8)).join('')}`);
  }
  console.log(JSON.stringify({
    bench: 'web', cases: CASES, pages: figures.length, slowest: figures[0], overMs: figures.filter((one) => one.p95 > WANTED_MS).map((one) => [one.page, one.who, one.p95, one.address]),
    heaviestKilobytes: Math.max(...figures.map((one) => one.kilobytes)), assetsKilobytes: assets.kilobytes, fontsKilobytes: assets.fonts,
    overBytes: figures.filter((one) => one.kilobytes * 1024 > WANTED_BYTES).map((one) => [one.page, one.kilobytes]), broken, notReached,
    load: steps, bearsPerSecond: bears, fourTimes: storm, recoveredAfterSeconds: recoveredAfter,
  }, null, 1));
} finally {
  for (const visitor of visitors.values()) visitor.close();
  server.process.kill('SIGTERM');
  await new Promise((resolve) => server.process.once('exit', resolve));
  if (kept === undefined) rmSync(dataDir, { recursive: true, force: true });
}
