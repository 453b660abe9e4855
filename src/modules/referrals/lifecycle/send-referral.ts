import { recordAudit } from '../../audit/index.ts';
import { allowedOnly } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { groundsFor, recordDisclosure } from '../disclosures/record-disclosure.ts';
import { getReferralRow } from './get-referral-row.ts';
import { insertDelivery, listPacketRows } from '../packets/packet.store.ts';
import type { PacketRow } from '../packets/packet.store.ts';
import { hasBlocking, preparePacket } from '../packets/prepare-packet.ts';
import type { PreparedPacket } from '../packets/prepare-packet.ts';
import { selectClocks } from '../clocks/referral-clock.store.ts';
import { lifecycleRow } from './lifecycle.rules.ts';
import type { ReferralStatus } from './lifecycle-table.rules.ts';
import { recordMove } from './record-move.ts';
import { approverName } from './referral.rules.ts';
import { updateSent } from './referral.store.ts';

export interface SentReferral {
  readonly referralId: string;
  readonly status: ReferralStatus;
  readonly packetId: string;
  /** The day on which the clock of referring stopped; null where receipt by this partner does not stop it. */
  readonly clockStoppedOn: string | null;
}

/** Until the channels of exchange are there, a packet is handed over by being available on the partner's page. */
const CHANNEL = 'portal';
const CLOCK = 'referral.send';

/**
 * Hands the sealed packet over to the partner. The case is looked at once more: where it has changed since the seal, or a
 * protection has been added, the packet does not leave; nor where no agreement in force allows the exchange today.
 *
 * @throws AppError `agreement.none_allows`, `referral.approver_needed`, `referral.move_refused`, `packet.outdated`, `packet.incomplete`, `referral.not_found`.
 */
export async function sendReferral(ctx: Ctx, referralId: string, options: { approver?: string | null; /** The packet that was seen: another one is not sent. */ packetId?: string } = {}): Promise<SentReferral> {
  authorise(ctx, 'referrals.send');
  const approver = approverName(options.approver);
  return inTransaction(ctx, async (tx) => {
    const referral = await getReferralRow(tx, referralId, 'lock');
    const row = lifecycleRow(referral.status, 'send', referral.direction);
    const prepared = await preparePacket(tx, referral);
    const [packet] = await listPacketRows(tx, referralId);
    const current = sendable(prepared, packet ?? null, approver);
    if (options.packetId !== undefined && options.packetId !== current.packetId) throw new AppError('conflict', 'referral.packet_changed');
    const { agreements } = prepared.agreement;
    await insertDelivery(tx, current, CHANNEL, agreements);
    await recordDisclosure(tx, 'delivered', current, referral.caseId, { channel: CHANNEL, grounds: groundsFor(tx, referral.partnerId, { approver, agreements }) });
    const status = await recordMove(tx, referral, { row, packetId: current.packetId, on: prepared.on });
    await updateSent(tx, referralId, { status, approvedBy: approver });
    const clock = (await selectClocks(tx, referralId)).find((each) => each.clock === CLOCK);
    await recordAudit(tx, {
      action: 'referral.sent', subject: { type: 'referral', id: referralId }, partner: referral.partnerId, county: referral.county,
      details: { packetId: current.packetId, channel: CHANNEL, isApproved: approver !== null, agreements: agreements.map(({ agreementId, version }) => `${agreementId}:${version}`).join(' ') },
    });
    await emit(tx, 'referral.sent', { referralId, packetId: current.packetId });
    return { referralId, status, packetId: current.packetId, clockStoppedOn: clock?.stoppedOn ?? null };
  });
}

function sendable(prepared: PreparedPacket, packet: PacketRow | null, approver: string | null): PacketRow {
  const { needsApprover } = allowedOnly(prepared.agreement);
  if ((needsApprover || prepared.partner.exchangeBasis.value.approverNeeded) && approver === null) throw new AppError('conflict', 'referral.approver_needed');
  if (hasBlocking(prepared.findings)) throw new AppError('conflict', 'packet.incomplete', { findings: prepared.findings });
  if (!packet || !packet.contentDigest.equals(prepared.contentDigest)) throw new AppError('conflict', 'packet.outdated');
  return packet;
}
