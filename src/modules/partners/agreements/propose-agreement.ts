import { createHash } from 'node:crypto';
import { authorise, isAllowed } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { deleteProposal, lockAgreement, putProposal, selectProposal } from './agreement.store.ts';
import type { AgreementProposal } from './agreement.store.ts';
import { agencyDay, knownAgreements } from './known-agreements.ts';
import { checkedVersion, recordAgreement, writeVersion } from './record-agreement.ts';
import { wideningsOf } from './widening.ts';
import type { Widening } from './widening.ts';

export interface AgreementSaid {
  readonly agreementId: string;
  readonly version: number;
  /** It waits for a second person; what is in force stays until then. */
  readonly isProposed: boolean;
}

export interface ProposalView extends AgreementProposal {
  /** Changes with its content: who puts it into force says which one was seen. */
  readonly digest: string;
  readonly widenings: readonly Widening[];
  readonly isOwn: boolean;
  /** Another version was recorded meanwhile, so that this one is no longer the next. */
  readonly isOutdated: boolean;
}

/**
 * Records a further version where it allows no more than the one before; where it does, it is kept as proposed, in the place of an earlier proposal.
 * @throws AppError as `recordAgreement`.
 */
export async function proposeAgreement(ctx: Ctx, given: unknown): Promise<AgreementSaid> {
  authorise(ctx, 'agreements.record');
  const record = checkedVersion(given);
  const { agreementId, version } = record;
  return inTransaction(ctx, async (tx) => {
    await lockAgreement(tx, agreementId);
    const { versions, ends } = await knownAgreements(tx);
    const newest = versions.get(agreementId)?.at(-1)?.record ?? null;
    const widenings = wideningsOf(newest, record, ends, agencyDay(tx.clock));
    if (widenings.length === 0) return { ...(await recordAgreement(tx, { record })), isProposed: false };
    const expected = (newest?.version ?? 0) + 1;
    if (version !== expected) throw new AppError('conflict', 'agreement.version_expected', { params: { agreement: agreementId, version, expected } });
    await putProposal(tx, record);
    await recordAudit(tx, { action: 'agreement.proposed', subject: { type: 'agreement', id: agreementId }, details: { version, widens: widenings.join(' ') } });
    return { agreementId, version, isProposed: true };
  });
}

/** What waits for a second person, for those who record and those who put into force. */
export async function getAgreementProposal(ctx: Ctx, agreementId: string): Promise<ProposalView | null> {
  authorise(ctx, isAllowed(ctx, 'agreements.record') ? 'agreements.record' : 'agreements.approve');
  return inTransaction(ctx, (tx) => proposalIn(tx, agreementId));
}

async function proposalIn(ctx: TxCtx, agreementId: string): Promise<ProposalView | null> {
  const found = await selectProposal(ctx, agreementId);
  if (found === null) return null;
  const { versions, ends } = await knownAgreements(ctx);
  const newest = versions.get(agreementId)?.at(-1)?.record ?? null;
  return {
    ...found, digest: createHash('sha256').update(JSON.stringify(found.record)).digest('hex').slice(0, 32), widenings: wideningsOf(newest, found.record, ends, agencyDay(ctx.clock)),
    isOwn: found.proposedBy === ctx.actor.id, isOutdated: found.record.version !== (newest?.version ?? 0) + 1,
  };
}

/**
 * Puts a proposed version into force; never by who proposed it.
 * @throws AppError `agreement.no_proposal`, `agreement.proposal_changed`, `agreement.second_person`, `agreement.version_expected`.
 */
export async function approveAgreement(ctx: Ctx, { agreementId, digest }: { readonly agreementId: string; readonly digest: string }): Promise<AgreementSaid> {
  authorise(ctx, 'agreements.approve');
  return inTransaction(ctx, async (tx) => {
    const { record, proposedBy, isOwn } = await theProposal(tx, agreementId, digest);
    if (isOwn) throw new AppError('forbidden', 'agreement.second_person');
    const { version } = await writeVersion(tx, checkedVersion(record), { preparedBy: proposedBy });
    await deleteProposal(tx, agreementId);
    return { agreementId, version, isProposed: false };
  });
}

/** Takes a proposal away: who proposed it withdraws it, others refuse it. @throws AppError `agreement.no_proposal`, `agreement.proposal_changed`. */
export async function refuseAgreement(ctx: Ctx, { agreementId, digest }: { readonly agreementId: string; readonly digest: string }): Promise<void> {
  authorise(ctx, 'agreements.approve');
  await inTransaction(ctx, async (tx) => {
    const { record, proposedBy } = await theProposal(tx, agreementId, digest);
    await deleteProposal(tx, agreementId);
    await recordAudit(tx, { action: 'agreement.proposal_refused', subject: { type: 'agreement', id: agreementId }, details: { version: record.version, preparedBy: proposedBy } });
  });
}

async function theProposal(ctx: TxCtx, agreementId: string, digest: string): Promise<ProposalView> {
  await lockAgreement(ctx, agreementId);
  const found = await proposalIn(ctx, agreementId);
  if (found === null) throw new AppError('conflict', 'agreement.no_proposal');
  if (found.digest !== digest) throw new AppError('conflict', 'agreement.proposal_changed');
  return found;
}
