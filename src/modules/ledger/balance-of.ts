import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import type { CalendarDate } from '../../platform/dates.ts';
import { accountCode } from './posting.rules.ts';
import type { AccountKind, AccountRef, Bucket } from './posting.rules.ts';
import { balanceAsOf, currentBalances } from './statement.store.ts';
import type { BalanceRow } from './statement.store.ts';

/** Accounts that one page or summary can hold. */
const BALANCES_MAX = 1_000;

export interface AccountBalance {
  readonly code: string;
  readonly kind: AccountKind;
  readonly bucket: Bucket | null;
  readonly partnerId: string | null;
  readonly caseId: string | null;
  readonly currency: string;
  /** On the account's normal side: what is in transit, in suspense, delivered. Negative means that it stands the wrong way round. */
  readonly normalMinor: bigint;
  /** Reserved on its way in and out, on the same side as `normalMinor`; neither is part of it. */
  readonly pendingInMinor: bigint;
  readonly pendingOutMinor: bigint;
  /** What is posted, less what is reserved on its way out. */
  readonly availableMinor: bigint;
  readonly entryCount: number;
}

/**
 * The balance of one account, debit positive; zero for one that does not exist or that the actor may not see.
 * `asOf`: what had happened by the end of that day, whenever it was recorded. `knownAt`: only what had been recorded by that instant.
 */
export async function balanceOf(ctx: Ctx, account: AccountRef, when: { asOf?: CalendarDate; knownAt?: Date } = {}): Promise<bigint> {
  authorise(ctx, 'ledger.view');
  const code = accountCode(account);
  return inTransaction(ctx, async (tx) => {
    if (when.asOf !== undefined || when.knownAt !== undefined) return BigInt(await balanceAsOf(tx, code, when.asOf ?? null, when.knownAt ?? null));
    const [row] = await currentBalances(tx, { code }, 1);
    return BigInt(row?.balance_minor ?? '0');
  });
}

/**
 * Current balances of the agency's and the partners' accounts (or of one partner, or one case), by account code; at most 1,000.
 * `today`, the agency's day, leaves out what was reserved until before it; without it, that counts until it is released.
 */
export async function listBalances(
  ctx: Ctx, filter: { partnerId?: string; caseId?: string; heldBy?: 'agency' | 'partner' | 'case'; today?: CalendarDate } = {},
): Promise<AccountBalance[]> {
  authorise(ctx, 'ledger.view');
  const rows = await inTransaction(ctx, (tx) => currentBalances(tx, filter, BALANCES_MAX, filter.today ?? null));
  return rows.map(balanceOfRow);
}

function balanceOfRow(row: BalanceRow): AccountBalance {
  const isDebit = row.normal_side === 'debit';
  const [debit, credit] = [BigInt(row.pending_debit_minor), BigInt(row.pending_credit_minor)];
  const [normalMinor, pendingOutMinor] = [BigInt(row.balance_minor) * (isDebit ? 1n : -1n), isDebit ? credit : debit];
  return {
    code: row.code, kind: row.account_kind, bucket: row.bucket, partnerId: row.partner_id, caseId: row.case_id, currency: row.currency,
    normalMinor, pendingInMinor: isDebit ? debit : credit, pendingOutMinor, availableMinor: normalMinor - pendingOutMinor, entryCount: Number(row.entry_count),
  };
}
