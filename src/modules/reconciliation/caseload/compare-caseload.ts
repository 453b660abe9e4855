import type { Readable } from 'node:stream';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { getPartner } from '../../partners/index.ts';
import { readCaseload } from '../../payments/index.ts';
import { canonicalNumber } from '../matching/printed-number.rules.ts';
import { compareCaseload } from './caseload.rules.ts';
import type { Difference } from './caseload.rules.ts';
import { insertComparison, selectDifferences, selectNewest, selectOurCases } from './caseload.store.ts';
import type { ComparisonRow } from './caseload.store.ts';

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
  authorise(ctx, 'caseload.compare');
  // Whoever sees only some counties would take the cases of the others for orphans.
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'reconciliation.all_counties_needed');
  const list = await readCaseload(ctx, request);
  return inTransaction(ctx, async (tx) => {
    const named = [...new Set(list.rows.map((row) => canonicalNumber(row.caseId)).filter((number) => number !== ''))];
    const differences = compareCaseload(list.rows, await selectOurCases(tx, request.partnerId, named, request.exchangedCases));
    const comparisonId = newId('cmp');
    const agreeing = list.rows.length - new Set(differences.map(({ line }) => line).filter((line) => line !== null)).size;
    await insertComparison(tx, { comparisonId, partnerId: request.partnerId, fileId: list.fileId, fileName: list.fileName, lines: list.rows.length, agreeing, differing: differences.length }, differences);
    await recordAudit(tx, {
      action: 'caseload.compared', subject: { type: 'caseload_comparison', id: comparisonId }, partner: request.partnerId,
      details: { lines: list.rows.length, agreeing, differing: differences.length },
    });
    return { comparisonId, partnerId: request.partnerId, file: list.fileName, sha256: list.sha256, lines: list.rows.length, agreeing, differences, findings: list.findings };
  });
}

export interface ShownComparison { comparison: ComparisonRow | null; differences: Difference[]; page: number; pageSize: number }

/** The newest comparison of a partner, page by page. @throws AppError `partner.unknown`; forbidden `reconciliation.all_counties_needed`. */
export async function newestComparison(ctx: Ctx, partnerId: string, page = 1): Promise<ShownComparison> {
  authorise(ctx, 'caseload.compare');
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'reconciliation.all_counties_needed');
  getPartner(partnerId);
  return inTransaction(ctx, async (tx) => {
    const comparison = await selectNewest(tx, partnerId);
    const differences = comparison === null ? [] : await selectDifferences(tx, comparison.comparisonId, { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE });
    return { comparison, differences, page, pageSize: PAGE_SIZE };
  });
}
