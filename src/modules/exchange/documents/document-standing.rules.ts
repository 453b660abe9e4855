/** A paper that somebody asked for: what, and whose. */
export interface WantedPaper {
  readonly kind: string;
  readonly of: string | null;
}

/** A paper that cannot be had, or not yet. */
export interface NotGiven extends WantedPaper {
  readonly reason?: string;
  readonly expectedOn?: string | null;
}

/** A paper that whoever was asked has promised, with the day if one was named. */
export interface PromisedPaper extends WantedPaper {
  readonly on: string | null;
}

/** What a request for papers and the answers to it say. */
export interface DocumentTalk {
  readonly requestId: string;
  readonly wanted: readonly WantedPaper[];
  readonly neededBy: string | null;
  readonly answers: readonly { readonly supplied: readonly WantedPaper[]; readonly unavailable: readonly NotGiven[] }[];
}

export interface DocumentStanding {
  readonly requestId: string;
  readonly neededBy: string | null;
  readonly supplied: readonly WantedPaper[];
  readonly unavailable: readonly WantedPaper[];
  /** What needs more time: the request stays open for it. */
  readonly promised: readonly PromisedPaper[];
  /** What nobody has answered yet; the request is closed where nothing is, and nothing is promised. */
  readonly missing: readonly WantedPaper[];
  readonly isClosed: boolean;
}

/** A paper answers for one that was asked for of the same person, or where either does not say whose. */
const isOne = (wanted: WantedPaper, given: WantedPaper): boolean => wanted.kind === given.kind && (wanted.of === null || given.of === null || wanted.of === given.of);

const needsTime = ({ reason, expectedOn }: NotGiven): boolean => reason === 'needs_time' || (expectedOn ?? null) !== null;

/** Where a request for papers stands: each paper was sent, cannot be had, is promised, or is missing. What was said last of it counts. */
export function documentStanding({ requestId, wanted, neededBy, answers }: DocumentTalk): DocumentStanding {
  const given = answers.flatMap((answer) => answer.supplied);
  const refused = answers.flatMap((answer) => answer.unavailable);
  const isSupplied = (one: WantedPaper): boolean => given.some((paper) => isOne(one, paper));
  const open = wanted.filter((one) => !isSupplied(one)).map((paper) => ({ paper, said: refused.findLast((other) => isOne(paper, other)) }));
  const missing = open.filter(({ said }) => said === undefined).map(({ paper }) => paper);
  const promised = open.flatMap(({ paper, said }) => (said && needsTime(said) ? [{ ...paper, on: said.expectedOn ?? null }] : []));
  const unavailable = open.filter(({ said }) => said !== undefined && !needsTime(said)).map(({ paper }) => paper);
  return { requestId, neededBy, supplied: wanted.filter(isSupplied), unavailable, promised, missing, isClosed: missing.length === 0 && promised.length === 0 };
}
