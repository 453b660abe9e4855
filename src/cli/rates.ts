import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { EXIT, needsPerson, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const rateCommands: readonly Command[] = [
  { name: 'rates import', args: '<file>', describe: 'rates:cli.import', needs: 'app', run: importFile },
  { name: 'rates freeze', describe: 'rates:cli.freeze', needs: 'app', run: freeze },
  { name: 'rates compare', describe: 'rates:cli.compare', needs: 'app', run: compare, options: [{ flags: '--partner <id>', describe: 'rates:cli.partner', required: true }] },
];

async function importFile(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { importRates } = await import('../modules/payments/index.ts');
  const file = input.args[0] as string;
  if (!(await stat(file).catch(() => null))?.isFile()) throw new AppError('invalid', 'file.unreadable', { params: { file } });
  const { findings, ...told } = await importRates(ctx, { fileName: basename(file), source: createReadStream(file) });
  for (const finding of findings) io.finding(finding, file);
  io.say(io.words('rates:cli.imported', { file: told.file, lines: told.lines, imported: told.imported, duplicate: told.duplicate, rejected: told.rejected }));
  await io.json({ ...told, findings });
  return needsPerson(findings) ? EXIT.needsPerson : EXIT.done;
}

async function freeze(io: Io, _input: Input, ctx: Ctx): Promise<ExitCode> {
  const { freezeRates } = await import('../modules/payments/index.ts');
  const frozen = await freezeRates(ctx);
  io.say(io.words('rates:cli.frozen', { count: frozen }));
  await io.json({ frozen });
  return EXIT.done;
}

async function compare(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { compareRates } = await import('../modules/payments/index.ts');
  const rows = await compareRates(ctx, textOption(input, 'partner'));
  const share = (tenThousandths: bigint | null): string => (tenThousandths === null ? '' : `${tenThousandths < 0n ? '-' : '+'}${(Math.abs(Number(tenThousandths)) / 100).toFixed(2)} %`);
  io.table(['line', 'printed', 'published', 'source', 'day', 'deviation'].map((column) => io.words(`rates:cli.column.${column}`)), rows.map((row) => [
    `${row.fileName}:${row.line}`, row.printed, row.rate ?? io.words('rates:cli.none'), row.source === null ? '' : io.words(`rates:source.${row.source}`), row.quotedOn ?? '', share(row.deviation)]));
  for (const row of rows) await io.json({ ...row, deviation: row.deviation === null ? null : Number(row.deviation) });
  return EXIT.done;
}
