import type { Readable } from 'node:stream';
import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx, TxCtx } from '../../platform/context.ts';
import type { Finding } from '../../platform/errors.ts';
import { recordAudit } from '../audit/index.ts';
import { findPartner } from '../partners/index.ts';
import { insertDisbursements, newOnRegister, stageRegister } from './disbursement.store.ts';
import type { NewDisbursement } from './disbursement.store.ts';
import { refuseConfirmations } from './formats/tables/confirmation.rules.ts';
import { readRegister } from './formats/tables/register.rules.ts';
import type { Register } from './formats/tables/register.rules.ts';
import { decodeText } from './formats/tables/text.rules.ts';
import { cappedFindings, repeatedFile } from './import-summary.rules.ts';
import type { PaymentImport } from './import-summary.rules.ts';
import { keepReceived, readKept, withKept, TABLE_BYTES_MAX } from './read-file.ts';
import type { ReceivedBytes } from './read-file.ts';
import { findImported, insertReceivedFile, lockImports } from './received-file.store.ts';

/**
 * Takes in the State Disbursement Unit's register (contract 2). A line at fault is told and left out, the others go on; the same
 * register again changes nothing; a disbursement id that comes with other content than before is refused and told. A disbursement of a
 * case that nobody has, or of one whose next disbursement is held (contract 6), is told and goes in: the State has paid it.
 *
 * @throws AppError `disbursements.columns_missing`, `payments.empty`, `payments.confirmations_elsewhere`, `file.too_large`, `file.unpacked_too_large`, `file.gzip_broken`.
 */
export async function importDisbursements(ctx: Ctx, request: { fileName: string; source: Readable | Buffer }): Promise<PaymentImport> {
  authorise(ctx, 'payments.import');
  const bytes = await keepReceived(ctx, request.fileName, request.source, null);
  return withKept(bytes, async () => {
    const before = await inTransaction(ctx, (tx) => findImported(tx, ['disbursements'], null, bytes.sha256));
    if (before) return repeatedFile(bytes.fileName, bytes.sha256, before.kind, before.lines);
    const text = decodeText(await readKept(ctx, bytes.fileId, TABLE_BYTES_MAX));
    refuseConfirmations(text.text);
    const register = readRegister(text.text, (id) => findPartner(id) !== null);
    if (text.lossy || text.encoding !== 'utf-8') register.findings.push({ code: 'payments.text_not_utf8', severity: 'warn', params: { encoding: text.encoding } });
    if (register.lines === 0) register.findings.push({ code: 'payments.no_lines', severity: 'warn' });
    return inTransaction(ctx, (tx) => store(tx, bytes, text.encoding, register));
  });
}

async function store(ctx: TxCtx, bytes: ReceivedBytes, encoding: string, register: Register): Promise<PaymentImport> {
  const summary: PaymentImport = {
    file: bytes.fileName, sha256: bytes.sha256, kind: 'disbursements', lines: register.lines, imported: 0, duplicate: 0, rejected: 0, findings: [],
  };
  await lockImports(ctx, 'disbursements', null);
  if (await findImported(ctx, ['disbursements'], null, bytes.sha256)) return repeatedFile(bytes.fileName, bytes.sha256, 'disbursements', register.lines);
  await stageRegister(ctx, register.disbursements);
  const remarks = (await newOnRegister(ctx)).flatMap(remarksOn);
  await insertReceivedFile(ctx, {
    bytes, kind: 'disbursements', partnerId: null, encoding, dialect: { delimiter: ',' }, lines: register.lines,
    rejected: register.lines - register.disbursements.length, findings: cappedFindings([...register.findings, ...remarks]),
  });
  const outcome = await insertDisbursements(ctx, bytes.fileId);
  const rejected = register.lines - outcome.imported - outcome.duplicate;
  await recordAudit(ctx, {
    action: 'disbursements.imported', subject: { type: 'received_file', id: bytes.fileId },
    details: { lines: register.lines, imported: outcome.imported, duplicate: outcome.duplicate, rejected },
  });
  const conflicts = outcome.conflicts.map((line) => ({ code: 'disbursements.id_taken', severity: 'block' as const, line, path: 'disbursement_id' }));
  return { ...summary, imported: outcome.imported, duplicate: outcome.duplicate, rejected, findings: cappedFindings([...register.findings, ...conflicts, ...remarks]) };
}

/** The money was paid already, whatever stands here: these are told, and the line goes in. */
function remarksOn({ line, isCaseKnown, hold }: NewDisbursement): Finding[] {
  const findings: Finding[] = [];
  if (!isCaseKnown) findings.push({ code: 'disbursements.case_unknown', severity: 'warn', line, path: 'case_id' });
  if (hold?.returnedId) findings.push({ code: 'disbursement.case_held', severity: 'warn', line, params: { disbursement: hold.returnedId } });
  else if (hold) findings.push({ code: 'disbursement.case_held_take_back', severity: 'warn', line });
  return findings;
}
