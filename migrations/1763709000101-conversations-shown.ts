import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A partner sees a conversation once something of it has been said to it, or by it: one that holds a draft alone tells what we are about to do. */
export class ConversationsShown implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES.map((table) => scopeRead(table, ` and exists (
      select from exchange_messages m where m.agency_id = ${table}.agency_id and m.conversation_id = ${table}.conversation_id)`)).join(''));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES.map((table) => scopeRead(table, '')).join(''));
  }
}

const TABLES = ['exchange_conversations', 'exchange_wire_ids', 'exchange_hops'];

const scopeRead = (table: string, shown: string): string => `
drop policy scope_read on ${table};
create policy scope_read on ${table} for select using (agency_id = (select puente_agency()) and ((partner_id = (select puente_partner())${shown})
  or ((select puente_is_agency()) and ((select puente_sees_all_counties()) or county = any((select puente_counties())::text[])))));
`;
