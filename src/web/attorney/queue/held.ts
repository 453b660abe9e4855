import { listAccounts } from '../../../modules/identity/index.ts';
import type { Account } from '../../../modules/identity/index.ts';
import { listHeldByAll, reassignItem } from '../../../modules/referrals/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Ctx } from '../../../platform/context.ts';
import { field, redirect } from '../../visit.ts';
import type { Reply, Visit } from '../../visit.ts';
import { addressOf, whatOf } from './item-words.ts';

const PEOPLE_MAX = 200;

/** Everybody of the agency who may take work, by name. */
async function workers(ctx: Ctx): Promise<Account[]> {
  const { rows } = await listAccounts(ctx, { isActive: true, sort: { by: 'person', isDescending: false }, pageSize: PEOPLE_MAX });
  return rows.filter(({ roles, partner }) => partner === null && isAllowed({ actor: { ...ctx.actor, kind: 'user', roles } }, 'queue.take'));
}

/** What people are called, by the ids that claims and alarms carry. */
export async function namesOf(ctx: Ctx, userIds: readonly string[]): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map();
  const { rows } = await listAccounts(ctx, { pageSize: PEOPLE_MAX });
  return new Map(rows.map(({ userId, displayName }) => [userId, displayName]));
}

/** Who holds what now, and to whom it can be given. */
export async function heldByAll(visit: Visit): Promise<{ readonly items: readonly object[]; readonly workers: readonly { readonly userId: string; readonly name: string }[] }> {
  const items = await listHeldByAll(visit.ctx);
  if (items.length === 0) return { items: [], workers: [] };
  const names = await namesOf(visit.ctx, items.map(({ claimedBy }) => claimedBy ?? ''));
  return {
    items: items.map((item) => ({ ...item, holder: names.get(item.claimedBy ?? '') ?? item.claimedBy, what: whatOf(item, visit), address: addressOf(item) })),
    workers: (await workers(visit.ctx)).map(({ userId, displayName }) => ({ userId, name: displayName })),
  };
}

/** Gives an item to somebody else. */
export async function reassign(visit: Visit): Promise<Reply> {
  const to = field(visit, 'to', 80);
  const worker = (await workers(visit.ctx)).find(({ userId }) => userId === to);
  if (worker === undefined) throw new AppError('invalid', 'queue.worker_needed');
  await reassignItem(visit.ctx, field(visit, 'kind', 40), field(visit, 'subject', 80), { userId: worker.userId, counties: worker.counties });
  return redirect('/queue?done=reassigned');
}
