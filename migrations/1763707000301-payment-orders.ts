import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders to the State's bank to pay partners, what the bank said of them, and what came back of payments of ours. */
export class PaymentOrders implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ORDERS);
    await runner.query(NOTICES);
    for (const table of ['payment_orders', 'payment_order_lines', 'payment_order_statuses', 'payment_notices', 'settled_notices']) {
      await runner.query(`call puente_protect('${table}', 'all', 'none')`);
    }
    for (const table of ['payment_orders', 'payment_order_lines']) await runner.query(`call puente_never_delete('${table}')`);
    for (const table of ['payment_order_statuses', 'payment_notices', 'settled_notices']) await runner.query(`call puente_append_only('${table}')`);
    await runner.query(GUARD);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index bank_credits_debit; drop table settled_notices, payment_notices, payment_order_statuses, payment_order_lines, payment_orders; drop function payment_orders_guard()');
  }
}

const ORDERS = `
create table payment_orders (
  agency_id text collate "C" not null,
  order_id text collate "C" not null,
  partner_id text not null,
  -- As the message names itself to the bank, which answers by it.
  message_id text collate "C" not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  charge_bearer text not null check (charge_bearer in ('DEBT', 'SHAR', 'CRED')),
  execution_on date not null,
  line_count int not null check (line_count > 0),
  sum_minor bigint not null check (sum_minor > 0),
  file_id text not null,
  sha256 text not null,
  accounts_confirmed boolean not null,
  state text not null check (state in ('created', 'released', 'withdrawn')),
  created_at timestamptz not null,
  created_by text not null,
  decided_at timestamptz,
  decided_by text,
  primary key (agency_id, order_id),
  unique (agency_id, message_id),
  foreign key (agency_id, file_id) references kept_files (agency_id, file_id),
  check ((decided_at is null) = (state = 'created') and (decided_by is null) = (state = 'created')),
  -- Two pairs of eyes: whoever made an order does not release it.
  check (state <> 'released' or decided_by <> created_by)
);
create table payment_order_lines (
  agency_id text collate "C" not null,
  order_id text collate "C" not null,
  line_number int not null check (line_number > 0),
  disbursement_id text collate "C" not null,
  case_id text collate "C" not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  -- The order was withdrawn or the bank refused the line: the disbursement may be ordered again.
  freed_at timestamptz,
  freed_by text check (freed_by in ('withdrawn', 'rejected')),
  primary key (agency_id, order_id, line_number),
  foreign key (agency_id, order_id) references payment_orders (agency_id, order_id),
  check ((freed_at is null) = (freed_by is null))
);
create unique index payment_order_lines_once on payment_order_lines (agency_id, disbursement_id) where freed_at is null;
create index payment_order_lines_disbursement on payment_order_lines (agency_id, disbursement_id);
create table payment_order_statuses (
  agency_id text collate "C" not null,
  order_id text collate "C" not null,
  -- 0: said of the order as a whole.
  line_number int not null,
  status text not null,
  reasons text[] not null,
  bank_message_id text not null,
  reported_at text not null,
  file_id text not null,
  recorded_seq bigint generated always as identity,
  recorded_at timestamptz not null,
  primary key (agency_id, order_id, line_number, recorded_seq),
  foreign key (agency_id, order_id) references payment_orders (agency_id, order_id)
);
create index payment_order_statuses_file on payment_order_statuses (agency_id, file_id);
comment on table payment_order_statuses is 'What the bank said, in the order in which it was heard: pain.002.';
`;

const NOTICES = `
create table payment_notices (
  agency_id text collate "C" not null,
  notice_id text collate "C" not null,
  file_id text not null,
  line_number int not null,
  kind text not null check (kind in ('return', 'change')),
  reason text not null,
  reference text not null,
  amount_minor bigint,
  currency text not null,
  booked_on date,
  -- Corrected data, such as an account number: encrypted, and what may be shown of it.
  corrected bytea,
  corrected_masked text,
  disbursement_id text collate "C",
  credit_id text,
  partner_id text,
  digest bytea not null,
  recorded_at timestamptz not null,
  primary key (agency_id, notice_id),
  unique (agency_id, digest),
  check ((corrected is null) = (corrected_masked is null))
);
-- Debits by their trace numbers: how a return says which payment of ours came back.
create index bank_credits_debit on bank_credits (agency_id, entry_ref) where direction = 'debit';
create index payment_notices_disbursement on payment_notices (agency_id, disbursement_id) where disbursement_id is not null;
comment on table payment_notices is 'Payments of ours that came back, and how they must be made from now on, as banks told it; each once however many files tell of it.';
create table settled_notices (
  agency_id text collate "C" not null,
  disbursement_id text collate "C" not null,
  notice_id text collate "C" not null,
  partner_id text not null,
  happened_on date not null,
  run_id text not null,
  recorded_at timestamptz not null,
  primary key (agency_id, disbursement_id)
);
comment on table settled_notices is 'Disbursements that came back through the bank and of which no partner had reported: settled once, here or by a partner''s line.';
`;

// An order stays as it was made: only what becomes of it is added, once.
const GUARD = `
create function payment_orders_guard() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  moving text[] := case tg_table_name when 'payment_orders' then array['state', 'decided_at', 'decided_by'] else array['freed_at', 'freed_by'] end;
begin
  if to_jsonb(new) - moving <> to_jsonb(old) - moving
    or tg_table_name = 'payment_orders' and to_jsonb(old) ->> 'state' <> 'created'
    or tg_table_name = 'payment_order_lines' and to_jsonb(old) ->> 'freed_at' is not null then
    raise exception 'a payment order does not change' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger payment_orders_keep before update on payment_orders for each row execute function payment_orders_guard();
create trigger payment_order_lines_keep before update on payment_order_lines for each row execute function payment_orders_guard();
`;
