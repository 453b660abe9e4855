import { commandLine } from '../../support/command-line.ts';
import type { CommandLine } from '../../support/command-line.ts';

let line: CommandLine;
beforeAll(async () => {
  line = await commandLine();
});
const CREATE = ['clients', 'create', '--partner', 'kr-kcsa', '--name', 'KCSA gateway', '--scope', 'status:read'];

it('a client is made, shown once, rotated and shut out', async () => {
  const made = await line.puente([...CREATE, '--network', '203.0.113.0/24', '--days', '10', '--json']);
  const { clientId, secret } = made.lines[0] as { clientId: string; secret: string };
  expect([made.code, secret.startsWith(`pnt_${clientId}_`)]).toEqual([0, true]);
  expect(made.stderr).not.toContain(secret);
  const listed = await line.puente(['clients', 'list', '--json']);
  expect(listed.lines).toEqual([expect.objectContaining({ clientId, partnerId: 'kr-kcsa', state: 'active', networks: ['203.0.113.0/24'], scopes: ['status:read'] })]);
  expect(listed.stdout + listed.stderr).not.toContain(secret.slice(-43));
  const rotated = await line.puente(['clients', 'rotate', clientId, '--overlap-hours', '0', '--json']);
  expect((rotated.lines[0] as { secret: string }).secret).not.toBe(secret);
  expect((await line.puente(['clients', 'revoke', clientId])).code).toBe(0);
  expect((await line.puente(['clients', 'rotate', clientId])).code).toBe(3);
  expect((await line.puente(['clients', 'list', '--json'])).lines[0]).toMatchObject({ state: 'revoked' });
});

it('what cannot be is refused with the place', async () => {
  const refused = await line.puente(['clients', 'create', '--partner', 'kr-kcsa', '--name', 'x', '--scope', 'everything', '--network', 'here', '--days', 'ten']);
  expect(refused.code).toBe(3);
  for (const place of ['/scopes/0', '/networks/0', '/days']) expect(refused.stderr).toContain(place);
  expect((await line.puente(['clients', 'create', '--partner', 'nobody', '--name', 'x', '--scope', 'status:read'])).code).toBe(3);
});

it('a public key is let in by its file, a private one is not', async () => {
  const part = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const file = line.put('key.pub', `ssh-ed25519 ${Buffer.concat([part(Buffer.from('ssh-ed25519')), part(Buffer.alloc(32, 3))]).toString('base64')} kcsa@gateway\n`);
  const added = await line.puente(['clients', 'keys', 'add', file, '--partner', 'kr-kcsa', '--name', 'gateway', '--json']);
  const { keyId } = added.lines[0] as { keyId: string };
  expect([added.code, (await line.puente(['clients', 'keys', 'list', '--json'])).lines[0]]).toEqual([0, expect.objectContaining({ keyId, state: 'active' })]);
  expect((await line.puente(['clients', 'keys', 'revoke', keyId])).code).toBe(0);
  const key = line.put('key', '-----BEGIN OPENSSH PRIVATE KEY-----\n');
  expect((await line.puente(['clients', 'keys', 'add', key, '--partner', 'kr-kcsa', '--name', 'gateway'])).code).toBe(3);
  expect((await line.puente(['clients', 'keys', 'add', '/no/such/file', '--partner', 'kr-kcsa', '--name', 'gateway'])).code).toBe(3);
});
