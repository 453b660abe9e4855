import { recordAudit } from '../audit/index.ts';
import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import { isCaseId, maskSupportCase } from './masking.rules.ts';
import { maskedData } from './masked-data.rules.ts';
import type { MaskedDatum } from './masked-data.rules.ts';
import { officeDay } from './office-day.ts';
import { readRetained } from './retained-protection.store.ts';
import { withRetained } from './retained-protection.rules.ts';
import { screenOf } from './screen.rules.ts';
import type { Screen } from './screen.rules.ts';
import { readBody, readLearnedNumbers, readVersions } from './support-case.store.ts';
import type { CaseVersion } from './support-case.store.ts';
import type { PartnerCaseNumber, SupportCase } from './support-case.rules.ts';

/**
 * The newest record of a case in the shape of contract 1, in clear, with the protections that are retained: for making papers,
 * never for a page. When a person asks,
 * it is written down who saw it.
 *
 * @throws AppError `access.forbidden`; `cases.not_found`, also for a case of a county that the actor does not see.
 */
export async function getCase(ctx: Ctx, caseId: string): Promise<SupportCase> {
  const supportCase = await findCase(ctx, caseId);
  if (!supportCase) throw new AppError('not_found', 'cases.not_found');
  return supportCase;
}

/** As `getCase`, but null where there is no such case. */
export async function findCase(ctx: Ctx, caseId: string): Promise<SupportCase | null> {
  authorise(ctx, 'cases.view');
  if (!isCaseId(caseId)) return null;
  return inTransaction(ctx, async (tx) => {
    const supportCase = await readBody(tx, caseId);
    if (supportCase && ctx.actor.kind !== 'system') {
      await recordAudit(tx, { action: 'case.viewed', subject: { type: 'case', id: caseId }, county: supportCase.county });
    }
    if (!supportCase) return null;
    const retained = (await readRetained(tx, [caseId])).get(caseId) ?? [];
    return withLearnedNumbers(withRetained(supportCase, retained), await readLearnedNumbers(tx, caseId));
  });
}

/** Partners' numbers that the extract does not know, after those that it does. */
function withLearnedNumbers(supportCase: SupportCase, learned: readonly PartnerCaseNumber[]): SupportCase {
  const told = supportCase.partnerCaseNumbers ?? [];
  const added = learned.filter(({ partner, value }) => !told.some((number) => number.partner === partner && number.value === value));
  return added.length === 0 ? supportCase : { ...supportCase, partnerCaseNumbers: [...told, ...added] };
}

/** A case for a page: identifiers and accounts masked to their last places, and what of persons and courts may be shown today. */
export interface CaseView { supportCase: SupportCase; screen: Screen; versions: CaseVersion[]; /** Numbers as they stand masked, by participant. */ masked: ReadonlyMap<string, readonly MaskedDatum[]> }

/** A case as a page shows it, with its versions. @throws AppError as `getCase`. */
export async function viewCase(ctx: Ctx, caseId: string): Promise<CaseView> {
  return inTransaction(ctx, async (tx) => {
    const supportCase = await getCase(tx, caseId);
    return { supportCase: maskSupportCase(supportCase), screen: screenOf(supportCase, officeDay(ctx.clock)), masked: maskedData(supportCase, officeDay(ctx.clock)), versions: await readVersions(tx, caseId) };
  });
}
