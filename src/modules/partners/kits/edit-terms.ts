import { isDeepStrictEqual } from 'node:util';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import type { Finding } from '../../../platform/errors.ts';
import { findTerm, publishedTerm } from '../../../platform/glossary.ts';
import type { GlossaryTerm } from '../../../platform/glossary.ts';
import { recordAudit } from '../../audit/index.ts';
import { refreshKits } from './effective-kits.ts';
import { insertVersion, lockKit, newestVersion, selectNewest, selectVersionsOf } from './kit.store.ts';
import { termFindings } from './check-term.ts';

const KIND = 'term';
const VERSIONS_SHOWN = 100;
export const TERMS_AT_ONCE_MAX = 1_000;

export interface TermVersion {
  readonly version: number;
  /** null: the published wording counts again. */
  readonly term: GlossaryTerm | null;
  readonly savedAt: Date;
  readonly savedBy: string;
}

/** The versions of a term that were saved here, the newest first. */
export async function termHistory(ctx: Ctx, id: string): Promise<TermVersion[]> {
  authorise(ctx, 'glossary.view');
  const rows = await inTransaction(ctx, (tx) => selectVersionsOf(tx, KIND, id, VERSIONS_SHOWN));
  return rows.map(({ version, content, savedAt, savedBy }) => ({ version, term: content as GlossaryTerm | null, savedAt, savedBy }));
}

/** Which terms were changed here, and when. */
export async function changedTerms(ctx: Ctx): Promise<ReadonlyMap<string, { readonly savedAt: Date; readonly savedBy: string }>> {
  authorise(ctx, 'glossary.view');
  const rows = await inTransaction(ctx, selectNewest);
  return new Map(rows.filter(({ kind, content }) => kind === KIND && content !== null).map(({ key, savedAt, savedBy }) => [key, { savedAt, savedBy }]));
}

/**
 * Saves terms as they are to be from now on; packets that are sealed keep their words. What is as it was is passed over.
 * @returns how many were changed. @throws AppError `glossary.invalid` with a finding for each fault (its `path` begins with the term's id), `glossary.too_many`.
 */
export async function saveTerms(ctx: Ctx, terms: readonly GlossaryTerm[]): Promise<number> {
  authorise(ctx, 'glossary.manage');
  if (terms.length > TERMS_AT_ONCE_MAX) throw new AppError('invalid', 'glossary.too_many', { params: { termsMax: TERMS_AT_ONCE_MAX } });
  const findings = terms.flatMap((term): Finding[] => termFindings(term).map((one) => ({ ...one, path: `${term.id}${one.path ?? ''}` })));
  if (findings.length > 0) throw new AppError('invalid', 'glossary.invalid', { findings });
  const count = await inTransaction(ctx, async (tx) => {
    let changed = 0;
    for (const term of terms) if (await saveOne(tx, term)) changed += 1;
    if (changed > 0) await emit(tx, 'glossary.changed', { terms: changed });
    return changed;
  });
  if (!ctx.tx) await refreshKits(ctx);
  return count;
}

async function saveOne(ctx: TxCtx, term: GlossaryTerm): Promise<boolean> {
  await lockKit(ctx, KIND, term.id);
  const [newest] = await selectVersionsOf(ctx, KIND, term.id, 1);
  const before = (newest?.content as GlossaryTerm | null | undefined) ?? publishedTerm(term.id);
  if (before === null) throw new AppError('not_found', 'glossary.term_unknown', { params: { term: term.id.slice(0, 60) } });
  if (isDeepStrictEqual(JSON.parse(JSON.stringify(before)), JSON.parse(JSON.stringify(term)))) return false;
  const version = await newestVersion(ctx, KIND, term.id) + 1;
  const isPublished = isDeepStrictEqual(JSON.parse(JSON.stringify(publishedTerm(term.id))), JSON.parse(JSON.stringify(term)));
  await insertVersion(ctx, { kind: KIND, key: term.id, version, content: isPublished ? null : term, reason: null, preparedBy: [ctx.actor.id] });
  await recordAudit(ctx, { action: 'glossary.term_changed', subject: { type: 'term', id: term.id }, details: { version, status: term.status } });
  return true;
}

/** A term as it counts now. @throws AppError `glossary.term_unknown`. */
export function getTerm(ctx: Ctx, id: string): GlossaryTerm {
  authorise(ctx, 'glossary.view');
  const found = findTerm(id);
  if (!found) throw new AppError('not_found', 'glossary.term_unknown', { params: { term: id.slice(0, 60) } });
  return found;
}
