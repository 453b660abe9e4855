import { statementText } from '../../../src/modules/exchange/evidence/receipt.rules.ts';
import { signAttached } from '../../../src/platform/asic/cms.ts';
import { behindTheWall } from '../database.ts';
import type { TestDatabase } from '../database.ts';
import { CALEXICO } from '../referrals-incoming/messages.ts';
import { aSigner } from '../referrals/packets.ts';

/** A receipt for a message of ours, as a partner's program would sign it. */
export async function aReceiptOf(db: TestDatabase, messageId: string, at: Date, changes: { contentSha256?: string } = {}): Promise<{ bytes: Buffer; certificatePem: string }> {
  const { signer, identity } = await aSigner();
  const [row] = await behindTheWall<{ digest: string; kind: string }>(db, 'select content_sha256 as digest, kind from exchange_messages where message_id = $1', [messageId]);
  const text = statementText({
    version: '1.0', receiptId: `CLX-R-${messageId.slice(-6)}`, stage: 'submitted', agency: 'us-ca', partner: CALEXICO, direction: 'out', conversation: null, messageId, serial: null, kind: row?.kind ?? '',
    contentSha256: row?.digest ?? '', bytesSha256: null, byteCount: 10, happenedAt: at.toISOString(), hop: null, channel: 'sftp', reasons: [], fileNumbers: { agency: null, partner: 'CLX/7' }, previous: null,
    ...changes,
  });
  return { bytes: Buffer.from(signAttached(Buffer.from(text), signer, at)), certificatePem: identity.certificatePem };
}
