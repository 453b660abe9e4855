import { listPartnerAsks } from '../../../modules/exchange/index.ts';
import type { PartnerAsk } from '../../../modules/exchange/index.ts';
import { clockStanding, listHeld, officeDay } from '../../../modules/referrals/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { daysBetween } from '../../../platform/dates.ts';
import type { Visit } from '../../visit.ts';

/** What the partner waits for, as the referral's page tells it. */
export interface AskedLine extends PartnerAsk {
  readonly title: string;
  /** What is to be done about it, to stand in a sentence. */
  readonly step: string;
  readonly href: string;
}

export async function askedOf(visit: Visit, referralId: string): Promise<AskedLine[]> {
  if (!isAllowed(visit.ctx, 'messages.view') || visit.ctx.actor.partner !== null) return [];
  const asks = (await listPartnerAsks(visit.ctx, [referralId])).get(referralId) ?? [];
  return asks.map((ask) => {
    const kind = ask.kind === 'documentRequest' ? (ask.isPromised ? 'promised' : 'documents') : 'message';
    const day: Record<string, string> = ask.dueOn === null ? {} : { day: visit.format.date(ask.dueOn) };
    return {
      ...ask, title: visit.t(`journey:asked.${kind}`), step: visit.t(`journey:asked.${kind}_step${ask.dueOn === null ? '' : '_by'}`, day),
      href: ask.kind === 'documentRequest' ? `/conversations/${encodeURIComponent(ask.conversationId)}/documents` : `/messages/${encodeURIComponent(ask.messageId)}`,
    };
  });
}

/** The same among the deadlines that are coming. */
export function askedDeadlines(visit: Visit, asked: readonly AskedLine[]) {
  const today = officeDay(visit.ctx);
  return asked.flatMap(({ dueOn, title, isPromised }) => (dueOn === null ? [] : [{
    title, citation: '', countsOn: dueOn, daysLeft: daysBetween(today, dueOn), standing: clockStanding(dueOn, today, null), isBinding: true, promisedOn: isPromised ? dueOn : null,
  }]));
}

/** Until when this person holds the referral; null where nobody or somebody else does. */
export async function heldUntil(visit: Visit, referralId: string): Promise<string | null> {
  if (!isAllowed(visit.ctx, 'queue.take')) return null;
  const held = (await listHeld(visit.ctx)).find(({ kind, subjectId }) => kind === 'referral' && subjectId === referralId);
  return held?.claimedUntil ? visit.format.instant(held.claimedUntil) : null;
}
