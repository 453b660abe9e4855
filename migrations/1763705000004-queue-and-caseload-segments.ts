import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The queue of work, one row per item with whoever holds it, and the few figures of each case by which the caseload is segmented. */
export class QueueAndCaseloadSegments implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(QUEUE);
    await runner.query(STANDING);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table queue_items, case_standing');
  }
}

// The claim stands in the item's own row: whoever waits for the row sees the claim of the one who was faster.
const QUEUE = `
create table queue_items (
  agency_id text not null,
  kind text not null check (kind ~ '^[a-z_]{2,40}$'),
  subject_id text not null,
  -- Null while it belongs to none, as what has come in and is tied to no case: only who sees all counties sees it then.
  county text,
  case_id text,
  partner_id text,
  -- Why there is something to do: the name of a clock, or a code of the kind's own.
  reason text not null,
  due_on date not null,
  -- Before this day there is nothing to do yet, as where the deadline is the other side's.
  available_on date not null,
  claimed_by text,
  claimed_at timestamptz,
  claimed_until timestamptz,
  primary key (agency_id, kind, subject_id),
  check ((claimed_by is null) = (claimed_until is null) and (claimed_by is null) = (claimed_at is null))
);
create index queue_items_by_due on queue_items (agency_id, due_on, kind, subject_id);
create index queue_items_by_holder on queue_items (agency_id, claimed_by) where claimed_by is not null;
call puente_protect('queue_items', 'county', 'none');

alter table queue_items no force row level security;
alter table referral_clocks no force row level security;
alter table referrals no force row level security;
insert into queue_items (agency_id, kind, subject_id, county, case_id, partner_id, reason, due_on, available_on)
  select distinct on (r.agency_id, r.referral_id) r.agency_id, 'referral', r.referral_id, r.county, r.case_id, r.partner_id, c.clock, c.due_on, c.started_on
    from referrals r join referral_clocks c on c.agency_id = r.agency_id and c.referral_id = r.referral_id and c.stopped_on is null
   order by r.agency_id, r.referral_id, c.due_on;
alter table referrals force row level security;
alter table referral_clocks force row level security;
alter table queue_items force row level security;
`;

const STANDING = `
-- Made from the newest version of a case, whose history stands encrypted: sums of the last twelve months, the newest first, and no line of it.
create table case_standing (
  agency_id text not null,
  case_id text not null,
  county text not null,
  -- The month (its first day) of the newest sums; null where the record has no history, or one in several currencies.
  through_month date,
  currency text check (currency ~ '^[A-Z]{3}$'),
  charged bigint[] not null,
  paid bigint[] not null,
  paid_current bigint[] not null,
  has_debtor_address boolean not null,
  primary key (agency_id, case_id),
  check ((through_month is null) = (currency is null) and cardinality(charged) = cardinality(paid) and cardinality(paid) = cardinality(paid_current) and cardinality(paid) <= 12)
);
call puente_protect('case_standing', 'county', 'none');
`;
