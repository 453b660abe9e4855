import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a search of cases finds them by. Under row-level security only comparisons that give nothing away may use an index, which `=`, `<` and `>`
 * of text are and those of arrays, patterns and trigrams are not: so each word, number and piece of a name is a row of its own, and a beginning is
 * looked for as a range. Cases that came in before get theirs by `puente cases figures`.
 */
export class CaseSearch implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table case_search_terms (
        agency_id text not null,
        -- A letter that says what it is, and the folded text: w word, i initial consonants, n number, t number from its end, d keyed hash of a docket.
        term text collate "C" not null,
        case_id text not null,
        county text not null
      )`);
    // With the county, so that nobody's rights are asked of the table itself.
    await runner.query('create unique index case_search_terms_once on case_search_terms (agency_id, term, case_id) include (county)');
    await runner.query('create index case_search_terms_by_case on case_search_terms (agency_id, case_id)');
    await runner.query("call puente_protect('case_search_terms', 'county', null)");
    await runner.query('drop index support_cases_by_word');
    await runner.query('alter table support_cases drop column search_words');
    // Who owes, folded, surname first: by what lists are sorted.
    await runner.query(`alter table support_cases add column sort_name text collate "C" not null default ''`);
    await runner.query('create index support_cases_by_name on support_cases (agency_id, sort_name, case_id)');
    await runner.query('create index support_cases_by_opening on support_cases (agency_id, opened_on, case_id)');
    await runner.query('create index support_cases_of_county_by_name on support_cases (agency_id, county, sort_name, case_id)');
    await runner.query('create index support_cases_of_county_by_opening on support_cases (agency_id, county, opened_on, case_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of ['support_cases_of_county_by_opening', 'support_cases_of_county_by_name', 'support_cases_by_opening']) await runner.query(`drop index ${index}`);
    await runner.query('drop index support_cases_by_name');
    await runner.query('alter table support_cases drop column sort_name');
    await runner.query("alter table support_cases add column search_words text[] not null default '{}'");
    await runner.query('create index support_cases_by_word on support_cases using gin (search_words)');
    await runner.query('drop table case_search_terms');
  }
}
