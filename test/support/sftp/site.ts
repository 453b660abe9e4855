import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { Client as SshClient, SFTPWrapper } from 'ssh2';
import { insertMessage, nextSerial, updateMessageState } from '../../../src/modules/exchange/conversations/message.store.ts';
import { addPartnerKey } from '../../../src/modules/identity/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import { keepFile } from '../../../src/platform/files.ts';
import { newId } from '../../../src/platform/ids.ts';
import { listenSftp, openHostKey } from '../../../src/sftp/index.ts';
import type { SftpServer } from '../../../src/sftp/index.ts';
import type { DoorLimits } from '../../../src/sftp/doorman.ts';
import { LIMITS } from '../../../src/sftp/limits.ts';
import type { Patience } from '../../../src/sftp/limits.ts';
import { CALEXICO, exchangeScene } from '../exchange/scene.ts';
import type { ExchangeScene } from '../exchange/scene.ts';
import { ed25519KeyPair } from './key-pair.ts';

export interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

export interface SftpSite {
  readonly scene: ExchangeScene;
  readonly server: SftpServer;
  readonly folder: string;
  /** A key for a partner: the file of the private one, and how it was registered. */
  key(given?: { partnerId?: string; algorithm?: 'ed25519' | 'rsa' | 'ecdsa'; networks?: readonly string[]; isKnown?: boolean }): Promise<{ path: string; privateKey: string; keyId: string }>;
  /** OpenSSH's `sftp` in batch mode: stops at the first command that fails, unless it begins with `-`. */
  openssh(commands: readonly string[], given?: { key?: string; user?: string; options?: readonly string[] }): Promise<Outcome>;
  /** The library's own client, for what OpenSSH would never do. */
  client(given?: { privateKey?: string; user?: string }): Promise<{ client: SshClient; sftp: SFTPWrapper }>;
  /** A local file. */
  file(name: string, content?: string | Uint8Array): string;
  /** Ends what the library's clients have open. */
  hangUp(): Promise<void>;
  close(): Promise<void>;
}

export async function sftpSite(given: { patience?: Patience; door?: DoorLimits } = {}): Promise<SftpSite> {
  const scene = await exchangeScene();
  const ctx = scene.ctxOf({ kind: 'system', id: 'operator' });
  const folder = mkdtempSync(join(tmpdir(), 'puente-sftp-'));
  const hostKey = await openHostKey(ctx.config, ctx.keys);
  const server = await listenSftp({ ctx, hostKey, host: '127.0.0.1', port: 0, door: { ...LIMITS, arrivalsPerAddress: 10_000, failuresPerAddress: 10_000 }, ...given });
  const known = join(folder, 'known_hosts');
  writeFileSync(known, `[127.0.0.1]:${server.port} ${hostKey.publicLine}\n`);
  const clients: { client: SshClient; closed: Promise<void> }[] = [];
  let keys = 0;
  const key: SftpSite['key'] = async ({ partnerId = CALEXICO, algorithm = 'ed25519', networks = [], isKnown = true } = {}) => {
    const pair = algorithm === 'rsa' ? ssh2.utils.generateKeyPairSync('rsa', { bits: 3072 })
      : algorithm === 'ecdsa' ? ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }) : ed25519KeyPair();
    const path = join(folder, `key-${++keys}`);
    writeFileSync(path, pair.private, { mode: 0o600 });
    chmodSync(path, 0o600);
    const { keyId } = isKnown ? await addPartnerKey(scene.operator, { partnerId, name: `Program ${keys}`, publicKey: pair.public, networks }) : { keyId: '' };
    return { path, privateKey: pair.private, keyId };
  };
  const hangUp = async (): Promise<void> => {
    await Promise.all(clients.splice(0).map(async ({ client, closed }) => {
      client.destroy();
      await closed;
    }));
  };
  const first = await key();
  const openssh: SftpSite['openssh'] = (commands, { key: path = first.path, user = CALEXICO, options = [] } = {}) => {
    const batch = join(folder, `batch-${Math.random().toString(36).slice(2)}`);
    writeFileSync(batch, `${commands.join('\n')}\n`);
    const words = ['-b', batch, '-P', String(server.port), '-i', path, '-o', `UserKnownHostsFile=${known}`, '-o', 'StrictHostKeyChecking=yes', '-o', 'IdentitiesOnly=yes', '-o', 'IdentityAgent=none',
      '-o', 'PasswordAuthentication=no', '-F', 'none', ...options, `${user}@127.0.0.1`];
    return run('sftp', words);
  };
  return {
    scene, server, folder, key, openssh,
    client: ({ privateKey = first.privateKey, user = CALEXICO } = {}) => new Promise((resolve, reject) => {
      const client = new ssh2.Client();
      clients.push({ client, closed: new Promise((gone) => { client.once('close', () => gone()); }) });
      client.on('error', reject).on('ready', () => client.sftp((error, sftp) => (error ? reject(error) : resolve({ client, sftp }))));
      client.connect({ host: '127.0.0.1', port: server.port, username: user, privateKey });
    }),
    file(name, content = '') {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    },
    hangUp,
    async close() {
      await hangUp();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const contentOf = (path: string): Buffer => readFileSync(path);

export function run(command: string, words: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString('utf8'); });
    child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString('utf8'); });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}

/** Lays a message ready for the partner: with a file, or as it would be written. */
export async function offer({ operator }: ExchangeScene, what: { readonly file: Uint8Array } | { readonly message: unknown }): Promise<{ messageId: string; name: string }> {
  const kept = 'file' in what ? await keepFile(operator, { fileName: 'packet', source: what.file, bytesMax: 1e9, partner: CALEXICO }) : null;
  const content = 'message' in what ? JSON.stringify(what.message) : null;
  return inTransaction(operator, async (tx) => {
    const [messageId, serial] = [newId('msg'), await nextSerial(tx)];
    await insertMessage(tx, {
      messageId, serial, conversationId: null, partnerId: CALEXICO, county: null, direction: 'out', senderMessageId: messageId, kind: kept ? 'referral' : 'statusRequest', code: null, inReplyTo: null,
      replyTo: null, hop: null, cause: null, state: 'queued', channel: 'sftp', contentSha256: createHash('sha256').update(messageId).digest('hex'), fileId: kept?.fileId ?? null,
      byteCount: kept?.byteCount ?? content?.length ?? 1, findings: [], statedAt: null, expiresOn: null, content,
    });
    await updateMessageState(tx, messageId, ['queued'], 'delivered');
    return { messageId, name: kept ? `${serial}-referral.bin` : `${serial}-statusRequest.xml` };
  });
}
