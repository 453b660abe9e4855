import { listSealed, SEALED_SORTS } from '../../../modules/referrals/index.ts';
import type { SealedReferral, SealedSort } from '../../../modules/referrals/index.ts';
import { allPages, csvAddress, csvOf, headsOf, noteShown, sortOf, telling, wantsCsv } from '../../list.ts';
import type { Line } from '../../list.ts';
import { addressWith, pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const PAGE_SIZE = 25;

/** Sealed referrals that wait to be sent, to choose from. What is chosen goes to the next page by its address: nothing is kept before it is confirmed. */
export const batchPage: Page = {
  path: '/batch',
  access: 'referrals.send',
  get: async (visit) => {
    const { ctx, t } = visit;
    const words = wordsFor(visit.language);
    const sort = sortOf<SealedSort>(visit, SEALED_SORTS, { by: 'due', isDescending: false });
    const partnerId = queryText(visit, 'partner', 64) || null;
    const read = (page: number, limit: number) => listSealed(ctx, { partnerId, sort: sort.by, isDescending: sort.isDescending, offset: (page - 1) * limit, limit });
    const labels = ['case', 'partner', 'services', 'packet', 'sealed', 'due'].map((key) => t(`journey:batch.${key}`));
    if (wantsCsv(visit)) return csvOf(visit, 'sealed-referrals', labels, linesOf(visit, (page) => read(page, 200)));
    const page = queryPage(visit);
    const { rows, hasNext, partners } = await read(page, PAGE_SIZE);
    await noteShown(visit, 'sealed-referrals', rows, ({ caseId }) => ({ case: caseId }));
    const [caseLabel = '', partnerLabel = '', servicesLabel = '', packetLabel = '', sealedLabel = '', dueLabel = ''] = labels;
    return view('attorney/batch', {
      rows: rows.map((row) => ({ ...row, partnerName: partnerNameOf(row.partnerId, visit, 'short'), services: row.services.map((code) => words.label('service', code)).join(', ') })),
      partners: partners.map((id) => ({ id, name: partnerNameOf(id, visit) })), partnerId, isAll: queryText(visit, 'all', 3) === 'yes',
      all: addressWith(visit, { all: 'yes' }), clear: addressWith(visit, { all: '' }),
      heads: headsOf(visit, [{ label: t('journey:batch.chosen') }, { label: caseLabel, sort: 'case' }, { label: partnerLabel, sort: 'partner' }, { label: servicesLabel }, { label: packetLabel }, { label: sealedLabel, sort: 'sealed' }, { label: dueLabel, sort: 'due' }], sort),
      csv: csvAddress(visit), paging: pagingNumbered(visit, page, hasNext),
    });
  },
};

async function* linesOf(visit: Visit, read: (page: number) => Promise<{ rows: readonly SealedReferral[]; hasNext: boolean }>): AsyncGenerator<Line> {
  const words = wordsFor(visit.language);
  for await (const row of allPages(read)) {
    yield telling([row.caseId, partnerNameOf(row.partnerId, visit), row.services.map((code) => words.label('service', code)).join(', '), String(row.number), visit.format.instant(row.sealedAt), row.dueOn ?? ''], { case: row.caseId });
  }
}
