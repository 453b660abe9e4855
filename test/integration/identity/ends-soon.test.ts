import { addPartnerKey, createClient, revokePartnerKey, rotateClient, warnOfEnds } from '../../../src/modules/identity/index.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';

const part = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
const KEY = `ssh-ed25519 ${Buffer.concat([part(Buffer.from('ssh-ed25519')), part(Buffer.alloc(32, 5))]).toString('base64')} kcsa@gateway`;

it('a fortnight before a client or a key ends somebody is told, once, until it is settled', async () => {
  const db = await testDatabase();
  const ctx = testCtx(db, { kind: 'system', id: 'operator' });
  const standing = () => behindTheWall<{ code: string; subject: string }>(db, 'select code, subject from office_alarms where ended_at is null order by code');
  const in_ = (days: number) => ({ ...ctx, clock: { now: () => new Date(ctx.clock.now().getTime() + days * 86_400_000) } });
  const { clientId } = await createClient(ctx, { partnerId: 'kr-kcsa', name: 'KCSA gateway', scopes: ['status:read'], networks: [], days: 30 });
  const { keyId } = await addPartnerKey(ctx, { partnerId: 'kr-kcsa', name: 'gateway', publicKey: KEY, networks: [], days: 30 });
  expect([await warnOfEnds(ctx), await warnOfEnds(in_(15))]).toEqual([0, 0]);
  expect([await warnOfEnds(in_(17)), await warnOfEnds(in_(18))]).toEqual([2, 0]);
  expect(await standing()).toEqual([{ code: 'exchange.client_ends', subject: clientId }, { code: 'exchange.partner_key_ends', subject: keyId }]);
  await rotateClient(in_(18), clientId);
  await revokePartnerKey(in_(18), keyId);
  expect([await standing(), await warnOfEnds(in_(19))]).toEqual([[], 0]);
});
