import { getAccount, nameAccounts, peopleWithRoles } from '../../../modules/identity/index.ts';
import type { NamedAccount } from '../../../modules/identity/index.ts';
import { listHeldByAll, reassignItem } from '../../../modules/referrals/index.ts';
import { isAllowed, ROLES } from '../../../platform/authorise.ts';
import type { Role } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Ctx } from '../../../platform/context.ts';
import { field, redirect } from '../../visit.ts';
import type { Reply, Visit } from '../../visit.ts';
import { addressOf, whatOf } from './item-words.ts';

/** More than these nobody looks for in a list: the name is typed. */
const OFFERED_MAX = 40;
const workingRoles = ({ actor }: Ctx): readonly Role[] => ROLES.filter((role) => isAllowed({ actor: { ...actor, kind: 'user', roles: [role] } }, 'queue.take'));

/** What people are called, by the ids that claims and alarms carry. */
export const namesOf = (ctx: Ctx, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> => nameAccounts(ctx, userIds);

/** Who holds what now, and to whom it can be given; nobody is named where there are too many to choose from a list. */
export async function heldByAll(visit: Visit): Promise<{ readonly items: readonly object[]; readonly workers: readonly { readonly userId: string; readonly name: string }[] | null }> {
  const items = await listHeldByAll(visit.ctx);
  if (items.length === 0) return { items: [], workers: [] };
  const names = await namesOf(visit.ctx, items.map(({ claimedBy }) => claimedBy ?? ''));
  const { rows, isMore } = await peopleWithRoles(visit.ctx, workingRoles(visit.ctx), { limit: OFFERED_MAX });
  return {
    items: items.map((item) => ({ ...item, holder: names.get(item.claimedBy ?? '') ?? item.claimedBy, what: whatOf(item, visit), address: addressOf(item) })),
    workers: isMore ? null : rows.map(({ userId, displayName }) => ({ userId, name: displayName })),
  };
}

/** Gives an item to somebody else: chosen from the list, or called by user name or full name. */
export async function reassign(visit: Visit): Promise<Reply> {
  const [to, called] = [field(visit, 'to', 80), field(visit, 'to_name', 128)];
  const worker = to !== '' ? await workerOf(visit.ctx, to) : called !== '' ? await workerCalled(visit.ctx, called) : null;
  if (worker === null) throw new AppError('invalid', 'queue.worker_needed');
  await reassignItem(visit.ctx, field(visit, 'kind', 40), field(visit, 'subject', 80), { userId: worker.userId, counties: worker.counties });
  return redirect('/queue?done=reassigned');
}

type Worker = Pick<NamedAccount, 'userId' | 'counties'>;

async function workerOf(ctx: Ctx, userId: string): Promise<Worker | null> {
  const account = await getAccount(ctx, userId).catch((error: unknown) => {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  });
  return account?.isActive === true && account.partner === null && account.roles.some((role) => workingRoles(ctx).includes(role)) ? account : null;
}

async function workerCalled(ctx: Ctx, called: string): Promise<Worker | null> {
  const { rows, isMore } = await peopleWithRoles(ctx, workingRoles(ctx), { called, limit: 1 });
  // A user name is one person's; of two who are called alike the user name says who is meant.
  if (isMore) throw new AppError('invalid', 'queue.worker_ambiguous');
  return rows[0] ?? null;
}
