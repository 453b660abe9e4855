/** The messages of both directions: taken, acted on, made, and told in their order. */
export { actOnMessage, PARKED_ITEM } from './act-on-message.ts';
export { announceMove, announceSent, deliverReferral } from './announce-move.ts';
export type { MoveToAnnounce } from './announce-move.ts';
export { discardDraft, releaseDraft, sendMessage } from './compose-message.ts';
export type { MessageToSend, SentMessage } from './compose-message.ts';
export type { ConversationRow, HopRow, Subject } from './conversation.store.ts';
export { DRAFT_ITEM } from './draft-item.ts';
export { ARRIVAL_BYTES_MAX, BYTES_A_DAY_MAX, MESSAGES_A_DAY_MAX } from './judge.rules.ts';
export type { Channel, MessageRow, MessageState } from './message.store.ts';
export { conversationOfReferral, getConversation, listConversations } from './read-conversation.ts';
export type { ConversationMessage, ConversationPage, ConversationQuery, ConversationView } from './read-conversation.ts';
export { receiveMessage } from './receive-message.ts';
export type { MessageReceipt, ReceivedMessage } from './receive-message.ts';
export type { TimelineEntry } from './timeline.rules.ts';
export type { WorkRow, WorkState } from './work.store.ts';
