import type { Ctx } from '../platform/context.ts';
import { EXIT, textOption } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const referralCommands: readonly Command[] = [
  {
    name: 'referrals create', describe: 'referrals:cli.create', needs: 'app',
    options: [
      { flags: '--case <id>', describe: 'referrals:cli.case', required: true },
      { flags: '--partner <id>', describe: 'referrals:cli.partner', required: true },
      { flags: '--service <code...>', describe: 'referrals:cli.service', required: true },
    ],
    run: create,
  },
  {
    name: 'referrals send', args: '<referral>', describe: 'referrals:cli.send', needs: 'app',
    options: [{ flags: '--approver <name>', describe: 'referrals:cli.approver' }],
    run: send,
  },
];

/** Exit 10 only where something blocks: what is merely worth a look is printed and does not stop a script. */
async function create(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { createReferral } = await import('../modules/referrals/index.ts');
  const services = [input.options.service ?? []].flat().map(String);
  const created = await createReferral(ctx, { caseId: textOption(input, 'case'), partnerId: textOption(input, 'partner'), services });
  for (const finding of created.findings) io.finding(finding);
  io.say(io.words(created.alreadyOpen ? 'referrals:cli.already_open' : 'referrals:cli.created', {
    referral: created.referralId, status: io.words(`referrals:status.${created.status}`),
  }));
  await io.json({ referralId: created.referralId, status: created.status, findings: created.findings });
  return created.findings.some((finding) => finding.severity === 'block') ? EXIT.needsPerson : EXIT.done;
}

async function send(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { sendReferral } = await import('../modules/referrals/index.ts');
  const approver = input.options.approver;
  const sent = await sendReferral(ctx, input.args[0] ?? '', typeof approver === 'string' ? { approver } : {});
  io.say(io.words('referrals:cli.sent', { referral: sent.referralId, packet: sent.packetId }));
  await io.json(sent);
  return EXIT.done;
}
