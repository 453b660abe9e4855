import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { addDays } from '../../platform/dates.ts';
import type { CalendarDate } from '../../platform/dates.ts';
import { AppError } from '../../platform/errors.ts';
import { journalEnd, journalEntry, journalHead } from './journal.rules.ts';
import type { JournalBalance, JournalFormat, JournalLeg } from './journal.rules.ts';
import { journalRows } from './journal.store.ts';
import type { JournalRow } from './journal.store.ts';

export interface ExportedJournal {
  readonly transfers: number;
  readonly accounts: number;
}

/**
 * Gives the whole ledger, piece by piece, as a journal that hledger or beancount reads; at its end stand our balances as assertions, which
 * the program then confirms or not. Ids only: the ledger knows no names. What is reserved is not posted and not in it.
 *
 * @throws AppError forbidden `ledger.whole_agency_only`: half of a transfer does not balance.
 */
export async function exportJournal(
  ctx: Ctx, wanted: { readonly format: JournalFormat; readonly until: CalendarDate | null }, write: (text: string) => Promise<void>,
): Promise<ExportedJournal> {
  authorise(ctx, 'ledger.view');
  if (ctx.actor.counties !== 'all' || ctx.actor.partner !== null) throw new AppError('forbidden', 'ledger.whole_agency_only');
  return inTransaction(ctx, async (tx) => {
    const balances: JournalBalance[] = [];
    let transfers = 0;
    let lastOn: CalendarDate = wanted.until ?? '';
    await write(journalHead(wanted.format, wanted.until));
    for await (const rows of journalRows(tx, wanted.until)) {
      const moved = rows.filter((row) => row.is_transfer);
      for (const row of rows) {
        if (!row.is_transfer) balances.push(...legsOf(row).map((leg) => ({ ...leg, firstOn: row.occurred_on })));
        else if (row.occurred_on > lastOn) lastOn = row.occurred_on;
      }
      transfers += moved.length;
      await write(moved.map((row) => journalEntry(wanted.format, {
        transferKey: row.transfer_key ?? '', event: row.event ?? '', occurredOn: row.occurred_on, legs: legsOf(row),
      })).join(''));
    }
    if (balances.length > 0) await write(journalEnd(wanted.format, balances, lastOn, addDays(lastOn, 1)));
    return { transfers, accounts: balances.length };
  });
}

function legsOf(row: JournalRow): JournalLeg[] {
  return row.kinds.map((kind, i) => ({
    kind, holder: row.holders[i] ?? null, bucket: row.buckets[i] ?? null, currency: row.currencies[i] ?? '', amountMinor: BigInt(row.amounts[i] ?? '0'),
  }));
}
