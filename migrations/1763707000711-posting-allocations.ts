import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How each exported collection was proposed to be applied: by bucket and obligation, with the rule that said so. */
export class PostingAllocations implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table posting_allocations (
        agency_id text collate "C" not null,
        posting_id text collate "C" not null,
        position int not null,
        case_id text collate "C" not null,
        county text collate "C",
        bucket text check (bucket in ('current_support', 'arrears_unassigned', 'arrears_assigned', 'interest', 'medical')),
        obligation_id text,
        amount_minor bigint not null check (amount_minor <> 0),
        currency text not null check (currency ~ '^[A-Z]{3}$'),
        received_on date not null,
        rule_id text not null,
        rule_version text not null,
        allocated_at timestamptz not null,
        primary key (agency_id, posting_id, position),
        foreign key (agency_id, posting_id) references posting_proposals (agency_id, posting_id)
      );
      create index posting_allocations_case on posting_allocations (agency_id, case_id, received_on);
      comment on column posting_allocations.bucket is 'Null: nothing that is known to us was due; the State decides.';
      call puente_protect('posting_allocations', 'county', 'none');
      call puente_append_only('posting_allocations')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table posting_allocations');
  }
}
