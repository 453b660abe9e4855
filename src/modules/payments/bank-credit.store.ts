import { hash } from 'node:crypto';
import type { TxCtx } from '../../platform/context.ts';
import { copyRows } from '../../platform/database/index.ts';
import type { CopyRow } from '../../platform/database/index.ts';
import type { Finding } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { pairAcrossMessages } from './bank-twin.store.ts';
import type { BankEntry, BankSource } from './formats/bank-entry.rules.ts';
import { dayOf, identityOf } from './formats/bank-identity.rules.ts';
import { textArray } from './payment-line.store.ts';

/**
 * Entries on their way into the database: batches are staged as they are read, and settled when the whole file is known. An entry that
 * stands twice in one statement, word for word and under the same reference of the bank, is one.
 */
export class EntryStaging {
  readonly #ctx: TxCtx;
  readonly #fileId: string;
  count = 0;

  private constructor(ctx: TxCtx, fileId: string) {
    this.#ctx = ctx;
    this.#fileId = fileId;
  }

  static async open(ctx: TxCtx, fileId: string): Promise<EntryStaging> {
    await ctx.tx.query(STAGING);
    return new EntryStaging(ctx, fileId);
  }

  async add(entries: readonly BankEntry[], source: BankSource): Promise<void> {
    const first = this.count + 1;
    this.count += entries.length;
    await copyRows(this.#ctx, `staged_entries (${STAGED_COLUMNS})`, entryRows(source, entries, first));
  }

  /**
   * Adds the entries that no earlier file told of, and notes where each was seen. An entry is recognised by the bank's own reference or
   * as that of a statement sent again, the n-th of alike ones being the n-th; else by what another kind of message told (`formats/bank-identity.rules.ts`).
   * The file's statements are kept by then.
   */
  async settle(source: BankSource): Promise<{ imported: number; duplicate: number; findings: Finding[] }> {
    const { tx, actor: { agency } } = this.#ctx;
    // Keys are sorted by the million: in few runs rather than in many.
    await tx.query("set local work_mem = '64MB'");
    await tx.query('analyze staged_entries');
    await tx.query(DROP_REPEATS);
    await tx.query(NUMBER_KEYS, [agency, this.#fileId]);
    await tx.query('analyze staged_keys');
    await tx.query(GATHER_TAKEN, [agency]);
    const [taken] = await tx.query<{ is_any: boolean }[]>('select exists (select from taken_keys) as is_any');
    let findings: Finding[] = [];
    if (taken?.is_any) {
      await tx.query('analyze taken_keys');
      await tx.query(RECOGNISE, [agency, source]);
      findings = await pairAcrossMessages(this.#ctx, this.#fileId, source);
      await tx.query('analyze staged_entries');
    }
    await tx.query(ADD_CREDITS, [agency, this.#fileId, source]);
    await tx.query(ADD_FREE_KEYS, [agency]);
    if (taken?.is_any) await tx.query(ADD_TAKEN_KEYS, [agency]);
    await tx.query(ADD_DETAILS, [agency, this.#fileId]);
    const [counted] = await tx.query<{ imported: number }[]>(
      `with sighted as (
         insert into bank_credit_sightings (agency_id, file_id, position, credit_id, entry_ref, source, account, told_on, servicer_ref, statement_number, line)
         select $1, $2, position, coalesce(known_id, credit_id), entry_ref, $3, account, told_on, servicer_ref, statement_number, line from staged_entries returning 1)
       select count(*) filter (where known_id is null)::int as imported from staged_entries`,
      [agency, this.#fileId, source],
    );
    await tx.query('drop table staged_entries, staged_keys, taken_keys');
    const imported = counted?.imported ?? 0;
    return { imported, duplicate: this.count - imported, findings };
  }
}

const STAGED_COLUMNS = 'position, credit_id, entry_ref, amount_minor, currency, booked_on, value_on, direction, is_reversal, transfer_candidates, account, servicer_ref, said, details, strong_key, anchor, number_keys, said_key, told_on, statement_number, line';

const STAGING = `
create temporary table staged_entries (position int, credit_id text, entry_ref text, amount_minor bigint, currency text, booked_on date, value_on date, direction text, is_reversal boolean,
  transfer_candidates text[], account text, servicer_ref text, said bytea, details jsonb, strong_key bytea, anchor bytea, number_keys bytea[],
  said_key bytea, told_on date, statement_number int, line int, known_id text) on commit drop`;

const DROP_REPEATS = `
delete from staged_entries e using (select position, row_number() over (partition by said order by position) as time from staged_entries where said is not null) t
 where t.position = e.position and t.time > 1`;

/**
 * Of a statement that is sent again, by whichever of its names stayed: its identification and number, or its number and what it opens with; one
 * without either is known by its content. Field `:20:` of MT940 is often the same word every day.
 */
const NUMBER_KEYS = `
create temporary table staged_keys on commit drop as
with names as (
  select b.statement_number, n.name from bank_statements b cross join lateral (values
    (case when b.statement_id <> '' and b.source <> 'mt940' then concat_ws('|', 'id', b.statement_id, coalesce(b.sequence, -1), coalesce(b.page, 1)) end),
    (case when b.sequence is not null then concat_ws('|', 'number', b.sequence, coalesce(b.page, 1), coalesce(b.opening_minor::text, '')) end),
    (case when b.sequence is null and (b.statement_id = '' or b.source = 'mt940') then concat_ws('|', 'content', encode(b.content_digest, 'hex')) end)) as n (name)
   where b.agency_id = $1 and b.file_id = $2 and n.name is not null)
select s.position, s.key, (row_number() over (partition by s.key order by s.position))::int as occurrence, s.kind
  from (select position, strong_key as key, 'reference' as kind from staged_entries where strong_key is not null
        union all select e.position, substring(sha256(e.anchor || convert_to(n.name, 'UTF8')) for 20), 'again' from staged_entries e join names n using (statement_number)
        union all select position, unnest(number_keys), 'number' from staged_entries
        union all select position, said_key, 'said' from staged_entries where said_key is not null) s`;

/** Keys under which earlier files told of something: few, unless a file tells of it all again. */
const GATHER_TAKEN = `
create temporary table taken_keys on commit drop as
select k.key, max(k.occurrence) as last from bank_credit_keys k where k.agency_id = $1 and k.key in (select s.key from staged_keys s) group by k.key`;

const ADD_DETAILS = `
insert into bank_entry_details (agency_id, credit_id, file_id, instructed_minor, instructed_currency, counter_minor, counter_currency, rate, rate_source, rate_target, rate_quoted_on, charges)
select $1, coalesce(known_id, credit_id), $2, (details #>> '{instructed,amountMinor}')::bigint, details #>> '{instructed,currency}',
       (details #>> '{counterValue,amountMinor}')::bigint, details #>> '{counterValue,currency}', details #>> '{rate,rate}', details #>> '{rate,source}', details #>> '{rate,target}',
       (details #>> '{rate,quotedOn}')::date, coalesce(details -> 'charges', '[]')
  from staged_entries where details is not null`;

/** The bank's own reference first, then the statement sent again; neither where the same kind of message gave the credit another reference. */
const RECOGNISE = `
with candidates as (
  select s.position, k.credit_id, s.kind = 'reference' as is_strong
    from taken_keys t
    join staged_keys s on s.key = t.key and s.kind in ('reference', 'again')
    join staged_entries e on e.position = s.position
    join bank_credit_keys k on k.agency_id = $1 and k.key = s.key and k.occurrence = s.occurrence
   where e.servicer_ref = '' or not exists (select from bank_credit_sightings g where g.agency_id = $1 and g.credit_id = k.credit_id and g.source = $2
                                               and g.servicer_ref <> '' and g.servicer_ref <> e.servicer_ref)),
by_entry as (select distinct on (position) position, credit_id, is_strong from candidates order by position, is_strong desc, credit_id),
one_each as (select distinct on (credit_id) position, credit_id from by_entry order by credit_id, is_strong desc, position)
update staged_entries e set known_id = o.credit_id from one_each o where o.position = e.position`;

const ADD_CREDITS = `
insert into bank_credits (agency_id, credit_id, file_id, entry_ref, position, amount_minor, currency, booked_on, value_on, direction, is_reversal,
  transfer_candidates, account, source, servicer_ref)
select $1, credit_id, $2, entry_ref, position, amount_minor, currency, booked_on, value_on, direction, is_reversal, transfer_candidates, account, $3, servicer_ref
  from staged_entries where known_id is null order by position`;

/** Keys that nobody had are numbered as this file numbers them; they lie in their order, which is the order of the index that takes them. */
const ADD_FREE_KEYS = `
insert into bank_credit_keys (agency_id, key, occurrence, credit_id)
select $1, s.key, s.occurrence, coalesce(e.known_id, e.credit_id)
  from staged_keys s join staged_entries e on e.position = s.position where not exists (select from taken_keys t where t.key = s.key)`;

/** A known credit learns the keys under which this file tells of it; a new one takes the next free place of each of its keys. */
const ADD_TAKEN_KEYS = `
insert into bank_credit_keys (agency_id, key, occurrence, credit_id)
select $1, s.key, t.last + row_number() over (partition by s.key order by s.position), coalesce(e.known_id, e.credit_id)
  from taken_keys t join staged_keys s on s.key = t.key join staged_entries e on e.position = s.position
 where e.known_id is null or not exists (select 1 from bank_credit_keys k where k.agency_id = $1 and k.key = s.key and k.credit_id = e.known_id)`;

function* entryRows(source: BankSource, entries: readonly BankEntry[], first: number): Generator<CopyRow> {
  let position = first;
  for (const entry of entries) {
    const { strong, anchor, numbers, said } = identityOf(entry, source);
    const details = entry.details ? JSON.stringify(entry.details, withMinor) : null;
    yield [position, newId('crd'), entry.entryRef, entry.amountMinor, entry.currency, entry.bookedOn, entry.valueOn, entry.direction, entry.isReversal, textArray(entry.candidates),
      entry.account, entry.servicerRef, entry.servicerRef === '' ? null : `\\x${digest(saidBy(entry, details))}`, details, digested(strong), digested(anchor), keyArray(numbers), digested(said),
      dayOf(entry), entry.statement === undefined ? null : entry.statement + 1, entry.line];
    position++;
  }
}

/** All that an entry says, word for word, but not where it stands. */
function saidBy(e: BankEntry, details: string | null): string {
  return JSON.stringify([e.entryRef, e.part, e.account, e.group, String(e.amountMinor), e.currency, e.direction, e.isReversal, e.bookedOn, e.valueOn, e.servicerRef, e.candidates, e.text, details, e.statement]);
}

function keyArray(texts: readonly string[]): string {
  let array = '';
  for (const text of texts.length > 1 ? new Set(texts) : texts) array += `${array === '' ? '' : ','}"\\\\x${digest(text)}"`;
  return `{${array}}`;
}

const digested = (text: string | null): string | null => (text === null ? null : `\\x${digest(text)}`);

const withMinor = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

function digest(text: string): string {
  return hash('sha256', text).slice(0, 40);
}

export interface BankCreditRow {
  fileName: string;
  sha256: string;
  entryRef: string;
  amountMinor: string;
  currency: string;
  outcome: 'matched' | 'unmatched';
  transfer: string | null;
  importedSeq: string;
  position: number;
}

/** Credits in the order in which they came; debits are none. What reconciliation made of them stands in its own table. */
export async function selectBankCredits(ctx: TxCtx, wanted: { limit: number; after: readonly [string, number] | null }): Promise<BankCreditRow[]> {
  return ctx.tx.query<BankCreditRow[]>(
    `select f.file_name as "fileName", f.sha256, c.entry_ref as "entryRef", c.amount_minor as "amountMinor", c.currency,
            coalesce(o.outcome, 'unmatched') as outcome, o.transfer, f.imported_seq as "importedSeq", c.position
       from bank_credits c
       join received_files f on f.agency_id = c.agency_id and f.file_id = c.file_id
       left join bank_credit_outcomes o on o.agency_id = c.agency_id and o.credit_id = c.credit_id
      where c.agency_id = $1 and c.direction = 'credit' and ($2::bigint is null or (f.imported_seq, c.position) > ($2::bigint, $3::int))
      order by f.imported_seq, c.position limit $4`,
    [ctx.actor.agency, wanted.after?.[0] ?? null, wanted.after?.[1] ?? null, wanted.limit],
  );
}
