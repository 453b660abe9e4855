import { HOPS, SHARED_STATES } from '../../referrals/index.ts';
import type { Direction, ReferralStatus } from '../../referrals/index.ts';
import { addDays } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';

/** A move as it was made, with what was given for it. */
export interface MadeMove {
  readonly move: string;
  readonly from: ReferralStatus;
  readonly to: ReferralStatus;
  readonly reason: string | null;
  readonly hop: string | null;
  readonly on: CalendarDate;
  readonly promisedOn: CalendarDate | null;
}

/** What the message of a move may need besides the move. */
export interface AboutReferral {
  readonly direction: Direction;
  /** The day on which the request reached whoever acknowledges it. */
  readonly receivedOn: CalendarDate;
  /** The request or question that is answered, as its sender names it. */
  readonly answers: string | null;
  /** Moves that both sides know of, in their order. */
  readonly milestones: readonly { readonly kind: string; readonly on: CalendarDate }[];
  readonly balances: readonly { readonly bucket: string; readonly amount: string; readonly currency: string; readonly asOf: CalendarDate }[];
  /** Names of the office to which it was passed on. */
  readonly hopNames: readonly { readonly lang: string; readonly value: string }[];
  readonly isAcknowledged: boolean;
}

export interface Announcement {
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Somebody has to say more than the move does. */
  readonly asDraft: boolean;
}

const CLOSURE_NOTICE_DAYS = 60;

const say = (kind: string, body: Readonly<Record<string, unknown>>, asDraft = false): Announcement => ({ kind, body, asDraft });

/**
 * The message that tells a partner of a move that the agency made; null where there is nothing to tell, or where the move is the partner's own step that the agency
 * only wrote down. Codes alone: nobody's words are in it.
 */
export function announcementOf(made: MadeMove, about: AboutReferral): Announcement | null {
  return about.direction === 'incoming' ? ofTheirs(made, about) : ofOurs(made, about);
}

function ofTheirs(made: MadeMove, about: AboutReferral): Announcement | null {
  const { receivedOn } = about;
  switch (made.move) {
    case 'acknowledge': return say('acknowledgment', { status: 'complete', receivedOn });
    case 'accept': return about.isAcknowledged ? statusReport(made, about) : say('acknowledgment', { status: 'complete', receivedOn });
    case 'report_incomplete': return say('acknowledgment', { status: 'missing_items', receivedOn, missing: [{ code: made.reason ?? 'other' }] });
    case 'forward': return say('acknowledgment', { status: 'forwarded', receivedOn, forwardedTo: { ...hopOf(made.hop), forwardedOn: made.on, name: about.hopNames } });
    case 'refuse': return say('refusal', { of: about.answers ?? '', reason: [{ code: made.reason ?? 'other' }] });
    case 'answer': case 'tell': return statusReport(made, about);
    case 'promise': return promised(made, about);
    case 'give_notice': return say('closureNotice', { reason: 'initiator_inactive', citation: '45 CFR 303.11(b)(17)', closesUnlessBy: addDays(made.on, CLOSURE_NOTICE_DAYS) });
    case 'close': return say('closureNotice', { reason: made.reason ?? 'other', closedOn: made.on });
    case 'tell_closure': return say('closureNotice', { reason: 'on_instruction', closedOn: made.on });
    case 'pass_on': return newInformation(made);
    default: return null;
  }
}

function ofOurs(made: MadeMove, about: AboutReferral): Announcement | null {
  switch (made.move) {
    // Of what was never sent, nobody abroad is told.
    case 'withdraw': return SHARED_STATES.includes(made.from) ? say('withdrawal', { reason: made.reason ?? 'other', effectiveOn: made.on }) : null;
    case 'supersede': return SHARED_STATES.includes(made.from) ? say('withdrawal', { reason: 'superseded', effectiveOn: made.on }) : null;
    case 'tell_closure': return say('closureNotice', { reason: made.reason ?? 'case_closed', citation: '45 CFR 303.7(c)(11)', closedOn: made.on });
    case 'tell_interest': return say('informationUpdate', { asOf: made.on, change: [{ kind: 'interest', on: made.on }], ...(about.balances.length > 0 ? { balance: about.balances } : {}) });
    case 'promise': return promised(made, about);
    case 'pass_on': case 'supply': case 'tell': return newInformation(made);
    default: return null;
  }
}

/** That there is something new is the move; what it is, somebody says. */
const newInformation = (made: MadeMove): Announcement => say('informationUpdate', { asOf: made.on, change: [{ kind: made.move === 'pass_on' ? 'new_information' : 'information_supplied', on: made.on }] }, true);

const statusReport = (made: MadeMove, { milestones }: AboutReferral): Announcement =>
  say('statusReport', { state: made.to, asOf: made.on, ...(milestones.length > 0 ? { milestone: milestones } : {}) });

function promised(made: MadeMove, about: AboutReferral): Announcement | null {
  const { body } = statusReport(made, about);
  return made.promisedOn === null ? null : say('statusReport', { ...body, nextStep: [{ kind: 'promised_answer', expectedBy: made.promisedOn }] });
}

/** A code of the table, or a partner. */
export const hopOf = (hop: string | null): { hop?: string; partnerId?: string } => (hop === null ? {} : HOPS.some((one) => one === hop) ? { hop } : { partnerId: hop });

/** What a partner's officer did on our page, as the message that the partner would have sent. */
export function messageOfOfficersMove(made: MadeMove, about: AboutReferral): Omit<Announcement, 'asDraft'> | null {
  const { receivedOn } = about;
  const status = (state: string): Omit<Announcement, 'asDraft'> => ({ kind: 'statusReport', body: { state, asOf: made.on } });
  switch (made.move) {
    case 'accept': return { kind: 'acknowledgment', body: { status: 'complete', receivedOn } };
    case 'report_incomplete': return { kind: 'acknowledgment', body: { status: 'missing_items', receivedOn, missing: [{ code: made.reason ?? 'other' }] } };
    case 'forward': return { kind: 'acknowledgment', body: { status: 'forwarded', receivedOn, forwardedTo: { ...hopOf(made.hop), forwardedOn: made.on, name: about.hopNames } } };
    case 'refuse': return { kind: 'refusal', body: { of: about.answers ?? '', reason: [{ code: made.reason ?? 'other' }] } };
    case 'begin': case 'resume': return status('in_progress');
    case 'report_status': return status(made.to);
    case 'answer': return status('answered');
    case 'ask': return { kind: 'statusRequest', body: {} };
    case 'supply': return { kind: 'informationUpdate', body: { asOf: made.on, change: [{ kind: 'information_supplied', on: made.on }] } };
    case 'withdraw': return { kind: 'withdrawal', body: { reason: made.reason ?? 'other', effectiveOn: made.on } };
    case 'instruct_closure': return { kind: 'closureNotice', body: { reason: 'on_instruction', closedOn: made.on } };
    default: return null;
  }
}
