import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { assert } from '../../platform/errors.ts';
import { withRetained } from './retained-protection.rules.ts';
import { readRetained } from './retained-protection.store.ts';
import { readBodies } from './support-case.store.ts';
import type { SupportCase } from './support-case.rules.ts';

const CASES_MAX = 200;

/**
 * The newest records of the cases of a list, in clear, with the protections that are retained, by id; a case that there is not is left out. Only for
 * deciding what of them may be told: no caller shows or returns any of it, and so nothing is written down.
 *
 * @throws AppError `access.forbidden`.
 */
export async function casesOfList(ctx: Ctx, caseIds: readonly string[]): Promise<ReadonlyMap<string, SupportCase>> {
  authorise(ctx, 'cases.view');
  assert(caseIds.length <= CASES_MAX, 'a list has a page size');
  return inTransaction(ctx, async (tx) => {
    const retained = await readRetained(tx, caseIds);
    return new Map([...await readBodies(tx, caseIds)].map(([caseId, supportCase]) => [caseId, withRetained(supportCase, retained.get(caseId) ?? [])]));
  });
}
