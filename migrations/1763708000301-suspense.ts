import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people decide about lines, credits, debits and holds that the rules left to them; and what they refused for ever. */
export class Suspense implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(GUARD);
    // As the money itself: of no county until it is tied to a case; a part of a line belongs to its case.
    for (const table of ['suspense_items', 'suspense_decisions', 'suspense_returns', 'suspense_notes', 'match_refusals']) {
      await runner.query(`call puente_protect('${table}', 'all', 'none')`);
    }
    await runner.query("call puente_protect('line_parts', 'county', 'none')");
    for (const table of ['suspense_notes', 'match_refusals', 'line_parts']) await runner.query(`call puente_append_only('${table}')`);
    for (const table of ['suspense_items', 'suspense_returns']) await runner.query(`call puente_never_delete('${table}')`);
    await runner.query(OUTCOMES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index line_outcomes_for_person, line_outcomes_decided;
      alter table disbursement_holds drop column hold_id;
      alter table bank_debit_outcomes drop constraint bank_debit_outcomes_outcome_check;
      alter table bank_debit_outcomes add constraint bank_debit_outcomes_outcome_check check (outcome in ('taken_back', 'unexplained')) not valid;
      alter table line_outcomes drop constraint line_outcomes_booked;
      alter table line_outcomes add constraint line_outcomes_check check (outcome not in ('posted', 'returned') or (case_id is not null and amount_minor is not null and posting_key is not null)) not valid;
      alter table line_outcomes drop column decision_id;
      drop table line_parts, match_refusals, suspense_notes, suspense_returns, suspense_decisions, suspense_items;
      drop function suspense_decisions_guard()`);
  }
}

const TABLES = `
create table suspense_items (
  agency_id text not null,
  item_key text not null,
  claimed_by text,
  claimed_at timestamptz,
  claimed_until timestamptz,
  held_until date,
  hold_reason text,
  seen_to_reason text,
  seen_to_at timestamptz,
  seen_to_state text,
  primary key (agency_id, item_key),
  check ((claimed_by is null) = (claimed_until is null)),
  check ((held_until is null) = (hold_reason is null)),
  check ((seen_to_at is null) = (seen_to_reason is null))
);
comment on table suspense_items is 'What people do with an item without deciding it: who works on it, until when it is put aside, that nothing is to be done.';
comment on column suspense_items.seen_to_state is 'What the item said then; when it says something else, it waits for a person again.';
create table suspense_decisions (
  agency_id text not null,
  decision_id text not null,
  item_key text not null,
  item_kind text not null check (item_kind in ('line', 'credit', 'debit', 'hold')),
  action text not null check (action in ('match', 'split', 'unmatch', 'duplicate', 'return', 'cancel_return', 'refuse', 'close', 'release_hold')),
  state text not null check (state in ('proposed', 'done', 'rejected', 'withdrawn')),
  partner_id text,
  reason text not null,
  params jsonb not null,
  amount_minor bigint,
  currency text,
  -- What the item said when it was decided about; a proposal on an item that says something else by now is not carried out.
  seen text not null,
  needs_second boolean not null,
  request_id text,
  proposed_by text not null,
  proposed_at timestamptz not null,
  closed_by text,
  closed_at timestamptz,
  closed_reason text,
  primary key (agency_id, decision_id),
  unique (agency_id, request_id),
  check ((state = 'proposed') = (closed_by is null)),
  check ((closed_by is null) = (closed_at is null)),
  check (needs_second or state <> 'proposed'),
  -- Four eyes: whoever proposed neither approves nor rejects, only withdraws.
  constraint suspense_decisions_four_eyes check (not needs_second or state in ('proposed', 'withdrawn') or closed_by <> proposed_by),
  check (state <> 'withdrawn' or closed_by = proposed_by)
);
create unique index suspense_decisions_open on suspense_decisions (agency_id, item_key) where state = 'proposed';
create index suspense_decisions_item on suspense_decisions (agency_id, item_key, proposed_at);
create table line_parts (
  agency_id text not null,
  decision_id text not null,
  part int not null,
  file_id text not null,
  line_number int not null,
  case_id text not null,
  county text,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  primary key (agency_id, decision_id, part)
);
comment on table line_parts is 'A line that a person has split over several cases. Each part is booked under the key of the line with its own number; they count while line_outcomes.decision_id names their decision.';
create table match_refusals (
  agency_id text not null,
  partner_id text not null,
  kind text not null check (kind in ('forwarding', 'remittance')),
  reference_key text not null,
  case_id text,
  disbursement_id text,
  decision_id text not null,
  refused_by text not null,
  refused_at timestamptz not null,
  unique nulls not distinct (agency_id, partner_id, kind, reference_key, case_id, disbursement_id),
  check ((case_id is null) <> (disbursement_id is null))
);
comment on table match_refusals is 'What a person has said a line, or whoever it names, is not. The rules never post such a pair.';
create table suspense_returns (
  agency_id text not null,
  decision_id text not null,
  item_key text not null,
  file_id text,
  line_number int,
  credit_id text,
  partner_id text not null,
  transfer text,
  reference text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  state text not null check (state in ('ordered', 'sent', 'cancelled')),
  ordered_on date not null,
  debit_id text,
  sent_on date,
  primary key (agency_id, decision_id),
  unique (agency_id, debit_id),
  check ((state = 'sent') = (debit_id is not null)),
  check ((debit_id is null) = (sent_on is null))
);
create index suspense_returns_credit on suspense_returns (agency_id, credit_id) where credit_id is not null;
comment on table suspense_returns is 'Money that goes back to its sender: ordered by two people, then seen on the bank statement.';
create table suspense_notes (
  agency_id text not null,
  note_id text not null,
  item_key text not null,
  decision_id text,
  note bytea not null,
  written_by text not null,
  written_at timestamptz not null,
  primary key (agency_id, note_id)
);
create index suspense_notes_item on suspense_notes (agency_id, item_key, note_id);
comment on column suspense_notes.note is 'Encrypted: people write names into notes.';
`;

// What was decided stays as it was; only what becomes of a proposal is added, once.
const GUARD = `
create function suspense_decisions_guard() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'table % keeps every row', tg_table_name using errcode = 'integrity_constraint_violation';
  end if;
  if old.state <> 'proposed'
    or to_jsonb(new) - array['state', 'closed_by', 'closed_at', 'closed_reason'] <> to_jsonb(old) - array['state', 'closed_by', 'closed_at', 'closed_reason'] then
    raise exception 'a decision does not change' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger suspense_decisions_keep before update or delete on suspense_decisions for each row execute function suspense_decisions_guard();
create trigger suspense_decisions_keep_all before truncate on suspense_decisions for each statement execute function suspense_decisions_guard();
alter table suspense_decisions enable always trigger suspense_decisions_keep;
alter table suspense_decisions enable always trigger suspense_decisions_keep_all;
`;

const OUTCOMES = `
alter table line_outcomes add column decision_id text;
comment on column line_outcomes.decision_id is 'The person''s decision that stands: no run decides the line again.';
alter table line_outcomes drop constraint line_outcomes_check;
alter table line_outcomes add constraint line_outcomes_booked
  check (outcome not in ('posted', 'returned') or (amount_minor is not null and posting_key is not null and (case_id is not null or decision_id is not null)));
create index line_outcomes_for_person on line_outcomes (agency_id, partner_id, file_id, line_number) where outcome in ('suspense', 'rejected');
create index line_outcomes_decided on line_outcomes (agency_id, file_id, line_number) where decision_id is not null;
alter table bank_debit_outcomes drop constraint bank_debit_outcomes_outcome_check;
alter table bank_debit_outcomes add constraint bank_debit_outcomes_outcome_check check (outcome in ('taken_back', 'unexplained', 'returned_to_sender'));
alter table disbursement_holds add column hold_id text not null
  generated always as (md5(case_id || '|' || coalesce('disbursement:' || disbursement_id, 'collection:' || collection_key))) stored;
`;
