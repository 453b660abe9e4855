import type { TxCtx } from '../../../platform/context.ts';
import { SIMILARITY_MIN } from './similarity.rules.ts';

/** One direction within one county: nothing is remembered across either. */
export interface MemoryScope {
  readonly county: string;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
}

export interface MemoryRow {
  readonly sourceLookup: Buffer;
  readonly targetLookup: Buffer;
  readonly sourceEncrypted: Buffer;
  readonly targetEncrypted: Buffer;
  readonly similarity: number;
  readonly approvedOn: string;
}

export interface NewMemory extends Omit<MemoryRow, 'similarity'> {
  readonly grams: readonly bigint[];
  readonly foundBy: readonly bigint[];
}

export async function upsertMemory(ctx: TxCtx, scope: MemoryScope, one: NewMemory): Promise<void> {
  const key = [ctx.actor.agency, scope.county, scope.sourceLanguage, scope.targetLanguage, one.sourceLookup, one.targetLookup];
  await ctx.tx.query(
    `insert into translation_memory (agency_id, county, source_language, target_language, source_lookup, target_lookup, source_encrypted, target_encrypted, grams, approved_on)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::bigint[], $10)
     on conflict (agency_id, county, source_language, target_language, source_lookup, target_lookup) do update set approved_on = excluded.approved_on`,
    [...key, one.sourceEncrypted, one.targetEncrypted, one.grams.map(String), one.approvedOn],
  );
  await ctx.tx.query(
    `insert into translation_memory_pieces (agency_id, county, source_language, target_language, piece, source_lookup, target_lookup)
     select $1, $2, $3, $4, piece, $5, $6 from unnest($7::bigint[]) as piece on conflict do nothing`,
    [...key, one.foundBy.map(String)],
  );
}

/** The most similar sentences by the share of pieces that both have (Jaccard), computed on the keyed hashes; the newest of equals first. */
export async function selectSimilar(ctx: TxCtx, scope: MemoryScope, grams: readonly bigint[], foundBy: readonly bigint[], limit: number): Promise<MemoryRow[]> {
  return ctx.tx.query<MemoryRow[]>(
    `with candidates as (
       select distinct source_lookup, target_lookup from translation_memory_pieces
        where agency_id = $1 and county = $2 and source_language = $3 and target_language = $4 and piece = any ($6::bigint[])),
     counted as (
       select m.*, (select count(*) from unnest(m.grams) g where g = any ($5::bigint[]))::float8 as common
         from candidates c join translation_memory m using (source_lookup, target_lookup)
        where m.agency_id = $1 and m.county = $2 and m.source_language = $3 and m.target_language = $4
          and cardinality(m.grams) between ceil($7::int * $8::float8) and floor($7::int / $8::float8))
     select source_lookup as "sourceLookup", target_lookup as "targetLookup", source_encrypted as "sourceEncrypted", target_encrypted as "targetEncrypted",
            approved_on::text as "approvedOn", common / (cardinality(grams) + $7::int - common) as similarity
       from counted where common / (cardinality(grams) + $7::int - common) >= $8 order by similarity desc, approved_on desc, source_lookup, target_lookup limit $9`,
    [ctx.actor.agency, scope.county, scope.sourceLanguage, scope.targetLanguage, grams.map(String), foundBy.map(String), grams.length, SIMILARITY_MIN, limit],
  );
}
