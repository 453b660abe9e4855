import { timingSafeEqual } from 'node:crypto';
import { recordAudit } from '../../audit/index.ts';
import { inTransaction, operatorActor, withActor } from '../../../platform/context.ts';
import type { Actor, Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { maskOf, readCredential, scopesOfMask, TOKEN_SECONDS, tokenSubject } from './client.rules.ts';
import type { Credential, Scope } from './client.rules.ts';
import { findClient, selectSecrets, touchClient } from './client.store.ts';
import type { KnownSecret, PartnerClient } from './client.store.ts';
import { hashOf } from './manage-clients.ts';
import { isFrom } from './networks.ts';

const TOUCH_MS = 3_600_000;

/** A partner's program as one request knows it. */
export type ClientActor = Actor & { readonly kind: 'client'; readonly partner: string; readonly scopes: readonly Scope[]; readonly requestsPerMinute: number };

/** What became known: the client, and which of its secrets spoke for it. */
interface Known { readonly client: PartnerClient; readonly secret: KnownSecret; readonly scopes: readonly Scope[] }
type Refusal = 'unknown' | 'secret' | 'expired' | 'revoked' | 'address';

/**
 * Whose credential this is. An unknown client, a wrong, ended or revoked secret and a foreign address get the same answer, so that
 * nobody learns which it was; the audit record says. Read anew for every request: a client that was revoked is out at once.
 *
 * @throws AppError `client.refused` (unauthenticated), and nothing more precise.
 */
export async function authenticateClient(ctx: Ctx, credential: string, address: string): Promise<ClientActor> {
  return actorOfClient(ctx, await knownClient(ctx, readCredential(credential), address));
}

/** A short-lived token for a secret (OAuth 2.0, client credentials): for the scopes that are asked, or for all that the client has. */
export async function issueToken(ctx: Ctx, credential: string, address: string, wanted: readonly string[] | null): Promise<{ token: string; seconds: number; scopes: readonly Scope[] }> {
  const given = readCredential(credential);
  const known = await knownClient(ctx, given?.kind === 'secret' ? given : null, address);
  const scopes = wanted === null ? known.scopes : known.scopes.filter((scope) => wanted.includes(scope));
  if (scopes.length === 0 || (wanted !== null && scopes.length < new Set(wanted).size)) throw new AppError('invalid', 'client.scope_not_given');
  const { client, secret } = known;
  const now = ctx.clock.now().getTime();
  // No token outlives the secret that it was got for.
  const expires = Math.floor(Math.min(now + TOKEN_SECONDS * 1_000, secret.expiresAt.getTime()) / 1_000);
  const subject = tokenSubject(client.clientId, secret.position, expires, maskOf(scopes));
  return { token: `pna_${subject}.${sealOf(ctx, subject)}`, seconds: Math.max(0, expires - Math.floor(now / 1_000)), scopes };
}

async function knownClient(ctx: Ctx, given: Credential | null, address: string): Promise<Known> {
  const system = withActor(ctx, operatorActor(ctx.config));
  // The refusal is recorded although nobody is let in: the transaction ends well, then it is thrown.
  const outcome = await inTransaction(system, async (tx) => {
    const judged = given === null ? 'unknown' : await judge(tx, given, address);
    if (typeof judged !== 'string') {
      const before = new Date(tx.clock.now().getTime() - TOUCH_MS);
      if ((judged.client.lastUsedAt ?? new Date(0)) < before) await touchClient(tx, judged.client.clientId, before);
      return judged;
    }
    // What names no client is somebody's noise, and would fill the record for ever; what names one is worth knowing of.
    if (given !== null && judged !== 'unknown') await recordAudit(tx, { action: 'client.refused', subject: { type: 'client', id: given.clientId }, details: { reason: judged } });
    return judged;
  });
  if (outcome === 'unknown') ctx.log.info({ reason: outcome }, 'client refused');
  if (typeof outcome === 'string') throw new AppError('unauthenticated', 'client.refused');
  return outcome;
}

async function judge(tx: TxCtx, given: Credential, address: string): Promise<Known | Refusal> {
  const client = await findClient(tx, given.clientId);
  const secrets = await selectSecrets(tx, given.clientId);
  const secret = given.kind === 'secret' ? secretOf(tx, given, secrets) : secretOfToken(tx, given, secrets);
  if (!client) return 'unknown';
  if (!secret) return 'secret';
  const now = tx.clock.now();
  if (client.revokedAt !== null) return 'revoked';
  if (secret.expiresAt <= now || (given.kind === 'token' && given.expires * 1_000 <= now.getTime())) return 'expired';
  if (!isFrom(client.networks, address)) return 'address';
  const scopes = given.kind === 'token' ? scopesOfMask(given.mask).filter((scope) => client.scopes.includes(scope)) : client.scopes;
  return { client, secret, scopes };
}

/** Every secret is compared, whichever fits: time tells nothing. */
function secretOf(ctx: Ctx, given: Credential & { kind: 'secret' }, secrets: readonly KnownSecret[]): KnownSecret | null {
  const hash = hashOf(ctx, given.clientId, given.secret);
  return secrets.reduce<KnownSecret | null>((found, one) => (timingSafeEqual(one.hash, hash) ? one : found), null);
}

function secretOfToken(ctx: Ctx, given: Credential & { kind: 'token' }, secrets: readonly KnownSecret[]): KnownSecret | null {
  const seal = Buffer.from(sealOf(ctx, tokenSubject(given.clientId, given.position, given.expires, given.mask)));
  if (!timingSafeEqual(seal, Buffer.from(given.mac))) return null;
  return secrets.find((one) => one.position === given.position) ?? null;
}

const sealOf = (ctx: Ctx, subject: string): string => ctx.keys.lookup('client_token', subject).toString('base64url');

function actorOfClient(ctx: Ctx, { client, scopes }: Known): ClientActor {
  return Object.freeze({
    kind: 'client', id: client.clientId, name: client.name, roles: ['partner_officer'] as const, agency: ctx.config.agency, counties: 'all',
    partner: client.partnerId, language: 'en', scopes, requestsPerMinute: client.requestsPerMinute,
  });
}
