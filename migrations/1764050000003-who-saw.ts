import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit record as it is asked: by time, by action, by whose case it tells of. */
export class WhoSaw implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INDEXES);
    await runner.query(SUBJECTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function audit_case_subjects(text, text)');
    await runner.query('drop index audit_events_time, audit_events_action, audit_events_cases, audit_events_case, disclosures_newest');
  }
}

const INDEXES = `
create index audit_events_time on audit_events (agency_id, happened_at, event_id);
create index audit_events_action on audit_events (agency_id, action, happened_at, event_id);
-- Lists of cases that somebody looked at together: what a search found, what stood beside a line.
create index audit_events_cases on audit_events using gin ((details -> 'cases') jsonb_path_ops) where details ? 'cases';
create index audit_events_case on audit_events (agency_id, (details ->> 'caseId')) where details ? 'caseId';
create index disclosures_newest on disclosures (agency_id, happened_at, disclosure_id);
`;

/**
 * All that is about one case, by the names under which the audit record speaks of it. It asks each table by an index, and as whoever asks:
 * row-level security decides what is seen.
 */
const SUBJECTS = `
create function audit_case_subjects(agency text, wanted text) returns table (subject_type text, subject_id text) stable language sql
  begin atomic
    with own as materialized (select referral_id from referrals where agency_id = agency and case_id = wanted),
      talks as materialized (select c.conversation_id from own r join exchange_conversations c on c.agency_id = agency and c.referral_id = r.referral_id)
    select 'case', wanted
    union all select 'referral', referral_id from own
    union all select 'packet', p.packet_id from own r join packets p on p.agency_id = agency and p.referral_id = r.referral_id
    union all select 'attachment', a.attachment_id from own r join referral_attachments a on a.agency_id = agency and a.referral_id = r.referral_id
    union all select 'translation', t.text_id from own r join referral_texts t on t.agency_id = agency and t.referral_id = r.referral_id
    union all select 'conversation', conversation_id from talks
    union all select 'message', m.message_id from talks t join exchange_messages m on m.agency_id = agency and m.conversation_id = t.conversation_id
    union all select 'inquiry', inquiry_id from inquiry_work where agency_id = agency and case_id = wanted
    union all select 'application', application_id from application_work where agency_id = agency and case_id = wanted
    union all select 'disbursement', disbursement_id from disbursements where agency_id = agency and case_id = wanted;
  end;
comment on function audit_case_subjects is 'application: who saw this case';
`;
