/** The kind of the queue's items for a message that was drafted and that somebody completes. */
export const DRAFT_ITEM = 'exchange_draft';
