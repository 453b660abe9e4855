import type { AuditAnchor } from '../modules/audit/index.ts';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { EXIT } from './command.ts';
import type { Command, ExitCode, Input, Io } from './command.ts';

export const auditCommands: readonly Command[] = [
  {
    name: 'audit verify', describe: 'audit:cli.verify', needs: 'app',
    options: [{ flags: '--anchor <anchor...>', describe: 'audit:cli.anchor' }],
    run: verify,
  },
];

/** 0 when the record is intact, else 1, as `ledger check`. */
async function verify(io: Io, input: Input, ctx: Ctx): Promise<ExitCode> {
  const { parseAnchor, verifyAudit } = await import('../modules/audit/index.ts');
  const given = input.options.anchor;
  const texts = Array.isArray(given) ? given : typeof given === 'string' ? [given] : [];
  const anchors = texts.map((text): AuditAnchor => {
    const anchor = parseAnchor(text);
    if (anchor === null) throw new AppError('invalid', 'audit.anchor_invalid');
    return anchor;
  });
  const result = await verifyAudit(ctx, anchors);
  const anchor = result.anchor === null ? null : `${result.anchor.seq}:${result.anchor.hash}`;
  for (const finding of result.findings) io.finding(finding);
  io.say(result.isIntact ? io.words('audit:cli.intact', { events: result.events }) : io.words('audit:cli.broken', { count: result.findings.length }));
  if (anchors.length === 0) io.say(io.words('audit:cli.no_anchor'));
  if (result.isIntact && anchor !== null) {
    io.say(io.words('audit:cli.anchor_now', { anchor }));
    io.say(io.words('audit:cli.keep_anchor'));
  }
  await io.json({ intact: result.isIntact, events: result.events, anchor, anchorsChecked: anchors.length, findings: result.findings });
  return result.isIntact ? EXIT.done : EXIT.fault;
}
