import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was understood of a list that an officer has shown us, read once. A list that was never sent is taken away after some time; one that was sent stays. */
export class OfferedLooks implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LOOKS);
    await runner.query(UNSENT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger never_delete_sent on offered_lists; drop trigger never_truncate on offered_lists; drop function puente_refuse_delete_of_sent');
    await runner.query(`call puente_never_delete('offered_lists')`);
    await runner.query('drop index offered_lists_unsent; drop table offered_looks');
  }
}

const LOOKS = `
create table offered_looks (
  agency_id text collate "C" not null,
  offer_id text collate "C" not null,
  partner_id text collate "C" not null,
  -- By what it was read: with another mapping or profile it is read anew.
  basis text collate "C" not null check (basis ~ '^[0-9a-f]{64}$'),
  -- Encrypted: names, case numbers and amounts stand in it.
  look bytea not null,
  looked_at timestamptz not null,
  primary key (agency_id, offer_id),
  foreign key (agency_id, offer_id) references offered_lists on delete cascade
);
call puente_protect('offered_looks', 'all', 'partner_id');
create index offered_lists_unsent on offered_lists (agency_id, offered_at) where sent_at is null;
`;

const UNSENT = `
drop trigger never_delete_rows on offered_lists;
drop trigger never_delete_truncate on offered_lists;
create function puente_refuse_delete_of_sent() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if old.sent_at is not null then raise exception 'a list that was sent stays' using errcode = 'restrict_violation'; end if;
  return old;
end $$;
create trigger never_delete_sent before delete on offered_lists for each row execute function puente_refuse_delete_of_sent();
create trigger never_truncate before truncate on offered_lists for each statement execute function puente_refuse_change();
alter table offered_lists enable always trigger never_delete_sent;
alter table offered_lists enable always trigger never_truncate;
`;
