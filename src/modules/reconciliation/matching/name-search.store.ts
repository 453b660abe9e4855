import type { TxCtx } from '../../../platform/context.ts';

/** Beyond this a key says that it was cut: a rival may stand behind what was seen. */
export const KEY_HITS_MAX = 20_000;

/** Told one by one, so that the index finds them. */
const ROLES_OF_SIDE = "case when k.side = 1 then '{obligor,alleged_parent}'::text[] else '{obligee,caretaker,dependent}'::text[] end";

/** Who bears a printed name: `side` 1 looks among those who owe, 2 among those who receive. */
export type NameKeyQuery = { readonly place: number; readonly side: 1 | 2; readonly key: string };
export type NameHit = {
  readonly place: number;
  readonly caseId: string;
  /** 1 the debtor's name, 2 the creditor's, 3 both. */
  readonly sides: number;
  /** Its place among those with the same sides, the most alike first. */
  readonly rank: number;
  /** How many share as many keys as it or more, on the same sides. */
  readonly alike: number;
  /** How many there are with the same sides. */
  readonly total: number;
  /** A key of the line has more bearers than were looked up. */
  readonly isCut: boolean;
};

export type NameLimits = { readonly both: number; readonly one: number };

/**
 * Cases that share keys with the names of lines: with both of them, or with one of the two, so many of each. For the lines in
 * `complete` all of them come, however many.
 */
export async function selectNameHits(ctx: TxCtx, keys: readonly NameKeyQuery[], max: NameLimits, complete: readonly number[]): Promise<NameHit[]> {
  if (keys.length === 0) return [];
  // One text a line: hundreds of thousands of rows cost more to hand over than to find.
  const rows = await ctx.tx.query<{ place: number; is_cut: boolean; hits: string }[]>(
    `with k as (select * from unnest($2::int[], $3::int[], $4::text[]) as u (place, side, name_key)),
     hits as (
       select k.place, h.case_id, bit_or(k.side) as sides, count(*) as shared, bool_or(h.bearers > ${KEY_HITS_MAX}) as is_cut
         from k cross join lateral (
                select b.case_id, count(*) over () as bearers from (
                  select x.case_id from case_name_keys x where x.agency_id = $1 and x.name_key = k.name_key
                     and x.role = any (${ROLES_OF_SIDE}) limit ${KEY_HITS_MAX + 1}) b) h
        group by 1, 2),
     ranked as (
       select place, case_id, sides, row_number() over (partition by place, sides order by shared desc, case_id)::int as rank,
              count(*) over (partition by place, sides order by shared desc)::int as alike, count(*) over (partition by place, sides)::int as total,
              bool_or(is_cut) over (partition by place) as is_cut from hits)
     select place, bool_or(is_cut) as is_cut, string_agg(concat_ws(' ', sides, rank, alike, total, case_id), E'\\n' order by sides, rank) as hits from ranked
      where rank <= case when sides = 3 then $5::int else $6::int end or place = any ($7::int[]) group by place`,
    [ctx.actor.agency, keys.map((k) => k.place), keys.map((k) => k.side), keys.map((k) => k.key), max.both, max.one, complete],
  );
  return rows.flatMap((r) => r.hits.split('\n').map((hit): NameHit => {
    const [sides, rank, alike, total, ...caseId] = hit.split(' ') as [string, string, string, string, ...string[]];
    return { place: r.place, caseId: caseId.join(' '), sides: Number(sides), rank: Number(rank), alike: Number(alike), total: Number(total), isCut: r.is_cut };
  }));
}

/** Counting stops here: a name that so many bear says nothing, however many more there are. */
const BEARERS_MAX = 2_000;

/** How many cases have somebody on that side who shares the key: by `side/key`. */
export async function countKeyBearers(ctx: TxCtx, keys: readonly { readonly side: 1 | 2; readonly key: string }[]): Promise<Map<string, number>> {
  const wanted = [...new Map(keys.map((k) => [`${k.side}/${k.key}`, k])).values()];
  if (wanted.length === 0) return new Map();
  const rows = await ctx.tx.query<{ side: number; name_key: string; bearers: number }[]>(
    `select k.side, k.name_key, b.bearers from unnest($2::int[], $3::text[]) as k (side, name_key)
      cross join lateral (select count(*)::int as bearers from (
        select from case_name_keys x where x.agency_id = $1 and x.name_key = k.name_key and x.role = any (${ROLES_OF_SIDE}) limit ${BEARERS_MAX}) y) b`,
    [ctx.actor.agency, wanted.map((k) => k.side), wanted.map((k) => k.key)],
  );
  return new Map(rows.map((r) => [`${r.side}/${r.name_key}`, r.bearers]));
}
