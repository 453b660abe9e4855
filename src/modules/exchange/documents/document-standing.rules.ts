/** A paper that somebody asked for: what, and whose. */
export interface WantedPaper {
  readonly kind: string;
  readonly of: string | null;
}

/** What a request for papers and the answers to it say. */
export interface DocumentTalk {
  readonly requestId: string;
  readonly wanted: readonly WantedPaper[];
  readonly neededBy: string | null;
  readonly answers: readonly { readonly supplied: readonly WantedPaper[]; readonly unavailable: readonly WantedPaper[] }[];
}

export interface DocumentStanding {
  readonly requestId: string;
  readonly neededBy: string | null;
  readonly supplied: readonly WantedPaper[];
  readonly unavailable: readonly WantedPaper[];
  /** What nobody has answered yet; the request is closed where nothing is. */
  readonly missing: readonly WantedPaper[];
  readonly isClosed: boolean;
}

/** A paper answers for one that was asked for of the same person, or where either does not say whose. */
const isOne = (wanted: WantedPaper, given: WantedPaper): boolean => wanted.kind === given.kind && (wanted.of === null || given.of === null || wanted.of === given.of);

/** Where a request for papers stands: each paper was sent, cannot be had, or is missing. */
export function documentStanding({ requestId, wanted, neededBy, answers }: DocumentTalk): DocumentStanding {
  const supplied = answers.flatMap((answer) => answer.supplied);
  const unavailable = answers.flatMap((answer) => answer.unavailable);
  const has = (list: readonly WantedPaper[]) => (one: WantedPaper): boolean => list.some((given) => isOne(one, given));
  const missing = wanted.filter((one) => !has(supplied)(one) && !has(unavailable)(one));
  return { requestId, neededBy, supplied: wanted.filter(has(supplied)), unavailable: wanted.filter((one) => !has(supplied)(one) && has(unavailable)(one)), missing, isClosed: missing.length === 0 };
}
