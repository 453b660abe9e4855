import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { clientState, maskOf, newClientFindings, readCredential, SCOPES, scopesOfMask, writeSecret } from '../../../src/modules/identity/clients/client.rules.ts';
import type { NewClient } from '../../../src/modules/identity/clients/client.rules.ts';
import { isFrom, networkFindings, readNetwork } from '../../../src/modules/identity/clients/networks.ts';
import { readPublicKey } from '../../../src/modules/identity/clients/ssh-key.rules.ts';
import { AppError } from '../../../src/platform/errors.ts';

const good: NewClient = { partnerId: 'kr-kcsa', name: 'KCSA', scopes: ['status:read'], networks: [] };
const codes = (changes: Partial<NewClient>): string[] => newClientFindings({ ...good, ...changes }).map(({ code }) => code);

it('a client is judged as a whole', () => {
  expect(codes({})).toEqual([]);
  expect(codes({ name: ' ', scopes: ['all'], days: 366, requestsPerMinute: 0 })).toEqual(['client.name_form', 'client.days_range', 'client.scope_unknown', 'client.rate_range']);
  expect(codes({ scopes: [], days: Number.NaN, name: 'a\u0007' })).toEqual(['client.name_form', 'client.days_range', 'client.scope_missing']);
});

it('scopes survive being written as bits', () => {
  fc.assert(fc.property(fc.subarray([...SCOPES]), (scopes) => expect(scopesOfMask(maskOf(scopes))).toEqual(scopes)));
});

it('only what has the form of a credential is one', () => {
  const clientId = 'cli_01KAM5T5ZV8Q0P6Y3H2N4B7C9D';
  const secret = `${'a-_'.repeat(14)}b`;
  expect(readCredential(writeSecret(clientId, secret))).toEqual({ kind: 'secret', clientId, secret });
  fc.assert(fc.property(fc.string({ maxLength: 120 }), (text) => expect(readCredential(text)).toBeNull()));
  for (const text of ['', `pnt_${clientId}_`, `pnt_${clientId}_${secret}=`, `pnt_${clientId.toLowerCase()}_${secret}`, ` ${writeSecret(clientId, secret)}`, `${writeSecret(clientId, secret)}\n`]) expect(readCredential(text)).toBeNull();
});

it('tells how something stands', () => {
  const now = new Date('2026-11-20T12:00:00Z');
  const later = new Date('2026-12-20T12:00:00Z');
  expect([clientState({ revokedAt: null, expiresAt: later }, now), clientState({ revokedAt: null, expiresAt: now }, now), clientState({ revokedAt: now, expiresAt: later }, now)]).toEqual(['active', 'expired', 'revoked']);
});

describe('networks', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7/32'], ['203.0.113.0/24', '203.0.113.0/24'], ['2001:DB8::/32', '2001:db8::/32'], ['::1', '::1/128'],
    ['203.0.113.0/33', null], ['203.0.113/24', null], ['0.0.0.0/0', null], ['::/0', null], ['here', null], ['1.2.3.4/8/8', null], ['fe80::1%eth0', null], ['::ffff:1.2.3.4', null], ['1.2.3.4/08', null], ['', null],
  ])('%s', (text, expected) => expect(readNetwork(text)).toBe(expected));

  it('an address is within or not, also as a server of both families sees it', () => {
    const list = ['203.0.113.0/24', '2001:db8::/32'];
    for (const address of ['203.0.113.9', '::ffff:203.0.113.9', '2001:db8:1::9']) expect(isFrom(list, address)).toBe(true);
    for (const address of ['203.0.114.9', '::ffff:203.0.114.9', '2001:db9::1', '', 'nonsense']) expect(isFrom(list, address)).toBe(false);
    expect(isFrom([], '')).toBe(true);
    expect(networkFindings(['1.2.3.4', 'x'])).toEqual([{ code: 'client.network_form', severity: 'block', path: '/networks/1' }]);
  });
});

describe('public keys', () => {
  const line = (algorithm: string, ...fields: Buffer[]): string => {
    const part = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, bytes.length >> 8, bytes.length & 255]), bytes]);
    return `${algorithm} ${Buffer.concat([Buffer.from(algorithm), ...fields].map(part)).toString('base64')} somebody@here`;
  };
  const rsa = (bits: number): string => {
    const { n = '', e = '' } = generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
    return line('ssh-rsa', Buffer.from(e, 'base64url'), Buffer.concat([Buffer.from([0]), Buffer.from(n, 'base64url')]));
  };
  const codeOf = (text: string): string => {
    try {
      return readPublicKey(text).algorithm;
    } catch (error) {
      return error instanceof AppError ? error.code : String(error);
    }
  };
  it('of today are read, weak, private and broken ones are refused', () => {
    expect(codeOf(line('ssh-ed25519', Buffer.alloc(32, 7)))).toBe('ssh-ed25519');
    expect(codeOf(rsa(3_072))).toBe('ssh-rsa');
    expect(codeOf(rsa(2_048))).toBe('client.key_weak');
    expect(codeOf(line('ssh-dss', Buffer.alloc(32), Buffer.alloc(20)))).toBe('client.key_algorithm');
    expect(codeOf(line('ssh-ed25519', Buffer.alloc(31)))).toBe('client.key_unreadable');
    expect(codeOf('-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA')).toBe('client.key_private');
    expect(codeOf(`ssh-ed25519 ${line('ssh-rsa', Buffer.alloc(3), Buffer.alloc(500, 9)).split(' ')[1]}`)).toBe('client.key_unreadable');
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => expect(codeOf(text)).toMatch(/^client\.key_/)));
  });
});
