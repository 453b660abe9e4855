import { createHash } from 'node:crypto';
import { recordAudit } from '../../audit/index.ts';
import { verifyContainer } from '../../../platform/asic/container.ts';
import type { ContainerReport } from '../../../platform/asic/container.ts';
import { ownCertificate } from '../../../platform/asic/signer.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { getKeptFile, readKeptFile } from '../../../platform/files.ts';
import type { Enclosure } from '../messages/message.types.ts';
import { asGateway } from './actors.ts';
import { papersIn } from './enclosed-papers.ts';
import { findMessage } from './message.store.ts';
import { readMessageContent } from './settle-parked.ts';

export interface PapersCheck {
  readonly messageId: string;
  readonly fileName: string;
  readonly isIntact: boolean;
  readonly sha256: string;
  readonly entries: ContainerReport['entries'];
  readonly signer: (Omit<NonNullable<ContainerReport['signer']>, 'trust'> & { readonly isOurs: boolean }) | null;
  readonly findings: ContainerReport['findings'];
}

/** The papers of a message of ours and their signed file. @throws AppError `message.not_found`, `message.withdrawn`, `message.no_such_form`, `access.forbidden`. */
async function opened(ctx: Ctx, messageId: string) {
  authorise(ctx, 'messages.view');
  // A partner's people read what was sent to them; of ours, who may read papers.
  if (ctx.actor.partner === null) authorise(ctx, 'attachments.view');
  // What may be read of a message decides what may be read of its papers.
  const { message, content } = await readMessageContent(ctx, messageId);
  const papers = papersIn(content === null ? null : JSON.stringify(content));
  const isReady = message.direction === 'out' && (ctx.actor.partner === null || ['delivered', 'retrieved'].includes(message.state));
  const gateway = asGateway(ctx);
  const fileId = isReady ? await inTransaction(gateway, async (tx) => (await findMessage(tx, messageId))?.fileId ?? null) : null;
  if (papers.length === 0 || fileId === null) throw new AppError('not_found', 'message.no_such_form');
  const bytes = await readKeptFile(gateway, fileId);
  const report = verifyContainer(bytes, { own: ownCertificate(ctx.config), now: ctx.clock.now() });
  return { message, papers, fileId, report: { ...report, findings: [...report.findings, ...differing(papers, report)] } };
}

/** What the message says of its papers, held against what is there. */
function differing(papers: readonly Enclosure[], { entries }: ContainerReport): ContainerReport['findings'] {
  const there = new Map(entries.map(({ name, sha256 }) => [name, sha256]));
  return papers.filter(({ fileName, sha256 }) => there.get(fileName) !== sha256).map(({ fileName }) => ({ code: 'packet.paper_other', severity: 'block', path: fileName }));
}

/**
 * One paper of a message, as it left; it is written down who took it.
 * @throws AppError `message.not_found`, `message.withdrawn`, `message.no_such_form`, `packet.altered`, `access.forbidden`.
 */
export async function openMessagePaper(ctx: Ctx, messageId: string, number: number): Promise<{ readonly fileName: string; readonly mediaType: string; readonly bytes: Buffer }> {
  const { message, papers, report } = await opened(ctx, messageId);
  const paper = papers.find(({ attachmentId }) => attachmentId === `D${number}`);
  if (!paper) throw new AppError('not_found', 'message.no_such_form');
  const entry = report.payload.find(({ name }) => name === paper.fileName);
  if (!entry || createHash('sha256').update(entry.bytes).digest('hex') !== paper.sha256) throw new AppError('conflict', 'packet.altered', { findings: report.findings });
  await inTransaction(asGateway(ctx), (tx) => recordAudit(tx, { action: 'message.paper_read', subject: { type: 'message', id: messageId }, partner: message.partnerId, county: message.county, details: { number } }));
  return { fileName: paper.fileName.slice(paper.fileName.lastIndexOf('/') + 1), mediaType: paper.mediaType, bytes: Buffer.from(entry.bytes) };
}

/** Checks the signed file of a message's papers as whoever receives it would. @throws those of `openMessagePaper`. */
export async function checkMessagePapers(ctx: Ctx, messageId: string): Promise<PapersCheck> {
  const { fileId, report } = await opened(ctx, messageId);
  const { sha256 } = await getKeptFile(asGateway(ctx), fileId);
  const { entries, signer, findings } = report;
  return {
    messageId, fileName: `${messageId}.asice`, isIntact: !findings.some(({ severity }) => severity === 'block'), sha256, entries, findings,
    signer: signer && { subject: signer.subject, fingerprint: signer.fingerprint, signedAt: signer.signedAt, validFrom: signer.validFrom, validTo: signer.validTo, isOurs: signer.trust === 'own' },
  };
}
