// Reconciles the database of an address and stops dead in the middle of a file's transaction, for a test to kill it there.
import { reconcile } from '../../../src/modules/reconciliation/index.ts';
import { loadConfig } from '../../../src/platform/config.ts';
import { operatorActor } from '../../../src/platform/context.ts';
import { connectDatabase } from '../../../src/platform/database/index.ts';
import { createLogger } from '../../../src/platform/log.ts';
import { systemClock } from '../../../src/platform/dates.ts';

const [address, atFile] = process.argv.slice(2);
const config = loadConfig({ NODE_ENV: 'test', PUENTE_AGENCY: 'us-ca' });
const db = await connectDatabase(address);
const ctx = { actor: operatorActor(config), clock: systemClock, config, db, keys: undefined, log: createLogger('silent') };
await reconcile(ctx, {
  onProgress: (_lines, file) => {
    if (file < Number(atFile)) return;
    process.send('in the middle');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
