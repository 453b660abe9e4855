import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who reads a kept file, in one policy. Nine policies, each with a subquery on a table that has policies of its own, were planned anew for every statement
 * that names a file, also for those who see all files: planning took longer than anything else that happens to a message. What is asked of other tables now
 * stands in a function with the rights of whoever asks, which is planned once in a connection and only where it is reached. It allows what they allowed.
 */
export class KeptFilesInOneLook implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SEES_FILE);
    for (const policy of ['scope_read', ...Object.keys(BEFORE)]) await runner.query(`drop policy ${policy} on kept_files`);
    await runner.query(`create policy scope_read on kept_files for select using (agency_id = (select puente_agency()) and (${OWN} or puente_sees_file(agency_id, file_id)))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy scope_read on kept_files');
    await runner.query(`create policy scope_read on kept_files for select using (agency_id = (select puente_agency()) and ${OWN})`);
    for (const [policy, [agencyOnly, where]] of Object.entries(BEFORE)) {
      await runner.query(`create policy ${policy} on kept_files for select using (agency_id = (select puente_agency())${agencyOnly ? ' and (select puente_is_agency())' : ''} and exists (
        ${where.replaceAll('of_agency', 'kept_files.agency_id').replaceAll('of_file', 'kept_files.file_id')}))`);
    }
    await runner.query('drop function puente_sees_file');
  }
}

const OWN = '((select puente_is_agency()) and ((select puente_sees_all_counties()) or kept_by = (select puente_actor())))';

/** Whether it is the agency's people alone, and the row of another table by which the file is seen. */
const BEFORE: Readonly<Record<string, readonly [agencyOnly: boolean, where: string]>> = {
  packet_read: [false, 'select from packets p where p.agency_id = of_agency and p.file_id = of_file'],
  reading_copy_read: [false, 'select from packets p where p.agency_id = of_agency and p.reading_file_id = of_file'],
  annotated_read: [false, 'select from annotated_lists a where a.agency_id = of_agency and a.annotated_file_id = of_file'],
  exchange_read: [false, 'select from exchange_messages m where m.agency_id = of_agency and m.file_id = of_file'],
  encrypted_read: [false, 'select from exchange_deliveries d where d.agency_id = of_agency and d.encrypted_file_id = of_file'],
  application_read: [false, 'select from application_papers p where p.agency_id = of_agency and p.file_id = of_file'],
  attachment_read: [true, 'select from referral_attachments a where a.agency_id = of_agency and (a.file_id = of_file or a.copy_file_id = of_file)'],
  incoming_read: [true, 'select from incoming_packets i where i.agency_id = of_agency and i.file_id = of_file'],
  dispatch_read: [true, 'select from exchange_dispatches d where d.agency_id = of_agency and d.return_file_id = of_file'],
};

const looks = (agencyOnly: boolean): string => Object.values(BEFORE).filter(([only]) => only === agencyOnly).map(([, where]) => `  if exists (${where}) then return true; end if;`).join('\n');

const SEES_FILE = `
create function puente_sees_file(of_agency text, of_file text) returns boolean language plpgsql stable security invoker set search_path = pg_catalog, public, pg_temp as $$
begin
${looks(false)}
  if not puente_is_agency() then return false; end if;
${looks(true)}
  return false;
end $$;
comment on function puente_sees_file(text, text) is 'application: called by the policy of kept_files';
`;
