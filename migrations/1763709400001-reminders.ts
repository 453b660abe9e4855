import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was drafted, sent or told to the supervisor because a day had passed or something had to be told; once for each occasion. */
export class Reminders implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REMINDERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table exchange_reminders');
  }
}

const REMINDERS = `
create table exchange_reminders (
  agency_id text not null,
  reminder_id text not null,
  rule text not null check (rule ~ '^[a-z][a-z0-9_]{1,39}$'),
  -- A clock of a referral (its id, a colon, the position of the clock), or the id of a message of ours.
  subject_id text not null,
  position int not null check (position >= 0),
  is_escalation boolean not null,
  partner_id text not null,
  county text,
  referral_id text,
  conversation_id text,
  message_id text,
  due_on date not null,
  state text not null check (state in ('drafted', 'sent', 'dropped', 'escalated', 'ended')),
  created_on date not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (agency_id, reminder_id),
  -- Whichever process comes first drafts it; for the others it is done.
  unique (agency_id, rule, subject_id, is_escalation, position),
  foreign key (agency_id, referral_id) references referrals,
  foreign key (agency_id, message_id) references exchange_messages,
  check (is_escalation = (message_id is null)),
  check (is_escalation or state <> 'escalated')
);
create unique index exchange_reminders_message on exchange_reminders (agency_id, message_id) where message_id is not null;
create index exchange_reminders_open on exchange_reminders (agency_id, due_on, reminder_id) where state in ('drafted', 'escalated');
create index exchange_reminders_referral on exchange_reminders (agency_id, referral_id) where referral_id is not null;
call puente_protect('exchange_reminders', 'county', 'none');
call puente_never_delete('exchange_reminders');
-- What is about no county yet is seen by those who see all of them.
drop policy scope_read on exchange_reminders;
create policy scope_read on exchange_reminders for select using (agency_id = (select puente_agency()) and (select puente_is_agency())
  and ((select puente_sees_all_counties()) or county = any((select puente_counties())::text[])));
`;
