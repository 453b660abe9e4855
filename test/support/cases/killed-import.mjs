// Imports an extract and kills its own process, as `kill -9` does, once so many lines are stored: what a power cut leaves behind.
import { createReadStream } from 'node:fs';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { loadConfig } from '../../../src/platform/config.ts';
import { operatorActor } from '../../../src/platform/context.ts';
import { connectDatabase } from '../../../src/platform/database/index.ts';
import { systemClock } from '../../../src/platform/dates.ts';
import { openKeyRing } from '../../../src/platform/keys.ts';
import { createLogger } from '../../../src/platform/log.ts';

const [dataDir, databaseUrl, extract, killAfter] = process.argv.slice(2);
const config = loadConfig({ NODE_ENV: 'test', PUENTE_DATA_DIR: dataDir });
const db = await connectDatabase(databaseUrl);
const ctx = { actor: operatorActor(config), clock: systemClock, config, db, keys: await openKeyRing(config), log: createLogger('silent') };
const { findings: _, ...summary } = await importCaseExtract(ctx, {
  fileName: 'cases.ndjson', source: createReadStream(extract),
  onProgress: ({ lines }) => { if (lines >= Number(killAfter)) process.kill(process.pid, 'SIGKILL'); },
});
process.stdout.write(`${JSON.stringify(summary)}\n`);
await db.close();
