import { officeDay } from '../../referrals/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { recordReceipt } from '../evidence/record-receipt.ts';
import { bodyOf } from '../messages/message.ts';
import type { Message } from '../messages/message.ts';
import { putHop } from './conversation.store.ts';
import type { ConversationRow } from './conversation.store.ts';
import type { MessageRow } from './message.store.ts';

/** Keeps the offices through which a message came, and those to which ours was passed on, with their own file numbers; and proves that ours was. */
export async function recordHops(tx: TxCtx, conversation: ConversationRow, row: Pick<MessageRow, 'messageId' | 'inReplyTo' | 'storedAt' | 'channel'>, message: Message): Promise<void> {
  const { from } = message;
  if (from.partnerId !== undefined && from.partnerId !== conversation.partnerId) {
    await putHop(tx, conversation, { hop: from.partnerId, office: from.name[0]?.value ?? null, fileNumber: from.fileNumber ?? null, relayedOn: officeDay(tx, row.storedAt), messageId: row.messageId });
  }
  for (const relay of message.via ?? []) {
    const hop = relay.partnerId ?? relay.hop;
    if (hop === undefined || hop === conversation.partnerId) continue;
    await putHop(tx, conversation, {
      hop, office: relay.name[0]?.value ?? null, fileNumber: relay.fileNumber ?? null, relayedOn: officeDay(tx, new Date(relay.relayedAt)), messageId: row.messageId,
    });
  }
  const to = bodyOf(message, 'acknowledgment')?.forwardedTo;
  const hop = to?.partnerId ?? to?.hop;
  if (!to || hop === undefined) return;
  const relayedOn = to.forwardedOn ?? officeDay(tx, row.storedAt);
  await putHop(tx, conversation, { hop, office: to.name[0]?.value ?? null, fileNumber: to.fileNumber ?? null, relayedOn, messageId: row.messageId });
  if (row.inReplyTo !== null) await recordReceipt(tx, { messageId: row.inReplyTo, stage: 'relayed', hop, channel: row.channel });
}
