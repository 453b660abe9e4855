import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When an order first left the house: until then a released order may still be withdrawn, and is looked at once more. */
export class OrdersExported implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table payment_orders add column exported_at timestamptz, add column exported_by text, add check ((exported_at is null) = (exported_by is null)), add check (exported_at is null or state = \'released\')');
    await runner.query(guard(MOVES_BEFORE_EXPORT, "array['state', 'decided_at', 'decided_by', 'exported_at', 'exported_by']"));
    // Nobody can say any more which of these left: all may have.
    await runner.query('alter table payment_orders no force row level security');
    await runner.query("update payment_orders set exported_at = decided_at, exported_by = decided_by where state = 'released'");
    await runner.query('alter table payment_orders force row level security');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(guard("to_jsonb(old) ->> 'state' <> 'created'", "array['state', 'decided_at', 'decided_by']"));
    await runner.query('alter table payment_orders drop column exported_at, drop column exported_by');
  }
}

// What has left the house stays released; what was withdrawn stays withdrawn; and nothing is released twice.
const MOVES_BEFORE_EXPORT = `(to_jsonb(old) ->> 'exported_at' is not null or to_jsonb(old) ->> 'state' = 'withdrawn'
      or to_jsonb(old) ->> 'state' = 'released' and to_jsonb(new) ->> 'state' = 'released' and (to_jsonb(new) ->> 'decided_by' <> to_jsonb(old) ->> 'decided_by' or to_jsonb(new) ->> 'exported_at' is null)
      or to_jsonb(old) ->> 'state' = 'released' and to_jsonb(new) ->> 'state' = 'created')`;

const guard = (forbidden: string, moving: string): string => `
create or replace function payment_orders_guard() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  moving text[] := case tg_table_name when 'payment_orders' then ${moving} else array['freed_at', 'freed_by'] end;
begin
  if to_jsonb(new) - moving <> to_jsonb(old) - moving
    or tg_table_name = 'payment_orders' and ${forbidden}
    or tg_table_name = 'payment_order_lines' and to_jsonb(old) ->> 'freed_at' is not null then
    raise exception 'a payment order does not change' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$`;
