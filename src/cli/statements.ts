import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { formatMajor } from '../platform/money.ts';
import { EXIT, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const statementCommands: readonly Command[] = [
  {
    name: 'statements print', describe: 'statements:cli.print', needs: 'app', run: print,
    options: [
      { flags: '--partner <id>', describe: 'statements:cli.partner', required: true }, { flags: '--from <date>', describe: 'statements:cli.from', required: true },
      { flags: '--to <date>', describe: 'statements:cli.to', required: true }, { flags: '--format <format>', describe: 'statements:cli.format', choices: ['csv', 'pdf', 'chart'], fallback: 'csv' },
      { flags: '--out <file>', describe: 'statements:cli.out' },
    ],
  },
];

async function print(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { moneyByMonth, moneyChartSvg, periodStatement, statementCsv, statementPdf } = await import('../modules/reconciliation/index.ts');
  const wanted = { partnerId: textOption(input, 'partner'), from: textOption(input, 'from'), to: textOption(input, 'to') };
  const format = textOption(input, 'format');
  const statement = await periodStatement(ctx, wanted);
  const months = format === 'chart' ? await moneyByMonth(ctx, wanted) : [];
  const content = format === 'pdf' ? (await statementPdf(ctx, wanted)).bytes
    : format === 'chart' ? moneyChartSvg(months, { ...wanted, currency: months[0]?.currency ?? 'USD', kind: months[0]?.kind ?? 'remittance', languages: [io.language] }) : statementCsv(statement);
  const file = resolve(typeof input.options.out === 'string' ? input.options.out : `${wanted.partnerId}_${wanted.from}_${wanted.to}.${format === 'chart' ? 'svg' : format}`);
  try {
    await writeFile(file, content, { mode: 0o600 });
  } catch (cause) {
    throw new AppError('invalid', 'file.unwritable', { params: { file }, cause });
  }
  io.say(io.words('statements:cli.written', { file }));
  await io.json({
    ...wanted, file, accounts: [...statement.partner, ...statement.cases].map((one) => ({
      account: one.account, caseId: one.caseId, currency: one.currency, opening: formatMajor(one.openingMinor, one.currency),
      movements: one.movements.map((m) => ({ event: m.event, entries: m.count, amount: formatMajor(m.amountMinor, one.currency) })), closing: formatMajor(one.closingMinor, one.currency),
    })),
  });
  return EXIT.done;
}
