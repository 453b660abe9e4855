import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The only way into the ledger. Both functions run as the owner (SECURITY DEFINER) with a pinned search path; the legs
 * lie in a temporary table that the owner makes and owns. Callers may insert into it and read it, no more.
 *
 * The temporary schema is the caller's: before anything there is read or written by name, `ledger_batch_is_open` proves from the
 * catalogue that it is the owner's own plain table, just as made here. A view, rule, trigger, policy, default or type of the caller's
 * would otherwise run the caller's code with the owner's rights.
 */
export class LedgerPosting implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PROOF);
    await runner.query(OPEN);
    await runner.query(PREPARE);
    await runner.query(ACCOUNTS);
    await runner.query(COMMIT);
    await runner.query(RIGHTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function ledger_commit_batch(text, text), ledger_prepare_accounts(text), ledger_prepare_bodies(), ledger_open_batch(), ledger_batch_is_open()');
  }
}

// It reads the catalogue and nothing else. Not one of the three there: no batch is open. Any other state than all three as made: refused.
const PROOF = `
  create function ledger_batch_is_open() returns boolean
  language plpgsql set search_path = pg_catalog, pg_temp as $$
  declare
    found_count bigint;
    genuine_count bigint;
  begin
    with expected (name, types) as (values
        ('posting_legs', array['text', 'text', 'date', 'text', 'text', 'text', 'text', 'text', 'int8', 'text']),
        ('posting_bodies', array['text', 'text', 'date', 'text', 'int4', '_text', '_int8', 'bytea']),
        ('posting_accounts', array['text', 'text', 'text', 'text', 'text', 'text', 'int8', 'text'])),
      there as (
        select c.*, e.types from expected e join pg_class c on c.relname = e.name and c.relnamespace = pg_my_temp_schema())
    select count(*), count(*) filter (where
        t.relkind = 'r' and t.relpersistence = 't' and t.relowner = (select r.oid from pg_roles r where r.rolname = current_user)
        and not (t.relhasrules or t.relhastriggers or t.relrowsecurity or t.relforcerowsecurity or t.relhasindex or t.relhassubclass or t.relispartition)
        and t.relchecks = 0 and t.reloftype = 0
        and t.relam = (select m.oid from pg_am m where m.amname = 'heap')
        and not exists (select from pg_inherits i where t.oid in (i.inhrelid, i.inhparent))
        and not exists (select from pg_rewrite w where w.ev_class = t.oid)
        and not exists (select from pg_trigger g where g.tgrelid = t.oid)
        and not exists (select from pg_policy p where p.polrelid = t.oid)
        and not exists (select from pg_constraint k where k.conrelid = t.oid)
        and not exists (select from pg_attrdef d where d.adrelid = t.oid)
        and t.types::name[] = (
          select array_agg(case when y.typnamespace = 'pg_catalog'::regnamespace then y.typname end order by a.attnum)
            from pg_attribute a left join pg_type y on y.oid = a.atttypid where a.attrelid = t.oid and a.attnum > 0))
      into found_count, genuine_count from there t;
    if found_count = 0 then
      return false;
    end if;
    if found_count <> 3 or genuine_count <> 3 then
      raise exception 'ledger.batch_forged' using errcode = 'PU403';
    end if;
    return true;
  end $$;
`;

const OPEN = `
  create function ledger_open_batch() returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set client_min_messages = warning
  set default_table_access_method = heap as $$
  declare
    waiting bigint;
  begin
    if not ledger_batch_is_open() then
      create temporary table posting_legs (
        transfer_key text collate "C", event text collate "C", occurred_on date,
        account_kind text collate "C", partner_id text collate "C", case_id text collate "C", county text collate "C",
        currency text collate "C", amount_minor bigint, reverses_key text collate "C"
      ) on commit delete rows;
      create temporary table posting_bodies (
        transfer_key text collate "C", event text collate "C", occurred_on date, reverses_key text collate "C",
        leg_count integer, codes text[] collate "C", amounts bigint[], body_digest bytea
      ) on commit delete rows;
      create temporary table posting_accounts (
        code text collate "C", account_kind text collate "C", partner_id text collate "C", case_id text collate "C",
        county text collate "C", currency text collate "C", account_id bigint, known_county text collate "C"
      ) on commit delete rows;
      grant select, insert on pg_temp.posting_legs to session_user;
      perform ledger_batch_is_open();
    end if;
    execute 'select count(*) from (select 1 from pg_temp.posting_legs limit 1) l' into waiting;
    if waiting > 0 then
      raise exception 'ledger.batch_open' using errcode = 'PU409';
    end if;
  end $$;
  comment on function ledger_open_batch is 'application: opens a batch';
`;

const PREPARE = `
  create function ledger_prepare_bodies() returns void
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  declare
    fault jsonb;
    legs bigint;
  begin
    if not ledger_batch_is_open() then
      raise exception 'ledger.batch_not_open' using errcode = 'PU400';
    end if;
    execute 'select count(*) from pg_temp.posting_legs' into legs;
    if legs > 500 then
      analyze pg_temp.posting_legs;
    end if;
    execute $q$
      select jsonb_build_object('transfer', left(l.transfer_key, 200), 'account', l.account_kind)
      from pg_temp.posting_legs l left join ledger_chart c using (account_kind)
      where l.transfer_key is null or l.event is null or l.occurred_on is null or l.amount_minor is null
        or l.currency is null or l.currency !~ '^[A-Z]{3}$' or c.account_kind is null
        or (c.held_by = 'partner' and l.partner_id is null) or (c.held_by = 'case' and l.case_id is null)
        or strpos(coalesce(l.partner_id, ''), ':') > 0 or strpos(coalesce(l.case_id, ''), ':') > 0
      limit 1$q$ into fault;
    if fault is not null then
      raise exception 'ledger.leg_invalid' using errcode = 'PU400', detail = fault::text;
    end if;
    execute $q$
      select jsonb_build_object('transfer', l.transfer_key)
      from pg_temp.posting_legs l join ledger_chart c using (account_kind)
      where c.held_by = 'case' and not puente_sees_county(l.county) and not puente_sees_all_counties()
      limit 1$q$ into fault;
    if fault is not null then
      raise exception 'ledger.out_of_scope' using errcode = 'PU403', detail = fault::text;
    end if;
    execute $q$
      insert into pg_temp.posting_bodies
      select transfer_key, min(event), min(occurred_on), min(reverses_key), count(*),
        array_agg(code order by code, amount_minor), array_agg(amount_minor order by code, amount_minor),
        ledger_body_digest(min(event), min(occurred_on), min(reverses_key),
          array_agg(code order by code, amount_minor), array_agg(amount_minor order by code, amount_minor))
      from (
        select l.*, concat_ws(':', l.account_kind, case c.held_by when 'partner' then l.partner_id when 'case' then l.case_id end, l.currency) collate "C" as code
        from pg_temp.posting_legs l join ledger_chart c using (account_kind)
        where l.amount_minor <> 0) coded
      group by transfer_key
      having min(event) = max(event) and min(occurred_on) = max(occurred_on)
        and min(reverses_key) is not distinct from max(reverses_key) and count(reverses_key) in (0, count(*))$q$;
    if legs > 500 then
      analyze pg_temp.posting_bodies;
    end if;
    execute $q$
      select jsonb_build_object('transfer', k.transfer_key)
      from (select distinct transfer_key from pg_temp.posting_legs) k
      left join pg_temp.posting_bodies b using (transfer_key)
      where b.transfer_key is null limit 1$q$ into fault;
    if fault is not null then
      raise exception 'ledger.transfer_invalid' using errcode = 'PU400', detail = fault::text;
    end if;
  end $$;
`;

const ACCOUNTS = `
  create function ledger_prepare_accounts(agency text) returns bigint
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  declare
    fault text;
    missing bigint;
    given bigint;
    opened bigint := 0;
  begin
    execute $q$
      insert into pg_temp.posting_accounts
      select w.*, a.account_id, a.county from (
        select concat_ws(':', l.account_kind, case c.held_by when 'partner' then l.partner_id when 'case' then l.case_id end, l.currency) collate "C" as code,
          l.account_kind, case when c.held_by = 'partner' then l.partner_id end,
          case when c.held_by = 'case' then l.case_id end,
          max(case when c.held_by = 'case' then l.county end), l.currency
        from pg_temp.posting_legs l join ledger_chart c using (account_kind)
        where l.amount_minor <> 0
        group by 1, 2, 3, 4, 6) w
      left join lateral (select x.account_id, x.county from ledger_accounts x where x.agency_id = $1 and x.code = w.code limit 1) a on true$q$
      using agency;
    get diagnostics given = row_count;
    if given > 500 then
      analyze pg_temp.posting_accounts;
    end if;
    execute $q$
      select p.code from pg_temp.posting_accounts p
      where p.account_id is not null and p.case_id is not null and not puente_sees_county(p.known_county) limit 1$q$ into fault;
    if fault is not null then
      raise exception 'ledger.out_of_scope' using errcode = 'PU403';
    end if;
    execute $q$
      select count(*) from pg_temp.posting_accounts
      where account_id is null or (county is not null and county is distinct from known_county)$q$ into missing;
    if missing > 0 then
      execute $q$
        with made as (
          insert into ledger_accounts as a (agency_id, code, account_kind, partner_id, case_id, county, currency)
          select $1, code, account_kind, partner_id, case_id, county, currency from pg_temp.posting_accounts
          where account_id is null or (county is not null and county is distinct from known_county)
          order by code
          on conflict (agency_id, code) do update set county = coalesce(excluded.county, a.county)
          returning a.account_id, a.code, xmax = 0 as is_new),
        kept as (
          update pg_temp.posting_accounts p set account_id = made.account_id from made where made.code = p.code returning 1)
        select count(*) from made where is_new$q$ into opened using agency;
    end if;
    return opened;
  end $$;
`;

// Locks are taken in one order by everyone: account rows by code, transfer keys by key, balances by account id. A batch
// that waits for another therefore never holds what that one still needs, as long as a transaction commits one batch.
const COMMIT = `
  create function ledger_commit_batch(batch_key text, recorded_by text,
    out transfers_posted bigint, out transfers_known bigint, out entries_posted bigint, out accounts_opened bigint)
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
  declare
    agency text := puente_agency();
    batch bigint;
    fault text;
    given bigint;
    recorded timestamptz := clock_timestamp();
  begin
    if agency is null or not puente_is_agency() then
      raise exception 'ledger.out_of_scope' using errcode = 'PU403';
    end if;
    perform ledger_prepare_bodies();
    execute 'select count(*) from pg_temp.posting_bodies' into given;
    transfers_posted := 0; entries_posted := 0; accounts_opened := 0; transfers_known := 0;
    if given = 0 then
      return;
    end if;

    accounts_opened := ledger_prepare_accounts(agency);
    batch := nextval(pg_get_serial_sequence('public.ledger_batches', 'batch_id'));
    execute $q$
      with posted as (
        insert into ledger_transfers (agency_id, transfer_key, event, occurred_on, recorded_at, batch_id, leg_count, body_digest, reverses_key)
        select $1, transfer_key, event, occurred_on, $2, $3, leg_count, body_digest, reverses_key from pg_temp.posting_bodies
        order by transfer_key
        on conflict (agency_id, transfer_key) do nothing
        returning transfer_id, transfer_key),
      entered as (
        insert into ledger_entries (agency_id, transfer_id, leg_number, account_id, amount_minor, currency, occurred_on, recorded_at)
        select $1, p.transfer_id, l.leg_number, a.account_id, l.amount_minor, a.currency, b.occurred_on, $2
        from posted p join pg_temp.posting_bodies b using (transfer_key)
        cross join lateral unnest(b.codes, b.amounts) with ordinality as l (code, amount_minor, leg_number)
        join pg_temp.posting_accounts a on a.code = l.code
        returning account_id, amount_minor),
      kept as (
        insert into ledger_balances as b (agency_id, account_id, balance_minor, entry_count)
        select $1, account_id, sum(amount_minor), count(*) from entered group by account_id order by account_id
        on conflict (agency_id, account_id) do update
          set balance_minor = b.balance_minor + excluded.balance_minor, entry_count = b.entry_count + excluded.entry_count
        returning 1)
      select (select count(*) from posted), (select count(*) from entered)$q$
      into transfers_posted, entries_posted using agency, recorded, batch;
    transfers_known := given - transfers_posted;

    if transfers_known > 0 then
      execute $q$
        select b.transfer_key from pg_temp.posting_bodies b
        left join lateral (select f.body_digest from ledger_transfers f where f.agency_id = $1 and f.transfer_key = b.transfer_key limit 1) t on true
        where t.body_digest is distinct from b.body_digest order by 1 limit 1$q$ into fault using agency;
      if fault is not null then
        raise exception 'ledger.key_reused' using errcode = 'PU409', detail = jsonb_build_object('transfer', fault)::text;
      end if;
    end if;
    if transfers_posted > 0 then
      insert into ledger_batches (agency_id, batch_id, batch_key, transfer_count, entry_count, recorded_by, recorded_at)
      overriding system value values (agency, batch, batch_key, transfers_posted, entries_posted, coalesce(puente_actor(), recorded_by), recorded);
    end if;
    if given > 500 then
      truncate pg_temp.posting_legs, pg_temp.posting_bodies, pg_temp.posting_accounts;
    else
      execute 'delete from pg_temp.posting_legs';
      execute 'delete from pg_temp.posting_bodies';
      execute 'delete from pg_temp.posting_accounts';
    end if;
  end $$;
`;

// What the application calls is bound to the agency, counties and partner of the transaction; puente_grant gives it the two functions
// that say "application", and nobody else any. Nobody else may make functions in the schema on their search path (on clusters
// upgraded from before PostgreSQL 15 everybody could).
const RIGHTS = `
  comment on function ledger_commit_batch is 'application: posts the open batch';
  do $$
  begin
    revoke create on schema public from public;
  exception when insufficient_privilege then
    null;
  end $$;
`;
