import { officeDay } from '../../referrals/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { recordReceipt } from '../evidence/record-receipt.ts';
import { bodyOf } from '../messages/message.ts';
import type { Message } from '../messages/message.ts';
import { putHop } from './conversation.store.ts';
import type { ConversationRow } from './conversation.store.ts';
import { findMessage } from './message.store.ts';
import type { MessageRow } from './message.store.ts';
import { hopName } from './hop-name.ts';

/** Keeps the offices through which a message came, and those to which ours was passed on, with their own file numbers; and proves that ours was. */
export async function recordHops(tx: TxCtx, conversation: ConversationRow, row: Pick<MessageRow, 'messageId' | 'inReplyTo' | 'storedAt' | 'channel'>, message: Message): Promise<void> {
  const { from } = message;
  if (from.partnerId !== undefined && from.partnerId !== conversation.partnerId) {
    await putHop(tx, conversation, { hop: hopName(from.partnerId), office: from.name[0]?.value ?? null, fileNumber: from.fileNumber ?? null, relayedOn: officeDay(tx, row.storedAt), messageId: row.messageId });
  }
  for (const relay of message.via ?? []) {
    const named = relay.partnerId ?? relay.hop;
    if (named === undefined || named === conversation.partnerId) continue;
    const hop = hopName(named);
    await putHop(tx, conversation, {
      hop, office: relay.name[0]?.value ?? null, fileNumber: relay.fileNumber ?? null, relayedOn: officeDay(tx, new Date(relay.relayedAt)), messageId: row.messageId,
    });
  }
  const to = bodyOf(message, 'acknowledgment')?.forwardedTo;
  const named = to?.partnerId ?? to?.hop;
  if (!to || named === undefined) return;
  const hop = hopName(named);
  const relayedOn = to.forwardedOn ?? officeDay(tx, row.storedAt);
  await putHop(tx, conversation, { hop, office: to.name[0]?.value ?? null, fileNumber: to.fileNumber ?? null, relayedOn, messageId: row.messageId });
  // What was passed on is a message of ours: what a partner says of its own proves nothing.
  const answered = row.inReplyTo === null ? null : await findMessage(tx, row.inReplyTo);
  if (answered?.direction === 'out' && answered.partnerId === conversation.partnerId) await recordReceipt(tx, { messageId: answered.messageId, stage: 'relayed', hop, channel: row.channel });
}
