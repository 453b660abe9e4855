import { listForms, listFormSets } from '../../../modules/referrals/index.ts';
import type { KnownForm } from '../../../modules/referrals/index.ts';
import { hasWords } from '../../../platform/i18n.ts';
import { wantsCsv } from '../../list.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { smallCsv, smallList } from '../../small-list.ts';
import type { SmallList } from '../../small-list.ts';
import { queryText, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';

function lineOf(form: KnownForm, visit: Visit) {
  const { origin } = form;
  return {
    formId: form.formId, title: hasWords(visit.language, form.title) ? visit.t(form.title) : form.formId, name: origin?.name ?? null, number: origin?.number ?? null, edition: origin?.edition ?? '', omb: origin?.ombNumber ?? null,
    expires: origin?.ombExpires ?? '', isExpired: form.isExpired, isConfirmed: origin?.confirmed ?? true, sources: origin?.sources.join('; ') ?? '', isSealedPart: form.isSealedPart,
    partners: form.partners.map((id) => partnerNameOf(id, visit, 'short')), officialFor: form.officialFor.map((id) => partnerNameOf(id, visit, 'short')),
  };
}

type Line = ReturnType<typeof lineOf>;

function listOf({ t }: Visit, rows: readonly Line[]): SmallList<Line> {
  return {
    name: '', file: 'forms', rows, usual: { by: 'title', isDescending: false }, idOf: ({ formId }) => formId,
    columns: [
      { key: 'title', label: t('admin:forms.title_head'), by: ({ title }) => title, cells: ({ title }) => title }, { key: 'edition', label: t('admin:forms.edition'), by: ({ edition }) => edition || null, cells: ({ edition }) => edition },
      { key: 'expires', label: t('admin:forms.expires'), by: ({ expires }) => expires || null, cells: ({ expires }) => expires }, { key: 'used_by', label: t('admin:forms.used_by'), cells: ({ partners }) => partners.join('; ') },
      { key: 'source', label: t('admin:confirm.source'), isFileOnly: true, cells: ({ sources }) => sources }, { key: 'id', label: 'id', isFileOnly: true, cells: ({ formId }) => formId },
    ],
  };
}

/** Every form of our packets with the edition of the official form behind it, who uses it, and which editions have run out. */
export const formsPage: Page = {
  path: '/administration/forms',
  access: 'kits.view',
  get: async (visit) => {
    const { ctx } = visit;
    const only = queryText(visit, 'show', 12);
    const all = listForms(ctx).map((form) => lineOf(form, visit));
    const list = listOf(visit, all.filter((one) => (only !== 'expired' || one.isExpired) && (only !== 'unconfirmed' || !one.isConfirmed)));
    if (wantsCsv(visit)) return smallCsv(visit, list);
    return view('administrator/forms', {
      ...smallList(visit, list), only, expired: all.filter(({ isExpired }) => isExpired).length,
      sets: listFormSets(ctx).map((set) => ({ ...set, partners: set.partners.map((id) => partnerNameOf(id, visit, 'short')) })),
    });
  },
};
