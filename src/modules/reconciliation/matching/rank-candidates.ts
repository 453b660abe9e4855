import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { getPartner } from '../../partners/index.ts';
import { selectRefusals } from '../suspense/refusal.store.ts';
import { countCases, selectCases, selectCaseShapes, selectDisbursementShapes, selectPartnersWithNumbers, selectPersons } from './candidate.store.ts';
import type { ForwardingEvidence, PayeeCandidate } from './forwarding.rules.ts';
import { gatherForwarding } from './gather-forwarding.ts';
import { gatherRemittance } from './gather-remittance.ts';
import { amountLevel, historyLevel, lumpsOf, remarkLevel } from './rank.rules.ts';
import type { LineLump, PrintedMoney } from './rank.rules.ts';
import { findLineToRank, selectEarlierPayments, selectObligationAmounts } from './rank.store.ts';
import type { LineToRank } from './rank.store.ts';
import { RULE_VERSION } from './reason.rules.ts';
import type { RemittanceCandidate, RemittanceEvidence } from './remittance.rules.ts';
import type { Shapes } from './shapes.rules.ts';
import { WEIGHTS } from './weights/current-weights.ts';
import { rankForwarding, rankRemittance } from './weights/guard.rules.ts';
import type { Ranked, WeighedField } from './weights/weights.rules.ts';

const CANDIDATES_MAX = 20;
/** Below this it is nobody whom a person would want to look at. */
const BITS_MIN = -12;

export type RankedCandidate = {
  readonly caseId: string;
  readonly county: string;
  readonly isOpen: boolean;
  /** Of a forwarding line: the latest disbursement that fits. */
  readonly disbursementId: string | null;
  readonly bits: number;
  readonly probability: number;
  /** Bits before the next candidate; null for the last one. */
  readonly margin: number | null;
  readonly reasons: readonly string[];
  readonly fields: readonly WeighedField[];
  readonly isRefused: boolean;
};
export type CandidateRanking = {
  readonly ruleVersion: string;
  readonly weightsVersion: string;
  readonly candidates: readonly RankedCandidate[];
  /** How the line may be made up of several cases or months. */
  readonly lumps: readonly LineLump[];
  /** There are more who bear the names than were compared. */
  readonly isCut: boolean;
};

/**
 * Cases that a line may mean, the most likely first, with what speaks for and against each in bits. By number and by names, whatever the line
 * was decided for. Changes nothing; the same data give the same answer.
 *
 * @throws AppError not_found `reconciliation.line_unknown`.
 */
export async function rankCandidates(ctx: Ctx, { fileId, lineNumber }: { readonly fileId: string; readonly lineNumber: number }): Promise<CandidateRanking> {
  authorise(ctx, 'reconciliation.view');
  return inTransaction(ctx, async (tx) => {
    const line = await findLineToRank(tx, fileId, lineNumber);
    if (line === null) throw new AppError('not_found', 'reconciliation.line_unknown');
    const shapes = await shapesOf(tx, line.partnerId);
    const caseCount = await countCases(tx);
    const found = line.kind === 'forwarding' ? await rankReport(tx, line, shapes, caseCount, fileId) : await rankAdvice(tx, line, shapes, caseCount, fileId);
    const refused = (await selectRefusals(tx, line.partnerId, line.kind)).for(line);
    const kept = found.ranked.filter((r) => r.weighed.bits >= BITS_MIN).slice(0, CANDIDATES_MAX);
    const cases = await selectCases(tx, kept.map((r) => r.candidate.caseId));
    const candidates = kept.flatMap((r, i): RankedCandidate[] => {
      const known = cases.get(r.candidate.caseId);
      if (known === undefined) return [];
      const next = found.ranked[i + 1];
      const disbursementId = found.disbursementOf(r.candidate.caseId);
      return [{
        caseId: known.caseId, county: known.county, isOpen: known.status === 'open', disbursementId, ...r.weighed, margin: next === undefined ? null : Number((r.weighed.bits - next.weighed.bits).toFixed(2)),
        reasons: found.reasonsOf(r.candidate.caseId), isRefused: refused.cases.has(known.caseId) || (disbursementId !== null && refused.disbursements.has(disbursementId)),
      }];
    });
    return { ruleVersion: RULE_VERSION, weightsVersion: WEIGHTS.version, candidates, lumps: found.lumps, isCut: found.isCut };
  });
}

async function shapesOf(ctx: TxCtx, partnerId: string): Promise<Shapes> {
  const [cases, disbursements] = [await selectCaseShapes(ctx), await selectDisbursementShapes(ctx)];
  return { cases: cases.shapes, disbursements: disbursements.shapes, isCut: cases.isCut || disbursements.isCut, partners: await selectPartnersWithNumbers(ctx, [partnerId]) };
}

type Found = {
  readonly ranked: readonly Ranked<{ readonly caseId: string }>[];
  readonly reasonsOf: (caseId: string) => readonly string[];
  readonly disbursementOf: (caseId: string) => string | null;
  readonly lumps: readonly LineLump[];
  readonly isCut: boolean;
};

const byCase = <T extends { readonly caseId: string }>(...all: readonly (readonly T[])[]): T[] => [...new Map(all.flat().map((c) => [c.caseId, c] as const).toReversed()).values()];
// As if the line named nothing: then the names are searched.
const unnumbered = <L extends LineToRank>(line: L): L => ({ ...line, givenCaseId: null, givenDisbursementId: null, note: '' });
const printedMoney = (line: LineToRank): PrintedMoney => ({
  original: line.amountMinor === null || line.currency === null ? null : { amountMinor: line.amountMinor, currency: line.currency },
  settled: line.settledMinor === null || line.settledCurrency === null ? null : { amountMinor: line.settledMinor, currency: line.settledCurrency },
});

async function rankAdvice(ctx: TxCtx, line: LineToRank, shapes: Shapes, caseCount: number, fileId: string): Promise<Found> {
  const caseload = { counties: new Set(getPartner(line.partnerId).counties.value), caseCount };
  // Names are searched only where money may be posted: here they always are.
  const asked = { ...line, transfer: 'agrees' as const };
  const own = (await gatherRemittance(ctx, [asked], shapes, caseload)).evidenceFor(asked);
  const bare = unnumbered(asked);
  const byNames = (await gatherRemittance(ctx, [bare], shapes, caseload)).evidenceFor(bare);
  const candidates = byCase<RemittanceCandidate>(own.candidates, byNames.candidates);
  const caseIds = candidates.map((c) => c.caseId);
  const ordered = await selectObligationAmounts(ctx, caseIds, line.happenedOn);
  const earlier = await selectEarlierPayments(ctx, line, fileId, line.lineNumber, caseIds);
  const persons = await selectPersons(ctx, caseIds);
  const printed = printedMoney(line);
  const told = candidates.map((c): RemittanceCandidate => {
    const amount = amountLevel(printed, ordered.filter((o) => o.caseId === c.caseId), earlier.filter((e) => e.caseId === c.caseId));
    const history = historyLevel(c.caseId, line.obligorName, line.partnerId, earlier);
    const remark = remarkLevel(line.note, persons.get(c.caseId) ?? []);
    return { ...c, ...(amount === undefined ? {} : { amount }), ...(history === undefined ? {} : { history }), ...(remark === undefined ? {} : { remark }) };
  });
  const evidence: RemittanceEvidence = { ...byNames, namedCases: own.namedCases, candidates: told };
  const payers = new Set(told.filter((c) => (c.payer?.score ?? 0) >= PAYER_MIN || own.namedCases.some((n) => n.caseId === c.caseId)).map((c) => c.caseId));
  return {
    ranked: rankRemittance(WEIGHTS, line, evidence), isCut: byNames.isCut || byNames.areKeysCut, disbursementOf: () => null,
    reasonsOf: (id) => { const c = told.find((x) => x.caseId === id); return [...new Set([...(c?.payer?.reasons ?? ['payer.missing']), ...(c?.receiver?.reasons ?? ['receiver.missing'])])]; },
    lumps: payers.size > LUMP_CASES_MAX ? [] : lumpsOf(printed, ordered.filter((o) => payers.has(o.caseId))),
  };
}

const PAYER_MIN = 0.85;
const LUMP_CASES_MAX = 12;

async function rankReport(ctx: TxCtx, line: LineToRank, shapes: Shapes, caseCount: number, fileId: string): Promise<Found> {
  const none = new Map<string, string>();
  const own = (await gatherForwarding(ctx, [line], shapes, none, caseCount)).evidenceFor(line);
  const bare = unnumbered(line);
  const byNames = (await gatherForwarding(ctx, [bare], shapes, none, caseCount)).evidenceFor(bare);
  const named = own.named.map(({ disbursement, name }): PayeeCandidate => ({ caseId: disbursement.caseId, name, latest: disbursement, older: [], isCut: false }));
  const candidates = byCase<PayeeCandidate>(named, own.candidates, byNames.candidates);
  const earlier = await selectEarlierPayments(ctx, line, fileId, line.lineNumber, candidates.map((c) => c.caseId));
  const told = candidates.map((c): PayeeCandidate => {
    const history = historyLevel(c.caseId, line.payeeName, line.partnerId, earlier);
    return history === undefined ? c : { ...c, history };
  });
  const evidence: ForwardingEvidence = { ...byNames, named: own.named, namedCases: own.namedCases, candidates: told };
  return {
    ranked: rankForwarding(WEIGHTS, line, evidence), isCut: byNames.reach === 'cut', lumps: [],
    reasonsOf: (id) => told.find((c) => c.caseId === id)?.name?.reasons ?? ['name.missing'], disbursementOf: (id) => told.find((c) => c.caseId === id)?.latest?.disbursementId ?? null,
  };
}
