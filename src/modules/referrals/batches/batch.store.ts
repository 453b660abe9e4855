import type { TxCtx } from '../../../platform/context.ts';

/** A sealed referral that waits to be sent, as it is chosen from a list. */
export interface SealedReferral {
  readonly referralId: string;
  readonly caseId: string;
  readonly partnerId: string;
  readonly county: string;
  readonly services: readonly string[];
  readonly packetId: string;
  readonly number: number;
  readonly pages: number;
  readonly sealedAt: Date;
  readonly dueOn: string | null;
}

export const SEALED_SORTS = ['due', 'case', 'partner', 'sealed'] as const;
export type SealedSort = (typeof SEALED_SORTS)[number];
const ORDER: Readonly<Record<SealedSort, string>> = { due: 'd.due_on', case: 'r.case_id', partner: 'r.partner_id', sealed: 'p.sealed_at' };

export interface SealedQuery {
  readonly partnerId: string | null;
  readonly sort: SealedSort;
  readonly isDescending: boolean;
  readonly offset: number;
  readonly limit: number;
}

export async function selectSealed(ctx: TxCtx, { partnerId, sort, isDescending, offset, limit }: SealedQuery): Promise<SealedReferral[]> {
  const direction = isDescending ? 'desc' : 'asc';
  return ctx.tx.query<SealedReferral[]>(
    `select r.referral_id as "referralId", r.case_id as "caseId", r.partner_id as "partnerId", r.county, r.services, r.packet_id as "packetId", p.number, p.pages,
            p.sealed_at as "sealedAt", d.due_on::text as "dueOn"
       from referrals r join packets p on p.agency_id = r.agency_id and p.packet_id = r.packet_id
       left join lateral (select min(coalesce(c.promised_on, c.due_on)) as due_on from referral_clocks c
         where c.agency_id = r.agency_id and c.referral_id = r.referral_id and c.stopped_on is null and c.paused_on is null) d on true
      where r.agency_id = $1 and r.status = 'sealed' and r.direction = 'outgoing' and ($2::text is null or r.partner_id = $2)
      order by ${ORDER[sort]} ${direction} nulls last, r.referral_id ${direction} offset $3 limit $4`,
    [ctx.actor.agency, partnerId, offset, limit]);
}

/** The partners that something sealed waits for. */
export async function selectSealedPartners(ctx: TxCtx): Promise<string[]> {
  const rows = await ctx.tx.query<{ id: string }[]>(
    "select distinct partner_id as id from referrals where agency_id = $1 and status = 'sealed' and direction = 'outgoing' order by 1", [ctx.actor.agency]);
  return rows.map(({ id }) => id);
}

export interface BatchRow {
  readonly batchId: string;
  readonly workId: string;
  readonly begunBy: string;
  readonly begunAt: Date;
  readonly approverEncrypted: Buffer | null;
}

export interface BatchItem {
  readonly referralId: string;
  readonly caseId: string;
  readonly partnerId: string;
  readonly packetId: string;
  readonly position: number;
  readonly state: 'waiting' | 'sent' | 'refused';
  readonly code: string | null;
}

export async function insertBatch(ctx: TxCtx, batch: Omit<BatchRow, 'begunBy' | 'begunAt'>, items: readonly { referralId: string; county: string; packetId: string }[]): Promise<void> {
  const { agency, id } = ctx.actor;
  await ctx.tx.query('insert into referral_batches (agency_id, batch_id, work_id, begun_by, begun_at, approver_encrypted) values ($1, $2, $3, $4, $5, $6)',
    [agency, batch.batchId, batch.workId, id, ctx.clock.now(), batch.approverEncrypted]);
  await ctx.tx.query(
    `insert into referral_batch_items (agency_id, batch_id, referral_id, county, packet_id, position, state)
     select $1, $2, referral_id, county, packet_id, n, 'waiting' from unnest($3::text[], $4::text[], $5::text[]) with ordinality as given (referral_id, county, packet_id, n)`,
    [agency, batch.batchId, items.map(({ referralId }) => referralId), items.map(({ county }) => county), items.map(({ packetId }) => packetId)]);
}

export async function findBatch(ctx: TxCtx, batchId: string): Promise<BatchRow | null> {
  const rows = await ctx.tx.query<BatchRow[]>(
    `select batch_id as "batchId", work_id as "workId", begun_by as "begunBy", begun_at as "begunAt", approver_encrypted as "approverEncrypted"
       from referral_batches where agency_id = $1 and batch_id = $2`, [ctx.actor.agency, batchId]);
  return rows[0] ?? null;
}

export async function selectItems(ctx: TxCtx, batchId: string): Promise<BatchItem[]> {
  return ctx.tx.query<BatchItem[]>(
    `select i.referral_id as "referralId", r.case_id as "caseId", r.partner_id as "partnerId", i.packet_id as "packetId", i.position, i.state, i.code
       from referral_batch_items i join referrals r on r.agency_id = i.agency_id and r.referral_id = i.referral_id
      where i.agency_id = $1 and i.batch_id = $2 order by i.position`, [ctx.actor.agency, batchId]);
}

/** Holds one that still waits until the transaction ends; false where it was settled before. */
export async function lockWaiting(ctx: TxCtx, batchId: string, referralId: string): Promise<boolean> {
  const rows = await ctx.tx.query<unknown[]>(
    "select 1 from referral_batch_items where agency_id = $1 and batch_id = $2 and referral_id = $3 and state = 'waiting' for update", [ctx.actor.agency, batchId, referralId]);
  return rows.length === 1;
}

export async function settleItem(ctx: TxCtx, batchId: string, referralId: string, outcome: { readonly state: 'sent' | 'refused'; readonly code: string | null }): Promise<void> {
  await ctx.tx.query('update referral_batch_items set state = $4, code = $5, settled_at = $6 where agency_id = $1 and batch_id = $2 and referral_id = $3',
    [ctx.actor.agency, batchId, referralId, outcome.state, outcome.code, ctx.clock.now()]);
}
