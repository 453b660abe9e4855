/** The kind of the queue's items for a message that came in and waits for a person. */
export const PARKED_ITEM = 'exchange_parked';
