import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a partner's program took out of its outbox: atomically, once, and without anything being lost. */
export class Pickups implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PICKUPS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table exchange_pickups');
  }
}

const PICKUPS = `
create table exchange_pickups (
  agency_id text not null,
  message_id text not null,
  partner_id text not null,
  county text,
  picked_up_at timestamptz not null,
  picked_up_by text not null,
  primary key (agency_id, message_id),
  foreign key (agency_id, message_id) references exchange_messages
);
comment on table exchange_pickups is 'Who renames or deletes a file of the outbox has taken the message over. It stays to be read; only reading proves that it was fetched.';
create index exchange_pickups_partner on exchange_pickups (agency_id, partner_id, message_id);
call puente_protect('exchange_pickups', 'county', 'partner_id');
call puente_append_only('exchange_pickups');
drop policy scope_read on exchange_pickups;
create policy scope_read on exchange_pickups for select using (agency_id = (select puente_agency()) and exists (
  select from exchange_messages m where m.agency_id = exchange_pickups.agency_id and m.message_id = exchange_pickups.message_id));
`;
