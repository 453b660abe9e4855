import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { getReferralRow } from './get-referral-row.ts';
import { listPacketRows } from '../packets/packet.store.ts';
import type { PacketRow } from '../packets/packet.store.ts';
import { movesFrom } from './referral.rules.ts';
import type { ReferralMove } from './referral.rules.ts';
import { currentRecalls, withdrawnFromPacket } from '../packets/recall-packet.ts';
import { listMoves } from './referral.store.ts';
import type { ReferralMoveRow, ReferralRow } from './referral.store.ts';

/** A sealed packet as a page shows it. */
export type PacketSummary = Pick<PacketRow, 'packetId' | 'number' | 'supersedes' | 'fileName' | 'sha256' | 'byteCount' | 'pages' | 'sealedAt' | 'sealedBy'>;

export interface ReferralView extends ReferralRow {
  readonly moves: readonly ReferralMoveRow[];
  readonly packets: readonly PacketSummary[];
  readonly allowedMoves: readonly ReferralMove[];
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
  const { referral, moves, packets } = await inTransaction(ctx, async (tx) => ({
    referral: asSeen(ctx, await getReferralRow(tx, referralId)), moves: await listMoves(tx, referralId), packets: await listPacketRows(tx, referralId),
  }));
  if (ctx.actor.partner !== null) return asReceived(ctx, referral, moves, packets);
  return {
    ...referral, findings: [...referral.findings, ...await currentRecalls(ctx, referral)], packets: packets.map(summaryOf), moves,
    allowedMoves: movesFrom(referral.status), isWithdrawn: false,
  };
}

async function asReceived(ctx: Ctx, referral: ReferralRow, moves: readonly ReferralMoveRow[], packets: readonly PacketRow[]): Promise<ReferralView> {
  const newest = packets.slice(0, 1);
  const isWithdrawn = newest[0] !== undefined && (await withdrawnFromPacket(ctx, referral, newest[0].packetId)).length > 0;
  return {
    ...referral, allowedMoves: [], isWithdrawn, packets: isWithdrawn ? [] : newest.map(summaryOf),
    moves: moves.filter((move) => move.toStatus === 'sent').map((move) => ({ ...move, movedBy: '' })),
  };
}

/** To a partner's officer: what was sent, and nothing of the agency's own work on it or of who did that. */
export function asSeen(ctx: Ctx, referral: ReferralRow): ReferralRow {
  if (ctx.actor.partner === null) return referral;
  return {
    ...referral, status: referral.deliveredPacketId === null ? referral.status : 'sent', packetId: referral.deliveredPacketId,
    findings: [], isBlocked: false, approvedBy: null, createdBy: '', sentBy: null,
  };
}

function summaryOf({ packetId, number, supersedes, fileName, sha256, byteCount, pages, sealedAt, sealedBy }: PacketRow): PacketSummary {
  return { packetId, number, supersedes, fileName, sha256, byteCount, pages, sealedAt, sealedBy };
}
