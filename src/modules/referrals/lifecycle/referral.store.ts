import type { TxCtx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import { FINAL_STATES, SHARED_STATES } from './lifecycle-table.rules.ts';
import type { Direction, ReferralStatus } from './lifecycle-table.rules.ts';

/** A referral as it is kept. */
export interface ReferralRow {
  readonly referralId: string;
  readonly county: string;
  readonly partnerId: string;
  readonly caseId: string;
  readonly services: readonly string[];
  readonly status: ReferralStatus;
  readonly packetId: string | null;
  /** The packet that the partner was given last; another one than `packetId` while a correction waits to be sent. */
  readonly deliveredPacketId: string | null;
  readonly findings: readonly Finding[];
  readonly isBlocked: boolean;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly sentAt: Date | null;
  readonly sentBy: string | null;
  readonly approvedBy: string | null;
  readonly direction: Direction;
  /** The referral that has taken the place of this one. */
  readonly supersededBy: string | null;
  /** Where it stood when the partner last learned of it; null before it was sent. */
  readonly sharedStatus: ReferralStatus | null;
}

export interface NewReferral {
  readonly referralId: string;
  readonly county: string;
  readonly partnerId: string;
  readonly caseId: string;
  readonly services: readonly string[];
  readonly findings: readonly Finding[];
  readonly direction: Direction;
  readonly status: ReferralStatus;
}

export interface ReferralFilter {
  readonly status?: ReferralStatus | undefined;
  readonly caseId?: string | undefined;
  readonly partnerId?: string | undefined;
  readonly direction?: Direction | undefined;
  /** Only referrals of which a clock runs. */
  readonly isDue?: boolean | undefined;
  /** `due` unless told otherwise; ties by the referral's id. */
  readonly sort?: { readonly by: ReferralSort; readonly isDescending: boolean } | undefined;
}

export const REFERRAL_SORTS = ['due', 'case', 'partner', 'status'] as const;
export type ReferralSort = (typeof REFERRAL_SORTS)[number];
const ORDER: Readonly<Record<ReferralSort, string>> = { due: 'due.next_on', case: 'case_id', partner: 'partner_id', status: 'status' };

const COLUMNS = `referral_id as "referralId", county, partner_id as "partnerId", case_id as "caseId", services, status, packet_id as "packetId",
  coalesce((select f.findings from referral_findings f where f.agency_id = referrals.agency_id and f.referral_id = referrals.referral_id), '[]') as findings,
  coalesce((select f.is_blocked from referral_findings f where f.agency_id = referrals.agency_id and f.referral_id = referrals.referral_id), false) as "isBlocked",
  created_at as "createdAt", created_by as "createdBy", sent_at as "sentAt", sent_by as "sentBy",
  approved_by as "approvedBy", direction, superseded_by as "supersededBy",
  (select m.to_status from referral_moves m where m.agency_id = referrals.agency_id and m.referral_id = referrals.referral_id
      and m.to_status = any('{${SHARED_STATES.join(',')}}'::text[]) order by m.position desc limit 1) as "sharedStatus",
  (select p.packet_id from packets p join packet_deliveries d on d.agency_id = p.agency_id and d.packet_id = p.packet_id
    where p.agency_id = referrals.agency_id and p.referral_id = referrals.referral_id order by p.number desc limit 1) as "deliveredPacketId"`;

const OPEN = `status not in (${FINAL_STATES.map((status) => `'${status}'`).join(', ')})`;

const isBlocked = (findings: readonly Finding[]): boolean => findings.some((finding) => finding.severity === 'block');

export async function findReferral(ctx: TxCtx, referralId: string, lock: 'lock' | 'read' = 'read'): Promise<ReferralRow | null> {
  const rows = await ctx.tx.query<ReferralRow[]>(
    `select ${COLUMNS} from referrals where agency_id = $1 and referral_id = $2 ${lock === 'lock' ? 'for update of referrals' : ''}`,
    [ctx.actor.agency, referralId],
  );
  return rows[0] ?? null;
}

/** The open referral of this case with this partner for just these services. */
export async function findOpenReferral(
  ctx: TxCtx, request: Pick<ReferralRow, 'caseId' | 'partnerId' | 'services' | 'direction'>,
): Promise<ReferralRow | null> {
  const rows = await ctx.tx.query<ReferralRow[]>(
    `select ${COLUMNS} from referrals where agency_id = $1 and case_id = $2 and partner_id = $3 and services = $4 and direction = $5 and ${OPEN}`,
    [ctx.actor.agency, request.caseId, request.partnerId, request.services, request.direction],
  );
  return rows[0] ?? null;
}

/** Adds a referral; false when another transaction added the same one first. */
export async function insertReferral(ctx: TxCtx, referral: NewReferral): Promise<boolean> {
  const rows = await ctx.tx.query<unknown[]>(
    `insert into referrals (agency_id, referral_id, county, partner_id, case_id, services, status, created_at, created_by, direction)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (agency_id, case_id, partner_id, services, direction) where ${OPEN} do nothing returning referral_id`,
    [ctx.actor.agency, referral.referralId, referral.county, referral.partnerId, referral.caseId, referral.services, referral.status, ctx.clock.now(), ctx.actor.id,
      referral.direction],
  );
  if (rows.length === 1) await updateFindings(ctx, referral, referral.findings);
  return rows.length === 1;
}

/** Findings stand in a table of the agency's own: they can tell where somebody lives, and partners read the row of a referral. */
export async function updateFindings(ctx: TxCtx, referral: Pick<ReferralRow, 'referralId' | 'county'>, findings: readonly Finding[]): Promise<void> {
  await ctx.tx.query(
    `insert into referral_findings (agency_id, referral_id, county, findings, is_blocked) values ($1, $2, $3, $4, $5)
     on conflict (agency_id, referral_id) do update set findings = excluded.findings, is_blocked = excluded.is_blocked
     where referral_findings.findings is distinct from excluded.findings`,
    [ctx.actor.agency, referral.referralId, referral.county, JSON.stringify(findings), isBlocked(findings)],
  );
}

export async function updateSealed(ctx: TxCtx, referralId: string, status: ReferralStatus, packetId: string): Promise<void> {
  await ctx.tx.query('update referrals set status = $3, packet_id = $4 where agency_id = $1 and referral_id = $2', [ctx.actor.agency, referralId, status, packetId]);
}

export async function updateSent(ctx: TxCtx, referralId: string, sent: { status: ReferralStatus; approvedBy: string | null }): Promise<void> {
  await ctx.tx.query(
    'update referrals set status = $3, sent_at = $4, sent_by = $5, approved_by = $6 where agency_id = $1 and referral_id = $2',
    [ctx.actor.agency, referralId, sent.status, ctx.clock.now(), ctx.actor.id, sent.approvedBy],
  );
}

export async function updateStatus(ctx: TxCtx, referralId: string, status: ReferralStatus, supersededBy: string | null = null): Promise<void> {
  await ctx.tx.query(
    'update referrals set status = $3, superseded_by = coalesce($4, superseded_by) where agency_id = $1 and referral_id = $2',
    [ctx.actor.agency, referralId, status, supersededBy],
  );
}

export async function updateServices(ctx: TxCtx, referralId: string, services: readonly string[]): Promise<void> {
  await ctx.tx.query('update referrals set services = $3 where agency_id = $1 and referral_id = $2', [ctx.actor.agency, referralId, services]);
}

export { insertMove, listMoves } from './move.store.ts';
export type { ReferralMoveRow } from './move.store.ts';

/** A page of referrals, the earliest due date first (to a partner's officer, who sees no clocks, the newest), and how many there are in all. */
export async function selectReferrals(ctx: TxCtx, filter: ReferralFilter, offset: number, limit: number): Promise<{ rows: ReferralRow[]; total: number }> {
  const from = `referrals left join lateral (
      select min(coalesce(c.promised_on, c.due_on)) as next_on from referral_clocks c
       where c.agency_id = referrals.agency_id and c.referral_id = referrals.referral_id and c.stopped_on is null and c.paused_on is null) due on true
    where agency_id = $1 and ($2::text is null or status = $2) and ($3::text is null or case_id = $3) and ($4::text is null or partner_id = $4)
      and (not $5::boolean or due.next_on is not null) and ($6::text is null or direction = $6)`;
  const values = [ctx.actor.agency, filter.status ?? null, filter.caseId ?? null, filter.partnerId ?? null, filter.isDue ?? false, filter.direction ?? null];
  const { by, isDescending } = filter.sort ?? { by: 'due', isDescending: false };
  const rows = await ctx.tx.query<ReferralRow[]>(
    `select ${COLUMNS} from ${from} order by ${ORDER[by]} ${isDescending ? 'desc' : 'asc'} nulls last, ${by === 'due' ? 'sent_at desc nulls last, ' : 'due.next_on nulls last, '}referral_id offset $7 limit $8`, [...values, offset, limit],
  );
  const counted = await ctx.tx.query<{ total: string }[]>(`select count(*) as total from ${from}`, values);
  return { rows, total: Number(counted[0]?.total ?? 0) };
}

/** Those of a partner after the one named, in the order in which they were made. */
export async function selectReferralIdsAfter(ctx: TxCtx, partnerId: string, after: string | null, limit: number): Promise<string[]> {
  const rows = await ctx.tx.query<{ id: string }[]>(
    'select referral_id as id from referrals where agency_id = $1 and partner_id = $2 and ($3::text is null or referral_id > $3) order by referral_id limit $4', [ctx.actor.agency, partnerId, after, limit]);
  return rows.map(({ id }) => id);
}

export async function selectExchangedCases(ctx: TxCtx, partnerId: string): Promise<string[]> {
  const rows = await ctx.tx.query<{ case_id: string }[]>(
    `select distinct case_id from referrals where agency_id = $1 and partner_id = $2 and sent_at is not null and case_id is not null and ${OPEN} order by 1`, [ctx.actor.agency, partnerId]);
  return rows.map((row) => row.case_id);
}

export async function selectCasesWithOpenReferral(ctx: TxCtx, limit: number): Promise<string[]> {
  const rows = await ctx.tx.query<{ case_id: string }[]>(`select distinct case_id from referrals where agency_id = $1 and case_id is not null and ${OPEN} order by 1 limit $2`, [ctx.actor.agency, limit]);
  return rows.map((row) => row.case_id);
}
