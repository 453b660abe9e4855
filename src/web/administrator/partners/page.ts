import { listPartnerDrafts, listPartners, startPartner, unconfirmedFacts } from '../../../modules/partners/index.ts';
import type { PartnerProfile } from '../../../modules/partners/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import type { Sort } from '../../list.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { countryOf } from '../../schema-form/words.ts';
import { field, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

const KEYS = ['name', 'country', 'basis', 'unconfirmed'] as const;
type Key = (typeof KEYS)[number];
const USUAL: Sort<Key> = { by: 'name', isDescending: false };

interface Entered {
  readonly partnerId: string;
  readonly like: string;
}

async function linesOf(visit: Visit) {
  const { language } = visit;
  const words = wordsFor(language);
  const drafts = await listPartnerDrafts(visit.ctx);
  const known = listPartners();
  const line = (profile: PartnerProfile, isNew: boolean) => ({
    partnerId: profile.partnerId, name: isNew ? profile.names?.value?.[language] ?? profile.partnerId : partnerNameOf(profile.partnerId, visit), country: countryOf(String(profile.country), visit),
    basis: words.label('basis', String(profile.exchangeBasis?.value?.basis ?? '')), unconfirmed: unconfirmedFacts(profile).length, hasDraft: isNew || drafts.some(({ key }) => key === profile.partnerId), isNew,
  });
  const fresh = drafts.filter(({ key }) => !known.some(({ partnerId }) => partnerId === key));
  return [...known.map((profile) => line(profile, false)), ...fresh.map(({ content }) => line(content as PartnerProfile, true))];
}

async function show(visit: Visit, { entered = { partnerId: '', like: '' }, faults = [] }: { readonly entered?: Entered; readonly faults?: readonly { readonly field: string; readonly text: string }[] } = {}, status = 200): Promise<Reply> {
  const { t } = visit;
  const sort = sortOf<Key>(visit, KEYS, USUAL);
  const word = queryText(visit, 'q', 80);
  const only = queryText(visit, 'show', 12);
  const collator = new Intl.Collator(visit.language, { numeric: true });
  const all = await linesOf(visit);
  const rows = all.filter((one) => `${one.name} ${one.country} ${one.partnerId}`.toLowerCase().includes(word.toLowerCase()) && (only !== 'unconfirmed' || one.unconfirmed > 0) && (only !== 'draft' || one.hasDraft))
    .sort((a, b) => (sort.isDescending ? -1 : 1) * collator.compare(String(a[sort.by]), String(b[sort.by])) || (a.partnerId < b.partnerId ? -1 : 1));
  const columns = [{ label: t('admin:partners.name'), sort: 'name' as const }, { label: t('admin:partners.country'), sort: 'country' as const }, { label: t('admin:partners.basis'), sort: 'basis' as const }, { label: t('admin:partners.unconfirmed'), sort: 'unconfirmed' as const, isNumber: true }];
  if (wantsCsv(visit)) return csvOf(visit, 'partners', [...columns.map(({ label }) => label), 'id'], lines(rows.map((one) => [one.name, one.country, one.basis, String(one.unconfirmed), one.partnerId])));
  const done = queryText(visit, 'done', 10);
  return view('administrator/partners', {
    rows, heads: headsOf(visit, columns, sort), csv: csvAddress(visit), word, only, mayManage: isAllowed(visit.ctx, 'partners.manage'), entered, faults,
    models: listPartners().map(({ partnerId }) => ({ partnerId, name: partnerNameOf(partnerId, visit, 'short') })), done: done === 'dropped' ? t('admin:partner.done_dropped') : null,
  }, status);
}

async function* lines(rows: readonly (readonly string[])[]): AsyncGenerator<readonly string[]> {
  yield* rows;
}

const start: Handler = async (visit) => {
  const entered = { partnerId: field(visit, 'partner_id', 60).toLowerCase(), like: field(visit, 'like', 60) };
  try {
    await startPartner(visit.ctx, entered);
  } catch (error) {
    if (!(error instanceof AppError) || !['partner.id_form', 'partner.id_taken', 'partner.unknown'].includes(error.code)) throw error;
    const text = error.code === 'partner.unknown' ? visit.t('admin:partners.like_missing') : wordsFor(visit.language).error(error.code, error.params);
    return show(visit, { entered, faults: [{ field: error.code === 'partner.unknown' ? 'like' : 'partner_id', text }] }, error.kind === 'conflict' ? 409 : 422);
  }
  return redirect(`/administration/partners/${entered.partnerId}?done=started`);
};

/** All partners as the administrators see them, and the beginning of a new one. */
export const administeredPartnersPages: readonly Page[] = [
  { path: '/administration/partners', access: 'partners.review', get: (visit) => show(visit) },
  { path: '/administration/partners/new', access: 'partners.manage', get: async () => Promise.resolve(redirect('/administration/partners#new')), post: start },
];
