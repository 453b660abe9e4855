// Import of a caseload, measured against COPY of the very same rows into tables with the same indexes, in the same run.
// Usage: node bench/import-cases.ts [cases]     (50,000 by default)
import { createReadStream, createWriteStream, mkdtempSync, rmSync, chmodSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { generateCases } from '../src/demo/case-generator.ts';
import { openApp } from '../src/main.ts';
import { importCaseExtract } from '../src/modules/cases/index.ts';
import { CASE_TABLES } from '../src/modules/cases/case-rows.ts';
import { loadConfig } from '../src/platform/config.ts';
import { useEmbeddedServer } from '../src/platform/database/embedded/index.ts';

const count = Number(process.argv[2] ?? 50_000);
const folder = mkdtempSync(join(tmpdir(), 'puente-bench-'));
chmodSync(folder, 0o711);

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const start = performance.now();
  const result = await work();
  return { seconds: (performance.now() - start) / 1000, result };
}

function* lines(): Generator<string> {
  for (const supportCase of generateCases({ seed: 20_260_831, count })) yield `${JSON.stringify(supportCase)}\n`;
}

/** COPY of what the import wrote, from a file, into fresh tables with the same indexes; only the COPY is timed. */
async function copyBaseline(adminUrl: string): Promise<number> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  let seconds = 0;
  try {
    for (const [table, columns] of Object.entries(CASE_TABLES)) {
      const file = join(folder, `${table}.copy`);
      await pipeline(admin.query(copyTo(`copy ${table} (${columns}) to stdout`)), createWriteStream(file));
      await admin.query(`create table bench_${table} (like ${table} including all)`);
      seconds += (await timed(() => pipeline(createReadStream(file), admin.query(copyFrom(`copy bench_${table} (${columns}) from stdin`))))).seconds;
      await admin.query(`drop table bench_${table}`);
      rmSync(file);
    }
  } finally {
    await admin.end();
  }
  return seconds;
}

const extract = join(folder, 'cases.ndjson');
await pipeline(Readable.from(lines()), createWriteStream(extract));
const config = loadConfig({ PUENTE_DATA_DIR: join(folder, 'data') });
const app = await openApp(config);
const server = await useEmbeddedServer(config.dataDir);
try {
  const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);
  const peakBefore = process.resourceUsage().maxRSS * 1024;
  const first = await timed(() => importCaseExtract(app.ctx, { fileName: 'cases.ndjson', source: createReadStream(extract) }));
  const peakAfter = process.resourceUsage().maxRSS * 1024;
  const again = await timed(() => importCaseExtract(app.ctx, { fileName: 'cases.ndjson', source: createReadStream(extract) }));
  const copySeconds = await copyBaseline(Object.assign(new URL(server.adminUrl), { pathname: new URL(server.ownerUrl).pathname }).href);
  console.log(JSON.stringify({
    bench: 'import-cases', cases: count, imported: first.result.imported, fileMegabytes: megabytes(statSync(extract).size),
    importSeconds: Number(first.seconds.toFixed(2)), casesPerSecond: Math.round(count / first.seconds),
    againSeconds: Number(again.seconds.toFixed(2)), againChanged: again.result.changed + again.result.imported,
    copySeconds: Number(copySeconds.toFixed(2)), ratioToCopy: Number((first.seconds / copySeconds).toFixed(2)),
    peakRssMegabytesBefore: megabytes(peakBefore), peakRssMegabytes: megabytes(peakAfter),
  }));
} finally {
  await server.release();
  await app.close();
  rmSync(folder, { recursive: true, force: true });
}
