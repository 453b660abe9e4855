import { AppError } from '../../../platform/errors.ts';

/** Where a referral stands. A later issue adds rows, not code. */
export const REFERRAL_STATES = ['draft', 'sealed', 'sent'] as const;
export type ReferralStatus = (typeof REFERRAL_STATES)[number];
export type ReferralMove = 'seal' | 'send';

interface Step {
  readonly move: ReferralMove;
  readonly from: ReferralStatus;
  readonly to: ReferralStatus;
}

// `seal` again after sealing or sending is a correction: a new packet that supersedes the one before.
const STEPS: readonly Step[] = [
  { move: 'seal', from: 'draft', to: 'sealed' },
  { move: 'seal', from: 'sealed', to: 'sealed' },
  { move: 'seal', from: 'sent', to: 'sealed' },
  { move: 'send', from: 'sealed', to: 'sent' },
];

/** The state after a move. @throws AppError `referral.move_refused`. */
export function stateAfter(status: ReferralStatus, move: ReferralMove): ReferralStatus {
  const step = STEPS.find((candidate) => candidate.from === status && candidate.move === move);
  if (!step) throw new AppError('conflict', 'referral.move_refused', { params: { status, move } });
  return step.to;
}

/** The moves that the state allows, for pages that offer them. */
export function movesFrom(status: ReferralStatus): ReferralMove[] {
  return STEPS.filter((step) => step.from === status).map((step) => step.move);
}

const APPROVER_CHARACTERS_MAX = 120;

/** The name of an approver as it is recorded, or null where none was given. */
export function approverName(given: string | null | undefined): string | null {
  const name = (given ?? '').normalize('NFC').replace(/\s+/g, ' ').trim();
  if (name.length > APPROVER_CHARACTERS_MAX || /\p{C}/u.test(name)) throw new AppError('invalid', 'referral.approver_invalid');
  return name === '' ? null : name;
}
