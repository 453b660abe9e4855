import { AppError } from '../../../../platform/errors.ts';
import { DELIMITERS, parseCsv } from './csv.rules.ts';
import { HEADING_CHARS_MAX } from './columns.rules.ts';
import { foldWord } from './text.rules.ts';

/** Payee confirmations (contract 3, third layout): recognised, so that nobody takes them for a report of payments. */

const ROWS_MAX = 30;
/** Headings that no other layout has. */
const TELLING = ['confirmation_id', 'confirmed_on', 'spoken_to', 'outcome'].map(foldWord);
const TELLING_MIN = 3;

/** @throws AppError `payments.confirmations_not_yet` when one of the first rows is the heading of payee confirmations. */
export function refuseConfirmations(text: string): void {
  for (const delimiter of DELIMITERS) {
    for (const { line, cells } of parseCsv(text, delimiter, ROWS_MAX).records) {
      const words = new Set(cells.map((cell) => foldWord(cell.slice(0, HEADING_CHARS_MAX))));
      if (TELLING.filter((word) => words.has(word)).length < TELLING_MIN) continue;
      throw new AppError('invalid', 'payments.confirmations_not_yet', { findings: [{ code: 'payments.confirmations_not_yet', severity: 'block', line }] });
    }
  }
}
