import { createHash } from 'node:crypto';
import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction, operatorActor, withActor } from '../../../platform/context.ts';
import type { Actor, Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { isId, newId } from '../../../platform/ids.ts';
import { afterDays, daysFindings, LIFE_DAYS_DEFAULT, nameFindings, networkCountFindings, SCOPES } from './client.rules.ts';
import { authoriseForAll } from './manage-clients.ts';
import { isFrom, networkFindings, readNetwork } from './networks.ts';
import { findKey, findKeyById, insertKey, selectKeys, setKeyRevoked, touchKey } from './partner-key.store.ts';
import type { PartnerKey } from './partner-key.store.ts';
import { readPublicKey } from './ssh-key.rules.ts';
import { endWarning } from './warn-of-ends.ts';

const KEYS_MAX = 500;
const TOUCH_MS = 3_600_000;

export interface NewPartnerKey {
  readonly partnerId: string;
  readonly name: string;
  /** A line as it stands in `id_ed25519.pub`. */
  readonly publicKey: string;
  readonly networks: readonly string[];
  readonly days?: number;
}

/** Lets a key of a partner's in by SFTP. @throws AppError `client.invalid`, `client.key_*`, `client.key_exists`, `client.all_counties_only`. */
export async function addPartnerKey(ctx: Ctx, given: NewPartnerKey): Promise<{ keyId: string; fingerprint: string; expiresAt: Date }> {
  authoriseForAll(ctx);
  const days = given.days ?? LIFE_DAYS_DEFAULT;
  const findings = [...nameFindings(given.name), ...daysFindings(days), ...networkCountFindings(given.networks), ...networkFindings(given.networks)];
  if (findings.length > 0) throw new AppError('invalid', 'client.invalid', { findings });
  const { algorithm, blob } = readPublicKey(given.publicKey);
  const [keyId, fingerprint, expiresAt] = [newId('pky'), fingerprintOf(blob), afterDays(ctx.clock.now(), days)];
  return inTransaction(ctx, async (tx) => {
    const isNew = await insertKey(tx, {
      keyId, partnerId: given.partnerId, name: given.name.trim().normalize('NFC'), fingerprint, algorithm, blob,
      networks: given.networks.map((text) => readNetwork(text) as string), expiresAt,
    });
    if (!isNew) throw new AppError('conflict', 'client.key_exists');
    await recordAudit(tx, { action: 'partner_key.added', subject: { type: 'partner_key', id: keyId }, partner: given.partnerId, details: { fingerprint, expires: expiresAt.toISOString() } });
    return { keyId, fingerprint, expiresAt };
  });
}

/** Shuts a key out; it never comes back. @throws AppError `client.key_unknown`. */
export async function revokePartnerKey(ctx: Ctx, keyId: string): Promise<void> {
  authoriseForAll(ctx);
  await inTransaction(ctx, async (tx) => {
    const key = isId('pky', keyId) ? await findKeyById(tx, keyId) : null;
    if (!key) throw new AppError('not_found', 'client.key_unknown');
    if (!(await setKeyRevoked(tx, keyId))) return;
    await endWarning(tx, 'key', keyId);
    await recordAudit(tx, { action: 'partner_key.revoked', subject: { type: 'partner_key', id: keyId }, partner: key.partnerId });
  });
}

export async function listPartnerKeys(ctx: Ctx): Promise<PartnerKey[]> {
  authorise(ctx, 'clients.view');
  return inTransaction(ctx, (tx) => selectKeys(tx, KEYS_MAX));
}

/**
 * Who comes by SFTP: `partnerUser` (the partner's id) with a public key as it stands on the wire, whose signature the server has checked
 * or is about to check. A program offers all keys it has, one after the other: an unknown one is no event.
 *
 * @throws AppError `client.refused` (unauthenticated), and nothing more precise.
 */
export async function sftpActor(ctx: Ctx, partnerUser: string, publicKey: Uint8Array, address: string): Promise<Actor> {
  const system = withActor(ctx, operatorActor(ctx.config));
  const key = await inTransaction(system, (tx) => judge(tx, partnerUser, Buffer.from(publicKey), address));
  if (!key) throw new AppError('unauthenticated', 'client.refused');
  return Object.freeze({
    kind: 'client', id: key.keyId, name: key.name, roles: ['partner_officer'] as const, agency: ctx.config.agency, counties: 'all',
    partner: key.partnerId, language: 'en', scopes: SCOPES,
  });
}

async function judge(tx: TxCtx, partnerUser: string, publicKey: Buffer, address: string): Promise<PartnerKey | null> {
  const key = await findKey(tx, fingerprintOf(publicKey));
  if (!key || !key.blob.equals(publicKey)) return null;
  const now = tx.clock.now();
  const reason = key.partnerId !== partnerUser ? 'partner' : key.revokedAt !== null ? 'revoked' : key.expiresAt <= now ? 'expired' : isFrom(key.networks, address) ? null : 'address';
  if (reason !== null) {
    await recordAudit(tx, { action: 'partner_key.refused', subject: { type: 'partner_key', id: key.keyId }, details: { reason } });
    return null;
  }
  const before = new Date(now.getTime() - TOUCH_MS);
  if ((key.lastUsedAt ?? new Date(0)) < before) await touchKey(tx, key.keyId, before);
  return key;
}

/** As `ssh-keygen -l` prints it. */
const fingerprintOf = (blob: Buffer): string => `SHA256:${createHash('sha256').update(blob).digest('base64').replaceAll('=', '')}`;
