import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Local accounts, web sessions, and the forms that were already sent. */
export class UsersAndSessions implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table users (
        agency_id text not null,
        user_id text not null,
        user_name text not null check (user_name = lower(user_name) and length(user_name) between 1 and 64),
        display_name text not null check (length(display_name) between 1 and 128),
        password_hash text not null,
        roles text[] not null check (cardinality(roles) > 0 and roles <@ array['attorney', 'translator', 'reconciler', 'partner_officer', 'supervisor', 'administrator']),
        counties text[],
        partner_id text,
        language text not null,
        is_active boolean not null default true,
        failure_count integer not null default 0 check (failure_count >= 0),
        locked_until_at timestamptz,
        created_at timestamptz not null,
        primary key (agency_id, user_id),
        unique (agency_id, user_name),
        check (('partner_officer' = any (roles)) = (partner_id is not null)),
        check (partner_id is null or cardinality(roles) = 1)
      )`);
    // 'none': an actor with a partner sees no account at all, not even the own; identity reads as the operator.
    await runner.query("call puente_protect('users', null, 'none')");

    await runner.query(`
      create table submitted_forms (
        agency_id text not null,
        form_id text not null,
        user_id text not null,
        result text,
        submitted_at timestamptz not null,
        primary key (agency_id, form_id)
      )`);
    await runner.query("call puente_protect('submitted_forms', null, 'any')");

    // Read before anybody is known, so it is not scoped by actor; it holds a user id, a form token and a time. Unlogged: it outlives no crash.
    await runner.query(`
      create unlogged table web_sessions (
        sid text primary key,
        sess json not null,
        expire timestamptz not null
      )`);
    await runner.query('create index web_sessions_by_expiry on web_sessions (expire)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table web_sessions, submitted_forms, users');
  }
}
