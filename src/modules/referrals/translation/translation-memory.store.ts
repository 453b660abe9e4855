import type { TxCtx } from '../../../platform/context.ts';
import { SIMILARITY_MIN } from './similarity.rules.ts';

/** One direction within one county: nothing is remembered across either. */
export interface MemoryScope {
  readonly county: string;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
}

export interface MemoryRow {
  readonly memoryId: string;
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
  await ctx.tx.query(
    `insert into translation_memory (agency_id, memory_id, county, source_language, target_language, source_encrypted, target_encrypted, grams, approved_on)
     values ($1, $2, $3, $4, $5, $6, $7, $8::bigint[], $9) on conflict (agency_id, memory_id) do update set approved_on = excluded.approved_on`,
    [ctx.actor.agency, one.memoryId, scope.county, scope.sourceLanguage, scope.targetLanguage, one.sourceEncrypted, one.targetEncrypted, one.grams.map(String), one.approvedOn],
  );
  await ctx.tx.query(
    `insert into translation_memory_pieces (agency_id, memory_id, piece, county) select $1, $2, piece, $3 from unnest($4::bigint[]) as piece on conflict do nothing`,
    [ctx.actor.agency, one.memoryId, scope.county, one.foundBy.map(String)],
  );
}

/** Of sentences that share a piece, those that share most are compared whole. */
const CANDIDATES_MAX = 200;

/** The most similar sentences by the share of pieces that both have (Jaccard), computed on the keyed hashes; the newest of equals first. */
export async function selectSimilar(ctx: TxCtx, scope: MemoryScope, grams: readonly bigint[], foundBy: readonly bigint[], limit: number): Promise<MemoryRow[]> {
  return ctx.tx.query<MemoryRow[]>(
    `with candidates as (
       select memory_id from translation_memory_pieces where agency_id = $1 and county = $2 and piece = any ($6::bigint[])
        group by memory_id order by count(*) desc, memory_id limit ${CANDIDATES_MAX}),
     counted as (
       select m.*, (select count(*) from unnest(m.grams) g where g = any ($5::bigint[]))::float8 as common
         from candidates c join translation_memory m on m.agency_id = $1 and m.memory_id = c.memory_id
        where m.county = $2 and m.source_language = $3 and m.target_language = $4
          and cardinality(m.grams) between ceil($7::int * $8::float8) and floor($7::int / $8::float8))
     select memory_id as "memoryId", source_encrypted as "sourceEncrypted", target_encrypted as "targetEncrypted", approved_on::text as "approvedOn",
            common / (cardinality(grams) + $7::int - common) as similarity
       from counted where common / (cardinality(grams) + $7::int - common) >= $8 order by similarity desc, approved_on desc, memory_id limit $9`,
    [ctx.actor.agency, scope.county, scope.sourceLanguage, scope.targetLanguage, grams.map(String), foundBy.map(String), grams.length, SIMILARITY_MIN, limit],
  );
}
