import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * No transfer happens outside the calendar that the gateway knows (1800 to 2199, as in platform/dates): ranges, closings and exports would break on it for
 * ever, as entries cannot be taken out. The day stands in the CHECK that is there, since each further one is read anew for every statement.
 */
export class LedgerDays implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ledger_transfers drop constraint ledger_transfers_transfer_key_check,
        add constraint ledger_transfers_transfer_key_check check (length(transfer_key) between 1 and 200 and length(event) between 1 and 80 and leg_count >= 2
          and occurred_on between '1800-01-01' and '2199-12-31');
      alter table ledger_pendings add constraint ledger_pendings_days_check check (occurred_on >= '1800-01-01' and expires_on <= '2199-12-31');
      alter table ledger_resolutions add constraint ledger_resolutions_day_check check (occurred_on between '1800-01-01' and '2199-12-31');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ledger_resolutions drop constraint ledger_resolutions_day_check;
      alter table ledger_pendings drop constraint ledger_pendings_days_check;
      alter table ledger_transfers drop constraint ledger_transfers_transfer_key_check,
        add constraint ledger_transfers_transfer_key_check check (length(transfer_key) between 1 and 200 and length(event) between 1 and 80 and leg_count >= 2);
    `);
  }
}
