// Imports a file of money and kills its own process, as `kill -9` does, when it is about to run the statement that starts so: what a power cut leaves behind.
import { createReadStream } from 'node:fs';
import { importBank, importDisbursements, importPayments } from '../../../src/modules/payments/index.ts';
import { loadConfig } from '../../../src/platform/config.ts';
import { operatorActor } from '../../../src/platform/context.ts';
import { connectDatabase } from '../../../src/platform/database/index.ts';
import { systemClock } from '../../../src/platform/dates.ts';
import { openKeyRing } from '../../../src/platform/keys.ts';
import { createLogger } from '../../../src/platform/log.ts';

const [dataDir, databaseUrl, kind, file, killAt] = process.argv.slice(2);
const config = loadConfig({ NODE_ENV: 'test', PUENTE_DATA_DIR: dataDir });
const db = await connectDatabase(databaseUrl);
const ignore = () => undefined;
const watch = { logQuery: (text) => { if (killAt && text.trim().startsWith(killAt)) process.kill(process.pid, 'SIGKILL'); },
  logQueryError: ignore, logQuerySlow: ignore, logSchemaBuild: ignore, logMigration: ignore, log: ignore };
db.dataSource.setOptions({ logging: ['query'], logger: watch });
const ctx = { actor: operatorActor(config), clock: systemClock, config, db, keys: await openKeyRing(config), log: createLogger('silent') };
const request = { fileName: 'file', source: createReadStream(file) };
const { findings: _, ...summary } = kind === 'bank' ? await importBank(ctx, request)
  : kind === 'register' ? await importDisbursements(ctx, request) : await importPayments(ctx, { ...request, partnerId: 'mx-consulate-los-angeles' });
process.stdout.write(`${JSON.stringify(summary)}\n`);
await db.close();
