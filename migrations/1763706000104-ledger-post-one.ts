import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A way into the ledger for one transfer, without temporary tables. It runs as the owner, too, and ends in the same walls and the same chain. */
export class LedgerPostOne implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SCOPE);
    await runner.query(LEGS);
    await runner.query(ONE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function ledger_post_one(text, text, text, text, date, text, text[], text[], text[], text[], bigint[], text[]),
      ledger_ready_legs(text, text, text[], text[], text[], text[], bigint[], text[])`);
  }
}

// The same rows for the same people as before, but asked by functions: a sub-query in a policy is made ready anew for each statement on the
// table, also for the owner, to whom another policy gives all of the agency. For one transfer that was a fifth of the time.
const SCOPE = `
  create function ledger_sees_transfer(agency text, transfer bigint) returns boolean
  stable language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  begin
    return exists (select from ledger_entries e where e.agency_id = agency and e.transfer_id = transfer);
  end $$;
  comment on function ledger_sees_transfer is 'application: row-level security asks it';

  create function ledger_sees_account(agency text, account bigint) returns boolean
  stable language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  begin
    return exists (select from ledger_accounts a where a.agency_id = agency and a.account_id = account);
  end $$;
  comment on function ledger_sees_account is 'application: row-level security asks it';

  drop policy scope_read on ledger_transfers;
  create policy scope_read on ledger_transfers for select using (agency_id = (select puente_agency())
    and ((select puente_sees_all_counties() and puente_is_agency()) or ledger_sees_transfer(agency_id, transfer_id)));
  drop policy scope_read on ledger_balances;
  create policy scope_read on ledger_balances for select using (agency_id = (select puente_agency())
    and ((select puente_sees_all_counties() and puente_is_agency()) or ledger_sees_account(agency_id, account_id)));
`;

// The legs of one transfer, made ready: sorted as the digest wants them, their accounts opened where they must be. Holders are partners or
// cases, as the kinds say. Plans go through the indexes whatever the statistics say when they are made, and are kept for the session.
const LEGS = `
  create function ledger_ready_legs(agency text, new_key text, kinds text[], holders text[], buckets text[], currencies text[], amounts bigint[], counties text[],
    out codes text[], out sorted bigint[], out ids bigint[])
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
  declare
    sees_all boolean := puente_sees_all_counties();
    is_invalid boolean;
    is_foreign boolean;
    is_open boolean;
  begin
    for attempt in 1..2 loop
      select array_agg(l.code order by l.code, l.amount), array_agg(l.amount order by l.code, l.amount), array_agg(a.account_id order by l.code, l.amount),
          bool_or(l.is_invalid), bool_or(l.held_by = 'case' and not (sees_all or (puente_sees_county(l.county) and (a.account_id is null or puente_sees_county(a.county))))),
          bool_or(a.account_id is null or (l.held_by = 'case' and l.county <> coalesce(a.county, '')))
        into codes, sorted, ids, is_invalid, is_foreign, is_open
      from (
        select concat_ws(':', g.kind, case when c.held_by <> 'agency' then g.holder end, g.bucket, g.currency) collate "C" as code, g.amount, g.county, c.held_by,
          c.account_kind is null or g.amount is null or g.currency is null or g.currency !~ '^[A-Z]{3}$' or (c.held_by <> 'agency' and g.holder is null)
            or (g.bucket is not null and not g.bucket = any (c.buckets)) or strpos(coalesce(g.holder, ''), ':') > 0 as is_invalid
        from unnest(kinds, holders, buckets, currencies, amounts, counties) as g (kind, holder, bucket, currency, amount, county)
        left join ledger_chart c on c.account_kind = g.kind
        where g.amount is distinct from 0) l
      left join lateral (select x.account_id, x.county from ledger_accounts x where x.agency_id = agency and x.code = l.code limit 1) a on true;
      if is_invalid or new_key is null then
        raise exception 'ledger.leg_invalid' using errcode = 'PU400', detail = jsonb_build_object('transfer', left(new_key, 200), 'account', kinds[1])::text;
      end if;
      if is_foreign then
        raise exception 'ledger.out_of_scope' using errcode = 'PU403', detail = jsonb_build_object('transfer', left(new_key, 200))::text;
      end if;
      exit when is_open is not true or attempt = 2;
      perform ledger_open_accounts(agency, array_agg(w.code), array_agg(w.kind), array_agg(w.partner), array_agg(w.case_id), array_agg(w.county), array_agg(w.currency), array_agg(w.bucket))
      from (
        select concat_ws(':', g.kind, case when c.held_by <> 'agency' then g.holder end, g.bucket, g.currency) collate "C" as code, g.kind,
          case when c.held_by = 'partner' then g.holder end as partner, case when c.held_by = 'case' then g.holder end as case_id,
          max(g.county) filter (where c.held_by = 'case') as county, g.currency, g.bucket
        from unnest(kinds, holders, buckets, currencies, amounts, counties) as g (kind, holder, bucket, currency, amount, county)
        join ledger_chart c on c.account_kind = g.kind
        where g.amount <> 0
        group by 1, 2, 3, 4, 6, 7) w;
    end loop;
    if coalesce(cardinality(codes), 0) < 2 then
      raise exception 'ledger.transfer_invalid' using errcode = 'PU400', detail = jsonb_build_object('transfer', left(new_key, 200))::text;
    end if;
  end $$;
`;

// One transfer: nothing temporary is made, and beside its legs one statement posts it.
const ONE = `
  create function ledger_post_one(batch_key text, recorded_by text, new_key text, new_event text, new_date date, new_reverses text,
    kinds text[], holders text[], buckets text[], currencies text[], amounts bigint[], counties text[]) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
  declare
    agency text := puente_agency();
    recorded timestamptz := clock_timestamp();
    who text := coalesce(puente_actor(), recorded_by);
    family integer;
    free_chain integer;
    digest bytea;
    content bytea;
    transfer bigint;
    batch bigint;
    written bigint;
    codes text[];
    ids bigint[];
    sorted bigint[];
  begin
    if agency is null or not puente_is_agency() then
      raise exception 'ledger.out_of_scope' using errcode = 'PU403';
    end if;
    if new_event is null or new_date is null then
      raise exception 'ledger.leg_invalid' using errcode = 'PU400', detail = jsonb_build_object('transfer', left(new_key, 200), 'account', kinds[1])::text;
    end if;
    select r.codes, r.sorted, r.ids into codes, sorted, ids from ledger_ready_legs(agency, new_key, kinds, holders, buckets, currencies, amounts, counties) r;
    digest := ledger_body_digest(new_event, new_date, new_reverses, codes, sorted);
    family := hashtext('ledger.chain:' || agency);
    free_chain := 0;
    while not pg_try_advisory_xact_lock(family, free_chain) loop
      if free_chain = 62 then
        free_chain := ledger_take_chain(agency);
        exit;
      end if;
      free_chain := free_chain + 1;
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
    with head as (
      select b.chain_number, b.chain_digest from ledger_batches b where b.agency_id = agency and b.chain_id = free_chain order by b.chain_number desc limit 1),
    entered as (
      insert into ledger_entries (agency_id, transfer_id, leg_number, account_id, amount_minor, currency, occurred_on, recorded_at)
      select agency, transfer, l.leg_number, l.account_id, l.amount, right(l.code, 3), new_date, recorded
        from unnest(ids, sorted, codes) with ordinality as l (account_id, amount, code, leg_number)),
    linked as (
      insert into ledger_batches (agency_id, batch_id, batch_key, transfer_count, entry_count, pending_count, recorded_by, recorded_at, chain_id, chain_number, content_digest, chain_digest)
      overriding system value
      select agency, batch, batch_key, 1, cardinality(codes), 0, who, recorded, free_chain, n.chain_number, content,
          ledger_chain_digest(n.chain_digest, free_chain, n.chain_number, batch, batch_key, who, recorded, 1, cardinality(codes), 0, content)
        from (select coalesce((select h.chain_number from head h), 0) + 1 as chain_number, (select h.chain_digest from head h) as chain_digest offset 0) n)
    insert into ledger_balances as b (agency_id, account_id, shard, balance_minor, entry_count)
      select agency, l.account_id, free_chain, sum(l.amount), count(*) from unnest(ids, sorted) as l (account_id, amount) group by l.account_id order by l.account_id
      on conflict (agency_id, account_id, shard) do update
        set balance_minor = b.balance_minor + excluded.balance_minor, entry_count = b.entry_count + excluded.entry_count;
    return true;
  end $$;
  comment on function ledger_post_one is 'application: posts one transfer';
`;
