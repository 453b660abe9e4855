import { listForms, listFormSets } from '../../../modules/referrals/index.ts';
import type { KnownForm } from '../../../modules/referrals/index.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import type { Sort } from '../../list.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

const KEYS = ['title', 'edition', 'expires'] as const;
type Key = (typeof KEYS)[number];
const USUAL: Sort<Key> = { by: 'title', isDescending: false };

function lineOf(form: KnownForm, visit: Visit) {
  const { origin } = form;
  return {
    formId: form.formId, title: hasWords(visit.language, form.title) ? visit.t(form.title) : form.formId, name: origin?.name ?? null, number: origin?.number ?? null, edition: origin?.edition ?? '', omb: origin?.ombNumber ?? null,
    expires: origin?.ombExpires ?? '', isExpired: form.isExpired, isConfirmed: origin?.confirmed ?? true, sources: origin?.sources.join('; ') ?? '', isSealedPart: form.isSealedPart,
    partners: form.partners.map((id) => partnerNameOf(id, visit, 'short')), officialFor: form.officialFor.map((id) => partnerNameOf(id, visit, 'short')),
  };
}

/** Every form of our packets with the edition of the official form behind it, who uses it, and which editions have run out. */
export const formsPage: Page = {
  path: '/administration/forms',
  access: 'kits.view',
  get: async (visit) => {
    const { t, ctx } = visit;
    const sort = sortOf<Key>(visit, KEYS, USUAL);
    const only = queryText(visit, 'show', 12);
    const collator = new Intl.Collator(visit.language, { numeric: true });
    const all = listForms(ctx).map((form) => lineOf(form, visit));
    const rows = all.filter((one) => (only !== 'expired' || one.isExpired) && (only !== 'unconfirmed' || !one.isConfirmed))
      .sort((a, b) => (sort.isDescending ? -1 : 1) * collator.compare(a[sort.by], b[sort.by]) || (a.formId < b.formId ? -1 : 1));
    const columns = [{ label: t('admin:forms.title_head'), sort: 'title' as const }, { label: t('admin:forms.edition'), sort: 'edition' as const }, { label: t('admin:forms.expires'), sort: 'expires' as const }, { label: t('admin:forms.used_by') }];
    if (wantsCsv(visit)) return csvOf(visit, 'forms', [...columns.map(({ label }) => label), t('admin:confirm.source'), 'id'], linesOf(rows));
    return view('administrator/forms', {
      rows, heads: headsOf(visit, columns, sort), csv: csvAddress(visit), only, expired: all.filter(({ isExpired }) => isExpired).length,
      sets: listFormSets(ctx).map((set) => ({ ...set, partners: set.partners.map((id) => partnerNameOf(id, visit, 'short')) })),
    });
  },
};

async function* linesOf(rows: readonly ReturnType<typeof lineOf>[]): AsyncGenerator<readonly string[]> {
  for (const one of rows) yield [one.title, one.edition, one.expires, one.partners.join('; '), one.sources, one.formId];
}
