import type { Ctx } from '../platform/context.ts';
import type { Io } from './command.ts';
import type { Parts } from '../main.ts';

/** Serves until the process is asked to stop, saying where. The application itself is closed by whoever opened it. */
export async function serveUntilAsked(io: Io, ctx: Ctx, parts: Parts = { web: true, jobs: true, sftp: true }): Promise<void> {
  const { askedToStop, serve } = await import('../main.ts');
  const serving = await serve({ ctx, close: async () => undefined }, parts);
  try {
    const url = ctx.config.publicUrl ?? serving.url;
    if (parts.web) io.say(io.words('cli:serve.listening', { url }));
    const { sftp } = serving;
    if (sftp) io.say(io.words('sftp:cli.listening', { host: sftp.host, port: sftp.port, fingerprint: sftp.fingerprint }));
    await io.json({ url: parts.web ? url : null, sftp: sftp ? { host: sftp.host, port: sftp.port, fingerprint: sftp.fingerprint } : null });
    io.say(io.words('cli:serve.stop'));
    await askedToStop();
  } finally {
    await serving.close();
  }
}
