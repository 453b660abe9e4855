import type { Readable } from 'node:stream';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { officeDay } from '../../cases/index.ts';
import { askAgreement, getPartner } from '../../partners/index.ts';
import { readCaseload } from '../../payments/index.ts';
import { canonicalNumber } from '../matching/printed-number.rules.ts';
import { compareCaseload } from './caseload.rules.ts';
import type { Difference, OurCase, TheirCase } from './caseload.rules.ts';
import { answerToCaseload, pairOf } from './caseload-answer.rules.ts';
import type { AnsweredPair } from './caseload-answer.rules.ts';
import { findComparison, insertComparison, selectDifferences, selectNewest, selectOurCases } from './caseload.store.ts';
import type { ComparisonRow, DifferenceOrder } from './caseload.store.ts';

const PAGE_SIZE = 100;

export interface CaseloadToCompare {
  partnerId: string;
  fileName: string;
  source: Readable | Buffer;
  /** Cases of which papers went between us and the partner: whoever calls knows referrals, this module does not. */
  exchangedCases: readonly string[];
}

export interface CaseloadComparison { comparisonId: string; partnerId: string; file: string; sha256: string; lines: number; agreeing: number; differences: Difference[]; findings: Finding[] }

/**
 * Holds a partner's list of cases against ours: orphans on either side, closed on one side, numbers that drifted, names that differ. Nothing is changed: people do that.
 *
 * @throws AppError forbidden `reconciliation.all_counties_needed`, and what `readCaseload` refuses.
 */
export async function comparePartnerCaseload(ctx: Ctx, request: CaseloadToCompare): Promise<CaseloadComparison> {
  return (await compare(ctx, request)).comparison;
}

type Compared = { readonly comparison: CaseloadComparison; readonly rows: readonly TheirCase[]; readonly ours: readonly OurCase[] };

async function compare(ctx: Ctx, request: CaseloadToCompare, isOnce = false): Promise<Compared> {
  requireAllCounties(ctx);
  const list = await readCaseload(ctx, request);
  return inTransaction(ctx, async (tx) => {
    const named = [...new Set(list.rows.map((row) => canonicalNumber(row.caseId)).filter((number) => number !== ''))];
    const ours = await selectOurCases(tx, request.partnerId, named, request.exchangedCases);
    const differences = compareCaseload(list.rows, ours);
    const before = isOnce ? await findComparison(tx, request.partnerId, list.fileName) : null;
    const comparisonId = before ?? newId('cmp');
    const agreeing = list.rows.length - new Set(differences.map(({ line }) => line).filter((line) => line !== null)).size;
    const comparison = { comparisonId, partnerId: request.partnerId, file: list.fileName, sha256: list.sha256, lines: list.rows.length, agreeing, differences, findings: list.findings };
    if (before !== null) return { comparison, rows: list.rows, ours };
    await insertComparison(tx, { comparisonId, partnerId: request.partnerId, fileId: list.fileId, fileName: list.fileName, lines: list.rows.length, agreeing, differing: differences.length }, differences);
    await recordAudit(tx, {
      action: 'caseload.compared', subject: { type: 'caseload_comparison', id: comparisonId }, partner: request.partnerId,
      details: { lines: list.rows.length, agreeing, differing: differences.length },
    });
    return { comparison, rows: list.rows, ours };
  });
}

/** Whoever sees only some counties would take the cases of the others for orphans. */
function requireAllCounties(ctx: Ctx): void {
  authorise(ctx, 'caseload.compare');
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'reconciliation.all_counties_needed');
}

/** A list that came as a message: compared and recorded once for its name, with what its sender may be told of it. @throws AppError as `comparePartnerCaseload`. */
export async function answerPartnerCaseload(ctx: Ctx, request: CaseloadToCompare): Promise<{ readonly comparison: CaseloadComparison; readonly answer: readonly AnsweredPair[] }> {
  const { comparison, rows, ours } = await compare(ctx, request, true);
  const scope = { exchanged: new Set(request.exchangedCases), counties: await toldCounties(ctx, request.partnerId, ours) };
  return { comparison, answer: answerToCaseload(rows, ours, comparison.differences, scope) };
}

/** Our own list for a partner: the cases of which papers went between us, in the counties of which an agreement allows it. @throws AppError `partner.unknown`; forbidden `reconciliation.all_counties_needed`. */
export async function ourCaseload(ctx: Ctx, request: { readonly partnerId: string; readonly county?: string | undefined; readonly exchangedCases: readonly string[] }): Promise<AnsweredPair[]> {
  requireAllCounties(ctx);
  const { partnerId } = getPartner(request.partnerId);
  const exchanged = new Set(request.exchangedCases);
  const ours = (await inTransaction(ctx, (tx) => selectOurCases(tx, partnerId, [], request.exchangedCases))).filter(({ caseId }) => exchanged.has(caseId));
  const counties = await toldCounties(ctx, partnerId, ours);
  return ours.filter(({ county }) => counties.has(county) && (request.county === undefined || county === request.county)).map((one) => pairOf(one, ''));
}

/** To tell how cases stand an agreement in force must cover their county. */
async function toldCounties(ctx: Ctx, partnerId: string, ours: readonly OurCase[]): Promise<Set<string>> {
  const told = new Set<string>();
  for (const county of new Set(ours.map((one) => one.county))) {
    if ((await askAgreement(ctx, { partnerId, county, services: ['status'], on: officeDay(ctx.clock) })).isAllowed) told.add(county);
  }
  return told;
}

export interface ShownComparison { comparison: ComparisonRow | null; differences: Difference[]; /** How many differences there are of the kind asked for. */ total: number; page: number; pageSize: number }

/** The newest comparison of a partner, page by page. @throws AppError `partner.unknown`; forbidden `reconciliation.all_counties_needed`. */
export async function newestComparison(ctx: Ctx, partnerId: string, page = 1, wanted: { code?: string | null; sort?: DifferenceOrder } = {}): Promise<ShownComparison> {
  authorise(ctx, 'caseload.compare');
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'reconciliation.all_counties_needed');
  getPartner(partnerId);
  return inTransaction(ctx, async (tx) => {
    const comparison = await selectNewest(tx, partnerId);
    const { rows: differences, total } = comparison === null ? { rows: [], total: 0 } : await selectDifferences(tx, comparison.comparisonId, { code: wanted.code ?? null, order: wanted.sort ?? { by: 'line', isDescending: false }, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE });
    return { comparison, differences, total, page, pageSize: PAGE_SIZE };
  });
}
