import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Room for what is just coming in, so that many uploads at once cannot pass what a partner may send on a day. */
export class ExchangeReservations implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RESERVATIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table exchange_reservations');
  }
}

const RESERVATIONS = `
create table exchange_reservations (
  agency_id text not null,
  reservation_id text not null,
  partner_id text not null,
  day date not null,
  bytes bigint not null check (bytes > 0),
  -- When it is over by itself: the process that made it may have died.
  ends_at timestamptz not null,
  primary key (agency_id, reservation_id)
);
comment on table exchange_reservations is 'How much of what a partner may send on a day is coming in at this moment: counted beside exchange_volumes, and gone when the upload has ended.';
create index exchange_reservations_of_day on exchange_reservations (agency_id, partner_id, day);
call puente_protect('exchange_reservations', 'all', 'none');
`;
