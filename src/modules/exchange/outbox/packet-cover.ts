import { getPartner } from '../../partners/index.ts';
import { officeDay, ourOffice } from '../../referrals/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { getKeptFile } from '../../../platform/files.ts';
import { findConversation } from '../conversations/conversation.store.ts';
import { findMessage } from '../conversations/message.store.ts';
import type { MessageRow } from '../conversations/message.store.ts';
import { findDelivery } from '../delivery/delivery.store.ts';
import type { PacketCover } from './packet-cover.rules.ts';

/** The number of the packet that a message of ours carries, or null. */
export const packetOf = ({ cause }: Pick<MessageRow, 'cause'>): string | null => (cause?.startsWith('packet:') ? cause.slice('packet:'.length) : null);

/** A packet says itself what it asks for: beside it only lies what it belongs to. Null for every other message. */
export async function packetCover(tx: TxCtx, messageId: string): Promise<PacketCover | null> {
  const row = await findMessage(tx, messageId);
  if (row?.kind !== 'referral' || row.direction !== 'out' || row.fileId === null) return null;
  const conversation = row.conversationId === null ? null : await findConversation(tx, row.conversationId);
  const encryptedFileId = (await findDelivery(tx, messageId))?.encryptedFileId ?? null;
  const { sha256, byteCount } = await getKeptFile(tx, encryptedFileId ?? row.fileId);
  const partner = getPartner(row.partnerId);
  const { county, office } = ourOffice(tx.actor.agency, row.county ?? conversation?.county ?? partner.counties.value[0] ?? null, partner.languages.value.packet);
  const [functionCode = null, action = null, reason = null] = row.code?.split(' ') ?? [];
  return {
    version: '1.1', kind: 'referral', messageId, serial: row.serial, conversation: conversation?.wireId ?? null, sentAt: (row.statedAt ?? row.storedAt).toISOString(), datedOn: officeDay(tx, row.statedAt ?? row.storedAt),
    function: functionCode, action, reason, referralId: conversation?.referralId ?? null, packetId: packetOf(row),
    from: { county, fileNumber: conversation?.ourFileNumber ?? null, name: named(office.names) },
    to: { partnerId: row.partnerId, country: partner.country, fileNumber: conversation?.partnerFileNumber ?? null, name: named(partner.names.value) },
    packet: { sha256, byteCount, isEncrypted: encryptedFileId !== null, contentSha256: row.contentSha256 },
  };
}

const named = (names: Readonly<Record<string, string>>): { lang: string; value: string }[] => Object.entries(names).map(([lang, value]) => ({ lang, value }));
