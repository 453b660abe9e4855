/** A named limit on everything that a client could ask too much of. The numbers are ours. */
export const LIMITS = Object.freeze({
  /** From the first byte to a proven key; who is slower is cut off. */
  signInMs: 30_000,
  signInAttempts: 6,
  connections: 500,
  connectionsPerAddress: 20,
  /** Not yet signed in, all together. */
  strangers: 100,
  /** New connections from one address within `addressWindowMs`. */
  arrivalsPerAddress: 120,
  /** Connections of one address that ended without a proven key, within the same time. */
  failuresPerAddress: 20,
  addressWindowMs: 300_000,
  /** Addresses that are remembered; the oldest is forgotten first. */
  addresses: 10_000,
  connectionsPerPartner: 10,
  channelsPerConnection: 4,
  rekeysPerConnection: 1_000,
  /** Without a request, or with an answer that the client does not take. */
  idleMs: 600_000,
  stalledMs: 120_000,
  /** How often a session asks whether its key still holds. */
  recheckMs: 60_000,
  /** What waits in our memory to be sent or to be read, per connection. */
  unsentBytes: 2 * 1024 * 1024,
  unreadBytes: 6 * 1024 * 1024,
  /** One request or answer: what OpenSSH uses. */
  messageBytes: 256 * 1024,
  dataBytes: 255 * 1024,
  pathBytes: 4096,
  nameBytes: 255,
  handles: 64,
  /** Uploads of a session that are not finished: open handles, and files that wait for their final name. */
  uploads: 8,
  /** Writes that came early wait for those before them. */
  earlyBytes: 8 * 1024 * 1024,
  earlyPieces: 1024,
  /** Of one partner, in all sessions of this process. */
  unfinishedBytes: 1024 * 1024 * 1024,
  /** Uploads that a session still answers for by the name that the client gave. */
  rememberedUploads: 1_000,
  listedAtOnce: 100,
});

/** What a client may make us wait; tests wait less. */
export interface Patience {
  readonly signInMs: number;
  readonly idleMs: number;
  readonly stalledMs: number;
}
