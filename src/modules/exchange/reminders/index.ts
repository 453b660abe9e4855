export { dropReminder, getReminder, listReminders, REMINDERS_PER_PAGE, sendReminder, settleEscalation } from './decide-reminder.ts';
export type { ReminderPage, ReminderView } from './decide-reminder.ts';
export { remind } from './remind.ts';
export type { Reminded } from './remind.ts';
export { reminderRules } from './reminder-rules.ts';
export type { ReminderRule } from './reminder.rules.ts';
export { REMINDER_SORTS } from './reminder.store.ts';
export type { ReminderRow, ReminderSort } from './reminder.store.ts';
