// The SFTP server in a process of its own, on an embedded database, with a file of the given size in the outbox. Says on standard output where it is.
// Usage: node bench/support/sftp-server.ts <data directory> <public key file> <megabytes>
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { openApp } from '../../src/main.ts';
import { insertMessage, nextSerial, updateMessageState } from '../../src/modules/exchange/conversations/message.store.ts';
import { addPartnerKey } from '../../src/modules/identity/index.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { inTransaction } from '../../src/platform/context.ts';
import { keepFile } from '../../src/platform/files.ts';
import { newId } from '../../src/platform/ids.ts';
import { listenSftp, openHostKey } from '../../src/sftp/index.ts';

const PARTNER = 'mx-consulate-los-angeles';
const [dataDir = '', keyFile = '', megabytes = '200'] = process.argv.slice(2);
const app = await openApp(loadConfig({ PUENTE_DATA_DIR: dataDir, PUENTE_LOG_LEVEL: 'error', NODE_ENV: 'test' }));
const { ctx } = app;
await addPartnerKey(ctx, { partnerId: PARTNER, name: 'bench', publicKey: readFileSync(keyFile, 'utf8'), networks: [] });

function* random(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= 1_048_576) yield randomBytes(Math.min(left, 1_048_576));
}
const kept = await keepFile(ctx, { fileName: 'packet', source: Readable.from(random(Number(megabytes) * 1_000_000), { objectMode: false }), bytesMax: 1e9, partner: PARTNER });
const name = await inTransaction(ctx, async (tx) => {
  const [messageId, serial] = [newId('msg'), await nextSerial(tx)];
  await insertMessage(tx, {
    messageId, serial, conversationId: null, partnerId: PARTNER, county: null, direction: 'out', senderMessageId: messageId, kind: 'referral', code: null, inReplyTo: null, replyTo: null,
    hop: null, cause: null, state: 'queued', channel: 'sftp', contentSha256: createHash('sha256').update(messageId).digest('hex'), fileId: kept.fileId, byteCount: kept.byteCount, findings: [],
    statedAt: null, expiresOn: null, content: null,
  });
  await updateMessageState(tx, messageId, ['queued'], 'delivered');
  return `${serial}-referral.bin`;
});
const hostKey = await openHostKey(ctx.config, ctx.keys);
const server = await listenSftp({ ctx, hostKey, host: '127.0.0.1', port: 0 });
process.on('SIGTERM', () => void server.close().then(() => app.close()).then(() => process.exit(0)));
console.log(JSON.stringify({ port: server.port, hostKey: hostKey.publicLine, user: PARTNER, outboxFile: name }));
