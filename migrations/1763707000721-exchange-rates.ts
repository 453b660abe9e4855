import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Published rates, each revision for ever, and the rate that a posted line is held against, as it was known when it was frozen. */
export class ExchangeRates implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table exchange_rates (
        agency_id text collate "C" not null,
        source text collate "C" not null,
        base text not null check (base ~ '^[A-Z]{3}$'),
        quote text not null check (quote ~ '^[A-Z]{3}$'),
        quoted_on date not null,
        revision int not null check (revision >= 1),
        rate numeric(20, 10) not null check (rate > 0),
        recorded_at timestamptz not null,
        recorded_by text not null,
        primary key (agency_id, source, base, quote, quoted_on, revision),
        check (base <> quote)
      );
      comment on table exchange_rates is 'Units of quote for one of base. A correction is a further revision; what was frozen before keeps the earlier one.';
      call puente_protect('exchange_rates', null, 'none');
      call puente_append_only('exchange_rates');

      create table frozen_rates (
        agency_id text collate "C" not null,
        file_id text collate "C" not null,
        line_number int not null,
        partner_id text collate "C" not null,
        county text collate "C",
        printed numeric not null,
        source text collate "C",
        base text not null,
        quote text not null,
        quoted_on date,
        revision int,
        rate numeric(20, 10),
        frozen_at timestamptz not null,
        primary key (agency_id, file_id, line_number),
        check ((source is null) = (rate is null) and (source is null) = (quoted_on is null) and (source is null) = (revision is null))
      );
      create index frozen_rates_partner on frozen_rates (agency_id, partner_id, frozen_at);
      comment on column frozen_rates.rate is 'Null: no published rate of that day or before was known; the printed one stands alone.';
      call puente_protect('frozen_rates', 'county', 'none');
      call puente_append_only('frozen_rates')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table frozen_rates, exchange_rates');
  }
}
