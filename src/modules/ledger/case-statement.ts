import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import type { CalendarDate } from '../../platform/dates.ts';
import { AppError } from '../../platform/errors.ts';
import type { AccountKind, Bucket } from './posting.rules.ts';
import { statementRows } from './statement.store.ts';

/** More lines than any case gathers in its life; a statement is never silently cut. */
const STATEMENT_LINES_MAX = 10_000;

export interface StatementLine {
  readonly occurredOn: CalendarDate;
  readonly recordedAt: Date;
  readonly event: string;
  readonly transferKey: string;
  readonly reversesKey: string | null;
  readonly account: AccountKind;
  readonly bucket: Bucket | null;
  readonly currency: string;
  /** On the account's normal side: money delivered, collected or paid in fees is positive, what was taken back negative. */
  readonly amountMinor: bigint;
  /** The account's balance after this line, in the order of the days on which things happened. */
  readonly balanceMinor: bigint;
}

export interface CaseStatement {
  readonly caseId: string;
  readonly asOf: CalendarDate | null;
  readonly lines: readonly StatementLine[];
  readonly balances: readonly { readonly account: AccountKind; readonly bucket: Bucket | null; readonly currency: string; readonly balanceMinor: bigint }[];
}

/**
 * What the ledger holds for a case, line by line, up to a day (or all of it). The ledger knows no cases: for an unknown one, or one
 * that the actor may not see, the statement is empty. @throws AppError `ledger.statement_too_long`.
 */
export async function caseStatement(ctx: Ctx, caseId: string, asOf: CalendarDate | null = null): Promise<CaseStatement> {
  authorise(ctx, 'ledger.view');
  const rows = await inTransaction(ctx, (tx) => statementRows(tx, caseId, asOf, STATEMENT_LINES_MAX + 1));
  if (rows.length > STATEMENT_LINES_MAX) throw new AppError('invalid', 'ledger.statement_too_long', { params: { linesMax: STATEMENT_LINES_MAX } });
  const lines = rows.map((row): StatementLine => ({
    occurredOn: row.occurred_on, recordedAt: row.recorded_at, event: row.event, transferKey: row.transfer_key, reversesKey: row.reverses_key,
    account: row.account_kind, bucket: row.bucket, currency: row.currency, amountMinor: BigInt(row.amount_minor), balanceMinor: BigInt(row.balance_minor),
  }));
  const last = new Map<string, CaseStatement['balances'][number]>();
  for (const line of lines) last.set([line.account, line.currency, line.bucket ?? ''].join(':'), { account: line.account, bucket: line.bucket, currency: line.currency, balanceMinor: line.balanceMinor });
  return { caseId, asOf, lines, balances: [...last].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, balance]) => balance) };
}
