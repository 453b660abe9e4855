import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Questions of partners' officers for a person at the counter, with the person's consent and what was answered; and applications taken
 * there. What the agency knows or thinks of either stands in tables of its own, which no partner reads.
 */
export class Inquiries implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const part of [INQUIRIES, CONSENTS, WORK, ANSWERS, APPLICATIONS, APPLICATION_WORK, PAPERS, FILES, TOLD]) await runner.query(part);
  }

  async down(): Promise<void> {
    throw new Error('the record of what was answered would be lost: restore a backup');
  }
}

const INQUIRIES = `
create table inquiries (
  agency_id text not null,
  inquiry_id text not null,
  partner_id text not null,
  -- The county that is asked, as the asker says; empty: whichever it is. Never the county of a case that was found.
  county text,
  state text not null check (state in ('asked', 'with_person', 'answered', 'declined')),
  channel text not null check (channel in ('portal', 'api', 'sftp', 'courier')),
  message_id text,
  conversation_id text,
  consent_id text not null,
  questions text[] not null check (cardinality(questions) between 1 and 10),
  -- Whoever is asked about, as a keyed hash: the same person again, and how often somebody asks in vain.
  person_key bytea not null,
  details_encrypted bytea not null,
  received_on date not null,
  answer_by date not null,
  asked_at timestamptz not null,
  asked_by text not null,
  answered_at timestamptz,
  -- Why it was not answered, as the asker is told.
  reason text,
  primary key (agency_id, inquiry_id),
  check ((state in ('answered', 'declined')) = (answered_at is not null))
);
comment on column inquiries.details_encrypted is 'Asker, person and numbers as they were given.';
create unique index inquiries_message on inquiries (agency_id, partner_id, message_id) where message_id is not null;
create index inquiries_newest on inquiries (agency_id, partner_id, asked_at desc, inquiry_id);
create index inquiries_open on inquiries (agency_id, answer_by, inquiry_id) where state in ('asked', 'with_person');
create index inquiries_asker on inquiries (agency_id, asked_by, asked_at);
call puente_protect('inquiries', 'county', 'partner_id');
call puente_never_delete('inquiries');
`;

const CONSENTS = `
create table inquiry_consents (
  agency_id text not null,
  consent_id text not null,
  partner_id text not null,
  county text,
  person_key bytea not null,
  questions text[] not null,
  given_on date not null,
  expires_on date not null,
  form text not null check (form in ('signed', 'verbal_recorded')),
  language text not null,
  text_version text not null,
  file_id text,
  details_encrypted bytea not null,
  recorded_at timestamptz not null,
  recorded_by text not null,
  withdrawn_on date,
  withdrawn_by text,
  primary key (agency_id, consent_id),
  check (expires_on > given_on),
  check ((withdrawn_on is null) = (withdrawn_by is null))
);
create index inquiry_consents_person on inquiry_consents (agency_id, partner_id, person_key);
call puente_protect('inquiry_consents', 'county', 'partner_id');
call puente_never_delete('inquiry_consents');
alter table inquiries add foreign key (agency_id, consent_id) references inquiry_consents;
`;

// A question that names no county is seen by whoever sees all, and by the county of the case to which a person has tied it.
const WORK = `
create table inquiry_work (
  agency_id text not null,
  inquiry_id text not null,
  county text,
  case_id text,
  referral_id text,
  -- Why a person answers, as codes: what was found or not found.
  reasons jsonb not null default '[]',
  draft_encrypted bytea,
  drafted_by text,
  drafted_at timestamptz,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (agency_id, inquiry_id),
  foreign key (agency_id, inquiry_id) references inquiries,
  check ((draft_encrypted is null) = (drafted_by is null))
);
comment on table inquiry_work is 'What the agency knows and thinks of a question; no partner sees it.';
create index inquiry_work_case on inquiry_work (agency_id, case_id) where case_id is not null;
call puente_protect('inquiry_work', 'county', 'none');
call puente_never_delete('inquiry_work');
drop policy scope_read on inquiries;
create policy scope_read on inquiries for select using (agency_id = (select puente_agency()) and (partner_id = (select puente_partner())
  or ((select puente_is_agency()) and ((select puente_sees_all_counties()) or county = any((select puente_counties())::text[])
    or exists (select from inquiry_work w where w.agency_id = inquiries.agency_id and w.inquiry_id = inquiries.inquiry_id)))));
drop policy scope_read on inquiry_consents;
create policy scope_read on inquiry_consents for select using (agency_id = (select puente_agency()) and (partner_id = (select puente_partner())
  or ((select puente_is_agency()) and ((select puente_sees_all_counties()) or county = any((select puente_counties())::text[])
    or exists (select from inquiries i where i.agency_id = inquiry_consents.agency_id and i.consent_id = inquiry_consents.consent_id)))));
drop policy scope_update on inquiries;
create policy scope_update on inquiries for update using (agency_id = (select puente_agency()) and (select puente_is_agency())
  and ((select puente_sees_all_counties()) or county = any((select puente_counties())::text[])
    or exists (select from inquiry_work w where w.agency_id = inquiries.agency_id and w.inquiry_id = inquiries.inquiry_id)));
`;

const ANSWERS = `
create table inquiry_answers (
  agency_id text not null,
  inquiry_id text not null,
  position int not null check (position > 0),
  partner_id text not null,
  county text,
  kind text not null check (kind in ('facts', 'text')),
  content_encrypted bytea not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  answered_at timestamptz not null,
  answered_by text not null,
  primary key (agency_id, inquiry_id, position),
  foreign key (agency_id, inquiry_id) references inquiries
);
call puente_protect('inquiry_answers', 'county', 'partner_id');
call puente_append_only('inquiry_answers');
drop policy scope_read on inquiry_answers;
create policy scope_read on inquiry_answers for select using (agency_id = (select puente_agency()) and exists (
  select from inquiries i where i.agency_id = inquiry_answers.agency_id and i.inquiry_id = inquiry_answers.inquiry_id));
drop policy scope_insert on inquiry_answers;
create policy scope_insert on inquiry_answers for insert with check (agency_id = (select puente_agency()) and (select puente_is_agency()) and exists (
  select from inquiries i where i.agency_id = inquiry_answers.agency_id and i.inquiry_id = inquiry_answers.inquiry_id));
`;

const APPLICATIONS = `
create table partner_applications (
  agency_id text not null,
  application_id text not null,
  partner_id text not null,
  -- The county that is asked to open a case.
  county text not null,
  state text not null check (state in ('received', 'more_asked', 'accepted', 'opened', 'refused')),
  channel text not null check (channel in ('portal', 'api', 'sftp', 'courier')),
  message_id text,
  conversation_id text,
  partner_file_number text,
  services text[] not null check (cardinality(services) > 0),
  applicant_key bytea not null,
  details_encrypted bytea not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  agreement_id text,
  received_on date not null,
  open_by date not null,
  received_at timestamptz not null,
  received_by text not null,
  -- What the officer is told: a code, and what is asked for as codes.
  reason text,
  asked_for text[] not null default '{}',
  -- Of the county's case, once it is open: the officer may say it to the applicant.
  case_id text,
  changed_at timestamptz not null,
  primary key (agency_id, application_id),
  check ((state = 'opened') = (case_id is not null))
);
create unique index partner_applications_content on partner_applications (agency_id, partner_id, sha256);
create index partner_applications_newest on partner_applications (agency_id, received_at desc, application_id);
create index partner_applications_applicant on partner_applications (agency_id, applicant_key);
create index partner_applications_waiting on partner_applications (agency_id, application_id) where state = 'accepted';
call puente_protect('partner_applications', 'county', 'partner_id');
call puente_never_delete('partner_applications');
`;

const APPLICATION_WORK = `
create table application_work (
  agency_id text not null,
  application_id text not null,
  county text not null,
  case_id text,
  proposal jsonb not null,
  findings jsonb not null default '[]',
  exported_at timestamptz,
  exported_by text,
  decided_at timestamptz,
  decided_by text,
  changed_at timestamptz not null,
  primary key (agency_id, application_id),
  foreign key (agency_id, application_id) references partner_applications
);
comment on table application_work is 'The proposal of a case, and what was decided; no partner sees it.';
create index application_work_case on application_work (agency_id, case_id) where case_id is not null;
call puente_protect('application_work', 'county', 'none');
call puente_never_delete('application_work');
`;

const PAPERS = `
create table application_papers (
  agency_id text not null,
  application_id text not null,
  position int not null check (position > 0),
  partner_id text not null,
  county text not null,
  kind text not null,
  file_id text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  media_type text not null,
  pages int not null check (pages > 0),
  byte_count bigint not null check (byte_count > 0),
  name_encrypted bytea not null,
  added_at timestamptz not null,
  added_by text not null,
  primary key (agency_id, application_id, position),
  unique (agency_id, application_id, sha256),
  foreign key (agency_id, application_id) references partner_applications,
  foreign key (agency_id, file_id) references kept_files
);
create index application_papers_file on application_papers (agency_id, file_id);
call puente_protect('application_papers', 'county', 'partner_id');
call puente_append_only('application_papers');
`;

const FILES = `
create policy application_read on kept_files for select using (agency_id = (select puente_agency()) and (select puente_is_agency()) and exists (
  select from application_papers p where p.agency_id = kept_files.agency_id and p.file_id = kept_files.file_id));
`;

// What was told without a packet: an answer, a message. It stands in the same log, with what it is and its digest in the record.
const TOLD = `
alter table disclosures drop constraint disclosures_kind_check;
alter table disclosures add constraint disclosures_kind_check check (kind in ('sealed', 'superseded', 'delivered', 'read', 'printed', 'recalled', 'told'));
alter table disclosures alter column packet_id drop not null, alter column referral_id drop not null;
alter table disclosures add constraint disclosures_packet_check check ((packet_id is null) = (kind = 'told') and (referral_id is not null or kind = 'told'));
`;
