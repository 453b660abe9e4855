import { daysBetween, isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';
import { formatMajor, isCurrency } from '../../../platform/money.ts';

/** What a payee said of a disbursement (contract 3, third layout). Pure: what was said and what we know in, faults and notes out. */

export const CONFIRMATION_OUTCOMES = ['received', 'partly', 'not_received', 'unreachable'] as const;
export type ConfirmationOutcome = (typeof CONFIRMATION_OUTCOMES)[number];
export type ConfirmationChannel = 'call' | 'link' | 'file';

export interface PayeeAnswer {
  disbursementId: string;
  confirmedOn: CalendarDate;
  outcome: ConfirmationOutcome;
  /** In minor units; null where nothing was received or nobody was reached. */
  amountMinor: bigint | null;
  currency: string | null;
  caller: string;
  spokenTo: string;
  note: string;
}

/** A disbursement with what its partner reported of it. */
export interface ReportedDisbursement {
  disbursementId: string;
  caseId: string;
  county: string | null;
  partnerId: string;
  payeeName: string;
  amountMinor: bigint;
  currency: string;
  issuedOn: CalendarDate;
  /** How the forwarding report ended, null where none has come. */
  reported: 'posted' | 'returned' | null;
  deliveredOn: CalendarDate | null;
  deliveredMinor: bigint | null;
  deliveredCurrency: string | null;
  /** Somebody on the receiving side is protected: nobody is sent to look for them. */
  isProtected: boolean;
}

const TEXT_MAX = 2_000;
/** In minor units: far above any payment, far below what the database cannot hold. */
export const CONFIRMED_MINOR_MAX = 10n ** 13n;
const NAME_MAX = 200;

/** What makes an answer impossible; each names its field. */
export function answerFaults(answer: PayeeAnswer, sent: ReportedDisbursement, today: CalendarDate): Finding[] {
  const faults: Finding[] = [];
  const fault = (code: string, path: string, params?: Finding['params']) => faults.push({ code, severity: 'block', path, ...(params ? { params } : {}) });
  if (!isCalendarDate(answer.confirmedOn)) fault('confirmation.date_unreadable', '/confirmedOn');
  else if (answer.confirmedOn < sent.issuedOn) fault('confirmation.before_issue', '/confirmedOn', { issuedOn: sent.issuedOn });
  else if (answer.confirmedOn > today) fault('confirmation.in_future', '/confirmedOn');
  if (answer.outcome === 'received' || answer.outcome === 'partly') {
    if (answer.amountMinor === null || answer.amountMinor <= 0n) fault('confirmation.amount_missing', '/amount');
    else if (answer.amountMinor > CONFIRMED_MINOR_MAX) fault('confirmation.amount_too_large', '/amount');
    if (answer.currency === null || !isCurrency(answer.currency) || ![sent.currency, sent.deliveredCurrency].includes(answer.currency)) {
      fault('confirmation.currency', '/currency', { expected: [...new Set([sent.deliveredCurrency ?? sent.currency, sent.currency])].join(', ') });
    }
  } else if (answer.amountMinor !== null) fault('confirmation.amount_without_receipt', '/amount');
  for (const [path, text, most] of [['/caller', answer.caller, NAME_MAX], ['/spokenTo', answer.spokenTo, NAME_MAX], ['/note', answer.note, TEXT_MAX]] as const) {
    if (text.length > most) fault('confirmation.text_too_long', path, { most });
  }
  return faults;
}

/** What of a possible answer a person must look at: money that did not arrive, arrived in part, or was never reported as delivered. */
export function answerNotes(answer: PayeeAnswer, sent: ReportedDisbursement): Finding[] {
  const notes: Finding[] = [];
  const note = (code: string, params?: Finding['params']) => notes.push({ code, severity: 'warn', ...(params ? { params } : {}) });
  const said = answer.outcome === 'received' || answer.outcome === 'partly';
  if (said && sent.reported === null) note('confirmation.not_yet_reported');
  if (said && sent.reported === 'returned') note('confirmation.was_returned');
  if (answer.outcome === 'not_received' && sent.reported === 'posted') note('confirmation.contradicts_report', { deliveredOn: sent.deliveredOn ?? '' });
  const due = answer.currency === sent.deliveredCurrency ? sent.deliveredMinor : answer.currency === sent.currency ? sent.amountMinor : null;
  if (said && due !== null && answer.amountMinor !== null && answer.currency !== null && answer.amountMinor !== due) {
    const params = { said: formatMajor(answer.amountMinor, answer.currency), due: formatMajor(due, answer.currency), currency: answer.currency };
    note(answer.amountMinor < due ? 'confirmation.less_than_reported' : 'confirmation.more_than_reported', params);
  }
  return notes;
}

/** Days after which a link that nobody opened says nothing more. */
export const LINK_DAYS = 14;
export const TOKEN_BYTES = 32;
const TOKEN_FORM = /^[A-Za-z0-9_-]{43}$/;

export function isPayeeToken(text: string): boolean {
  return TOKEN_FORM.test(text);
}

/** Delivered money whose payee nobody has heard is due for a call after so many days. */
export const CALL_AFTER_DAYS = 3;

export function daysWaiting(deliveredOn: CalendarDate, today: CalendarDate): number {
  return Math.max(0, daysBetween(deliveredOn, today));
}
