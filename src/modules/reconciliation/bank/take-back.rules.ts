// Which booked credit a debit of the bank takes back. Pure: evidence in, decision out.

/** A debit that names the transfer of a credit which was booked as a partner's; one row for each such credit. */
export type NamedCredit = {
  readonly debitId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly debitedOn: string | null;
  readonly creditId: string;
  readonly creditMinor: bigint;
  readonly creditCurrency: string;
  readonly creditedOn: string;
  readonly partnerId: string;
  readonly transfer: string;
  readonly isTakenBack: boolean;
};

export type DebitJudgement = {
  readonly debitId: string;
  readonly outcome: 'taken_back' | 'unexplained';
  readonly creditId: string | null;
  readonly takenBackOn: string | null;
  readonly partnerId: string;
  readonly transfer: string;
  readonly reasons: readonly string[];
};

function judgeOne(rows: readonly NamedCredit[]): DebitJudgement {
  const [first] = rows as [NamedCredit, ...NamedCredit[]];
  const unexplained = (reason: string): DebitJudgement =>
    ({ debitId: first.debitId, outcome: 'unexplained', creditId: null, takenBackOn: null, partnerId: first.partnerId, transfer: first.transfer, reasons: [reason] });
  const on = first.debitedOn;
  if (on === null) return unexplained('take_back.undated');
  const open = rows.filter((r) => !r.isTakenBack);
  if (open.length === 0) return unexplained('take_back.already');
  const alike = open.filter((r) => r.creditMinor === r.amountMinor && r.creditCurrency === r.currency);
  if (alike.length === 0) return unexplained('take_back.amount_differs');
  const [found, ...more] = alike.filter((r) => r.creditedOn <= on);
  if (found === undefined) return unexplained('take_back.before_credit');
  if (more.some((r) => r.creditId !== found.creditId)) return unexplained('take_back.unclear');
  return { debitId: found.debitId, outcome: 'taken_back', creditId: found.creditId, takenBackOn: on, partnerId: found.partnerId, transfer: found.transfer, reasons: ['transfer.taken_back'] };
}

/** Each debit takes back one whole credit, each credit is taken back once; whatever leaves a doubt is for a person. */
export function judgeTakeBacks(named: readonly NamedCredit[]): DebitJudgement[] {
  const judged = [...Map.groupBy(named, (r) => r.debitId).values()].map(judgeOne);
  const claims = Map.groupBy(judged, (j) => j.creditId);
  return judged.map((j) => (j.creditId === null || claims.get(j.creditId)?.length === 1 ? j
    : { ...j, outcome: 'unexplained', creditId: null, takenBackOn: null, reasons: ['take_back.unclear'] }));
}
