import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { authorise } from '../../platform/authorise.ts';
import type { Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import type { Finding } from '../../platform/errors.ts';
import { getPartner } from '../partners/index.ts';
import { readCaseloadTable } from './formats/tables/caseload.rules.ts';
import type { CaseloadLine, CaseloadWords } from './formats/tables/caseload.rules.ts';
import { keepReceived, withKept } from './read-file.ts';
import { readKeptTable } from './read-table.ts';

const LINES_MAX = 50_000;
let words: CaseloadWords | undefined;

export interface CaseloadList { fileId: string; fileName: string; sha256: string; rows: CaseloadLine[]; findings: Finding[] }

/** Keeps and reads a partner's list of the cases that it holds, as text or as a workbook. @throws AppError `payments.columns_untold`, `caseload.too_long`, and what reading a table refuses. */
export async function readCaseload(ctx: Ctx, request: { partnerId: string; fileName: string; source: Readable | Buffer }): Promise<CaseloadList> {
  authorise(ctx, 'caseload.compare');
  const { partnerId } = getPartner(request.partnerId);
  const bytes = await keepReceived(ctx, request.fileName, request.source, partnerId);
  return withKept(bytes, async () => {
    words ??= JSON.parse(readFileSync(new URL('./formats/tables/caseload-headings.json', import.meta.url), 'utf8')) as CaseloadWords;
    const { rows, findings } = readCaseloadTable((await readKeptTable(ctx, bytes.fileId)).source, words);
    if (rows.length > LINES_MAX) throw new AppError('invalid', 'caseload.too_long', { params: { linesMax: LINES_MAX } });
    return { fileId: bytes.fileId, fileName: bytes.fileName, sha256: bytes.sha256, rows, findings };
  });
}
