import type { Readable } from 'node:stream';
import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx, TxCtx } from '../../platform/context.ts';
import { recordAudit } from '../audit/index.ts';
import { EntryStaging } from './bank-credit.store.ts';
import { StatementContents, keepStatements } from './bank-statements/keep-statements.ts';
import { readBankFile } from './formats/bank-file.ts';
import { cappedFindings, repeatedFile } from './import-summary.rules.ts';
import type { PaymentImport } from './import-summary.rules.ts';
import { BANK_BYTES_MAX, keepReceived, keptContent, withKept } from './read-file.ts';
import type { ReceivedBytes } from './read-file.ts';
import { findImported, insertReceivedFile, lockImports } from './received-file.store.ts';
import { recordNotices } from './returns/record-notices.ts';

/**
 * Takes in a bank statement or credit notification (contract 5): camt.053, camt.054, NACHA, MT940 or BAI2, packed or not, told by its
 * content. An entry that another file told of is a duplicate, and so is the same file again. Control totals and balances are checked,
 * and whether the account's statements follow each other.
 *
 * @throws AppError `bank.format_unknown`, `bank.xml_broken`, `bank.xml_doctype`, `bank.statement_missing` and the like, each with the
 *   line; `file.too_large`, `file.unpacked_too_large`, `file.gzip_broken`. Nothing is imported then; the bytes stay kept,
 *   and the refusal names them by `sha256` and `fileId`.
 */
export async function importBank(ctx: Ctx, request: { fileName: string; source: Readable | Buffer }): Promise<PaymentImport> {
  authorise(ctx, 'payments.import');
  const bytes = await keepReceived(ctx, request.fileName, request.source, null);
  return withKept(bytes, async () => {
    const before = await inTransaction(ctx, (tx) => findImported(tx, ['bank'], null, bytes.sha256));
    if (before) return repeatedFile(bytes.fileName, bytes.sha256, before.kind, before.lines);
    return inTransaction(ctx, (tx) => read(tx, bytes));
  });
}

/** Entries go into the transaction's own staging as they are read; others wait only while the whole is settled. */
async function read(ctx: TxCtx, bytes: ReceivedBytes): Promise<PaymentImport> {
  const staging = await EntryStaging.open(ctx, bytes.fileId);
  const contents = new StatementContents();
  const file = await readBankFile(keptContent(ctx, bytes.fileId, BANK_BYTES_MAX), async (entries, source) => {
    contents.add(entries);
    await staging.add(entries, source);
  });
  const lines = staging.count + file.rejected;
  await lockImports(ctx, 'bank', null);
  if (await findImported(ctx, ['bank'], null, bytes.sha256)) return repeatedFile(bytes.fileName, bytes.sha256, 'bank', lines);
  await insertReceivedFile(ctx, {
    bytes, kind: 'bank', partnerId: null, encoding: '', dialect: { format: file.format }, lines, rejected: file.rejected, findings: cappedFindings(file.findings),
  });
  const findings = cappedFindings([...file.findings, ...await keepStatements(ctx, bytes.fileId, file, contents)]);
  const { imported, duplicate, findings: twins } = await staging.settle(file.source);
  const noticed = await recordNotices(ctx, bytes.fileId, file.notices);
  await recordAudit(ctx, {
    action: 'bank.imported', subject: { type: 'received_file', id: bytes.fileId },
    details: { format: file.format, lines, imported, duplicate, rejected: file.rejected },
  });
  return { file: bytes.fileName, sha256: bytes.sha256, kind: 'bank', lines, imported, duplicate, rejected: file.rejected, findings: cappedFindings([...noticed, ...twins, ...findings]) };
}
