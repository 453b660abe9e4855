import type { Readable } from 'node:stream';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { cappedFindings } from '../import-summary.rules.ts';
import { keepReceived, readKept } from '../read-file.ts';
import type { ReceivedBytes } from '../read-file.ts';
import { readAcknowledgment } from './posting.rules.ts';
import type { Acknowledgment } from './posting.rules.ts';
import { lockPostings, settleAnswers } from './posting.store.ts';
import type { Settled } from './posting.store.ts';

const ACKNOWLEDGMENT_BYTES_MAX = 64 * 1024 * 1024;
const LINES_MAX = 200_000;

export interface PostingAcknowledgment {
  readonly file: string;
  readonly sha256: string;
  readonly kind: 'posting_acknowledgment';
  readonly lines: number;
  readonly accepted: number;
  readonly refused: number;
  /** Answers that were known already, word for word. */
  readonly duplicate: number;
  readonly rejected: number;
  readonly findings: readonly Finding[];
}

/**
 * Takes in the State's answer to exported postings (contract 9). A line at fault is told and left out; the same answer again changes
 * nothing; another answer to the same posting is told and left out. Each refused posting is a finding, because a person must see to it.
 *
 * @throws AppError `postings.columns_missing`, `postings.empty`, `postings.not_utf8`, `postings.too_many_lines`, `file.too_large`.
 */
export async function acknowledgePostings(ctx: Ctx, request: { fileName: string; source: Readable | Buffer }): Promise<PostingAcknowledgment> {
  authorise(ctx, 'postings.acknowledge');
  const bytes = await keepReceived(ctx, request.fileName, request.source, null);
  const read = readAcknowledgment(decode(await readKept(ctx, bytes.fileId, ACKNOWLEDGMENT_BYTES_MAX)), LINES_MAX);
  return inTransaction(ctx, (tx) => settle(tx, bytes, read));
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError('invalid', 'postings.not_utf8', { cause: error });
  }
}

async function settle(ctx: TxCtx, bytes: ReceivedBytes, read: Acknowledgment): Promise<PostingAcknowledgment> {
  await lockPostings(ctx);
  const became = new Map((await settleAnswers(ctx, read.answers)).map((settled) => [settled.line, settled.became]));
  const settled = read.answers.filter((answer) => became.get(answer.line) === 'settled');
  const refused = settled.filter((answer) => answer.status === 'refused');
  const duplicate = read.answers.filter((answer) => became.get(answer.line) === 'duplicate').length;
  const accepted = settled.length - refused.length;
  const rejected = read.lines - settled.length - duplicate;
  if (settled.length > 0) {
    await recordAudit(ctx, { action: 'postings.acknowledged', subject: { type: 'received_file', id: bytes.fileId }, details: { accepted, refused: refused.length, duplicate, rejected } });
  }
  const findings: Finding[] = [
    ...read.findings,
    ...read.answers.flatMap((answer) => faultOf(answer.line, became.get(answer.line) ?? 'unknown')),
    ...refused.map((answer): Finding => ({ code: 'postings.refused', severity: 'warn', line: answer.line, params: { postingId: answer.postingId } })),
  ].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { file: bytes.fileName, sha256: bytes.sha256, kind: 'posting_acknowledgment', lines: read.lines, accepted, refused: refused.length, duplicate, rejected, findings: cappedFindings(findings) };
}

function faultOf(line: number, became: Settled['became']): Finding[] {
  if (became === 'settled' || became === 'duplicate') return [];
  return [{ code: `postings.${became}`, severity: 'block', line, path: 'posting_id' }];
}
