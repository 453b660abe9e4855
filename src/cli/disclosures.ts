import type { Ctx } from '../platform/context.ts';
import { EXIT } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const disclosureCommands: readonly Command[] = [
  {
    name: 'disclosures list', describe: 'disclosures:cli.list', needs: 'app', run: list,
    options: [
      { flags: '--case <case>', describe: 'disclosures:cli.case' },
      { flags: '--referral <referral>', describe: 'disclosures:cli.referral' },
      { flags: '--partner <partner>', describe: 'disclosures:cli.partner' },
      { flags: '--from <date>', describe: 'disclosures:cli.from' },
      { flags: '--to <date>', describe: 'disclosures:cli.to' },
      { flags: '--page <number>', describe: 'disclosures:cli.page' },
    ],
  },
];

async function list(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { listDisclosures } = await import('../modules/referrals/index.ts');
  const given = (name: string): string | undefined => {
    const value = input.options[name];
    return typeof value === 'string' ? value : undefined;
  };
  const found = await listDisclosures(ctx, {
    caseId: given('case'), referralId: given('referral'), partnerId: given('partner'), from: given('from'), to: given('to'), page: Number(given('page') ?? '1') || 1,
  });
  io.table(['when', 'what', 'partner', 'packet', 'by', 'ground'].map((column) => io.words(`disclosures:cli.column.${column}`)), found.rows.map((row) => [
    row.happenedAt.toISOString(), io.words(`disclosures:kind.${row.kind}`), row.partnerId, row.packetId ?? row.record.told?.id ?? '', row.actorId,
    (row.record.grounds?.authorities ?? []).map((one) => (one.isConfirmed ? one.citation : `${one.citation} (${io.words('disclosures:unconfirmed')})`)).join('; '),
  ]));
  if (found.total > found.rows.length) io.say(io.words('disclosures:cli.more', { shown: found.rows.length, total: found.total }));
  for (const row of found.rows) await io.json(row);
  return EXIT.done;
}
