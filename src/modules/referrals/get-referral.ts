import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx, TxCtx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { isId } from '../../platform/ids.ts';
import { listPacketRows } from './packet.store.ts';
import type { PacketRow } from './packet.store.ts';
import { movesFrom } from './referral.rules.ts';
import type { ReferralMove } from './referral.rules.ts';
import { findReferral, listMoves } from './referral.store.ts';
import type { ReferralMoveRow, ReferralRow } from './referral.store.ts';

/** A sealed packet as a page shows it. */
export type PacketSummary = Pick<PacketRow, 'packetId' | 'number' | 'supersedes' | 'fileName' | 'sha256' | 'byteCount' | 'pages' | 'sealedAt' | 'sealedBy'>;

export interface ReferralView extends ReferralRow {
  readonly moves: readonly ReferralMoveRow[];
  readonly packets: readonly PacketSummary[];
  readonly allowedMoves: readonly ReferralMove[];
}

/** @throws AppError `referral.not_found`, also where row-level security hides it. */
export async function getReferralRow(ctx: TxCtx, referralId: string, lock: 'lock' | 'read' = 'read'): Promise<ReferralRow> {
  const referral = isId('ref', referralId) ? await findReferral(ctx, referralId, lock) : null;
  if (!referral) throw new AppError('not_found', 'referral.not_found');
  return referral;
}

/**
 * A referral with its history and packets. A partner's officer sees what was sent, without the findings, which are
 * the agency's own notes.
 *
 * @throws AppError `referral.not_found`, `access.forbidden`.
 */
export async function getReferral(ctx: Ctx, referralId: string): Promise<ReferralView> {
  authorise(ctx, 'referrals.view');
  return inTransaction(ctx, async (tx) => {
    const referral = asSeen(ctx, await getReferralRow(tx, referralId));
    const [moves, packets] = [await listMoves(tx, referralId), await listPacketRows(tx, referralId)];
    const isOurs = ctx.actor.partner === null;
    return {
      ...referral, packets: packets.map(summaryOf), allowedMoves: isOurs ? movesFrom(referral.status) : [],
      moves: isOurs ? moves : moves.filter((move) => move.toStatus === 'sent').map((move) => ({ ...move, movedBy: '' })),
    };
  });
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
