import type { TxCtx } from '../../../platform/context.ts';

export interface AnsweredRequest {
  readonly requestSha256: string;
  readonly startedAt: Date;
  /** Empty while it is being worked out. */
  readonly answer: Buffer | null;
}

interface RequestRow { request_sha256: string; started_at: Date; answer_encrypted: Buffer | null }

const aadOf = (ctx: TxCtx, clientId: string, key: string): string => `answered_requests:${ctx.actor.agency}:${clientId}:${key}`;

/** True for whoever is first; a request that is over, or whose worker went away before `staleBefore`, gives its place up. */
export async function claimRequest(ctx: TxCtx, request: { clientId: string; key: string; sha256: string; expiresAt: Date; staleBefore: Date }): Promise<boolean> {
  const rows: unknown[] = await ctx.tx.query(
    `insert into answered_requests as r (agency_id, client_id, request_key, request_sha256, started_at, expires_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (agency_id, client_id, request_key) do update
       set request_sha256 = excluded.request_sha256, started_at = excluded.started_at, expires_at = excluded.expires_at, answer_encrypted = null
       where r.expires_at <= $5 or (r.answer_encrypted is null and r.started_at < $7 and r.request_sha256 = excluded.request_sha256) returning request_key`,
    [ctx.actor.agency, request.clientId, request.key, request.sha256, ctx.clock.now(), request.expiresAt, request.staleBefore]);
  return rows.length === 1;
}

export async function findRequest(ctx: TxCtx, clientId: string, key: string): Promise<AnsweredRequest | null> {
  const [row] = await ctx.tx.query<RequestRow[]>(
    'select request_sha256, started_at, answer_encrypted from answered_requests where agency_id = $1 and client_id = $2 and request_key = $3', [ctx.actor.agency, clientId, key]);
  if (!row) return null;
  const answer = row.answer_encrypted === null ? null : ctx.keys.decrypt(row.answer_encrypted, aadOf(ctx, clientId, key));
  return { requestSha256: row.request_sha256, startedAt: row.started_at, answer };
}

export async function setAnswer(ctx: TxCtx, clientId: string, key: string, answer: string): Promise<void> {
  await ctx.tx.query('update answered_requests set answer_encrypted = $4 where agency_id = $1 and client_id = $2 and request_key = $3',
    [ctx.actor.agency, clientId, key, ctx.keys.encrypt(answer, aadOf(ctx, clientId, key))]);
}

/** Gives the key back: nothing was done under it. */
export async function dropClaim(ctx: TxCtx, clientId: string, key: string): Promise<void> {
  await ctx.tx.query('delete from answered_requests where agency_id = $1 and client_id = $2 and request_key = $3 and answer_encrypted is null', [ctx.actor.agency, clientId, key]);
}

export async function deleteExpired(ctx: TxCtx): Promise<void> {
  await ctx.tx.query('delete from answered_requests where agency_id = $1 and expires_at <= $2', [ctx.actor.agency, ctx.clock.now()]);
}
