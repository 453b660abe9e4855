import type { Readable } from 'node:stream';
import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx, TxCtx } from '../../platform/context.ts';
import { recordAudit } from '../audit/index.ts';
import { insertBankEntries } from './bank-credit.store.ts';
import { readBankFile } from './formats/bank-file.ts';
import type { BankEntry, BankFile } from './formats/bank-entry.rules.ts';
import { cappedFindings, repeatedFile } from './import-summary.rules.ts';
import type { PaymentImport } from './import-summary.rules.ts';
import { BANK_BYTES_MAX, keepReceived, keptContent, withKept } from './read-file.ts';
import type { ReceivedBytes } from './read-file.ts';
import { findImported, insertReceivedFile, lockImports } from './received-file.store.ts';

/**
 * Takes in a bank statement or credit notification (contract 5): camt.053, camt.054 or NACHA, packed or not, told by its content.
 * An entry that another file told of is a duplicate, and so is the same file again. Control totals and balances are checked.
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
    const file = await readBankFile(keptContent(ctx, bytes.fileId, BANK_BYTES_MAX));
    return inTransaction(ctx, (tx) => store(tx, bytes, file));
  });
}

async function store(ctx: TxCtx, bytes: ReceivedBytes, file: BankFile): Promise<PaymentImport> {
  const lines = file.entries.length + file.rejected;
  const summary: PaymentImport = { file: bytes.fileName, sha256: bytes.sha256, kind: 'bank', lines, imported: 0, duplicate: 0, rejected: file.rejected, findings: [] };
  await lockImports(ctx, 'bank', null);
  if (await findImported(ctx, ['bank'], null, bytes.sha256)) return repeatedFile(bytes.fileName, bytes.sha256, 'bank', lines);
  await insertReceivedFile(ctx, {
    bytes, kind: 'bank', partnerId: null, encoding: '', dialect: { format: file.format }, lines, rejected: file.rejected, findings: cappedFindings(file.findings),
  });
  const entries = withoutRepeats(file.entries);
  const counts = await insertBankEntries(ctx, { fileId: bytes.fileId, source: file.source, entries });
  const duplicate = counts.duplicate + file.entries.length - entries.length;
  await recordAudit(ctx, {
    action: 'bank.imported', subject: { type: 'received_file', id: bytes.fileId },
    details: { format: file.format, lines, imported: counts.imported, duplicate, rejected: file.rejected },
  });
  return { ...summary, imported: counts.imported, duplicate, findings: cappedFindings(file.findings) };
}

/** An entry that stands twice in one statement, word for word and under the same reference of the bank, is one. */
function withoutRepeats(entries: readonly BankEntry[]): BankEntry[] {
  const seen = new Set<string>();
  return entries.filter((entry) => {
    if (entry.servicerRef === '') return true;
    const { line: _, amountMinor, ...said } = entry;
    const key = JSON.stringify({ ...said, amount: String(amountMinor) });
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
