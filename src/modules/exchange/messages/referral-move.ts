import { findPartner } from '../../partners/index.ts';
import { HOPS, MOVE_REASONS } from '../../referrals/index.ts';
import type { Direction, ReferralMove } from '../../referrals/index.ts';
import { factsOf, kindRule } from './message-kinds.ts';
import type { MoveRule, Side } from './message-kinds.ts';
import { bodyOf, kindOf } from './message.ts';
import type { Message, MessageKind } from './message.ts';

export interface ReferralStanding {
  /** Whose request it is: `outgoing` is ours. */
  readonly direction: Direction;
  /** Who says it. */
  readonly by: Side;
  readonly status: string;
  /** The kind of the message that is answered, where one is. */
  readonly answers?: MessageKind | null;
}

/** What a message means for the referral that it is about. A task is a person's, by its code; its words are `exchange:reasons.exchange_task_*`. */
export type ProposedMove =
  | { readonly move: ReferralMove; readonly reason: string | null; readonly hop: string | null }
  | { readonly task: string }
  | null;

/**
 * The move of the lifecycle that a message makes, by `message-kinds.json`. What it says in a code that the lifecycle does not know, or leaves
 * unsaid, is a person's task (`read_reason`, `read_hop`), never taken for something else. Whether the referral may make the move is not looked at.
 */
export function proposedMove(message: Message, standing: ReferralStanding): ProposedMove {
  const facts = factsOf(message);
  const rule = kindRule(kindOf(message)).moves.find((one) => fits(one, facts, standing));
  if (!rule) return null;
  if (rule.move === undefined) return rule.task === undefined ? null : { task: rule.task };
  const move = rule.move as ReferralMove;
  const reason = rule.reason === undefined ? null : reasonOf(message, move);
  if (rule.reason !== undefined && reason === null) return { task: 'read_reason' };
  const hop = rule.hop ? hopOf(message) : null;
  if (rule.hop && hop === null) return { task: 'read_hop' };
  return { move, reason, hop };
}

function fits(rule: MoveRule, facts: ReturnType<typeof factsOf>, { direction, by, status, answers }: ReferralStanding): boolean {
  const same = (wanted: string | undefined, is: string | null | undefined): boolean => wanted === undefined || wanted === is;
  return same(rule.direction, direction) && same(rule.by, by) && same(rule.from, status) && same(rule.of, answers) && isTheirs(rule, direction, by)
    && same(rule.status, facts.status) && same(rule.change, facts.change) && same(rule.intent, facts.intent);
}

/** An answer to a request moves it only where it comes from whoever was asked. */
function isTheirs(rule: MoveRule, direction: Direction, by: Side): boolean {
  return rule.of !== 'referral' || (direction === 'outgoing') === (by === 'partner');
}

function reasonOf(message: Message, move: ReferralMove): string | null {
  const stated = bodyOf(message, 'acknowledgment')?.missing?.map(({ code }) => code) ?? bodyOf(message, 'refusal')?.reason.map(({ code }) => code) ?? [bodyOf(message, 'withdrawal')?.reason];
  return stated.find((code) => code !== undefined && (MOVE_REASONS[move] ?? []).includes(code)) ?? null;
}

/** As a profile names it: one of the offices that every country has, or a partner of ours. */
function hopOf(message: Message): string | null {
  const to = bodyOf(message, 'acknowledgment')?.forwardedTo;
  if (to?.partnerId !== undefined) return to.partnerId;
  if (to?.hop !== undefined) return HOPS.some((hop) => hop === to.hop) || findPartner(to.hop) !== null ? to.hop : null;
  return to?.county === undefined ? null : 'other_county';
}
