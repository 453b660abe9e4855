import { listCases, PAYING_ROLES, RECEIVING_ROLES } from '../../../modules/cases/index.ts';
import type { CaseListItem } from '../../../modules/cases/index.ts';
import type { Ctx } from '../../../platform/context.ts';

const FOUND_MAX = 8;

/** A case as it stands beside an item: its number and who pays and receives, as lists show them, without addresses or identifiers. */
export type CaseBeside = { readonly caseId: string; readonly people: string };

/** Cases that a search finds, or those that are named. */
export async function casesBeside(ctx: Ctx, search: string, caseIds: readonly string[] = []): Promise<CaseBeside[]> {
  if (search.trim() !== '') return (await listCases(ctx, { search, pageSize: FOUND_MAX })).items.map(beside);
  const found: CaseBeside[] = [];
  for (const caseId of caseIds) found.push(...(await listCases(ctx, { search: caseId, pageSize: 1 })).items.filter((c) => c.caseId === caseId).map(beside));
  return found;
}

function beside({ caseId, participants }: CaseListItem): CaseBeside {
  const named = [...PAYING_ROLES, ...RECEIVING_ROLES].flatMap((role) => participants.filter((p) => p.role === role));
  return { caseId, people: named.map((p) => (p.native !== null && p.native !== p.name ? `${p.name} (${p.native})` : p.name)).join(' · ') };
}
