import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import type { Signer } from '../../../src/platform/asic/cms.ts';
import { sealContainer, verifyContainer } from '../../../src/platform/asic/container.ts';
import type { ContainerReport, VerifyOptions } from '../../../src/platform/asic/container.ts';
import { manifestOf } from '../../../src/platform/asic/manifest.ts';
import { readZip, writeZip } from '../../../src/platform/asic/zip.ts';
import type { ZipEntry } from '../../../src/platform/asic/zip.ts';
import type { SigningIdentity } from '../../../src/platform/keys.ts';
import { SEALED_AT, aSigner } from '../../support/referrals/packets.ts';

let signer: Signer;
let identity: SigningIdentity;
let container: Buffer;
const payload: ZipEntry[] = [
  { name: 'referral.pdf', bytes: Buffer.from('%PDF-1.7 a small paper') },
  { name: 'message.xml', bytes: Buffer.from('<message/>') },
];

beforeAll(async () => {
  ({ signer, identity } = await aSigner());
  container = sealContainer(payload, signer, SEALED_AT);
});

const checked = (bytes: Uint8Array, options: VerifyOptions = {}): ContainerReport => verifyContainer(bytes, { now: SEALED_AT, ...options });
const codes = (bytes: Uint8Array): string[] => checked(bytes).findings.map((finding) => finding.code);
const repacked = (change: (entries: ZipEntry[]) => ZipEntry[]): Buffer => writeZip(change(readZip(container).map((entry) => ({ ...entry }))));

it('accepts what it sealed, and says who signed and when', () => {
  const report = checked(container);
  expect(report.isIntact).toBe(true);
  expect(report.signer).toMatchObject({ signedAt: SEALED_AT.toISOString(), trust: 'unchecked' });
  expect(report.entries.map((entry) => entry.name)).toEqual(['mimetype', 'referral.pdf', 'message.xml', 'META-INF/ASiCManifest.xml', 'META-INF/signature.p7s']);
});

it('begins with the stored mimetype, as ASiC-E readers expect', () => {
  expect(container.toString('latin1', 30, 69)).toBe('mimetypeapplication/vnd.etsi.asic-e+zip');
  expect(container.readUInt16LE(8)).toBe(0);
  expect(container.readUInt16LE(28)).toBe(0);
});

it('refuses the container when any one byte of it is changed', () => {
  const accepted: number[] = [];
  for (let at = 0; at < container.length; at += 1) {
    for (const mask of [0x01, 0x20, 0x80]) {
      const changed = Buffer.from(container);
      changed.writeUInt8(changed.readUInt8(at) ^ mask, at);
      if (checked(changed).isIntact) accepted.push(at);
    }
  }
  expect(accepted).toEqual([]);
});

it('refuses any changed byte of any entry also when the ZIP around it was written anew', () => {
  const accepted: string[] = [];
  readZip(container).forEach((entry, index) => {
    // Each byte of what is signed; of the signature itself every fourth, because each costs a whole verification.
    for (let at = 0; at < entry.bytes.length; at += index === 4 ? 4 : 1) {
      const bytes = Buffer.from(entry.bytes);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (at % 8 < 4 ? 0x01 : 0x80), at);
      const changed = repacked((entries) => entries.map((one, position) => (position === index ? { ...one, bytes } : one)));
      if (checked(changed).isIntact) accepted.push(`${entry.name}:${at}`);
    }
  });
  expect(accepted).toEqual([]);
}, 180_000);

it('refuses bytes before, after and between, and a container that was cut', () => {
  const zero = Buffer.from([0]);
  for (const changed of [Buffer.concat([zero, container]), Buffer.concat([container, zero]), container.subarray(0, -1), container.subarray(1), Buffer.alloc(0), Buffer.from('PK')]) {
    expect(checked(changed).isIntact).toBe(false);
  }
  const withComment = Buffer.concat([container, Buffer.from('note')]);
  withComment.writeUInt16LE(4, container.length - 2);
  expect(codes(withComment)).toEqual(['container.not_zip']);
});

it('refuses another set of entries: one more, one less, one twice, another order, another name', () => {
  const extra: ZipEntry = { name: 'extra.txt', bytes: Buffer.from('x') };
  const changes: ((entries: ZipEntry[]) => ZipEntry[])[] = [
    (entries) => [...entries.slice(0, 3), extra, ...entries.slice(3)],
    (entries) => [...entries, extra],
    (entries) => entries.filter((entry) => entry.name !== 'message.xml'),
    (entries) => [...entries.slice(0, 2), entries[1] as ZipEntry, ...entries.slice(2)],
    (entries) => [entries[0] as ZipEntry, entries[2] as ZipEntry, entries[1] as ZipEntry, ...entries.slice(3)],
    (entries) => entries.map((entry) => (entry.name === 'message.xml' ? { ...entry, name: 'massage.xml' } : entry)),
    (entries) => entries.map((entry) => (entry.name === 'message.xml' ? { ...entry, name: '../message.xml' } : entry)),
    (entries) => entries.slice(1),
    (entries) => entries.slice(0, -1),
  ];
  for (const change of changes) expect(checked(repacked(change)).isIntact).toBe(false);
});

it('refuses a manifest that fits changed entries but was not signed', () => {
  const changed = repacked((entries) => {
    const others = entries.slice(1, 3).map((entry) => (entry.name === 'message.xml' ? { ...entry, bytes: Buffer.from('<forged/>') } : entry));
    return [entries[0] as ZipEntry, ...others, { name: 'META-INF/ASiCManifest.xml', bytes: manifestOf(others) }, entries[4] as ZipEntry];
  });
  expect(codes(changed)).toEqual(['signature.altered']);
});

it('names the entry that was changed', () => {
  const changed = repacked((entries) => entries.map((entry) => (entry.name === 'referral.pdf' ? { ...entry, bytes: Buffer.from('%PDF-1.7 another paper') } : entry)));
  expect(checked(changed).findings).toEqual([{ code: 'container.entry_altered', severity: 'block', path: 'referral.pdf' }]);
});

it('vouches for a signer on the trust list and refuses any other', async () => {
  const other = await aSigner();
  expect(checked(container, { trust: [new X509Certificate(identity.certificatePem)] }).signer?.trust).toBe('trusted');
  const report = checked(container, { trust: [new X509Certificate(other.identity.certificatePem)] });
  expect(report.isIntact).toBe(false);
  expect(report.findings.map((finding) => finding.code)).toEqual(['signature.signer_untrusted']);
});

it('refuses a signature made outside the life of its certificate', async () => {
  const early = await aSigner(new Date('2027-03-01T00:00:00Z'));
  expect(codes(sealContainer(payload, early.signer, SEALED_AT))).toContain('signature.certificate_not_valid_then');
});

it('refuses a time of signing that is more than five minutes ahead', () => {
  const at = (minutes: number): string[] => verifyContainer(container, { now: new Date(SEALED_AT.getTime() - minutes * 60_000) }).findings.map((finding) => finding.code);
  expect(at(4)).toEqual(['signature.signer_unchecked']);
  expect(at(6)).toContain('signature.time_in_future');
  expect(at(20 * 24 * 60)).toContain('signature.time_in_future');
});

it('tells whose signature it is: our own, somebody else’s, or that nobody has looked', async () => {
  const other = await aSigner();
  const own = (pem: string) => checked(container, { own: new X509Certificate(pem) });
  expect(own(identity.certificatePem)).toMatchObject({ isIntact: true, findings: [], signer: { trust: 'own' } });
  expect(own(other.identity.certificatePem)).toMatchObject({ isIntact: true, findings: [{ code: 'signature.signer_not_ours', severity: 'warn' }], signer: { trust: 'unchecked' } });
  expect(checked(container)).toMatchObject({ isIntact: true, findings: [{ code: 'signature.signer_unchecked', severity: 'warn', params: { subject: expect.stringContaining('CN=Puente') } }] });
});

it('is accepted by openssl as CAdES over the manifest', () => {
  if (spawnSync('openssl', ['version']).error && !process.env['CI']) {
    process.stderr.write('There is no openssl on this machine: the signature was not shown to it.\n');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'puente-asic-'));
  try {
    for (const entry of readZip(container)) writeFileSync(join(folder, entry.name.replace('/', '_')), entry.bytes);
    writeFileSync(join(folder, 'cert.pem'), identity.certificatePem);
    const verify = (content: string): string => execFileSync('openssl', ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', 'META-INF_signature.p7s',
      '-content', content, '-CAfile', 'cert.pem', '-purpose', 'any', '-attime', String(SEALED_AT.getTime() / 1000)], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
    expect(verify('META-INF_ASiCManifest.xml')).toContain('ASiCManifest');
    expect(() => verify('referral.pdf')).toThrow();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('gives the same bytes for the same content, but for the signature', () => {
  const again = readZip(sealContainer(payload, signer, SEALED_AT));
  const first = readZip(container);
  expect(again.slice(0, -1)).toEqual(first.slice(0, -1));
});
