import { noteListShown } from '../../../modules/audit/index.ts';
import { getConversation as readConversation, listConversationsOf } from '../../../modules/exchange/index.ts';
import { json } from '../answer.ts';
import type { Handler } from '../answer.ts';
import { partnerOf } from '../caller.ts';
import { cursorOf, pageOf } from '../cursors.ts';

type Row = Awaited<ReturnType<typeof listConversationsOf>>['items'][number];
type Message = Awaited<ReturnType<typeof readConversation>>['messages'][number];

export const listConversations: Handler = async (call) => {
  const page = await listConversationsOf(call.ctx, { partnerId: partnerOf(call), ...pageOf(call) });
  await noteListShown(call.ctx, 'api-conversations', page.items.map(({ conversationId }) => ({ conversation: conversationId })));
  return json({ items: page.items.map(shown), next: cursorOf(page.next) });
};

export const getConversation: Handler = async (call) => {
  const conversation = await readConversation(call.ctx, call.path['conversationId'] as string);
  return json({ ...shown(conversation), messages: conversation.messages.map(said) });
};

function shown(row: Row): Record<string, unknown> {
  return {
    id: row.wireId, subject: row.subject, openedByYou: !row.openedByUs, referralId: row.referralId, agencyFileNumber: row.ourFileNumber, partnerFileNumber: row.partnerFileNumber,
    openedAt: row.openedAt.toISOString(), lastMessageAt: row.lastMessageAt.toISOString(),
  };
}

function said(message: Message): unknown {
  return {
    id: message.messageId, direction: message.direction === 'in' ? 'from_you' : 'to_you', senderMessageId: message.senderMessageId, kind: message.kind, code: message.code,
    inReplyTo: message.replyTo, state: message.state, at: message.storedAt.toISOString(),
    receipts: message.receipts.map(({ receiptId, stage, hop, happenedAt }) => ({ id: receiptId, stage, hop: hop === '' ? null : hop, happenedAt: happenedAt.toISOString() })),
  };
}
