import type { Stage } from '../evidence/receipt.rules.ts';

/** Something that happened in a conversation; its words are the screen's. */
export type TimelineEntry =
  | { readonly what: 'message'; readonly at: Date; readonly messageId: string; readonly direction: 'in' | 'out'; readonly kind: string; readonly state: string; readonly channel: string }
  | { readonly what: 'receipt'; readonly at: Date; readonly messageId: string; readonly stage: Stage; readonly hop: string; readonly receiptId: string }
  | { readonly what: 'attempt'; readonly at: Date; readonly messageId: string; readonly channel: string; readonly code: string }
  | { readonly what: 'work'; readonly at: Date; readonly messageId: string; readonly state: string; readonly reasons: readonly string[]; readonly filed: { readonly incomingId: string; readonly state: string } | null }
  | { readonly what: 'move'; readonly at: Date; readonly on: string; readonly move: string; readonly toStatus: string; readonly reason: string | null; readonly hop: string | null; readonly by: 'us' | 'partner' | null }
  | { readonly what: 'hop'; readonly on: string; readonly at: Date; readonly hop: string; readonly office: string | null; readonly fileNumber: string | null }
  | { readonly what: 'clock'; readonly on: string; readonly at: Date; readonly clock: string; readonly act: 'started' | 'stopped' | 'due'; readonly isTimed: boolean };

interface Happened {
  readonly messages: readonly {
    readonly messageId: string; readonly direction: 'in' | 'out'; readonly kind: string; readonly state: string; readonly channel: string; readonly storedAt: Date;
    readonly receipts: readonly { readonly receiptId: string; readonly messageId: string; readonly stage: Stage; readonly hop: string; readonly happenedAt: Date }[];
    readonly attempts: readonly { readonly messageId: string; readonly channel: string; readonly code: string; readonly happenedAt: Date }[];
    readonly work: { readonly state: string; readonly reasons: readonly string[]; readonly changedAt: Date } | null;
    readonly filed?: { readonly incomingId: string; readonly state: string } | null;
  }[];
  readonly hops: readonly { readonly hop: string; readonly office: string | null; readonly fileNumber: string | null; readonly relayedOn: string }[];
  readonly moves: readonly { readonly move: string | null; readonly toStatus: string; readonly reason: string | null; readonly hop: string | null; readonly happenedOn: string | null; readonly movedAt: Date; readonly by?: 'us' | 'partner' }[];
  readonly clocks: readonly { readonly clock: string; readonly startedOn: string; readonly stoppedOn: string | null; readonly countsOn: string; readonly startedBy?: string; readonly stoppedBy?: string | null }[];
}

/** The middle of a day, where only the day is known. */
const noon = (day: string): Date => new Date(`${day}T20:00:00Z`);

/**
 * Everything of a conversation in the order in which it happened; what happened at once in the order message, receipt, work, move. Of what only the day is known stands first on
 * its day: `dayOf` is the agency's.
 */
export function timelineOf({ messages, hops, moves, clocks }: Happened, dayOf: (at: Date) => string): TimelineEntry[] {
  // What started or ended a deadline stands before it.
  const causeOf = (by: string | null | undefined, on: string): Date | undefined => moves.find(({ move, happenedOn, movedAt }) => move !== null && move === by && (happenedOn ?? dayOf(movedAt)) === on)?.movedAt;
  const entries: TimelineEntry[] = [
    ...messages.flatMap((message): TimelineEntry[] => [
      { what: 'message', at: message.storedAt, messageId: message.messageId, direction: message.direction, kind: message.kind, state: message.state, channel: message.channel },
      ...message.receipts.map(({ receiptId, stage, hop, happenedAt }): TimelineEntry => ({ what: 'receipt', at: happenedAt, messageId: message.messageId, stage, hop, receiptId })),
      ...message.attempts.map(({ channel, code, happenedAt }): TimelineEntry => ({ what: 'attempt', at: happenedAt, messageId: message.messageId, channel, code })),
      ...(message.work === null || message.work.state === 'waiting' ? [] : [{ what: 'work' as const, at: message.work.changedAt, messageId: message.messageId, state: message.work.state, reasons: message.work.reasons, filed: message.filed ?? null }]),
    ]),
    ...moves.map((move): TimelineEntry => ({
      what: 'move', at: move.movedAt, on: move.happenedOn ?? dayOf(move.movedAt), move: move.move ?? '', toStatus: move.toStatus, reason: move.reason, hop: move.hop, by: move.by ?? null,
    })),
    ...hops.map(({ hop, office, fileNumber, relayedOn }): TimelineEntry => ({ what: 'hop', at: noon(relayedOn), on: relayedOn, hop, office, fileNumber })),
    ...clocks.flatMap(({ clock, startedOn, stoppedOn, countsOn, startedBy, stoppedBy }): TimelineEntry[] => [
      { what: 'clock', at: causeOf(startedBy, startedOn) ?? noon(startedOn), on: startedOn, clock, act: 'started', isTimed: causeOf(startedBy, startedOn) !== undefined },
      stoppedOn === null ? { what: 'clock', at: noon(countsOn), on: countsOn, clock, act: 'due', isTimed: false }
        : { what: 'clock', at: causeOf(stoppedBy, stoppedOn) ?? noon(stoppedOn), on: stoppedOn, clock, act: 'stopped', isTimed: causeOf(stoppedBy, stoppedOn) !== undefined },
    ]),
  ];
  const rank: Readonly<Record<TimelineEntry['what'], number>> = { message: 0, receipt: 1, attempt: 2, work: 3, move: 4, hop: 5, clock: 6 };
  const isOfDay = (entry: TimelineEntry): boolean => entry.what === 'hop' || (entry.what === 'clock' && !entry.isTimed);
  const keyed = entries.map((entry) => ({ entry, day: 'on' in entry && isOfDay(entry) ? entry.on : dayOf(entry.at), time: isOfDay(entry) ? 0 : entry.at.getTime() }));
  return keyed.sort((a, b) => a.day.localeCompare(b.day) || a.time - b.time || rank[a.entry.what] - rank[b.entry.what]).map(({ entry }) => entry);
}
