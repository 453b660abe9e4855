import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { fromBuffer } from 'yauzl';
import type { Entry } from 'yauzl';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { addPartnerKey, createClient, createUser, SCOPES } from '../../../src/modules/identity/index.ts';
import { extractOf } from '../cases/builders.ts';
import { Consulate } from './consulate.ts';
import type { ConsulateGiven } from './consulate.ts';
import type { WholeApp } from './whole-app.ts';
import { ed25519KeyPair } from '../sftp/key-pair.ts';

export const LOS_ANGELES = 'mx-consulate-los-angeles';
export const KCSA = 'kr-kcsa';
const PASSWORD = 'correct horse battery';

export const bring = (app: WholeApp, ...cases: SupportCase[]): Promise<unknown> => importCaseExtract(app.ctx, { fileName: 'cases.ndjson', source: Readable.from([extractOf(cases)]) });

/** A partner with all that it gets from an administrator: a credential, and its key made known. */
export async function partnerOf(app: WholeApp, given: Pick<ConsulateGiven, 'partnerId' | 'country' | 'name' | 'fileNumber' | 'county'>, now: () => Date = () => app.ctx.clock.now()): Promise<Consulate> {
  const { secret } = await createClient(app.ctx, { partnerId: given.partnerId, name: 'Sistema', scopes: SCOPES, networks: [], requestsPerMinute: 6_000 });
  const pair = ed25519KeyPair();
  await addPartnerKey(app.ctx, { partnerId: given.partnerId, name: 'Servidor', publicKey: pair.public, networks: [] });
  return new Consulate({ ...given, url: app.url, secret, sftp: { port: app.sftpPort, privateKey: pair.private }, now });
}

/** A new credential in time, as the old one ends. */
export async function renewed(app: WholeApp, partner: Consulate): Promise<void> {
  partner.secret = (await createClient(app.ctx, { partnerId: partner.given.partnerId, name: 'Sistema nuevo', scopes: SCOPES, networks: [], requestsPerMinute: 6_000 })).secret;
}

/** The browser of the partner's officer. */
export async function officerOf(app: WholeApp, partnerId: string): Promise<TestAgent> {
  const userName = `officer_${partnerId.slice(-6)}`;
  await createUser(app.ctx, { userName, password: PASSWORD, displayName: 'Óscar Oficial', roles: ['partner_officer'], partner: partnerId, counties: 'all', language: 'es-MX' });
  const agent = supertest.agent(app.url);
  const form = (await agent.get('/sign-in')).text;
  const signedIn = await agent.post('/sign-in').type('form').send({ form_token: /name="form_token" value="([^"]*)"/.exec(form)?.[1] ?? '', user_name: userName, password: PASSWORD, next: '/' });
  if (signedIn.status !== 303) throw new Error(`the officer could not sign in: ${signedIn.status}`);
  return agent;
}

/** As anybody verifies a receipt who has the county's certificate and openssl: what it says. */
export function provenBy(signed: Uint8Array, certificatePem: string): Readonly<Record<string, unknown>> {
  return withFiles({ 'receipt.p7s': signed, 'county.pem': Buffer.from(certificatePem) }, (folder) => JSON.parse(
    execFileSync('openssl', ['cms', '-verify', '-inform', 'DER', '-purpose', 'any', '-no_check_time', '-CAfile', join(folder, 'county.pem'), '-in', join(folder, 'receipt.p7s')], { stdio: ['ignore', 'pipe', 'pipe'] }).toString(),
  ) as Record<string, unknown>);
}

/** As anybody verifies a container: the signature over its list, and each file against the list. Returns their names. */
export async function provenContainer(bytes: Buffer, certificatePem: string): Promise<string[]> {
  const entries = await unzipped(bytes);
  const manifest = [...entries].find(([name]) => /^META-INF\/ASiCManifest.*\.xml$/.test(name))?.[1] ?? Buffer.alloc(0);
  const signature = [...entries].find(([name]) => /^META-INF\/.*\.p7s$/.test(name))?.[1] ?? Buffer.alloc(0);
  withFiles({ 'manifest.xml': manifest, 'signature.p7s': signature, 'county.pem': Buffer.from(certificatePem) }, (folder) => execFileSync(
    'openssl', ['cms', '-verify', '-inform', 'DER', '-binary', '-purpose', 'any', '-no_check_time', '-CAfile', join(folder, 'county.pem'), '-content', join(folder, 'manifest.xml'), '-in', join(folder, 'signature.p7s'), '-out', join(folder, 'out')],
    { stdio: ['ignore', 'pipe', 'pipe'] }));
  const listed = [...manifest.toString('utf8').matchAll(/<(?:\w+:)?DataObjectReference[^>]*URI="([^"]+)"[\s\S]*?DigestValue>([^<]+)</g)];
  const others = listed.filter(([, name, digest]) => createHash('sha256').update(entries.get(decodeURIComponent(name ?? '')) ?? '').digest('base64') !== digest);
  if (listed.length === 0 || others.length > 0) throw new Error(`not as signed: ${others.map(([, name]) => name).join(', ')}`);
  return listed.map(([, name]) => name ?? '');
}

function withFiles<T>(files: Readonly<Record<string, Uint8Array>>, work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'partner-'));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function unzipped(bytes: Buffer): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Buffer>();
    fromBuffer(bytes, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) return reject(error);
      zip.on('error', reject).on('end', () => resolve(entries)).on('entry', (entry: Entry) => {
        zip.openReadStream(entry, (failed, stream) => {
          if (failed) return reject(failed);
          buffer(stream).then((content) => {
            entries.set(entry.fileName, content);
            zip.readEntry();
          }, reject);
        });
      });
      zip.readEntry();
    });
  });
}
