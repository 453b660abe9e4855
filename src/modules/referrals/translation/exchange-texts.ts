import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import { refreshAfterInterview } from '../packets/refresh-referral.ts';
import { saveSentences } from './save-sentences.ts';
import { spaced } from './segment.rules.ts';
import { getTextRow, sentencesWithTargets } from './text-content.ts';
import { toldTexts } from './told-today.ts';
import { selectTexts } from './translation.store.ts';
import { readXliff, unreadable, writeXliff } from './xliff.ts';

/** A text as a file for a translator's own tools. Its name tells nothing but the number of the text. */
export interface ExportedText {
  readonly textId: string;
  readonly fileName: string;
  readonly xml: string;
  readonly sentences: number;
  readonly translated: number;
}

/**
 * Every text of a referral that is still wanted and may be told today: what is in a file is out of our hands, whoever asked for it.
 *
 * @throws AppError `referral.not_found`, `access.forbidden`.
 */
export async function exportTexts(ctx: Ctx, referralId: string): Promise<ExportedText[]> {
  authorise(ctx, 'translations.edit');
  return inTransaction(ctx, async (tx) => {
    const referral = await getReferralRow(tx, referralId);
    const isTold = await toldTexts(tx, referral);
    const files: ExportedText[] = [];
    const wanted = (await selectTexts(tx, referralId)).filter(({ state }) => state !== 'withdrawn');
    const told = wanted.filter(isTold);
    if (told.length < wanted.length) await refreshAfterInterview(tx, referral);
    for (const row of told) {
      const units = (await sentencesWithTargets(tx, row)).map(({ key, revision, source, target }) => ({ key, revision, source, target }));
      const xml = writeXliff({ referralId, textId: row.textId, sourceLanguage: row.sourceLanguage, targetLanguage: row.targetLanguage, units });
      files.push({ textId: row.textId, fileName: `${row.textId}.xlf`, xml, sentences: units.length, translated: units.filter(({ target }) => target !== null).length });
    }
    await recordAudit(tx, { action: 'translation.exported', subject: { type: 'referral', id: referralId }, county: referral.county, details: { texts: files.length } });
    return files;
  });
}

export interface ImportedText {
  readonly textId: string;
  readonly saved: number;
  readonly refused: number;
  readonly findings: readonly Finding[];
}

/**
 * Takes the translations of such a file over, each sentence for itself: one whose source was changed here, or that somebody translated
 * meanwhile, is left and told. Sentences that the file leaves empty stay as they are.
 *
 * @throws AppError `translation.file_unreadable`, `translation.file_of_other_referral`, `translation.text_not_found`, `translation.text_withdrawn`.
 */
export async function importTexts(ctx: Ctx, referralId: string, xml: string): Promise<ImportedText> {
  authorise(ctx, 'translations.edit');
  const file = readXliff(xml);
  if (file.referralId !== referralId) throw new AppError('conflict', 'translation.file_of_other_referral');
  return inTransaction(ctx, async (tx) => {
    const row = await getTextRow(tx, referralId, file.textId, 'lock');
    if (row.sourceLanguage !== file.sourceLanguage || row.targetLanguage !== file.targetLanguage) throw unreadable('/xliff');
    const sources = new Map((await sentencesWithTargets(tx, row)).map((one) => [one.key, one.source]));
    const wanted = file.units.filter(({ target }) => target !== null);
    // A tool that touched the source has translated something else than what stands here.
    const sameSource = wanted.filter(({ key, source }) => sources.get(key) === spaced(source));
    const { outcomes, saved } = await saveSentences(tx, referralId, file.textId, sameSource.map(({ key, target, revision }) => ({ key, target: target ?? '', revision })), 'imported');
    const reasons = new Map(outcomes.map(({ key, outcome }) => [key, outcome]));
    const findings = wanted.flatMap(({ key }, index): Finding[] => {
      const outcome = reasons.get(key) ?? 'unknown';
      return outcome === 'saved' || outcome === 'unchanged' ? [] : [{ code: 'translation.row_refused', severity: 'warn', path: `/units/${index}`, params: { reason: outcome } }];
    });
    return { textId: file.textId, saved, refused: findings.length, findings };
  });
}
