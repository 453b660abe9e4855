import { approveTranslation, declareTranslation, getText, listTexts, saveInterview, saveSentences } from '../../src/modules/referrals/index.ts';
import type { Ctx } from '../../src/platform/context.ts';

const DONE = { translatorName: 'Kim Ha-neul', qualification: 'Court-certified interpreter, no. 300123', on: '2026-01-05' };

/** Two texts for translators: one half done, with a suggestion, terms and a false friend; one that waits for its approval. */
export async function tellTexts(ctx: Ctx, korean: string, mexican: string): Promise<{ text: string; textToApprove: string }> {
  const give = async (referralId: string, text: string): Promise<string> => {
    await saveInterview(ctx, referralId, { language: 'en', answers: { sections: { statement: { text } } } });
    return (await listTexts(ctx, referralId)).find(({ state }) => state !== 'withdrawn')?.textId ?? '';
  };
  const type = async (referralId: string, textId: string, targets: readonly (string | undefined)[]): Promise<void> => {
    const { items } = await getText(ctx, referralId, textId);
    await saveSentences(ctx, referralId, textId, items.flatMap(({ key, revision }, index) => (targets[index] ? [{ key, revision, target: targets[index] }] : [])));
  };
  const first = await give(korean, 'He has not paid the arrears since March 2024.');
  await type(korean, first, ['그는 2024년 3월부터 미지급 양육비를 지급하지 않았습니다.']);
  await approveTranslation(ctx, korean, first, DONE);
  const half = await give(korean, 'He has not paid the arrears since April 2023. The obligor left the home.\n\nHe told nobody where he went. He told nobody where he went. The support order is registered.');
  await type(korean, half, [undefined, '그에게 과거 양육비가 있습니다.']);
  const other = await give(mexican, 'She signed before a notary public. The partner agency answered in May.');
  await type(mexican, other, ['Firmó ante un notario.', 'La institución contraparte contestó en mayo.']);
  await declareTranslation(ctx, mexican, other, DONE);
  return { text: `/translations/${korean}/${half}`, textToApprove: `/translations/${mexican}/${other}` };
}
