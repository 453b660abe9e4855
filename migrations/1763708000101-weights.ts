import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a scored decision was weighed with: fields, levels, bits, the margin before the next candidate, and the version of the weights. */
export class Weights implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table line_outcomes add column weights jsonb');
    await runner.query('alter table line_outcome_history add column weights jsonb');
    await runner.query("comment on column line_outcomes.weights is 'Fellegi-Sunter weights of a scored decision: codes and figures only.'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table line_outcomes drop column weights');
    await runner.query('alter table line_outcome_history drop column weights');
  }
}
