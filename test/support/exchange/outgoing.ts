import { createHash } from 'node:crypto';
import { insertMessage, nextSerial } from '../../../src/modules/exchange/conversations/message.store.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { keepFile } from '../../../src/platform/files.ts';
import { newId } from '../../../src/platform/ids.ts';
import { testCtx, testDatabase } from '../database.ts';
import type { TestActor, TestDatabase } from '../database.ts';
import { CALEXICO } from '../referrals-incoming/messages.ts';
import { aSigner } from '../referrals/packets.ts';

export interface OutgoingScene {
  readonly db: TestDatabase;
  readonly ctx: Ctx;
  readonly certificatePem: string;
  ctxOf(given?: TestActor): Ctx;
}

/** A database, and an operator who can sign. */
export async function outgoingScene(now = '2026-11-20T12:00:00Z'): Promise<OutgoingScene> {
  const db = await testDatabase();
  const { identity } = await aSigner();
  const ctxOf = (given: TestActor = {}): Ctx => {
    const ctx = testCtx(db, { now, ...given });
    return { ...ctx, keys: { ...ctx.keys, signing: identity } };
  };
  return { db, ctx: ctxOf(), ctxOf, certificatePem: identity.certificatePem };
}

/** A message of ours that waits to leave, with a file where bytes are given. */
export async function aQueuedMessage(ctx: Ctx, given: { readonly file?: Uint8Array; readonly partnerId?: string; readonly content?: string } = {}): Promise<string> {
  const partnerId = given.partnerId ?? CALEXICO;
  const messageId = newId('msg', ctx.clock.now().getTime());
  const content = given.content ?? JSON.stringify({ messageId });
  const kept = given.file ? await keepFile(ctx, { fileName: 'packet', source: given.file, bytesMax: 50_000_000, partner: partnerId }) : null;
  await inTransaction(ctx, async (tx) => insertMessage(tx, {
    messageId, conversationId: null, partnerId, county: '06025', direction: 'out', senderMessageId: messageId, serial: await nextSerial(tx), kind: 'statusRequest', code: null, inReplyTo: null,
    replyTo: null, hop: null, cause: null, state: 'queued', channel: 'internal', contentSha256: createHash('sha256').update(content).digest('hex'), content, fileId: kept?.fileId ?? null,
    byteCount: kept?.byteCount ?? content.length, findings: [], statedAt: ctx.clock.now(), expiresOn: null,
  }));
  return messageId;
}

/** The same context, later. */
export function at(ctx: Ctx, instant: string): Ctx {
  return { ...ctx, clock: { now: () => new Date(instant) } };
}
