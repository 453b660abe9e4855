import { readFileSync } from 'node:fs';
import { isConfirmationTable, readConfirmationTable } from './formats/tables/confirmation.rules.ts';
import type { ConfirmationTable, ConfirmationWords } from './formats/tables/confirmation.rules.ts';
import type { TableSource } from './formats/tables/table.rules.ts';
import { tableOf } from './read-table.ts';

let words: ConfirmationWords | undefined;

/** The words of headings and outcomes by which confirmations are read: data beside the rules. */
export function confirmationWords(): ConfirmationWords {
  words ??= JSON.parse(readFileSync(new URL('formats/tables/confirmation-headings.json', import.meta.url), 'utf8')) as ConfirmationWords;
  return words;
}

export function looksLikeConfirmations(source: TableSource): boolean {
  return isConfirmationTable(source, confirmationWords());
}

/** Payee confirmations from text in any encoding or from a workbook (contract 3, third layout). @throws AppError `payments.empty`, `payments.columns_untold`, and what `tableOf` refuses. */
export async function readConfirmations(content: Buffer): Promise<ConfirmationTable & { encoding: string }> {
  const { source, encoding } = await tableOf(content);
  return { ...readConfirmationTable(source, confirmationWords()), encoding };
}
