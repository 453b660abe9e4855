import type { TxCtx } from '../../../platform/context.ts';
import type { AllowingAgreement } from '../../partners/index.ts';
import type { ReferralStatus } from '../lifecycle/lifecycle-table.rules.ts';

/** What a look at a sealed referral told. */
export interface SendCheck {
  readonly documents: number;
  readonly agreements: readonly AllowingAgreement[];
  readonly needsApprover: boolean;
  /** Why it cannot be sent, as codes of refusals; none where it can. */
  readonly refusals: readonly string[];
}

/** A referral that was chosen, with the newest look at its packet; null where there was none. */
export interface ChosenReferral {
  readonly referralId: string;
  readonly caseId: string;
  readonly partnerId: string;
  readonly county: string;
  readonly services: readonly string[];
  readonly packetId: string | null;
  readonly status: ReferralStatus;
  readonly caseVersion: number;
  readonly check: SendCheck & { readonly caseVersion: number; readonly checkedOn: string; readonly checkedAt: Date } | null;
}

type Row = Omit<ChosenReferral, 'check'> & { [K in keyof NonNullable<ChosenReferral['check']> as `its_${K}`]: NonNullable<ChosenReferral['check']>[K] | null };

/** Those of these referrals that are there and may be seen, in the order in which they were asked for. */
export async function selectChosen(ctx: TxCtx, referralIds: readonly string[]): Promise<ChosenReferral[]> {
  const rows = await ctx.tx.query<Row[]>(
    `select r.referral_id as "referralId", r.case_id as "caseId", r.partner_id as "partnerId", r.county, r.services, r.packet_id as "packetId", r.status, coalesce(c.version, 0) as "caseVersion",
            k.documents as "its_documents", k.agreements as "its_agreements", k.needs_approver as "its_needsApprover", k.refusals as "its_refusals", k.case_version as "its_caseVersion",
            k.checked_on::text as "its_checkedOn", k.checked_at as "its_checkedAt"
       from unnest($2::text[]) with ordinality as asked (referral_id, position)
       join referrals r on r.agency_id = $1 and r.referral_id = asked.referral_id
       left join support_cases c on c.agency_id = r.agency_id and c.case_id = r.case_id
       left join referral_send_checks k on k.agency_id = r.agency_id and k.referral_id = r.referral_id and k.packet_id = r.packet_id
      order by asked.position`, [ctx.actor.agency, referralIds]);
  return rows.map(({ its_documents: documents, its_agreements: agreements, its_needsApprover: needsApprover, its_refusals: refusals, its_caseVersion: caseVersion, its_checkedOn: checkedOn, its_checkedAt: checkedAt, ...referral }) => ({
    ...referral,
    check: documents === null || agreements === null || needsApprover === null || refusals === null || caseVersion === null || checkedOn === null || checkedAt === null ? null
      : { documents, agreements, needsApprover, refusals, caseVersion, checkedOn, checkedAt },
  }));
}

/** Takes the place of what an earlier look told. */
export async function upsertCheck(ctx: TxCtx, referral: { readonly referralId: string; readonly county: string; readonly packetId: string; readonly caseVersion: number }, check: SendCheck, on: string): Promise<void> {
  await ctx.tx.query(
    `insert into referral_send_checks (agency_id, referral_id, county, packet_id, case_version, checked_on, checked_at, documents, needs_approver, agreements, refusals)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (agency_id, referral_id) do update set county = excluded.county, packet_id = excluded.packet_id, case_version = excluded.case_version, checked_on = excluded.checked_on,
       checked_at = excluded.checked_at, documents = excluded.documents, needs_approver = excluded.needs_approver, agreements = excluded.agreements, refusals = excluded.refusals`,
    [ctx.actor.agency, referral.referralId, referral.county, referral.packetId, referral.caseVersion, on, ctx.clock.now(), check.documents, check.needsApprover, JSON.stringify(check.agreements), check.refusals]);
}
