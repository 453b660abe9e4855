import { addPartnerKey, createClient, revokeClient, SCOPES } from '../../src/modules/identity/index.ts';
import type { Ctx } from '../../src/platform/context.ts';

/** Programs of partners in every state, and a key. */
export async function tellClients(ctx: Ctx): Promise<void> {
  await createClient(ctx, { partnerId: 'mx-sre', name: 'Sistema de la Oficina de Derecho de Familia', scopes: SCOPES, networks: ['203.0.113.0/24', '2001:db8::/32'] });
  const { clientId } = await createClient(ctx, { partnerId: 'kr-kcsa', name: '양육비이행관리원 연계 시스템', scopes: ['messages:read', 'receipts:read'], networks: [] });
  await revokeClient(ctx, clientId);
  const part = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const publicKey = `ssh-ed25519 ${Buffer.concat([part(Buffer.from('ssh-ed25519')), part(Buffer.alloc(32, 7))]).toString('base64')}`;
  await addPartnerKey(ctx, { partnerId: 'mx-sre', name: 'Servidor de intercambio', publicKey, networks: [] });
}
