/** What the agency and its partners say to each other. */
export * from './inquiries/index.ts';
export * from './reminders/index.ts';
