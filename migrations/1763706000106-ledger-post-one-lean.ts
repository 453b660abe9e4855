import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Posting one transfer, in fewer and smaller statements. Where its accounts are there, one look-up finds them all; the wall on entries looks at a
 * few of them in one statement, beside their transfer and accounts; and what a digest, the wall or `checkLedger` proves anyway is not proven again
 * by a CHECK, whose text the server reads anew for each statement. What a caller could get wrong is still checked.
 */
export class LedgerPostOneLean implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CHECKS);
    await runner.query(ENTRIES);
    await runner.query(ONE);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: the functions before this are slower, and post the same');
  }
}

// Dropped: numbers, lengths of digests and counts of a batch (made by the posting function, proven by the chain), the length of a body's digest (proven
// by `checkLedger`), leg numbers (the wall wants them from 1 on), shards, and that a transfer does not reverse itself (it is no mirror of itself).
const CHECKS = `
  alter table ledger_batches drop constraint ledger_batches_chain_digest_check, drop constraint ledger_batches_chain_id_check, drop constraint ledger_batches_chain_number_check,
    drop constraint ledger_batches_check, drop constraint ledger_batches_content_digest_check, drop constraint ledger_batches_pending_count_check;
  alter table ledger_entries drop constraint ledger_entries_leg_number_check;
  alter table ledger_balances drop constraint ledger_balances_shard_check;
  alter table ledger_transfers drop constraint ledger_transfers_body_digest_check, drop constraint ledger_transfers_check, drop constraint ledger_transfers_event_check,
    drop constraint ledger_transfers_leg_count_check, drop constraint ledger_transfers_transfer_key_check,
    add constraint ledger_transfers_transfer_key_check check (length(transfer_key) between 1 and 200 and length(event) between 1 and 80 and leg_count >= 2);
`;

// All names are qualified and no path is set, which would cost on every call: only the posting functions, with their path pinned, and the owner insert.
// Up to 64 entries of one transfer that reverses nothing and is sound need no more than the first statement; all others are looked at as before.
const ENTRIES = `
  create or replace function ledger_check_entries() returns trigger language plpgsql as $$
  declare
    unbalanced text;
    incomplete text;
    homeless text;
    has_reversal boolean;
    nested text;
    n record;
    t record;
  begin
    if (select count(*) < 65 and min(e.transfer_id) = max(e.transfer_id) and min(e.currency) = max(e.currency) and min(e.agency_id) = max(e.agency_id)
          and sum(e.amount_minor) = 0 and min(e.leg_number) = 1 and max(e.leg_number) = count(*) and min(f.leg_count) = count(*) and max(f.leg_count) = count(*)
          and bool_and((f.reverses_key is null and f.occurred_on = e.occurred_on and f.recorded_at = e.recorded_at and a.currency = e.currency) is true)
        from (select * from new_entries limit 65) e
        left join lateral (select x.leg_count, x.occurred_on, x.recorded_at, x.reverses_key from public.ledger_transfers x
          where x.agency_id = e.agency_id and x.transfer_id = e.transfer_id limit 1) f on true
        left join lateral (select x.currency from public.ledger_accounts x where x.agency_id = e.agency_id and x.account_id = e.account_id limit 1) a on true) then
      return null;
    end if;
    select count(*) as legs, min(e.agency_id) as agency_id, max(e.agency_id) as last_agency, min(e.transfer_id) as first_id, max(e.transfer_id) as last_id,
        min(e.currency) as currency, max(e.currency) as last_currency, sum(e.amount_minor) as total, min(e.leg_number) as first_leg, max(e.leg_number) as last_leg,
        min(e.occurred_on) as from_on, max(e.occurred_on) as to_on, min(e.recorded_at) as from_at, max(e.recorded_at) as to_at
      into n from new_entries e;
    if n.legs = 0 then
      return null;
    end if;
    if n.first_id = n.last_id and n.currency = n.last_currency and n.agency_id = n.last_agency then
      select f.transfer_key, f.leg_count, f.occurred_on, f.recorded_at, f.reverses_key into t
        from public.ledger_transfers f where f.agency_id = n.agency_id and f.transfer_id = n.first_id;
      unbalanced := case when n.total <> 0 then coalesce(t.transfer_key, n.first_id::text) end;
      incomplete := case when (n.legs = t.leg_count and n.first_leg = 1 and n.last_leg = t.leg_count and n.from_on = t.occurred_on and n.to_on = t.occurred_on
        and n.from_at = t.recorded_at and n.to_at = t.recorded_at) is not true then coalesce(t.transfer_key, n.first_id::text) end;
      has_reversal := t.reverses_key is not null;
      select e.account_id::text into homeless from new_entries e
        left join lateral (select f.currency from public.ledger_accounts f where f.agency_id = e.agency_id and f.account_id = e.account_id limit 1) a on true
       where a.currency is distinct from e.currency limit 1;
    else
      nested := current_setting('enable_nestloop');
      perform set_config('enable_nestloop', 'off', true);
      execute $q$
        select min(who) filter (where is_unbalanced), min(who) filter (where is_incomplete), coalesce(bool_or(is_reversal), false) from (
          select coalesce(t.transfer_key, n.transfer_id::text) as who, n.is_unbalanced, t.reverses_key is not null as is_reversal,
            t.transfer_key is null or n.legs <> t.leg_count or n.first_leg <> 1 or n.last_leg <> t.leg_count
              or n.from_on <> t.occurred_on or n.to_on <> t.occurred_on or n.from_at <> t.recorded_at or n.to_at <> t.recorded_at as is_incomplete
          from (
            select agency_id, transfer_id, bool_or(total <> 0) as is_unbalanced, sum(legs) as legs, min(first_leg) as first_leg, max(last_leg) as last_leg,
              min(from_on) as from_on, max(to_on) as to_on, min(from_at) as from_at, max(to_at) as to_at
            from (
              select agency_id, transfer_id, sum(amount_minor) as total, count(*) as legs, min(leg_number) as first_leg, max(leg_number) as last_leg,
                min(occurred_on) as from_on, max(occurred_on) as to_on, min(recorded_at) as from_at, max(recorded_at) as to_at
              from new_entries group by agency_id, transfer_id, currency) p
            group by agency_id, transfer_id) n
          left join public.ledger_transfers t on t.agency_id = n.agency_id and t.transfer_id = n.transfer_id and t.transfer_id between $1 and $2) c$q$
        into unbalanced, incomplete, has_reversal using n.first_id, n.last_id;
      execute $q$
        select n.account_id::text from (select distinct agency_id, account_id, currency from new_entries) n
        where not exists (select 1 from (select f.currency from public.ledger_accounts f
          where f.agency_id = n.agency_id and f.account_id = n.account_id limit 1) a where a.currency = n.currency)
        limit 1$q$ into homeless;
      perform set_config('enable_nestloop', nested, true);
    end if;
    if unbalanced is not null then
      raise exception 'ledger.unbalanced' using errcode = 'PU400', detail = jsonb_build_object('transfer', unbalanced)::text;
    end if;
    if incomplete is not null then
      raise exception 'ledger.incomplete_transfer' using errcode = 'PU400', detail = jsonb_build_object('transfer', incomplete)::text;
    end if;
    if homeless is not null then
      raise exception 'ledger.account_unknown' using errcode = 'PU400', detail = jsonb_build_object('account', homeless)::text;
    end if;
    if not has_reversal then
      return null;
    end if;
    execute $q$
      select n.transfer_key from (
        select e.agency_id, e.transfer_id, t.transfer_key, t.reverses_key from (select distinct agency_id, transfer_id from new_entries) e
        cross join lateral (select f.transfer_key, f.reverses_key from public.ledger_transfers f
          where f.agency_id = e.agency_id and f.transfer_id = e.transfer_id limit 1) t
        where t.reverses_key is not null) n
      cross join lateral (select f.transfer_id, f.reverses_key from public.ledger_transfers f
        where f.agency_id = n.agency_id and f.transfer_key = n.reverses_key limit 1) o
      where o.reverses_key is not null or exists (
        select 1 from public.ledger_entries e where e.agency_id = n.agency_id and e.transfer_id in (n.transfer_id, o.transfer_id)
        group by e.account_id having sum(e.amount_minor) <> 0)
      limit 1$q$ into unbalanced;
    if unbalanced is not null then
      raise exception 'ledger.reversal_not_mirror' using errcode = 'PU400', detail = jsonb_build_object('transfer', unbalanced)::text;
    end if;
    return null;
  end $$;
  alter function ledger_check_entries() set search_path = pg_catalog, public, pg_temp;
`;

// The legs are those of `ledger_ready_legs`, found in one look-up where every account is there, once, and as given. Who finds the first chain taken tries on
// from a place of its own session's, so that many at once seldom try more than twice; who posts alone still continues chain 0.
const ONE = `
  create or replace function ledger_post_one(batch_key text, recorded_by text, new_key text, new_event text, new_date date, new_reverses text,
    kinds text[], holders text[], buckets text[], currencies text[], amounts bigint[], counties text[]) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
  declare
    agency text := puente_agency();
    sees_all boolean := puente_sees_all_counties();
    recorded timestamptz := clock_timestamp();
    who text := coalesce(puente_actor(), recorded_by);
    family integer := hashtext('ledger.chain:' || agency);
    free_chain integer := 0;
    tries integer := 0;
    digest bytea;
    content bytea;
    transfer bigint;
    batch bigint;
    written bigint;
    legs integer := cardinality(kinds);
    named text[];
    codes text[];
    ids bigint[];
    sorted bigint[];
    is_plain boolean;
  begin
    if agency is null or not puente_is_agency() then
      raise exception 'ledger.out_of_scope' using errcode = 'PU403';
    end if;
    if new_event is null or new_date is null then
      raise exception 'ledger.leg_invalid' using errcode = 'PU400', detail = jsonb_build_object('transfer', left(new_key, 200), 'account', kinds[1])::text;
    end if;
    for i in 1..coalesce(legs, 0) loop
      named[i] := concat_ws(':', kinds[i], holders[i], buckets[i], currencies[i]);
    end loop;
    -- Accounts that are there, one leg each: their codes say all that must hold. Anything else goes the long way, which also says what is wrong.
    select array_agg(a.code), array_agg(a.account_id), array_agg(a.amount), count(*) = legs and legs >= 2 and bool_and(a.is_plain)
      into codes, ids, sorted, is_plain
      from (select x.code, x.account_id, amounts[p.n] as amount,
           amounts[p.n] <> 0 and x.account_kind = kinds[p.n] and coalesce(x.partner_id, x.case_id) is not distinct from holders[p.n] and x.currency = currencies[p.n]
             and x.bucket is not distinct from buckets[p.n] and (x.case_id is null or (sees_all and x.county is not distinct from counties[p.n])) as is_plain
         from ledger_accounts x cross join lateral (select array_position(named, x.code::text) as n offset 0) p
        where x.agency_id = agency and x.code = any (named) order by x.code) a;
    if is_plain is not true or new_key is null or cardinality(amounts) is distinct from legs then
      select r.codes, r.sorted, r.ids into codes, sorted, ids from ledger_ready_legs(agency, new_key, kinds, holders, buckets, currencies, amounts, counties) r;
    end if;
    digest := ledger_body_digest(new_event, new_date, new_reverses, codes, sorted);
    while not pg_try_advisory_xact_lock(family, free_chain) loop
      tries := tries + 1;
      if tries = 40 then
        free_chain := ledger_take_chain(agency);
        exit;
      end if;
      free_chain := 1 + (pg_backend_pid() + tries) % 32;
    end loop;
    transfer := nextval('public.ledger_transfers_transfer_id_seq');
    batch := nextval('public.ledger_batches_batch_id_seq');
    insert into ledger_transfers (agency_id, transfer_id, transfer_key, event, occurred_on, recorded_at, batch_id, leg_count, body_digest, reverses_key)
      overriding system value values (agency, transfer, new_key, new_event, new_date, recorded, batch, cardinality(codes), digest, new_reverses)
      on conflict do nothing;
    get diagnostics written = row_count;
    if written = 0 then
      if new_reverses is not null and exists (select from ledger_transfers f where f.agency_id = agency and f.reverses_key = new_reverses and f.transfer_key <> new_key) then
        raise exception 'ledger.already_reversed' using errcode = 'PU409', detail = jsonb_build_object('transfer', new_reverses)::text;
      end if;
      if digest is distinct from (select f.body_digest from ledger_transfers f where f.agency_id = agency and f.transfer_key = new_key) then
        raise exception 'ledger.key_reused' using errcode = 'PU409', detail = jsonb_build_object('transfer', new_key)::text;
      end if;
      return false;
    end if;
    content := sha256(ledger_item('t', new_key, digest));
    with entered as (
      insert into ledger_entries (agency_id, transfer_id, leg_number, account_id, amount_minor, currency, occurred_on, recorded_at)
      select agency, transfer, l.n, ids[l.n], sorted[l.n], right(codes[l.n], 3), new_date, recorded from (select generate_subscripts(ids, 1) as n) l),
    linked as (
      insert into ledger_batches (agency_id, batch_id, batch_key, transfer_count, entry_count, pending_count, recorded_by, recorded_at, chain_id, chain_number, content_digest, chain_digest)
      overriding system value
      select agency, batch, batch_key, 1, cardinality(codes), 0, who, recorded, free_chain, coalesce(h.chain_number, 0) + 1, content,
          ledger_chain_digest(h.chain_digest, free_chain, coalesce(h.chain_number, 0) + 1, batch, batch_key, who, recorded, 1, cardinality(codes), 0, content)
        from (select) o left join lateral (select b.chain_number, b.chain_digest from ledger_batches b where b.agency_id = agency and b.chain_id = free_chain order by b.chain_number desc limit 1) h on true)
    insert into ledger_balances as b (agency_id, account_id, shard, balance_minor, entry_count)
      select agency, ids[l.n], free_chain, sorted[l.n], 1 from (select generate_subscripts(ids, 1) as n) l
      on conflict (agency_id, account_id, shard) do update
        set balance_minor = b.balance_minor + excluded.balance_minor, entry_count = b.entry_count + excluded.entry_count;
    return true;
  end $$;
`;
