import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whom a list told of is written by a function of the owner alone, with its own event and exactly as the event's digest says: nobody adds a key by hand,
 * and a partner's officer, who leaves events and sees none, leaves this with them.
 */
export class ListingsByFunction implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WRITER);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function audit_note_listing(text, text[], boolean); drop policy writes_as_owner on audit_listings; drop trigger written_by_function on audit_listings');
    await runner.query(`create policy scope_insert on audit_listings for insert with check (agency_id = (select puente_agency()) and (select current_setting('puente.partner', true)) <> '')`);
  }
}

const WRITER = `
create function audit_note_listing(listed_by text, named text[], is_alone boolean) returns void
security definer set search_path = pg_catalog, public, pg_temp language plpgsql as $$
begin
  if not exists (
    select from audit_events e where e.agency_id = puente_agency() and e.event_id = listed_by and e.actor_id = puente_actor() and e.action in ('list.shown', 'list.exported')
      and e.details ->> 'digest' = (select encode(sha256(convert_to(string_agg(key, E'\\n' order by key collate "C"), 'UTF8')), 'hex') from unnest(named) key)) then
    raise exception 'a listing is written with its own event' using errcode = 'insufficient_privilege';
  end if;
  insert into audit_listings (agency_id, bucket, event_id, keys)
    select puente_agency(), bucket, listed_by, array_agg(key order by key collate "C")
      from (select key, case when is_alone then audit_listing_hash(key) else -1 - (audit_listing_hash(key) >> 23) end as bucket from unnest(named) key) k
     group by bucket on conflict do nothing;
end $$;
comment on function audit_note_listing is 'application: whom a list told of, with the event of the same person that has its digest';
drop policy scope_insert on audit_listings;
do $$ begin
  execute format('create policy writes_as_owner on audit_listings for insert to %I with check (agency_id = (select puente_agency()))', current_user);
end $$;
create trigger written_by_function before truncate on audit_listings for each statement execute function puente_refuse_change();
alter table audit_listings enable always trigger written_by_function;
`;
