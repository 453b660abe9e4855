/** Where a referral stands, whoever asked for it. */
export const REFERRAL_STATES = [
  'draft', 'in_translation', 'awaiting_signatures', 'in_review', 'sealed', 'sent', 'delivered', 'forwarded', 'accepted', 'incomplete', 'refused',
  'in_progress', 'answered', 'closed', 'withdrawn', 'superseded',
] as const;
export type ReferralStatus = (typeof REFERRAL_STATES)[number];

/** `outgoing`: we ask the partner. `incoming`: the partner asks us. */
export const DIRECTIONS = ['outgoing', 'incoming'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const REFERRAL_MOVES = [
  'open', 'receive', 'translate', 'await_items', 'review', 'rework', 'seal', 'send', 'deliver', 'acknowledge', 'forward', 'accept', 'report_incomplete', 'supply',
  'ask', 'tell', 'promise', 'learn', 'pass_on', 'tell_interest', 'give_notice', 'find_elsewhere', 'refuse', 'begin', 'report_status', 'answer', 'resume', 'instruct_closure', 'close',
  'tell_closure', 'withdraw', 'supersede',
] as const;
export type ReferralMove = (typeof REFERRAL_MOVES)[number];

/** A role of `platform/actor.ts`, or the gateway itself. An officer makes only the moves of a referral of the own partner. */
export type Mover = 'attorney' | 'supervisor' | 'operator' | 'translator' | 'partner_officer' | 'system';

/** What must be given, or be so, before a move is made. `awaited_done`: nothing is waited for any more. */
export type Need = 'reason' | 'hop' | 'promised' | 'items' | 'replacement' | 'awaited_done';

/**
 * When a clock is touched at all. `receipt_counts`: by the partner's profile, receipt there stops clock 2. `hop_counts`: the same of
 * whoever it was passed on to. `is_target`: the profile names the clock as a target. `case_closed`: that is the reason given.
 * `asks_for_money`: one of the services is about a sum owed, on which interest runs. `of_service`: the table of clocks ties the clock to one of the
 * services; `service_receipt_counts`, `service_hop_counts`: that, and receipt there counts.
 */
export type ClockCondition = 'receipt_counts' | 'hop_counts' | 'is_target' | 'case_closed' | 'asks_for_money'
  | 'of_service' | 'service_receipt_counts' | 'service_hop_counts';
export type ClockAct = 'start' | 'stop' | 'pause' | 'resume' | 'promise';

export interface ClockEffect {
  readonly act: ClockAct;
  /** The name of a clock, or `*` for every one that runs. */
  readonly clock: string;
  readonly when?: ClockCondition;
}

/** One row of the table. `to` is null where the referral stays where it is. */
export interface LifecycleRow {
  readonly direction: Direction;
  readonly move: ReferralMove;
  /** Empty: the referral begins with it. */
  readonly from: readonly ReferralStatus[];
  readonly to: ReferralStatus | null;
  readonly who: readonly Mover[];
  readonly needs: readonly Need[];
  readonly clocks: readonly ClockEffect[];
  /** The use case of its own that makes this move; `moveReferral` does not. */
  readonly through?: 'create' | 'receive' | 'build' | 'send';
}

/** What a partner's officer may learn of where a referral stands; what is before these is the agency's own work. */
export const SHARED_STATES: readonly ReferralStatus[] = [
  'sent', 'delivered', 'forwarded', 'accepted', 'incomplete', 'refused', 'in_progress', 'answered', 'closed', 'withdrawn', 'superseded',
];
export const FINAL_STATES: readonly ReferralStatus[] = ['refused', 'closed', 'withdrawn', 'superseded'];

/** Where a referral can be passed on to, beside a partner of the registry. */
export const HOPS = ['central_authority', 'state_office', 'local_agency', 'tribunal', 'other_county'] as const;
/** What can be waited for outside before a packet is sealed. */
export const AWAITED_ITEMS = ['petitioner_signature', 'notary', 'certified_copies', 'apostille', 'translator_certificate', 'approval'] as const;
export type AwaitedItem = (typeof AWAITED_ITEMS)[number];

/** Reasons that a move must name, as codes; their words are `referrals:move_reason.*`. */
export const MOVE_REASONS: Readonly<Partial<Record<ReferralMove, readonly string[]>>> = {
  report_incomplete: [
    'address_missing', 'order_copy_missing', 'certification_missing', 'translation_missing', 'signature_missing', 'arrears_statement_missing', 'identity_unclear',
    'unreadable', 'other',
  ],
  refuse: ['obligor_not_found', 'obligor_left_country', 'no_basis', 'public_policy', 'already_decided', 'not_competent', 'documents_insufficient', 'other'],
  close: ['request_answered', 'case_closed', 'obligor_not_found', 'obligor_died', 'paid_in_full', 'initiator_inactive', 'on_instruction', 'other'],
  withdraw: ['case_closed', 'asked_by_petitioner', 'made_in_error', 'obligor_moved', 'other'],
};

const AGENCY: readonly Mover[] = ['attorney', 'supervisor', 'operator', 'system'];
const STAFF: readonly Mover[] = [...AGENCY, 'translator'];
const EITHER: readonly Mover[] = [...AGENCY, 'partner_officer'];

const start = (clock: string, when?: ClockCondition): ClockEffect => ({ act: 'start', clock, ...(when ? { when } : {}) });
const stop = (clock: string, when?: ClockCondition): ClockEffect => ({ act: 'stop', clock, ...(when ? { when } : {}) });
const pause = (clock: string): ClockEffect => ({ act: 'pause', clock });
const resume = (clock: string): ClockEffect => ({ act: 'resume', clock });

const AT_PARTNER: readonly ReferralStatus[] = ['sent', 'delivered', 'forwarded'];
const AT_WORK: readonly ReferralStatus[] = ['accepted', 'incomplete', 'in_progress'];
const IN_PREPARATION: readonly ReferralStatus[] = ['draft', 'in_translation', 'awaiting_signatures', 'in_review'];

type Given = Omit<LifecycleRow, 'direction' | 'needs' | 'clocks'> & Partial<Pick<LifecycleRow, 'needs' | 'clocks'>>;
const rows = (direction: Direction, given: readonly Given[]): LifecycleRow[] => given.map((row) => ({ needs: [], clocks: [], ...row, direction }));

// What some services have to be sent by, and what works on a partner's request have to be done by: each only for services that the table of clocks names.
const NOTICES = ['review.send', 'closure.notify', 'information.notify'] as const;
const WORKS = ['locate.access', 'establish.order', 'enforce.act', 'review.decide'] as const;

// `seal` again is a correction: the new packet supersedes the one before, and the referral waits to be sent again. A clock that runs is
// not started anew, and one that does not run is not stopped: so corrections and repeated receipts leave deadlines alone.
const OUTGOING = rows('outgoing', [
  { move: 'open', from: [], to: 'draft', who: AGENCY, through: 'create', clocks: [start('referral.send'), ...NOTICES.map((clock) => start(clock, 'of_service'))] },
  { move: 'translate', from: ['draft', 'awaiting_signatures', 'in_review'], to: 'in_translation', who: STAFF },
  { move: 'await_items', from: IN_PREPARATION, to: 'awaiting_signatures', who: AGENCY, needs: ['items'] },
  { move: 'review', from: ['draft', 'in_translation', 'awaiting_signatures'], to: 'in_review', who: STAFF, needs: ['awaited_done'] },
  { move: 'rework', from: ['in_translation', 'awaiting_signatures', 'in_review'], to: 'draft', who: STAFF },
  { move: 'seal', from: ['draft', 'in_review', 'sealed', ...AT_PARTNER, ...AT_WORK], to: 'sealed', who: AGENCY, needs: ['awaited_done'], through: 'build' },
  {
    move: 'send', from: ['sealed'], to: 'sent', who: AGENCY, through: 'send',
    clocks: [
      stop('referral.send', 'receipt_counts'), ...NOTICES.map((clock) => stop(clock, 'service_receipt_counts')), stop('information.answer'), start('interest.notify', 'asks_for_money'),
    ],
  },
  { move: 'deliver', from: ['sent'], to: 'delivered', who: EITHER, clocks: [start('hague.acknowledge', 'is_target')] },
  {
    move: 'forward', from: AT_PARTNER, to: 'forwarded', who: EITHER, needs: ['hop'],
    // Whoever passed it on has answered; the office that has it now is to acknowledge it from that day on.
    clocks: [stop('referral.send', 'hop_counts'), ...NOTICES.map((clock) => stop(clock, 'service_hop_counts')), stop('hague.acknowledge'), start('hague.acknowledge', 'is_target')],
  },
  {
    move: 'accept', from: [...AT_PARTNER, 'incomplete'], to: 'accepted', who: EITHER,
    clocks: [stop('hague.acknowledge'), stop('information.answer'), resume('hague.status'), start('hague.status', 'is_target')],
  },
  {
    move: 'report_incomplete', from: [...AT_PARTNER, 'accepted', 'in_progress'], to: 'incomplete', who: EITHER, needs: ['reason'],
    clocks: [stop('hague.acknowledge'), pause('hague.status'), start('information.answer')],
  },
  { move: 'supply', from: ['incomplete'], to: 'delivered', who: AGENCY, clocks: [stop('information.answer'), resume('hague.status')] },
  { move: 'ask', from: [...AT_PARTNER, ...AT_WORK, 'answered'], to: null, who: EITHER, clocks: [start('information.answer')] },
  { move: 'tell', from: [...AT_PARTNER, 'accepted', 'in_progress', 'answered'], to: null, who: AGENCY, clocks: [stop('information.answer')] },
  {
    move: 'promise', from: [...AT_PARTNER, ...AT_WORK, 'answered'], to: null, who: AGENCY, needs: ['promised'],
    clocks: [{ act: 'promise', clock: 'information.answer' }, { act: 'promise', clock: 'controlling_order.records' }],
  },
  { move: 'learn', from: [...AT_PARTNER, ...AT_WORK], to: null, who: AGENCY, clocks: [start('information.notify')] },
  { move: 'pass_on', from: [...AT_PARTNER, ...AT_WORK, 'answered'], to: null, who: AGENCY, clocks: [stop('information.notify')] },
  { move: 'tell_interest', from: [...AT_PARTNER, ...AT_WORK, 'answered'], to: null, who: AGENCY, clocks: [stop('interest.notify'), start('interest.notify')] },
  { move: 'refuse', from: [...AT_PARTNER, ...AT_WORK], to: 'refused', who: EITHER, needs: ['reason'], clocks: [stop('*')] },
  { move: 'begin', from: ['accepted'], to: 'in_progress', who: EITHER },
  { move: 'report_status', from: ['accepted', 'in_progress'], to: null, who: EITHER, clocks: [stop('hague.status')] },
  { move: 'answer', from: ['accepted', 'in_progress'], to: 'answered', who: EITHER, clocks: [stop('hague.status')] },
  { move: 'resume', from: ['answered'], to: 'in_progress', who: EITHER },
  { move: 'close', from: [...AT_PARTNER, ...AT_WORK, 'answered'], to: 'closed', who: AGENCY, needs: ['reason'], clocks: [stop('*'), start('closure.notify', 'case_closed'), start('case.retain')] },
  { move: 'tell_closure', from: ['closed', 'withdrawn'], to: null, who: AGENCY, clocks: [stop('closure.notify')] },
  // Before it was sent nobody abroad is to be told.
  { move: 'withdraw', from: [...IN_PREPARATION, 'sealed'], to: 'withdrawn', who: AGENCY, needs: ['reason'], clocks: [stop('*')] },
  { move: 'withdraw', from: [...AT_PARTNER, ...AT_WORK], to: 'withdrawn', who: AGENCY, needs: ['reason'], clocks: [stop('*'), start('closure.notify', 'case_closed')] },
  { move: 'supersede', from: [...IN_PREPARATION, 'sealed', ...AT_PARTNER, ...AT_WORK], to: 'superseded', who: AGENCY, needs: ['replacement'], clocks: [stop('*')] },
]);

// What a partner asks of us comes in as `delivered`: delivered to us.
const INCOMING = rows('incoming', [
  { move: 'receive', from: [], to: 'delivered', who: EITHER, through: 'receive', clocks: [start('registry.intake'), start('case.open')] },
  { move: 'acknowledge', from: ['delivered'], to: null, who: AGENCY, clocks: [stop('registry.intake')] },
  {
    move: 'accept', from: ['delivered', 'forwarded', 'incomplete'], to: 'accepted', who: AGENCY,
    clocks: [stop('registry.intake'), stop('case.open'), stop('closure.inaction'), resume('responding.work'), start('responding.work'), ...WORKS.map((clock) => start(clock, 'of_service'))],
  },
  {
    move: 'report_incomplete', from: ['delivered', 'accepted', 'in_progress'], to: 'incomplete', who: AGENCY, needs: ['reason'],
    clocks: [stop('registry.intake'), pause('responding.work')],
  },
  { move: 'supply', from: ['incomplete'], to: 'delivered', who: EITHER, clocks: [stop('closure.inaction'), resume('responding.work')] },
  { move: 'give_notice', from: ['incomplete'], to: null, who: AGENCY, clocks: [start('closure.inaction')] },
  { move: 'find_elsewhere', from: ['delivered', 'accepted', 'in_progress'], to: null, who: AGENCY, clocks: [start('obligor_found.forward')] },
  {
    move: 'forward', from: ['delivered', 'accepted', 'in_progress'], to: 'forwarded', who: AGENCY, needs: ['hop'],
    clocks: [stop('registry.intake'), stop('case.open'), stop('obligor_found.forward'), stop('responding.work'), ...WORKS.map((clock) => stop(clock))],
  },
  { move: 'refuse', from: ['delivered', 'forwarded', ...AT_WORK], to: 'refused', who: AGENCY, needs: ['reason'], clocks: [stop('*')] },
  { move: 'begin', from: ['accepted'], to: 'in_progress', who: AGENCY, clocks: [stop('enforce.act')] },
  { move: 'ask', from: ['delivered', 'forwarded', ...AT_WORK, 'answered'], to: null, who: EITHER, clocks: [start('status.answer')] },
  { move: 'tell', from: ['delivered', 'forwarded', ...AT_WORK, 'answered'], to: null, who: AGENCY, clocks: [stop('status.answer')] },
  {
    move: 'promise', from: ['delivered', 'forwarded', ...AT_WORK, 'answered'], to: null, who: AGENCY, needs: ['promised'],
    clocks: [{ act: 'promise', clock: 'controlling_order.records' }],
  },
  { move: 'learn', from: ['delivered', 'forwarded', ...AT_WORK], to: null, who: AGENCY, clocks: [start('information.notify')] },
  { move: 'pass_on', from: ['delivered', 'forwarded', ...AT_WORK, 'answered'], to: null, who: AGENCY, clocks: [stop('information.notify')] },
  { move: 'answer', from: ['accepted', 'in_progress'], to: 'answered', who: AGENCY, clocks: [stop('responding.work'), stop('status.answer'), ...WORKS.map((clock) => stop(clock))] },
  { move: 'resume', from: ['answered'], to: 'in_progress', who: EITHER },
  { move: 'instruct_closure', from: ['delivered', 'forwarded', ...AT_WORK, 'answered'], to: null, who: EITHER, clocks: [start('closure.act')] },
  { move: 'close', from: ['delivered', 'forwarded', ...AT_WORK, 'answered'], to: 'closed', who: AGENCY, needs: ['reason'], clocks: [stop('*'), start('case.retain')] },
  // Withholding that runs for the partner must be stopped in time.
  { move: 'withdraw', from: ['delivered', 'forwarded', ...AT_WORK], to: 'withdrawn', who: EITHER, needs: ['reason'], clocks: [stop('*'), start('closure.act')] },
  { move: 'tell_closure', from: ['withdrawn'], to: null, who: AGENCY, clocks: [stop('closure.act')] },
  { move: 'supersede', from: ['delivered', 'forwarded', ...AT_WORK], to: 'superseded', who: AGENCY, needs: ['replacement'], clocks: [stop('*')] },
]);

/** The one table: who may make which move of a referral from where to where, what it needs, and which clocks it touches. */
export const LIFECYCLE: readonly LifecycleRow[] = [...OUTGOING, ...INCOMING];
