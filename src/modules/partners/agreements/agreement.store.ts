import type { TxCtx } from '../../../platform/context.ts';
import type { AgreementRecord } from './agreement-record.rules.ts';
import type { AgreementEnd } from './agreement.rules.ts';

export interface RecordedVersion {
  readonly agreementId: string;
  readonly version: number;
  readonly record: AgreementRecord;
  /** The paper itself, as it was handed in. */
  readonly fileId: string | null;
  readonly recordedAt: Date;
  readonly recordedBy: string;
}

export interface RecordedEnd extends AgreementEnd {
  readonly position: number;
  readonly recordedAt: Date;
  readonly recordedBy: string;
}

/** One at a time for an agreement, so that two people get two versions, and a version does not pass an end. */
export async function lockAgreement(ctx: TxCtx, agreementId: string): Promise<void> {
  await ctx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 7164))', [`agreements:${ctx.actor.agency}:${agreementId}`]);
}

/** What the agency has recorded; a partner's officer sees of an agreement the versions since the first that names the own partner. */
export async function selectVersions(ctx: TxCtx): Promise<RecordedVersion[]> {
  return ctx.tx.query<RecordedVersion[]>(
    `select agreement_id as "agreementId", version, record, file_id as "fileId", recorded_at as "recordedAt", recorded_by as "recordedBy"
       from agreement_versions where agency_id = $1 order by agreement_id, version`,
    [ctx.actor.agency],
  );
}

/** In the order in which they were said. */
export async function selectEnds(ctx: TxCtx): Promise<RecordedEnd[]> {
  return ctx.tx.query<RecordedEnd[]>(
    `select agreement_id as "agreementId", position, version, ended_from::text as "endedFrom", reason, recorded_at as "recordedAt", recorded_by as "recordedBy"
       from agreement_ends where agency_id = $1 order by agreement_id, position`,
    [ctx.actor.agency],
  );
}

/** `partnerIds`: the partners of this version and of all before it, whose officers must learn that it no longer names them. */
export async function insertVersion(ctx: TxCtx, record: AgreementRecord, { partnerIds, fileId }: { readonly partnerIds: readonly string[]; readonly fileId: string | null }): Promise<void> {
  await ctx.tx.query(
    `insert into agreement_versions (agency_id, agreement_id, version, partner_ids, record, file_id, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [ctx.actor.agency, record.agreementId, record.version, partnerIds, JSON.stringify(record), fileId, ctx.clock.now(), ctx.actor.id],
  );
}

export async function insertEnd(ctx: TxCtx, end: AgreementEnd, partnerIds: readonly string[]): Promise<void> {
  await ctx.tx.query(
    `insert into agreement_ends (agency_id, agreement_id, position, version, partner_ids, ended_from, reason, recorded_at, recorded_by)
     select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8 from agreement_ends where agency_id = $1 and agreement_id = $2`,
    [ctx.actor.agency, end.agreementId, end.version, partnerIds, end.endedFrom, end.reason, ctx.clock.now(), ctx.actor.id],
  );
}

/** A version that a second person is to put into force. */
export interface AgreementProposal {
  readonly record: AgreementRecord;
  readonly proposedAt: Date;
  readonly proposedBy: string;
}

export async function selectProposal(ctx: TxCtx, agreementId: string): Promise<AgreementProposal | null> {
  const [row] = await ctx.tx.query<AgreementProposal[]>(
    'select record, proposed_at as "proposedAt", proposed_by as "proposedBy" from agreement_proposals where agency_id = $1 and agreement_id = $2', [ctx.actor.agency, agreementId]);
  return row ?? null;
}

export async function putProposal(ctx: TxCtx, record: AgreementRecord): Promise<void> {
  await ctx.tx.query(
    `insert into agreement_proposals (agency_id, agreement_id, record, proposed_at, proposed_by) values ($1, $2, $3, $4, $5)
     on conflict (agency_id, agreement_id) do update set record = excluded.record, proposed_at = excluded.proposed_at, proposed_by = excluded.proposed_by`,
    [ctx.actor.agency, record.agreementId, JSON.stringify(record), ctx.clock.now(), ctx.actor.id],
  );
}

export async function deleteProposal(ctx: TxCtx, agreementId: string): Promise<void> {
  await ctx.tx.query('delete from agreement_proposals where agency_id = $1 and agreement_id = $2', [ctx.actor.agency, agreementId]);
}
