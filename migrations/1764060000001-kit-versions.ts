import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What administrators changed of the kits that come as files (partners' profiles, glossary terms): each version for ever, and drafts of the next. */
export class KitVersions implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(VERSIONS);
    await runner.query(DRAFTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table kit_drafts, kit_versions');
  }
}

const VERSIONS = `
create table kit_versions (
  agency_id text collate "C" not null,
  kind text collate "C" not null check (kind in ('partner', 'term')),
  key text collate "C" not null check (key <> '' and length(key) <= 120),
  version int not null check (version > 0),
  -- As it was written, in its order (json, not jsonb). null: what the files say holds again.
  content json,
  -- Why, in somebody's own words: encrypted.
  reason bytea,
  prepared_by text[] not null,
  saved_at timestamptz not null,
  saved_by text not null,
  primary key (agency_id, kind, key, version)
);
comment on table kit_versions is 'The newest version of a key goes before the file of the same id.';
call puente_protect('kit_versions', null, 'none');
call puente_append_only('kit_versions');
`;

const DRAFTS = `
create table kit_drafts (
  agency_id text collate "C" not null,
  kind text collate "C" not null check (kind in ('partner')),
  key text collate "C" not null,
  -- The version on which it was begun; 0: the file, or nothing.
  based_on int not null,
  revision int not null,
  content json not null,
  -- Everybody who changed it: none of them is the second person.
  prepared_by text[] not null,
  changed_at timestamptz not null,
  primary key (agency_id, kind, key)
);
call puente_protect('kit_drafts', null, 'none');
`;
