import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Partners' lists of the cases that they hold, beside ours: what differs, by number, never by name. */
export class CaseloadComparisons implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table caseload_comparisons (
        agency_id text collate "C" not null,
        comparison_id text collate "C" not null,
        partner_id text collate "C" not null,
        file_id text collate "C" not null,
        file_name text not null,
        lines int not null,
        agreeing int not null,
        differing int not null,
        compared_by text not null,
        compared_at timestamptz not null,
        primary key (agency_id, comparison_id)
      );
      create index caseload_comparisons_partner on caseload_comparisons (agency_id, partner_id, compared_at);
      create table caseload_differences (
        agency_id text collate "C" not null,
        comparison_id text collate "C" not null,
        position int not null,
        code text not null,
        line_number int,
        partner_number text,
        printed_case_id text,
        case_id text collate "C",
        county text collate "C",
        primary key (agency_id, comparison_id, position),
        foreign key (agency_id, comparison_id) references caseload_comparisons (agency_id, comparison_id)
      );
      call puente_protect('caseload_comparisons', 'all', 'none');
      call puente_protect('caseload_differences', 'all', 'none');
      call puente_append_only('caseload_comparisons');
      call puente_append_only('caseload_differences')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table caseload_differences, caseload_comparisons');
  }
}
