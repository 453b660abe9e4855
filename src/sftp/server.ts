import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import ssh2 from 'ssh2';
import type { Ctx } from '../platform/context.ts';
import { deskOf } from './exchange-desk.ts';
import { Doorman } from './doorman.ts';
import type { DoorLimits } from './doorman.ts';
import type { HostKey } from './host-key.ts';
import { LIMITS } from './limits.ts';
import type { Patience } from './limits.ts';
import { Partners } from './partners.ts';
import { signIn } from './sign-in.ts';
import { Visit } from './visit.ts';

/** No SHA-1, no CBC, no compression. Clients take the first of theirs that stands here. */
const ALGORITHMS = {
  kex: ['curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256', 'ecdh-sha2-nistp384', 'ecdh-sha2-nistp521', 'diffie-hellman-group16-sha512', 'diffie-hellman-group14-sha256'],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'],
  compress: ['none'],
} as const;
/** What every such server may be called: nothing about us or our versions. */
const IDENT = 'SFTP';
const GRACE_MS = 10_000;

export interface SftpServer {
  readonly host: string;
  readonly port: number;
  /** Of the key by which partners know us. */
  readonly fingerprint: string;
  /** Takes nobody more, lets what is being received be received, then cuts what is left. */
  close(): Promise<void>;
}

export interface SftpParts {
  readonly ctx: Ctx;
  readonly hostKey: HostKey;
  readonly host: string;
  readonly port: number;
  readonly patience?: Patience;
  readonly door?: DoorLimits;
}

/** Listens for partners' SFTP clients. */
export async function listenSftp({ ctx, hostKey, host, port, patience = LIMITS, door = LIMITS }: SftpParts): Promise<SftpServer> {
  const doorman = new Doorman(door);
  const partners = new Partners();
  const visits = new Set<Visit>();
  const ssh = new ssh2.Server({ hostKeys: [hostKey.privateKey], ident: IDENT, algorithms: { ...ALGORITHMS } as never });
  const waiting = new Map<string, Socket>();
  ssh.on('error', (error: Error) => ctx.log.error({ err: error }, 'sftp.server_failed'));
  ssh.on('connection', (client, { ip, port: from }) => {
    const socket = waiting.get(`${ip} ${from}`);
    if (!socket) return void client.end();
    const visit = new Visit({ client, socket, log: ctx.log, patience });
    visits.add(visit);
    socket.once('close', () => visits.delete(visit));
    const address = ip.replace(/^::ffff:(?=\d+\.)/, '');
    signIn(client, ctx, address, (actor, check) => {
      doorman.known();
      knownSockets.add(socket);
      const partner = actor.partner as string;
      if (!partners.enter(partner)) return visit.end();
      socket.once('close', () => partners.leave(partner));
      ctx.log.info({ actor: actor.id, partner }, 'sftp.signed_in');
      visit.welcome(() => deskOf(ctx, actor, check), partners.stateOf(partner));
    });
  });
  const knownSockets = new WeakSet<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    const address = socket.remoteAddress ?? '';
    if (!doorman.arrived(address, performance.now())) return socket.destroy();
    const slow = setTimeout(() => { if (!knownSockets.has(socket)) socket.destroy(); }, patience.signInMs);
    const key = `${address} ${socket.remotePort}`;
    waiting.set(key, socket);
    socket.once('close', () => {
      clearTimeout(slow);
      waiting.delete(key);
      doorman.left(address, knownSockets.has(socket), performance.now());
    });
    ssh.injectSocket(socket as never);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', (error) => ctx.log.error({ err: error }, 'sftp.server_failed'));
  return {
    host, port: (server.address() as AddressInfo).port, fingerprint: hostKey.fingerprint,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      let late: NodeJS.Timeout | undefined;
      const grace = new Promise<void>((resolve) => { late = setTimeout(resolve, GRACE_MS); });
      await Promise.race([Promise.all([...visits].map((visit) => visit.settle())), grace]);
      clearTimeout(late);
      for (const socket of waiting.values()) socket.destroy();
      await Promise.all([...visits].map((visit) => visit.gone()));
      await closed;
    },
  };
}
