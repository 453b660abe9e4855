/** What the agency and its partners say to each other. */
export * from './applications/index.ts';
export * from './documents/index.ts';
export * from './inquiries/index.ts';
export * from './reminders/index.ts';
export * from './conversations/index.ts';
export * from './outbox/index.ts';
export {
  bodyOf, canonicalJson, codeOf, contentDigest, CSENET_CODES, csenetFunction, defaultCode, isMessageKind, kindOf, kindRule, MESSAGE_BYTES_MAX, MESSAGE_KINDS, messageToJson, messageToXml,
  newMessage, parseJson, proposedMove, readMessage, senderIdOf,
} from './messages/index.ts';
export type { KindRule, Loose, Message, MessageBodies, MessageHeader, MessageKind, MessageOf, ProposedMove, ReadMessage } from './messages/index.ts';
export * from './evidence/index.ts';
export * from './delivery/index.ts';
export * from './notices/index.ts';
export * from './paper/index.ts';
export { unconfirmedExchangeData } from './unconfirmed-data.ts';
export { listCertificates } from './delivery/list-certificates.ts';
export type { KnownCertificates, ShownCertificate } from './delivery/list-certificates.ts';
