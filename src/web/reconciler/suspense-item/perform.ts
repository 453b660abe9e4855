import {
  addSuspenseNote, approveDecision, assignCredit, cancelReturnToSender, closeEntry, confirmReturnSent, giveItemBack, holdItem, markDuplicate, matchLine, refuseCandidate, rejectDecision, returnToSender, splitLine, takeItem,
  unmatchLine,
} from '../../../modules/reconciliation/index.ts';
import type { DecisionMade } from '../../../modules/reconciliation/index.ts';
import { AppError } from '../../../platform/errors.ts';
import { field } from '../../visit.ts';
import type { Visit } from '../../visit.ts';

export const PART_ROWS = 5;

type Perform = (visit: Visit, itemKey: string) => Promise<string>;

const asked = (visit: Visit, itemKey: string) => ({ itemKey, reason: field(visit, 'reason', 40), note: field(visit, 'note', 4_000) });
const told = async (made: Promise<DecisionMade>): Promise<string> => (await made).state;
/** What stands in a list, or what was typed beside it. */
const chosen = (visit: Visit, name: string): string => {
  const value = field(visit, `${name}_id`, 60);
  return value === '' || value === 'other' ? field(visit, `${name}_other`, 60).toUpperCase() : value;
};

/** "case:2000004100001" or "disbursement:D2603000001": what a line is said not to be. */
function refused(visit: Visit): { caseId?: string; disbursementId?: string } {
  const [kind, id] = field(visit, 'target', 80).split(':');
  if (kind === 'case' && id) return { caseId: id };
  return kind === 'disbursement' && id ? { disbursementId: id } : { caseId: field(visit, 'case_other', 60).toUpperCase() };
}

function parts(visit: Visit): { caseId: string; amount: string }[] {
  return Array.from({ length: PART_ROWS }, (_, i) => ({ caseId: field(visit, `case_${i}`, 60).toUpperCase(), amount: field(visit, `amount_${i}`, 40) })).filter((p) => p.caseId !== '' || p.amount !== '');
}

const ACTIONS: Readonly<Record<string, Perform>> = {
  take: async (visit, itemKey) => (await takeItem(visit.ctx, itemKey), 'taken'),
  give_back: async (visit, itemKey) => (await giveItemBack(visit.ctx, itemKey), 'released'),
  match: (visit, itemKey) => told(matchLine(visit.ctx, { ...asked(visit, itemKey), caseId: chosen(visit, 'case'), disbursementId: chosen(visit, 'disbursement'), learn: field(visit, 'learn', 3) === 'yes' })),
  split: (visit, itemKey) => told(splitLine(visit.ctx, { ...asked(visit, itemKey), parts: parts(visit) })),
  unmatch: (visit, itemKey) => told(unmatchLine(visit.ctx, asked(visit, itemKey))),
  duplicate: (visit, itemKey) => told(markDuplicate(visit.ctx, { ...asked(visit, itemKey), of: field(visit, 'of', 80) })),
  return: (visit, itemKey) => told(returnToSender(visit.ctx, asked(visit, itemKey))),
  cancel_return: (visit, itemKey) => told(cancelReturnToSender(visit.ctx, asked(visit, itemKey))),
  sent: async (visit) => (await confirmReturnSent(visit.ctx, field(visit, 'decision', 40), field(visit, 'debit', 60).replace(/^debit-/, '')), 'sent'),
  refuse: (visit, itemKey) => told(refuseCandidate(visit.ctx, { ...asked(visit, itemKey), ...refused(visit) })),
  assign: (visit, itemKey) => {
    const [partnerId = '', transfer = ''] = field(visit, 'transfer', 200).split(' ');
    return told(assignCredit(visit.ctx, { ...asked(visit, itemKey), partnerId, transfer }));
  },
  close: (visit, itemKey) => told(closeEntry(visit.ctx, asked(visit, itemKey))),
  hold: async (visit, itemKey) => (await holdItem(visit.ctx, { ...asked(visit, itemKey), until: field(visit, 'until', 10) }), 'held'),
  unhold: async (visit, itemKey) => (await holdItem(visit.ctx, { itemKey, until: null, reason: '' }), 'unheld'),
  note: async (visit, itemKey) => (await addSuspenseNote(visit.ctx, itemKey, field(visit, 'note', 4_000)), 'noted'),
  approve: async (visit) => (await approveDecision(visit.ctx, field(visit, 'decision', 40)), 'approved'),
  reject: (visit) => told(rejectDecision(visit.ctx, field(visit, 'decision', 40), { reason: field(visit, 'reason', 40), note: field(visit, 'note', 4_000) })),
};

/** Does what a form of the page asks for, and says which word tells of it. @throws AppError `web.unreadable_form`. */
export function perform(visit: Visit, itemKey: string, action: string): Promise<string> {
  const work = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (work === undefined) throw new AppError('invalid', 'web.unreadable_form');
  return work(visit, itemKey);
}
