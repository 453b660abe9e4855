import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { getPartner } from '../../partners/index.ts';
import type { FileKind } from '../../partners/index.ts';
import { previewTable } from '../formats/tables/table-preview.rules.ts';
import type { TablePreview } from '../formats/tables/table-preview.rules.ts';
import { readKeptTable } from '../read-table.ts';
import { findMapping, findUntold, selectMappings, selectUntold } from './mapping.store.ts';
import type { SavedMapping, UntoldList } from './mapping.store.ts';

const UNTOLD_MAX = 1_000;

/** The mappings in force, of one partner or of all, and the lists that wait for one. */
export async function listMappings(ctx: Ctx, partnerId: string | null = null): Promise<{ mappings: SavedMapping[]; waiting: UntoldList[] }> {
  authorise(ctx, 'payments.map');
  return inTransaction(ctx, async (tx) => {
    const waiting = await selectUntold(tx, UNTOLD_MAX);
    return { mappings: await selectMappings(tx, partnerId), waiting: waiting.filter((list) => partnerId === null || list.partnerId === partnerId) };
  });
}

/** One mapping: the version in force, or an earlier one. @throws AppError not_found `mapping.not_found`. */
export async function getMapping(ctx: Ctx, partnerId: string, kind: FileKind, version: number | null = null): Promise<SavedMapping> {
  authorise(ctx, 'payments.map');
  const saved = await inTransaction(ctx, (tx) => findMapping(tx, partnerId, kind, version));
  if (!saved) throw new AppError('not_found', 'mapping.not_found', { params: { partner: partnerId.slice(0, 60), kind } });
  return saved;
}

/**
 * A list that waits for a mapping, with its first rows as the partner wrote them and the columns that could be told of each kind.
 *
 * @throws AppError not_found `mapping.no_such_list` for every other file, whatever it holds.
 */
export async function previewUntold(ctx: Ctx, fileId: string): Promise<{ list: UntoldList; preview: TablePreview }> {
  authorise(ctx, 'payments.map');
  const found = await inTransaction(ctx, async (tx) => {
    const list = await findUntold(tx, fileId);
    return list && { list, mappings: await selectMappings(tx, list.partnerId) };
  });
  if (!found) throw new AppError('not_found', 'mapping.no_such_list');
  const { files, caseNumbers } = getPartner(found.list.partnerId);
  const { source } = await readKeptTable(ctx, fileId);
  const preview = previewTable(source, {
    forwarding: files.forwarding?.value ?? null, remittance: files.remittance?.value ?? null, caseNumbers: caseNumbers.value.forms, disbursementIds: [],
    mappings: Object.fromEntries(found.mappings.map(({ kind, mapping }) => [kind, mapping])),
  });
  return { list: found.list, preview };
}
