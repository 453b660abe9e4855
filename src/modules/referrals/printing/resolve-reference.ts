import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { Finding } from '../../../platform/errors.ts';
import { findPacket } from '../packets/packet.store.ts';
import { readReference, referenceFindings } from './reference.rules.ts';

export interface ResolvedReference {
  readonly packetId: string | null;
  readonly referralId: string | null;
  readonly set: number | null;
  readonly findings: readonly Finding[];
}

/**
 * Which packet the papers behind a reference sheet belong to. With `expected` (a referral) the sheet of another one is a finding.
 * A packet that the actor may not see is as unknown as one that never was.
 */
export async function resolveReference(ctx: Ctx, text: string, expected: { readonly referralId?: string } = {}): Promise<ResolvedReference> {
  authorise(ctx, 'packets.read');
  const { reference, findings } = readReference(text);
  if (!reference) return { packetId: null, referralId: null, set: null, findings };
  const packet = await inTransaction(ctx, (tx) => findPacket(tx, reference.packetId));
  if (!packet) return unresolved([{ code: 'printing.reference_unknown', severity: 'block', params: { packet: reference.packetId } }]);
  const differing = referenceFindings(reference, packet);
  if (differing.length > 0) return unresolved(differing);
  if (expected.referralId !== undefined && expected.referralId !== packet.referralId) {
    return unresolved([{ code: 'printing.reference_other_packet', severity: 'block', params: { packet: packet.packetId } }]);
  }
  return { packetId: packet.packetId, referralId: packet.referralId, set: reference.set, findings: [] };
}

function unresolved(findings: readonly Finding[]): ResolvedReference {
  return { packetId: null, referralId: null, set: null, findings };
}
