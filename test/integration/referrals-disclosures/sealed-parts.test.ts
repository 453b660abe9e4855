import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { loadPartners } from '../../../src/modules/partners/partner-registry.ts';
import { buildPacket, createReferral, listDisclosures, sendReferral } from '../../../src/modules/referrals/index.ts';
import { readZip } from '../../../src/platform/asic/zip.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { newSigningIdentity } from '../../../src/platform/keys-certificate.ts';
import { operatorOf } from '../../http/web/web-site.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { aWholeCase, CHILD_SECRETS, FEDERAL_SECRETS, FORUM_SECRETS, SECRETS } from '../../support/cases/whole-case.ts';
import { testDatabase } from '../../support/database.ts';
import { leaksIn, readableIn } from '../../support/referrals/leaks.ts';

const PARTNER = 'mx-consulate-sealed';
const CASE = 'IM-SEALED';
const PROTECTED = { ...SECRETS, ...CHILD_SECRETS, ...FORUM_SECRETS, ...FEDERAL_SECRETS };
const hasOpenssl = spawnSync('openssl', ['version']).error === undefined;

let operator: Ctx;
let dataDir: string;
let referralId: string;
const authority = (name: string): string => join(dataDir, 'authorities', name);

beforeAll(async () => {
  const db = await testDatabase();
  operator = await operatorOf(db);
  dataDir = db.dataDir;
  const profile = JSON.parse(readFileSync(new URL('../../../src/modules/partners/profiles/mx-consulate-calexico.json', import.meta.url), 'utf8')) as Record<string, unknown>;
  mkdirSync(join(dataDir, 'partners'));
  mkdirSync(join(dataDir, 'authorities'));
  writeFileSync(join(dataDir, 'partners', `${PARTNER}.json`), JSON.stringify({ ...profile, partnerId: PARTNER, sealedPart: { value: true, confirmed: true, sources: ['design'] } }));
  loadPartners(dataDir);
  await importCaseExtract(operator, { fileName: 'c.ndjson', source: Readable.from(extractOf([aWholeCase(CASE, 'obligee', { basis: 'court_order', on: '2024-01-01' })])) });
  referralId = (await createReferral(operator, { caseId: CASE, partnerId: PARTNER, services: ['status'] })).referralId;
});
afterAll(() => loadPartners(null));

const blocks = (): Promise<string[]> => buildPacket(operator, referralId).then(() => [], (error: unknown) => {
  if (!(error instanceof AppError)) throw error;
  return error.findings.filter(({ severity }) => severity === 'block').map(({ code, path }) => `${code} ${path ?? ''}`);
});

it('seals nothing while there is no certificate, or none that can be read, of the authority', async () => {
  const missing = [`packet.authority_missing /partner/authorities/${PARTNER}.pem`];
  expect(await blocks()).toEqual(missing);
  writeFileSync(authority(`${PARTNER}.pem`), 'nothing');
  expect(await blocks()).toEqual(missing);
});

it('puts what is protected into the container for the holder of the key alone, and federal data nowhere', async () => {
  if (!hasOpenssl && !process.env['CI']) {
    process.stderr.write('There is no openssl on this machine: the sealed part was not opened by it.\n');
    return;
  }
  const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', authority('key.pem'), '-out', authority(`${PARTNER}.pem`), '-days', '30', '-subj', '/CN=Autoridad Central de Prueba');
  const { bytes, packetId } = await buildPacket(operator, referralId);
  const entries = readZip(bytes);
  const parts = entries.filter(({ name }) => name.startsWith('sealed/'));
  expect(parts.length).toBeGreaterThan(0);
  expect(parts.every(({ name }) => /^sealed\/part-\d+\.pdf\.p7m$/u.test(name))).toBe(true);
  expect(leaksIn(await readableIn(bytes), PROTECTED)).toEqual([]);

  const opened = await Promise.all(parts.map(({ name, bytes: part }) => {
    const file = authority(name.replace('/', '-'));
    writeFileSync(file, part);
    return readableIn(openssl('cms', '-decrypt', '-binary', '-inform', 'DER', '-in', file, '-inkey', authority('key.pem'), '-recip', authority(`${PARTNER}.pem`)));
  }));
  const inside = { text: opened.map(({ text }) => text).join('\n'), raw: '' };
  expect(leaksIn(inside, PROTECTED)).toEqual(expect.arrayContaining(['street', 'town', 'postalCode', 'birthDate']));
  expect(leaksIn(inside, { ...FEDERAL_SECRETS, ssn: SECRETS.ssn })).toEqual([]);

  const sealed = (await listDisclosures(operator, { caseId: CASE })).rows.find((row) => row.packetId === packetId && row.kind === 'sealed')?.content;
  expect(sealed?.sealedParts.map(({ name, authority: { subject } }) => [name, subject])).toEqual(parts.map(({ name }) => [name, 'CN=Autoridad Central de Prueba']));
  expect(sealed?.sealedParts[0]?.persons.find(({ role }) => role === 'obligee')?.categories).toContain('address');
  expect(sealed?.persons.find(({ role }) => role === 'obligee')?.categories).not.toContain('address');
  expect(leaksIn({ text: JSON.stringify(sealed), raw: '' }, PROTECTED)).toEqual([]);
});

it('is made anew for another certificate, so that whoever must not open it cannot', async () => {
  const certify = async (): Promise<void> => writeFileSync(authority(`${PARTNER}.pem`), (await newSigningIdentity(operator.clock.now())).certificatePem);
  await certify();
  const first = await buildPacket(operator, referralId);
  expect((await buildPacket(operator, referralId)).alreadySealed).toBe(true);
  await certify();
  const refused = await sendReferral(operator, referralId, { approver: 'Ana Torres' }).then(() => 'sent', (error: unknown) => (error as AppError).code);
  expect(refused).not.toBe('sent');
  const second = await buildPacket(operator, referralId);
  expect([second.alreadySealed, second.packetId === first.packetId]).toEqual([false, false]);
});
