/** What partners send us: taken, filed, recognised, proposed to a case; and what a person decides about it. */
export { acceptIncoming, proposeAgain, refuseIncoming } from './decide-incoming.ts';
export type { AcceptedIncoming, IncomingTarget } from './decide-incoming.ts';
export { COVER_CHILDREN_MAX, INCOMING_BYTES_MAX, INCOMING_STATES, REFUSAL_REASONS, SHOWN_STATES } from './incoming.rules.ts';
export type { Cover, CoverPerson, IncomingFacts, IncomingState, ShownState, StatedPerson } from './incoming.rules.ts';
export { getIncoming, listIncoming, listSent, readIncomingFile } from './read-incoming.ts';
export type { IncomingFile, IncomingQuery, IncomingView, ListedIncoming, SentItem, SentQuery, ShownCandidate } from './read-incoming.ts';
export type { Candidate, Proposal } from './proposal.rules.ts';
export { missingForCase } from './proposal.rules.ts';
export { proposeCase } from './propose.ts';
export type { Proposed } from './propose.ts';
export { receivePacket } from './receive-packet.ts';
export type { PacketReceipt, ReceivedPacket } from './receive-packet.ts';
export { INCOMING_SORTS } from './incoming.store.ts';
export type { IncomingSort } from './incoming.store.ts';
