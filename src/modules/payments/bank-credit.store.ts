import { createHash } from 'node:crypto';
import type { TxCtx } from '../../platform/context.ts';
import { copyRows } from '../../platform/database/index.ts';
import type { CopyRow } from '../../platform/database/index.ts';
import { newId } from '../../platform/ids.ts';
import { identityTexts } from './formats/bank-entry.rules.ts';
import type { BankEntry, BankSource } from './formats/bank-entry.rules.ts';
import { textArray } from './payment-line.store.ts';

export interface EntriesOfFile {
  fileId: string;
  source: BankSource;
  entries: readonly BankEntry[];
}

/**
 * Adds the entries that no earlier file told of, and notes where each was seen. An entry is recognised by the bank's own reference, else
 * by a transfer number with the same money within a week, the n-th such entry of one file being the n-th of another: two payments
 * that are alike within one file stay two.
 */
export async function insertBankEntries(ctx: TxCtx, file: EntriesOfFile): Promise<{ imported: number; duplicate: number }> {
  await ctx.tx.query(STAGING);
  await copyRows(ctx, 'staged_entries (position, credit_id, entry_ref, amount_minor, currency, booked_on, value_on, direction, is_reversal, transfer_candidates, fingerprint, account, servicer_ref)', entryRows(file));
  await copyRows(ctx, 'staged_keys (position, key, occurrence, is_strong)', keyRows(file));
  await ctx.tx.query('create index on staged_keys (key, occurrence)');
  await ctx.tx.query('analyze staged_entries; analyze staged_keys');
  await ctx.tx.query(RECOGNISE, [ctx.actor.agency, file.source]);
  await ctx.tx.query(ADD_CREDITS, [ctx.actor.agency, file.fileId, file.source]);
  await ctx.tx.query(ADD_KEYS, [ctx.actor.agency]);
  const [counted] = await ctx.tx.query<{ imported: number; duplicate: number }[]>(
    `with sighted as (
       insert into bank_credit_sightings (agency_id, file_id, position, credit_id, entry_ref)
       select $1, $2, position, coalesce(known_id, credit_id), entry_ref from staged_entries returning 1)
     select count(*) filter (where known_id is null)::int as imported, count(*) filter (where known_id is not null)::int as duplicate from staged_entries`,
    [ctx.actor.agency, file.fileId],
  );
  await ctx.tx.query('drop table staged_entries, staged_keys');
  return counted ?? { imported: 0, duplicate: 0 };
}

const STAGING = `
create temporary table staged_entries (position int primary key, credit_id text, entry_ref text, amount_minor bigint, currency text, booked_on date,
  value_on date, direction text, is_reversal boolean, transfer_candidates text[], fingerprint bytea, account text, servicer_ref text, known_id text) on commit drop;
create temporary table staged_keys (position int, key bytea, occurrence int, is_strong boolean) on commit drop`;

/** The bank's own references first; a transfer number recognises nothing where one and the same kind of message of one account gives two references. */
const RECOGNISE = `
with candidates as (
  select s.position, k.credit_id, s.is_strong
    from staged_keys s
    join staged_entries e on e.position = s.position
    join bank_credit_keys k on k.agency_id = $1 and k.key = s.key and k.occurrence = s.occurrence
    join bank_credits c on c.agency_id = $1 and c.credit_id = k.credit_id
   where s.is_strong or not (c.source = $2 and c.account = e.account and c.servicer_ref <> '' and e.servicer_ref <> '' and c.servicer_ref <> e.servicer_ref)),
by_entry as (select distinct on (position) position, credit_id, is_strong from candidates order by position, is_strong desc, credit_id),
one_each as (select distinct on (credit_id) position, credit_id from by_entry order by credit_id, is_strong desc, position)
update staged_entries e set known_id = o.credit_id from one_each o where o.position = e.position`;

const ADD_CREDITS = `
insert into bank_credits (agency_id, credit_id, file_id, entry_ref, position, amount_minor, currency, booked_on, value_on, direction, is_reversal,
  transfer_candidates, fingerprint, account, source, servicer_ref)
select $1, credit_id, $2, entry_ref, position, amount_minor, currency, booked_on, value_on, direction, is_reversal, transfer_candidates,
  fingerprint, account, $3, servicer_ref
  from staged_entries where known_id is null order by position`;

/** A known credit learns the keys under which this file tells of it; a new one takes the next free place of each of its keys. */
const ADD_KEYS = `
insert into bank_credit_keys (agency_id, key, occurrence, credit_id)
select $1, s.key, coalesce((select max(k.occurrence) from bank_credit_keys k where k.agency_id = $1 and k.key = s.key), 0)
       + row_number() over (partition by s.key order by s.position), coalesce(e.known_id, e.credit_id)
  from staged_keys s join staged_entries e on e.position = s.position
 where not exists (select 1 from bank_credit_keys k where k.agency_id = $1 and k.key = s.key and k.credit_id = e.known_id)`;

function* entryRows(file: EntriesOfFile): Generator<CopyRow> {
  let position = 0;
  const seen = new Map<string, number>();
  for (const entry of file.entries) {
    position++;
    const identity = identityTexts(entry, file.source);
    const base = identity.strong ?? identity.weak.join('\n');
    const occurrence = (seen.get(base) ?? 0) + 1;
    seen.set(base, occurrence);
    yield [position, newId('crd'), entry.entryRef, entry.amountMinor, entry.currency, entry.bookedOn, entry.valueOn, entry.direction, entry.isReversal,
      textArray(entry.candidates), bytes(`${file.fileId}\n${base}\n${occurrence}`), entry.account, entry.servicerRef];
  }
}

function* keyRows(file: EntriesOfFile): Generator<CopyRow> {
  let position = 0;
  const seen = new Map<string, number>();
  const numbered = (text: string): CopyRow => {
    const key = bytes(text);
    const occurrence = (seen.get(key) ?? 0) + 1;
    seen.set(key, occurrence);
    return [position, key, occurrence];
  };
  for (const entry of file.entries) {
    position++;
    const { strong, weak } = identityTexts(entry, file.source);
    if (strong !== null) yield [...numbered(strong), true];
    for (const text of new Set(weak)) yield [...numbered(text), false];
  }
}

function bytes(text: string): string {
  return `\\x${createHash('sha256').update(text).digest('hex').slice(0, 40)}`;
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
