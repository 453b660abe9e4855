import { randomBytes } from 'node:crypto';
import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { isId, newId } from '../../../platform/ids.ts';
import {
  afterDays, afterHours, daysFindings, LIFE_DAYS_DEFAULT, newClientFindings, OVERLAP_HOURS_DEFAULT, overlapFindings, RATE_DEFAULT, writeSecret,
} from './client.rules.ts';
import type { NewClient, Scope } from './client.rules.ts';
import { endSecrets, findClient, insertClient, insertSecret, selectClients, selectSecrets, setRevoked } from './client.store.ts';
import type { PartnerClient } from './client.store.ts';
import { networkFindings, readNetwork } from './networks.ts';
import { endWarning } from './warn-of-ends.ts';

export const CLIENTS_MAX = 500;

/** What is shown once and never again. */
export interface ShownSecret {
  readonly clientId: string;
  readonly secret: string;
  readonly expiresAt: Date;
}

/**
 * Lets a program of a partner's in. The secret is in the answer and nowhere else.
 * @throws AppError `client.invalid` with all findings; `client.all_counties_only`.
 */
export async function createClient(ctx: Ctx, given: NewClient): Promise<ShownSecret> {
  authoriseForAll(ctx);
  const findings = [...newClientFindings(given), ...networkFindings(given.networks)];
  if (findings.length > 0) throw new AppError('invalid', 'client.invalid', { findings });
  const clientId = newId('cli');
  const expiresAt = afterDays(ctx.clock.now(), given.days ?? LIFE_DAYS_DEFAULT);
  const scopes = [...new Set(given.scopes)] as Scope[];
  const secret = newSecret();
  return inTransaction(ctx, async (tx) => {
    await insertClient(tx, {
      clientId, partnerId: given.partnerId, name: given.name.trim().normalize('NFC'), scopes,
      networks: given.networks.map((text) => readNetwork(text) as string), requestsPerMinute: given.requestsPerMinute ?? RATE_DEFAULT,
    });
    await insertSecret(tx, clientId, { position: 1, hash: hashOf(tx, clientId, secret), expiresAt });
    await recordAudit(tx, {
      action: 'client.created', subject: { type: 'client', id: clientId }, partner: given.partnerId,
      details: { scopes, networks: given.networks.length, expires: expiresAt.toISOString() },
    });
    return { clientId, secret: writeSecret(clientId, secret), expiresAt };
  });
}

export interface Rotation {
  readonly days?: number;
  /** How long the former secret stays good. 0: it ends now. */
  readonly overlapHours?: number;
}

/** Gives a client a new secret; the former stays good for a while, so that nobody has to change it at the same minute. @throws AppError `client.unknown`, `client.revoked`. */
export async function rotateClient(ctx: Ctx, clientId: string, { days = LIFE_DAYS_DEFAULT, overlapHours = OVERLAP_HOURS_DEFAULT }: Rotation = {}): Promise<ShownSecret> {
  authoriseForAll(ctx);
  const findings = [...daysFindings(days), ...overlapFindings(overlapHours)];
  if (findings.length > 0) throw new AppError('invalid', 'client.invalid', { findings });
  const secret = newSecret();
  return inTransaction(ctx, async (tx) => {
    const client = isId('cli', clientId) ? await findClient(tx, clientId, 'for update') : null;
    if (!client) throw new AppError('not_found', 'client.unknown');
    if (client.revokedAt !== null) throw new AppError('conflict', 'client.revoked');
    const now = tx.clock.now();
    const [newest] = await selectSecrets(tx, clientId);
    await endSecrets(tx, clientId, afterHours(now, overlapHours));
    const expiresAt = afterDays(now, days);
    await insertSecret(tx, clientId, { position: (newest?.position ?? 0) + 1, hash: hashOf(tx, clientId, secret), expiresAt });
    await endWarning(tx, 'client', clientId);
    await recordAudit(tx, { action: 'client.rotated', subject: { type: 'client', id: clientId }, partner: client.partnerId, details: { overlapHours, expires: expiresAt.toISOString() } });
    return { clientId, secret: writeSecret(clientId, secret), expiresAt };
  });
}

/** Shuts a client out, from its next request on. @throws AppError `client.unknown`. */
export async function revokeClient(ctx: Ctx, clientId: string): Promise<void> {
  authoriseForAll(ctx);
  await inTransaction(ctx, async (tx) => {
    const client = isId('cli', clientId) ? await findClient(tx, clientId) : null;
    if (!client) throw new AppError('not_found', 'client.unknown');
    if (!(await setRevoked(tx, clientId))) return;
    await endWarning(tx, 'client', clientId);
    await recordAudit(tx, { action: 'client.revoked', subject: { type: 'client', id: clientId }, partner: client.partnerId });
  });
}

/** The clients by partner, without anything of their secrets. */
export async function listClients(ctx: Ctx): Promise<PartnerClient[]> {
  authorise(ctx, 'clients.view');
  return inTransaction(ctx, (tx) => selectClients(tx, CLIENTS_MAX));
}

/** A partner's program sees the whole of that partner's exchanges, in every county: who sees less gives nobody more. */
export function authoriseForAll(ctx: Ctx): void {
  authorise(ctx, 'clients.manage');
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'client.all_counties_only');
}

const newSecret = (): string => randomBytes(32).toString('base64url');
/** Bound to its client, so that a hash moved to another row fits nothing. */
export const hashOf = (ctx: Ctx, clientId: string, secret: string): Buffer => ctx.keys.lookup('client_secret', `${clientId} ${secret}`);
