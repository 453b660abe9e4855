import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Posting a batch, made anew: two passes over its legs, one temporary table instead of three, and a link in the hash chain. As before it
 * runs as the owner (SECURITY DEFINER) with a pinned search path.
 *
 * The temporary schema is the caller's: before anything there is read by name, `ledger_batch_is_open` proves from the catalogue that it is
 * the owner's own plain table, just as made here. A view, rule, trigger, policy, default or type of the caller's would otherwise run the
 * caller's code with the owner's rights.
 */
export class LedgerPostingInOnePass implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop function ledger_commit_batch(text, text), ledger_prepare_accounts(text), ledger_prepare_bodies(), ledger_open_batch(), ledger_batch_is_open()');
    await runner.query(PROOF);
    await runner.query(OPEN);
    await runner.query(ACCOUNTS);
    await runner.query(FIND);
    await runner.query(COMMIT);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: what is posted here is chained, and the functions before this knew no chain');
  }
}

// It reads the catalogue and nothing else. No such table: no batch is open. One in any other state than as made: refused.
const PROOF = `
  create function ledger_batch_is_open() returns boolean
  language plpgsql set search_path = pg_catalog, pg_temp as $$
  declare
    is_genuine boolean;
  begin
    select t.relkind = 'r' and t.relpersistence = 't' and t.relowner = (select r.oid from pg_roles r where r.rolname = current_user)
        and not (t.relhasrules or t.relhastriggers or t.relrowsecurity or t.relforcerowsecurity or t.relhasindex or t.relhassubclass or t.relispartition)
        and t.relchecks = 0 and t.reloftype = 0
        and t.relam = (select m.oid from pg_am m where m.amname = 'heap')
        and not exists (select from pg_inherits i where t.oid in (i.inhrelid, i.inhparent))
        and not exists (select from pg_rewrite w where w.ev_class = t.oid)
        and not exists (select from pg_trigger g where g.tgrelid = t.oid)
        and not exists (select from pg_policy p where p.polrelid = t.oid)
        and not exists (select from pg_constraint k where k.conrelid = t.oid)
        and not exists (select from pg_attrdef d where d.adrelid = t.oid)
        and array['text', 'text', 'date', 'text', 'text', 'text', 'text', 'text', 'int8', 'text', 'text']::name[] = (
          select array_agg(case when y.typnamespace = 'pg_catalog'::regnamespace then y.typname end order by a.attnum)
            from pg_attribute a left join pg_type y on y.oid = a.atttypid where a.attrelid = t.oid and a.attnum > 0)
      into is_genuine
      from pg_class t where t.relname = 'posting_legs' and t.relnamespace = pg_my_temp_schema();
    if not found then
      return false;
    end if;
    if is_genuine is not true then
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
        currency text collate "C", amount_minor bigint, reverses_key text collate "C", bucket text collate "C"
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

// Opens accounts, in the order of their codes, and learns counties. A case's account is opened and touched only by who sees its county.
const ACCOUNTS = `
  create function ledger_open_accounts(agency text, codes text[], kinds text[], partners text[], cases text[], counties text[], currencies text[], buckets text[],
    out made_codes text[], out made_ids bigint[], out opened bigint)
  language sql set search_path = pg_catalog, public, pg_temp as $$
    with made as (
      insert into ledger_accounts as a (agency_id, code, account_kind, partner_id, case_id, county, currency, bucket)
      select agency, w.code, w.kind, w.partner, w.case_id, w.county, w.currency, w.bucket
        from unnest(codes, kinds, partners, cases, counties, currencies, buckets) as w (code, kind, partner, case_id, county, currency, bucket)
       order by w.code
      on conflict (agency_id, code) do update set county = coalesce(excluded.county, a.county)
      returning a.account_id, a.code, xmax = 0 as is_new)
    select array_agg(code), array_agg(account_id), count(*) filter (where is_new) from made
  $$;
`;

// One pass over the legs, grouped by account: what is wrong with them, which accounts there are, and which must be opened.
const FIND = `
  create function ledger_find_accounts(agency text, out codes text[], out ids bigint[], out opened bigint)
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  declare
    fault jsonb;
    foreign_code text;
    new_codes text[]; kinds text[]; partners text[]; cases text[]; counties text[]; currencies text[]; buckets text[];
    made record;
  begin
    opened := 0;
    if not puente_sees_all_counties() then
      execute $q$
        select jsonb_build_object('transfer', l.transfer_key)
        from pg_temp.posting_legs l join ledger_chart c using (account_kind)
        where c.held_by = 'case' and not puente_sees_county(l.county)
        limit 1$q$ into fault;
      if fault is not null then
        raise exception 'ledger.out_of_scope' using errcode = 'PU403', detail = fault::text;
      end if;
    end if;
    execute $q$
      with raw as (
        select l.account_kind, l.partner_id, l.case_id, l.bucket, l.currency, max(l.county) as county, bool_and(l.amount_minor = 0) as is_idle, min(l.transfer_key) as some_key,
          bool_or(l.transfer_key is null or l.event is null or l.occurred_on is null or l.amount_minor is null) as is_lacking
        from pg_temp.posting_legs l group by l.account_kind, l.partner_id, l.case_id, l.bucket, l.currency),
      wanted as (
        select w.code, min(w.account_kind) as kind, min(w.holder) filter (where w.held_by = 'partner') as partner, min(w.holder) filter (where w.held_by = 'case') as case_id,
          max(w.county) filter (where w.held_by = 'case') as county, min(w.currency) as currency, min(w.bucket) as bucket, bool_and(w.is_idle) as is_idle,
          (array_agg(jsonb_build_object('transfer', left(w.some_key, 200), 'account', w.account_kind)) filter (where w.is_invalid))[1] as fault
        from (
          select r.*, c.held_by, h.holder, concat_ws(':', r.account_kind, h.holder, r.bucket, r.currency) collate "C" as code,
            r.is_lacking or r.currency is null or r.currency !~ '^[A-Z]{3}$' or c.account_kind is null or (c.held_by <> 'agency' and h.holder is null)
              or (r.bucket is not null and not r.bucket = any (c.buckets)) or strpos(coalesce(r.partner_id, ''), ':') > 0 or strpos(coalesce(r.case_id, ''), ':') > 0 as is_invalid
          from raw r left join ledger_chart c using (account_kind)
          cross join lateral (select case c.held_by when 'partner' then r.partner_id when 'case' then r.case_id end as holder) h) w
        group by w.code),
      found as (
        select w.*, a.account_id, a.account_id is null or (w.county is not null and w.county is distinct from a.county) as is_open,
          a.account_id is not null and w.case_id is not null and not puente_sees_county(a.county) as is_foreign
        from wanted w
        left join lateral (select x.account_id, x.county from ledger_accounts x where x.agency_id = $1 and x.code = w.code limit 1) a on true
        where w.fault is not null or not w.is_idle)
      select (array_agg(fault) filter (where fault is not null))[1], min(code) filter (where is_foreign),
        array_agg(code) filter (where not is_open), array_agg(account_id) filter (where not is_open),
        array_agg(code) filter (where is_open), array_agg(kind) filter (where is_open), array_agg(partner) filter (where is_open), array_agg(case_id) filter (where is_open),
        array_agg(county) filter (where is_open), array_agg(currency) filter (where is_open), array_agg(bucket) filter (where is_open)
      from found$q$
      into fault, foreign_code, codes, ids, new_codes, kinds, partners, cases, counties, currencies, buckets using agency;
    if fault is not null then
      raise exception 'ledger.leg_invalid' using errcode = 'PU400', detail = fault::text;
    end if;
    if foreign_code is not null then
      raise exception 'ledger.out_of_scope' using errcode = 'PU403';
    end if;
    if new_codes is not null then
      select * into made from ledger_open_accounts(agency, new_codes, kinds, partners, cases, counties, currencies, buckets);
      opened := made.opened;
      codes := codes || made.made_codes;
      ids := ids || made.made_ids;
    end if;
  end $$;
`;

// Locks are taken in one order by everyone: account rows by code, transfer keys by key, a chain, balances by account id. A batch that waits
// for another therefore never holds what that one still needs, as long as a transaction commits one batch. What turns out wrong after
// the rows were written undoes them all.
const COMMIT = `
  create function ledger_commit_batch(batch_key text, recorded_by text,
    out transfers_posted bigint, out transfers_known bigint, out entries_posted bigint, out accounts_opened bigint)
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
  declare
    agency text := puente_agency();
    batch bigint;
    free_chain integer;
    fault text;
    legs bigint;
    content bytea;
    known_keys text[];
    known_digests bytea[];
    accounts record;
    recorded timestamptz := clock_timestamp();
  begin
    if agency is null or not puente_is_agency() then
      raise exception 'ledger.out_of_scope' using errcode = 'PU403';
    end if;
    if not ledger_batch_is_open() then
      raise exception 'ledger.batch_not_open' using errcode = 'PU400';
    end if;
    transfers_posted := 0; entries_posted := 0; accounts_opened := 0; transfers_known := 0;
    execute 'select count(*) from pg_temp.posting_legs' into legs;
    if legs = 0 then
      return;
    end if;
    if legs > 500 then
      analyze pg_temp.posting_legs (transfer_key, account_kind, partner_id, case_id);
    end if;
    select * into accounts from ledger_find_accounts(agency);
    accounts_opened := accounts.opened;
    free_chain := ledger_take_chain(agency);
    batch := nextval(pg_get_serial_sequence('public.ledger_batches', 'batch_id'));
    execute $q$
      with bodies as materialized (
        select b.*, ledger_body_digest(b.event, b.occurred_on, b.reverses_key, b.codes, b.amounts) as body_digest from (
          select l.transfer_key, min(l.event) as event, min(l.occurred_on) as occurred_on, min(l.reverses_key) as reverses_key,
            min(l.event) = max(l.event) and min(l.occurred_on) = max(l.occurred_on) and min(l.reverses_key) is not distinct from max(l.reverses_key)
              and count(l.reverses_key) in (0, count(*)) as is_sound,
            count(*) as leg_count, array_agg(l.code order by l.code, l.amount_minor) as codes, array_agg(l.amount_minor order by l.code, l.amount_minor) as amounts,
            array_agg(l.account_id order by l.code, l.amount_minor) as account_ids
          from (
            select g.transfer_key, g.event, g.occurred_on, g.reverses_key, g.amount_minor, g.code, a.account_id from (
              select l.transfer_key, l.event, l.occurred_on, l.reverses_key, l.amount_minor,
                concat_ws(':', l.account_kind, case c.held_by when 'partner' then l.partner_id when 'case' then l.case_id end, l.bucket, l.currency) collate "C" as code
              from pg_temp.posting_legs l join ledger_chart c using (account_kind) where l.amount_minor <> 0) g
            join unnest($4::text[], $5::bigint[]) as a (code, account_id) on a.code = g.code) l
          group by l.transfer_key) b),
      posted as (
        insert into ledger_transfers (agency_id, transfer_key, event, occurred_on, recorded_at, batch_id, leg_count, body_digest, reverses_key)
        select $1, transfer_key, event, occurred_on, $2, $3, leg_count, body_digest, reverses_key from bodies
        order by transfer_key
        on conflict (agency_id, transfer_key) do nothing
        returning transfer_id, transfer_key, body_digest),
      entered as (
        insert into ledger_entries (agency_id, transfer_id, leg_number, account_id, amount_minor, currency, occurred_on, recorded_at)
        select $1, p.transfer_id, l.leg_number, l.account_id, l.amount_minor, right(l.code, 3), b.occurred_on, $2
        from posted p join bodies b using (transfer_key)
        cross join lateral unnest(b.account_ids, b.amounts, b.codes) with ordinality as l (account_id, amount_minor, code, leg_number)
        returning account_id, amount_minor),
      kept as (
        insert into ledger_balances as b (agency_id, account_id, shard, balance_minor, entry_count)
        select $1, account_id, $6, sum(amount_minor), count(*) from entered group by account_id order by account_id
        on conflict (agency_id, account_id, shard) do update
          set balance_minor = b.balance_minor + excluded.balance_minor, entry_count = b.entry_count + excluded.entry_count
        returning 1)
      select (select count(*) from posted), (select count(*) from entered), (select count(*) from bodies) - (select count(*) from posted),
        (select transfer_key from bodies where not is_sound limit 1),
        (select sha256(string_agg(ledger_item('t', transfer_key, body_digest), ''::bytea order by transfer_key)) from posted),
        case when (select count(*) from posted) < (select count(*) from bodies) then
          (select array_agg(b.transfer_key order by b.transfer_key) from bodies b where not exists (select from posted p where p.transfer_key = b.transfer_key)) end,
        case when (select count(*) from posted) < (select count(*) from bodies) then
          (select array_agg(b.body_digest order by b.transfer_key) from bodies b where not exists (select from posted p where p.transfer_key = b.transfer_key)) end$q$
      into transfers_posted, entries_posted, transfers_known, fault, content, known_keys, known_digests using agency, recorded, batch, accounts.codes, accounts.ids, free_chain;
    if fault is null and legs > entries_posted then
      -- Legs of zero are left out; a transfer that had no others was none.
      execute $q$
        select l.transfer_key from pg_temp.posting_legs l group by l.transfer_key having bool_and(l.amount_minor = 0) limit 1$q$ into fault;
    end if;
    if fault is not null then
      raise exception 'ledger.transfer_invalid' using errcode = 'PU400', detail = jsonb_build_object('transfer', fault)::text;
    end if;
    if transfers_known > 0 then
      execute $q$
        select b.transfer_key from unnest($2, $3) as b (transfer_key, body_digest)
        left join lateral (select f.body_digest from ledger_transfers f where f.agency_id = $1 and f.transfer_key = b.transfer_key limit 1) t on true
        where t.body_digest is distinct from b.body_digest order by 1 limit 1$q$ into fault using agency, known_keys, known_digests;
      if fault is not null then
        raise exception 'ledger.key_reused' using errcode = 'PU409', detail = jsonb_build_object('transfer', fault)::text;
      end if;
    end if;
    if transfers_posted > 0 then
      perform ledger_link_batch(agency, free_chain, batch, batch_key, coalesce(puente_actor(), recorded_by), recorded, transfers_posted::integer, entries_posted::integer, 0, content);
    end if;
    if legs > 500 then
      truncate pg_temp.posting_legs;
    else
      execute 'delete from pg_temp.posting_legs';
    end if;
  end $$;
  comment on function ledger_commit_batch is 'application: posts the open batch';
`;
