import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The hash chain over batches. Every batch carries a digest of what it holds (the keys and bodies of its transfers, which are digests of
 * their entries) and one over that and the digest of the batch before it. Both are made where the batch is made, before it commits.
 *
 * Who posts alone always finds chain 0 free, so that an ordinary agency has one chain. A link is made under a lock that lasts until the
 * commit, and with one chain all postings would wait for one another's disk; a batch that finds a chain taken continues the next free one.
 */
export class LedgerChain implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await runner.query(DIGESTS);
    await runner.query(LINK);
    await runner.query(CHAIN_EXISTING);
    await runner.query(CLOSE);
    await runner.query(ENTRIES);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: a chain that was cut proves nothing');
  }
}

const COLUMNS = `
  alter table ledger_batches
    add column pending_count integer not null default 0 check (pending_count >= 0),
    add column chain_id integer check (chain_id >= 0),
    add column chain_number bigint check (chain_number >= 1),
    add column content_digest bytea check (length(content_digest) = 32),
    add column chain_digest bytea check (length(chain_digest) = 32),
    drop constraint ledger_batches_transfer_count_check,
    drop constraint ledger_batches_entry_count_check,
    add check (transfer_count >= 0 and entry_count >= 0 and transfer_count + pending_count > 0);
  comment on table ledger_batches is 'One row for each batch that posted, reserved or released anything, each linked by its digest to the one before it in its chain.';
`;

/** A digest has 32 bytes and a key says its length: no two contents look alike. Numbers and texts go through JSON, instants through microseconds. */
const DIGESTS = `
  create function ledger_item(kind text, item_key text, digest bytea) returns bytea
  stable language sql
    return convert_to(kind || length(item_key) || ':' || item_key, 'UTF8') || digest;
  comment on function ledger_item is 'application: one thing of a batch (t a transfer, p a pending one, r how that ended), as it enters the digest of the batch.';

  create function ledger_chain_digest(previous bytea, chain_id integer, chain_number bigint, batch_id bigint, batch_key text, recorded_by text, recorded_at timestamptz,
    transfer_count integer, entry_count integer, pending_count integer, content_digest bytea) returns bytea
  stable language sql
    return sha256(coalesce(previous, ''::bytea) || content_digest || convert_to(jsonb_build_array(chain_id, chain_number, batch_id, batch_key, recorded_by,
      (extract(epoch from recorded_at) * 1000000)::bigint, transfer_count, entry_count, pending_count)::text, 'UTF8'));
  comment on function ledger_chain_digest is 'application: the digest that links a batch to the one before it';
`;

// A chain is held until the commit. Nobody waits for one but for the last: so many at once do not post. What holds a chain also owns the
// shards of balances of the same number, so that postings at once never wait for each other's balances either.
const LINK = `
  create function ledger_take_chain(agency text) returns integer
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  declare
    family integer := hashtext('ledger.chain:' || agency);
  begin
    for candidate in 0..62 loop
      if pg_try_advisory_xact_lock(family, candidate) then
        return candidate;
      end if;
    end loop;
    perform pg_advisory_xact_lock(family, 63);
    return 63;
  end $$;

  create function ledger_link_batch(agency text, chain integer, batch_id bigint, batch_key text, recorded_by text, recorded_at timestamptz,
    transfer_count integer, entry_count integer, pending_count integer, content_digest bytea) returns void
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  declare
    number bigint;
    previous bytea;
  begin
    select b.chain_number, b.chain_digest into number, previous from ledger_batches b
      where b.agency_id = agency and b.chain_id = chain order by b.chain_number desc limit 1;
    number := coalesce(number, 0) + 1;
    insert into ledger_batches (agency_id, batch_id, batch_key, transfer_count, entry_count, pending_count, recorded_by, recorded_at,
      chain_id, chain_number, content_digest, chain_digest)
    overriding system value values (agency, batch_id, batch_key, transfer_count, entry_count, pending_count, recorded_by, recorded_at, chain, number, content_digest,
      ledger_chain_digest(previous, chain, number, batch_id, batch_key, recorded_by, recorded_at, transfer_count, entry_count, pending_count, content_digest));
  end $$;
`;

/** What was posted before there was a chain is chained in the order of its batches. Row-level security would hide it from the owner. */
export const CHAIN_EXISTING = `
  alter table ledger_batches no force row level security;
  alter table ledger_transfers no force row level security;
  alter table ledger_batches disable trigger refuse_change;
  do $$
  declare
    batch record;
    content bytea;
    number bigint := 0;
    previous bytea;
    agency text := '';
  begin
    for batch in select * from ledger_batches b order by b.agency_id, b.batch_id loop
      if batch.agency_id <> agency then
        agency := batch.agency_id;
        number := 0;
        previous := null;
      end if;
      number := number + 1;
      select sha256(string_agg(ledger_item('t', t.transfer_key, t.body_digest), ''::bytea order by t.transfer_key)) into content
        from ledger_transfers t where t.agency_id = batch.agency_id and t.batch_id = batch.batch_id;
      previous := ledger_chain_digest(previous, 0, number, batch.batch_id, batch.batch_key, batch.recorded_by, batch.recorded_at,
        batch.transfer_count, batch.entry_count, 0, content);
      update ledger_batches b set chain_id = 0, chain_number = number, content_digest = content, chain_digest = previous
        where b.agency_id = batch.agency_id and b.batch_id = batch.batch_id;
    end loop;
  end $$;
  alter table ledger_batches enable always trigger refuse_change;
  alter table ledger_batches force row level security;
  alter table ledger_transfers force row level security;
`;

const CLOSE = `
  alter table ledger_batches alter column chain_id set not null, alter column chain_number set not null,
    alter column content_digest set not null, alter column chain_digest set not null;
  alter table ledger_balances add column shard integer not null default 0 check (shard >= 0), drop constraint ledger_balances_pkey, add primary key (agency_id, account_id, shard);
  comment on table ledger_balances is 'Kept by whoever posts, in the same transaction as the entries. An account''s balance is the sum of its shards: one, unless several posted to it at once.';
  create unique index ledger_batches_chain on ledger_batches (agency_id, chain_id, chain_number);
`;

// The wall on entries, as before, in fewer passes. One transfer goes through statements whose plans are kept; many go through statements that
// are planned for them (dynamic), with transfers read as one range of the index and without nested loops, which no statistics would forbid.
const ENTRIES = `
  create or replace function ledger_check_entries() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  declare
    unbalanced text;
    incomplete text;
    homeless text;
    has_reversal boolean;
    nested text;
    n record;
    t record;
  begin
    select count(*) as legs, min(e.agency_id) as agency_id, max(e.agency_id) as last_agency, min(e.transfer_id) as first_id, max(e.transfer_id) as last_id,
        min(e.currency) as currency, max(e.currency) as last_currency, sum(e.amount_minor) as total, min(e.leg_number) as first_leg, max(e.leg_number) as last_leg,
        min(e.occurred_on) as from_on, max(e.occurred_on) as to_on, min(e.recorded_at) as from_at, max(e.recorded_at) as to_at
      into n from new_entries e;
    if n.legs = 0 then
      return null;
    end if;
    if n.first_id = n.last_id and n.currency = n.last_currency and n.agency_id = n.last_agency then
      select f.transfer_key, f.leg_count, f.occurred_on, f.recorded_at, f.reverses_key into t
        from ledger_transfers f where f.agency_id = n.agency_id and f.transfer_id = n.first_id;
      unbalanced := case when n.total <> 0 then coalesce(t.transfer_key, n.first_id::text) end;
      incomplete := case when (n.legs = t.leg_count and n.first_leg = 1 and n.last_leg = t.leg_count and n.from_on = t.occurred_on and n.to_on = t.occurred_on
        and n.from_at = t.recorded_at and n.to_at = t.recorded_at) is not true then coalesce(t.transfer_key, n.first_id::text) end;
      has_reversal := t.reverses_key is not null;
      select e.account_id::text into homeless from new_entries e
        left join lateral (select f.currency from ledger_accounts f where f.agency_id = e.agency_id and f.account_id = e.account_id limit 1) a on true
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
          left join ledger_transfers t on t.agency_id = n.agency_id and t.transfer_id = n.transfer_id and t.transfer_id between $1 and $2) c$q$
        into unbalanced, incomplete, has_reversal using n.first_id, n.last_id;
      execute $q$
        select n.account_id::text from (select distinct agency_id, account_id, currency from new_entries) n
        where not exists (select 1 from (select f.currency from ledger_accounts f
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
        cross join lateral (select f.transfer_key, f.reverses_key from ledger_transfers f
          where f.agency_id = e.agency_id and f.transfer_id = e.transfer_id limit 1) t
        where t.reverses_key is not null) n
      cross join lateral (select f.transfer_id, f.reverses_key from ledger_transfers f
        where f.agency_id = n.agency_id and f.transfer_key = n.reverses_key limit 1) o
      where o.reverses_key is not null or exists (
        select 1 from ledger_entries e where e.agency_id = n.agency_id and e.transfer_id in (n.transfer_id, o.transfer_id)
        group by e.account_id having sum(e.amount_minor) <> 0)
      limit 1$q$ into unbalanced;
    if unbalanced is not null then
      raise exception 'ledger.reversal_not_mirror' using errcode = 'PU400', detail = jsonb_build_object('transfer', unbalanced)::text;
    end if;
    return null;
  end $$;
`;
