import type { TxCtx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import type { ReferralStatus } from './referral.rules.ts';

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
  readonly clockName: string;
  readonly clockStartedOn: string;
  readonly clockDueOn: string;
  readonly clockStoppedOn: string | null;
}

export interface NewReferral {
  readonly referralId: string;
  readonly county: string;
  readonly partnerId: string;
  readonly caseId: string;
  readonly services: readonly string[];
  readonly findings: readonly Finding[];
  readonly clockName: string;
  readonly clockStartedOn: string;
  readonly clockDueOn: string;
}

export interface ReferralFilter {
  readonly status?: ReferralStatus | undefined;
  readonly caseId?: string | undefined;
  readonly partnerId?: string | undefined;
  /** Only referrals whose clock still runs. */
  readonly isDue?: boolean | undefined;
}

const COLUMNS = `referral_id as "referralId", county, partner_id as "partnerId", case_id as "caseId", services, status, packet_id as "packetId",
  coalesce((select f.findings from referral_findings f where f.agency_id = referrals.agency_id and f.referral_id = referrals.referral_id), '[]') as findings,
  coalesce((select f.is_blocked from referral_findings f where f.agency_id = referrals.agency_id and f.referral_id = referrals.referral_id), false) as "isBlocked",
  created_at as "createdAt", created_by as "createdBy", sent_at as "sentAt", sent_by as "sentBy",
  approved_by as "approvedBy", clock_name as "clockName", clock_started_on::text as "clockStartedOn", clock_due_on::text as "clockDueOn",
  clock_stopped_on::text as "clockStoppedOn",
  (select p.packet_id from packets p join packet_deliveries d on d.agency_id = p.agency_id and d.packet_id = p.packet_id
    where p.agency_id = referrals.agency_id and p.referral_id = referrals.referral_id order by p.number desc limit 1) as "deliveredPacketId"`;

const OPEN = `status not in ('refused', 'closed', 'withdrawn', 'superseded')`;

const isBlocked = (findings: readonly Finding[]): boolean => findings.some((finding) => finding.severity === 'block');

export async function findReferral(ctx: TxCtx, referralId: string, lock: 'lock' | 'read' = 'read'): Promise<ReferralRow | null> {
  const rows = await ctx.tx.query<ReferralRow[]>(
    `select ${COLUMNS} from referrals where agency_id = $1 and referral_id = $2 ${lock === 'lock' ? 'for update of referrals' : ''}`,
    [ctx.actor.agency, referralId],
  );
  return rows[0] ?? null;
}

/** The open referral of this case to this partner for just these services. */
export async function findOpenReferral(ctx: TxCtx, caseId: string, partnerId: string, services: readonly string[]): Promise<ReferralRow | null> {
  const rows = await ctx.tx.query<ReferralRow[]>(
    `select ${COLUMNS} from referrals where agency_id = $1 and case_id = $2 and partner_id = $3 and services = $4 and ${OPEN}`,
    [ctx.actor.agency, caseId, partnerId, services],
  );
  return rows[0] ?? null;
}

/** Adds a referral; false when another transaction added the same one first. */
export async function insertReferral(ctx: TxCtx, referral: NewReferral): Promise<boolean> {
  const rows = await ctx.tx.query<unknown[]>(
    `insert into referrals (agency_id, referral_id, county, partner_id, case_id, services, status, created_at, created_by,
                            clock_name, clock_started_on, clock_due_on)
     values ($1, $2, $3, $4, $5, $6, 'draft', $7, $8, $9, $10, $11)
     on conflict (agency_id, case_id, partner_id, services) where ${OPEN} do nothing returning referral_id`,
    [ctx.actor.agency, referral.referralId, referral.county, referral.partnerId, referral.caseId, referral.services, ctx.clock.now(), ctx.actor.id, referral.clockName, referral.clockStartedOn, referral.clockDueOn],
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

export async function updateSent(
  ctx: TxCtx, referralId: string, sent: { status: ReferralStatus; approvedBy: string | null; clockStoppedOn: string | null },
): Promise<void> {
  await ctx.tx.query(
    `update referrals set status = $3, sent_at = $4, sent_by = $5, approved_by = $6, clock_stopped_on = coalesce(clock_stopped_on, $7)
      where agency_id = $1 and referral_id = $2`,
    [ctx.actor.agency, referralId, sent.status, ctx.clock.now(), ctx.actor.id, sent.approvedBy, sent.clockStoppedOn],
  );
}

/** One step in the life of a referral. */
export interface ReferralMoveRow {
  readonly position: number;
  readonly fromStatus: ReferralStatus | null;
  readonly toStatus: ReferralStatus;
  readonly packetId: string | null;
  readonly movedAt: Date;
  readonly movedBy: string;
}

export async function insertMove(ctx: TxCtx, referral: Pick<ReferralRow, 'referralId' | 'county' | 'partnerId'>, from: ReferralStatus | null, to: ReferralStatus, packetId: string | null): Promise<void> {
  await ctx.tx.query(
    `insert into referral_moves (agency_id, referral_id, position, county, partner_id, from_status, to_status, packet_id, moved_at, moved_by)
     select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8, $9 from referral_moves where agency_id = $1 and referral_id = $2`,
    [ctx.actor.agency, referral.referralId, referral.county, referral.partnerId, from, to, packetId, ctx.clock.now(), ctx.actor.id],
  );
}

export async function listMoves(ctx: TxCtx, referralId: string): Promise<ReferralMoveRow[]> {
  return ctx.tx.query<ReferralMoveRow[]>(
    `select position, from_status as "fromStatus", to_status as "toStatus", packet_id as "packetId", moved_at as "movedAt", moved_by as "movedBy"
       from referral_moves where agency_id = $1 and referral_id = $2 order by position`,
    [ctx.actor.agency, referralId],
  );
}

/** A page of referrals, the earliest due date first, and how many there are in all. */
export async function selectReferrals(ctx: TxCtx, filter: ReferralFilter, offset: number, limit: number): Promise<{ rows: ReferralRow[]; total: number }> {
  const where = `agency_id = $1 and ($2::text is null or status = $2) and ($3::text is null or case_id = $3) and ($4::text is null or partner_id = $4)
    and (not $5::boolean or clock_stopped_on is null)`;
  const values = [ctx.actor.agency, filter.status ?? null, filter.caseId ?? null, filter.partnerId ?? null, filter.isDue ?? false];
  const [rows, counted] = [
    await ctx.tx.query<ReferralRow[]>(`select ${COLUMNS} from referrals where ${where} order by clock_due_on, referral_id offset $6 limit $7`, [...values, offset, limit]),
    await ctx.tx.query<{ total: string }[]>(`select count(*) as total from referrals where ${where}`, values),
  ];
  return { rows, total: Number(counted[0]?.total ?? 0) };
}
