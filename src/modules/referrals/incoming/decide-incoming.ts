import { learnPartnerNumber } from '../../cases/index.ts';
import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import { receiveReferral } from '../lifecycle/receive-referral.ts';
import { INCOMING_ITEM, OPEN_STATES, REFUSAL_REASONS } from './incoming.rules.ts';
import type { IncomingState } from './incoming.rules.ts';
import { getIncomingRow } from './get-incoming-row.ts';
import { removeQueueItem } from '../queue/queue.store.ts';
import { insertProposal, updateDecided, updateState } from './incoming.store.ts';
import type { IncomingRow } from './incoming.store.ts';
import { propose } from './propose.ts';
import type { Proposed } from './propose.ts';

/** To what a person ties it: a case, for which a request of its own is opened; or a referral that is there. */
export type IncomingTarget =
  | { readonly caseId: string; readonly services?: readonly string[] }
  | { readonly referralId: string };

export interface AcceptedIncoming {
  readonly incomingId: string;
  readonly state: IncomingState;
  readonly referralId: string;
}

/**
 * A person ties what came in to a case: the partner's request is opened as an incoming referral, whose clocks count from the day of
 * receipt; or, where the same request is open or a referral was named, it is linked to that. Saying the same again changes nothing.
 *
 * @throws AppError `incoming.not_found`, `incoming.decided`, `incoming.services_needed`, `incoming.needs_referral`, `incoming.other_partners_referral`,
 *   `cases.not_found`, `referral.not_found`, `access.forbidden`.
 */
export async function acceptIncoming(ctx: Ctx, incomingId: string, target: IncomingTarget): Promise<AcceptedIncoming> {
  authorise(ctx, 'incoming.decide');
  return inTransaction(ctx, async (tx) => {
    const row = await getIncomingRow(tx, incomingId, 'lock');
    if (await isTiedSo(tx, row, target)) return { incomingId, state: row.state, referralId: row.referralId ?? '' };
    refuseDecided(row);
    const tied = 'referralId' in target ? await linked(tx, row, target.referralId) : await opened(tx, row, target);
    await updateDecided(tx, incomingId, tied);
    await learnNumbers(tx, row, tied.caseId);
    await removeQueueItem(tx, INCOMING_ITEM, incomingId);
    await recordAudit(tx, {
      action: 'incoming.accepted', subject: { type: 'incoming', id: incomingId }, partner: row.partnerId, county: tied.county,
      details: { state: tied.state, referralId: tied.referralId, caseId: tied.caseId },
    });
    await emit(tx, 'incoming.accepted', { incomingId, referralId: tied.referralId, state: tied.state });
    return { incomingId, state: tied.state, referralId: tied.referralId };
  });
}

const NUMBER_MAX = 60;

/** Under which number the partner keeps the case: its next paper finds it, and ours bear it. */
async function learnNumbers(ctx: TxCtx, { sender, facts, partnerId }: IncomingRow, caseId: string): Promise<void> {
  if (sender === 'ours') return;
  for (const value of facts?.theirNumbers ?? []) {
    if (value.trim() !== '' && value.length <= NUMBER_MAX && /\p{N}/u.test(value)) await learnPartnerNumber(ctx, { caseId, partnerId, value });
  }
}

interface Tied {
  readonly state: 'accepted' | 'linked';
  readonly referralId: string;
  readonly county: string;
  readonly caseId: string;
}

async function isTiedSo(ctx: TxCtx, row: IncomingRow, target: IncomingTarget): Promise<boolean> {
  if (row.referralId === null) return false;
  if ('referralId' in target) return row.referralId === target.referralId;
  return (await getReferralRow(ctx, row.referralId)).caseId === target.caseId;
}

function refuseDecided(row: IncomingRow): void {
  if (!OPEN_STATES.includes(row.state)) throw new AppError('conflict', 'incoming.decided', { params: { state: row.state } });
}

async function linked(ctx: TxCtx, row: IncomingRow, referralId: string): Promise<Tied> {
  const { partnerId, county, caseId } = await getReferralRow(ctx, referralId);
  if (partnerId !== row.partnerId) throw new AppError('invalid', 'incoming.other_partners_referral');
  return { state: 'linked', referralId, county, caseId };
}

async function opened(ctx: TxCtx, row: IncomingRow, target: { readonly caseId: string; readonly services?: readonly string[] }): Promise<Tied> {
  // Our own request, come back, is no request to us.
  if (row.sender === 'ours') throw new AppError('invalid', 'incoming.needs_referral');
  const given = target.services ?? [];
  const services = given.length > 0 ? given : row.facts?.services ?? [];
  if (services.length === 0) throw new AppError('invalid', 'incoming.services_needed');
  const received = await receiveReferral(ctx, { caseId: target.caseId, partnerId: row.partnerId, services, receivedOn: row.receivedOn });
  const { county, caseId } = await getReferralRow(ctx, received.referralId);
  return { state: received.alreadyOpen ? 'linked' : 'accepted', referralId: received.referralId, county, caseId };
}

/** Says no, with a reason that the sender is told as a code. @throws AppError `incoming.not_found`, `incoming.decided`, `incoming.reason_unknown`. */
export async function refuseIncoming(ctx: Ctx, incomingId: string, { reason }: { readonly reason: string }): Promise<{ readonly incomingId: string; readonly state: IncomingState }> {
  authorise(ctx, 'incoming.decide');
  const known = REFUSAL_REASONS.find((one) => one === reason);
  if (!known) throw new AppError('invalid', 'incoming.reason_unknown', { params: { reasons: REFUSAL_REASONS.join(', ') } });
  return inTransaction(ctx, async (tx) => {
    const row = await getIncomingRow(tx, incomingId, 'lock');
    const state: IncomingState = known === 'duplicate' ? 'duplicate' : 'refused';
    if (row.state === state && row.reason === known) return { incomingId, state };
    refuseDecided(row);
    await updateDecided(tx, incomingId, { state, reason: known });
    await removeQueueItem(tx, INCOMING_ITEM, incomingId);
    await recordAudit(tx, { action: 'incoming.refused', subject: { type: 'incoming', id: incomingId }, partner: row.partnerId, details: { reason: known } });
    await emit(tx, 'incoming.refused', { incomingId, reason: known });
    return { incomingId, state };
  });
}

/** Looks again: cases have been imported since. @throws AppError `incoming.not_found`, `incoming.decided`, `incoming.nothing_to_seek`. */
export async function proposeAgain(ctx: Ctx, incomingId: string): Promise<Proposed> {
  authorise(ctx, 'incoming.decide');
  const row = await inTransaction(ctx, (tx) => getIncomingRow(tx, incomingId));
  refuseDecided(row);
  if (row.facts === null) throw new AppError('invalid', 'incoming.nothing_to_seek');
  const proposed = await propose(ctx, row);
  return inTransaction(ctx, async (tx) => {
    refuseDecided(await getIncomingRow(tx, incomingId, 'lock'));
    await insertProposal(tx, incomingId, proposed.proposal, proposed.findings);
    await updateState(tx, incomingId, 'proposed');
    await recordAudit(tx, { action: 'incoming.sought_again', subject: { type: 'incoming', id: incomingId }, partner: row.partnerId, details: { proposal: proposed.proposal.kind } });
    return proposed;
  });
}
