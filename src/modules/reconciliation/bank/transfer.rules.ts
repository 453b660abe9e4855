// Whether the money of a transfer arrived: the sum of its lines as printed against the credit that names it (contract 4).

export type TransferSum = {
  readonly partnerId: string;
  readonly transfer: string;
  readonly lineCount: number;
  /** Null where an amount could not be read or the lines name several currencies. */
  readonly sumMinor: bigint | null;
  readonly currency: string | null;
  /** As the lines print it, in every spelling seen. */
  readonly printed: readonly string[];
  /** The bank has taken a credit of it back. */
  readonly isTakenBack: boolean;
};

export type Credit = {
  readonly creditId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  /** What may be a transfer's number, in order of trust. */
  readonly tokens: readonly string[];
};

export type TransferJudgement = TransferSum & {
  readonly state: 'agrees' | 'no_credit' | 'differs' | 'unclear' | 'taken_back';
  readonly creditId: string | null;
  readonly feeMinor: bigint;
};

export type CreditJudgement = {
  readonly creditId: string;
  readonly outcome: 'matched' | 'unmatched';
  readonly transfer: string | null;
  readonly partnerId: string | null;
  readonly reasons: readonly string[];
};

/** `charges`: who bears what banks on the way keep. Under OUR the sender does, so that a credit that falls short had a fee taken wrongly. */
export type FeeLimit = (partnerId: string) => { readonly amountMinor: bigint; readonly currency: string; readonly charges: 'OUR' | 'SHA' | 'BEN' } | null;

/** Why a credit that agrees with its lines does so. A fee within the limit is one under every policy (contract 4); whether it was to be expected is for the clerk. */
export function reasonsOfFee(feeMinor: bigint, charges: 'OUR' | 'SHA' | 'BEN' | null): string[] {
  if (feeMinor === 0n) return ['transfer.agrees'];
  return charges === 'OUR' ? ['transfer.within_fee', 'transfer.fee_despite_our'] : ['transfer.within_fee'];
}

/** The fee by which a credit falls short, when the profile's policy explains it; null when the two do not agree. */
export function feeTaken(sum: TransferSum, credit: Credit, limit: ReturnType<FeeLimit>): bigint | null {
  if (sum.sumMinor === null || sum.currency !== credit.currency) return null;
  const short = sum.sumMinor - credit.amountMinor;
  if (short === 0n) return 0n;
  const allowed = limit !== null && limit.currency === credit.currency ? limit.amountMinor : 0n;
  return short > 0n && short <= allowed ? short : null;
}

/** No transfer comes to more (minor units): what its lines say then is money that nobody has sent. */
export const TRANSFER_SUM_MAX = 10n ** 15n;

/** A sum beyond the limit is none, and adds up with no credit: its lines are for people. */
function withinLimit(sum: TransferSum): { readonly sum: TransferSum; readonly isBeyond: boolean } {
  const isBeyond = sum.sumMinor !== null && (sum.sumMinor > TRANSFER_SUM_MAX || sum.sumMinor < -TRANSFER_SUM_MAX);
  return { sum: isBeyond ? { ...sum, sumMinor: null } : sum, isBeyond };
}

/** The transfers that a credit names first: the most trusted of its tokens that any line knows. */
function namedBy(credit: Credit, byTransfer: ReadonlyMap<string, readonly TransferSum[]>): readonly TransferSum[] {
  for (const token of credit.tokens) {
    const sums = byTransfer.get(token);
    if (sums !== undefined) return sums;
  }
  return [];
}

/** Two partners may use one number: then the sum that agrees tells whose it is, and if none or both do, nobody's. */
function ownerOf(credit: Credit, sums: readonly TransferSum[], limitOf: FeeLimit): TransferSum | null {
  if (sums.length <= 1) return sums[0] ?? null;
  const agreeing = sums.filter((s) => feeTaken(s, credit, limitOf(s.partnerId)) !== null);
  return agreeing.length === 1 ? (agreeing[0] as TransferSum) : null;
}

const key = (sum: { partnerId: string; transfer: string }): string => `${sum.partnerId} ${sum.transfer}`;

function judgeTransfer(told: TransferSum, credits: readonly Credit[], isContested: boolean, limitOf: FeeLimit): TransferJudgement {
  const { sum, isBeyond } = withinLimit(told);
  const [credit] = credits;
  if (isBeyond && credits.length < 2) return { ...sum, state: 'differs', creditId: credit?.creditId ?? null, feeMinor: 0n };
  if (credit === undefined) return { ...sum, state: isContested ? 'unclear' : sum.isTakenBack ? 'taken_back' : 'no_credit', creditId: null, feeMinor: 0n };
  if (credits.length > 1) return { ...sum, state: 'unclear', creditId: null, feeMinor: 0n };
  const fee = feeTaken(sum, credit, limitOf(sum.partnerId));
  if (fee !== null) return { ...sum, state: 'agrees', creditId: credit.creditId, feeMinor: fee };
  return { ...sum, state: sum.sumMinor === null ? 'unclear' : 'differs', creditId: credit.creditId, feeMinor: 0n };
}

function judgeCredit(credit: Credit, owner: TransferJudgement | null, isNamed: boolean, limitOf: FeeLimit): CreditJudgement {
  const base = { creditId: credit.creditId, transfer: owner?.transfer ?? null, partnerId: owner?.partnerId ?? null };
  if (owner === null) return { ...base, outcome: 'unmatched', reasons: [isNamed ? 'transfer.unclear' : 'transfer.unknown'] };
  if (owner.state === 'agrees') return { ...base, outcome: 'matched', reasons: reasonsOfFee(owner.feeMinor, limitOf(owner.partnerId)?.charges ?? null) };
  return { ...base, outcome: 'unmatched', reasons: [owner.state === 'differs' ? 'transfer.sum_differs' : 'transfer.unclear'] };
}

/** Every transfer and every credit gets its state; the order in which they come does not matter. */
export function judgeTransfers(sums: readonly TransferSum[], credits: readonly Credit[], limitOf: FeeLimit): { transfers: TransferJudgement[]; credits: CreditJudgement[] } {
  const byTransfer = Map.groupBy(sums, (s) => s.transfer);
  const owners = new Map(credits.map((c) => {
    const named = namedBy(c, byTransfer);
    return [c.creditId, { named, owner: ownerOf(c, named, limitOf) }] as const;
  }));
  const paid = Map.groupBy(credits.filter((c) => (owners.get(c.creditId)?.owner ?? null) !== null), (c) => key(owners.get(c.creditId)?.owner as TransferSum));
  const contested = new Set(credits.flatMap((c) => {
    const found = owners.get(c.creditId);
    return found !== undefined && found.owner === null ? found.named.map(key) : [];
  }));
  const transfers = sums.map((s) => judgeTransfer(s, paid.get(key(s)) ?? [], contested.has(key(s)), limitOf));
  const judged = new Map(transfers.map((t) => [key(t), t]));
  return {
    transfers,
    credits: credits.map((c) => {
      const found = owners.get(c.creditId);
      return judgeCredit(c, (found?.owner ?? null) === null ? null : (judged.get(key(found?.owner as TransferSum)) ?? null), (found?.named.length ?? 0) > 0, limitOf);
    }),
  };
}
