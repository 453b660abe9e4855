import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Cases as the county hands them over. The whole record stands encrypted in `support_case_versions`; addresses, telephones and
 * accounts stand nowhere else. The other tables are what queries and matching need of the newest version, and are made from it.
 */
export class SupportCases implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CASES);
    await runner.query(PARTS);
    await runner.query(IMPORTS);
    for (const table of TABLES) await runner.query(`call puente_protect('${table}', 'county', null)`);
    await runner.query("call puente_append_only('support_case_versions')");
    for (const table of ['case_imports', 'case_import_findings']) {
      await runner.query(`call puente_protect('${table}', ${table === 'case_import_findings' ? "'all'" : 'null'}, 'none')`);
      await runner.query(`call puente_append_only('${table}')`);
    }
    // What is wrong with a line may be of any county: read by who sees all, added by whoever imports.
    await runner.query('drop policy scope_insert on case_import_findings');
    await runner.query('create policy scope_insert on case_import_findings for insert with check (agency_id = (select puente_agency()) and (select puente_is_agency()))');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['case_import_findings', 'case_imports', ...TABLES.toReversed()]) await runner.query(`drop table ${table}`);
  }
}

const TABLES = ['support_cases', 'support_case_versions', 'case_participants', 'case_name_keys', 'case_identifiers', 'case_obligations', 'case_balances', 'partner_case_numbers'];

const CASES = `
create table support_cases (
  agency_id text not null,
  case_id text not null,
  county text not null,
  status text not null check (status in ('open', 'closed')),
  opened_on date not null,
  closed_on date,
  assistance text not null,
  version int not null check (version >= 1),
  -- Keyed hash of the canonical content: equal means that nothing changed.
  content_digest bytea not null,
  -- Folded words of all names, for looking a case up by one word.
  search_words text[] not null,
  extract_file_id text not null,
  updated_at timestamptz not null,
  primary key (agency_id, case_id),
  check ((status = 'closed') = (closed_on is not null))
);
create index support_cases_by_county on support_cases (agency_id, county, case_id);
create index support_cases_by_word on support_cases using gin (search_words);

create table support_case_versions (
  agency_id text not null,
  case_id text not null,
  version int not null check (version >= 1),
  county text not null,
  body_encrypted bytea not null,
  -- JSON pointers of what differs from the version before; never a value.
  changes jsonb not null,
  extract_file_id text not null,
  line_number int not null,
  recorded_at timestamptz not null,
  primary key (agency_id, case_id, version)
);
-- Ciphertext does not compress: TOAST need not try.
alter table support_case_versions alter column body_encrypted set storage external;
`;

const PARTS = `
create table case_participants (
  agency_id text not null,
  case_id text not null,
  participant_id text not null,
  county text not null,
  role text not null check (role in ('obligor', 'alleged_parent', 'obligee', 'caretaker', 'dependent')),
  given text not null,
  family text not null,
  second_family text,
  native text,
  aliases text[] not null,
  is_protected boolean not null,
  primary key (agency_id, case_id, participant_id)
);
create table case_name_keys (
  agency_id text not null,
  name_key text not null,
  case_id text not null,
  participant_id text not null,
  role text not null,
  county text not null
);
create index case_name_keys_by_key on case_name_keys (agency_id, name_key);
create index case_name_keys_by_case on case_name_keys (agency_id, case_id);

create table case_identifiers (
  agency_id text not null,
  case_id text not null,
  participant_id text not null,
  position int not null,
  county text not null,
  type text not null,
  lookup bytea not null,
  value_encrypted bytea not null,
  source text,
  primary key (agency_id, case_id, participant_id, position)
);
create index case_identifiers_by_lookup on case_identifiers (agency_id, lookup);

create table case_obligations (
  agency_id text not null,
  case_id text not null,
  obligation_id text not null,
  order_id text not null,
  county text not null,
  kind text not null,
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  frequency text not null,
  starts_on date not null,
  ends_on date,
  primary key (agency_id, case_id, obligation_id)
);
create table case_balances (
  agency_id text not null,
  case_id text not null,
  position int not null,
  county text not null,
  bucket text not null,
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  as_of date not null,
  primary key (agency_id, case_id, position)
);
create table partner_case_numbers (
  agency_id text not null,
  partner_id text not null,
  value text not null,
  case_id text not null,
  county text not null,
  -- Where the number is known from: the extract, or a match that a person approved.
  learned_from text not null default 'extract' check (learned_from in ('extract', 'match')),
  primary key (agency_id, partner_id, value, case_id)
);
create index partner_case_numbers_by_value on partner_case_numbers (agency_id, value);
create index partner_case_numbers_by_case on partner_case_numbers (agency_id, case_id);
`;

const IMPORTS = `
create table case_imports (
  agency_id text not null,
  file_id text not null,
  lines int not null,
  imported int not null,
  unchanged int not null,
  changed int not null,
  rejected int not null,
  imported_at timestamptz not null,
  imported_by text not null,
  primary key (agency_id, file_id),
  check (lines = imported + unchanged + changed + rejected)
);
create table case_import_findings (
  agency_id text not null,
  file_id text not null,
  position int not null,
  line_number int,
  path text,
  code text not null,
  severity text not null check (severity in ('block', 'warn', 'info')),
  params jsonb not null,
  primary key (agency_id, file_id, position)
);
`;
