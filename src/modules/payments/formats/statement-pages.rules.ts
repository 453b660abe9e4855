import type { BankStatement } from './bank-entry.rules.ts';

/**
 * Whether the pages of one statement add up. By the standard each page opens and closes with an intermediate balance of its own (MT940 :60M:,
 * :62M:); some banks print the statement's first and last balance on every page, others the first one and what it has come to.
 */

export interface StatementPage {
  statement: BankStatement;
  /** Which statement of the file it is, counted from 1. */
  number: number;
  /** Where its closing balance stands. */
  line: number;
  moved: bigint;
  closing: bigint;
}

export interface PageFault { number: number; line: number; currency: string; expected: bigint; given: bigint }

/** Whether a page goes on with the statement of the page before it. */
export function isNextPage(last: BankStatement, next: BankStatement): boolean {
  return last.account === next.account && last.currency === next.currency && last.sequence !== null && last.sequence === next.sequence
    && last.page !== null && next.page !== null && next.page === last.page + 1;
}

/** Pages of one statement, in their order: what must be said of their balances. */
export function pageFaults(pages: readonly StatementPage[]): PageFault[] {
  const each = pages.flatMap((page) => fault(page, page.moved));
  const [first] = pages;
  if (each.length === 0 || !first || pages.length === 1 || pages.some(({ statement }) => statement.opening !== first.statement.opening)) return each;
  let moved = 0n;
  const sums = pages.map((page) => (moved += page.moved));
  if (pages.every((page, at) => fault(page, sums[at] as bigint).length === 0)) return [];
  const last = pages.at(-1) as StatementPage;
  return pages.every(({ closing }) => closing === last.closing) ? fault(last, moved) : each;
}

function fault({ statement, number, line, closing }: StatementPage, moved: bigint): PageFault[] {
  if (statement.opening === null || statement.currency === null || statement.opening + moved === closing) return [];
  return [{ number, line, currency: statement.currency, expected: statement.opening + moved, given: closing }];
}
