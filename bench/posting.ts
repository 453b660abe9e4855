import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkLedger, commitPostingBatch, openPostingBatch, postTransfer } from '../src/modules/ledger/index.ts';
import { loadConfig } from '../src/platform/config.ts';
import { inTransaction, operatorActor } from '../src/platform/context.ts';
import type { Ctx, TxCtx } from '../src/platform/context.ts';
import { copyRows, openDatabase } from '../src/platform/database/index.ts';
import type { CopyRow } from '../src/platform/database/index.ts';
import { useEmbeddedServer } from '../src/platform/database/embedded/index.ts';
import { systemClock } from '../src/platform/dates.ts';
import { openKeyRing } from '../src/platform/keys.ts';
import { createLogger } from '../src/platform/log.ts';
import { findPgbench, makeOurs, makePgledger, pgledgerBatchRate, singleRate } from './support/pgledger.ts';

/**
 * How fast the ledger posts: transfers of two legs, one at a time and in batches, beside two things in the same run on the same server: COPY of
 * the same rows (transfers and entries) into tables with the same columns and indexes and nothing else; and pgledger, where a folder
 * with its SQL is given (bench/support/pgledger.ts says which). Rounds alternate, and ratios are medians of the rounds' own ratios.
 *
 *   node bench/posting.ts [transfers] [--pgledger DIR] [--seconds N] [--json]
 */
const { values: given, positionals } = parseArgs({ allowPositionals: true, options: { pgledger: { type: 'string' }, seconds: { type: 'string' }, json: { type: 'boolean' } } });
const transfers = Number(positionals[0] ?? 50_000);
const seconds = Number(given.seconds ?? 10);
const SINGLES = 1_000;
const CLIENTS = 8;
/** As pgledger is measured: twenty clients with one transfer each, two with batches. */
const SINGLE_CLIENTS = 20;
const BATCH_CLIENTS = 2;
const PER_BATCH = 5_000;
const PER_SMALL_BATCH = 99;
const CASES = 20_000;
const ROUNDS = 3;

const dataDir = mkdtempSync(join(tmpdir(), 'puente-bench-'));
const config = loadConfig({ PUENTE_DATA_DIR: dataDir, PUENTE_LOG_LEVEL: 'silent' });
const db = await openDatabase(config);
const ctx: Ctx = { actor: operatorActor(config), clock: systemClock, config, db, keys: await openKeyRing(config), log: createLogger('silent') };

try {
  const rates = { batched: [] as number[], replayed: [] as number[], copied: [] as number[] };
  await batch('warm-up', 10_000);
  for (let round = 0; round < ROUNDS; round++) {
    rates.batched.push(await batch(`round-${round}`, transfers));
    rates.replayed.push(await batch(`round-${round}`, transfers));
    rates.copied.push(await copy(transfers));
  }
  const peer = await comparison();
  const single = await singles(1);
  const clients = await singles(CLIENTS);
  const check = await checkLedger(ctx);
  if (!check.isClean) throw new Error('the ledger is not clean after the run');
  const batched = median(rates.batched);
  const copied = median(rates.copied);
  const result = {
    transfers, rounds: ROUNDS, legsPerTransfer: 2,
    batchedPerSecond: Math.round(batched), replayedPerSecond: Math.round(median(rates.replayed)), copiedPerSecond: Math.round(copied),
    batchedToCopy: Number((batched / copied).toFixed(2)), oneByOneInTheApplicationPerSecond: Math.round(single), by8ClientsInTheApplicationPerSecond: Math.round(clients),
    ...peer,
    entries: check.entries, memoryMb: Math.round(process.memoryUsage().rss / 1_048_576),
  };
  if (given.json) console.log(JSON.stringify(result));
  else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(36)} ${value}`);
} finally {
  await db.close();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Single calls and batches, ours and pgledger's in turn; without its SQL, ours alone. */
async function comparison(): Promise<Record<string, number | string>> {
  const server = await useEmbeddedServer(dataDir);
  try {
    const ours = await makeOurs(server.adminUrl, db.appUrl);
    const peer = given.pgledger === undefined ? null : await makePgledger(server.adminUrl, given.pgledger);
    const rates = { ours: [] as number[], peer: [] as number[], oursBatched: [] as number[], oursSmall: [] as number[], peerBatched: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      if (peer !== null) rates.peer.push(await singleRate(peer, SINGLE_CLIENTS, seconds, dataDir));
      rates.ours.push(await singleRate(ours, SINGLE_CLIENTS, seconds, dataDir));
      if (peer !== null) rates.peerBatched.push(await pgledgerBatchRate(peer, BATCH_CLIENTS, seconds));
      rates.oursBatched.push(await batches(`two-${round}`, PER_BATCH));
      rates.oursSmall.push(await batches(`small-${round}`, PER_SMALL_BATCH));
    }
    const ratio = (one: readonly number[], other: readonly number[]): number => Number(median(one.map((rate, i) => rate / (other[i] ?? Number.NaN))).toFixed(2));
    return {
      drivenBy: findPgbench() === null ? 'clients of this process (pgbench is not installed)' : 'pgbench',
      singlePerSecond: Math.round(median(rates.ours)), batchesOf5000By2ClientsPerSecond: Math.round(median(rates.oursBatched)), batchesOf99By2ClientsPerSecond: Math.round(median(rates.oursSmall)),
      ...(peer === null ? { pgledger: 'not compared: give --pgledger DIR with its SQL' } : {
        pgledgerSinglePerSecond: Math.round(median(rates.peer)), pgledger99PerCallPerSecond: Math.round(median(rates.peerBatched)), singleToPgledger: ratio(rates.ours, rates.peer),
        batchedToPgledger: ratio(rates.oursBatched, rates.peerBatched), batchesOf99ToPgledger: ratio(rates.oursSmall, rates.peerBatched),
      }),
    };
  } finally {
    await server.release();
  }
}

/** Transfers a second of batches of one size by two clients at once. */
async function batches(name: string, size: number): Promise<number> {
  const start = performance.now();
  const posted = await Promise.all(Array.from({ length: BATCH_CLIENTS }, async (_, client) => {
    let count = 0;
    for (; performance.now() - start < seconds * 1_000; count++) await batch(`${name}:${size}:${client}:${count}`, size);
    return count * size;
  }));
  return posted.reduce((sum, count) => sum + count, 0) / ((performance.now() - start) / 1_000);
}

/** Transfers a second of one batch, from the opened transaction to its commit. */
async function batch(name: string, count: number): Promise<number> {
  const start = performance.now();
  await inTransaction(ctx, async (tx) => {
    await openPostingBatch(tx);
    await tx.tx.query(
      `insert into posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, case_id, county, currency, amount_minor)
       select $1 || ':' || i, 'disbursement.delivered', date '2026-01-01' + i % 300, k, case k when 'in_transit' then 'mx-consulate-calexico' end,
              case k when 'delivered' then 'C' || i % ${CASES} end, case k when 'delivered' then '06025' end, 'USD', case k when 'in_transit' then -1 else 1 end * (100 + i % 977)
         from generate_series(1, $2::int) i cross join unnest(array['in_transit', 'delivered']) k`, [name, count]);
    await commitPostingBatch(tx, { batchKey: name });
  });
  return count / ((performance.now() - start) / 1000);
}

/** The same rows by COPY into plain tables with the same indexes: transfers a second. */
async function copy(count: number): Promise<number> {
  return inTransaction(ctx, async (tx) => {
    for (const table of ['ledger_transfers', 'ledger_entries']) await tx.tx.query(`create temporary table copy_${table} (like ${table} including indexes) on commit drop`);
    const rows = await tx.tx.query<Record<string, string>[]>(
      `select t.agency_id, t.transfer_id, t.transfer_key, t.event, t.occurred_on::text, t.recorded_at::text, t.batch_id, t.leg_count, t.body_digest::text, e.leg_number, e.account_id, e.amount_minor, e.currency
         from (select * from ledger_transfers order by transfer_id desc limit $1) t join ledger_entries e using (agency_id, transfer_id)`, [count]);
    const firsts = rows.filter((row) => String(row['leg_number']) === '1');
    const cells = (row: Record<string, string>, columns: string[]): CopyRow => columns.map((column) => row[column] ?? null);
    const transferColumns = ['agency_id', 'transfer_id', 'transfer_key', 'event', 'occurred_on', 'recorded_at', 'batch_id', 'leg_count', 'body_digest'];
    const entryColumns = ['agency_id', 'transfer_id', 'leg_number', 'account_id', 'amount_minor', 'currency', 'occurred_on', 'recorded_at'];
    const start = performance.now();
    await copyInto(tx, 'ledger_transfers', transferColumns, firsts.map((row) => cells(row, transferColumns)));
    await copyInto(tx, 'ledger_entries', entryColumns, rows.map((row) => cells(row, entryColumns)));
    return count / ((performance.now() - start) / 1000);
  });
}

async function copyInto(tx: TxCtx, table: string, columns: string[], rows: CopyRow[]): Promise<void> {
  await copyRows(tx, `copy_${table} (${columns.join(', ')})`, rows);
}

/** One transfer a transaction, by so many clients at once. */
async function singles(clients: number): Promise<number> {
  const start = performance.now();
  await Promise.all(Array.from({ length: clients }, async (_, client) => {
    for (let i = 0; i < SINGLES / clients; i++) {
      await inTransaction(ctx, (tx) => postTransfer(tx, {
        transferKey: `single:${clients}:${client}:${i}`, event: 'disbursement.registered', occurredOn: '2026-02-02',
        legs: [{ kind: 'in_transit', partnerId: `partner-${client}-${i % 5}`, currency: 'USD', amountMinor: 500n }, { kind: 'delivered', caseId: `S${client}-${i}`, county: '06025', currency: 'USD', amountMinor: -500n }],
      }));
    }
  }));
  return SINGLES / ((performance.now() - start) / 1000);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
