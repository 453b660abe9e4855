import { hash } from 'node:crypto';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { previewTable } from '../formats/tables/table-preview.rules.ts';
import type { TablePreview } from '../formats/tables/table-preview.rules.ts';
import type { SavedMapping } from '../mappings/mapping.store.ts';
import { cappedFindings } from '../import-summary.rules.ts';
import { layoutOf, readTable } from '../read-list.ts';
import type { ListWriter } from '../read-list.ts';
import type { KeptTable } from '../read-table.ts';
import { previewOf } from './list-preview.rules.ts';
import type { ListPreview } from './list-preview.rules.ts';
import { isNoListByContent, sentenceIn } from './not-a-list.ts';

/** By what a list is read. */
export interface ListKnown {
  readonly partner: ListWriter;
  readonly mappings: readonly Pick<SavedMapping, 'kind' | 'version' | 'mapping'>[];
  readonly disbursementIds: readonly string[];
}

/** What was understood of a list. */
export interface Look {
  /** What was understood; null where its columns cannot be told, or it cannot be read. */
  readonly preview: ListPreview | null;
  /** Its first rows as they stand, where the officer can say what the columns are. */
  readonly untold: TablePreview | null;
  /** Why nothing was understood: a code, with findings where there are some. */
  readonly refusal: { readonly code: string; readonly params: AppError['params']; readonly findings: readonly Finding[] } | null;
}

/** What is shown of a list has grown: what was kept before is read again. */
const SHOWN_SINCE = '2026-11-22';

/** Tells whether a list would be read today as it was: the profile and the mappings, not the disbursements, which grow every day. */
export function basisOf({ partner, mappings }: ListKnown): string {
  return hash('sha256', JSON.stringify([SHOWN_SINCE, partner.files, partner.caseNumbers, mappings.map(({ kind, version }) => [kind, version]).sort()]), 'hex');
}

/** @throws what is no refusal. */
export function lookThrough(kept: KeptTable, { partner, mappings, disbursementIds }: ListKnown): Look {
  // What was packed is looked at only here.
  if (kept.encoding !== 'xlsx' && isNoListByContent(kept.bytes)) return refusedLook(new AppError('invalid', 'payments.not_a_list'));
  try {
    const preview = previewOf(readTable(kept, partner, disbursementIds, mappings));
    return { preview: { ...preview, findings: cappedFindings(preview.findings) }, untold: null, refusal: null };
  } catch (error) {
    const refused = refusedLook(error);
    const isUntold = ['payments.columns_untold', 'payments.kind_untold'].includes(refused.refusal?.code ?? '');
    const line = isUntold && kept.encoding !== 'xlsx' ? sentenceIn(kept.bytes) : null;
    // Nobody can say what the columns of a letter are.
    if (line !== null) return refusedLook(new AppError('invalid', 'payments.not_a_list', { findings: [{ code: 'payments.sentence', severity: 'block', line, params: { line } }] }));
    return isUntold ? { ...refused, untold: previewTable(kept.source, layoutOf(partner, [], mappings)) } : refused;
  }
}

/** A list that cannot be read is an answer; everything else is thrown on. */
export function refusedLook(error: unknown): Look {
  if (!(error instanceof AppError) || error.kind !== 'invalid') throw error;
  return { preview: null, untold: null, refusal: { code: error.code, params: error.params, findings: cappedFindings(error.findings) } };
}
