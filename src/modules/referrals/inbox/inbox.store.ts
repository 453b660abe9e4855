import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { selectRows } from '../../../platform/list-page.ts';
import type { Place } from '../../../platform/list-page.ts';
import { SHARED_STATES } from '../lifecycle/lifecycle-table.rules.ts';
import type { ReferralStatus } from '../lifecycle/lifecycle-table.rules.ts';

/** A request of ours as the partner's officer finds it in the inbox. */
export interface InboxRow {
  readonly referralId: string;
  readonly caseId: string;
  readonly county: string;
  readonly services: readonly string[];
  readonly sentAt: Date;
  readonly status: ReferralStatus;
  /** Under which number the partner keeps it. */
  readonly partnerFileNumber: string | null;
  /** When the county last sent or said something about it. */
  readonly newsAt: Date;
  readonly isNew: boolean;
  /** The day by which the partner is hoped to answer; null where none is set. */
  readonly dueOn: CalendarDate | null;
  readonly dueClock: string | null;
}

export const INBOX_SHOWS = ['all', 'new', 'overdue', 'soon', 'open', 'done'] as const;
export type InboxShow = (typeof INBOX_SHOWS)[number];
export const INBOX_SORTS = ['due', 'sent', 'case', 'mine', 'status'] as const;
export type InboxSort = (typeof INBOX_SORTS)[number];

export interface InboxFilter {
  readonly partnerId: string;
  readonly userId: string;
  readonly targets: readonly string[];
  /** What is hoped for from receipt on, before the clock of it runs: its clock and how many days it has; null where this partner has no such target. */
  readonly fromReceipt: { readonly clock: string; readonly days: number } | null;
  readonly zone: string;
  readonly today: CalendarDate;
  readonly soon: CalendarDate;
  /** A number of either side, as it is written. */
  readonly number: string | null;
  /** Keys of how a name sounds, and its words as terms of the search; null where no name is sought. */
  readonly name: { readonly keys: readonly string[]; readonly words: readonly string[] } | null;
  readonly show: InboxShow;
}

export interface InboxCounts {
  readonly all: number;
  readonly new: number;
  readonly overdue: number;
  readonly soon: number;
}

const DONE = `('answered', 'closed', 'refused', 'withdrawn', 'superseded')`;

/** The gateway reads for the officer: hence who may see what stands in the query itself. Only what was sent, and of clocks only the partner's own targets. */
const INBOX = `(
  select r.agency_id, r.referral_id, r.case_id, r.county, r.services, r.sent_at, shared.to_status as status, c.partner_file_number, coalesce(due.clock, case when shared.to_status = 'sent' then $10::text end) as due_clock,
         coalesce(due.on_day, case when shared.to_status = 'sent' then (r.sent_at at time zone $12::text)::date + $11::int end) as due_on,
         greatest(r.sent_at, said.at) as news_at, coalesce(o.opened_at < greatest(r.sent_at, said.at), true) as is_new
    from referrals r
    join lateral (select m.to_status from referral_moves m where m.agency_id = r.agency_id and m.referral_id = r.referral_id
        and m.to_status = any('{${SHARED_STATES.join(',')}}'::text[]) order by m.position desc limit 1) shared on true
    left join exchange_conversations c on c.agency_id = r.agency_id and c.referral_id = r.referral_id
    left join referral_openings o on o.agency_id = r.agency_id and o.referral_id = r.referral_id and o.user_id = $3
    left join lateral (select max(m.stored_at) as at from exchange_messages m where m.agency_id = r.agency_id and m.conversation_id = c.conversation_id
        and m.direction = 'out' and m.state in ('delivered', 'retrieved') and m.kind <> 'referral') said on true
    left join lateral (select k.clock, coalesce(k.promised_on, k.due_on) as on_day from referral_clocks k where k.agency_id = r.agency_id and k.referral_id = r.referral_id
        and k.clock = any($4::text[]) and k.stopped_on is null and k.paused_on is null order by on_day, k.clock limit 1) due on shared.to_status not in ${DONE}
   where r.agency_id = $1 and r.partner_id = $2 and r.direction = 'outgoing' and r.sent_at is not null
     and ($5::text is null or r.case_id = $5 or c.partner_file_number = $5 or r.referral_id = $5)
     and ($6::text[] is null
       or exists (select from case_name_keys n where n.agency_id = r.agency_id and n.case_id = r.case_id and n.name_key = any($6::text[]))
       or (cardinality($7::text[]) > 0 and not exists (select from unnest($7::text[]) as word where not exists (
         select from case_search_terms t where t.agency_id = r.agency_id and t.term = word and t.case_id = r.case_id))))
) i`;

const SHOWS: Readonly<Record<InboxShow, string>> = {
  all: 'true', new: 'is_new', overdue: 'due_on < $8::date', soon: 'due_on between $8::date and $9::date', open: `status not in ${DONE}`, done: `status in ${DONE}`,
};

const SORTS: Readonly<Record<InboxSort, string>> = { due: 'due_on', sent: 'sent_at', case: 'case_id', mine: 'partner_file_number', status: 'status' };

const valuesOf = (ctx: TxCtx, { partnerId, userId, targets, number, name, today, soon, fromReceipt, zone }: InboxFilter): unknown[] =>
  [ctx.actor.agency, partnerId, userId, targets, number, name?.keys ?? null, name?.words ?? [], today, soon, fromReceipt?.clock ?? null, fromReceipt?.days ?? null, zone];

export async function selectInbox(ctx: TxCtx, filter: InboxFilter, order: ListOrder<InboxSort>, place: Place): Promise<InboxRow[]> {
  return selectRows(ctx, {
    columns: `referral_id as "referralId", case_id as "caseId", county, services, sent_at as "sentAt", status, partner_file_number as "partnerFileNumber", news_at as "newsAt", is_new as "isNew",
      due_on::text as "dueOn", due_clock as "dueClock"`,
    from: INBOX, where: `$8::date <= $9::date and ${SHOWS[filter.show]}`, values: valuesOf(ctx, filter), agency: 'agency_id', order: SORTS, id: 'referral_id',
  }, order, place);
}

/** How many there are of what one look must tell. */
export async function countInbox(ctx: TxCtx, filter: InboxFilter): Promise<InboxCounts & { readonly shown: number }> {
  const count = (where: string): string => `(count(*) filter (where ${where}))::int`;
  const [row] = await ctx.tx.query<(InboxCounts & { shown: number })[]>(
    `select ${count('$8::date <= $9::date')} as "all", ${count(SHOWS.new)} as "new", ${count(SHOWS.overdue)} as overdue, ${count(SHOWS.soon)} as soon, ${count(SHOWS[filter.show])} as shown from ${INBOX}`,
    valuesOf(ctx, filter));
  return row ?? { all: 0, new: 0, overdue: 0, soon: 0, shown: 0 };
}

/** One opening for each person and request; the newest counts. */
export async function upsertOpening(ctx: TxCtx, opening: { readonly referralId: string; readonly county: string; readonly partnerId: string }): Promise<void> {
  await ctx.tx.query(
    `insert into referral_openings (agency_id, referral_id, user_id, county, partner_id, opened_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (agency_id, referral_id, user_id) do update set opened_at = greatest(referral_openings.opened_at, excluded.opened_at)`,
    [ctx.actor.agency, opening.referralId, ctx.actor.id, opening.county, opening.partnerId, ctx.clock.now()]);
}
