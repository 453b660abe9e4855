// Messages in and out over the API with signed receipts, and what is done about them, with a whole county's caseload in the database.
// Each figure stands beside what the machine can do in the same run: one row written and committed, and one small file written and synced.
// Usage: node bench/exchange.ts [cases] [messages]     (244068 cases, 3000 messages each way by default)
import { chmodSync, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client, Pool } from 'pg';
import { generateCases } from '../src/demo/case-generator.ts';
import type { CaseExtractRecord } from '../src/demo/case-generator.ts';
import { openApp, serve } from '../src/main.ts';
import { importCaseExtract } from '../src/modules/cases/index.ts';
import { newMessage, sendMessage } from '../src/modules/exchange/index.ts';
import { createClient } from '../src/modules/identity/index.ts';
import { buildPacket, createReferral, sendReferral } from '../src/modules/referrals/index.ts';
import { loadConfig } from '../src/platform/config.ts';
import type { Ctx } from '../src/platform/context.ts';
import { useEmbeddedServer } from '../src/platform/database/embedded/index.ts';

const CASES = Number(process.argv[2] ?? 244_068);
const MESSAGES = Number(process.argv[3] ?? 3_000);
const PARTNER = 'mx-consulate-los-angeles';
const COUNTY = '06037';
const REFERRALS = 24;
const AT_ONCE = 16;
const CLIENTS = 8;
const SCOPES = ['messages:read', 'messages:write', 'receipts:read', 'status:read'];

const folder = mkdtempSync(join(tmpdir(), 'puente-bench-'));
chmodSync(folder, 0o711);
const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);
const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

function percentiles(times: readonly number[]): { p50: number; p95: number; p99: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Runs the work `count` times, so many at once. Times are in milliseconds. */
async function many(count: number, work: (index: number) => Promise<void>): Promise<{ perSecond: number; times: number[] }> {
  const times: number[] = [];
  let next = 0;
  const begin = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let index = next++; index < count; index = next++) {
      const start = performance.now();
      await work(index);
      times.push(performance.now() - start);
    }
  }));
  return { perSecond: round(count / ((performance.now() - begin) / 1000)), times };
}

/** What the machine can do: a row committed by itself, and a file of the size of a message written and synced. */
async function limits(adminUrl: string): Promise<{ commits: number; files: number }> {
  const pool = new Pool({ connectionString: adminUrl, max: AT_ONCE });
  try {
    await pool.query('create table bench_commits (id bigint generated always as identity primary key, body bytea)');
    const body = Buffer.alloc(2_000, 1);
    const commits = await many(MESSAGES, async () => void await pool.query('insert into bench_commits (body) values ($1)', [body]));
    const files = await many(MESSAGES, async (index) => {
      const file = await open(join(folder, `bench-${index}`), 'wx');
      await file.writeFile(body);
      await file.sync();
      await file.close();
    });
    return { commits: commits.perSecond, files: files.perSecond };
  } finally {
    await pool.end();
  }
}

const isPlain = ({ status, county, orders, participants }: CaseExtractRecord): boolean => {
  const payer = participants.find((person) => person.role === 'obligor');
  return status === 'open' && county === COUNTY && orders.length > 0 && participants.every((person) => person.nondisclosure === undefined)
    && payer?.residence?.country === 'MX' && payer.residence.source === 'party';
};

interface Opened {
  readonly referralId: string;
  readonly caseId: string;
  readonly asked: string;
  readonly wireId: string;
}

async function openReferrals(ctx: Ctx, cases: readonly CaseExtractRecord[], db: Client): Promise<Opened[]> {
  const opened: Opened[] = [];
  for (const { caseId } of cases) {
    if (opened.length >= REFERRALS) break;
    const { referralId } = await createReferral(ctx, { caseId, partnerId: PARTNER, services: ['enforce'] });
    const sealed = await buildPacket(ctx, referralId).catch(() => null);
    if (sealed === null) continue;
    await sendReferral(ctx, referralId, { approver: 'Bench' });
    const { messageId } = await sendMessage(ctx, { referralId, kind: 'statusRequest', body: { question: ['status'] } });
    const { rows } = await db.query<{ wire: string }>(
      'select c.wire_id as wire from exchange_messages m join exchange_conversations c using (agency_id, conversation_id) where m.message_id = $1', [messageId]);
    opened.push({ referralId, caseId, asked: messageId, wireId: rows[0]?.wire ?? '' });
  }
  return opened;
}

function statusReport(index: number, to: Opened, now: Date): string {
  return JSON.stringify(newMessage('statusReport', {
    messageId: `bench-${String(index).padStart(8, '0')}`, serial: String(index + 1).padStart(12, '0'), conversation: to.wireId, inReplyTo: to.asked, sentAt: now.toISOString(),
    datedOn: now.toISOString().slice(0, 10), function: 'MSC', action: 'P', reason: 'GSPUD',
    from: { partnerId: PARTNER, country: 'MX', fileNumber: `EXP-${index % REFERRALS}`, name: [{ lang: 'es-MX', value: 'Consulado' }] },
    to: { county: COUNTY, fileNumber: to.caseId, name: [{ lang: 'en', value: 'County' }] },
  }, { state: 'in_progress', asOf: now.toISOString().slice(0, 10), milestone: [{ kind: 'received', on: '2026-11-20' }] }, now));
}

async function call(url: string, secret: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, { ...init, headers: { authorization: `Bearer ${secret}`, accept: 'application/json', ...init.headers } });
  if (response.status >= 400) throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${await response.text()}`);
  return response;
}

/** Waits until nothing of it is left, and says how many were done in a second. */
async function drained(db: Client, sql: string, count: number, begin: number): Promise<number> {
  for (;;) {
    const { rows } = await db.query<{ left: number }>(sql);
    if (Number(rows[0]?.left ?? 0) === 0) return round(count / ((performance.now() - begin) / 1000));
    await new Promise((resolve) => { setTimeout(resolve, 200); });
  }
}

const extract = join(folder, 'cases.ndjson');
const cases: CaseExtractRecord[] = [];
const config = loadConfig({ PUENTE_DATA_DIR: join(folder, 'data'), PORT: '0', PUENTE_LOG_LEVEL: 'error' });
const app = await openApp(config);
const server = await useEmbeddedServer(config.dataDir);
const adminUrl = Object.assign(new URL(server.adminUrl), { pathname: new URL(server.ownerUrl).pathname }).href;
const db = new Client({ connectionString: adminUrl });
await db.connect();
try {
  await pipeline(Readable.from((function* () {
    for (const one of generateCases({ seed: 20_261_122, count: CASES })) {
      if (cases.length < 200 && isPlain(one)) cases.push(one);
      yield `${JSON.stringify(one)}\n`;
    }
  })()), createWriteStream(extract));
  await importCaseExtract(app.ctx, { fileName: 'cases.ndjson', source: createReadStream(extract) });
  const opened = await openReferrals(app.ctx, cases, db);
  const secrets: string[] = [];
  for (let index = 0; index < CLIENTS; index++) {
    secrets.push((await createClient(app.ctx, { partnerId: PARTNER, name: `bench ${index}`, scopes: SCOPES, networks: [], requestsPerMinute: 6_000 })).secret);
  }
  const rssBefore = process.memoryUsage().rss;
  const limit = await limits(adminUrl);
  const serving = await serve(app, { web: true, jobs: false, sftp: false });
  const api = `${serving.url}/api/v1`;
  const secretOf = (index: number): string => secrets[index % CLIENTS] ?? '';
  const now = new Date();
  const bodies = Array.from({ length: MESSAGES }, (_, index) => statusReport(index, opened[index % opened.length] as Opened, now));
  const inward = await many(MESSAGES, async (index) => {
    await (await call(`${api}/messages`, secretOf(index), { method: 'POST', body: bodies[index] ?? '', headers: { 'content-type': 'application/json' } })).arrayBuffer();
  });
  const again = await many(Math.min(MESSAGES, 1_000), async (index) => {
    await (await call(`${api}/messages`, secretOf(index), { method: 'POST', body: bodies[index] ?? '', headers: { 'content-type': 'application/json' } })).arrayBuffer();
  });
  const made = await many(MESSAGES, async (index) => {
    await sendMessage(app.ctx, { referralId: (opened[index % opened.length] as Opened).referralId, kind: 'statusRequest', body: { question: ['status'] } });
  });
  const begin = performance.now();
  const jobs = await serve(app, { web: false, jobs: true, sftp: false });
  const [delivered, acted] = await Promise.all([
    drained(db, "select count(*)::int as left from exchange_messages where direction = 'out' and state = 'queued'", MESSAGES, begin),
    drained(db, "select count(*)::int as left from exchange_work where state = 'waiting'", MESSAGES, begin),
  ]);
  await jobs.close();
  const ids: string[] = [];
  const pages: number[] = [];
  for (let after: string | null = ''; after !== null && ids.length < MESSAGES;) {
    const start = performance.now();
    const page = await (await call(`${api}/messages?limit=100${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`, secretOf(pages.length))).json() as { items: { id: string }[]; next: string | null };
    pages.push(performance.now() - start);
    ids.push(...page.items.map(({ id }) => id));
    after = page.items.length === 0 ? null : page.next;
  }
  const fetched = await many(ids.length, async (index) => {
    await (await call(`${api}/messages/${ids[index] ?? ''}`, secretOf(index))).arrayBuffer();
    await (await call(`${api}/messages/${ids[index] ?? ''}/retrieval`, secretOf(index + 1), { method: 'POST' })).arrayBuffer();
  });
  await serving.close();
  console.log(JSON.stringify({
    bench: 'exchange', cases: CASES, referrals: opened.length, messages: MESSAGES, atOnce: AT_ONCE,
    in: { perSecond: inward.perSecond, milliseconds: percentiles(inward.times) },
    sameAgain: { perSecond: again.perSecond, milliseconds: percentiles(again.times) },
    made: { perSecond: made.perSecond, milliseconds: percentiles(made.times) },
    jobs: { deliveredPerSecond: delivered, actedPerSecond: acted },
    listed: { pagesOf100: pages.length, milliseconds: percentiles(pages) },
    fetchedAndConfirmed: { perSecond: fetched.perSecond, milliseconds: percentiles(fetched.times) },
    limits: limit, ratioOfInToCommits: round(limit.commits / inward.perSecond), ratioOfInToFiles: round(limit.files / inward.perSecond),
    rssMegabytesBefore: megabytes(rssBefore), peakRssMegabytes: megabytes(process.resourceUsage().maxRSS * 1024),
  }, null, 1));
} finally {
  await db.end();
  await server.release();
  await app.close();
  rmSync(folder, { recursive: true, force: true });
}
