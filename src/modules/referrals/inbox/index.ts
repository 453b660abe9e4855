/** What a partner's officer finds and works on: requests of ours, what is new and what is due. */
export { INBOX_SHOWS, INBOX_SORTS } from './inbox.store.ts';
export type { InboxRow, InboxShow, InboxSort } from './inbox.store.ts';
export { markOpened, readInbox, SOON_DAYS } from './read-inbox.ts';
export type { Inbox, InboxQuery } from './read-inbox.ts';
