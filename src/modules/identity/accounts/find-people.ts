import { authorise } from '../../../platform/authorise.ts';
import type { Role } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectNamed, selectNames, selectWithRoles } from './account.store.ts';
import type { NamedAccount } from './account.store.ts';

const IDS_MAX = 10_000;

/** What people are called, by the ids that a page shows; however many accounts there are, only these are read. An id that is no account is left out. */
export async function nameAccounts(ctx: Ctx, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  authorise(ctx, 'users.view');
  const wanted = userIds.filter((id) => id.startsWith('usr_')).slice(0, IDS_MAX);
  return wanted.length === 0 ? new Map() : inTransaction(ctx, (tx) => selectNames(tx, wanted));
}

/** The ids of everybody whose name holds this text. */
export async function accountIdsNamed(ctx: Ctx, text: string): Promise<readonly string[]> {
  authorise(ctx, 'users.view');
  return inTransaction(ctx, (tx) => selectNamed(tx, text, IDS_MAX));
}

/**
 * The agency's own people of any of these roles whose accounts are open, by name; so many at most.
 * @param called only those who have this user name, or are called so.
 */
export async function peopleWithRoles(ctx: Ctx, roles: readonly Role[], { called = null, limit }: { readonly called?: string | null; readonly limit: number }): Promise<{ readonly rows: readonly NamedAccount[]; readonly isMore: boolean }> {
  authorise(ctx, 'users.view');
  const rows = await inTransaction(ctx, (tx) => selectWithRoles(tx, { roles, called: called?.normalize('NFC').trim() ?? null, limit: limit + 1 }));
  return { rows: rows.slice(0, limit), isMore: rows.length > limit };
}
