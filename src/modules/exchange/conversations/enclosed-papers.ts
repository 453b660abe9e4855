import { Readable } from 'node:stream';
import { enclosePapers, findingsOfEnclosed, recordTold } from '../../referrals/index.ts';
import { sealContainer } from '../../../platform/asic/container.ts';
import { signerOf } from '../../../platform/asic/signer.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { getKeptFile, keepFile } from '../../../platform/files.ts';
import { bodyOf } from '../messages/message.ts';
import type { Message } from '../messages/message.ts';
import type { Enclosure } from '../messages/message.types.ts';
import type { Target } from './may-leave.ts';

/** The papers that a message of the kind `documentResponse` brings. */
export function papersIn(content: string | null): Enclosure[] {
  if (content === null) return [];
  return (bodyOf(JSON.parse(content) as Message, 'documentResponse')?.document ?? []).flatMap(({ attachment }) => attachment);
}

/** Chosen papers of a referral, signed as one file. */
export interface SealedPapers {
  readonly fileId: string;
  readonly document: readonly { readonly kind: string; readonly attachment: readonly Enclosure[] }[];
}

/** For a use case that has authorised: seals what was chosen as one file of the partner's, and says how a message names it. @throws those of `enclosePapers`. */
export async function sealPapers(tx: TxCtx, { referral, partner }: Target, chosen: readonly string[]): Promise<SealedPapers> {
  if (referral === null) throw new AppError('conflict', 'message.papers_without_request');
  const { papers, entries } = await enclosePapers(tx, referral, chosen);
  const now = tx.clock.now();
  const bytes = sealContainer(entries, signerOf(tx.keys, now), now);
  const { fileId } = await keepFile(tx, { fileName: 'documents.asice', source: Readable.from([bytes], { objectMode: false }), bytesMax: bytes.length, partner: partner.partnerId });
  const kinds = [...new Set(papers.map(({ kind }) => kind))];
  return { fileId, document: kinds.map((kind) => ({ kind, attachment: papers.filter((one) => one.kind === kind) })) };
}

/**
 * Papers leave with a message: each is still attached and may be told today, and it is written into the log of the case what left. Nothing where the message has none.
 *
 * @throws AppError `attachment.cannot_leave`.
 */
export async function papersLeave(tx: TxCtx, { referral }: Target, row: { readonly messageId: string; readonly partnerId: string; readonly fileId: string | null; readonly content: string | null }): Promise<void> {
  const papers = papersIn(row.content);
  if (papers.length === 0 || row.fileId === null || referral === null) return;
  const findings = await findingsOfEnclosed(tx, referral, papers.map(({ sha256 }) => sha256), 'at_all');
  if (findings.length > 0) throw new AppError('conflict', 'attachment.cannot_leave', { findings });
  const { sha256 } = await getKeptFile(tx, row.fileId);
  const about = [...new Set(papers.map(({ kind }) => kind))];
  await recordTold(tx, { county: referral.county, caseId: referral.caseId, referralId: referral.referralId, partnerId: row.partnerId, channel: 'exchange', told: { by: 'documents', id: row.messageId, about, sha256, papers: papers.map((one) => one.sha256) } });
}

/** Whether one of the papers would tell of somebody who is protected today. */
export async function papersTell(tx: TxCtx, referral: Target['referral'], content: string | null): Promise<boolean> {
  const papers = papersIn(content);
  return papers.length > 0 && referral !== null && (await findingsOfEnclosed(tx, referral, papers.map(({ sha256 }) => sha256), 'protected')).length > 0;
}
