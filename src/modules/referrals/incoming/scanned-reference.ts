import type { Finding } from '../../../platform/errors.ts';
import { readCodes } from '../../../platform/scan/read-codes.ts';
import { readReference, referenceText } from '../printing/reference.rules.ts';
import { checkedCover } from './incoming.rules.ts';
import type { Cover } from './incoming.rules.ts';

export interface ScannedCover {
  readonly cover: Cover | null;
  readonly findings: readonly Finding[];
}

/**
 * Fills in the reference that the QR code of a sheet among scanned papers tells, where nobody typed one. It is no more than what somebody
 * might have typed: a person decides. Papers with the sheets of two packets are nobody's until somebody says whose.
 */
export async function withScannedReference(cover: Cover | null, bytes: Uint8Array, today: string): Promise<ScannedCover> {
  if (cover?.reference) return { cover, findings: [] };
  const read = (await readCodes(bytes)).flatMap((text) => readReference(text).reference ?? []);
  const packets = new Set(read.map(({ packetId, digestPrefix }) => `${packetId} ${digestPrefix}`));
  const [first] = read;
  if (!first) return { cover, findings: [] };
  if (packets.size > 1) return { cover, findings: [{ code: 'incoming.references_differ', severity: 'warn', path: '/cover/reference', params: { count: packets.size } }] };
  const filled = checkedCover({ ...cover, reference: referenceText(first) }, today);
  return { cover: filled, findings: [{ code: 'incoming.reference_scanned', severity: 'info', path: '/cover/reference' }] };
}
