/** Texts of referrals in their other language: given to translators, translated sentence by sentence, declared, approved, and let through the gate. */
export { approveTranslation, declareTranslation } from './approve-translation.ts';
export { exportTexts, importTexts } from './exchange-texts.ts';
export type { ExportedText, ImportedText } from './exchange-texts.ts';
export { SENTENCES_PER_PAGE, TEXTS_PER_PAGE, checkTranslation, getText, listTexts, listWaitingTexts, suggest } from './list-texts.ts';
export type { TextItem, TextSummary, TextView, WaitingQuery } from './list-texts.ts';
export type { Suggestion } from './memory.ts';
export { narrativesForPacket } from './narratives-for-packet.ts';
export type { NarrativesForPacket } from './narratives-for-packet.ts';
export { registerTexts } from './register-texts.ts';
export type { RegisteredTexts, TextsToTranslate } from './register-texts.ts';
export { saveSegment, saveSentences } from './save-sentences.ts';
export type { EditOutcome, SavedSentences, SentenceEdit } from './save-sentences.ts';
export { TEXT_STATES, sourceCode } from './text.rules.ts';
export type { LanguagePair, NarrativeSource, TextState, Translator } from './text.rules.ts';
export { TEXT_LEASE_HOURS, giveTextBack, nameOfTaker, takeNextText } from './take-text.ts';
export { TEXT_HANDS, TEXT_SORTS } from './translation.store.ts';
export type { TextHands, TextLine, TextSort } from './translation.store.ts';
