import { createHash } from 'node:crypto';
import { signAttached } from '../../../platform/asic/cms.ts';
import { signerOf } from '../../../platform/asic/signer.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { RECEIPT_VERSION, statementText } from './receipt.rules.ts';
import type { ReceiptStatement, Stage } from './receipt.rules.ts';
import { findReceipt, insertReceipt, lockMessage, receiptsOfMessage } from './receipt.store.ts';
import type { MessageToProve } from './receipt.store.ts';

export interface StageReached {
  readonly messageId: string;
  readonly stage: Stage;
  /** The office of a chain, for `relayed` and what comes after it. */
  readonly hop?: string | null;
  /** When it happened, where that was not now. */
  readonly at?: Date;
  /** By what channel, where that is not the message's own. */
  readonly channel?: string;
  /** Codes only. */
  readonly reasons?: readonly string[];
}

export interface RecordedReceipt {
  readonly receiptId: string;
  readonly signed: Buffer;
  /** The stage had been reached before: this is the receipt of then, to the byte. */
  readonly alreadyRecorded: boolean;
}

/**
 * Signs and keeps, in the transaction in which it happens, that a message reached a stage (`submitted` for one that came in and was kept).
 * A stage that was reached before gives the very receipt of then. The row of the message must have been written in this transaction or before.
 *
 * @throws AppError `message.not_found`; `keys.signing_*` where this installation cannot sign.
 */
export async function recordReceipt(tx: TxCtx, reached: StageReached): Promise<RecordedReceipt> {
  const message = await lockMessage(tx, reached.messageId);
  if (!message) throw new AppError('not_found', 'message.not_found');
  const hop = reached.hop ?? '';
  const earlier = await receiptsOfMessage(tx, message.messageId);
  const same = earlier.find((one) => one.stage === reached.stage && one.hop === hop);
  if (same) {
    const kept = await findReceipt(tx, same.receiptId);
    if (!kept) throw new Error('fault: a receipt was kept and is not there');
    return { receiptId: kept.receiptId, signed: kept.signed, alreadyRecorded: true };
  }
  const now = tx.clock.now();
  const happenedAt = reached.at ?? now;
  const receiptId = newId('rct', now.getTime());
  const statement = statementOf(tx, message, { ...reached, hop }, { receiptId, happenedAt, previous: earlier.at(-1)?.sha256 ?? null });
  const signed = signAttached(Buffer.from(statementText(statement), 'utf8'), signerOf(tx.keys, now), now);
  const sha256 = createHash('sha256').update(signed).digest('hex');
  await insertReceipt(tx, {
    receiptId, messageId: message.messageId, partnerId: message.partnerId, county: message.county, position: (earlier.at(-1)?.position ?? 0) + 1,
    stage: reached.stage, hop, happenedAt, signed, sha256,
  });
  return { receiptId, signed, alreadyRecorded: false };
}

type Made = { readonly receiptId: string; readonly happenedAt: Date; readonly previous: string | null };

function statementOf(tx: TxCtx, message: MessageToProve, reached: StageReached & { readonly hop: string }, made: Made): ReceiptStatement {
  return {
    version: RECEIPT_VERSION, receiptId: made.receiptId, stage: reached.stage, agency: tx.actor.agency, partner: message.partnerId, direction: message.direction,
    conversation: message.wireId, messageId: message.senderMessageId, serial: message.serial, kind: message.kind, contentSha256: message.contentSha256,
    bytesSha256: message.bytesSha256, byteCount: message.byteCount, happenedAt: made.happenedAt.toISOString(), hop: reached.hop === '' ? null : reached.hop,
    channel: reached.channel ?? message.channel, reasons: [...(reached.reasons ?? [])],
    fileNumbers: { agency: message.ourFileNumber, partner: message.partnerFileNumber }, previous: made.previous,
  };
}
