import { AppError } from '../../../platform/errors.ts';

export { movesFrom, stateAfter } from './lifecycle.rules.ts';
export { REFERRAL_STATES } from './lifecycle-table.rules.ts';
export type { Direction, ReferralMove, ReferralStatus } from './lifecycle-table.rules.ts';

const APPROVER_CHARACTERS_MAX = 120;

/** The name of an approver as it is recorded, or null where none was given. */
export function approverName(given: string | null | undefined): string | null {
  const name = (given ?? '').normalize('NFC').replace(/\s+/g, ' ').trim();
  if (name.length > APPROVER_CHARACTERS_MAX || /\p{C}/u.test(name)) throw new AppError('invalid', 'referral.approver_invalid');
  return name === '' ? null : name;
}
