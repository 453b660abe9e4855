import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Two phases: amounts are reserved first (a pending transfer, which moves nothing) and then posted, wholly or in part, or released: voided by
 * somebody, or expired after its last day. Each pending transfer ends once. What is reserved stands beside what is posted in the balances, and all
 * of it is chained like the transfers themselves.
 */
export class LedgerPending implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(WALLS);
    await runner.query(SCOPE);
    await runner.query(RESERVE);
    await runner.query(RESOLVE);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: what is reserved is chained');
  }
}

const TABLES = `
  create table ledger_pendings (
    agency_id text collate "C" not null,
    pending_id bigint generated always as identity,
    pending_key text collate "C" not null check (length(pending_key) between 1 and 200),
    event text collate "C" not null check (length(event) between 1 and 80),
    occurred_on date not null,
    expires_on date,
    recorded_at timestamptz not null,
    batch_id bigint not null,
    leg_count integer not null check (leg_count >= 2),
    body_digest bytea not null check (length(body_digest) = 32),
    primary key (agency_id, pending_id),
    unique (agency_id, pending_key),
    check (expires_on >= occurred_on)
  );
  create index ledger_pendings_expiring on ledger_pendings (agency_id, expires_on) where expires_on is not null;

  create table ledger_pending_entries (
    agency_id text collate "C" not null,
    pending_id bigint not null,
    leg_number integer not null check (leg_number >= 1),
    account_id bigint not null,
    amount_minor bigint not null check (amount_minor <> 0),
    currency text collate "C" not null,
    primary key (agency_id, pending_id, leg_number)
  );
  create index ledger_pending_entries_account on ledger_pending_entries (agency_id, account_id);

  create table ledger_resolutions (
    agency_id text collate "C" not null,
    pending_key text collate "C" not null,
    resolution_key text collate "C" not null check (length(resolution_key) between 1 and 200),
    outcome text collate "C" not null check (outcome in ('posted', 'voided', 'expired')),
    occurred_on date not null,
    recorded_at timestamptz not null,
    batch_id bigint not null,
    primary key (agency_id, pending_key),
    unique (agency_id, resolution_key),
    foreign key (agency_id, pending_key) references ledger_pendings (agency_id, pending_key)
  );
  comment on column ledger_resolutions.resolution_key is 'Where it was posted, also the key of the transfer that posted it.';

  alter table ledger_balances add column pending_debit_minor bigint not null default 0, add column pending_credit_minor bigint not null default 0;
  comment on column ledger_balances.pending_debit_minor is 'Reserved on this side; a shard by itself may be negative, because another one may release what it reserved.';
`;

const WALLS = `
  create function ledger_check_pending_entries() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  declare
    fault text;
  begin
    select min(n.pending_id::text) into fault from (
      select e.agency_id, e.pending_id, sum(e.amount_minor) as total, bool_or(a.currency is distinct from e.currency) as is_homeless
        from new_entries e left join lateral (select f.currency from ledger_accounts f where f.agency_id = e.agency_id and f.account_id = e.account_id limit 1) a on true
       group by e.agency_id, e.pending_id, e.currency) n
     where n.total <> 0 or n.is_homeless;
    if fault is not null then
      raise exception 'ledger.unbalanced' using errcode = 'PU400', detail = jsonb_build_object('transfer', fault)::text;
    end if;
    select min(n.pending_id::text) into fault from (
      select e.agency_id, e.pending_id, count(*) as legs, min(e.leg_number) as first_leg, max(e.leg_number) as last_leg from new_entries e group by 1, 2) n
      left join ledger_pendings p on p.agency_id = n.agency_id and p.pending_id = n.pending_id
     where p.pending_id is null or n.legs <> p.leg_count or n.first_leg <> 1 or n.last_leg <> p.leg_count;
    if fault is not null then
      raise exception 'ledger.incomplete_transfer' using errcode = 'PU400', detail = jsonb_build_object('transfer', fault)::text;
    end if;
    return null;
  end $$;

  -- What is posted stays within what was reserved: account by account, on the same side, no more.
  create function ledger_check_resolutions() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  declare
    fault text;
  begin
    select min(r.pending_key) into fault from new_resolutions r
     where r.outcome = 'posted' and not ledger_is_within(r.agency_id, r.pending_key, r.resolution_key);
    if fault is not null then
      raise exception 'ledger.beyond_reserved' using errcode = 'PU400', detail = jsonb_build_object('transfer', fault)::text;
    end if;
    return null;
  end $$;

  create function ledger_is_within(agency text, reserved_key text, posted_key text) returns boolean
  stable language sql
    return exists (select from ledger_transfers t where t.agency_id = agency and t.transfer_key = posted_key and t.reverses_key is null)
      and not exists (
        select from (
          select e.account_id, sum(e.amount_minor) as posted from ledger_transfers t join ledger_entries e on e.agency_id = t.agency_id and e.transfer_id = t.transfer_id
           where t.agency_id = agency and t.transfer_key = posted_key group by e.account_id) p
          left join (
          select e.account_id, sum(e.amount_minor) as reserved from ledger_pendings t join ledger_pending_entries e on e.agency_id = t.agency_id and e.pending_id = t.pending_id
           where t.agency_id = agency and t.pending_key = reserved_key group by e.account_id) r using (account_id)
         where coalesce(sign(p.posted) <> sign(r.reserved) or abs(p.posted) > abs(r.reserved), true));
  comment on function ledger_is_within is 'application: whether a transfer posts no more than was reserved';

  create trigger ledger_pending_entries_balance after insert on ledger_pending_entries
    referencing new table as new_entries for each statement execute function ledger_check_pending_entries();
  alter table ledger_pending_entries enable always trigger ledger_pending_entries_balance;
  create trigger ledger_resolutions_within after insert on ledger_resolutions
    referencing new table as new_resolutions for each statement execute function ledger_check_resolutions();
  alter table ledger_resolutions enable always trigger ledger_resolutions_within;

  do $$
  declare
    guarded text;
  begin
    foreach guarded in array array['ledger_pendings', 'ledger_pending_entries', 'ledger_resolutions'] loop
      execute format('create trigger written_by_function before truncate on %I for each statement execute function ledger_refuse_change()', guarded);
      execute format('create trigger refuse_change before update or delete on %I for each statement execute function ledger_refuse_change()', guarded);
      execute format('alter table %I enable always trigger written_by_function', guarded);
      execute format('alter table %I enable always trigger refuse_change', guarded);
    end loop;
  end $$;
`;

// As with transfers and entries: seen by whoever sees an account of it.
const SCOPE = `
  do $$
  declare
    scoped text;
    is_everything text := '(select puente_sees_all_counties() and puente_is_agency())';
  begin
    foreach scoped in array array['ledger_pendings', 'ledger_pending_entries', 'ledger_resolutions'] loop
      execute format('alter table %I enable row level security', scoped);
      execute format('alter table %I force row level security', scoped);
      execute format('create policy writes_as_owner on %I to %I using (agency_id = (select puente_agency()))', scoped, current_user);
      execute format('create policy scope_read on %I for select using (agency_id = (select puente_agency()) and (%s or %s))', scoped, is_everything, case scoped
        when 'ledger_pendings' then 'exists (select 1 from ledger_pending_entries e where e.agency_id = ledger_pendings.agency_id and e.pending_id = ledger_pendings.pending_id)'
        when 'ledger_resolutions' then 'exists (select 1 from ledger_pendings p where p.agency_id = ledger_resolutions.agency_id and p.pending_key = ledger_resolutions.pending_key)'
        else 'account_id in (select account_id from ledger_accounts)' end);
    end loop;
  end $$;
`;

const RESERVE = `
  create function ledger_reserve(batch_key text, recorded_by text, new_key text, new_event text, new_date date, last_day date,
    kinds text[], holders text[], buckets text[], currencies text[], amounts bigint[], counties text[]) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
  declare
    agency text := puente_agency();
    recorded timestamptz := clock_timestamp();
    batch bigint := nextval('public.ledger_batches_batch_id_seq');
    free_chain integer;
    pending bigint;
    digest bytea;
    legs record;
  begin
    if agency is null or not puente_is_agency() then
      raise exception 'ledger.out_of_scope' using errcode = 'PU403';
    end if;
    if new_event is null or new_date is null or last_day < new_date then
      raise exception 'ledger.transfer_invalid' using errcode = 'PU400', detail = jsonb_build_object('transfer', left(new_key, 200))::text;
    end if;
    select * into legs from ledger_ready_legs(agency, new_key, kinds, holders, buckets, currencies, amounts, counties);
    digest := ledger_body_digest(new_event, new_date, to_char(last_day, '"until "YYYY-MM-DD'), legs.codes, legs.sorted);
    insert into ledger_pendings as p (agency_id, pending_key, event, occurred_on, expires_on, recorded_at, batch_id, leg_count, body_digest)
      values (agency, new_key, new_event, new_date, last_day, recorded, batch, cardinality(legs.codes), digest)
      on conflict (agency_id, pending_key) do nothing returning p.pending_id into pending;
    if pending is null then
      if digest is distinct from (select p.body_digest from ledger_pendings p where p.agency_id = agency and p.pending_key = new_key) then
        raise exception 'ledger.key_reused' using errcode = 'PU409', detail = jsonb_build_object('transfer', new_key)::text;
      end if;
      return false;
    end if;
    insert into ledger_pending_entries (agency_id, pending_id, leg_number, account_id, amount_minor, currency)
      select agency, pending, l.leg_number, l.account_id, l.amount, right(l.code, 3) from unnest(legs.ids, legs.sorted, legs.codes) with ordinality as l (account_id, amount, code, leg_number);
    free_chain := ledger_take_chain(agency);
    perform ledger_link_batch(agency, free_chain, batch, batch_key, coalesce(puente_actor(), recorded_by), recorded, 0, 0, 1, sha256(ledger_item('p', new_key, digest)));
    perform ledger_keep_reserved(agency, free_chain, pending, 1);
    return true;
  end $$;
  comment on function ledger_reserve is 'application: reserves the amounts of one transfer';

  create function ledger_keep_reserved(agency text, free_chain integer, pending bigint, direction integer) returns void
  language sql set search_path = pg_catalog, public, pg_temp as $$
    insert into ledger_balances as b (agency_id, account_id, shard, balance_minor, entry_count, pending_debit_minor, pending_credit_minor)
    select agency, e.account_id, free_chain, 0, 0, direction * coalesce(sum(e.amount_minor) filter (where e.amount_minor > 0), 0),
        direction * coalesce(-sum(e.amount_minor) filter (where e.amount_minor < 0), 0)
      from ledger_pending_entries e where e.agency_id = agency and e.pending_id = pending group by e.account_id order by e.account_id
    on conflict (agency_id, account_id, shard) do update
      set pending_debit_minor = b.pending_debit_minor + excluded.pending_debit_minor, pending_credit_minor = b.pending_credit_minor + excluded.pending_credit_minor
  $$;
`;

// One resolution at a time for each pending transfer: its row is locked until the commit. Without legs given, all of it is posted.
const RESOLVE = `
  create function ledger_resolve(batch_key text, recorded_by text, reserved_key text, how text, new_key text, new_event text, new_date date, today date,
    kinds text[], holders text[], buckets text[], currencies text[], amounts bigint[], counties text[]) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
  declare
    agency text := puente_agency();
    pending record;
    known record;
    batch bigint;
    free_chain integer;
    recorded timestamptz;
  begin
    if agency is null or not puente_is_agency() then
      raise exception 'ledger.out_of_scope' using errcode = 'PU403';
    end if;
    select * into pending from ledger_pendings p where p.agency_id = agency and p.pending_key = reserved_key for update;
    if not found then
      raise exception 'ledger.pending_unknown' using errcode = 'PU404', detail = jsonb_build_object('transfer', left(reserved_key, 200))::text;
    end if;
    if exists (select from ledger_pending_entries e join ledger_accounts a on a.agency_id = agency and a.account_id = e.account_id
        where e.agency_id = agency and e.pending_id = pending.pending_id and a.case_id is not null and not puente_sees_county(a.county)) then
      raise exception 'ledger.out_of_scope' using errcode = 'PU403', detail = jsonb_build_object('transfer', reserved_key)::text;
    end if;
    if how = 'posted' and kinds is null then
      select array_agg(a.account_kind order by e.leg_number), array_agg(coalesce(a.partner_id, a.case_id) order by e.leg_number), array_agg(a.bucket order by e.leg_number),
          array_agg(a.currency order by e.leg_number), array_agg(e.amount_minor order by e.leg_number), array_agg(a.county order by e.leg_number)
        into kinds, holders, buckets, currencies, amounts, counties
        from ledger_pending_entries e join ledger_accounts a on a.agency_id = agency and a.account_id = e.account_id
       where e.agency_id = agency and e.pending_id = pending.pending_id;
    end if;
    select * into known from ledger_resolutions r where r.agency_id = agency and r.pending_key = reserved_key;
    if found then
      if known.outcome <> how or known.resolution_key <> new_key or known.occurred_on <> new_date then
        raise exception 'ledger.pending_resolved' using errcode = 'PU409', detail = jsonb_build_object('transfer', reserved_key, 'outcome', known.outcome)::text;
      end if;
      if how = 'posted' then
        perform ledger_post_one(batch_key, recorded_by, new_key, new_event, new_date, null, kinds, holders, buckets, currencies, amounts, counties);
      end if;
      return false;
    end if;
    if how = 'posted' and pending.expires_on < today then
      raise exception 'ledger.pending_expired' using errcode = 'PU409', detail = jsonb_build_object('transfer', reserved_key)::text;
    end if;
    if how = 'expired' and (pending.expires_on is null or pending.expires_on >= today) then
      raise exception 'ledger.pending_not_expired' using errcode = 'PU409', detail = jsonb_build_object('transfer', reserved_key)::text;
    end if;
    if how = 'posted' and not ledger_post_one(batch_key, recorded_by, new_key, new_event, new_date, null, kinds, holders, buckets, currencies, amounts, counties) then
      raise exception 'ledger.key_reused' using errcode = 'PU409', detail = jsonb_build_object('transfer', new_key)::text;
    end if;
    recorded := clock_timestamp();
    batch := nextval('public.ledger_batches_batch_id_seq');
    insert into ledger_resolutions (agency_id, pending_key, resolution_key, outcome, occurred_on, recorded_at, batch_id)
      values (agency, reserved_key, new_key, how, new_date, recorded, batch);
    free_chain := ledger_take_chain(agency);
    perform ledger_link_batch(agency, free_chain, batch, batch_key, coalesce(puente_actor(), recorded_by), recorded, 0, 0, 1,
      sha256(ledger_item('r', reserved_key, ledger_body_digest(how, new_date, new_key, array[]::text[], array[]::bigint[]))));
    perform ledger_keep_reserved(agency, free_chain, pending.pending_id, -1);
    return true;
  end $$;
  comment on function ledger_resolve is 'application: posts, voids or expires what was reserved';
`;
