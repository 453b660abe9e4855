import { recordAudit } from '../../audit/index.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { authoriseSuspense } from './access.ts';
import { proposeForCredit } from '../matching/propose-for-credit.ts';
import type { CreditProposal } from '../matching/lumps.rules.ts';
import { relation } from '../matching/printed-number.rules.ts';
import { rankCandidates } from '../matching/rank-candidates.ts';
import type { CandidateRanking, RankedCandidate } from '../matching/rank-candidates.ts';
import { findBankFacts, findReturn } from './bank-item.store.ts';
import type { BankFacts, OrderedReturn } from './bank-item.store.ts';
import { findClaim } from './claim.store.ts';
import type { Claim } from './claim.store.ts';
import { selectDecisionsOf } from './decision.store.ts';
import type { Decided } from './decision.store.ts';
import { selectEarlierLines, selectUserNames } from './item.store.ts';
import type { EarlierLine } from './item.store.ts';
import { findLineFacts, selectCaseFacts, selectDisbursementsOf, selectParts } from './line-facts.store.ts';
import type { DisbursementFacts, LineFacts } from './line-facts.store.ts';
import { readNotes } from './notes.ts';
import type { SuspenseNote } from './notes.ts';
import { isOwnNumber, ownKey } from './plan.ts';
import { selectRefusals } from './refusal.store.ts';
import { besideLine } from './side-by-side.ts';
import type { SideColumn } from './side-by-side.ts';
import { itemRef } from './suspense.rules.ts';

const EARLIER_MAX = 10;
const DISBURSEMENTS_MAX = 20;
const CASES_MAX = 10;

/** A case that a person may want to look at, and whether somebody has said that it is not this one. */
export type SuspenseCase = { readonly caseId: string; readonly county: string; readonly isOpen: boolean; readonly isRefused: boolean; readonly rank: RankedCandidate | null };

export type LineDetails = {
  readonly line: LineFacts;
  /** How the cases rank that the line may mean, as the rules weigh them now; null where the line waits no more. */
  readonly ranking: CandidateRanking | null;
  readonly cases: readonly SuspenseCase[];
  readonly disbursements: readonly (DisbursementFacts & { readonly isRefused: boolean })[];
  /** The line beside each of them, field by field. */
  readonly columns: readonly SideColumn[];
  readonly earlier: readonly EarlierLine[];
  /** The number that the partner printed is one of our own, or a slip of one: never the partner's own number of the case. */
  readonly isNumberOurs: boolean;
  readonly parts: readonly { readonly caseId: string; readonly amountMinor: bigint; readonly currency: string }[];
};

export type SuspenseDetails = {
  readonly itemKey: string;
  readonly kind: 'line' | 'credit' | 'debit';
  readonly line: LineDetails | null;
  readonly entry: BankFacts | null;
  /** Of a credit: what it may pay for. */
  readonly proposals: readonly CreditProposal[];
  readonly claim: Claim | null;
  readonly isMine: boolean;
  readonly isTakenByOther: boolean;
  readonly ordered: OrderedReturn | null;
  readonly proposal: Decided | null;
  readonly decisions: readonly Decided[];
  readonly notes: readonly SuspenseNote[];
  /** Names of those whose ids stand in it. */
  readonly people: ReadonlyMap<string, string>;
};

/**
 * One item with everything that its decision rests on: the line as printed, the transfer and its credit, the cases in question with their
 * disbursements, what was reported of them before, what people have written and decided. `caseIds`: further cases to lay beside it.
 *
 * @throws AppError not_found `suspense.item_unknown`.
 */
export async function getSuspenseItem(ctx: Ctx, itemKey: string, caseIds: readonly string[] = []): Promise<SuspenseDetails> {
  authoriseSuspense(ctx, 'suspense.view');
  const ref = itemRef(itemKey);
  return inTransaction(ctx, async (tx) => {
    const line = ref?.kind === 'line' ? await findLineFacts(tx, ref.fileId, ref.lineNumber) : null;
    const entry = ref?.kind === 'credit' || ref?.kind === 'debit' ? await findBankFacts(tx, ref.kind, ref.entryId) : null;
    if (ref === null || ref.kind === 'hold' || (line === null && entry === null)) throw new AppError('not_found', 'suspense.item_unknown');
    const claim = await findClaim(tx, itemKey);
    const [decisions, notes] = [await selectDecisionsOf(tx, itemKey), await readNotes(tx, itemKey)];
    const isHeld = claim !== null && claim.claimedBy !== null && claim.claimedUntil !== null && claim.claimedUntil > tx.clock.now();
    const details = line === null ? null : await lineDetails(tx, itemKey, line, caseIds);
    if (tx.actor.kind !== 'system') {
      await recordAudit(tx, { action: 'suspense.viewed', subject: { type: 'suspense_item', id: itemKey }, details: { cases: details?.cases.map((one) => one.caseId) ?? [] } }, { isOncePerHour: true });
    }
    const ids = [...decisions.flatMap((d) => [d.proposedBy, d.closedBy ?? '']), ...notes.map((n) => n.writtenBy), claim?.claimedBy ?? ''].filter((id) => id !== '');
    return {
      itemKey, kind: ref.kind, entry, proposals: entry?.outcome === 'unmatched' && !entry.isPosted ? (await proposeForCredit(tx, entry.entryId)).proposals : [],
      line: details, claim: isHeld || claim?.heldUntil ? claim : null,
      isMine: isHeld && claim.claimedBy === tx.actor.id, isTakenByOther: isHeld && claim.claimedBy !== tx.actor.id, ordered: await findReturn(tx, itemKey),
      proposal: decisions.find((d) => d.state === 'proposed') ?? null, decisions, notes, people: await selectUserNames(tx, [...new Set(ids)]),
    };
  });
}

async function lineDetails(ctx: TxCtx, itemKey: string, line: LineFacts, further: readonly string[]): Promise<LineDetails> {
  const isWaiting = line.outcome === 'suspense' || line.outcome === 'rejected';
  const ranking = isWaiting ? await rankCandidates(ctx, { fileId: line.fileId, lineNumber: line.lineNumber }) : null;
  const ranks = new Map((ranking?.candidates ?? []).map((r) => [r.caseId, r]));
  // The likeliest stands first whatever was searched for; what was searched for is never cut off.
  const [likeliest, ...rest] = ranks.keys();
  const wanted = [...new Set([likeliest ?? null, ...further, ...rest, line.caseId, line.candidateCaseId].filter((id) => id !== null))].slice(0, CASES_MAX);
  const refused = (await selectRefusals(ctx, line.partnerId, line.kind)).for({ ...line, postingKey: ownKey(line) });
  const cases = await selectCaseFacts(ctx, wanted);
  const known = wanted.filter((id) => cases.has(id));
  const disbursements = line.kind === 'forwarding' ? await selectDisbursementsOf(ctx, known, line.partnerId, DISBURSEMENTS_MAX) : [];
  const parts = line.decisionId === null ? [] : await selectParts(ctx, line.decisionId);
  const shown = known.map((caseId): SuspenseCase => ({ caseId, county: cases.get(caseId)?.county ?? '', isOpen: cases.get(caseId)?.status === 'open', isRefused: refused.cases.has(caseId), rank: ranks.get(caseId) ?? null }));
  const marked = disbursements.map((d) => ({ ...d, isRefused: refused.cases.has(d.caseId) || refused.disbursements.has(d.disbursementId) }));
  const isNumberOurs = line.givenCaseId !== null && (await isOwnNumber(ctx, line.givenCaseId) || known.some((caseId) => relation(line.givenCaseId as string, caseId) !== 'other'));
  return {
    line, parts, ranking, isNumberOurs, cases: shown, disbursements: marked, columns: await besideLine(ctx, line, shown, marked),
    earlier: known.length === 0 ? [] : await selectEarlierLines(ctx, { partnerId: line.partnerId, kind: line.kind, caseIds: known, notKey: itemKey, limit: EARLIER_MAX }),
  };
}
