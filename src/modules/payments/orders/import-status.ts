import type { Readable } from 'node:stream';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { recordAudit } from '../../audit/index.ts';
import { readStatusReport } from '../formats/iso20022/pain002.rules.ts';
import type { StatusReport } from '../formats/iso20022/pain002.rules.ts';
import { readXml } from '../formats/iso20022/xml-tree.ts';
import { cappedFindings } from '../import-summary.rules.ts';
import { keepReceived, readKept, withKept } from '../read-file.ts';
import type { ReceivedBytes } from '../read-file.ts';
import { judgeMove, saidOfLines } from './order.rules.ts';
import type { SaidOfLine } from './order.rules.ts';
import { findOrder, freeLines, insertStatuses, isReportKnown, lockOrders, selectLines } from './order.store.ts';
import type { OrderLine, OrderRow, StatusRow } from './order.store.ts';

const STATUS_BYTES_MAX = 64 * 1024 * 1024;

export interface StatusImport {
  readonly file: string;
  readonly sha256: string;
  readonly kind: 'order_status';
  readonly orderId: string | null;
  /** Payments that the report speaks of. */
  readonly statuses: number;
  readonly recorded: number;
  readonly duplicate: number;
  readonly findings: readonly Finding[];
}

/**
 * Takes in what the bank says of an order (pain.002). A report that was heard before changes nothing; a payment that is not the order's, a
 * status that we do not know and one that contradicts what the bank said before are told and left out. A payment that the bank refuses
 * is told and may be ordered again. Nothing moves in the ledger.
 *
 * @throws AppError `orders.not_a_report`, `bank.xml_broken`, `bank.xml_doctype`, `file.too_large`.
 */
export async function importOrderStatus(ctx: Ctx, request: { fileName: string; source: Readable | Buffer }): Promise<StatusImport> {
  authorise(ctx, 'orders.export');
  const bytes = await keepReceived(ctx, request.fileName, request.source, null);
  return withKept(bytes, async () => {
    const report = readStatusReport(readXml(await readKept(ctx, bytes.fileId, STATUS_BYTES_MAX)).root);
    if (!report) throw new AppError('invalid', 'orders.not_a_report', { findings: [{ code: 'orders.report_expected', severity: 'block', line: 1, path: 'CstmrPmtStsRpt' }] });
    return inTransaction(ctx, (tx) => record(tx, bytes, report));
  });
}

async function record(ctx: TxCtx, bytes: ReceivedBytes, report: StatusReport): Promise<StatusImport> {
  await lockOrders(ctx);
  const told = { file: bytes.fileName, sha256: bytes.sha256, kind: 'order_status' as const, orderId: null, statuses: 0, recorded: 0, duplicate: 0 };
  const nothing = (code: string, orderId: string | null): StatusImport => ({ ...told, orderId, findings: [{ code, severity: 'block', line: report.line, path: 'OrgnlGrpInfAndSts/OrgnlMsgId' }] });
  const order = await findOrder(ctx, { messageId: report.originalMessageId });
  if (!order) return nothing('orders.message_unknown', null);
  if (order.state !== 'released') return nothing('orders.never_sent', order.orderId);
  const lines = await selectLines(ctx, order.orderId);
  const said = saidOfLines(report, lines.map((line) => line.disbursementId));
  const heard = { orderId: order.orderId, fileId: bytes.fileId, bankMessageId: report.messageId.slice(0, 35), reportedAt: report.createdAt.slice(0, 35) };
  if (await isReportKnown(ctx, heard)) {
    return { ...told, orderId: order.orderId, statuses: said.length, duplicate: said.length, findings: [{ code: 'orders.report_repeated', severity: 'info' }] };
  }
  const judged = judgeAll(order, lines, said);
  const ofOrder: StatusRow[] = report.group.status === '' || !/^[A-Z]{4}$/.test(report.group.status) ? [] : [{ lineNumber: 0, status: report.group.status, reasons: report.group.reasons }];
  await insertStatuses(ctx, heard, [...ofOrder, ...judged.moves]);
  const refused = judged.moves.filter((move) => move.status === 'RJCT').map((move) => move.lineNumber);
  await freeLines(ctx, order.orderId, refused, 'rejected');
  const counts = { recorded: judged.moves.length, duplicate: judged.repeated };
  await recordAudit(ctx, {
    action: 'orders.status_recorded', subject: { type: 'payment_order', id: order.orderId }, partner: order.partnerId, details: { recorded: counts.recorded, duplicate: counts.duplicate, refused: refused.length },
  });
  if (refused.length > 0) await emit(ctx, 'payment_order.refused', { orderId: order.orderId, payments: refused.length });
  return { ...told, orderId: order.orderId, statuses: said.length, ...counts, findings: cappedFindings(judged.findings) };
}

interface Judged { readonly moves: StatusRow[]; readonly findings: Finding[]; repeated: number }

function judgeAll(order: OrderRow, lines: readonly OrderLine[], said: readonly SaidOfLine[]): Judged {
  const judged: Judged = { moves: [], findings: [], repeated: 0 };
  const byId = new Map(lines.map((line) => [line.disbursementId, line]));
  const current = new Map(lines.map((line) => [line.lineNumber, line.status]));
  for (const one of said) judgeOne(judged, order, byId.get(one.endToEndId), current, one);
  return judged;
}

function judgeOne(judged: Judged, order: OrderRow, line: OrderLine | undefined, current: Map<number, string | null>, said: SaidOfLine): void {
  const find = (code: string, severity: Finding['severity'], params: Finding['params'] = {}) => judged.findings.push({ code, severity, line: said.line, params });
  if (!line) {
    find('orders.reference_unknown', 'warn', { orderId: order.orderId });
    return;
  }
  const params = { disbursement: line.disbursementId, status: /^[A-Z]{4}$/.test(said.status) ? said.status : '–' };
  if (said.amount && (said.amount.amountMinor !== line.amountMinor || said.amount.currency !== line.currency)) find('orders.amount_differs', 'warn', params);
  const before = current.get(line.lineNumber) ?? null;
  const move = judgeMove(before, said.status);
  if (move === 'unknown') find('orders.status_unknown', 'warn', params);
  else if (move === 'backward') find('orders.status_backward', 'warn', { ...params, before });
  else if (move === 'repeated') judged.repeated++;
  else {
    judged.moves.push({ lineNumber: line.lineNumber, status: said.status, reasons: said.reasons });
    current.set(line.lineNumber, said.status);
    if (said.status === 'RJCT') find('orders.refused', 'warn', { ...params, reason: said.reasons.join(' ') || '–' });
    if (said.status === 'ACWC') find('orders.accepted_with_change', 'warn', params);
  }
}
