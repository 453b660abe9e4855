import type { Handler } from './answer.ts';
import { getConversation, listConversations } from './resources/conversations.ts';
import { askAboutCase, getInquiry, listInquiries } from './resources/inquiries.ts';
import { confirmRetrieval, getMessage, getMessageFile, listMessages, sendFile, sendMessage, sendReceipt } from './resources/messages.ts';
import { getDescription, getDescriptionJson, getError, getSchema, listErrors } from './resources/published.ts';
import { getReceipt, listReceipts } from './resources/receipts.ts';
import { getReferral, listReferrals } from './resources/referrals.ts';
import { getStatus, getToken } from './resources/service.ts';

/** Who answers each operation of the description; one without the other is a fault at start. */
export const HANDLERS: Readonly<Record<string, Handler>> = {
  getStatus, getToken,
  listMessages, sendMessage, getMessage, getMessageFile, confirmRetrieval, sendFile,
  listReceipts, sendReceipt, getReceipt,
  listConversations, getConversation,
  listReferrals, getReferral,
  listInquiries, askAboutCase, getInquiry,
  getSchema, listErrors, getError, getDescription, getDescriptionJson,
};
