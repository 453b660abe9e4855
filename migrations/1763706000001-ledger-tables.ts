import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The three nouns of the ledger (account, transfer, entry), their balances, and the walls around them.
 * A debit is positive, a credit negative; the entries of one transfer sum to zero in every currency.
 *
 * The application's role may only read here. Rows are written by `ledger_commit_batch` (next migration), which runs as
 * the owner; the statement trigger below is the second wall and holds for the owner too.
 */
export class LedgerTables implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(CHART);
    await runner.query(WALLS);
    await runner.query(SCOPE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table ledger_balances, ledger_entries, ledger_transfers, ledger_accounts, ledger_batches, ledger_chart;
      drop function ledger_body_digest(text, date, text, text[], bigint[]), ledger_check_entries(), ledger_refuse_change(), ledger_guard_account()`);
  }
}

const TABLES = `
  create table ledger_chart (
    account_kind text collate "C" primary key,
    normal_side text not null check (normal_side in ('debit', 'credit')),
    held_by text not null check (held_by in ('agency', 'partner', 'case'))
  );
  comment on table ledger_chart is 'The chart of accounts as data: on which side an account normally stands, and for whom one is kept.';

  create table ledger_accounts (
    agency_id text collate "C" not null,
    account_id bigint generated always as identity,
    code text collate "C" not null check (length(code) <= 200),
    account_kind text collate "C" not null references ledger_chart,
    partner_id text collate "C",
    case_id text collate "C",
    county text collate "C",
    currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
    opened_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, account_id),
    unique (agency_id, code),
    check (partner_id is null or case_id is null)
  );
  create index ledger_accounts_case on ledger_accounts (agency_id, case_id) where case_id is not null;
  create index ledger_accounts_partner on ledger_accounts (agency_id, partner_id) where partner_id is not null;

  create table ledger_batches (
    agency_id text collate "C" not null,
    batch_id bigint generated always as identity,
    batch_key text collate "C" not null check (length(batch_key) between 1 and 200),
    transfer_count integer not null check (transfer_count > 0),
    entry_count integer not null check (entry_count > 0),
    recorded_by text collate "C" not null,
    recorded_at timestamptz not null,
    primary key (agency_id, batch_id)
  );
  comment on table ledger_batches is 'One row for each batch that posted anything; the place of the hash chain over batches.';

  create table ledger_transfers (
    agency_id text collate "C" not null,
    transfer_id bigint generated always as identity,
    transfer_key text collate "C" not null check (length(transfer_key) between 1 and 200),
    event text collate "C" not null check (length(event) between 1 and 80),
    occurred_on date not null,
    recorded_at timestamptz not null,
    batch_id bigint not null,
    leg_count integer not null check (leg_count >= 2),
    body_digest bytea not null check (length(body_digest) = 32),
    reverses_key text collate "C",
    primary key (agency_id, transfer_id),
    unique (agency_id, transfer_key),
    foreign key (agency_id, reverses_key) references ledger_transfers (agency_id, transfer_key),
    check (reverses_key <> transfer_key)
  );
  create unique index ledger_transfers_reversal on ledger_transfers (agency_id, reverses_key) where reverses_key is not null;

  create table ledger_entries (
    agency_id text collate "C" not null,
    transfer_id bigint not null,
    leg_number integer not null check (leg_number >= 1),
    account_id bigint not null,
    amount_minor bigint not null check (amount_minor <> 0),
    currency text collate "C" not null,
    occurred_on date not null,
    recorded_at timestamptz not null,
    primary key (agency_id, transfer_id, leg_number)
  );
  create index ledger_entries_account on ledger_entries (agency_id, account_id, occurred_on) include (amount_minor, recorded_at);
  comment on table ledger_entries is 'occurred_on and recorded_at repeat the transfer''s (the trigger checks it), so that a balance as of any date, and as known at any instant, is read from one index.';

  create table ledger_balances (
    agency_id text collate "C" not null,
    account_id bigint not null,
    balance_minor bigint not null,
    entry_count bigint not null,
    primary key (agency_id, account_id)
  ) with (fillfactor = 80);
  comment on table ledger_balances is 'Kept by ledger_commit_batch in the same statement as the entries; checkLedger compares the two.';
`;

const CHART = `
  insert into ledger_chart (account_kind, normal_side, held_by) values
    ('disbursed_by_sdu', 'credit', 'agency'),
    ('in_transit', 'debit', 'partner'),
    ('delivered', 'debit', 'case'),
    ('fees_abroad', 'debit', 'case'),
    ('to_be_recovered', 'debit', 'partner'),
    ('bank', 'debit', 'agency'),
    ('suspense', 'credit', 'partner'),
    ('proposed_collection', 'credit', 'case'),
    ('transfer_fees', 'debit', 'partner'),
    ('fx_rounding', 'debit', 'partner');
`;

// Dynamic SQL in the trigger on purpose: each statement is planned for the rows it really brings, two or two hundred thousand.
const WALLS = `
  create function ledger_body_digest(event text, occurred_on date, reverses_key text, codes text[], amounts bigint[]) returns bytea
  stable language sql
    return sha256(convert_to(jsonb_build_array(event, occurred_on, reverses_key, codes, amounts)::text, 'UTF8'));
  comment on function ledger_body_digest is 'application: what a transfer says, apart from its key and the moment of recording; codes and amounts sorted by code, then amount.';

  create function ledger_refuse_change() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  begin
    raise exception 'ledger.append_only' using errcode = 'PU409',
      detail = jsonb_build_object('table', tg_table_name, 'operation', lower(tg_op))::text;
  end $$;

  create function ledger_guard_account() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  begin
    if to_jsonb(new) - 'county' is distinct from to_jsonb(old) - 'county' then
      raise exception 'ledger.append_only' using errcode = 'PU409',
        detail = jsonb_build_object('table', tg_table_name, 'operation', 'update')::text;
    end if;
    return new;
  end $$;

  create function ledger_check_entries() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  declare
    fault text;
    has_reversal boolean;
  begin
    execute $q$
      select coalesce(t.transfer_key, n.transfer_id::text) from (
        select agency_id, transfer_id from new_entries group by agency_id, transfer_id, currency having sum(amount_minor) <> 0 limit 1) n
      left join ledger_transfers t using (agency_id, transfer_id)$q$ into fault;
    if fault is not null then
      raise exception 'ledger.unbalanced' using errcode = 'PU400', detail = jsonb_build_object('transfer', fault)::text;
    end if;
    execute $q$
      select min(coalesce(t.transfer_key, n.transfer_id::text)) filter (where t.transfer_key is null or legs <> t.leg_count or first_leg <> 1
          or last_leg <> t.leg_count or from_on <> t.occurred_on or to_on <> t.occurred_on or from_at <> t.recorded_at or to_at <> t.recorded_at),
        coalesce(bool_or(t.reverses_key is not null), false)
      from (
        select agency_id, transfer_id, count(*) as legs, min(leg_number) as first_leg, max(leg_number) as last_leg,
          min(occurred_on) as from_on, max(occurred_on) as to_on, min(recorded_at) as from_at, max(recorded_at) as to_at
        from new_entries group by agency_id, transfer_id) n
      left join lateral (select f.transfer_key, f.leg_count, f.occurred_on, f.recorded_at, f.reverses_key from ledger_transfers f
        where f.agency_id = n.agency_id and f.transfer_id = n.transfer_id limit 1) t on true$q$ into fault, has_reversal;
    if fault is not null then
      raise exception 'ledger.incomplete_transfer' using errcode = 'PU400', detail = jsonb_build_object('transfer', fault)::text;
    end if;
    execute $q$
      select n.account_id::text from (select distinct agency_id, account_id, currency from new_entries) n
      where not exists (select 1 from (select f.currency from ledger_accounts f
        where f.agency_id = n.agency_id and f.account_id = n.account_id limit 1) a where a.currency = n.currency)
      limit 1$q$ into fault;
    if fault is not null then
      raise exception 'ledger.account_unknown' using errcode = 'PU400', detail = jsonb_build_object('account', fault)::text;
    end if;
    if not has_reversal then
      return null;
    end if;
    execute $q$
      select n.transfer_key from (
        select e.agency_id, e.transfer_id, t.transfer_key, t.reverses_key from (select distinct agency_id, transfer_id from new_entries) e
        cross join lateral (select f.transfer_key, f.reverses_key from ledger_transfers f
          where f.agency_id = e.agency_id and f.transfer_id = e.transfer_id limit 1) t
        where t.reverses_key is not null) n
      cross join lateral (select f.transfer_id, f.reverses_key from ledger_transfers f
        where f.agency_id = n.agency_id and f.transfer_key = n.reverses_key limit 1) o
      where o.reverses_key is not null or exists (
        select 1 from ledger_entries e where e.agency_id = n.agency_id and e.transfer_id in (n.transfer_id, o.transfer_id)
        group by e.account_id having sum(e.amount_minor) <> 0)
      limit 1$q$ into fault;
    if fault is not null then
      raise exception 'ledger.reversal_not_mirror' using errcode = 'PU400', detail = jsonb_build_object('transfer', fault)::text;
    end if;
    return null;
  end $$;

  create trigger ledger_entries_balance after insert on ledger_entries
    referencing new table as new_entries for each statement execute function ledger_check_entries();
  alter table ledger_entries enable always trigger ledger_entries_balance;

  do $$
  declare
    guarded text;
  begin
    foreach guarded in array array['ledger_chart', 'ledger_batches', 'ledger_transfers', 'ledger_entries', 'ledger_accounts', 'ledger_balances'] loop
      execute format('create trigger written_by_function before truncate on %I for each statement execute function ledger_refuse_change()', guarded);
      execute format('create trigger refuse_change before %s on %I for each statement execute function ledger_refuse_change()',
        case when guarded in ('ledger_accounts', 'ledger_balances') then 'delete' else 'update or delete' end, guarded);
      execute format('alter table %I enable always trigger written_by_function', guarded);
      execute format('alter table %I enable always trigger refuse_change', guarded);
    end loop;
  end $$;
  create trigger ledger_accounts_keep before update on ledger_accounts for each row execute function ledger_guard_account();
`;

// Case accounts are seen by the people of the county (by those of all counties where none is known); accounts of partners and of the
// agency, in which the money of all counties lies together, by those of all counties; a partner's by that partner's officer, too. Only the owner, and so the
// functions that run as the owner, has a policy to write.
const SCOPE = `
  do $$
  declare
    scoped text;
    is_everything text := '(select puente_sees_all_counties() and puente_is_agency())';
  begin
    foreach scoped in array array['ledger_accounts', 'ledger_batches', 'ledger_transfers', 'ledger_entries', 'ledger_balances'] loop
      execute format('alter table %I enable row level security', scoped);
      execute format('alter table %I force row level security', scoped);
      execute format('create policy writes_as_owner on %I to %I using (agency_id = (select puente_agency()))', scoped, current_user);
      execute format('create policy scope_read on %I for select using (agency_id = (select puente_agency()) and %s)', scoped, case scoped
        when 'ledger_accounts' then '(partner_id = (select puente_partner()) or ((select puente_is_agency())
          and ((select puente_sees_all_counties()) or (case_id is not null and county = any((select puente_counties())::text[])))))'
        when 'ledger_transfers' then '(' || is_everything || ' or exists (select 1 from ledger_entries e
          where e.agency_id = ledger_transfers.agency_id and e.transfer_id = ledger_transfers.transfer_id))'
        when 'ledger_batches' then is_everything
        else '(' || is_everything || ' or account_id in (select account_id from ledger_accounts))' end);
    end loop;
  end $$;
`;
