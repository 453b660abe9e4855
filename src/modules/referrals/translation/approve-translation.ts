import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { calendarDate, isCalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import { refreshFindings } from '../packets/refresh-referral.ts';
import { remember } from './memory.ts';
import { sentencesOf } from './segment.rules.ts';
import { deleteResting, insertApproval, nextApproval } from './sentence.store.ts';
import { approvalAad, getTextRow, namesOf, sentenceKey, sentencesWithTargets, sourceOf } from './text-content.ts';
import type { SentenceView } from './text-content.ts';
import { TRANSLATOR_CHARACTERS_MAX, oneLine } from './text.rules.ts';
import type { ApprovedBody, Translator } from './text.rules.ts';
import { updateApproved, updateState } from './translation.store.ts';
import type { TextRow } from './translation.store.ts';

const TIME_ZONE = 'America/Los_Angeles';

/**
 * Says that a text is translated whole, by whom, with what qualification and when: what the translator's certificate will print. Somebody who is
 * signed in signs for themselves alone: the certificate bears the name of their account, and only who translated may sign.
 *
 * @throws AppError `translation.incomplete`, `translation.not_translator`, `translation.translator_needed`, `translation.date_wrong`, `translation.text_withdrawn`, `translation.text_not_found`.
 */
export async function declareTranslation(ctx: Ctx, referralId: string, textId: string, translator: Translator): Promise<void> {
  authorise(ctx, 'translations.edit');
  await inTransaction(ctx, async (tx) => {
    const referral = await getReferralRow(tx, referralId, 'lock');
    const row = await getTextRow(tx, referralId, textId, 'lock');
    // What is approved needs no word more, and a late one must not take the approval back.
    if (row.state === 'approved') return;
    await declare(tx, row, translator, await sentencesWithTargets(tx, row));
    await refreshFindings(tx, referral);
  });
}

async function declare(ctx: TxCtx, row: TextRow, given: Translator, sentences: readonly SentenceView[]): Promise<Translator> {
  if (row.state === 'withdrawn') throw new AppError('conflict', 'translation.text_withdrawn');
  const translator = checkedTranslator(ctx, given);
  mustBeWhole(sentences);
  if (ctx.actor.kind === 'user' && !sentences.some((one) => one.savedBy === ctx.actor.id)) throw new AppError('forbidden', 'translation.not_translator');
  await updateState(ctx, row.textId, 'translated', translator);
  await recordAudit(ctx, { action: 'translation.declared', subject: { type: 'translation', id: row.textId }, county: row.county, details: { referralId: row.referralId, translatedOn: translator.on } });
  await emit(ctx, 'translation.declared', { referralId: row.referralId, textId: row.textId });
  return translator;
}

function mustBeWhole(sentences: readonly SentenceView[]): void {
  const missing = sentences.filter((one) => one.target === null).length;
  if (missing > 0) throw new AppError('conflict', 'translation.incomplete', { params: { count: missing } });
}

function checkedTranslator(ctx: Ctx, given: Translator): Translator {
  // Only the command line, which has no person of its own, names somebody outside.
  const translatorName = oneLine(ctx.actor.kind === 'user' ? ctx.actor.name : given.translatorName, TRANSLATOR_CHARACTERS_MAX);
  const qualification = oneLine(given.qualification, TRANSLATOR_CHARACTERS_MAX);
  if (translatorName === null || qualification === null) throw new AppError('invalid', 'translation.translator_needed');
  if (!isCalendarDate(given.on) || given.on > calendarDate(ctx.clock.now(), TIME_ZONE)) throw new AppError('invalid', 'translation.date_wrong');
  return { translatorName, qualification, on: given.on };
}

/**
 * Approves a text: from now on it may leave in a packet, and its sentences help with later ones. Whoever translated or declared does
 * not approve. With `translator` given it is declared in the same step, as where a person outside has translated; that only the command line does.
 *
 * @throws AppError `translation.not_declared`, `translation.not_translator`, `translation.own_work`, `translation.incomplete`, `translation.translator_needed`, `translation.date_wrong`,
 *   `translation.text_withdrawn`, `translation.text_not_found`, `access.forbidden`.
 */
export async function approveTranslation(ctx: Ctx, referralId: string, textId: string, given?: Translator): Promise<{ remembered: number; sentences: number }> {
  authorise(ctx, 'translations.approve');
  return inTransaction(ctx, async (tx) => {
    const referral = await getReferralRow(tx, referralId, 'lock');
    const row = await getTextRow(tx, referralId, textId, 'lock');
    const sentences = await sentencesWithTargets(tx, row);
    const translator = await declaredTranslator(tx, row, given, sentences);
    const isOwn = (given === undefined && row.declaredBy === tx.actor.id) || sentences.some((one) => one.savedBy === tx.actor.id);
    // The command line has no person of its own: who uses it answers for both eyes.
    if (isOwn && tx.actor.kind !== 'system') throw new AppError('forbidden', 'translation.own_work');
    mustBeWhole(sentences);
    await keepApproval(tx, row, translator, sentences);
    await deleteResting(tx, textId);
    await updateApproved(tx, textId);
    const remembered = await rememberAll(tx, row, sentences);
    await recordAudit(tx, { action: 'translation.approved', subject: { type: 'translation', id: textId }, county: row.county, details: { referralId, sentences: sentences.length, remembered } });
    await emit(tx, 'translation.approved', { referralId, textId });
    await refreshFindings(tx, referral);
    return { remembered, sentences: sentences.length };
  });
}

async function declaredTranslator(ctx: TxCtx, row: TextRow, given: Translator | undefined, sentences: readonly SentenceView[]): Promise<Translator> {
  if (given) {
    if (ctx.actor.kind === 'user') throw new AppError('forbidden', 'translation.not_translator');
    return declare(ctx, row, given, sentences);
  }
  if (row.state === 'withdrawn') throw new AppError('conflict', 'translation.text_withdrawn');
  if (row.state !== 'translated' || row.translatorName === null || row.qualification === null || row.translatedOn === null) throw new AppError('conflict', 'translation.not_declared');
  return { translatorName: row.translatorName, qualification: row.qualification, on: row.translatedOn };
}

async function keepApproval(ctx: TxCtx, row: TextRow, translator: Translator, sentences: readonly SentenceView[]): Promise<void> {
  const targets = new Map(sentences.map((one) => [one.key, one.target ?? '']));
  const segments = sentencesOf(sourceOf(ctx, row), row.sourceLanguage)
    .map(({ text }) => ({ source: text, target: targets.get(sentenceKey(ctx.keys, ctx.actor.agency, row.textId, text)) ?? '' }));
  const body: ApprovedBody = { sourceLanguage: row.sourceLanguage, targetLanguage: row.targetLanguage, segments };
  const position = await nextApproval(ctx, row.textId);
  await insertApproval(ctx, row.county, {
    textId: row.textId, position, sourceDigest: row.sourceDigest, translatorName: translator.translatorName, qualification: translator.qualification, translatedOn: translator.on,
    bodyEncrypted: ctx.keys.encrypt(JSON.stringify(body), approvalAad(ctx.actor.agency, row.textId, position)),
  });
}

async function rememberAll(ctx: TxCtx, row: TextRow, sentences: readonly SentenceView[]): Promise<number> {
  const names = namesOf(ctx, row);
  const on = calendarDate(ctx.clock.now(), TIME_ZONE);
  let remembered = 0;
  for (const { source, target } of sentences) {
    if (target !== null && await remember(ctx, row, { source, target }, names, on)) remembered++;
  }
  return remembered;
}
