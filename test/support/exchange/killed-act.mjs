// Acts on a message that was kept, and kills its own process, as `kill -9` does, before the first statement that starts so.
import { openApp } from '../../../src/main.ts';
import { actOnMessage } from '../../../src/modules/exchange/index.ts';
import { configFromEnvironment } from '../../../src/platform/config.ts';

const [messageId, killAt] = process.argv.slice(2);
const app = await openApp(configFromEnvironment());
const ignore = () => undefined;
const logQuery = (text) => { if (text.trim().startsWith(killAt)) process.kill(process.pid, 'SIGKILL'); };
app.ctx.db.dataSource.setOptions({ logging: ['query'], logger: { logQuery, logQueryError: ignore, logQuerySlow: ignore, logSchemaBuild: ignore, logMigration: ignore, log: ignore } });
await actOnMessage(app.ctx, messageId);
await app.close();
