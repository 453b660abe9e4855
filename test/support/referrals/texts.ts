import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { createReferral, registerTexts, saveInterview } from '../../../src/modules/referrals/index.ts';
import type { NarrativeSource } from '../../../src/modules/referrals/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { extractOf } from '../cases/builders.ts';
import { aMexicanCase } from './packets.ts';

export const PAIR = { left: 'en', right: 'es-MX' } as const;
export const NAMES = ['Xavier', 'Bonilla', 'Rosario'];
export const IMPERIAL = '06025';

/** A referral without texts, of a case of Imperial County unless told otherwise. */
export async function aReferral(ctx: Ctx, caseId: string, county = IMPERIAL): Promise<{ referralId: string; county: string }> {
  await importCaseExtract(ctx, { fileName: 'cases.ndjson', source: Readable.from(extractOf([aMexicanCase({ caseId, county })])) });
  const { referralId } = await createReferral(ctx, { caseId, partnerId: 'mx-sre', services: ['enforce'] });
  return { referralId, county };
}

const STATEMENT = 'interview.statement.text';

/** What the interview's last answer gives the translators. */
export const statement = (text: string, language = 'en'): NarrativeSource => ({ id: STATEMENT, participantId: null, text, language });

/** Records the statement in the interview and gives it to the translators with the names of `NAMES`. */
export async function give(ctx: Ctx, referral: { referralId: string; county: string }, sources: readonly NarrativeSource[]): Promise<{ added: number; changed: number; withdrawn: number }> {
  const given = await inTransaction(ctx, (tx) => registerTexts(tx, referral, { sources, pair: PAIR, names: NAMES }));
  const [told] = sources;
  await saveInterview(ctx, referral.referralId, { language: told?.language ?? 'en', answers: { sections: told ? { statement: { text: told.text } } : {} } });
  return given;
}
