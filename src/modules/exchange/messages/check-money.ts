import type { Finding } from '../../../platform/errors.ts';
import { addsUp, amountOf, sumOf, written } from './decimals.rules.ts';
import type { MessageBodies, RemittanceLine } from './message.types.ts';
import { fault, notice } from './finding.rules.ts';

const LINES_MAX = 20;

/** Whether lists of money hold together: so many lines as stated, no folio twice, the lines add up to the transfer. */
export function checkMoney(message: Partial<MessageBodies>): Finding[] {
  const { remittanceAdvice: advice, forwardingReport: report, receiptConfirmation: receipt } = message;
  return [
    ...(advice ? [
      ...listed('/remittanceAdvice', advice.line, advice.lineCount), ...advice.line.flatMap((line, index) => lineOfAdvice(line, index)).slice(0, LINES_MAX),
      ...(sumOf(advice.line.map(({ net }) => net)) === amountOf(advice.total) ? [] : [fault('message.total', '/remittanceAdvice/total', { expected: written(sumOf(advice.line.map(({ net }) => net))) })]),
    ] : []),
    ...(report ? [
      ...listed('/forwardingReport', report.line, report.lineCount),
      ...report.line.flatMap(({ status, delivered, deliveredCurrency }, index) =>
        (status === 'delivered' && (delivered === undefined || deliveredCurrency === undefined) ? [notice('message.delivered_unstated', `/forwardingReport/line/${index}`)] : [])).slice(0, LINES_MAX),
      ...withoutNumbers('/forwardingReport', report.line.map((line) => line.disbursementId ?? line.fromFileNumber ?? line.toFileNumber)),
    ] : []),
    ...(receipt ? receiptFindings(receipt) : []),
    ...(advice ? withoutNumbers('/remittanceAdvice', advice.line.map((line) => line.fromFileNumber ?? line.toFileNumber)) : []),
  ];
}

function listed(path: string, lines: readonly { readonly folio: string }[], count: number): Finding[] {
  const seen = new Set<string>();
  const twice = lines.flatMap(({ folio }, index) => (seen.has(folio) ? [fault('message.folio_repeated', `${path}/line/${index}/folio`)] : (seen.add(folio), []))).slice(0, LINES_MAX);
  return [...(count === lines.length ? [] : [fault('message.line_count', `${path}/lineCount`, { expected: lines.length })]), ...twice];
}

function withoutNumbers(path: string, numbers: readonly (string | undefined)[]): Finding[] {
  return numbers.flatMap((number, index) => (number === undefined ? [notice('message.case_numbers_missing', `${path}/line/${index}`)] : [])).slice(0, LINES_MAX);
}

function lineOfAdvice({ gross, rate, fee, net }: RemittanceLine, index: number): Finding[] {
  return addsUp({ gross, rate: rate ?? null, fee, net }) ? [] : [notice('message.line_amounts', `/remittanceAdvice/line/${index}/net`)];
}

function receiptFindings({ sent, received, receivedEqualsSent, reason }: MessageBodies['receiptConfirmation']): Finding[] {
  const isEqual = amountOf(sent) === amountOf(received);
  if (isEqual !== receivedEqualsSent) return [fault('message.receipt_contradicts', '/receiptConfirmation/receivedEqualsSent', { expected: isEqual })];
  return isEqual || reason !== undefined ? [] : [fault('message.difference_unexplained', '/receiptConfirmation/reason')];
}
