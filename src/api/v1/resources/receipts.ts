import { noteListShown } from '../../../modules/audit/index.ts';
import { listReceipts as listReceiptsOf, readReceipt } from '../../../modules/exchange/index.ts';
import { json } from '../answer.ts';
import type { Handler } from '../answer.ts';
import { partnerOf } from '../caller.ts';
import { cursorOf, pageOf } from '../cursors.ts';

interface ReceiptShown { readonly receiptId: string; readonly messageId: string; readonly stage: string; readonly hop: string; readonly happenedAt: Date; readonly sha256: string }

export const listReceipts: Handler = async (call) => {
  const page = await listReceiptsOf(call.ctx, { partnerId: partnerOf(call), ...pageOf(call) });
  await noteListShown(call.ctx, 'api-receipts', page.items.map(({ messageId }) => ({ message: messageId })));
  return json({ items: page.items.map(shown), next: cursorOf(page.next) });
};

export const getReceipt: Handler = async (call) => {
  const receipt = await readReceipt(call.ctx, call.path['receiptId'] as string);
  if (call.accepted === 'application/json') return json(shown(receipt), 200, { Vary: 'Accept, Accept-Language' });
  return { headers: { Vary: 'Accept, Accept-Language' }, content: { type: receipt.mediaType, bytes: receipt.signed, fileName: receipt.fileName } };
};

const shown = ({ receiptId, messageId, stage, hop, happenedAt, sha256 }: ReceiptShown): unknown => ({
  id: receiptId, messageId, stage, hop: hop === '' ? null : hop, happenedAt: happenedAt.toISOString(), sha256,
});
