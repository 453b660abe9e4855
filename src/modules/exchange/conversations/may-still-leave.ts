import { getPartner } from '../../partners/index.ts';
import { gateFreeText, referralForExchange, withdrawnFromPacket } from '../../referrals/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { findConversation } from './conversation.store.ts';
import { papersTell } from './enclosed-papers.ts';
import { wordsOf } from './leaving.rules.ts';
import { requireAgreed } from './may-leave.ts';
import type { Agreeing, Target } from './may-leave.ts';
import { findMessage, readContent } from './message.store.ts';
import type { MessageRow } from './message.store.ts';
import { selectGlances } from './withheld.store.ts';

/** Why a message that was let go once is not handed out now: it tells of somebody protected since; the request was taken back; no agreement is in force. */
export type Withheld = 'protected' | 'taken_back' | 'not_agreed';

/** The gateway itself looks at the case, for whoever asks; the rows within sight stay those of the transaction. */
const looking = (tx: TxCtx): TxCtx => ({ ...tx, actor: { ...tx.actor, kind: 'system', id: 'disclosure', roles: ['operator'] } });

/** Looks at a message of ours as if it were sent today. Null: it may leave. */
export async function whyWithheld(ctx: TxCtx, messageId: string): Promise<Withheld | null> {
  const tx = looking(ctx);
  const row = await findMessage(tx, messageId);
  const conversation = row?.conversationId ? await findConversation(tx, row.conversationId) : null;
  if (!row || row.direction !== 'out' || conversation === null) return null;
  const [glance] = await selectGlances(tx, [messageId]);
  if (glance?.isTakenBack === true) return 'taken_back';
  const referral = conversation.referralId === null ? null : await referralForExchange(tx, row.partnerId, conversation.referralId);
  const target: Target = { partner: getPartner(row.partnerId), conversation, referral };
  if (await tellsProtected(tx, row, target)) return 'protected';
  return await isAgreed(tx, target) ? null : 'not_agreed';
}

const PACKET = /^packet:(pkt_[0-9A-HJKMNP-TV-Z]{26})$/;

async function tellsProtected(tx: TxCtx, row: MessageRow, { referral }: Target): Promise<boolean> {
  if (referral === null) return false;
  const packetId = PACKET.exec(row.cause ?? '')?.[1];
  if (packetId !== undefined && (await withdrawnFromPacket(tx, referral, packetId)).length > 0) return true;
  const content = await readContent(tx, row.messageId);
  if (content === null) return false;
  if (row.kind === 'documentResponse' && await papersTell(tx, referral, content)) return true;
  const { free, other } = wordsOf((JSON.parse(content) as Record<string, unknown>)[row.kind]);
  const { findings } = await gateFreeText(tx, { caseId: referral.caseId, texts: { ...free, ...other } });
  return findings.some(({ code }) => /\.(tells|case_unseen)/.test(code));
}

async function isAgreed(tx: TxCtx, target: Agreeing): Promise<boolean> {
  try {
    await requireAgreed(tx, target);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'agreement.none_allows') return false;
    throw error;
  }
}

/** Of the messages of a page, those that must be looked at one by one before they are shown: one query for all, and one for each county and service. */
export async function toBeLookedAt(ctx: TxCtx, messageIds: readonly string[]): Promise<ReadonlySet<string>> {
  const agreed = new Map<string, boolean>();
  const found = new Set<string>();
  for (const glance of await selectGlances(ctx, messageIds)) {
    const partner = getPartner(glance.partnerId);
    const key = JSON.stringify([glance.partnerId, glance.county, glance.services]);
    // The whole look decides; this one only says for whom it is worth while.
    if (!agreed.has(key)) agreed.set(key, await isAgreed(ctx, { partner, conversation: { county: glance.county }, referral: glance.services === null ? null : { county: glance.county ?? '', services: glance.services } }));
    if (glance.isSensitive || glance.isTakenBack || agreed.get(key) !== true) found.add(glance.messageId);
  }
  return found;
}
