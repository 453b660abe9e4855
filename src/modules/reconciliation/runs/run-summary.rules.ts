// What a run found, in numbers.

/** What a run found on the bank's side. */
export type BankTally = { readonly recovered: number; readonly takenBack: number; readonly forPerson: number };

export const NO_BANK: BankTally = { recovered: 0, takenBack: 0, forPerson: 0 };

export type ReconciliationSummary = {
  readonly runId: string;
  readonly files: number;
  /** Lines of the files handled, by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** What this run found on the bank's side. */
  readonly bank: BankTally;
  readonly needsPerson: boolean;
};

export function summaryOf(runId: string, files: number, outcomes: Readonly<Record<string, number>>, bank: BankTally): ReconciliationSummary {
  return { runId, files, outcomes, bank, needsPerson: (outcomes['suspense'] ?? 0) + (outcomes['rejected'] ?? 0) + bank.forPerson > 0 };
}
