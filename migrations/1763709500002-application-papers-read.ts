import type { MigrationInterface, QueryRunner } from 'typeorm';

const READ = 'create policy application_read on kept_files for select using (agency_id = (select puente_agency())';
const SEEN = 'exists (select from application_papers p where p.agency_id = kept_files.agency_id and p.file_id = kept_files.file_id))';

/** Whoever sees a paper of an application, the office that took it too, reads its file. */
export class ApplicationPapersRead implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy application_read on kept_files');
    await runner.query(`${READ} and ${SEEN}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy application_read on kept_files');
    await runner.query(`${READ} and (select puente_is_agency()) and ${SEEN}`);
  }
}
