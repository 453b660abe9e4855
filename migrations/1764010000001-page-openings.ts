import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who has a packet, or the draft of one, open page by page: reading is written down when it is opened, and not again with every page.
 * A person's own, and nobody else's, as submitted_forms: a partner's officer writes here too.
 */
export class PageOpenings implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table page_openings (
        agency_id text not null,
        user_id text not null,
        -- A packet, or a referral whose draft is read.
        subject_id text not null,
        opened_at timestamptz not null,
        primary key (agency_id, user_id, subject_id)
      )`);
    await runner.query('alter table page_openings enable row level security');
    await runner.query('alter table page_openings force row level security');
    await runner.query(`
      create policy own_openings on page_openings
        using (agency_id = (select puente_agency()) and user_id = (select puente_actor()) and (select current_setting('puente.partner', true)) <> '')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table page_openings');
  }
}
