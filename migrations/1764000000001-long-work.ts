import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Work that takes longer than a person waits for an answer: how far it is, what was not done and why, and where its result is. */
export class LongWork implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table long_works (
        agency_id text not null,
        work_id text not null,
        kind text not null check (kind ~ '^[a-z_]+\\.[a-z_]+$'),
        begun_by text not null,
        permission text,
        total integer check (total >= 0),
        done integer not null default 0 check (done >= 0),
        failed integer not null default 0 check (failed >= 0),
        state text not null default 'running' check (state in ('running', 'done', 'failed')),
        result_address text check (length(result_address) <= 2000),
        begun_at timestamptz not null,
        changed_at timestamptz not null,
        ended_at timestamptz,
        primary key (agency_id, work_id),
        check ((state = 'running') = (ended_at is null))
      )`);
    await runner.query(`
      create table long_work_failures (
        agency_id text not null,
        work_id text not null,
        position integer not null,
        begun_by text not null,
        subject text not null check (length(subject) <= 100),
        address text check (length(address) <= 2000),
        code text not null,
        params jsonb not null default '{}',
        primary key (agency_id, work_id, position),
        foreign key (agency_id, work_id) references long_works on delete cascade
      )`);
    // Whoever began it, an officer too; and those of the agency who see all counties, of whom the permission is asked besides.
    for (const table of ['long_works', 'long_work_failures']) {
      await runner.query(`alter table ${table} enable row level security`);
      await runner.query(`alter table ${table} force row level security`);
      await runner.query(`
        create policy own_work on ${table}
          using (agency_id = (select puente_agency()) and ((begun_by = (select puente_actor()) and (select current_setting('puente.partner', true)) <> '')
            or ((select puente_is_agency()) and (select puente_sees_all_counties()))))`);
    }
    await runner.query("create index long_works_ended on long_works (agency_id, ended_at) where state <> 'running'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table long_work_failures, long_works');
  }
}
