import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { TxCtx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import type { BankEntry, BankFile } from '../formats/bank-entry.rules.ts';
import { judgeStatements } from './continuity.rules.ts';
import { insertStatements, keepFindings, selectStatements } from './statement.store.ts';

/** Follows the entries of a file as they pass, for what its statements contain. */
export class StatementContents {
  readonly #open = new Map<number, { hash: Hash; count: number }>();

  add(entries: readonly BankEntry[]): void {
    for (const entry of entries) {
      if (entry.statement === undefined) continue;
      let open = this.#open.get(entry.statement);
      if (!open) this.#open.set(entry.statement, open = { hash: createHash('sha256'), count: 0 });
      open.count++;
      // Not where it stands nor how it is written, but what it says.
      open.hash.update([entry.entryRef, entry.servicerRef, entry.part, entry.amountMinor, entry.currency, entry.direction, entry.isReversal, entry.bookedOn, entry.valueOn, entry.text, ...entry.candidates].join('\x1f'));
    }
  }

  of(statement: number): { digest: string; count: number } {
    const open = this.#open.get(statement);
    return { digest: open ? open.hash.copy().digest('hex') : '', count: open?.count ?? 0 };
  }
}

/** Keeps the statements of a file, and tells whether they follow those that are there. Notifications announce single bookings: nothing follows anything there. */
export async function keepStatements(ctx: TxCtx, fileId: string, file: BankFile, contents: StatementContents): Promise<Finding[]> {
  await insertStatements(ctx, { fileId, source: file.source }, file.statements.map((statement, at) => {
    const { digest, count } = contents.of(at);
    const { line: _, isCopy: __, opening, closing, ...said } = statement;
    const own = JSON.stringify({ ...said, opening: String(opening), closing: String(closing), digest, count });
    return { statement, entryCount: count, digest: createHash('sha256').update(own).digest('hex') };
  }));
  if (file.source === 'camt.054') return [];
  const findings: Finding[] = [];
  for (const account of [...new Set(file.statements.map((statement) => statement.account))].filter((one) => one !== '').sort()) {
    const all = await selectStatements(ctx, file.source, account);
    const found = [...new Set(all.map(({ currency }) => currency))].flatMap((currency) => judgeStatements(all.filter((one) => one.currency === currency)));
    await keepFindings(ctx, { fileId, source: file.source, account }, found);
    for (const { code, severity, line, params, ...at } of found) if (at.fileId === fileId) findings.push({ code, severity, line, params });
  }
  return findings;
}
