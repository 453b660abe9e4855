import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Days of money: what each account kind stood at when the day ended, what moved, which checks failed and who signed. What is signed is carried
 * forward, and nothing can be recorded any more in a window that somebody has signed.
 */
export class DayClose implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of ['day_closes', 'day_close_balances']) await runner.query(`call puente_protect('${table}', 'all', 'none')`);
    await runner.query("call puente_append_only('day_close_balances')");
    await runner.query(GUARD);
    await runner.query(WALL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger ledger_transfers_day_signed on ledger_transfers;
      drop function day_refuse_signed_window(), day_close_fence();
      drop index ledger_entries_recorded, line_outcomes_reported_pending;
      drop table day_close_balances, day_closes;
      drop function day_closes_guard()`);
  }
}

const TABLES = `
create table day_closes (
  agency_id text collate "C" not null,
  closing_id text collate "C" not null,
  business_day date not null,
  version int not null check (version > 0),
  state text not null check (state in ('prepared', 'signed', 'replaced', 'reopened')),
  -- Null: from the beginning.
  window_from timestamptz,
  window_until timestamptz not null,
  checks jsonb not null,
  has_exceptions boolean not null,
  -- Why it was closed with exceptions, by check: encrypted, as people write names into reasons.
  reasons bytea,
  figures_digest text not null,
  prepared_by text not null,
  prepared_at timestamptz not null,
  signed_by text,
  signed_at timestamptz,
  reopened_by text,
  reopened_at timestamptz,
  reopen_reason bytea,
  primary key (agency_id, closing_id),
  unique (agency_id, business_day, version),
  constraint day_closes_second_person check (signed_by is null or signed_by <> prepared_by),
  check ((signed_by is null) = (signed_at is null)),
  check ((state in ('signed', 'reopened')) = (signed_by is not null)),
  check ((state = 'reopened') = (reopened_by is not null and reopened_at is not null and reopen_reason is not null)),
  check (not has_exceptions or reasons is not null),
  check (window_from is null or window_from < window_until)
);
create unique index day_closes_active on day_closes (agency_id, business_day) where state in ('prepared', 'signed');
create index day_closes_signed on day_closes (agency_id, window_until) where state = 'signed';
create table day_close_balances (
  agency_id text collate "C" not null,
  closing_id text collate "C" not null,
  account_kind text collate "C" not null,
  partner_id text collate "C" not null,
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  opening_minor bigint not null,
  debit_minor bigint not null check (debit_minor >= 0),
  credit_minor bigint not null check (credit_minor >= 0),
  closing_minor bigint not null,
  entry_count int not null,
  -- Recorded in this window, but of a day that was signed before.
  late_count int not null,
  late_minor bigint not null,
  primary key (agency_id, closing_id, account_kind, partner_id, currency),
  foreign key (agency_id, closing_id) references day_closes (agency_id, closing_id),
  constraint day_close_balances_carry check (closing_minor = opening_minor + debit_minor - credit_minor)
);
comment on table day_close_balances is 'Debit positive. Accounts of cases stand together, without a partner (empty).';
create index line_outcomes_reported_pending on line_outcomes (agency_id, disbursement_id) where kind = 'forwarding' and outcome = 'pending';
create index ledger_entries_recorded on ledger_entries using brin (recorded_at);
`;

// A close stays as it was prepared; only what becomes of it is added, and only forward.
const GUARD = `
create function day_closes_guard() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'table % keeps every row', tg_table_name using errcode = 'integrity_constraint_violation';
  end if;
  if to_jsonb(new) - array['state', 'signed_by', 'signed_at', 'reopened_by', 'reopened_at', 'reopen_reason']
      <> to_jsonb(old) - array['state', 'signed_by', 'signed_at', 'reopened_by', 'reopened_at', 'reopen_reason']
    or (old.state, new.state) not in (('prepared', 'signed'), ('prepared', 'replaced'), ('signed', 'reopened'))
    or (old.signed_by is not null and (new.signed_by, new.signed_at) is distinct from (old.signed_by, old.signed_at)) then
    raise exception 'a close of a day does not change' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger day_closes_keep before update or delete on day_closes for each row execute function day_closes_guard();
create trigger day_closes_keep_all before truncate on day_closes for each statement execute function day_closes_guard();
alter table day_closes enable always trigger day_closes_keep;
alter table day_closes enable always trigger day_closes_keep_all;
`;

// Whoever records a transfer may see some counties only; the wall looks with the owner's eyes. The fence waits for postings that are on
// their way and lets none begin until the close is committed.
const WALL = `
create function day_refuse_signed_window() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  fault record;
begin
  select d.business_day into fault
    from (select agency_id, min(recorded_at) as recorded_at from new_transfers group by agency_id) n
    join public.day_closes d on d.agency_id = n.agency_id and d.state = 'signed' and d.window_until >= n.recorded_at
   order by d.business_day limit 1;
  if fault.business_day is not null then
    raise exception 'days.signed_off' using errcode = 'PU409', detail = jsonb_build_object('day', fault.business_day)::text;
  end if;
  return null;
end $$;
do $$ begin execute format('create policy reads_as_owner on day_closes for select to %I using (agency_id = (select puente_agency()))', current_user); end $$;
create trigger ledger_transfers_day_signed after insert on ledger_transfers
  referencing new table as new_transfers for each statement execute function day_refuse_signed_window();
alter table ledger_transfers enable always trigger ledger_transfers_day_signed;

create function day_close_fence() returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not puente_is_agency() or not puente_sees_all_counties() then
    raise exception 'ledger.out_of_scope' using errcode = 'PU403';
  end if;
  lock table public.ledger_transfers in share mode;
end $$;
comment on function day_close_fence is 'application: a day is closed when nothing is being posted';
`;
