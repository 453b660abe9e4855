import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { kindRule } from '../messages/message-kinds.ts';
import { MESSAGE_KINDS } from '../messages/message.ts';
import { readContent } from './message.store.ts';
import { selectUnanswered } from './unanswered.store.ts';
import type { UnansweredRow } from './unanswered.store.ts';

/** So many are looked at and shown; whoever has more answers the oldest first. */
const SHOWN_MAX = 50;

export interface Unanswered extends UnansweredRow {
  /** The day by which the papers that it asks for are needed; null where it names none. */
  readonly neededBy: CalendarDate | null;
}

/** A request has its own page and its own day; what else expects a word in return is asked here. */
const ASKING = MESSAGE_KINDS.filter((kind) => kind !== 'referral' && kindRule(kind).by.includes('agency') && (kind === 'reminder' || kindRule(kind).expects.length > 0));

/** What the agency has asked a partner and the partner has not answered: what has a day first, the earliest of them before all. @throws AppError `exchange.not_your_partner`, `access.forbidden`. */
export async function listUnanswered(ctx: Ctx, partnerId: string): Promise<readonly Unanswered[]> {
  authorise(ctx, 'messages.view');
  if (ctx.actor.partner !== null && ctx.actor.partner !== partnerId) throw new AppError('forbidden', 'exchange.not_your_partner');
  return inTransaction(ctx, async (tx) => {
    const found: Unanswered[] = [];
    for (const row of await selectUnanswered(tx, partnerId, ASKING, SHOWN_MAX)) {
      const content = row.kind === 'documentRequest' ? await readContent(tx, row.messageId) : null;
      const message = content === null ? null : JSON.parse(content) as { readonly documentRequest?: { readonly neededBy?: CalendarDate } };
      found.push({ ...row, neededBy: message?.documentRequest?.neededBy ?? null });
    }
    return found.sort((one, other) => (one.neededBy ?? '9999').localeCompare(other.neededBy ?? '9999'));
  });
}
