import { findReadyFile, findReceiptByName, listReadyFiles, listReceiptFiles, markRetrieved, openReadyFile, pickUpMessage, readReceipt, receiveMessage } from '../modules/exchange/index.ts';
import { INCOMING_BYTES_MAX } from '../modules/referrals/index.ts';
import { withActor } from '../platform/context.ts';
import type { Actor, Ctx } from '../platform/context.ts';
import type { Desk } from './desk.ts';
import { LIMITS } from './limits.ts';

/** The exchange as one partner's program meets it, under that program's name. */
export function deskOf(ground: Ctx, actor: Actor, check: () => Promise<void>): Desk {
  const ctx = withActor(ground, actor);
  const partnerId = actor.partner as string;
  const limit = LIMITS.listedAtOnce;
  return {
    bytesMax: INCOMING_BYTES_MAX,
    check,
    now: () => ctx.clock.now(),
    receive: (source, fileName) => receiveMessage(ctx, { partnerId, channel: 'sftp', source, fileName }),
    listReady: (where, after) => listReadyFiles(ctx, { partnerId, isPickedUp: where === 'picked-up', after, limit }),
    findReady: (where, name) => findReadyFile(ctx, { partnerId, isPickedUp: where === 'picked-up', name }),
    openReady: ({ name }) => openReadyFile(ctx, { partnerId, name }),
    async markRetrieved({ messageId, isProving }) {
      if (isProving) await markRetrieved(ctx, messageId, 'sftp');
    },
    pickUp: ({ messageId }) => pickUpMessage(ctx, { partnerId, messageId }),
    listReceipts: (after) => listReceiptFiles(ctx, { partnerId, after, limit }),
    findReceipt: (name) => findReceiptByName(ctx, { partnerId, name }),
    readReceipt: async (receiptId) => Buffer.from((await readReceipt(ctx, receiptId)).signed),
  };
}
