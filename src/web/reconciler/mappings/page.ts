import { listMappings } from '../../../modules/payments/index.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryText, view } from '../../visit.ts';
import type { Page } from '../../visit.ts';

/** Lists that were refused because their columns cannot be told, and the mappings by which lists are read. */
export const mappingsPage: Page = {
  path: '/mappings',
  access: 'payments.map',
  get: async (visit) => {
    const { mappings, waiting } = await listMappings(visit.ctx);
    const [version, lines] = [queryText(visit, 'version', 6), queryText(visit, 'lines', 7)];
    return view('reconciler/mappings', {
      done: /^\d+$/.test(version) && /^\d+$/.test(lines) ? { version, lines: visit.format.number(Number(lines)) } : null,
      waiting: waiting.map((list) => ({ ...list, partnerName: partnerNameOf(list.partnerId, visit, 'short'), missing: list.findings.flatMap(({ path }) => (path ? [visit.t(`tables:field.${path}`)] : [])) })),
      mappings: mappings.map((saved) => ({ ...saved, partnerName: partnerNameOf(saved.partnerId, visit, 'short') })),
    });
  },
};
