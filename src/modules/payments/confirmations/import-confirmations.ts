import { hash } from 'node:crypto';
import type { TxCtx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { officeDay } from '../../cases/index.ts';
import type { ConfirmationLine, ConfirmationTable } from '../formats/tables/confirmation.rules.ts';
import { cappedFindings, repeatedFile } from '../import-summary.rules.ts';
import type { PaymentImport } from '../import-summary.rules.ts';
import type { ReceivedBytes } from '../read-file.ts';
import { findImported, insertReceivedFile, lockBytes, lockImports } from '../received-file.store.ts';
import { answerFaults, answerNotes } from './confirmation.rules.ts';
import type { PayeeAnswer, ReportedDisbursement } from './confirmation.rules.ts';
import { findExternal, findReported, insertConfirmations } from './confirmation.store.ts';
import type { NewConfirmation } from './confirmation.store.ts';

/**
 * Takes in a partner's list of payees' confirmations (contract 3, third layout), in the caller's transaction: a line is taken in, known already, or refused with a
 * located finding; the others go on. That a protected payee was called is a finding too: what was said is kept, and a person takes it up with the partner.
 */
export async function importConfirmations(ctx: TxCtx, partnerId: string, bytes: ReceivedBytes, encoding: string, table: ConfirmationTable): Promise<PaymentImport> {
  await lockImports(ctx, 'confirmations', partnerId);
  const before = await findImported(ctx, ['confirmations'], partnerId, bytes.sha256);
  if (before) return repeatedFile(bytes.fileName, bytes.sha256, 'confirmations', before.lines);
  await lockBytes(ctx, bytes.sha256);
  const known = await findReported(ctx, table.rows.flatMap((row) => row.disbursementId ?? []));
  const seen = await findExternal(ctx, partnerId, table.rows.map((row) => row.confirmationId));
  const findings: Finding[] = [...table.findings];
  const fresh: NewConfirmation[] = [];
  let duplicate = 0;
  for (const row of table.rows) {
    const digest = contentOf(row);
    const earlier = seen.get(row.confirmationId);
    if (earlier?.equals(digest)) { duplicate++; continue; }
    const { taken, faults } = judge(row, known.get(row.disbursementId ?? ''), partnerId, officeDay(ctx.clock), earlier !== undefined);
    findings.push(...faults);
    if (taken === null) continue;
    seen.set(row.confirmationId, digest);
    fresh.push({ ...taken.answer, confirmationId: newId('cnf'), channel: 'file', sent: taken.sent, external: { id: row.confirmationId, digest, fileId: bytes.fileId, line: row.line } });
  }
  const rejected = table.rows.length - duplicate - fresh.length;
  await insertReceivedFile(ctx, { bytes, kind: 'confirmations', partnerId, encoding, dialect: {}, lines: table.rows.length, rejected, findings: cappedFindings(findings) });
  await insertConfirmations(ctx, fresh);
  await recordAudit(ctx, {
    action: 'confirmation.file_imported', subject: { type: 'received_file', id: bytes.fileId }, partner: partnerId,
    details: { lines: table.rows.length, imported: fresh.length, duplicate, rejected },
  });
  return { file: bytes.fileName, sha256: bytes.sha256, kind: 'confirmations', lines: table.rows.length, imported: fresh.length, duplicate, rejected, findings: cappedFindings(findings) };
}

function contentOf(row: ConfirmationLine): Buffer {
  const { line: _, faults: __, amountMinor, ...values } = row;
  return hash('sha256', JSON.stringify({ ...values, amount: amountMinor?.toString() ?? null }), 'buffer');
}

type Judged = { taken: { answer: PayeeAnswer; sent: ReportedDisbursement } | null; faults: Finding[] };

function judge(row: ConfirmationLine, sent: ReportedDisbursement | undefined, partnerId: string, today: string, isReused: boolean): Judged {
  const refused = (code: string): Judged => ({ taken: null, faults: [{ code, severity: 'block', line: row.line, params: { line: row.line, disbursement: (row.disbursementId ?? '').slice(0, 60) } }] });
  if (row.faults.length > 0 || row.outcome === null || row.confirmedOn === null) return { taken: null, faults: [] };
  if (isReused) return refused('confirmation.number_reused');
  if (!sent || sent.partnerId !== partnerId) return refused('confirmation.unknown_disbursement');
  if (row.caseId !== null && row.caseId !== sent.caseId) return refused('confirmation.case_differs');
  const answer: PayeeAnswer = {
    disbursementId: sent.disbursementId, confirmedOn: row.confirmedOn, outcome: row.outcome, amountMinor: row.amountMinor, currency: row.amountMinor === null ? null : row.currency,
    caller: row.caller, spokenTo: row.spokenTo, note: row.note,
  };
  const faults = answerFaults(answer, sent, today).map((fault): Finding => ({ ...fault, line: row.line }));
  if (faults.length > 0) return { taken: null, faults };
  const notes = [...(sent.isProtected ? [{ code: 'confirmation.protected', severity: 'warn' as const, params: { line: row.line } }] : []), ...answerNotes(answer, sent)];
  return { taken: { answer, sent }, faults: notes.map((note): Finding => ({ ...note, line: row.line })) };
}
