import { Readable } from 'node:stream';
import { ARRIVAL_HEAD_BYTES, MESSAGE_BYTES_MAX, receiveMessage, recogniseArrival } from '../../../modules/exchange/index.ts';
import type { ReceivedMessage } from '../../../modules/exchange/index.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Visit } from '../../visit.ts';

/** A request comes in a packet's XML; every other kind of message has no such part. */
const REQUEST = /<(?:[A-Za-z_][\w.-]*:)?referral[\s/>]/;

/**
 * What an officer sends is looked at before it is handed on: messages other than requests, and receipts, go by the door of programs, with the signed receipt of that
 * door. Everything else goes on as it was; what was read of it stands at its beginning again.
 *
 * @throws AppError `incoming.is_list` for tables, which have a page of their own; what `receiveMessage` throws.
 */
export async function byMessageDoor(visit: Visit, partnerId: string): Promise<ReceivedMessage | null> {
  const { req, ctx } = visit;
  if (!req.upload || req.upload.fileName === '') return null;
  const pieces = new Pieces(req.upload.source);
  const head = await pieces.upTo(ARRIVAL_HEAD_BYTES);
  const kind = recogniseArrival(head, Buffer.alloc(0));
  // Of a workbook the beginning says only that it is packed; its name is what the officer knows it by.
  if (kind === 'list' || (head.subarray(0, 2).toString('latin1') === 'PK' && /\.xls[xm]$/i.test(req.upload.fileName))) throw new AppError('invalid', 'incoming.is_list');
  const whole = kind === 'message' || kind === 'receipt' ? await pieces.upTo(MESSAGE_BYTES_MAX + 1) : head;
  req.upload = { ...req.upload, source: Readable.from(pieces.all(), { objectMode: false }) };
  if (kind !== 'receipt' && (kind !== 'message' || isRequest(whole))) return null;
  return receiveMessage(ctx, { partnerId, channel: 'portal', source: Readable.from(pieces.all(), { objectMode: false }), fileName: req.upload.fileName });
}

function isRequest(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  const isJson = /^(?:\u00ef\u00bb\u00bf)?\s*\{/.test(text);
  // Two bytes a letter, or XML that is no message: refused where requests are, with the reason.
  return !isJson && (REQUEST.test(text) || !/urn:puente:message/.test(text));
}

/** A stream of which the beginning is looked at before it is read whole. A connection that breaks off is a fault of its own. */
class Pieces {
  readonly #rest: AsyncIterator<Buffer | string>;
  #head: Buffer = Buffer.alloc(0);
  #isOver = false;

  constructor(source: Readable) {
    this.#rest = source[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
  }

  async #next(): Promise<Buffer | null> {
    if (this.#isOver) return null;
    try {
      const { done, value } = await this.#rest.next();
      if (done === true) this.#isOver = true;
      return done === true ? null : Buffer.from(value as Buffer);
    } catch (cause) {
      throw cause instanceof AppError ? cause : new AppError('invalid', 'incoming.cut_off', { cause });
    }
  }

  /** The beginning, of this length at most or a little more. */
  async upTo(bytes: number): Promise<Buffer> {
    const chunks = [this.#head];
    let count = this.#head.length;
    while (count < bytes) {
      const chunk = await this.#next();
      if (chunk === null) break;
      chunks.push(chunk);
      count += chunk.length;
    }
    this.#head = Buffer.concat(chunks);
    return this.#head;
  }

  async* all(): AsyncGenerator<Buffer> {
    if (this.#head.length > 0) yield this.#head;
    for (let chunk = await this.#next(); chunk !== null; chunk = await this.#next()) yield chunk;
  }
}
