import type { TxCtx } from '../../platform/context.ts';

/** Faults listed for each kind of trouble; the rest is counted. */
export const FAULTS_LISTED_MAX = 100;

export interface LedgerCounts {
  accounts: string;
  transfers: string;
  entries: string;
}

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
    select coalesce(a.code, coalesce(b.account_id, e.account_id)::text) as id
      from (select account_id, balance_minor, entry_count from ledger_balances where agency_id = $1) b
      full join (select account_id, sum(amount_minor) as balance_minor, count(*) as entry_count from ledger_entries where agency_id = $1 group by 1) e using (account_id)
      left join ledger_accounts a on a.agency_id = $1 and a.account_id = coalesce(b.account_id, e.account_id)
     where b.balance_minor is distinct from e.balance_minor or b.entry_count is distinct from e.entry_count`,
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
    select coalesce(b.batch_key, t.batch_id::text) as id
      from (select * from ledger_batches where agency_id = $1) b
      full join (
        select batch_id, count(*) as transfer_count, sum(leg_count) as entry_count, min(recorded_at) as from_at, max(recorded_at) as to_at
          from ledger_transfers where agency_id = $1 group by 1) t using (batch_id)
     where b.transfer_count::bigint is distinct from t.transfer_count or b.entry_count::bigint is distinct from t.entry_count
        or b.recorded_at is distinct from t.from_at or b.recorded_at is distinct from t.to_at`,
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
    `select (select count(*) from ledger_accounts where agency_id = $1) as accounts,
            (select count(*) from ledger_transfers where agency_id = $1) as transfers,
            (select count(*) from ledger_entries where agency_id = $1) as entries`, [ctx.actor.agency]);
  return rows[0] as LedgerCounts;
}
