/** What a draft is called in the queue of work. */
export const REMINDER_ITEM = 'reminder';
