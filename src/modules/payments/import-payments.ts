import type { Readable } from 'node:stream';
import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx, TxCtx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import type { Finding } from '../../platform/errors.ts';
import { recordAudit } from '../audit/index.ts';
import { getPartner, listPartners } from '../partners/index.ts';
import type { PartnerProfile } from '../partners/index.ts';
import { someDisbursementIds } from './disbursement.store.ts';
import { importConfirmations } from './confirmations/import-confirmations.ts';
import { readConfirmationTable } from './formats/tables/confirmation.rules.ts';
import type { PartnerTable } from './formats/tables/partner-table.rules.ts';
import { otherSenderOf } from './formats/tables/sender.rules.ts';
import { cappedFindings, repeatedFile } from './import-summary.rules.ts';
import type { PaymentImport } from './import-summary.rules.ts';
import { insertPaymentLines } from './payment-line.store.ts';
import { selectMappings } from './mappings/mapping.store.ts';
import { rememberUntold } from './mappings/remember-untold.ts';
import { confirmationWords, looksLikeConfirmations } from './read-confirmations.ts';
import { keepReceived, withKept } from './read-file.ts';
import type { ReceivedBytes } from './read-file.ts';
import { readTable } from './read-list.ts';
import { readKeptTable } from './read-table.ts';
import { findImported, findOtherSender, insertReceivedFile, lockBytes, lockImports } from './received-file.store.ts';

export interface PaymentsToImport {
  partnerId: string;
  fileName: string;
  source: Readable | Buffer;
}

/**
 * Takes in a partner's forwarding report, remittance advice or payees' confirmations (contracts 3 and 4): bytes kept, read, every line stored with what
 * is wrong with it. Nothing is matched or posted here. The same bytes again change nothing; lines that repeat earlier ones are
 * stored, so that each has its outcome, and counted as duplicates.
 *
 * @throws AppError `partner.unknown`, `partner.no_such_file`, `payments.empty`, `payments.columns_untold` (one finding for each needed
 *   column), `payments.kind_untold`, `payments.known_for_other_partner` and `payments.looks_like_other_partner`
 *   (conflict; `partner` among the parameters), `file.too_large`, `file.unpacked_too_large`, `file.gzip_broken`; nothing is imported then, the
 *   bytes stay kept, and the refusal names them by `sha256` and `fileId`. A list whose columns stay untold waits for a mapping (`mappings/`).
 */
export async function importPayments(ctx: Ctx, request: PaymentsToImport): Promise<PaymentImport> {
  authorise(ctx, 'payments.import');
  const partner = getPartner(request.partnerId);
  if (ctx.actor.partner !== null && ctx.actor.partner !== partner.partnerId) throw new AppError('not_found', 'partner.unknown');
  const bytes = await keepReceived(ctx, request.fileName, request.source, partner.partnerId);
  return withKept(bytes, async () => {
    const { before, other, disbursementIds, mappings } = await inTransaction(ctx, async (tx) => ({
      before: await findImported(tx, ['forwarding', 'remittance', 'confirmations'], partner.partnerId, bytes.sha256),
      other: await findOtherSender(tx, partner.partnerId, bytes.sha256),
      disbursementIds: await someDisbursementIds(tx, partner.partnerId),
      mappings: await selectMappings(tx, partner.partnerId),
    }));
    if (before) return repeatedFile(bytes.fileName, bytes.sha256, before.kind, before.lines);
    if (other !== null) throw knownForOther(other);
    const kept = await readKeptTable(ctx, bytes.fileId);
    if (looksLikeConfirmations(kept.source)) {
      const said = readConfirmationTable(kept.source, confirmationWords());
      return inTransaction(ctx, (tx) => importConfirmations(tx, partner.partnerId, bytes, kept.encoding, said));
    }
    const table = await rememberUntold(ctx, bytes, partner.partnerId, () => readTable(kept, partner, disbursementIds, mappings));
    refuseOthersList(table, partner);
    return inTransaction(ctx, (tx) => store(tx, bytes, partner.partnerId, kept.encoding, table));
  });
}

function knownForOther(partner: string): AppError {
  return new AppError('conflict', 'payments.known_for_other_partner', { params: { partner } });
}

/** A list that is plainly another partner's would put its money under the wrong one. */
function refuseOthersList(table: PartnerTable, partner: PartnerProfile): void {
  const own = partner.files[table.kind]?.value;
  const others = listPartners().flatMap(({ partnerId, files }) => {
    const dialect = files[table.kind]?.value;
    return partnerId === partner.partnerId || !dialect ? [] : [{ partnerId, dialect }];
  });
  const sender = own ? otherSenderOf(table.lines, own, others) : null;
  if (sender !== null) throw new AppError('conflict', 'payments.looks_like_other_partner', { params: { partner: sender } });
}

async function store(ctx: TxCtx, bytes: ReceivedBytes, partnerId: string, encoding: string, table: PartnerTable): Promise<PaymentImport> {
  const summary: PaymentImport = {
    file: bytes.fileName, sha256: bytes.sha256, kind: table.kind, lines: table.lines.length, imported: 0, duplicate: 0, rejected: 0, findings: [],
  };
  await lockImports(ctx, table.kind, partnerId);
  if (await findImported(ctx, [table.kind], partnerId, bytes.sha256)) return repeatedFile(bytes.fileName, bytes.sha256, table.kind, summary.lines);
  await lockBytes(ctx, bytes.sha256);
  const other = await findOtherSender(ctx, partnerId, bytes.sha256);
  if (other !== null) throw knownForOther(other);
  const importedSeq = await insertReceivedFile(ctx, {
    bytes, kind: table.kind, partnerId, encoding, dialect: table.dialect, lines: table.lines.length,
    rejected: table.lines.filter((line) => line.faults.length > 0).length, findings: cappedFindings(table.findings),
  });
  const counts = await insertPaymentLines(ctx, { fileId: bytes.fileId, partnerId, importedSeq, lines: table.lines });
  const imported = summary.lines - counts.duplicate - counts.rejected;
  await recordAudit(ctx, {
    action: 'payments.imported', subject: { type: 'received_file', id: bytes.fileId }, partner: partnerId,
    details: { kind: table.kind, lines: summary.lines, imported, duplicate: counts.duplicate, rejected: counts.rejected },
  });
  const findings = [...table.findings, ...lineFindings(table, new Set(counts.duplicateLines))];
  return { ...summary, imported, duplicate: counts.duplicate, rejected: counts.rejected, findings: cappedFindings(findings) };
}

function lineFindings(table: PartnerTable, repeated: ReadonlySet<number>): Finding[] {
  const findings: Finding[] = [];
  for (const line of table.lines) {
    if (repeated.has(line.line)) continue;
    for (const code of [...line.faults, ...line.flags]) findings.push({ code, severity: 'warn', line: line.line });
  }
  return findings;
}
