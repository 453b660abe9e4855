import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { selectBankCredits } from './bank-credit.store.ts';

const PAGE_SIZE = 1_000;

/** One credit of the bank and whether imported lines explain it (contract 6). */
export interface BankCredit {
  file: string;
  sha256: string;
  entryRef: string;
  /** `unmatched` until a reconciliation has found the lines that name its transfer and add up to it. */
  outcome: 'matched' | 'unmatched';
  transfer: string | null;
  amountMinor: bigint;
  currency: string;
}

/** Every credit once, however many files told of it, in the order in which they came; debits are none. */
export async function* listBankCredits(ctx: Ctx): AsyncGenerator<BankCredit> {
  authorise(ctx, 'payments.view');
  let after: readonly [string, number] | null = null;
  for (;;) {
    const rows: Awaited<ReturnType<typeof selectBankCredits>> = await inTransaction(ctx, (tx) => selectBankCredits(tx, { limit: PAGE_SIZE, after }));
    for (const row of rows) {
      yield { file: row.fileName, sha256: row.sha256, entryRef: row.entryRef, outcome: row.outcome, transfer: row.transfer, amountMinor: BigInt(row.amountMinor), currency: row.currency };
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_SIZE) return;
    after = [last.importedSeq, last.position];
  }
}
