import type { TxCtx } from '../../../platform/context.ts';
import { masked, maskedPair, unmasked } from './memory.rules.ts';
import { spaced } from './segment.rules.ts';
import { SIMILARITY_MIN, findable, gramsOf, isCommonGram } from './similarity.rules.ts';
import { selectSimilar, upsertMemory } from './translation-memory.store.ts';
import type { MemoryScope } from './translation-memory.store.ts';

/** A remembered translation, filled in with what stands in the new sentence. */
export interface Suggestion {
  readonly source: string;
  readonly target: string;
  /** 1: the same sentence but for names and numbers. */
  readonly similarity: number;
  readonly approvedOn: string;
}

export const SUGGESTIONS_MAX = 3;
/** Very short sentences are alike in everything. */
const GRAMS_MIN = 6;

const memoryAad = (agency: string, memoryId: string, part: 'source' | 'target'): string => `translation_memory:${agency}:${memoryId}:${part}`;

/**
 * Keyed per agency and county: of two sentences anywhere else nothing can be compared. In one order for all: rare pieces first,
 * each half by its hashes.
 */
function keyedGrams(ctx: TxCtx, scope: MemoryScope, text: string): bigint[] {
  const kind = `translation_gram:${ctx.actor.agency}:${scope.county}`;
  const grams = gramsOf(text);
  const keyed = (some: readonly string[]): bigint[] => some.map((gram) => ctx.keys.lookup(kind, gram).readBigInt64BE(0)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return [...new Set([...keyed(grams.filter((gram) => !isCommonGram(gram))), ...keyed(grams.filter(isCommonGram))])];
}

/** Keeps an approved sentence for the county's next texts; gives whether it could be kept without telling of a person. */
export async function remember(ctx: TxCtx, scope: MemoryScope, pair: { source: string; target: string }, names: readonly string[], approvedOn: string): Promise<boolean> {
  const kept = maskedPair(spaced(pair.source), spaced(pair.target), names);
  if (!kept) return false;
  const grams = keyedGrams(ctx, scope, kept.source);
  if (grams.length < GRAMS_MIN) return false;
  const memoryId = ctx.keys.lookup('translation_memory', JSON.stringify([ctx.actor.agency, scope.county, scope.sourceLanguage, scope.targetLanguage, kept.source, kept.target])).toString('hex');
  await upsertMemory(ctx, scope, {
    memoryId, grams, foundBy: findable(grams), approvedOn,
    sourceEncrypted: ctx.keys.encrypt(kept.source, memoryAad(ctx.actor.agency, memoryId, 'source')),
    targetEncrypted: ctx.keys.encrypt(kept.target, memoryAad(ctx.actor.agency, memoryId, 'target')),
  });
  return true;
}

/** What the county has approved for sentences like this one, the likest first. */
export async function recall(ctx: TxCtx, scope: MemoryScope, sentence: string, names: readonly string[]): Promise<Suggestion[]> {
  const { text, values } = masked(spaced(sentence), names);
  const grams = keyedGrams(ctx, scope, text);
  if (grams.length < GRAMS_MIN) return [];
  const rows = await selectSimilar(ctx, scope, grams, findable(grams), SUGGESTIONS_MAX);
  return rows.filter((row) => row.similarity >= SIMILARITY_MIN).map((row) => ({
    source: ctx.keys.decrypt(row.sourceEncrypted, memoryAad(ctx.actor.agency, row.memoryId, 'source')).toString('utf8'),
    target: unmasked(ctx.keys.decrypt(row.targetEncrypted, memoryAad(ctx.actor.agency, row.memoryId, 'target')).toString('utf8'), values, scope.targetLanguage),
    similarity: Math.round(row.similarity * 1000) / 1000,
    approvedOn: row.approvedOn,
  }));
}
