import { extname } from 'node:path';
import type { Readable } from 'node:stream';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { getKeptFile, keepFile, openKeptFile } from '../../../platform/files.ts';
import { hasWords, translator } from '../../../platform/i18n.ts';
import type { Translate } from '../../../platform/i18n.ts';
import { recordAudit } from '../../audit/index.ts';
import { getPartner } from '../../partners/index.ts';
import type { PartnerProfile } from '../../partners/index.ts';
import { KEPT_BYTES_MAX } from '../read-file.ts';
import { readKeptTable } from '../read-table.ts';
import { readingsOf } from '../formats/tables/table.rules.ts';
import type { TableSource } from '../formats/tables/table.rules.ts';
import { annotateBytes } from './annotate-bytes.ts';
import { findAnnotated, findListToAnnotate, insertAnnotated, selectAnnotated, selectLinesToAnnotate } from './annotated.store.ts';
import type { AnnotatedList, AnnotatedOrder, LineToAnnotate, ListToAnnotate } from './annotated.store.ts';
import { needsOf } from './needs.rules.ts';

const PAGE_SIZE = 50;

export interface Annotated {
  annotatedFileId: string;
  fileName: string;
  /** Lines with an outcome, and those that name a case of ours. */
  lines: number;
  cases: number;
}

/**
 * A partner's own list, ready to go back to it: every byte as the partner wrote it, and at the end of each line what became of it, our case number where
 * the partner knows the case already, and what is needed, in the partner's language. Nothing else of a case or a person is told. The list is kept, and the
 * partner's officers may fetch it.
 *
 * @param wanted File id or SHA-256 of the list as it came.
 * @throws AppError not_found `annotated.no_such_list`; conflict `annotated.not_reconciled`, `annotated.unaligned`.
 */
export async function annotatedList(ctx: Ctx, wanted: string): Promise<Annotated> {
  authorise(ctx, 'payments.annotate');
  const { list, lines } = await inTransaction(ctx, async (tx) => {
    const found = await findListToAnnotate(tx, wanted);
    if (!found) throw new AppError('not_found', 'annotated.no_such_list');
    return { list: found, lines: await selectLinesToAnnotate(tx, found) };
  });
  const told = lines.filter((line) => line.outcome !== 'none').length;
  if (told === 0) throw new AppError('conflict', 'annotated.not_reconciled');
  const { source, bytes } = await readKeptTable(ctx, list.fileId);
  const words = translator(languageOf(getPartner(list.partnerId)));
  const annotated = await annotateBytes(bytes, list.dialect, widthOf(source, list), {
    headingLine: list.dialect.headingLine,
    heading: ['outcome_heading', 'case_heading', 'needed_heading'].map((key) => words(`tables:annotated.${key}`)),
    byLine: new Map(lines.map((line) => [line.line, cellsOf(line, words)])),
  });
  if (annotated === null) throw new AppError('conflict', 'annotated.unaligned');
  return keep(ctx, list, annotated, told, lines.filter(({ caseId }) => caseId !== null).length);
}

async function keep(ctx: Ctx, list: ListToAnnotate, bytes: Buffer, lines: number, cases: number): Promise<Annotated> {
  const fileName = nameOf(list);
  return inTransaction(ctx, async (tx) => {
    const { fileId: annotatedFileId } = await keepFile(tx, { fileName, source: bytes, bytesMax: 2 * KEPT_BYTES_MAX, partner: list.partnerId });
    await insertAnnotated(tx, { annotatedFileId, fileId: list.fileId, partnerId: list.partnerId, lines });
    await recordAudit(tx, { action: 'payments.annotated', subject: { type: 'kept_file', id: annotatedFileId }, partner: list.partnerId, details: { source: list.fileId, lines, cases } });
    return { annotatedFileId, fileName, lines, cases };
  });
}

function cellsOf({ outcome, reasons, caseId }: LineToAnnotate, words: Translate): string[] {
  return [words(`tables:annotated.outcome.${outcome}`), caseId ?? '', needsOf(outcome, reasons).map((need) => words(`tables:annotated.need.${need}`)).join(' ')];
}

/** The first of the partner's languages in which there are words for it; English where there is none. */
function languageOf({ languages }: PartnerProfile): string {
  return [...languages.value.correspondence, languages.value.packet].find((language) => hasWords(language, 'tables:annotated.outcome_heading')) ?? 'en';
}

/** How many cells the widest of heading and lines has, so that ours stand in columns of their own. */
function widthOf(source: TableSource, { dialect }: ListToAnnotate): number {
  const reading = readingsOf(source).find((one) => (dialect.delimiter === null ? one.sheet === dialect.sheet : one.delimiter === dialect.delimiter));
  const { records } = reading?.whole() ?? { records: [] };
  const heading = records.find((record) => record.line === dialect.headingLine);
  if (dialect.delimiter !== null && heading) return heading.cells.length;
  return records.reduce((most, record) => Math.max(most, record.cells.length), 0);
}

/** The list's own name, without what a shell or a header could take for something else. */
function nameOf({ fileName }: ListToAnnotate): string {
  const plain = fileName.replace(/\.gz$/i, '').replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^[.\s-]+/, '') || 'list';
  const end = extname(plain);
  return `${plain.slice(0, plain.length - end.length)}-annotated${end || '.csv'}`;
}

/** Lists that went back, the newest first: an officer's own partner's, or all. */
export async function listAnnotated(ctx: Ctx, query: { readonly partnerId?: string | undefined; readonly sort?: AnnotatedOrder; readonly page?: number } = {}): Promise<{ rows: AnnotatedList[]; total: number; page: number; pageSize: number }> {
  authorise(ctx, 'payments.annotated');
  const page = Math.min(Math.max(1, Math.trunc(query.page ?? 1) || 1), 1_000_000);
  const found = await inTransaction(ctx, (tx) => selectAnnotated(tx, {
    partnerId: ctx.actor.partner ?? query.partnerId ?? null, order: query.sort ?? { by: 'made', isDescending: true }, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE,
  }));
  return { ...found, page, pageSize: PAGE_SIZE };
}

/** The bytes of an annotated list. @throws AppError not_found `annotated.not_found`, also for another partner's. */
export async function openAnnotated(ctx: Ctx, annotatedFileId: string): Promise<{ fileName: string; bytes: Readable }> {
  authorise(ctx, 'payments.annotated');
  const fileName = await inTransaction(ctx, async (tx) => {
    const list = await findAnnotated(tx, annotatedFileId, ctx.actor.partner);
    if (!list) throw new AppError('not_found', 'annotated.not_found');
    await recordAudit(tx, { action: 'payments.annotated_read', subject: { type: 'kept_file', id: annotatedFileId }, partner: list.partnerId, details: { source: list.fileId } });
    return (await getKeptFile(tx, annotatedFileId)).fileName;
  });
  return { fileName, bytes: openKeptFile(ctx, annotatedFileId) };
}
