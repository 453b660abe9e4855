import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Figures over all money, kept until money moves. What moves money notes it once in its transaction; what is seen of these notes tells
 * whether figures still hold. A sequence would not do: its number is there before what was written is.
 */
export class KeptFigures implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of MONEY) {
      await runner.query(`create trigger note_money_change after insert or update or delete on ${table} for each statement execute function note_money_change()`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of MONEY) await runner.query(`drop trigger note_money_change on ${table}`);
    await runner.query('drop table kept_figures, money_changes; drop function note_money_change');
  }
}

const MONEY = [
  'bank_credit_outcomes', 'bank_credits', 'bank_debit_outcomes', 'disbursements', 'frozen_rates', 'ledger_batches', 'line_outcomes', 'line_parts', 'payee_confirmations', 'posting_proposals',
  'received_files', 'reconciliation_run_files', 'reconciliation_runs', 'recovered_disbursements', 'registered_files', 'settled_notices', 'suspense_returns', 'taken_back_credits', 'transfer_states',
];

const TABLES = `
create table money_changes (
  agency_id text collate "C" not null,
  change_id bigint generated always as identity,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (agency_id, change_id)
);
call puente_protect('money_changes', null, 'none');

create table kept_figures (
  agency_id text collate "C" not null,
  figure text collate "C" not null check (figure ~ '^[a-z_]+$'),
  scope text collate "C" not null check (length(scope) <= 200),
  stamp text collate "C" not null,
  -- Encrypted: names of files and of transfers stand in it.
  body bytea not null,
  as_of timestamptz not null,
  took_ms int not null check (took_ms >= 0),
  wanted_at timestamptz,
  primary key (agency_id, figure, scope)
);
call puente_protect('kept_figures', 'all', 'none');

-- Once in a transaction: the setting is undone by a rollback to a savepoint, as the row is. With the rights of the owner, because a partner's
-- message may move money and its officer sees none of this.
create function note_money_change() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if puente_agency() is not null and coalesce(current_setting('puente.money_noted', true), '') <> pg_current_xact_id()::text then
    insert into public.money_changes (agency_id) values (puente_agency());
    perform set_config('puente.money_noted', pg_current_xact_id()::text, true);
  end if;
  return null;
end $$;
revoke execute on function note_money_change() from public;
`;
