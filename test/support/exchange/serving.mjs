// Serves the web page, the API and SFTP, without jobs, on the clock that it is given, until it is killed. Says where.
import { openApp, serve } from '../../../src/main.ts';
import { configFromEnvironment } from '../../../src/platform/config.ts';

const now = new Date(process.argv[2]);
const app = await openApp(configFromEnvironment());
const { url, sftp } = await serve({ ctx: { ...app.ctx, clock: { now: () => now } }, close: () => app.close() }, { web: true, sftp: true, jobs: false });
process.send({ url, sftpPort: sftp.port });
