import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How it stands with the work, counted by a job and read at once: by county, so that each supervisor sees those of the own counties.
 * What has no county belongs to none and is seen by who sees all. They are counted anew as a whole; nothing is kept in them that does not stand elsewhere.
 */
export class FiguresOfTheWork implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table work_figures (
        agency_id text not null,
        county text,
        figure text not null check (figure in ('clock', 'backlog', 'segment', 'packet', 'acknowledgment')),
        partner_id text not null,
        key text not null,
        part text not null,
        count bigint not null check (count >= 0),
        unique nulls not distinct (agency_id, county, figure, partner_id, key, part)
      )`);
    await runner.query(`
      create table money_figures (
        agency_id text not null,
        county text,
        partner_id text not null,
        month text not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
        kind text not null,
        outcome text not null,
        currency text not null,
        lines bigint not null,
        amount_minor bigint not null,
        unique nulls not distinct (agency_id, county, partner_id, month, kind, outcome, currency)
      )`);
    await runner.query("call puente_protect('work_figures', 'county', 'none')");
    await runner.query("call puente_protect('money_figures', 'county', 'none')");
    // Each module says when it counted last; no secret within the agency, and written by the job, which sees all counties.
    for (const table of ['work_figure_times', 'money_figure_times']) {
      await runner.query(`create table ${table} (agency_id text not null, part text not null default 'all', counted_at timestamptz not null, primary key (agency_id, part))`);
      await runner.query(`call puente_protect('${table}', null, 'none')`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table work_figures, money_figures, work_figure_times, money_figure_times');
  }
}
