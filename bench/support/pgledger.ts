import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';

/**
 * pgledger beside our ledger, on the same server. Its SQL is not ours and not in this repository: `--pgledger DIR` names a folder with
 * `pgledger.sql` and `vendor/scoville-pgsql-ulid/{ulid-to-uuid,uuid-to-ulid}.sql` as in github.com/pgr0ss/pgledger. Both are driven alike: by
 * pgbench where it is installed, else by clients of this process; fifty accounts each, 30,000 transfers before the first, and ANALYZE.
 */
export interface Driver {
  readonly url: string;
  /** One call as pgbench and as a prepared statement: `:f`, `:t` are two different numbers from 0 to 49. */
  readonly call: string;
  readonly options?: string;
}

const ACCOUNTS = 50;
const PRELOADED = 30_000;
const PER_CALL = 99;
const run = promisify(execFile);

export const SCOPE = "select set_config('puente.agency', 'us-ca', false), set_config('puente.counties', '*', false), set_config('puente.partner', '*', false)";

export function findPgbench(): string | null {
  const debian = '/usr/lib/postgresql';
  const folders = ['/usr/bin', '/usr/local/bin', ...(existsSync(debian) ? readdirSync(debian).sort().reverse().map((version) => join(debian, version, 'bin')) : [])];
  return folders.map((folder) => join(folder, 'pgbench')).find((file) => existsSync(file)) ?? null;
}

/** A database with pgledger, loaded as fair play asks. */
export async function makePgledger(adminUrl: string, folder: string): Promise<Driver> {
  const parts = ['vendor/scoville-pgsql-ulid/ulid-to-uuid.sql', 'vendor/scoville-pgsql-ulid/uuid-to-ulid.sql', 'pgledger.sql'];
  const sql = await Promise.all(parts.map((part) => readFile(join(folder, part), 'utf8')));
  await withClient(adminUrl, (client) => client.query('create database pgledger'));
  const url = Object.assign(new URL(adminUrl), { pathname: '/pgledger' }).href;
  await withClient(url, async (client) => {
    await client.query(sql.join('\n'));
    await client.query(`insert into pgledger_accounts (id, name, currency, allow_negative_balance, allow_positive_balance, created_at, updated_at)
      select 'a' || i, 'a' || i, 'USD', true, true, now(), now() from generate_series(0, ${ACCOUNTS - 1}) i`);
    for (let i = 0; i < PRELOADED / PER_CALL; i++) await client.query(pgledgerBatch(i));
    await client.query('analyze');
  });
  return { url, call: "select id from pgledger_create_transfer('a' || :f, 'a' || :t, 12.34)" };
}

const pgledgerBatch = (seed: number): string => `select count(*) from pgledger_create_transfers(array(
  select ('a' || (i * 7 + ${seed}) % ${ACCOUNTS}, 'a' || (i * 7 + ${seed} + 1 + i % ${ACCOUNTS - 1}) % ${ACCOUNTS}, 12.34)::transfer_request from generate_series(1, ${PER_CALL}) i))`;

/** Our database, loaded in the same way; keys come in order, as those of a register do. */
export async function makeOurs(adminUrl: string, appUrl: string): Promise<Driver> {
  const call = `select ledger_post_one('bench', 'bench', 'single:' || nextval('bench_keys'), 'disbursement.registered', '2026-02-02', null, array['in_transit', 'in_transit'],
    array['p' || :f, 'p' || :t], array[null, null]::text[], array['USD', 'USD'], array[1234, -1234]::bigint[], array[null, null]::text[])`;
  await withClient(Object.assign(new URL(adminUrl), { pathname: new URL(appUrl).pathname }).href, async (client) => {
    await client.query('create sequence bench_keys start 1000000000; grant usage on sequence bench_keys to public');
    await client.query('analyze');
  });
  return { url: appUrl, call, options: '-c puente.agency=us-ca -c puente.counties=* -c puente.partner=*' };
}

/** Calls a second by so many clients, one transfer and one transaction each. */
export async function singleRate(driver: Driver, clients: number, seconds: number, folder: string): Promise<number> {
  const pgbench = findPgbench();
  if (pgbench === null) return rateOf(driver, clients, seconds, (i) => [driver.call.replace(':f', '$1::int').replace(':t', '$2::int'), [i % ACCOUNTS, (i + 1 + i % (ACCOUNTS - 1)) % ACCOUNTS]]);
  const script = join(folder, 'call.sql');
  await writeFile(script, `\\set f random(0, ${ACCOUNTS - 1})\n\\set d random(1, ${ACCOUNTS - 1})\n\\set t (:f + :d) % ${ACCOUNTS}\n${driver.call.replaceAll(/\s+/g, ' ')};\n`);
  const { stdout } = await run(pgbench, ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds), '-f', script, driver.url],
    { env: { PATH: '/usr/bin:/bin', ...(driver.options === undefined ? {} : { PGOPTIONS: driver.options }) } });
  return Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
}

/** Transfers a second of pgledger's own batches, 99 in a call, by so many clients. */
export async function pgledgerBatchRate(driver: Driver, clients: number, seconds: number): Promise<number> {
  return PER_CALL * await rateOf(driver, clients, seconds, (i) => [pgledgerBatch(i), []]);
}

async function rateOf(driver: Driver, clients: number, seconds: number, call: (i: number) => [string, unknown[]]): Promise<number> {
  let calls = 0;
  const start = performance.now();
  const isOver = (): boolean => performance.now() - start > seconds * 1_000;
  await Promise.all(Array.from({ length: clients }, (_, n) => withClient(driver.url, async (client) => {
    if (driver.options !== undefined) await client.query(SCOPE);
    for (let i = n * 1_000_003; !isOver(); i++) {
      const [text, values] = call(i);
      await client.query(values.length === 0 ? { text } : { name: 'call', text, values });
      calls++;
    }
  })));
  return calls / ((performance.now() - start) / 1_000);
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
