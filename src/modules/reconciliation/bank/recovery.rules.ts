// Whether a credit of the bank brings back what a partner could not deliver. Pure: evidence in, decision out.

/** A credit of no transfer that names a disbursement; one row for each such disbursement. */
export type NamedDisbursement = {
  readonly creditId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly disbursementId: string;
  readonly disbursedMinor: bigint;
  readonly disbursedCurrency: string;
  readonly partnerId: string;
  readonly state: 'returned' | 'recovered' | 'not_returned';
};

export type RecoveryJudgement = {
  readonly creditId: string;
  readonly recovers: boolean;
  readonly reason: string;
  readonly disbursements: readonly { readonly disbursementId: string; readonly partnerId: string }[];
};

function judgeOne(rows: readonly NamedDisbursement[]): RecoveryJudgement {
  const [first] = rows as [NamedDisbursement, ...NamedDisbursement[]];
  const told = (recovers: boolean, reason: string): RecoveryJudgement =>
    ({ creditId: first.creditId, recovers, reason, disbursements: rows.map((r) => ({ disbursementId: r.disbursementId, partnerId: r.partnerId })) });
  if (rows.some((r) => r.state === 'not_returned')) return told(false, 'recovery.not_returned');
  if (rows.some((r) => r.state === 'recovered')) return told(false, 'recovery.already');
  if (rows.some((r) => r.partnerId !== first.partnerId)) return told(false, 'recovery.unclear');
  const sum = rows.reduce((total, r) => total + r.disbursedMinor, 0n);
  const agrees = sum === first.amountMinor && rows.every((r) => r.disbursedCurrency === r.currency);
  return told(agrees, agrees ? 'recovery.agrees' : 'recovery.amount_differs');
}

/** A credit recovers all that it names, to the cent, or nothing; what two credits would recover is for a person. */
export function judgeRecoveries(named: readonly NamedDisbursement[]): RecoveryJudgement[] {
  const judged = [...Map.groupBy(named, (r) => r.creditId).values()].map(judgeOne);
  const claims = new Map<string, number>();
  for (const d of judged.filter((j) => j.recovers).flatMap((j) => j.disbursements)) claims.set(d.disbursementId, (claims.get(d.disbursementId) ?? 0) + 1);
  return judged.map((j) => (j.recovers && j.disbursements.some((d) => (claims.get(d.disbursementId) ?? 0) > 1) ? { ...j, recovers: false, reason: 'recovery.unclear' } : j));
}
