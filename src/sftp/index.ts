import type { Ctx } from '../platform/context.ts';
import { openHostKey } from './host-key.ts';
import { listenSftp } from './server.ts';
import type { SftpServer } from './server.ts';

export { openHostKey } from './host-key.ts';
export type { HostKey } from './host-key.ts';
export { listenSftp } from './server.ts';
export type { SftpServer } from './server.ts';

/** Serves partners' SFTP clients where a port is set. @throws AppError `sftp.host_key_missing`, `sftp.host_key_invalid`. */
export async function startSftp(ctx: Ctx): Promise<SftpServer | null> {
  if (ctx.config.sftpPort === 0) return null;
  const hostKey = await openHostKey(ctx.config, ctx.keys);
  return listenSftp({ ctx, hostKey, host: ctx.config.sftpHost, port: ctx.config.sftpPort });
}
