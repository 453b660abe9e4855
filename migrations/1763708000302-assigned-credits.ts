import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Credits of which two people have said which transfer they pay, because the bank does not. */
export class AssignedCredits implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table assigned_credits (
        agency_id text not null,
        credit_id text not null,
        partner_id text not null,
        transfer text not null,
        decision_id text not null,
        assigned_at timestamptz not null,
        primary key (agency_id, credit_id)
      );
      call puente_protect('assigned_credits', 'all', 'none');
      call puente_append_only('assigned_credits');
      alter table suspense_decisions drop constraint suspense_decisions_action_check;
      alter table suspense_decisions add constraint suspense_decisions_action_check
        check (action in ('match', 'split', 'unmatch', 'duplicate', 'return', 'cancel_return', 'refuse', 'close', 'release_hold', 'assign'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table assigned_credits;
      alter table suspense_decisions drop constraint suspense_decisions_action_check;
      alter table suspense_decisions add constraint suspense_decisions_action_check
        check (action in ('match', 'split', 'unmatch', 'duplicate', 'return', 'cancel_return', 'refuse', 'close', 'release_hold')) not valid`);
  }
}
