// A command that opens the database of a data directory, says so, and holds it until its standard input ends; each line that
// it reads makes it use the database once more and answer. Used by tests that need several commands at once.
import { createInterface } from 'node:readline';
import { loadConfig } from '../../../src/platform/config.ts';
import { inTransaction, operatorActor } from '../../../src/platform/context.ts';
import { openDatabase } from '../../../src/platform/database/index.ts';

const config = loadConfig({ PUENTE_DATA_DIR: process.argv[2], NODE_ENV: 'test' });
const db = await openDatabase(config);
const [row] = await db.dataSource.query('select inet_server_port() as port, current_user as role');
process.stdout.write(`${JSON.stringify({ pid: process.pid, ...row })}\n`);
if (process.argv[3] === 'exit') process.exit(0);

const ask = () => inTransaction({ actor: operatorActor(config), db }, ({ tx }) => tx.query('select puente_agency() as agency'));
for await (const _ of createInterface({ input: process.stdin })) {
  // A connection of a killed server may live a moment longer, and then end in the middle of a transaction: as any person would, ask again.
  const rows = await ask().catch((error) => {
    if (error.code !== 'database.unavailable') throw error;
    return ask();
  });
  process.stdout.write(`${JSON.stringify(rows[0])}\n`);
}
await db.close();
process.exit(0);
