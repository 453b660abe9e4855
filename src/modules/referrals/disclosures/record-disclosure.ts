import { createHash } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getPartner } from '../../partners/index.ts';
import type { ZipEntry } from '../../../platform/asic/zip.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { newId } from '../../../platform/ids.ts';
import type { PreparedPacket } from '../packets/prepare-packet.ts';
import { contentOf, groundsOf, personsOf } from './disclosure.rules.ts';
import type { CountyAuthority, DisclosedContent, DisclosureKind, Grounds, OfSending, SealedPart, ToldContent } from './disclosure.rules.ts';
import { insertDisclosure } from './disclosure.store.ts';
import type { DisclosureRecord } from './disclosure.store.ts';

let known: readonly CountyAuthority[] | null = null;

function countyAuthorities(): readonly CountyAuthority[] {
  known ??= (JSON.parse(readFileSync(new URL('./authorities.json', import.meta.url), 'utf8')) as { authorities: CountyAuthority[] }).authorities;
  return known;
}

/** A packet as the log names it. */
export interface LoggedPacket {
  readonly packetId: string;
  readonly referralId: string;
  readonly county: string;
  readonly partnerId: string;
}

/** Writes into the log what happened to a packet, in the transaction in which it does. */
export async function recordDisclosure(ctx: TxCtx, kind: DisclosureKind, { packetId, referralId, county, partnerId }: LoggedPacket, caseId: string, record: DisclosureRecord = {}): Promise<void> {
  const disclosureId = newId('dis', ctx.clock.now().getTime());
  await insertDisclosure(ctx, { disclosureId, county, caseId, referralId, partnerId, packetId, kind, record });
}

/** Something that is told without a packet: an answer about a case, in the transaction in which it is given. */
export interface ToldDisclosure {
  readonly county: string;
  readonly caseId: string;
  readonly referralId: string | null;
  readonly partnerId: string;
  readonly channel: string;
  readonly told: ToldContent;
}

/** Writes down what was told of a case without a packet. @returns the number of the row. */
export async function recordTold(ctx: TxCtx, { told, channel, ...row }: ToldDisclosure): Promise<string> {
  const disclosureId = newId('dis', ctx.clock.now().getTime());
  await insertDisclosure(ctx, { ...row, disclosureId, packetId: null, kind: 'told', record: { told, channel, grounds: groundsFor(ctx, row.partnerId) } });
  return disclosureId;
}

/** The ground on which a packet goes to this partner today. */
export function groundsFor(ctx: TxCtx, partnerId: string, ofSending: OfSending = {}): Grounds {
  return groundsOf(getPartner(partnerId), ctx.actor.agency, countyAuthorities(), ofSending);
}

/** What a sealed packet holds; `parts` as they are in the container. */
export function contentOfPacket(
  { model, sealedCase, decisions }: Pick<PreparedPacket, 'model' | 'sealedCase' | 'decisions'>, documents: DisclosedContent['documents'], parts: readonly ZipEntry[], certificate: X509Certificate | null,
): DisclosedContent | null {
  if (model === null) return null;
  const sealed = certificate === null || sealedCase === null ? [] : parts.map(({ name, bytes }): SealedPart => ({
    name, sha256: createHash('sha256').update(bytes).digest('hex'), persons: personsOf(sealedCase),
    authority: { subject: certificate.subject.replaceAll('\n', ', '), sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(), validUntil: new Date(certificate.validTo).toISOString().slice(0, 10) },
  }));
  return contentOf(model, decisions, documents, sealed);
}
