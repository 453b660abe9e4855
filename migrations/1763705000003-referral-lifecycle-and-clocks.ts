import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The whole life of a referral, in both directions: which move was made, for which reason, to whom it was passed on; what is
 * awaited from outside before sealing; and its clocks as rows of their own, which the one clock of each referral becomes.
 */
export class ReferralLifecycleAndClocks implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LIFECYCLE);
    await runner.query(CLOCKS);
    await runner.query(AWAITED);
  }

  async down(): Promise<void> {
    throw new Error('a referral has one column for its clock there, and no direction: restore a backup');
  }
}

// What a partner asks of us is the partner's own to see; what we ask of a partner it sees once it was sent.
const LIFECYCLE = `
alter table referrals
  add column direction text not null default 'outgoing' check (direction in ('outgoing', 'incoming')),
  add column superseded_by text,
  add foreign key (agency_id, superseded_by) references referrals (agency_id, referral_id);
drop index referrals_open;
create unique index referrals_open on referrals (agency_id, case_id, partner_id, services, direction)
  where status not in ('refused', 'closed', 'withdrawn', 'superseded');
create index referrals_by_status on referrals (agency_id, status, sent_at);
drop policy made_available on referrals;
create policy made_available on referrals as restrictive for select
  using ((select puente_is_agency()) or sent_at is not null or direction = 'incoming');

alter table referral_moves
  add column move text,
  add column reason text,
  add column hop text,
  add column happened_on date;
`;

// The clocks are the agency's own record of how it keeps its duties: no partner reads them.
const CLOCKS = `
create table referral_clocks (
  agency_id text not null,
  referral_id text not null,
  position int not null check (position > 0),
  county text not null,
  partner_id text not null,
  clock text not null,
  -- The move that started it.
  started_by text not null,
  started_on date not null,
  due_on date not null,
  -- A date promised to the other agency satisfies some clocks, on the day of the promise; what was promised is then due itself.
  promised_on date,
  satisfied_on date check (satisfied_on >= started_on),
  paused_on date check (paused_on >= started_on),
  pauses jsonb not null default '[]',
  stopped_on date check (stopped_on >= started_on),
  stopped_by text,
  primary key (agency_id, referral_id, position),
  foreign key (agency_id, referral_id) references referrals,
  check ((stopped_on is null) = (stopped_by is null)),
  check (stopped_on is null or paused_on is null),
  check ((promised_on is null) = (satisfied_on is null))
);
create unique index referral_clocks_running on referral_clocks (agency_id, referral_id, clock) where stopped_on is null;
create index referral_clocks_due on referral_clocks (agency_id, due_on) where stopped_on is null;
call puente_protect('referral_clocks', 'county', 'none');
call puente_never_delete('referral_clocks');

alter table referrals no force row level security;
alter table referral_clocks no force row level security;
insert into referral_clocks (agency_id, referral_id, position, county, partner_id, clock, started_by, started_on, due_on, stopped_on, stopped_by)
  select agency_id, referral_id, 1, county, partner_id, clock_name, 'open', clock_started_on, clock_due_on, clock_stopped_on,
         case when clock_stopped_on is not null then 'send' end
    from referrals;
alter table referral_clocks force row level security;
alter table referrals force row level security;
alter table referrals drop column clock_name, drop column clock_started_on, drop column clock_due_on, drop column clock_stopped_on;
`;

const AWAITED = `
-- What must come from outside before a packet is sealed: signatures, certified copies, an apostille.
create table referral_awaited (
  agency_id text not null,
  referral_id text not null,
  item text not null,
  county text not null,
  added_on date not null,
  added_by text not null,
  done_on date check (done_on >= added_on),
  done_by text,
  primary key (agency_id, referral_id, item),
  foreign key (agency_id, referral_id) references referrals,
  check ((done_on is null) = (done_by is null))
);
call puente_protect('referral_awaited', 'county', 'none');
call puente_never_delete('referral_awaited');
`;
