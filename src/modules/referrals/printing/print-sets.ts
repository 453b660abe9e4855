import { recordAudit } from '../../audit/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import type { Paper } from '../../../platform/pdf/paper.ts';
import { PRINTED_PAGES_MAX, layOutSets, openPapers } from '../../../platform/pdf/printed-sets.ts';
import { recordDisclosure } from '../disclosures/record-disclosure.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import { packetWords } from '../packets/compose-packet.ts';
import { findPacket, listPacketRows } from '../packets/packet.store.ts';
import type { PacketRow } from '../packets/packet.store.ts';
import { readPacketContainer } from '../packets/read-packet.ts';
import { packetToPrint } from './packet-to-print.ts';
import type { PacketToPrint } from './packet-to-print.ts';
import { pagesOfSet, setPages } from './reference-sheet.ts';
import type { FileNumbers } from './reference-sheet.ts';
import { SETS_MAX } from './reference.rules.ts';

export interface PrintRequest {
  /** A referral (its newest packet), a packet, or the bytes of a container. */
  readonly of: { readonly referralId: string } | { readonly packetId: string } | { readonly container: Uint8Array };
  readonly sets: number;
  /** Without it, the paper of the packet itself. */
  readonly paper?: Paper | undefined;
  /** What was learned of file numbers since the packet was sealed: the partner's, and those of offices that passed it on. Whoever calls knows what was said. */
  readonly numbersOf?: ((referralId: string) => Promise<FileNumbers | null>) | undefined;
}

export interface PrintedSets {
  readonly packetId: string;
  readonly referralId: string;
  readonly fileName: string;
  readonly bytes: Buffer;
  readonly sets: number;
  readonly pagesPerSet: number;
  readonly paper: Paper;
  readonly findings: readonly Finding[];
}

/**
 * A packet as so many complete sets on paper, in one PDF: each begins with its reference sheet, and every page says which set and
 * which of its pages it is. The packet itself stays as it was sealed. It is written down who printed it.
 *
 * @throws AppError `printing.sets_invalid`, `printing.nothing_sealed`, `printing.too_much`, `printing.unreadable`,
 * `printing.other_bytes`, `packet.altered`, and what `readPacketContainer` throws.
 */
export async function printSets(ctx: Ctx, { of, sets, paper: wanted, numbersOf }: PrintRequest): Promise<PrintedSets> {
  authorise(ctx, 'packets.print');
  if (!Number.isInteger(sets) || sets < 1 || sets > SETS_MAX) throw new AppError('invalid', 'printing.sets_invalid', { params: { max: SETS_MAX } });
  const { packet, row } = await packetOf(ctx, of);
  const paper = wanted ?? paperOf(packet);
  const learned = row === null ? null : await numbersOf?.(packet.referralId) ?? null;
  const papers = await openPapers(packet.papers, paper);
  const [packetPages = 0, ...attachments] = papers.pagesBySource;
  const plan = {
    packetId: packet.packetId, sha256: packet.sha256, sets, packetPages, paper, agency: packet.agency, datedOn: packet.datedOn,
    numbers: { ours: packet.numbers.ours ?? learned?.ours ?? null, theirs: learned?.theirs ?? packet.numbers.theirs, hops: learned?.hops ?? [] },
    attachments: attachments.length, attachmentPages: attachments.reduce((sum, pages) => sum + pages, 0),
  };
  const pagesPerSet = pagesOfSet(plan);
  if (pagesPerSet * sets > PRINTED_PAGES_MAX) throw new AppError('invalid', 'printing.too_much', { params: { pages: pagesPerSet * sets, max: PRINTED_PAGES_MAX } });
  const added = setPages(plan, packetWords(packet.language));
  const bytes = await layOutSets(papers, { paper, sets, added: added.bytes, title: packet.packetId, madeAt: new Date(`${packet.datedOn}T00:00:00Z`) });
  await writeDown(ctx, packet, row, { sets, pagesPerSet, paper });
  const { packetId, referralId, findings } = packet;
  return { packetId, referralId, fileName: `${packetId}-sets.pdf`, bytes, sets, pagesPerSet, paper, findings };
}

async function writeDown(ctx: Ctx, packet: PacketToPrint, row: PacketRow | null, printed: { sets: number; pagesPerSet: number; paper: Paper }): Promise<void> {
  const { packetId, referralId, sha256 } = packet;
  await inTransaction(ctx, async (tx) => {
    await recordAudit(tx, {
      action: 'packet.printed', subject: { type: 'packet', id: packetId }, partner: row?.partnerId ?? null, county: row?.county ?? null,
      details: { referralId, sha256, ...printed },
    });
    if (row) await recordDisclosure(tx, 'printed', row, (await getReferralRow(tx, referralId)).caseId, { sets: printed.sets });
    // A partner's officer writes no event of the agency's (row-level security); record and log say that it was printed.
    if (ctx.actor.partner === null) await emit(tx, 'packet.printed', { packetId, referralId });
  });
}

/** A container that is one of ours is printed under the same rules as if its packet had been named. */
async function packetOf(ctx: Ctx, of: PrintRequest['of']): Promise<{ packet: PacketToPrint; row: PacketRow | null }> {
  const now = ctx.clock.now();
  const given = 'container' in of ? packetToPrint(of.container, now) : null;
  const row = await inTransaction(ctx, async (tx) => {
    if ('referralId' in of) return (await listPacketRows(tx, (await getReferralRow(tx, of.referralId)).referralId))[0] ?? null;
    const packetId = 'packetId' in of ? of.packetId : given?.packetId ?? '';
    return isId('pkt', packetId) ? findPacket(tx, packetId) : null;
  });
  if (given && !row) return { packet: given, row: null };
  if (!row && 'referralId' in of) throw new AppError('conflict', 'printing.nothing_sealed');
  const { bytes } = await readPacketContainer(ctx, row?.packetId ?? ('packetId' in of ? of.packetId : ''));
  const kept = packetToPrint(bytes, now);
  if (given && given.sha256 !== kept.sha256) throw new AppError('conflict', 'printing.other_bytes');
  return { packet: kept, row };
}

const MEDIA_BOX = /\/MediaBox \[0 0 (\d+)/u;

/** Letter or A4, whichever the packet's own pages are. */
function paperOf(packet: PacketToPrint): Paper {
  const [, width] = MEDIA_BOX.exec(Buffer.from(packet.papers[0]?.bytes ?? []).toString('latin1')) ?? [];
  return Number(width) >= 600 ? 'letter' : 'a4';
}
