import { isAllowed } from '../../../platform/authorise.ts';
import { AppError } from '../../../platform/errors.ts';
import { approveTranslation, checkTranslation, declareTranslation, getText, giveTextBack, nameOfTaker, saveSentences } from '../../../modules/referrals/index.ts';
import type { EditOutcome, SentenceEdit, TextView } from '../../../modules/referrals/index.ts';
import { pagingNumbered } from '../../paging.ts';
import { field, fields, pathText, queryPage, queryText, redirect, view } from '../../visit.ts';
import type { Handler, Page, Reply, Visit } from '../../visit.ts';
import { languageName, sourceName } from '../text-words.ts';

/** What came back from the form: what was typed, and what became of it. */
interface Entered {
  readonly targets: ReadonlyMap<string, string>;
  readonly outcomes: ReadonlyMap<string, EditOutcome>;
  readonly translator: { readonly qualification: string; readonly on: string };
  readonly fault: string | null;
}

const NOTHING: Entered = { targets: new Map(), outcomes: new Map(), translator: { qualification: '', on: '' }, fault: null };
const DONE = ['saved', 'declared', 'approved'];
const KEY = /^[0-9a-f]{32}$/;
const FAULTS = ['translation.translator_needed', 'translation.date_wrong', 'translation.incomplete', 'translation.own_work', 'translation.not_declared', 'translation.not_translator', 'translation.sign_needed'];
const TARGET_CHARACTERS_MAX = 8_000;

const placeOf = (visit: Visit): { referralId: string; textId: string } => ({ referralId: pathText(visit, 'referralId'), textId: pathText(visit, 'textId') });
const hrefOf = ({ referralId, textId }: { referralId: string; textId: string }): string => `/translations/${encodeURIComponent(referralId)}/${encodeURIComponent(textId)}`;

async function show(visit: Visit, page: number, entered: Entered = NOTHING, status = 200): Promise<Reply> {
  const { ctx, t } = visit;
  const at = placeOf(visit);
  const text = await getText(ctx, at.referralId, at.textId, page);
  const done = queryText(visit, 'done', 20);
  return view('translator/text', {
    text, href: hrefOf(at),
    name: sourceName(t, text.sourceId), from: languageName(t, text.sourceLanguage, visit.language), to: languageName(t, text.targetLanguage, visit.language),
    items: text.items.map((item) => itemOf(item, entered)),
    // On one page they stand beside their sentences already.
    notes: text.state === 'translated' && text.pages > 1 ? await checkTranslation(ctx, at.referralId, at.textId) : [],
    canEdit: isAllowed(ctx, 'translations.edit') && text.state !== 'withdrawn',
    canDeclare: isAllowed(ctx, 'translations.edit') && text.state === 'open' && text.translated === text.sentences,
    canApprove: isAllowed(ctx, 'translations.approve') && text.state === 'translated',
    // Who makes the packet came from its list of tasks; who only translates, from the list of texts.
    tasks: isAllowed(ctx, 'packets.build') ? `/referrals/${encodeURIComponent(at.referralId)}` : null,
    reading: isAllowed(ctx, 'translations.review') && text.state === 'approved' ? `/referrals/${encodeURIComponent(at.referralId)}/texts` : null,
    isOwn: text.declaredBy === ctx.actor.id || text.isTranslator, isMine: text.takenBy === ctx.actor.id, signer: ctx.actor.name,
    takenName: text.takenBy === null || text.takenBy === ctx.actor.id ? null : await nameOfTaker(ctx, at.referralId, at.textId),
    entered, fault: entered.fault,
    done: DONE.includes(done) ? done : null,
    paging: pagingNumbered(visit, text.page, text.page < text.pages),
  }, status);
}

function itemOf(item: TextView['items'][number], entered: Entered): Record<string, unknown> {
  const outcome = entered.outcomes.get(item.key);
  const isKept = outcome === undefined || outcome === 'saved' || outcome === 'unchanged';
  const typed = entered.targets.get(item.key);
  return { ...item, value: isKept ? item.target ?? '' : typed ?? '', outcome: isKept ? null : outcome };
}

/** Every sentence of the page is saved for itself; "use" puts a suggestion in the place of what was typed. */
const save: Handler = async (visit) => {
  const { referralId, textId } = placeOf(visit);
  const used = usedSuggestion(field(visit, 'use', 60));
  const edits: SentenceEdit[] = fields(visit, 'key').filter((key) => KEY.test(key)).map((key) => ({
    key, target: field(visit, `target_${key}`, TARGET_CHARACTERS_MAX), revision: revisionOf(field(visit, `revision_${key}`, 9)),
  }));
  const page = Math.max(1, Number(/^\d{1,4}$/.exec(field(visit, 'page', 4))?.[0] ?? 1));
  const wanted = used ? await withSuggestion(visit, page, edits, used) : edits;
  const { outcomes } = await saveSentences(visit.ctx, referralId, textId, wanted);
  const failed = new Map(outcomes.filter(({ outcome }) => outcome !== 'saved' && outcome !== 'unchanged').map(({ key, outcome }) => [key, outcome]));
  if (failed.size > 0) return show(visit, page, { ...NOTHING, targets: new Map(wanted.map(({ key, target }) => [key, target])), outcomes: failed }, 409);
  const after = field(visit, 'after', 40);
  const to = field(visit, 'then', 10) === 'next' || after === 'end' ? page + 1 : page;
  const place = used ? `#s${used.key}` : KEY.test(after) ? `#t${after}` : '';
  return redirect(`${hrefOf({ referralId, textId })}?${to > 1 ? `page=${to}&` : ''}done=saved${place}`);
};

function usedSuggestion(text: string): { key: string; index: number } | null {
  const match = /^([0-9a-f]{32})\.(\d)$/.exec(text);
  return match ? { key: match[1] ?? '', index: Number(match[2]) } : null;
}

const revisionOf = (text: string): number => (/^\d+$/.test(text) ? Number(text) : 0);

async function withSuggestion(visit: Visit, page: number, edits: readonly SentenceEdit[], used: { key: string; index: number }): Promise<SentenceEdit[]> {
  const { referralId, textId } = placeOf(visit);
  const { items } = await getText(visit.ctx, referralId, textId, page);
  const suggestion = items.find(({ key }) => key === used.key)?.suggestions[used.index];
  return edits.map((edit) => (edit.key === used.key && suggestion ? { ...edit, target: suggestion.target } : edit));
}

/** Runs one step of the two that name a person, and shows the page again with what stands in its way. */
async function step(visit: Visit, done: string, run: (at: { referralId: string; textId: string }) => Promise<unknown>): Promise<Reply> {
  const at = placeOf(visit);
  try {
    await run(at);
    return redirect(`${hrefOf(at)}?done=${done}`);
  } catch (error) {
    if (!(error instanceof AppError) || !FAULTS.includes(error.code)) throw error;
    const translator = { qualification: field(visit, 'qualification', 300), on: field(visit, 'translated_on', 10) };
    return show(visit, 1, { ...NOTHING, translator, fault: error.code }, error.kind === 'forbidden' ? 403 : 422);
  }
}

/** The certificate is signed by who is signed in, and by nobody for somebody else: the name is the account's. */
const declare: Handler = (visit) => step(visit, 'declared', ({ referralId, textId }) => {
  if (field(visit, 'sign', 3) !== 'yes') throw new AppError('invalid', 'translation.sign_needed');
  return declareTranslation(visit.ctx, referralId, textId, { translatorName: visit.ctx.actor.name, qualification: field(visit, 'qualification', 300), on: field(visit, 'translated_on', 10) });
});
const giveBack: Handler = async (visit) => {
  const { referralId, textId } = placeOf(visit);
  await giveTextBack(visit.ctx, referralId, textId);
  return redirect('/translations?done=given_back');
};
const approve: Handler = (visit) => step(visit, 'approved', ({ referralId, textId }) => approveTranslation(visit.ctx, referralId, textId));
const back: Handler = async (visit) => redirect(hrefOf(placeOf(visit)));

export const textPage: Page = { path: '/translations/:referralId/:textId', access: 'translations.view', get: (visit) => show(visit, queryPage(visit)), post: save };
export const declareTextPage: Page = { path: '/translations/:referralId/:textId/declare', access: 'translations.edit', get: back, post: declare };
export const approveTextPage: Page = { path: '/translations/:referralId/:textId/approve', access: 'translations.approve', get: back, post: approve };
export const returnTextPage: Page = { path: '/translations/:referralId/:textId/return', access: 'translations.edit', get: back, post: giveBack };
