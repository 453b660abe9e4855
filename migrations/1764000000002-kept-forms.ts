import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What somebody typed into a form that could not be taken then: kept for an hour, encrypted, for the same person. */
export class KeptForms implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // `owner` is a keyed mark, not an account: a form is kept while nobody is signed in, and on pages that need no sign-in.
    await runner.query(`
      create table kept_forms (
        agency_id text not null,
        kept_id text not null check (length(kept_id) between 20 and 64),
        owner bytea not null,
        content bytea not null check (length(content) <= 1000000),
        kept_at timestamptz not null,
        expires_at timestamptz not null,
        primary key (agency_id, kept_id)
      )`);
    // Only who sees all counties: the web reads and writes it as the operator, and asks for the owner's mark each time.
    await runner.query("call puente_protect('kept_forms', 'all', 'none')");
    await runner.query('create index kept_forms_owner on kept_forms (agency_id, owner, kept_at)');
    await runner.query('create index kept_forms_expiry on kept_forms (agency_id, expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table kept_forms');
  }
}
