import { recordAudit } from '../../audit/index.ts';
import type { AllowingAgreement } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { getReferralRow } from './get-referral-row.ts';
import { findAllowing, listPacketRows } from '../packets/packet.store.ts';
import type { PacketRow } from '../packets/packet.store.ts';
import { readClocks } from '../clocks/read-clocks.ts';
import { leadingClock } from '../clocks/referral-clock.rules.ts';
import type { ReferralClock } from '../clocks/referral-clock.rules.ts';
import { movesFrom } from './lifecycle.rules.ts';
import { SHARED_STATES } from './lifecycle-table.rules.ts';
import type { ReferralMove } from './lifecycle-table.rules.ts';
import { listMoves, selectAwaited } from './move.store.ts';
import type { AwaitedRow, ReferralMoveRow } from './move.store.ts';
import { currentRecalls, withdrawnFromPacket } from '../packets/recall-packet.ts';
import type { ReferralRow } from './referral.store.ts';
import { suggestedItems } from './suggested-items.ts';

/** A sealed packet as a page shows it. */
export type PacketSummary = Pick<PacketRow, 'packetId' | 'number' | 'supersedes' | 'fileName' | 'sha256' | 'byteCount' | 'pages' | 'documents' | 'sealedAt' | 'sealedBy'>;

/** A referral with the clock that a list shows. A partner's officer sees none: they are the agency's record of its own duties. */
export interface ListedReferral extends ReferralRow {
  readonly clock: ReferralClock | null;
}

export interface ReferralView extends ListedReferral {
  readonly clocks: readonly ReferralClock[];
  /** What is or was waited for outside before sealing. */
  readonly awaited: readonly AwaitedRow[];
  /** What the partner's profile asks for besides, before sealing. */
  readonly suggested: readonly string[];
  readonly moves: readonly ReferralMoveRow[];
  readonly packets: readonly PacketSummary[];
  readonly allowedMoves: readonly ReferralMove[];
  /** The agreements under which it was handed over last; null where it was not, or before that was written down. */
  readonly sentUnder: readonly AllowingAgreement[] | null;
  /** To a partner's officer: the packet last sent is no longer on offer, because the case changed in a way that asks for another. */
  readonly isWithdrawn: boolean;
}

/**
 * A referral with its history and packets. A partner's officer sees the packet sent last, while it may still be told what it
 * tells, and none of the findings, which are the agency's own notes. These say which sent packets are to be destroyed.
 *
 * @throws AppError `referral.not_found`, `access.forbidden`.
 */
export async function getReferral(ctx: Ctx, referralId: string): Promise<ReferralView> {
  authorise(ctx, 'referrals.view');
  const { referral, moves, packets, clocks, awaited, suggested, sentUnder } = await inTransaction(ctx, async (tx) => {
    const row = asSeen(ctx, await getReferralRow(tx, referralId));
    if (ctx.actor.kind !== 'system') {
      await recordAudit(tx, { action: 'referral.viewed', subject: { type: 'referral', id: referralId }, partner: row.partnerId, county: row.county }, { isOncePerHour: true });
    }
    return {
      referral: row, moves: await listMoves(tx, referralId), packets: await listPacketRows(tx, referralId),
      clocks: await readClocks(tx, row), awaited: await selectAwaited(tx, referralId),
      suggested: row.direction === 'outgoing' ? await suggestedItems(tx, row) : [],
      sentUnder: await findAllowing(tx, referralId),
    };
  });
  if (ctx.actor.partner !== null) return { ...await asReceived(ctx, referral, moves, packets), sentUnder };
  return {
    ...referral, findings: [...referral.findings, ...await currentRecalls(ctx, referral)], packets: packets.map(summaryOf), moves, clocks, awaited, suggested, sentUnder,
    clock: leadingClock(clocks), allowedMoves: movesFrom(referral.status, referral.direction, ctx.actor), isWithdrawn: false,
  };
}

async function asReceived(ctx: Ctx, referral: SeenReferral, moves: readonly ReferralMoveRow[], packets: readonly PacketRow[]): Promise<Omit<ReferralView, 'sentUnder'>> {
  const newest = packets.slice(0, 1);
  const isTakenBack = referral.status === 'withdrawn' || referral.status === 'superseded';
  const isWithdrawn = newest[0] !== undefined && (isTakenBack || (await withdrawnFromPacket(ctx, referral, newest[0].packetId)).length > 0);
  return {
    ...referral, isWithdrawn, clock: null, clocks: [], awaited: [], suggested: [], packets: isWithdrawn ? [] : newest.map(summaryOf),
    // While a correction waits there is nothing to be done on the other side, and nothing is said of it.
    allowedMoves: referral.isBeingCorrected ? [] : movesFrom(referral.status, referral.direction, ctx.actor),
    moves: moves.filter((move) => SHARED_STATES.includes(move.toStatus) && !OWN_MOVES.includes(move.move)).map((move) => ({ ...move, movedBy: '' })),
  };
}

// Notes to ourselves in the history: that we learnt something, or promised ourselves a date.
const OWN_MOVES: readonly (ReferralMove | null)[] = ['learn', 'give_notice', 'find_elsewhere'];

interface SeenReferral extends ReferralRow {
  readonly isBeingCorrected: boolean;
}

/** To a partner's officer: what was sent, and nothing of the agency's own work on it or of who did that. */
export function asSeen(ctx: Ctx, referral: ReferralRow): SeenReferral {
  if (ctx.actor.partner === null) return { ...referral, isBeingCorrected: false };
  return {
    ...referral, status: referral.sharedStatus ?? referral.status, packetId: referral.deliveredPacketId, isBeingCorrected: !SHARED_STATES.includes(referral.status),
    findings: [], isBlocked: false, approvedBy: null, createdBy: '', sentBy: null,
  };
}

function summaryOf({ packetId, number, supersedes, fileName, sha256, byteCount, pages, documents, sealedAt, sealedBy }: PacketRow): PacketSummary {
  return { packetId, number, supersedes, fileName, sha256, byteCount, pages, documents, sealedAt, sealedBy };
}
