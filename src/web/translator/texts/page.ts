import { isAllowed } from '../../../platform/authorise.ts';
import { submitOnce } from '../../../modules/identity/index.ts';
import { listWaitingTexts, takeNextText, TEXT_HANDS, TEXT_LEASE_HOURS, TEXT_SORTS, TEXTS_PER_PAGE } from '../../../modules/referrals/index.ts';
import type { TextHands, TextLine, TextState, WaitingQuery } from '../../../modules/referrals/index.ts';
import { LANGUAGES } from '../../../platform/i18n.ts';
import { newFormId } from '../../form-id.ts';
import { allPages, csvAddress, csvOf, headsOf, sortOf, telling, wantsCsv } from '../../list.ts';
import type { Line } from '../../list.ts';
import { addressWith, pagingNumbered } from '../../paging.ts';
import { field, queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { languageName, sourceName } from '../text-words.ts';

const SHOWN: readonly TextState[] = ['open', 'translated', 'approved'];
const LANGUAGE = /^[a-z]{2,3}(-[A-Z]{2})?$/;

type Wanted = WaitingQuery & { readonly hands: TextHands; readonly sort: NonNullable<WaitingQuery['sort']> };

function wantedOf(visit: Visit): Wanted {
  const state = SHOWN.find((one) => one === queryText(visit, 'state', 20));
  const referralId = queryText(visit, 'referral', 40);
  const tag = (name: string): string | undefined => (LANGUAGE.test(queryText(visit, name, 6)) ? queryText(visit, name, 6) : undefined);
  return {
    state, hands: TEXT_HANDS.find((one) => one === queryText(visit, 'hands', 8)) ?? 'all', from: tag('from'), to: tag('to'),
    sort: sortOf(visit, TEXT_SORTS, { by: 'due', isDescending: false }), ...(referralId === '' ? {} : { referralId }),
  };
}

/** The work list: which texts wait, whose they are to do and how far they are, and nothing of what they say or of whom. */
async function show(visit: Visit): Promise<Reply> {
  const { t, ctx, language } = visit;
  const wanted = wantedOf(visit);
  const page = queryPage(visit);
  const { rows, total } = await listWaitingTexts(ctx, { ...wanted, page });
  const label = (key: string): string => t(`translation:texts.${key}`);
  const tab = (name: string, changes: Record<string, string>, isHere: boolean) => ({ name, isHere, href: addressWith(visit, { hands: '', state: '', page: '', nothing: '', ...changes }) });
  const capital = (text: string): string => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
  return view('translator/texts', {
    tasks: wanted.referralId !== undefined && isAllowed(ctx, 'packets.build') ? `/referrals/${encodeURIComponent(wanted.referralId)}` : null,
    reading: wanted.referralId !== undefined && isAllowed(ctx, 'translations.review') ? `/referrals/${encodeURIComponent(wanted.referralId)}/texts` : null,
    wanted, total, canTake: isAllowed(ctx, 'translations.edit'), leaseHours: TEXT_LEASE_HOURS, formId: newFormId(), isNothing: queryText(visit, 'nothing', 1) === '1', done: queryText(visit, 'done', 12) === 'given_back',
    tabs: [
      tab(label('waiting'), {}, wanted.hands === 'all' && wanted.state === undefined), tab(t('translator:hands.mine'), { hands: 'mine' }, wanted.hands === 'mine'), tab(t('translator:hands.free'), { hands: 'free' }, wanted.hands === 'free'),
      ...SHOWN.map((state) => tab(capital(t(`translation:text_state.${state}`)), { state }, wanted.hands === 'all' && wanted.state === state)),
    ],
    languages: LANGUAGES.map((tag) => ({ tag, name: languageName(t, tag, language) })),
    heads: headsOf(visit, [{ label: label('due'), sort: 'due' }, { label: label('text'), sort: 'text' }, { label: label('languages'), sort: 'languages' }, { label: label('progress'), sort: 'progress' }, { label: label('state'), sort: 'state' }, { label: t('translator:list.who') }], wanted.sort),
    texts: rows.map((row) => ({ ...row, ...namesOf(row, visit), isMine: row.takenBy === ctx.actor.id, href: `/translations/${encodeURIComponent(row.referralId)}/${encodeURIComponent(row.textId)}` })),
    csv: csvAddress(visit), paging: pagingNumbered(visit, page, page * TEXTS_PER_PAGE < total),
  });
}

const namesOf = (row: TextLine, { t, language }: Visit) =>
  ({ name: sourceName(t, row.sourceId), from: languageName(t, row.sourceLanguage, language), to: languageName(t, row.targetLanguage, language) });

function csv(visit: Visit): Promise<Reply> {
  const wanted = wantedOf(visit);
  const { t } = visit;
  const lines = allPages(async (page) => {
    const { rows, total } = await listWaitingTexts(visit.ctx, { ...wanted, page });
    return { rows, hasNext: page * TEXTS_PER_PAGE < total };
  });
  const heads = [...['due', 'text'].map((key) => t(`translation:texts.${key}`)), t('translator:list.number'), t('translator:list.from'), t('translator:list.to'), t('translator:list.sentences'), t('translation:texts.progress'), t('translation:texts.state'), t('translator:list.who')];
  return csvOf(visit, 'translations', heads, cellsOf(lines, visit));
}

async function* cellsOf(rows: AsyncIterable<TextLine>, visit: Visit): AsyncGenerator<Line> {
  for await (const row of rows) {
    const { name, from, to } = namesOf(row, visit);
    yield telling([row.dueOn ?? '', name, row.textId, from, to, String(row.sentences), String(row.translated), visit.t(`translation:text_state.${row.state}`), row.takenName ?? ''], { referral: row.referralId });
  }
}

/** Pressed twice it is one text. */
const take: Handler = async (visit) => redirect(await submitOnce(visit.ctx, field(visit, 'form_id', 64), async (tx) => {
  const next = await takeNextText(tx);
  return next === null ? '/translations?hands=free&nothing=1' : `/translations/${encodeURIComponent(next.referralId)}/${encodeURIComponent(next.textId)}`;
}));

export const textsPage: Page = { path: '/translations', access: 'translations.view', get: (visit) => (wantsCsv(visit) ? csv(visit) : show(visit)) };
export const takeTextPage: Page = { path: '/translations/take', access: 'translations.edit', get: () => Promise.resolve(redirect('/translations')), post: take };
