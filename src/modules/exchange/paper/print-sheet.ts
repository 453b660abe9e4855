import { getPartner } from '../../partners/index.ts';
import { getReferral, messageSheetPdf, officeDay, ourOffice, readReference, resolveReference } from '../../referrals/index.ts';
import type { SheetReference } from '../../referrals/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import { findPaperOf } from './paper.store.ts';
import type { PaperOfMessage } from './paper.store.ts';

/**
 * The sheet to lay on top of papers of a message of ours: with its QR code papers come back to the request. Where the request has a sealed
 * packet it is the packet's own code, so that incoming papers are tied to it as those of a packet are.
 *
 * @throws AppError `message.not_found`, `access.forbidden`.
 */
export async function printMessageSheet(ctx: Ctx, messageId: string, paper: 'letter' | 'a4' = 'letter'): Promise<{ readonly bytes: Buffer; readonly fileName: string }> {
  authorise(ctx, 'exchange.view');
  const message = await inTransaction(ctx, (tx) => findPaperOf(tx, messageId));
  if (!message) throw new AppError('not_found', 'message.not_found');
  const language = getPartner(message.partnerId).languages.value.packet;
  const { office } = ourOffice(ctx.actor.agency, message.county, language);
  const bytes = messageSheetPdf({
    messageId, reference: await referenceOf(ctx, message), office: { en: office.names['en'] ?? ctx.actor.agency, theirs: office.names[language] ?? office.names['en'] ?? ctx.actor.agency }, language, paper, datedOn: officeDay(ctx),
    ourFileNumber: message.ourFileNumber, partnerFileNumber: message.partnerFileNumber, conversation: message.wireId,
  });
  return { bytes, fileName: `${messageId}-sheet.pdf` };
}

async function referenceOf(ctx: Ctx, message: PaperOfMessage): Promise<SheetReference> {
  const packet = message.referralId === null ? null : (await getReferral(ctx, message.referralId)).packets[0] ?? null;
  if (packet) return { packetId: packet.packetId, set: 1, digestPrefix: packet.sha256.slice(0, 8) };
  // Both are 26 characters that no other has: one form of code serves for packets and messages.
  return { packetId: `pkt_${message.messageId.slice('msg_'.length)}`, set: 1, digestPrefix: message.contentSha256.slice(0, 8) };
}

export interface FoundByReference {
  readonly referralId: string | null;
  readonly packetId: string | null;
  readonly messageId: string | null;
  readonly findings: readonly Finding[];
}

/** What the code of a sheet leads to: a packet, or a message of ours. What the actor may not see is as unknown as what never was. */
export async function findByReference(ctx: Ctx, text: string): Promise<FoundByReference> {
  authorise(ctx, 'exchange.view');
  const packet = await resolveReference(ctx, text);
  if (packet.packetId !== null) return { referralId: packet.referralId, packetId: packet.packetId, messageId: null, findings: [] };
  const { reference } = readReference(text);
  const messageId = reference === null ? '' : `msg_${reference.packetId.slice('pkt_'.length)}`;
  const message = isId('msg', messageId) ? await inTransaction(ctx, (tx) => findPaperOf(tx, messageId)) : null;
  if (!message || !reference) return { referralId: null, packetId: null, messageId: null, findings: packet.findings };
  if (!message.contentSha256.startsWith(reference.digestPrefix)) return { referralId: null, packetId: null, messageId: null, findings: [{ code: 'paper.reference_other_content', severity: 'block' }] };
  return { referralId: message.referralId, packetId: null, messageId, findings: [] };
}
