import type { TxCtx } from '../../platform/context.ts';

/** Faults listed for each kind of trouble; the rest is counted. */
export const FAULTS_LISTED_MAX = 100;

export interface LedgerCounts {
  batches: string;
  accounts: string;
  transfers: string;
  entries: string;
}

/** What each transfer and each reservation says, made anew from its entries. */
const BODIES = `
  select t.transfer_id, t.batch_id, t.transfer_key, ledger_body_digest(t.event, t.occurred_on, t.reverses_key, e.codes, e.amounts) as body_digest
    from ledger_transfers t
    left join (
      select e.transfer_id, array_agg(a.code order by a.code, e.amount_minor) as codes, array_agg(e.amount_minor order by a.code, e.amount_minor) as amounts
        from ledger_entries e join ledger_accounts a on a.agency_id = $1 and a.account_id = e.account_id
       where e.agency_id = $1 group by 1) e on e.transfer_id = t.transfer_id
   where t.agency_id = $1`;
const PENDING_BODIES = `
  select p.pending_id, p.batch_id, p.pending_key, e.legs,
         ledger_body_digest(p.event, p.occurred_on, to_char(p.expires_on, '"until "YYYY-MM-DD'), e.codes, e.amounts) as body_digest
    from ledger_pendings p
    left join (
      select e.pending_id, count(*) as legs, array_agg(a.code order by a.code, e.amount_minor) as codes, array_agg(e.amount_minor order by a.code, e.amount_minor) as amounts
        from ledger_pending_entries e join ledger_accounts a on a.agency_id = $1 and a.account_id = e.account_id
       where e.agency_id = $1 group by 1) e on e.pending_id = p.pending_id
   where p.agency_id = $1`;

/**
 * The first batch of each chain that is not what was chained: its number does not follow, its content is another, or its link is not made
 * of the batch before it. Everything after it proves nothing.
 */
const CHAIN = `
  select distinct on (l.chain_id) l.batch_key || ' (' || l.chain_id || '.' || l.chain_number || ')' as id
    from (
      select b.*, lag(b.chain_number, 1, 0::bigint) over w as number_before, lag(b.chain_digest) over w as digest_before
        from ledger_batches b where b.agency_id = $1 window w as (partition by b.chain_id order by b.chain_number)) l
    left join (
      select i.batch_id, sha256(string_agg(i.item, ''::bytea order by i.item_key)) as content_digest from (
        select t.batch_id, t.transfer_key as item_key, ledger_item('t', t.transfer_key, t.body_digest) as item from (${BODIES}) t
        union all
        select p.batch_id, p.pending_key, ledger_item('p', p.pending_key, p.body_digest) from (${PENDING_BODIES}) p
        union all
        select r.batch_id, r.pending_key, ledger_item('r', r.pending_key, ledger_body_digest(r.outcome, r.occurred_on, r.resolution_key, array[]::text[], array[]::bigint[]))
          from ledger_resolutions r where r.agency_id = $1) i
      group by 1) c on c.batch_id = l.batch_id
   where l.chain_number <> l.number_before + 1 or c.content_digest is distinct from l.content_digest
      or l.chain_digest <> ledger_chain_digest(l.digest_before, l.chain_id, l.chain_number, l.batch_id, l.batch_key, l.recorded_by, l.recorded_at,
        l.transfer_count, l.entry_count, l.pending_count, l.content_digest)
   order by l.chain_id, l.chain_number`;

/**
 * Each query names what is wrong in a column `id`, and sees the whole agency. They trust nothing that the posting function or the
 * triggers should have made sure of: a restored backup or a superuser's hand may have gone around them.
 */
const CHECKS: Readonly<Record<string, string>> = {
  'ledger.unbalanced': `
    select coalesce(t.transfer_key, e.transfer_id::text) || ' ' || e.currency as id
      from (select transfer_id, currency from ledger_entries where agency_id = $1 group by 1, 2 having sum(amount_minor) <> 0) e
      left join ledger_transfers t on t.agency_id = $1 and t.transfer_id = e.transfer_id`,
  'ledger.currency_not_zero': `
    select currency as id from ledger_entries where agency_id = $1 group by 1 having sum(amount_minor) <> 0`,
  'ledger.balance_differs': `
    select coalesce(a.code, m.account_id::text) as id from (
      select account_id, b.balance_minor, b.entry_count, b.debit, b.credit, e.balance_minor as entered_minor, e.entry_count as entered_count, p.debit as reserved_debit, p.credit as reserved_credit
      from (select account_id, sum(balance_minor) as balance_minor, sum(entry_count) as entry_count, sum(pending_debit_minor) as debit, sum(pending_credit_minor) as credit
              from ledger_balances where agency_id = $1 group by 1) b
      full join (select account_id, sum(amount_minor) as balance_minor, count(*) as entry_count from ledger_entries where agency_id = $1 group by 1) e using (account_id)
      full join (
        select n.account_id, sum(n.amount_minor) filter (where n.amount_minor > 0) as debit, -sum(n.amount_minor) filter (where n.amount_minor < 0) as credit
          from ledger_pendings p join ledger_pending_entries n on n.agency_id = $1 and n.pending_id = p.pending_id
          left join ledger_resolutions r on r.agency_id = $1 and r.pending_key = p.pending_key
         where p.agency_id = $1 and r.pending_key is null group by 1) p using (account_id)) m
      left join ledger_accounts a on a.agency_id = $1 and a.account_id = m.account_id
     where coalesce(m.balance_minor, 0) <> coalesce(m.entered_minor, 0) or coalesce(m.entry_count, 0) <> coalesce(m.entered_count, 0)
        or coalesce(m.debit, 0) <> coalesce(m.reserved_debit, 0) or coalesce(m.credit, 0) <> coalesce(m.reserved_credit, 0)`,
  'ledger.entry_orphaned': `
    select e.transfer_id || '/' || e.leg_number as id from ledger_entries e
      left join ledger_transfers t on t.agency_id = $1 and t.transfer_id = e.transfer_id
      left join ledger_accounts a on a.agency_id = $1 and a.account_id = e.account_id
     where e.agency_id = $1 and (t.transfer_id is null or a.account_id is null or a.currency <> e.currency
       or t.occurred_on <> e.occurred_on or t.recorded_at <> e.recorded_at)`,
  'ledger.transfer_changed': `
    select t.transfer_key as id from ledger_transfers t
      left join (
        select e.transfer_id, count(*) as legs, array_agg(a.code order by a.code, e.amount_minor) as codes,
               array_agg(e.amount_minor order by a.code, e.amount_minor) as amounts
          from ledger_entries e join ledger_accounts a on a.agency_id = $1 and a.account_id = e.account_id
         where e.agency_id = $1 group by 1) b on b.transfer_id = t.transfer_id
     where t.agency_id = $1 and (b.legs is distinct from t.leg_count::bigint
       or t.body_digest <> ledger_body_digest(t.event, t.occurred_on, t.reverses_key, b.codes, b.amounts))`,
  'ledger.batch_differs': `
    select coalesce(b.batch_key, batch_id::text) as id
      from (select * from ledger_batches where agency_id = $1) b
      full join (
        select batch_id, count(*) filter (where is_posted) as transfers, sum(legs) as entries, count(*) filter (where not is_posted) as pendings, min(recorded_at) as from_at, max(recorded_at) as to_at
          from (
            select batch_id, true as is_posted, leg_count as legs, recorded_at from ledger_transfers where agency_id = $1
            union all select batch_id, false, 0, recorded_at from ledger_pendings where agency_id = $1
            union all select batch_id, false, 0, recorded_at from ledger_resolutions where agency_id = $1) i group by 1) t using (batch_id)
     where b.transfer_count::bigint is distinct from t.transfers or b.entry_count::bigint is distinct from t.entries or b.pending_count::bigint is distinct from t.pendings
        or b.recorded_at is distinct from t.from_at or b.recorded_at is distinct from t.to_at`,
  'ledger.pending_differs': `
    select p.pending_key as id from ledger_pendings p
      left join (${PENDING_BODIES}) b on b.pending_id = p.pending_id
     where p.agency_id = $1 and (b.legs is distinct from p.leg_count::bigint or b.body_digest is distinct from p.body_digest)
    union
    select r.pending_key from ledger_resolutions r left join ledger_pendings p on p.agency_id = $1 and p.pending_key = r.pending_key
     where r.agency_id = $1 and (p.pending_id is null or (r.outcome = 'posted' and not ledger_is_within($1, r.pending_key, r.resolution_key)))`,
  'ledger.chain_broken': CHAIN,
  'ledger.reversal_not_mirror': `
    select r.transfer_key as id from ledger_transfers r
      left join ledger_transfers o on o.agency_id = $1 and o.transfer_key = r.reverses_key
     where r.agency_id = $1 and r.reverses_key is not null and (o.transfer_id is null or o.reverses_key is not null or exists (
       select 1 from ledger_entries e where e.agency_id = $1 and e.transfer_id in (r.transfer_id, o.transfer_id)
        group by e.account_id having sum(e.amount_minor) <> 0))`,
  'ledger.reversed_twice': `
    select reverses_key as id from ledger_transfers where agency_id = $1 and reverses_key is not null group by 1 having count(*) > 1`,
};

export interface Fault {
  code: string;
  id: string;
}

/** Every fault found, up to `FAULTS_LISTED_MAX` of each kind. */
export async function findFaults(ctx: TxCtx): Promise<Fault[]> {
  // Every check reads whole tables. Right after a large import these have no statistics yet, and the planner would pair their rows one by one.
  await ctx.tx.query("select set_config('enable_nestloop', 'off', true), set_config('work_mem', '64MB', true)");
  const faults: Fault[] = [];
  for (const [code, query] of Object.entries(CHECKS)) {
    const rows = await ctx.tx.query<{ id: string }[]>(`select id from (${query}) f order by id limit ${FAULTS_LISTED_MAX}`, [ctx.actor.agency]);
    faults.push(...rows.map((row) => ({ code, id: row.id })));
  }
  await ctx.tx.query("select set_config('enable_nestloop', 'on', true)");
  return faults;
}

export async function countLedger(ctx: TxCtx): Promise<LedgerCounts> {
  const rows = await ctx.tx.query<LedgerCounts[]>(
    `select (select count(*) from ledger_batches where agency_id = $1) as batches,
            (select count(*) from ledger_accounts where agency_id = $1) as accounts,
            (select count(*) from ledger_transfers where agency_id = $1) as transfers,
            (select count(*) from ledger_entries where agency_id = $1) as entries`, [ctx.actor.agency]);
  return rows[0] as LedgerCounts;
}

export interface ChainHead {
  chain_id: number;
  chain_number: string;
  chain_digest: Buffer;
}

/** The last batch of each chain, or that of the given number; a number that a chain does not have is missing. */
export async function chainHeads(ctx: TxCtx, numbers: readonly bigint[] | null): Promise<ChainHead[]> {
  return ctx.tx.query<ChainHead[]>(
    numbers === null
      ? 'select distinct on (chain_id) chain_id, chain_number, chain_digest from ledger_batches where agency_id = $1 order by chain_id, chain_number desc'
      : `select b.chain_id, b.chain_number, b.chain_digest from unnest($2::bigint[]) with ordinality as n (chain_number, place)
           join ledger_batches b on b.agency_id = $1 and b.chain_id = n.place - 1 and b.chain_number = n.chain_number order by 1`,
    numbers === null ? [ctx.actor.agency] : [ctx.actor.agency, numbers.map(String)],
  );
}
