import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Accounts by bucket: what a proposed collection is for (current support, arrears, interest, medical support). Which kinds of accounts
 * have buckets, and which ones, stands in the chart. An account without a bucket keeps its code; one with a bucket carries it before the
 * currency: `proposed_collection:2000004103714:interest:USD`. New kinds: the exchange difference that was realised, and the position
 * through which one currency is given for another, so that each currency sums to zero by itself.
 */
export class LedgerBuckets implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CHART);
    await runner.query(FUNCTIONS);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: accounts with buckets would lose their names');
  }
}

const CHART = `
  alter table ledger_chart add column buckets text[] collate "C" not null default '{}';
  comment on column ledger_chart.buckets is 'The buckets of which such an account may have one; without any, none may.';
  alter table ledger_chart disable trigger refuse_change;
  update ledger_chart set buckets = '{current_support,arrears_unassigned,arrears_assigned,interest,medical}' where account_kind = 'proposed_collection';
  alter table ledger_chart enable always trigger refuse_change;
  insert into ledger_chart (account_kind, normal_side, held_by) values ('fx_difference', 'debit', 'partner'), ('fx_position', 'debit', 'partner');
  alter table ledger_accounts add column bucket text collate "C";
`;

/** Written anew as a whole by the migration of the chain; here only the bucket is let in, so that no posting stands still between the two. */
const FUNCTIONS = `
  do $$
  declare
    change record;
    body text;
  begin
    for change in select * from (values
      ('ledger_batch_is_open()', array[
        $f$'text', 'int8', 'text']),$f$, $f$'text', 'int8', 'text', 'text']),$f$,
        $f$'text', 'text', 'int8', 'text'])),$f$, $f$'text', 'text', 'int8', 'text', 'text'])),$f$]),
      ('ledger_open_batch()', array[
        'reverses_key text collate "C"
      ) on commit', 'reverses_key text collate "C", bucket text collate "C"
      ) on commit', 'known_county text collate "C"', 'known_county text collate "C", bucket text collate "C"']),
      ('ledger_prepare_bodies()', array[
        $f$l.case_id end, l.currency)$f$, $f$l.case_id end, l.bucket, l.currency)$f$,
        $f$or strpos(coalesce(l.partner_id$f$, $f$or (l.bucket is not null and not l.bucket = any (c.buckets)) or strpos(coalesce(l.partner_id$f$]),
      ('ledger_prepare_accounts(text)', array[
        $f$l.case_id end, l.currency)$f$, $f$l.case_id end, l.bucket, l.currency)$f$,
        'l.currency
        from', 'l.currency, l.bucket
        from', '3, 4, 6) w', '3, 4, 6, 7) w', 'select w.*, a.account_id, a.county from',
        'select w.code, w.account_kind, w.partner_id, w.case_id, w.county, w.currency, a.account_id, a.county, w.bucket from',
        $f$l.partner_id end,
          case$f$, $f$l.partner_id end as partner_id,
          case$f$, $f$l.case_id end,
          max$f$, $f$l.case_id end as case_id,
          max$f$, $f$l.county end), l.currency$f$, $f$l.county end) as county, l.currency$f$,
        'county, currency)
          select', 'county, currency, bucket)
          select', 'county, currency from pg_temp', 'county, currency, bucket from pg_temp'])
    ) as c (name, texts) loop
      body := pg_get_functiondef(change.name::regprocedure);
      for i in 1..cardinality(change.texts) by 2 loop
        if strpos(body, change.texts[i]) = 0 then
          raise exception 'the function % is not the one that was made', change.name;
        end if;
        body := replace(body, change.texts[i], change.texts[i + 1]);
      end loop;
      execute body;
    end loop;
  end $$;
`;
