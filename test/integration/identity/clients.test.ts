import { addPartnerKey, authenticateClient, createClient, listClients, listPartnerKeys, revokePartnerKey, rotateClient, SCOPES, sftpActor } from '../../../src/modules/identity/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { codeOf } from '../../support/referrals-incoming/scene.ts';

let db: TestDatabase;
let operator: Ctx;
beforeAll(async () => {
  db = await testDatabase();
  operator = testCtx(db);
});

const at = (now: string): Ctx => testCtx(db, { now });
const NEW = { partnerId: 'kr-kcsa', name: 'KCSA gateway', scopes: ['status:read'] as const, networks: [] };
const keyLine = (fill: number): string => {
  const part = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  return `ssh-ed25519 ${Buffer.concat([part(Buffer.from('ssh-ed25519')), part(Buffer.alloc(32, fill))]).toString('base64')}`;
};
const blobOf = (line: string): Buffer => Buffer.from(line.split(' ')[1] ?? '', 'base64');

it('keeps no secret, only what finds it', async () => {
  const { clientId, secret } = await createClient(operator, NEW);
  const rows = await behindTheWall(db, 'select * from client_secrets where client_id = $1', [clientId]);
  expect(JSON.stringify(rows)).not.toContain(secret.slice(-43));
  const audit = await behindTheWall<{ details: unknown }>(db, "select details from audit_events where subject_id = $1", [clientId]);
  expect(JSON.stringify(audit)).not.toContain(secret.slice(-43));
  expect(await authenticateClient(operator, secret, '198.51.100.1')).toMatchObject({ kind: 'client', id: clientId, roles: ['partner_officer'], partner: 'kr-kcsa', counties: 'all', scopes: ['status:read'] });
});

it('writes down when it was used, to the hour, and why it was not let in', async () => {
  const { clientId, secret } = await createClient(operator, { ...NEW, networks: ['203.0.113.0/24'], days: 1 });
  const used = async (): Promise<string | undefined> => (await listClients(operator)).find((one) => one.clientId === clientId)?.lastUsedAt?.toISOString();
  await authenticateClient(at('2026-11-20T12:00:00Z'), secret, '203.0.113.1');
  await authenticateClient(at('2026-11-20T12:30:00Z'), secret, '203.0.113.1');
  expect(await used()).toBe('2026-11-20T12:00:00.000Z');
  await authenticateClient(at('2026-11-20T13:30:00Z'), secret, '203.0.113.1');
  expect(await used()).toBe('2026-11-20T13:30:00.000Z');
  expect(await codeOf(authenticateClient(operator, secret, '198.51.100.1'))).toEqual(['client.refused']);
  expect(await codeOf(authenticateClient(at('2026-11-22T12:00:00Z'), secret, '203.0.113.1'))).toEqual(['client.refused']);
  await rotateClient(operator, clientId, { overlapHours: 0 });
  expect(await codeOf(authenticateClient(operator, secret, '203.0.113.1'))).toEqual(['client.refused']);
  const refusals = await behindTheWall<{ reason: string }>(db, "select details->>'reason' as reason from audit_events where action = 'client.refused' and subject_id = $1 order by happened_at, event_id", [clientId]);
  expect(refusals.map(({ reason }) => reason).sort()).toEqual(['address', 'expired', 'expired']);
});

it('is not written down where nobody is meant: strangers do not fill the record', async () => {
  const refused = (): Promise<{ n: number }[]> => behindTheWall<{ n: number }>(db, "select count(*)::int as n from audit_events where action = 'client.refused'");
  const { secret } = await createClient(operator, NEW);
  const [before] = await refused();
  const unknown = `pnt_cli_01KAM5T5ZV8Q0P6Y3H2N4B7C9D_${secret.slice(-43)}`;
  for (const credential of [unknown, 'nothing at all']) expect(await codeOf(authenticateClient(operator, credential, '203.0.113.1'))).toEqual(['client.refused']);
  expect(await refused()).toEqual([before]);
  expect(await codeOf(authenticateClient(operator, `${secret.slice(0, -43)}${'a'.repeat(43)}`, '203.0.113.1'))).toEqual(['client.refused']);
  expect(await refused()).toEqual([{ n: (before?.n ?? 0) + 1 }]);
});

it('is let in by whoever sees all counties and no other', async () => {
  expect(await codeOf(createClient(testCtx(db, { roles: ['administrator'], counties: ['06025'] }), NEW))).toEqual(['client.all_counties_only']);
  expect(await codeOf(createClient(testCtx(db, { roles: ['supervisor'] }), NEW))).toEqual(['access.forbidden']);
  expect(await codeOf(listClients(testCtx(db, { roles: ['partner_officer'], partner: 'kr-kcsa' })))).toEqual(['access.forbidden']);
});

describe('a key for SFTP', () => {
  it('lets its partner in, from where it may come, until it ends or is revoked', async () => {
    const line = keyLine(1);
    const { keyId, fingerprint } = await addPartnerKey(operator, { partnerId: 'kr-kcsa', name: 'KCSA', publicKey: line, networks: ['2001:db8::/32'], days: 10 });
    expect(fingerprint).toMatch(/^SHA256:[\w+/]{43}$/);
    expect(await sftpActor(operator, 'kr-kcsa', blobOf(line), '2001:db8::7')).toMatchObject({ kind: 'client', id: keyId, partner: 'kr-kcsa', scopes: SCOPES });
    expect(await codeOf(sftpActor(operator, 'mx-sre', blobOf(line), '2001:db8::7'))).toEqual(['client.refused']);
    expect(await codeOf(sftpActor(operator, 'kr-kcsa', blobOf(line), '203.0.113.1'))).toEqual(['client.refused']);
    expect(await codeOf(sftpActor(operator, 'kr-kcsa', blobOf(keyLine(9)), '2001:db8::7'))).toEqual(['client.refused']);
    expect(await codeOf(sftpActor(at('2026-12-20T12:00:00Z'), 'kr-kcsa', blobOf(line), '2001:db8::7'))).toEqual(['client.refused']);
    await revokePartnerKey(operator, keyId);
    expect(await codeOf(sftpActor(operator, 'kr-kcsa', blobOf(line), '2001:db8::7'))).toEqual(['client.refused']);
    expect(await codeOf(addPartnerKey(operator, { partnerId: 'kr-kcsa', name: 'again', publicKey: line, networks: [] }))).toEqual(['client.key_exists']);
    expect((await listPartnerKeys(operator)).map(({ revokedAt }) => revokedAt !== null)).toEqual([true]);
  });
});
