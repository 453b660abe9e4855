import { listPartnerDrafts, listPartners, startPartner, unconfirmedFacts } from '../../../modules/partners/index.ts';
import type { PartnerProfile } from '../../../modules/partners/index.ts';
import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { folded } from '../../folded.ts';
import { wantsCsv } from '../../list.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { countryOf } from '../../schema-form/words.ts';
import { smallCsv, smallList } from '../../small-list.ts';
import type { SmallList } from '../../small-list.ts';
import { field, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';

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

type Line = Awaited<ReturnType<typeof linesOf>>[number];

async function listOf(visit: Visit): Promise<SmallList<Line>> {
  const { t } = visit;
  const [word, only] = [folded(queryText(visit, 'q', 80)), queryText(visit, 'show', 12)];
  const all = await linesOf(visit);
  return {
    name: '', file: 'partners', usual: { by: 'name', isDescending: false }, idOf: ({ partnerId }) => partnerId,
    rows: all.filter((one) => folded(`${one.name} ${one.country} ${one.partnerId}`).includes(word) && (only !== 'unconfirmed' || one.unconfirmed > 0) && (only !== 'draft' || one.hasDraft)),
    columns: [
      { key: 'name', label: t('admin:partners.name'), by: ({ name }) => name, cells: ({ name }) => name }, { key: 'country', label: t('admin:partners.country'), by: ({ country }) => country, cells: ({ country }) => country },
      { key: 'basis', label: t('admin:partners.basis'), by: ({ basis }) => basis, cells: ({ basis }) => basis }, { key: 'unconfirmed', label: t('admin:partners.unconfirmed'), isNumber: true, by: ({ unconfirmed }) => unconfirmed, cells: ({ unconfirmed }) => String(unconfirmed) },
      { key: 'id', label: 'id', isFileOnly: true, cells: ({ partnerId }) => partnerId },
    ],
  };
}

async function show(visit: Visit, { entered = { partnerId: '', like: '' }, faults = [] }: { readonly entered?: Entered; readonly faults?: readonly { readonly field: string; readonly text: string }[] } = {}, status = 200): Promise<Reply> {
  const { t } = visit;
  const list = await listOf(visit);
  if (wantsCsv(visit)) return smallCsv(visit, list);
  const done = queryText(visit, 'done', 10);
  return view('administrator/partners', {
    ...smallList(visit, list), word: queryText(visit, 'q', 80), only: queryText(visit, 'show', 12), mayManage: isAllowed(visit.ctx, 'partners.manage'), entered, faults,
    models: listPartners().map(({ partnerId }) => ({ partnerId, name: partnerNameOf(partnerId, visit, 'short') })), done: done === 'dropped' ? t('admin:partner.done_dropped') : null,
  }, status);
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
