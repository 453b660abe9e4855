import type { TxCtx } from '../../../platform/context.ts';
import type { Disbursement } from './forwarding.rules.ts';
import { plainPartnerNumber } from './number-evidence.rules.ts';
import type { CaseView, Person, Role } from './person.rules.ts';
import type { NumberShape } from './printed-number.rules.ts';

const SHAPES_MAX = 200;
const RUNNING_DIGITS = 7;
const ID_LENGTH_MAX = 40;
/** Cases that share one number of a partner: two already prove nothing. */
const SHARING_MAX = 5;

// Look-ups are lateral with a limit or an offset on purpose: each wanted id goes through the index, whatever the statistics of fresh
// tables say. No limit here hides a row that counts: keys are unique, and where they are not, all rows come.

/** `isCut`: there are more kinds of numbers than were looked up, so that a number in a remark may be one of ours without being known as one. */
export type ShapesFound = { readonly shapes: readonly NumberShape[]; readonly isCut: boolean };

/**
 * What stands before the running digits of the numbers of our cases (`200000`, `IM-`), found by jumping through the key
 * from one beginning to the next, not by reading all cases.
 */
export async function selectCaseShapes(ctx: TxCtx): Promise<ShapesFound> {
  const rows = await ctx.tx.query<{ prefix: string; digits: number; steps: number }[]>(
    `with recursive jump as (
       (select case_id, 1 as step from support_cases where agency_id = $1 order by case_id limit 1)
       union all
       select n.case_id, j.step + 1 from jump j
       cross join lateral (select c.case_id from support_cases c where c.agency_id = $1
                            and c.case_id > regexp_replace(j.case_id, '\\d{1,${RUNNING_DIGITS}}$', '') || repeat('9', ${RUNNING_DIGITS})
                            order by c.case_id limit 1) n
        where j.step <= ${SHAPES_MAX})
     select regexp_replace(case_id, '\\d{1,${RUNNING_DIGITS}}$', '') as prefix,
            length(case_id) - length(regexp_replace(case_id, '\\d{1,${RUNNING_DIGITS}}$', '')) as digits, max(step)::int as steps from jump group by 1, 2`,
    [ctx.actor.agency],
  );
  return { shapes: rows.filter((r) => r.digits > 0).map(({ prefix, digits }) => ({ prefix, digits })), isCut: rows.some((r) => r.steps > SHAPES_MAX) };
}

/** The same of disbursement numbers: the letters that they begin with and how many digits follow, told by the first and the last of each beginning. */
export async function selectDisbursementShapes(ctx: TxCtx): Promise<ShapesFound> {
  const rows = await ctx.tx.query<{ id: string; step: number }[]>(
    `with recursive jump as (
       (select disbursement_id as id, regexp_replace(disbursement_id, '\\d+$', '') as prefix, 1 as step from disbursements where agency_id = $1 order by disbursement_id limit 1)
       union all
       select n.id, regexp_replace(n.id, '\\d+$', ''), j.step + 1 from jump j
       cross join lateral (select d.disbursement_id as id from disbursements d where d.agency_id = $1 and d.disbursement_id > j.prefix || repeat('9', ${ID_LENGTH_MAX})
                            order by d.disbursement_id limit 1) n
        where j.step <= ${SHAPES_MAX})
     select e.id, j.step from jump j cross join lateral (
       select j.id union all
       (select d.disbursement_id from disbursements d where d.agency_id = $1 and d.disbursement_id <= j.prefix || repeat('9', ${ID_LENGTH_MAX}) order by d.disbursement_id desc limit 1)) e`,
    [ctx.actor.agency],
  );
  const shapes = new Map<string, NumberShape>();
  for (const { id } of rows) {
    const prefix = id.replace(/\d+$/u, '');
    const digits = id.length - prefix.length;
    if (digits > 0) shapes.set(`${prefix}/${digits}`, { prefix, digits });
  }
  return { shapes: [...shapes.values()], isCut: rows.some((r) => r.step > SHAPES_MAX) };
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

/** Which of these partners have file numbers of their own that we know. */
export async function selectPartnersWithNumbers(ctx: TxCtx, partnerIds: readonly string[]): Promise<Set<string>> {
  const rows = await ctx.tx.query<{ partner_id: string }[]>(
    `select p.partner_id from unnest($2::text[]) as p (partner_id)
      where exists (select from partner_case_numbers n where n.agency_id = $1 and n.partner_id = p.partner_id)`,
    [ctx.actor.agency, partnerIds],
  );
  return new Set(rows.map((r) => r.partner_id));
}

/** The cases that a partner keeps under the numbers printed, by the line's place. */
export async function selectPartnerNumbers(ctx: TxCtx, partnerId: string, printed: readonly { readonly place: number; readonly text: string }[]): Promise<Map<number, string[]>> {
  const wanted = printed.map((p) => ({ place: p.place, plain: plainPartnerNumber(p.text) })).filter((p) => p.plain !== '');
  const rows = await ctx.tx.query<{ place: number; case_ids: string[] }[]>(
    `select w.place, array_agg(distinct n.case_id) as case_ids from unnest($3::int[], $4::text[]) as w (place, plain)
      cross join lateral (select distinct x.case_id from partner_case_numbers x
                           where x.agency_id = $1 and x.partner_id = $2 and translate(upper(normalize(x.value, NFKC)), ' -./_#:', '') = w.plain limit ${SHARING_MAX}) n
      group by w.place`,
    [ctx.actor.agency, partnerId, wanted.map((w) => w.place), wanted.map((w) => w.plain)],
  );
  return new Map(rows.map((r) => [r.place, r.case_ids]));
}

export async function selectPersons(ctx: TxCtx, caseIds: readonly string[]): Promise<Map<string, Person[]>> {
  const persons = new Map<string, Person[]>();
  if (caseIds.length === 0) return persons;
  const rows = await ctx.tx.query<{ case_id: string; role: Role; given: string; family: string; second_family: string | null; native: string | null; aliases: string[] }[]>(
    `select p.case_id, p.role, p.given, p.family, p.second_family, p.native, p.aliases from unnest($2::text[]) as w (case_id)
      cross join lateral (select * from case_participants x where x.agency_id = $1 and x.case_id = w.case_id order by x.participant_id offset 0) p`,
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

export type DisbursementRow = {
  disbursement_id: string; case_id: string; partner_id: string; payee_name: string; amount_minor: string; currency: string;
  issued_on: string; method: string; county: string | null; settled_on: string | null;
};

export const DISBURSEMENT_COLUMNS = `d.disbursement_id, d.case_id, d.partner_id, d.payee_name, d.amount_minor, d.currency, d.issued_on::text as issued_on, d.method,
  coalesce(c.county, d.county) as county, o.happened_on::text as settled_on`;
export const DISBURSEMENT_JOINS = `left join lateral (select x.county from support_cases x where x.agency_id = $1 and x.case_id = d.case_id limit 1) c on true
  left join lateral (select x.happened_on from line_outcomes x where x.agency_id = $1 and x.disbursement_id = d.disbursement_id
                      and x.kind = 'forwarding' and x.outcome in ('posted', 'returned')
                     union all select n.happened_on from settled_notices n where n.agency_id = $1 and n.disbursement_id = d.disbursement_id limit 1) o on true`;

export function disbursementOf(r: DisbursementRow): Disbursement {
  return {
    disbursementId: r.disbursement_id, caseId: r.case_id, partnerId: r.partner_id, payeeName: r.payee_name, amountMinor: BigInt(r.amount_minor),
    currency: r.currency, issuedOn: r.issued_on, method: r.method, county: r.county, settledOn: r.settled_on,
  };
}

export async function selectDisbursements(ctx: TxCtx, ids: readonly string[]): Promise<Map<string, Disbursement>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.tx.query<DisbursementRow[]>(
    `select ${DISBURSEMENT_COLUMNS} from unnest($2::text[]) as w (id)
      cross join lateral (select * from disbursements x where x.agency_id = $1 and x.disbursement_id = w.id limit 1) d ${DISBURSEMENT_JOINS}`,
    [ctx.actor.agency, ids],
  );
  return new Map(rows.map((r) => [r.disbursement_id, disbursementOf(r)]));
}
