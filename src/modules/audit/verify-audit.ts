import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { AppError } from '../../platform/errors.ts';
import type { Finding } from '../../platform/errors.ts';
import { chainEnd, findFaults, hasLink } from './audit-event.store.ts';

/** A link of the chain that was written down elsewhere: `120:9f2c…` (number and hash). */
export interface AuditAnchor {
  readonly seq: bigint;
  readonly hash: string;
}

export interface AuditCheck {
  readonly isIntact: boolean;
  readonly events: number;
  /** The chain's last link; keep it outside of this machine, and hand it in at a later check. Null while nothing is recorded. */
  readonly anchor: AuditAnchor | null;
  readonly findings: readonly Finding[];
}

/** Reads an anchor as `puente audit verify` prints it; null when it is none. */
export function parseAnchor(text: string): AuditAnchor | null {
  const match = /^(\d{1,18}):([0-9a-f]{64})$/.exec(text.trim());
  return match ? { seq: BigInt(match[1] as string), hash: match[2] as string } : null;
}

/**
 * Recomputes the chain of the agency's audit record: finds every event that was changed, removed, put in or moved. Whoever rules the
 * database can compute a whole new chain; an anchor kept elsewhere shows that, and also that the newest events were cut off.
 *
 * @throws AppError forbidden `audit.whole_agency_only` for an actor who does not see all of it.
 */
export async function verifyAudit(ctx: Ctx, anchors: readonly AuditAnchor[] = []): Promise<AuditCheck> {
  authorise(ctx, 'audit.verify');
  if (ctx.actor.counties !== 'all' || ctx.actor.partner !== null) throw new AppError('forbidden', 'audit.whole_agency_only');
  return inTransaction(ctx, async (tx) => {
    const findings: Finding[] = (await findFaults(tx)).map((fault) => ({ code: fault.code, severity: 'block', params: { id: fault.id } }));
    for (const anchor of anchors) {
      if (!(await hasLink(tx, anchor.seq, anchor.hash))) findings.push({ code: 'audit.anchor_differs', severity: 'block', params: { id: `link ${anchor.seq}` } });
    }
    const end = await chainEnd(tx);
    return {
      isIntact: findings.length === 0, events: Number(end.events), findings,
      anchor: end.seq === null || end.hash === null ? null : { seq: BigInt(end.seq), hash: end.hash },
    };
  });
}
