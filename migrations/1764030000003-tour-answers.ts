import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each person has come on the tour for staff, and what they answered last: a person's own, which nobody else reads. */
export class TourAnswers implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table tour_answers (
        agency_id text not null,
        user_id text not null,
        step text not null,
        answer int not null check (answer between 1 and 9),
        answered_at timestamptz not null,
        primary key (agency_id, user_id, step)
      )`);
    await runner.query('alter table tour_answers enable row level security');
    await runner.query('alter table tour_answers force row level security');
    await runner.query(`create policy own_answers on tour_answers
      using (agency_id = (select puente_agency()) and user_id = (select puente_actor()) and (select current_setting('puente.partner', true)) <> '')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table tour_answers');
  }
}
