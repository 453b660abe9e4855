import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Key by key along the primary key: as one join the planner, who does not know how few rows a key meets, read far more than it had to. */
export class ListingsByIndex implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(BY_KEY);
  }

  async down(): Promise<void> {
    // The function answers the same; there is nothing to take back.
  }
}

const BY_KEY = `
create or replace function audit_listings_of(agency text, wanted text[]) returns table (case_id text, event audit_events)
stable security definer set search_path = pg_catalog, public, pg_temp language plpgsql as $$
declare
  thing record;
begin
  for thing in
    with own as materialized (
      select c.case_id as id from support_cases c
       where agency = puente_agency() and puente_is_agency() and c.agency_id = agency and c.case_id = any(wanted)
         and (puente_sees_all_counties() or c.county = any((puente_counties())::text[])))
    select o.id, case s.subject_type when 'case' then s.subject_id else s.subject_type || '/' || s.subject_id end as key
      from own o cross join lateral audit_case_subjects(agency, o.id) s
     where s.subject_type in ('case', 'referral', 'conversation', 'message', 'inquiry', 'application', 'disbursement')
    -- A payment that nobody knew yet when a list named it, and that is this case's since.
    union select o.id, 'suspense_item/line-' || x.file_id || '-' || x.line_number from own o join line_outcomes x on x.agency_id = agency and x.case_id = o.id
    union select o.id, 'suspense_item/line-' || x.file_id || '-' || x.line_number from own o join line_parts x on x.agency_id = agency and x.case_id = o.id
  loop
    return query
      select thing.id::text, e from audit_listings l join audit_events e on e.agency_id = agency and e.event_id = l.event_id
       where l.agency_id = agency and l.bucket = any(array[audit_listing_hash(thing.key), -1 - (audit_listing_hash(thing.key) >> 23)]) and thing.key = any(l.keys);
  end loop;
end $$;
`;
