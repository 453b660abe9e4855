// Picks up files, or closes a day, and kills its own process, as `kill -9` does, at one step: before a statement that starts so, or before a call of the file system (`fs:rename:2`: the second).
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const [dataDir, databaseUrl, what, killAt = '', now = ''] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');
const [, call, nth] = /^fs:(\w+):(\d+)$/.exec(killAt) ?? [];
if (call) {
  const real = fs[call];
  let times = 0;
  fs[call] = async (...given) => {
    const mine = given.some((one) => String(one).includes('/pickup/'));
    if (mine && ++times === Number(nth)) die();
    return real(...given);
  };
  syncBuiltinESMExports();
}
const { loadConfig } = await import('../../../src/platform/config.ts');
const { operatorActor } = await import('../../../src/platform/context.ts');
const { connectDatabase } = await import('../../../src/platform/database/index.ts');
const { fixedClock, systemClock } = await import('../../../src/platform/dates.ts');
const { openKeyRing } = await import('../../../src/platform/keys.ts');
const { createLogger } = await import('../../../src/platform/log.ts');

const config = loadConfig({ NODE_ENV: 'test', PUENTE_DATA_DIR: dataDir });
const db = await connectDatabase(databaseUrl);
const ignore = () => undefined;
let seen = 0;
const [, statement = '', turn = '1'] = /^(.*?)(?:#(\d+))?$/.exec(call ? '' : killAt) ?? [];
const watch = { logQuery: (text) => { if (statement && text.trim().startsWith(statement) && ++seen === Number(turn)) die(); },
  logQueryError: ignore, logQuerySlow: ignore, logSchemaBuild: ignore, logMigration: ignore, log: ignore };
db.dataSource.setOptions({ logging: ['query'], logger: watch });
const ctx = { actor: operatorActor(config), clock: now ? fixedClock(now) : systemClock, config, db, keys: await openKeyRing(config), log: createLogger('silent') };
const result = what === 'pickup' ? await pickUp() : await close();
process.stdout.write(`${JSON.stringify(result)}\n`);
await db.close();

// Each loads only what it needs: most of what one of these processes costs is loading.
async function pickUp() {
  const { pickUpFiles } = await import('../../../src/modules/payments/index.ts');
  return pickUpFiles(ctx);
}

async function close() {
  const { closeDay } = await import('../../../src/modules/reconciliation/index.ts');
  const { officeDays } = await import('../../../src/modules/referrals/index.ts');
  return closeDay(ctx, officeDays, { day: what, reasons: { agreement: 'entered by hand', days_before: 'test' } });
}
