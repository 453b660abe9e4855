import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealContainer, verifyContainer } from '../../../src/platform/asic/container.ts';
import { signerOf } from '../../../src/platform/asic/signer.ts';

// Certificates that openssl makes, as an authority would: only the first one is for signing papers.
const folder = mkdtempSync(join(tmpdir(), 'puente-trust-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const openssl = (...words: string[]): void => void execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
const read = (name: string): X509Certificate => new X509Certificate(readFileSync(join(folder, `${name}.pem`)));

function extensionsFile(name: string, extensions: readonly string[]): string {
  const file = join(folder, `${name}.cnf`);
  writeFileSync(file, `[req]\ndistinguished_name = dn\nprompt = no\n[dn]\nCN = ${name}\n[extensions]\n${extensions.join('\n')}\n`);
  return file;
}

function authority(name: string, extensions: readonly string[]): X509Certificate {
  const config = extensionsFile(name, extensions);
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '30', '-sha256',
    '-config', config, '-extensions', 'extensions');
  return read(name);
}

function leaf(name: string, by: string, extensions: readonly string[], digest = '-sha256'): X509Certificate {
  const config = extensionsFile(name, extensions);
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-config', config);
  openssl('x509', '-req', '-in', `${name}.csr`, '-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-set_serial', '7', '-days', '20', digest, '-out', `${name}.pem`,
    '-extfile', config, '-extensions', 'extensions');
  return read(name);
}

const CA = ['basicConstraints = critical,CA:TRUE', 'keyUsage = critical,keyCertSign,cRLSign'];
const SIGNING = 'keyUsage = critical,digitalSignature';

function codesOf(signer: string, trust: readonly X509Certificate[]): string[] {
  const certificate = read(signer);
  const now = new Date(Date.parse(certificate.validFrom) + 3_600_000);
  const privateKey = createPrivateKey(readFileSync(join(folder, `${signer}.key`)));
  return verifyContainer(sealContainer([{ name: 'message.xml', bytes: Buffer.from('<a/>') }], { certificate: certificate.raw, privateKey }, now), { trust, now })
    .findings.map((finding) => finding.code);
}

let trusted: X509Certificate;
beforeAll(() => { trusted = authority('authority', CA); });

it.each([
  ['for signatures', [SIGNING]],
  ['for binding signatures', ['keyUsage = nonRepudiation']],
  ['for signed e-mail', [SIGNING, 'extendedKeyUsage = emailProtection,clientAuth']],
  ['for documents', [SIGNING, 'extendedKeyUsage = 1.3.6.1.5.5.7.3.36']],
  ['for any purpose', [SIGNING, 'extendedKeyUsage = anyExtendedKeyUsage']],
])('trusts a certificate %s that a listed authority issued', (name, extensions) => {
  leaf(name, 'authority', extensions);
  expect(codesOf(name, [trusted])).toEqual([]);
});

it.each([
  ['for agreeing on keys, as the finding had it', ['keyUsage = critical,keyAgreement', 'extendedKeyUsage = clientAuth,serverAuth']],
  ['for servers', [SIGNING, 'extendedKeyUsage = serverAuth']],
  ['for clients', [SIGNING, 'extendedKeyUsage = critical,clientAuth']],
  ['for code', [SIGNING, 'extendedKeyUsage = codeSigning']],
  ['without a usage', ['basicConstraints = CA:FALSE']],
  ['with a critical extension that nobody knows', [SIGNING, '1.2.3.4.5 = critical,ASN1:UTF8String:for the canteen only']],
])('refuses a certificate %s, also when it is itself on the list', (name, extensions) => {
  const certificate = leaf(name, 'authority', extensions);
  expect(codesOf(name, [trusted])).toContain('signature.certificate_not_for_signing');
  expect(codesOf(name, [certificate])).toContain('signature.certificate_not_for_signing');
});

it.each([
  ['may not issue', ['basicConstraints = critical,CA:FALSE', 'keyUsage = critical,digitalSignature,keyCertSign']],
  ['may not sign certificates', ['basicConstraints = critical,CA:TRUE', 'keyUsage = critical,cRLSign,digitalSignature']],
  ['does not say for what it is', ['basicConstraints = critical,CA:TRUE']],
  ['is limited to names that are not looked at', [...CA, 'nameConstraints = critical,permitted;DNS:example.org']],
])('does not trust a signer whose issuer on the list %s', (name, extensions) => {
  const issuer = authority(name, extensions);
  leaf(`signer: ${name}`, name, [SIGNING]);
  expect(codesOf(`signer: ${name}`, [issuer])).toEqual(['signature.signer_untrusted']);
});

it('does not trust a signer of another authority of the same name, nor a certificate that was signed over SHA-1', () => {
  leaf('of ours', 'authority', [SIGNING]);
  const [first] = [read('authority')];
  authority('impostor', CA);
  expect(codesOf('of ours', [read('impostor')])).toEqual(['signature.signer_untrusted']);
  leaf('over SHA-1', 'authority', [SIGNING], '-sha1');
  expect(codesOf('over SHA-1', [first as X509Certificate])).toEqual(['signature.signer_untrusted']);
});

it('signs nothing with a certificate that nobody would believe', () => {
  leaf('server', 'authority', [SIGNING, 'extendedKeyUsage = serverAuth']);
  leaf('signer', 'authority', [SIGNING]);
  const ring = (name: string) => ({ signing: { certificatePem: readFileSync(join(folder, `${name}.pem`), 'utf8'), privateKeyPem: readFileSync(join(folder, `${name}.key`), 'utf8') } });
  const during = new Date(Date.parse(read('signer').validFrom) + 3_600_000);
  expect(signerOf(ring('signer'), during).certificate).toEqual(read('signer').raw);
  expect(() => signerOf(ring('server'), during)).toThrow('keys.signing_unsuitable');
  expect(() => signerOf(ring('signer'), new Date(Date.parse(read('signer').validTo) + 1_000))).toThrow('keys.signing_expired');
});

it('does not trust a signer after its authority has ended', () => {
  leaf('late', 'authority', [SIGNING]);
  const certificate = read('late');
  const after = new Date(Date.parse(trusted.validTo) + 86_400_000);
  const privateKey = createPrivateKey(readFileSync(join(folder, 'late.key')));
  const bytes = sealContainer([{ name: 'message.xml', bytes: Buffer.from('<a/>') }], { certificate: certificate.raw, privateKey }, after);
  expect(verifyContainer(bytes, { trust: [trusted], now: after }).findings.map((finding) => finding.code)).toEqual(['signature.certificate_not_valid_then', 'signature.signer_untrusted']);
});
