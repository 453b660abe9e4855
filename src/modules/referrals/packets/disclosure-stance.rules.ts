import type { DisclosureDecision, SupportCase } from '../../cases/index.ts';

/** What a packet told of a case, and of whom it kept the whereabouts back: persons and fields by their ids, never the data. */
export interface DisclosureStance {
  readonly protected: readonly string[];
  readonly told: readonly string[];
}

/** The same for today, with what is kept back today. */
export interface CurrentStance extends DisclosureStance {
  readonly keptBack: readonly string[];
}

// Kept back for other ends than somebody's protection or a datum's origin: that alone makes no packet dangerous.
const HARMLESS: ReadonlySet<string> = new Set(['unusable', 'other_partner', 'other_country', 'not_needed_abroad', 'unknown_field']);

// Sums tell nobody's whereabouts, and a case has hundreds of them.
const SUMS = /^\/(balances|history)\//u;

/** Persons and orders may change places between two extracts, so a field is known by their ids and not by its position. */
export function stanceOf(
  supportCase: Pick<SupportCase, 'participants' | 'orders'>, protectedIds: ReadonlySet<string>, decisions: readonly DisclosureDecision[],
): CurrentStance {
  const ids = { participants: supportCase.participants.map((one) => one.participantId), orders: supportCase.orders.map((one) => one.orderId) };
  const keyOf = (pointer: string): string => {
    const [, part, position, rest] = /^\/(participants|orders)\/(\d+)(.*)$/u.exec(pointer) ?? [];
    return part === 'participants' || part === 'orders' ? `/${part}/=${ids[part][Number(position)] ?? ''}${rest}` : pointer;
  };
  const keys = (wanted: (decision: DisclosureDecision) => boolean): string[] => decisions.filter((one) => wanted(one) && !SUMS.test(one.pointer)).map(({ pointer }) => keyOf(pointer));
  return {
    protected: [...protectedIds],
    told: keys(({ decision }) => decision === 'disclose'),
    keptBack: keys(({ decision, reason }) => decision !== 'disclose' && !HARMLESS.has(reason)),
  };
}

/** Persons protected since, and fields told then that are kept back now; empty while today's decision is no stricter. */
export function withdrawnSince(then: DisclosureStance, now: CurrentStance): string[] {
  const persons = now.protected.filter((id) => !then.protected.includes(id)).map((id) => `/participants/=${id}`);
  const fields = then.told.filter((field) => now.keptBack.some((kept) => field === kept || field.startsWith(`${kept}/`)));
  return [...new Set([...persons, ...fields])];
}
