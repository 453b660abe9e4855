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
        roles text[] not null check (cardinality(roles) > 0 and roles <@ array['attorney', 'translator', 'reconciler', 'partner_officer', 'supervisor', 'administrator']),
        counties text[],
        partner_id text,
        language text not null,
        is_active boolean not null default true,
        created_at timestamptz not null,
        primary key (agency_id, user_id),
        unique (agency_id, user_name),
        check (('partner_officer' = any (roles)) = (partner_id is not null)),
        check (partner_id is null or cardinality(roles) = 1)
      )`);
    // 'none': an actor with a partner sees no account at all, not even the own; identity reads as the operator.
    await runner.query("call puente_protect('users', null, 'none')");
    await runner.query("call puente_never_delete('users')");

    // Apart from the account, so that people of one county, who may see who else works here, see no password's hash. Only who sees
    // all counties reads it (identity, as the operator); making an account adds it unseen.
    await runner.query(`
      create table user_passwords (
        agency_id text not null,
        user_id text not null,
        password_hash text not null,
        failure_count integer not null default 0 check (failure_count >= 0),
        last_failed_at timestamptz,
        locked_until_at timestamptz,
        primary key (agency_id, user_id),
        foreign key (agency_id, user_id) references users
      )`);
    await runner.query("call puente_protect('user_passwords', 'all', 'none')");
    await runner.query("call puente_never_delete('user_passwords')");
    await runner.query('drop policy scope_insert on user_passwords');
    await runner.query('create policy scope_insert on user_passwords for insert with check (agency_id = (select puente_agency()) and (select puente_is_agency()))');

    await runner.query(`
      create table submitted_forms (
        agency_id text not null,
        form_id text not null,
        user_id text not null,
        result text,
        submitted_at timestamptz not null,
        primary key (agency_id, form_id)
      )`);
    // A person's own, and nobody else's: one of the few things that a partner's officer writes.
    await runner.query('alter table submitted_forms enable row level security');
    await runner.query('alter table submitted_forms force row level security');
    await runner.query(`
      create policy own_forms on submitted_forms
        using (agency_id = (select puente_agency()) and user_id = (select puente_actor()) and (select current_setting('puente.partner', true)) <> '')`);

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
    await runner.query('drop table web_sessions, submitted_forms, user_passwords, users');
  }
}
