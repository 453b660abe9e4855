import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whom lists told of: pages that were shown and files that were handed out, by the keys under which the record speaks of things (a case number,
 * or `referral/ref_…`). A page has a row for each key. Of a file thousands of keys lie together in few rows, by a hash, so that who asks about
 * one case reads one row of each file's part.
 */
export class Listings implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
    await runner.query(ASKED);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function audit_listings_of(text, text[]), audit_listing_hash(text); drop table audit_listings; drop policy reads_as_owner on audit_events; drop index line_parts_case');
  }
}

const TABLE = `
create function audit_listing_hash(key text) returns int immutable language sql
  return ('x' || encode(substring(sha256(convert_to(key, 'UTF8')) from 1 for 4), 'hex'))::bit(32)::int & 2147483647;
comment on function audit_listing_hash is 'application: where a key lies in audit_listings';

create table audit_listings (
  agency_id text collate "C" not null,
  -- Of a page the hash of its one key; of a file a negative number for all keys whose hashes begin alike.
  bucket int not null,
  event_id text collate "C" not null,
  keys text[] collate "C" not null check (cardinality(keys) > 0),
  primary key (agency_id, bucket, event_id)
);
comment on table audit_listings is 'Whom a list told of. The event carries a digest of all its keys, and so the chain holds them.';
create index line_parts_case on line_parts (agency_id, case_id);
create index audit_listings_event on audit_listings (agency_id, event_id);
alter table audit_listings enable row level security;
alter table audit_listings force row level security;
create policy scope_insert on audit_listings for insert with check (agency_id = (select puente_agency()) and (select current_setting('puente.partner', true)) <> '');
create policy scope_read on audit_listings for select using (agency_id = (select puente_agency()) and (select puente_is_agency()) and (select puente_sees_all_counties()));
call puente_append_only('audit_listings');
do $$ begin
  execute format('create policy reads_as_owner on audit_listings for select to %I using (agency_id = (select puente_agency()))', current_user);
  execute format('create policy reads_as_owner on audit_events for select to %I using (agency_id = (select puente_agency()))', current_user);
end $$;
`;

// A list belongs to no county, and its event is seen by who sees all of them; who may see a case sees which lists told of it.
const ASKED = `
create function audit_listings_of(agency text, wanted text[]) returns table (case_id text, event audit_events)
stable security definer set search_path = pg_catalog, public, pg_temp language sql as $$
  with own as materialized (
    select c.case_id from support_cases c
     where agency = puente_agency() and puente_is_agency() and c.agency_id = agency and c.case_id = any(wanted)
       and (puente_sees_all_counties() or c.county = any((puente_counties())::text[]))),
  things as materialized (
    select o.case_id, case s.subject_type when 'case' then s.subject_id else s.subject_type || '/' || s.subject_id end as key
      from own o cross join lateral audit_case_subjects(agency, o.case_id) s
     where s.subject_type in ('case', 'referral', 'conversation', 'message', 'inquiry', 'application', 'disbursement')
    -- A payment that nobody knew yet when a list named it, and that is this case's since.
    union all select o.case_id, 'suspense_item/line-' || x.file_id || '-' || x.line_number
      from own o join line_outcomes x on x.agency_id = agency and x.case_id = o.case_id
    union all select o.case_id, 'suspense_item/line-' || x.file_id || '-' || x.line_number
      from own o join line_parts x on x.agency_id = agency and x.case_id = o.case_id),
  places as materialized (select t.case_id, t.key, audit_listing_hash(t.key) as hash from things t),
  named as materialized (
    select p.case_id, l.event_id from places p join audit_listings l on l.agency_id = agency and l.bucket = p.hash and p.key = any(l.keys)
    union
    select p.case_id, l.event_id from places p join audit_listings l on l.agency_id = agency and l.bucket = -1 - (p.hash >> 23) and p.key = any(l.keys))
  select n.case_id, e from named n join audit_events e on e.agency_id = agency and e.event_id = n.event_id
$$;
comment on function audit_listings_of is 'application: which lists told of these cases, as far as the asker may see the case';
`;
