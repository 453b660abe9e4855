import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The cases of small segments, as they were counted last: to find few among a whole caseload takes a second. Of large ones the first are found at once,
 * and only how many there are is kept.
 */
export class SegmentCases implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table segment_cases (
        agency_id text not null,
        segment_id text not null,
        county text not null,
        case_id text not null,
        referral_id text,
        charged bigint,
        paid bigint,
        arrears bigint,
        currency text,
        since date
      )`);
    await runner.query('create index segment_cases_in_order on segment_cases (agency_id, segment_id, case_id, referral_id)');
    await runner.query("call puente_protect('segment_cases', 'county', 'none')");
    await runner.query('alter table work_figures drop constraint work_figures_figure_check');
    await runner.query("alter table work_figures add constraint work_figures_figure_check check (figure in ('clock', 'backlog', 'segment', 'packet', 'acknowledgment', 'without_figures'))");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("delete from work_figures where figure = 'without_figures'");
    await runner.query('alter table work_figures drop constraint work_figures_figure_check');
    await runner.query("alter table work_figures add constraint work_figures_figure_check check (figure in ('clock', 'backlog', 'segment', 'packet', 'acknowledgment'))");
    await runner.query('drop table segment_cases');
  }
}
