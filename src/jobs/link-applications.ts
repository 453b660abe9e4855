import { findCase, learnPartnerNumber, listCases } from '../modules/cases/index.ts';
import { applicationsToLink, linkApplication } from '../modules/exchange/index.ts';
import type { Ctx } from '../platform/context.ts';
import type { Job } from './job.ts';

/**
 * After an import, ties applications to the cases that the county opened for them: a case that bears the application's number, or the partner's own, as a number
 * of that partner. Nothing is tied by names; that a person does.
 */
export const linkApplicationsJob: Job = {
  name: 'link-applications',
  wakesOn: ['cases.imported'],
  async run(ctx) {
    for (const waiting of await applicationsToLink(ctx)) {
      const found = await caseBearing(ctx, waiting);
      if (found === null) continue;
      await linkApplication(ctx, waiting.applicationId, found);
      await learnPartnerNumber(ctx, { caseId: found.caseId, partnerId: waiting.partnerId, value: waiting.numbers.at(-1) ?? waiting.applicationId });
    }
  },
};

/** The one case of that county that bears one of the numbers; null where none or several do. */
async function caseBearing(ctx: Ctx, { partnerId, county, numbers }: { partnerId: string; county: string; numbers: readonly string[] }): Promise<{ caseId: string; county: string } | null> {
  const bearing = new Map<string, { caseId: string; county: string }>();
  for (const number of numbers) {
    if (!/\p{N}/u.test(number)) continue;
    for (const { caseId } of (await listCases(ctx, { search: number, county })).items) {
      const supportCase = await findCase(ctx, caseId);
      if (supportCase?.partnerCaseNumbers?.some((one) => one.partner === partnerId && one.value === number)) bearing.set(caseId, { caseId, county: supportCase.county });
    }
  }
  const [one, ...others] = [...bearing.values()];
  return one && others.length === 0 ? one : null;
}
