import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { readContent } from '../conversations/message.store.ts';
import type { MessageRow } from '../conversations/message.store.ts';
import type { DocumentRequest, DocumentResponse, MessageHeader } from '../messages/message.types.ts';
import { answerRequest, selectTalk } from './document.store.ts';
import { documentStanding } from './document-standing.rules.ts';
import type { DocumentStanding, WantedPaper } from './document-standing.rules.ts';

export interface OpenDocumentRequest extends DocumentStanding {
  /** The message that asked, and who said it. */
  readonly messageId: string;
  readonly by: 'us' | 'partner';
}

type Said = MessageHeader & { readonly documentRequest?: DocumentRequest; readonly documentResponse?: DocumentResponse };

const paper = ({ kind, of }: { readonly kind: string; readonly of?: string }): WantedPaper => ({ kind, of: of ?? null });

/** Every request for papers of a conversation, and where each stands by what was answered to its id. @throws AppError `access.forbidden`. */
export async function listDocumentRequests(ctx: Ctx, conversationId: string): Promise<readonly OpenDocumentRequest[]> {
  authorise(ctx, 'messages.view');
  return inTransaction(ctx, async (tx) => {
    const talk = await said(tx, conversationId);
    return talk.flatMap(({ row, content }) => {
      const asked = content.documentRequest;
      if (!asked) return [];
      const answers = talk.filter((one) => one.row.direction !== row.direction && one.content.documentResponse?.requestId === asked.requestId).map(({ content: { documentResponse } }) => ({
        supplied: (documentResponse?.document ?? []).map(paper), unavailable: (documentResponse?.notAvailable ?? []).map((one) => ({ ...paper(one), reason: one.reason, expectedOn: one.expectedOn ?? null })),
      }));
      const standing = documentStanding({ requestId: asked.requestId, wanted: asked.document.map(paper), neededBy: asked.neededBy ?? null, answers });
      return [{ ...standing, messageId: row.messageId, by: row.direction === 'out' ? 'us' as const : 'partner' as const }];
    });
  });
}

async function said(tx: TxCtx, conversationId: string): Promise<{ row: Pick<MessageRow, 'messageId' | 'direction'>; content: Said }[]> {
  const talk = [];
  for (const row of await selectTalk(tx, conversationId)) {
    const text = await readContent(tx, row.messageId);
    if (text !== null) talk.push({ row, content: JSON.parse(text) as Said });
  }
  return talk;
}

/** Papers that echo the id of a request answer it, whatever message they say they answer: reminders of it end. */
export async function tieByRequestId(tx: TxCtx, row: Pick<MessageRow, 'messageId' | 'conversationId' | 'direction' | 'inReplyTo'>, message: object): Promise<string | null> {
  const requestId = (message as Said).documentResponse?.requestId;
  if (requestId === undefined || row.inReplyTo !== null || row.conversationId === null) return row.inReplyTo;
  const asked = (await said(tx, row.conversationId)).find((one) => one.row.direction !== row.direction && one.content.documentRequest?.requestId === requestId);
  if (!asked) return null;
  await answerRequest(tx, row.messageId, asked.row.messageId);
  return asked.row.messageId;
}
