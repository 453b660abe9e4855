import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { EXIT, needsPerson, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const caseloadCommands: readonly Command[] = [
  { name: 'caseload compare', args: '<file>', describe: 'caseload:cli.compare', needs: 'app', run: compare, options: [{ flags: '--partner <id>', describe: 'caseload:cli.partner', required: true }] },
];

async function compare(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { comparePartnerCaseload } = await import('../modules/reconciliation/index.ts');
  const { exchangedCases } = await import('../modules/referrals/index.ts');
  const [file, partnerId] = [input.args[0] as string, textOption(input, 'partner')];
  if (!(await stat(file).catch(() => null))?.isFile()) throw new AppError('invalid', 'file.unreadable', { params: { file } });
  const { findings, differences, ...told } = await comparePartnerCaseload(ctx, { partnerId, fileName: basename(file), source: createReadStream(file), exchangedCases: await exchangedCases(ctx, partnerId) });
  for (const finding of findings) io.finding(finding, file);
  io.table(['line', 'difference', 'their_number', 'printed', 'our_case'].map((column) => io.words(`caseload:${column}`)), differences.map((one) => [
    one.line === null ? '' : String(one.line), io.words(`caseload:code.${one.code}`), one.partnerNumber ?? '', one.printedCaseId ?? '', one.caseId ?? '']));
  io.say(io.words('caseload:cli.told', { lines: told.lines, agreeing: told.agreeing, differing: differences.length }));
  await io.json({ ...told, differences, findings });
  return differences.length > 0 || needsPerson(findings) ? EXIT.needsPerson : EXIT.done;
}
