import { getConstructionPlans } from 'pg-boss';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The queues of pg-boss, in a schema of their own that the owner owns: at run time pg-boss may not change tables. A new
 * version of pg-boss with another schema version needs a further migration (its `getMigrationPlans`).
 */
export class JobQueues implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const plan = getConstructionPlans('jobs');
    // It brings a transaction of its own; this one is already running.
    await runner.query(plan.replace(/^\s*BEGIN;/, '').replace(/COMMIT;\s*$/, ''));
    await runner.query('set local lock_timeout = 0');
    await runner.query('set local idle_in_transaction_session_timeout = 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema jobs cascade');
  }
}
