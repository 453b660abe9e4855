import { X509Certificate, createPrivateKey, randomBytes, sign, verify } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { AppError } from '../../../src/platform/errors.ts';
import { keyRingOf, newKeyFile, openKeyRing, rotated } from '../../../src/platform/keys.ts';
import type { KeyFile } from '../../../src/platform/keys.ts';

let file: KeyFile;
let folder: string;
beforeAll(async () => {
  file = await newKeyFile(new Date('2026-11-20T12:00:00Z'));
  folder = mkdtempSync(join(tmpdir(), 'puente-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const code = (run: () => unknown): string => {
  try {
    run();
    return 'done';
  } catch (error) {
    return error instanceof AppError ? error.code : 'fault';
  }
};

describe('the key ring', () => {
  it('gives back any bytes, and never encrypts alike twice', () => {
    const ring = keyRingOf(file);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (plain, aad) => {
      const [one, two] = [ring.encrypt(plain, aad), ring.encrypt(plain, aad)];
      return ring.decrypt(one, aad).equals(Buffer.from(plain)) && !one.equals(two);
    }));
  });

  it('refuses a ciphertext of another row, a changed one and a cut one', () => {
    const ring = keyRingOf(file);
    const sealed = ring.encrypt('123-45-6789', 'case_identifiers:us-ca:1:0');
    expect(code(() => ring.decrypt(sealed, 'case_identifiers:us-ca:2:0'))).toBe('keys.decrypt_failed');
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(code(() => ring.decrypt(changed, 'case_identifiers:us-ca:1:0'))).toMatch(/^keys\./);
      expect(code(() => ring.decrypt(sealed.subarray(0, at), 'case_identifiers:us-ca:1:0'))).toMatch(/^keys\./);
    }
  });

  it('encrypts with the newest version and decrypts with the older ones', () => {
    const old = keyRingOf(file).encrypt('plain', 'row');
    const ring = keyRingOf(rotated(file, new Date('2027-01-01')));
    expect(ring.currentVersion).toBe(2);
    expect(ring.decrypt(old, 'row').toString()).toBe('plain');
    expect(code(() => keyRingOf(file).decrypt(ring.encrypt('plain', 'row'), 'row'))).toBe('keys.version_unknown');
    expect(ring.lookup('ssn', '1').equals(keyRingOf(file).lookup('ssn', '1'))).toBe(true);
  });

  it('looks up by keyed hashes that differ by kind, value and installation', async () => {
    const ring = keyRingOf(file);
    expect(ring.lookup('ssn', '123456789').equals(ring.lookup('ssn', '123456789'))).toBe(true);
    expect(ring.lookup('ssn', '123456789').equals(ring.lookup('itin', '123456789'))).toBe(false);
    expect(ring.lookup('ssn', '123456789').equals(keyRingOf(await newKeyFile()).lookup('ssn', '123456789'))).toBe(false);
  });

  it('names every faulty entry of a file of keys, and none of its content', () => {
    const faulty = { ...file, lookupSecret: 'c2hvcnQ=', versions: [{ version: 1, secret: 'x', since: '' }, { version: 0, secret: randomBytes(32).toString('base64'), since: '' }] };
    try {
      keyRingOf(faulty);
      throw new Error('not refused');
    } catch (error) {
      expect(error).toMatchObject({ kind: 'invalid', code: 'keys.invalid', findings: [{ path: '/lookupSecret' }, { path: '/versions/0' }, { path: '/versions/1' }] });
      expect(JSON.stringify(error)).not.toContain('c2hvcnQ');
    }
    for (const nonsense of [null, [], 'text', {}, { format: 'puente-keys-1', versions: {} }]) expect(code(() => keyRingOf(nonsense as never))).toBe('keys.invalid');
  });
});

describe('signing keys', () => {
  it('are a pair, with a certificate for signatures and not for issuing', () => {
    const signing = keyRingOf(file).signing;
    const certificate = new X509Certificate(signing?.certificatePem ?? '');
    expect(certificate.ca).toBe(false);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.validToDate.getUTCFullYear()).toBe(2036);
    const signature = sign('sha256', Buffer.from('x'), createPrivateKey(signing?.privateKeyPem ?? ''));
    expect(verify('sha256', Buffer.from('x'), certificate.publicKey, signature)).toBe(true);
  });

  it('may stand in files of their own beside the file of keys', () => {
    writeFileSync(join(folder, 'signing.pem'), file.signing?.certificate ?? '');
    const ring = keyRingOf({ ...file, signing: { privateKey: file.signing?.privateKey ?? '', certificate: 'signing.pem' } }, folder);
    expect(ring.signing?.certificatePem).toBe(file.signing?.certificate);
    expect(code(() => keyRingOf({ ...file, signing: { privateKey: 'nowhere.pem', certificate: 'signing.pem' } }, folder))).toBe('keys.invalid');
  });
});

describe('opening the keys', () => {
  it('makes development keys once, whoever comes first, for the owner alone', async () => {
    const dataDir = join(folder, 'data');
    const rings = await Promise.all([1, 2, 3].map(() => openKeyRing({ keys: null, databaseUrl: null, dataDir })));
    const hashes = rings.map((ring) => ring.lookup('ssn', '1').toString('hex'));
    expect(new Set(hashes).size).toBe(1);
    expect(readdirSync(dataDir)).toEqual(['keys.json']);
    expect(statSync(join(dataDir, 'keys.json')).mode & 0o077).toBe(0);
  });

  it('makes none for a server of its own, and takes the file that is named', async () => {
    await expect(openKeyRing({ keys: null, databaseUrl: 'postgres://x', dataDir: folder })).rejects.toMatchObject({ code: 'keys.missing' });
    await expect(openKeyRing({ keys: join(folder, 'none.json'), databaseUrl: null, dataDir: folder })).rejects.toMatchObject({ code: 'keys.missing' });
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(file));
    chmodSync(join(folder, 'keys.json'), 0o600);
    expect((await openKeyRing({ keys: join(folder, 'keys.json'), databaseUrl: 'postgres://x', dataDir: folder })).currentVersion).toBe(1);
    writeFileSync(join(folder, 'keys.json'), readFileSync(join(folder, 'keys.json'), 'utf8').slice(0, 50));
    await expect(openKeyRing({ keys: join(folder, 'keys.json'), databaseUrl: null, dataDir: folder })).rejects.toMatchObject({ code: 'keys.invalid' });
  });
});
