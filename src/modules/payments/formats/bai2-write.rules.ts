import type { BankEntry, BankFile, BankStatement } from './bank-entry.rules.ts';
import { entriesByStatement, wrapped, writtenReferences } from './written-entry.rules.ts';

/**
 * Writes BAI2 as `readBankFile` reads it, with its control totals. The format has one reference of the customer beside the bank's own, one
 * day for all entries of a group, and nothing of how an amount came about.
 */

const TEXT_CHARS = 60;
const CREDIT = '195';
const DEBIT = '495';
const CREDIT_REVERSAL = '552';
const DEBIT_REVERSAL = '252';

export interface Bai2Header { sender: string; receiver: string; createdOn: string; time: string; fileId: string }

interface Part { lines: string[]; sum: bigint }

export function writeBai2(file: BankFile, header: Bai2Header): string {
  const entries = entriesByStatement(file.entries, file.statements.length);
  const groups: { statements: BankStatement[]; parts: Part[] }[] = [];
  file.statements.forEach((statement, at) => {
    const last = groups.at(-1);
    const part = account(statement, entries[at] ?? []);
    if (last && last.statements[0]?.statementId === statement.statementId) {
      last.statements.push(statement);
      last.parts.push(part);
    } else groups.push({ statements: [statement], parts: [part] });
  });
  const written = groups.map(({ statements, parts }) => group(statements[0] as BankStatement, parts, header));
  const count = written.reduce((sum, { lines }) => sum + lines.length, 2);
  return [
    `01,${header.sender},${header.receiver},${sixDigits(header.createdOn)},${header.time},${header.fileId},,,2/`, ...written.flatMap(({ lines }) => lines),
    `99,${written.reduce((sum, one) => sum + one.sum, 0n)},${written.length},${count}/`, ''].join('\n');
}

/** The statement's identification is the originator's, its day and how final it is. */
function group(statement: BankStatement, parts: readonly Part[], header: Bai2Header): Part {
  const [originator = '', , modifier = ''] = statement.statementId.split('/');
  const sum = parts.reduce((total, part) => total + part.sum, 0n);
  const lines = [`02,${header.receiver},${originator},1,${sixDigits(statement.to ?? statement.from ?? '')},,,${modifier}/`, ...parts.flatMap((part) => part.lines)];
  return { lines: [...lines, `98,${sum},${parts.length},${lines.length + 1}/`], sum };
}

function account(s: BankStatement, entries: readonly BankEntry[]): Part {
  const sumOf = (direction: BankEntry['direction']): bigint => entries.filter((entry) => entry.direction === direction).reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const countOf = (direction: BankEntry['direction']): number => entries.filter((entry) => entry.direction === direction).length;
  const summaries: [string, bigint, string][] = [
    ...(s.opening === null ? [] : [['010', s.opening, ''] as [string, bigint, string]]), ...(s.closing === null ? [] : [['015', s.closing, ''] as [string, bigint, string]]),
    ['100', sumOf('credit'), String(countOf('credit'))], ['400', sumOf('debit'), String(countOf('debit'))]];
  const lines = [`03,${s.account},${s.currency ?? ''},${summaries.map(([code, minor, count]) => `${code},${minor},${count},`).join(',')}/`, ...entries.flatMap(detail)];
  const sum = summaries.reduce((total, [, minor]) => total + minor, 0n) + sumOf('credit') + sumOf('debit');
  return { lines: [...lines, `49,${sum},${lines.length + 1}/`], sum };
}

function detail(entry: BankEntry): string[] {
  const code = entry.direction === 'credit' ? (entry.isReversal ? DEBIT_REVERSAL : CREDIT) : entry.isReversal ? CREDIT_REVERSAL : DEBIT;
  const reference = entry.servicerRef === '' ? entry.entryRef : writtenReferences(entry)[0] ?? '';
  const [first = '', ...rest] = wrapped(entry.text, TEXT_CHARS);
  const funds = entry.valueOn === null ? '' : `V,${sixDigits(entry.valueOn)},`;
  return [`16,${code},${entry.amountMinor},${funds},${entry.servicerRef},${reference},${first === '' ? '/' : first}`, ...rest.map((text) => `88,${text}`)];
}

function sixDigits(day: string): string {
  return day.slice(2).replaceAll('-', '');
}
