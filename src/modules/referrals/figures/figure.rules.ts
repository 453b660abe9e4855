/** In which state a clock is that runs, was met or was not. */
export const CLOCK_STATES = ['overdue', 'due_soon', 'running', 'paused', 'met', 'met_late'] as const;
export type ClockState = (typeof CLOCK_STATES)[number];

/** How long work has waited, in days: up to and with this many; the last has no end. */
export const AGE_DAYS = [7, 30, 60, 90, 180] as const;

export const PACKET_STATES = ['sealed', 'sent', 'acknowledged', 'superseded', 'recalled'] as const;
export type PacketState = (typeof PACKET_STATES)[number];

export interface ClockFigure { readonly partnerId: string; readonly clock: string; readonly state: ClockState; readonly count: number }
/** `age` is the place in `AGE_DAYS`; the last place behind it is older. */
export interface BacklogFigure { readonly partnerId: string; readonly age: number; readonly direction: 'outgoing' | 'incoming'; readonly count: number }
export interface SegmentFigure { readonly segmentId: string; readonly count: number }
export interface PacketFigure { readonly partnerId: string; readonly state: PacketState; readonly count: number }
export interface AcknowledgmentFigure { readonly partnerId: string; readonly count: number; readonly medianDays: number; readonly p95Days: number }

export interface WorkFigures {
  /** Null while nothing was counted yet. */
  readonly countedAt: Date | null;
  readonly clocks: readonly ClockFigure[];
  readonly backlog: readonly BacklogFigure[];
  readonly segments: readonly SegmentFigure[];
  readonly packets: readonly PacketFigure[];
  readonly acknowledgments: readonly AcknowledgmentFigure[];
}

/** The smallest number of days within which this share of all was done (nearest rank), from how many took how many days. */
export function daysWithin(histogram: readonly { readonly days: number; readonly count: number }[], share: number): number {
  const sorted = [...histogram].sort((a, b) => a.days - b.days);
  const rank = Math.ceil(sorted.reduce((sum, { count }) => sum + count, 0) * share);
  let reached = 0;
  for (const { days, count } of sorted) {
    reached += count;
    if (reached >= rank) return days;
  }
  return 0;
}
