import type { Account } from '../../../modules/identity/index.ts';
import { partnerNameOf } from '../../referral-line.ts';
import type { Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

/** What the account sees: its partner, all counties, or which. */
export function scopeOf({ partner, counties }: Pick<Account, 'partner' | 'counties'>, visit: Visit): string {
  if (partner !== null) return partnerNameOf(partner, visit, 'short');
  return counties === 'all' ? visit.t('users:list.all_counties') : counties.map((county) => wordsFor(visit.language).of('county', county)).join(', ');
}

export type AccountState = 'closed' | 'waiting' | 'start' | 'start_ended' | 'open';

/** One word for how it stands with an account; the weightiest. */
export function stateOf({ isActive, lockedUntil, startEndsAt }: Pick<Account, 'isActive' | 'lockedUntil' | 'startEndsAt'>, now: Date): AccountState {
  if (!isActive) return 'closed';
  if (lockedUntil !== null && lockedUntil > now) return 'waiting';
  if (startEndsAt === null) return 'open';
  return startEndsAt > now ? 'start' : 'start_ended';
}
