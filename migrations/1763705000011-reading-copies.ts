import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Beside the container a copy for reading (PDF/UA) of what was sealed: one file cannot be both that and a PDF/A for keeping. Whoever sees
 * the packet sees its copy, and nobody else. Packets sealed before have none.
 */
export class ReadingCopies implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COPIES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy reading_copy_read on kept_files');
    await runner.query('alter table packets drop column reading_file_id');
  }
}

const COPIES = `
alter table packets add column reading_file_id text;
create index packets_reading_file on packets (agency_id, reading_file_id);
create policy reading_copy_read on kept_files for select using (agency_id = (select puente_agency()) and exists (
  select from packets p where p.agency_id = kept_files.agency_id and p.reading_file_id = kept_files.file_id));
`;
