import { incomingForExchange } from '../../referrals/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import { recordReceipt } from '../evidence/record-receipt.ts';
import { sendMessage } from './compose-message.ts';
import { findByWireId, findConversation } from './conversation.store.ts';
import type { MessageRow } from './message.store.ts';

const REASONS_MAX = 20;
const CODE_MAX = 40;

/**
 * A file was taken, and looking into it showed that nothing can be done with it. Its sender has a receipt that it came: a second one says that it was refused, and why;
 * where there is a conversation that both sides know, a message says it, too.
 */
export async function tellRefused(tx: TxCtx, row: MessageRow, incomingId: string, findings: readonly Finding[]): Promise<void> {
  const reasons = [...new Set(findings.filter(({ severity }) => severity === 'block').map(({ code }) => code))].slice(0, REASONS_MAX);
  await recordReceipt(tx, { messageId: row.messageId, stage: 'refused', reasons });
  const packetId = (await incomingForExchange(tx, incomingId))?.senderPacketId ?? null;
  const conversation = row.conversationId !== null ? await findConversation(tx, row.conversationId) : packetId === null ? null : await findByWireId(tx, row.partnerId, packetId);
  if (conversation === null || conversation.partnerId !== row.partnerId) return;
  const of = packetId ?? row.senderMessageId;
  // A finding's code with its dots as underscores: what the schema takes for a code.
  const codes = reasons.map((code) => code.replaceAll('.', '_').slice(0, CODE_MAX));
  await sendMessage(tx, {
    conversationId: conversation.conversationId, kind: 'refusal', body: { of, reason: ['other', ...codes].map((code) => ({ code })) }, replyTo: of, cause: `refused:${row.messageId}`,
  });
}
