import { inTransaction } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

/**
 * Every table of an agency holds three rows: 1 of county 06025 and partner mx-sre, 2 of county 06037 and partner kr-kcsa, 3 of neither.
 * Which of them does a person of county 06025 see, and which an officer of mx-sre? A table that is missing here is a failing test.
 */
const ALL = '1 2 3';
const SEEN: Readonly<Record<string, readonly [county: string, officer: string]>> = {
  agreement_ends: [ALL, ''], agreement_proposals: [ALL, ''], agreement_versions: [ALL, ''], kit_drafts: [ALL, ''], kit_versions: [ALL, ''],
  audit_chain: ['', ''], audit_event_cases: ['1', ''], audit_listings: ['', ''], audit_events: ['1', ''], audit_heads: ['', ''],
  bank_credit_keys: ['', ''], bank_credit_outcomes: ['', ''], bank_credit_sightings: ['', ''], bank_credits: ['', ''], bank_debit_outcomes: ['', ''],
  exchange_attempts: ['1', ''], exchange_circuits: [ALL, ''], exchange_deliveries: ['1', ''], exchange_dispatches: ['1', ''], exchange_notices: ['1', ''], exchange_webhooks: [ALL, ''], partner_receipts: ['1', ''],
  bank_entry_details: ['', ''], bank_statement_findings: ['', ''], bank_statements: ['', ''],
  recovered_disbursements: ['', ''], taken_back_credits: ['', ''],
  annotated_lists: ['', '1'], offered_lists: ['', '1'], offered_looks: ['', '1'], column_mappings: ['', ''], untold_lists: ['', ''],
  caseload_comparisons: ['', ''], caseload_differences: ['', ''],
  case_balances: ['1', ''], case_identifiers: ['1', ''], case_import_findings: ['', ''], case_imports: [ALL, ''], case_name_keys: ['1', ''], case_search_terms: ['1', ''],
  case_obligations: ['1', ''], case_participants: ['1', ''], case_retained_protections: ['1', ''], partner_case_numbers: ['1', ''], support_case_versions: ['1', ''], support_cases: ['1', ''],
  identifier_reveals: ['1', ''], message_reveals: [ALL, ''], disclosures: ['1', ''], disbursement_holds: ['', ''], disbursements: ['1', ''], kept_files: ['1', '1'],
  inquiries: ['1', '1'], inquiry_consents: ['1', '1'], inquiry_answers: ['1', '1'], inquiry_work: ['1', ''],
  partner_applications: ['1', '1'], application_papers: ['1', '1'], application_work: ['1', ''], application_drafts: ['', '1'],
  incoming_packets: ['1', '1'], incoming_proposals: ['', ''],
  kept_figures: ['', ''], money_changes: [ALL, ''],
  ledger_accounts: ['1', '1'], ledger_balances: ['1', '1'], ledger_batches: ['', ''], ledger_entries: ['1', '1'], ledger_transfers: ['1', '1'],
  ledger_pendings: ['1', '1'], ledger_pending_entries: ['1', '1'], ledger_resolutions: ['1', '1'],
  line_outcome_history: ['', ''], line_outcomes: ['1', ''], outbox_events: ['', ''],
  payee_confirmations: ['1', ''], payee_links: ['1', ''],
  packet_deliveries: ['1', '1'], packet_disclosures: ['1', ''], packets: ['1', '1'], packet_recalls: ['1', ''], payment_lines: ['', ''],
  exchange_rates: [ALL, ''], frozen_rates: ['1', ''],
  payment_notices: ['', ''], payment_order_lines: ['', ''], payment_order_statuses: ['', ''], payment_orders: ['', ''], settled_notices: ['', ''],
  posting_allocations: ['1', ''], posting_exports: ['', ''], posting_proposals: ['1', ''], received_files: ['', ''],
  reconciliation_run_files: ['', ''], reconciliation_runs: ['', ''], referral_moves: ['1', '1'], referrals: ['1', '1'], referral_findings: ['1', ''],
  referral_attachments: ['1', ''], referral_attachment_reviews: ['1', ''], referral_attachment_translations: ['1', ''], referral_interviews: ['1', ''], registered_files: ['', ''],
  case_standing: ['1', ''], queue_items: ['1', ''], referral_awaited: ['1', ''], referral_clocks: ['1', ''], referral_openings: ['1', '1'], referral_batches: [ALL, ''], referral_batch_items: ['1', ''], referral_send_checks: ['1', ''],
  referral_texts: ['1', ''], referral_interview_reviews: ['1', ''], translation_reviews: ['1', ''], translated_sentences: ['1', ''], translation_approvals: ['1', ''], translation_memory: ['1', ''], translation_memory_pieces: ['1', ''],
  suspense_items: ['', ''], suspense_decisions: ['', ''], suspense_returns: ['', ''], suspense_notes: ['', ''], match_refusals: ['', ''], assigned_credits: ['', ''], line_parts: ['1', ''],
  page_openings: ['', ''], picked_up_files: ['', ''], office_alarms: ['', ''], job_ticks: ['', ''], day_closes: ['', ''], day_close_balances: ['', ''],
  partner_clients: ['', ''], client_secrets: ['', ''], partner_keys: ['', ''], answered_requests: ['', ''],
  exchange_conversations: ['1', ''], exchange_wire_ids: ['1', ''], exchange_hops: ['1', ''], exchange_messages: ['1', ''], exchange_receipts: ['1', ''], exchange_pickups: ['1', ''], exchange_work: ['1', ''], exchange_volumes: ['', ''], exchange_reservations: ['', ''], exchange_reminders: ['1', ''],
  long_works: ['', ''], long_work_failures: ['', ''], kept_forms: ['', ''], submitted_forms: ['', ''], tour_answers: ['', ''], transfer_states: ['', ''], user_passwords: ['', ''], users: [ALL, ''], account_introductions: [ALL, ''],
  money_figure_times: [ALL, ''], money_figures: ['1', ''], work_figure_times: [ALL, ''], work_figures: ['1', ''], segment_cases: ['1', ''],
};
/** Each person sees the forms of nobody else; the operator of the test is none of the rows' people either. */
const NOBODYS = ['page_openings', 'submitted_forms', 'tour_answers'];
const OFFICER = { id: 'usr_officer', roles: ['partner_officer'], partner: 'mx-sre' } as const;
const COUNTY = { id: 'usr_county', roles: ['supervisor'], counties: ['06025'] } as const;

interface Column { table: string; name: string; type: string; isKey: boolean }

let db: TestDatabase;
let columns: Column[];
beforeAll(async () => {
  db = await testDatabase();
  columns = await behindTheWall<Column>(db, `
    select c.relname as "table", a.attname as name, format_type(a.atttypid, null) as type,
           exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey)) as "isKey"
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and exists (select from pg_attribute g where g.attrelid = c.oid and g.attname = 'agency_id')
     order by 1, a.attnum`);
  await fill();
});

const TABLES = Object.keys(SEEN);

/** The same value in every table for a column of the same name, so that rows 1 belong together, as do rows 2 and 3. */
function valueOf(column: Column, row: number): string {
  if (column.name === 'agency_id') return column.table === 'audit_heads' && row > 1 ? `'us-${row}'` : "'us-ca'";
  if (column.name === 'county') return ["'06025'", "'06037'", 'null'][row - 1] as string;
  if (column.name === 'partner_id') return ["'mx-sre'", "'kr-kcsa'", column.isKey ? "'none'" : 'null'][row - 1] as string;
  const values: Readonly<Record<string, string>> = {
    text: `'${column.name}-${row}'`, 'text[]': `array['${row}']`, 'bigint[]': `array[${row}]`, jsonb: "'{}'", json: "'{}'", bytea: `sha256('${row}')`, boolean: 'true', date: "'2026-01-01'",
    'timestamp with time zone': "'2026-01-01T00:00:00Z'", integer: String(row), bigint: String(row), numeric: String(row),
  };
  const value = values[column.type];
  if (value === undefined) throw new Error(`the test knows no value of type ${column.type}`);
  return value;
}

/** What a row says does not matter here: checks and references go, and triggers rest while it is written. */
async function fill(): Promise<void> {
  await behindTheWall(db, `do $$ declare k record; begin
    for k in select conrelid::regclass as t, conname from pg_constraint where contype in ('c', 'f') and connamespace = 'public'::regnamespace order by contype desc loop
      execute format('alter table %s drop constraint %I', k.t, k.conname);
    end loop;
    for k in select c.oid::regclass as t, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and a.attnotnull and a.attname in ('county', 'partner_id')
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey)) loop
      execute format('alter table %s alter column %I drop not null', k.t, k.attname);
    end loop; end $$`);
  const statements = [...new Set(columns.map((column) => column.table))].flatMap((table) => {
    const own = columns.filter((column) => column.table === table);
    const rows = [1, 2, 3].map((row) => `(${own.map((column) => valueOf(column, row)).join(', ')})`);
    return [`alter table ${table} disable trigger all`, `insert into ${table} (${own.map((column) => column.name).join(', ')}) overriding system value values ${rows.join(', ')}`, `alter table ${table} enable trigger all`];
  });
  await behindTheWall(db, statements.join('; '));
}

/** The numbers of the rows that the actor sees. */
async function rowsSeen(table: string, given: Parameters<typeof testCtx>[1]): Promise<string> {
  const named = columns.find((column) => column.table === table && !['agency_id', 'county', 'partner_id'].includes(column.name) && ['text', 'integer', 'bigint'].includes(column.type)) as Column;
  const rows = await inTransaction(testCtx(db, given), (tx) => tx.tx.query<{ row: string }[]>(`select right(${named.name}::text, 1) as row from ${table} order by 1`));
  return rows.map((row) => row.row).join(' ');
}

it('knows every table of an agency', () => {
  expect([...new Set(columns.map((column) => column.table))].sort()).toEqual([...TABLES].sort());
});

it.each(TABLES)('%s: who sees all counties sees it, a county its own rows, an officer those of the partner', async (table) => {
  const [county, officer] = SEEN[table] as readonly [string, string];
  expect(await rowsSeen(table, {})).toBe(NOBODYS.includes(table) ? '' : table === 'audit_heads' ? '1' : ALL);
  expect(await rowsSeen(table, COUNTY)).toBe(county);
  expect(await rowsSeen(table, OFFICER)).toBe(officer);
});

describe('an officer of a partner', () => {
  const refused = async (statement: string): Promise<boolean> => {
    const outcome = inTransaction(testCtx(db, OFFICER), (tx) => tx.tx.query<unknown>(statement));
    return outcome.then(
      (result) => Array.isArray(result) && result[1] === 0, // TypeORM answers [rows, count]: no row was within reach
      (error: Error) => /permission denied|row-level security|append-only|ledger\.append_only/.test(error.message),
    );
  };
  it.each(TABLES)('changes, deletes and adds nothing in %s', async (table) => {
    const own = columns.filter((column) => column.table === table);
    const copied = own.map((column) => (column.name === 'partner_id' ? "'mx-sre'" : column.name === 'county' ? "'06025'" : valueOf(column, 1).replace('-1', '-9').replace(/^1$/, '9').replace("sha256('1')", "sha256('9')")));
    expect(await refused(`update ${table} set agency_id = agency_id`)).toBe(true);
    expect(await refused(`delete from ${table}`)).toBe(true);
    expect(await refused(`insert into ${table} (${own.map((column) => column.name).join(', ')}) overriding system value values (${copied.join(', ')})`)).toBe(true);
  });

  it('leaves an own form and an audit event, and reads of these the form alone', async () => {
    const work = inTransaction(testCtx(db, OFFICER), async (tx) => {
      await tx.tx.query("insert into submitted_forms (agency_id, form_id, user_id, submitted_at) values ('us-ca', 'form-own', 'usr_officer', now())");
      expect(await tx.tx.query('select form_id from submitted_forms')).toEqual([{ form_id: 'form-own' }]);
      await tx.tx.query(`insert into audit_events (agency_id, event_id, action, subject_type, subject_id, actor_kind, actor_id, details, happened_at)
        values ('us-ca', 'aud_own', 'packet.read', 'packet', 'p', 'user', 'usr_officer', '{}', now())`);
      expect(await tx.tx.query('select event_id from audit_events')).toEqual([]);
      throw new Error('all as expected: undo');
    });
    await expect(work).rejects.toThrow('all as expected');
  });
});

describe('money as it came', () => {
  it.each(['received_files', 'payment_lines', 'disbursements', 'bank_credits', 'bank_credit_keys', 'bank_credit_sightings', 'line_outcome_history', 'suspense_notes', 'match_refusals', 'line_parts'])('%s is only added to', async (table) => {
    for (const statement of [`update ${table} set agency_id = agency_id`, `delete from ${table}`, `truncate ${table} cascade`]) {
      await expect(inTransaction(testCtx(db), (tx) => tx.tx.query(statement))).rejects.toThrow(/permission denied/);
    }
  });
  it.each(['line_outcomes', 'bank_credit_outcomes', 'transfer_states', 'disbursement_holds', 'registered_files', 'reconciliation_runs', 'suspense_items', 'suspense_returns', 'users', 'user_passwords'])('%s is never deleted from', async (table) => {
    for (const statement of [`delete from ${table}`, `truncate ${table} cascade`]) await expect(inTransaction(testCtx(db), (tx) => tx.tx.query(statement))).rejects.toThrow(/permission denied/);
  });
});
