import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.rules.ts';
import type { MessageBodies, MessageHeader } from './message.types.ts';

export { canonicalJson } from './canonical-json.rules.ts';

export type MessageKind = keyof MessageBodies;
/** A message of one kind: what every message says, and the body under the name of its kind. */
export type MessageOf<K extends MessageKind> = MessageHeader & { readonly [P in K]: MessageBodies[P] };
/** A message in its JSON form (`schemas/json/message.v1.json`). */
export type Message = { [K in MessageKind]: MessageOf<K> }[MessageKind];

const KINDS_BY_NAME: Readonly<Record<MessageKind, true>> = {
  referral: true, acknowledgment: true, statusRequest: true, statusReport: true, documentRequest: true, documentResponse: true, inquiry: true, reply: true, orderChange: true,
  paymentLocationChange: true, remittanceAdvice: true, forwardingReport: true, receiptConfirmation: true, caseloadReconciliation: true, withdrawal: true, closureNotice: true,
  reminder: true, refusal: true, application: true, informationUpdate: true,
};
export const MESSAGE_KINDS = Object.keys(KINDS_BY_NAME) as readonly MessageKind[];

export const isMessageKind = (text: string): text is MessageKind => Object.hasOwn(KINDS_BY_NAME, text);

/** The kind of a message that its schema found sound. */
export function kindOf(message: Message): MessageKind {
  const kind = MESSAGE_KINDS.find((one) => Object.hasOwn(message, one));
  if (kind === undefined) throw new Error('fault: a message without a body has passed its schema');
  return kind;
}

/** What it says, where it is of this kind; null otherwise. */
export function bodyOf<K extends MessageKind>(message: Message, kind: K): MessageBodies[K] | null {
  return (message as Partial<MessageBodies>)[kind] ?? null;
}

/** The triple of CSENet as one text (`MSC R GRUPD`), where one is stated. */
export function codeOf({ function: functionCode, action, reason }: MessageHeader): string | null {
  return functionCode === undefined || action === undefined || reason === undefined ? null : `${functionCode} ${action} ${reason}`;
}

/** Under which id the sender keeps it: of a referral of version 1.0 that is the packet's. */
export function senderIdOf({ messageId, packetId }: MessageHeader): string | null {
  return messageId ?? packetId ?? null;
}

/** SHA-256 of the canonical text, in hexadecimal digits: two messages are the same if it is. */
export function contentDigest(message: Message): string {
  return createHash('sha256').update(canonicalJson(message)).digest('hex');
}
