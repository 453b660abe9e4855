import type { TxCtx } from '../../platform/context.ts';
import type { Disbursement } from './forwarding.rules.ts';
import type { CaseView, Person, Role } from './person.rules.ts';
import type { NumberShape } from './printed-number.rules.ts';

const SHAPES_MAX = 200;
const RUNNING_DIGITS = 7;
const SAME_AMOUNT_MAX = 400;
const PERSONS_MAX = 60;
const KEY_HITS_MAX = 20_000;
const OF_CASE_MAX = 400;

// Look-ups are lateral with a limit on purpose: each wanted id goes through the index, whatever the statistics of fresh tables say.

/**
 * What stands before the running digits of the numbers of our cases (`200000`, `IM-`), found by jumping through the key
 * from one beginning to the next, not by reading all cases.
 */
export async function selectCaseShapes(ctx: TxCtx): Promise<NumberShape[]> {
  const rows = await ctx.tx.query<{ prefix: string; digits: number }[]>(
    `with recursive jump as (
       (select case_id, 1 as step from support_cases where agency_id = $1 order by case_id limit 1)
       union all
       select n.case_id, j.step + 1 from jump j
       cross join lateral (select c.case_id from support_cases c where c.agency_id = $1
                            and c.case_id > regexp_replace(j.case_id, '\\d{1,${RUNNING_DIGITS}}$', '') || repeat('9', ${RUNNING_DIGITS})
                            order by c.case_id limit 1) n
        where j.step < ${SHAPES_MAX})
     select distinct regexp_replace(case_id, '\\d{1,${RUNNING_DIGITS}}$', '') as prefix,
            length(case_id) - length(regexp_replace(case_id, '\\d{1,${RUNNING_DIGITS}}$', '')) as digits from jump`,
    [ctx.actor.agency],
  );
  return rows.filter((r) => r.digits > 0);
}

/** The same of disbursement numbers: their letters and how many digits follow. */
export async function selectDisbursementShapes(ctx: TxCtx): Promise<NumberShape[]> {
  const rows = await ctx.tx.query<{ id: string | null }[]>(
    `(select disbursement_id as id from disbursements where agency_id = $1 order by disbursement_id limit 1)
     union all (select disbursement_id from disbursements where agency_id = $1 order by disbursement_id desc limit 1)`,
    [ctx.actor.agency],
  );
  const shapes = new Map<string, NumberShape>();
  for (const { id } of rows) {
    const prefix = (id ?? '').replace(/\d+$/u, '');
    const digits = (id ?? '').length - prefix.length;
    if (digits > 0) shapes.set(`${prefix}/${digits}`, { prefix, digits });
  }
  return [...shapes.values()];
}

export async function countCases(ctx: TxCtx): Promise<number> {
  const [row] = await ctx.tx.query<{ count: number }[]>('select count(*)::int as count from support_cases where agency_id = $1', [ctx.actor.agency]);
  return row?.count ?? 0;
}

export async function selectCases(ctx: TxCtx, caseIds: readonly string[]): Promise<Map<string, Omit<CaseView, 'persons'>>> {
  if (caseIds.length === 0) return new Map();
  const rows = await ctx.tx.query<{ case_id: string; county: string; status: 'open' | 'closed'; closed_on: string | null }[]>(
    `select c.case_id, c.county, c.status, c.closed_on::text as closed_on from unnest($2::text[]) as w (case_id)
      cross join lateral (select * from support_cases x where x.agency_id = $1 and x.case_id = w.case_id limit 1) c`,
    [ctx.actor.agency, caseIds],
  );
  return new Map(rows.map((r) => [r.case_id, { caseId: r.case_id, county: r.county, status: r.status, closedOn: r.closed_on }]));
}

export async function selectPersons(ctx: TxCtx, caseIds: readonly string[]): Promise<Map<string, Person[]>> {
  const persons = new Map<string, Person[]>();
  if (caseIds.length === 0) return persons;
  const rows = await ctx.tx.query<{ case_id: string; role: Role; given: string; family: string; second_family: string | null; native: string | null; aliases: string[] }[]>(
    `select p.case_id, p.role, p.given, p.family, p.second_family, p.native, p.aliases from unnest($2::text[]) as w (case_id)
      cross join lateral (select * from case_participants x where x.agency_id = $1 and x.case_id = w.case_id order by x.participant_id limit ${PERSONS_MAX}) p`,
    [ctx.actor.agency, caseIds],
  );
  for (const r of rows) {
    const person: Person = { role: r.role, name: { given: r.given, family: r.family, secondFamily: r.second_family, native: r.native, aliases: r.aliases } };
    const known = persons.get(r.case_id);
    if (known) known.push(person);
    else persons.set(r.case_id, [person]);
  }
  return persons;
}

/** Who bears a printed name: `side` 1 looks among those who owe, 2 among those who receive. */
export type NameKeyQuery = { readonly place: number; readonly side: 1 | 2; readonly key: string };
export type NameHit = { readonly place: number; readonly caseId: string; readonly sides: number; readonly total: number };

/** Cases that share keys with the names of lines: with both of them, or with one of the two. `total` counts those with both. */
export async function selectNameHits(ctx: TxCtx, keys: readonly NameKeyQuery[], max: { readonly both: number; readonly one: number }): Promise<NameHit[]> {
  if (keys.length === 0) return [];
  const rows = await ctx.tx.query<{ place: number; case_id: string; sides: number; total: number }[]>(
    `with k as (select * from unnest($2::int[], $3::int[], $4::text[]) as u (place, side, name_key)),
     hits as (
       select k.place, h.case_id, bit_or(k.side) as sides, count(*) as shared
         from k cross join lateral (select x.case_id, x.role from case_name_keys x where x.agency_id = $1 and x.name_key = k.name_key limit ${KEY_HITS_MAX}) h
        where case when k.side = 1 then h.role in ('obligor', 'alleged_parent') else h.role not in ('obligor', 'alleged_parent') end
        group by 1, 2),
     ranked as (
       select *, row_number() over (partition by place, sides order by shared desc, case_id) as rank, count(*) filter (where sides = 3) over (partition by place) as total from hits)
     select place, case_id, sides, total::int as total from ranked where rank <= case when sides = 3 then $5::int else $6::int end`,
    [ctx.actor.agency, keys.map((k) => k.place), keys.map((k) => k.side), keys.map((k) => k.key), max.both, max.one],
  );
  return rows.map((r) => ({ place: r.place, caseId: r.case_id, sides: r.sides, total: r.total }));
}

type DisbursementRow = {
  disbursement_id: string; case_id: string; partner_id: string; payee_name: string; amount_minor: string; currency: string;
  issued_on: string; method: string; county: string | null; settled_on: string | null;
};

const COLUMNS = `d.disbursement_id, d.case_id, d.partner_id, d.payee_name, d.amount_minor, d.currency, d.issued_on::text as issued_on, d.method,
  coalesce(c.county, d.county) as county, o.happened_on::text as settled_on`;
const JOINS = `left join lateral (select x.county from support_cases x where x.agency_id = $1 and x.case_id = d.case_id limit 1) c on true
  left join lateral (select x.happened_on from line_outcomes x where x.agency_id = $1 and x.disbursement_id = d.disbursement_id
                      and x.kind = 'forwarding' and x.outcome in ('posted', 'returned') limit 1) o on true`;

function disbursementOf(r: DisbursementRow): Disbursement {
  return {
    disbursementId: r.disbursement_id, caseId: r.case_id, partnerId: r.partner_id, payeeName: r.payee_name, amountMinor: BigInt(r.amount_minor),
    currency: r.currency, issuedOn: r.issued_on, method: r.method, county: r.county, settledOn: r.settled_on,
  };
}

export async function selectDisbursements(ctx: TxCtx, ids: readonly string[]): Promise<Map<string, Disbursement>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.tx.query<DisbursementRow[]>(
    `select ${COLUMNS} from unnest($2::text[]) as w (id)
      cross join lateral (select * from disbursements x where x.agency_id = $1 and x.disbursement_id = w.id limit 1) d ${JOINS}`,
    [ctx.actor.agency, ids],
  );
  return new Map(rows.map((r) => [r.disbursement_id, disbursementOf(r)]));
}

/** What was sent through a partner for these cases, latest first. */
export async function selectDisbursementsOfCases(ctx: TxCtx, partnerId: string, caseIds: readonly string[]): Promise<Map<string, Disbursement[]>> {
  if (caseIds.length === 0) return new Map();
  const rows = await ctx.tx.query<DisbursementRow[]>(
    `select ${COLUMNS} from unnest($2::text[]) as w (id)
      cross join lateral (select * from disbursements x where x.agency_id = $1 and x.case_id = w.id
                           order by x.issued_on desc, x.disbursement_id desc limit ${OF_CASE_MAX}) d ${JOINS}
      where d.partner_id = $3 and d.method = 'consulate' order by d.issued_on desc, d.disbursement_id desc`,
    [ctx.actor.agency, caseIds, partnerId],
  );
  return Map.groupBy(rows.map(disbursementOf), (d) => d.caseId);
}

export type AmountQuery = { readonly place: number; readonly amountMinor: bigint; readonly on: string };

/** Cases to which a partner was sent exactly this amount by the line's date: where a payee without a usable number is looked for. */
export async function selectCasesByAmount(ctx: TxCtx, partnerId: string, wanted: readonly AmountQuery[]): Promise<Map<number, Set<string>>> {
  const found = new Map<number, Set<string>>();
  if (wanted.length === 0) return found;
  const rows = await ctx.tx.query<{ place: number; case_id: string }[]>(
    `select w.place, d.case_id from unnest($3::int[], $4::bigint[], $5::date[]) as w (place, amount_minor, happened_on)
      cross join lateral (select x.case_id from disbursements x
                           where x.agency_id = $1 and x.partner_id = $2 and x.amount_minor = w.amount_minor and x.issued_on <= w.happened_on
                           order by x.issued_on desc limit ${SAME_AMOUNT_MAX}) d
      group by 1, 2`,
    [ctx.actor.agency, partnerId, wanted.map((w) => w.place), wanted.map((w) => w.amountMinor.toString()), wanted.map((w) => w.on)],
  );
  for (const r of rows) {
    const cases = found.get(r.place);
    if (cases) cases.add(r.case_id);
    else found.set(r.place, new Set([r.case_id]));
  }
  return found;
}
