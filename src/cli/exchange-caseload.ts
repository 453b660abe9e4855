import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { EXIT, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const exchangeCaseloadCommands: readonly Command[] = [
  {
    name: 'exchange caseload', describe: 'caseload:cli.send', needs: 'app', run: send,
    options: [
      { flags: '--partner <id>', describe: 'caseload:cli.partner', required: true }, { flags: '--county <code>', describe: 'caseload:cli.county' }, { flags: '--send', describe: 'caseload:cli.send_now' },
    ],
  },
];

/** As many pairs as one message holds. */
const PAIRS_MAX = 10_000;

/** @throws AppError `caseload.nothing_exchanged`, `caseload.too_long`, and those of `sendMessage`. */
async function send(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { sendMessage } = await import('../modules/exchange/index.ts');
  const { ourCaseload } = await import('../modules/reconciliation/index.ts');
  const { exchangedCases, officeDay } = await import('../modules/referrals/index.ts');
  const { caseloadBody } = await import('../jobs/compare-arrived-caseload.ts');
  const partnerId = textOption(input, 'partner');
  const county = typeof input.options['county'] === 'string' ? input.options['county'] : undefined;
  const pairs = await ourCaseload(ctx, { partnerId, county, exchangedCases: await exchangedCases(ctx, partnerId) });
  if (pairs.length === 0) throw new AppError('conflict', 'caseload.nothing_exchanged');
  if (pairs.length > PAIRS_MAX) throw new AppError('invalid', 'caseload.too_long', { params: { linesMax: PAIRS_MAX } });
  const sent = await sendMessage(ctx, { partnerId, kind: 'caseloadReconciliation', body: caseloadBody(pairs, officeDay(ctx)), asDraft: input.options['send'] !== true });
  io.say(io.words('caseload:cli.sent', { message: sent.messageId, count: pairs.length, state: io.words(`exchange:state.${sent.state}`) }));
  await io.json({ messageId: sent.messageId, state: sent.state, pairs: pairs.length });
  return sent.state === 'draft' ? EXIT.needsPerson : EXIT.done;
}
