/** Messages: kinds, codes, reading, writing, converting. Knows no database. */
export { bodyOf, canonicalJson, codeOf, contentDigest, isMessageKind, kindOf, MESSAGE_KINDS, senderIdOf } from './message.ts';
export type { Message, MessageKind, MessageOf } from './message.ts';
export type * from './message.types.ts';
export { CSENET_CODES, csenetFunction, defaultCode, fitsKind, kindRule, KINDS_CONFIRMED } from './message-kinds.ts';
export type { CodeRule, KindRule, MessageSubject, MoveRule, Side } from './message-kinds.ts';
export { MESSAGE_NAMESPACE, messageToXml } from './message-xml.ts';
export { MESSAGE_VERSION, newMessage } from './new-message.ts';
export type { Loose } from './new-message.ts';
export { parseJson } from './read-json.ts';
export { MESSAGE_BYTES_MAX, messageToJson, readMessage } from './read-message.ts';
export type { ReadingOptions, ReadMessage } from './read-message.ts';
export { proposedMove } from './referral-move.ts';
export type { ProposedMove, ReferralStanding } from './referral-move.ts';
