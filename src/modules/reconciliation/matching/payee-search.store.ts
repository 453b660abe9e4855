import type { TxCtx } from '../../../platform/context.ts';
import { disbursementOf, DISBURSEMENT_COLUMNS, DISBURSEMENT_JOINS } from './candidate.store.ts';
import type { DisbursementRow } from './candidate.store.ts';
import type { Disbursement, SearchReach } from './forwarding.rules.ts';

/** Beyond these a look-up says that it was cut: a rival may stand behind what was seen. */
export const SAME_AMOUNT_MAX = 400;
export const PAYEE_KEY_HITS_MAX = 5_000;
export const OF_CASE_MAX = 400;

export type PayeeQuery = {
  readonly place: number;
  readonly payeeName: string;
  readonly keys: readonly string[];
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly on: string;
};
export type PayeeSearch = { readonly reach: SearchReach; readonly caseIds: readonly string[] };

/**
 * Cases to which a partner was sent exactly this amount by the line's date. Where so many were that not all can be compared, those
 * of them that share a key with the printed name, or whose payee stands in the register as printed.
 */
export async function searchPayees(ctx: TxCtx, partnerId: string, wanted: readonly PayeeQuery[]): Promise<Map<number, PayeeSearch>> {
  const found = new Map<number, PayeeSearch>();
  if (wanted.length === 0) return found;
  const rows = await ctx.tx.query<{ place: number; count: number; case_ids: string[] }[]>(BY_AMOUNT, [ctx.actor.agency, partnerId, ...columnsOf(wanted)]);
  for (const r of rows) if (r.count <= SAME_AMOUNT_MAX) found.set(r.place, { reach: 'all', caseIds: r.case_ids });
  const crowded = new Set(rows.filter((r) => r.count > SAME_AMOUNT_MAX).map((r) => r.place));
  const narrowed = await searchByName(ctx, partnerId, wanted.filter((w) => crowded.has(w.place)));
  for (const [place, search] of narrowed) found.set(place, search);
  return found;
}

const columnsOf = (wanted: readonly PayeeQuery[]) => [wanted.map((w) => w.place), wanted.map((w) => w.amountMinor.toString()), wanted.map((w) => w.currency), wanted.map((w) => w.on)];

const WANTED = 'unnest($3::int[], $4::bigint[], $5::text[], $6::date[]) as w (place, amount_minor, currency, happened_on)';

const BY_AMOUNT = `
select w.place, count(*)::int as count, array_agg(distinct d.case_id) as case_ids from ${WANTED}
 cross join lateral (select x.case_id from disbursements x
                      where x.agency_id = $1 and x.partner_id = $2 and x.amount_minor = w.amount_minor and x.issued_on <= w.happened_on
                        and x.currency = w.currency and x.method = 'consulate'
                      order by x.issued_on desc limit ${SAME_AMOUNT_MAX + 1}) d
 group by w.place`;

async function searchByName(ctx: TxCtx, partnerId: string, wanted: readonly PayeeQuery[]): Promise<Map<number, PayeeSearch>> {
  if (wanted.length === 0) return new Map();
  const keys = wanted.flatMap((w) => w.keys.map((key) => ({ place: w.place, key })));
  const sharing = await ctx.tx.query<{ place: number; case_id: string | null }[]>(BY_KEY, [ctx.actor.agency, partnerId, ...columnsOf(wanted), keys.map((k) => k.place), keys.map((k) => k.key)]);
  const registered = await ctx.tx.query<{ place: number; case_id: string }[]>(BY_REGISTERED_NAME, [ctx.actor.agency, partnerId, ...columnsOf(wanted), wanted.map((w) => plainPayee(w.payeeName))]);
  const byPlace = Map.groupBy([...sharing, ...registered], (r) => r.place);
  return new Map(wanted.map((w) => {
    const rows = byPlace.get(w.place) ?? [];
    const caseIds = [...new Set(rows.flatMap((r) => r.case_id ?? []))];
    const isCut = rows.some((r) => r.case_id === null) || caseIds.length > SAME_AMOUNT_MAX;
    return [w.place, isCut ? { reach: 'cut', caseIds: [] } : { reach: 'by_key', caseIds }];
  }));
}

// `offset 0` keeps a look-up of a case's own few rows from becoming one of all rows of that amount. A row without a case says that a key was cut.
const BY_KEY = `
with w as materialized (select * from ${WANTED}),
k as materialized (select * from unnest($7::int[], $8::text[]) as u (place, name_key)),
bearers as materialized (
  select n.name_key, h.case_id from (select distinct name_key from k) n
   cross join lateral (select x.case_id from case_name_keys x where x.agency_id = $1 and x.name_key = n.name_key and x.role in ('obligee', 'caretaker', 'dependent')
                        limit ${PAYEE_KEY_HITS_MAX + 1}) h),
cut as (select name_key from bearers group by name_key having count(*) > ${PAYEE_KEY_HITS_MAX}),
couples as materialized (select distinct k.place, b.case_id from k join bearers b on b.name_key = k.name_key)
select c.place, c.case_id from couples c join w on w.place = c.place
 where exists (select from (select * from disbursements x where x.agency_id = $1 and x.case_id = c.case_id offset 0) d
                where d.partner_id = $2 and d.amount_minor = w.amount_minor and d.currency = w.currency and d.method = 'consulate' and d.issued_on <= w.happened_on)
union all
select distinct k.place, null from k join cut on cut.name_key = k.name_key`;

const ACCENTED = 'ÁÉÍÓÚÜÑáéíóúüñ';
const PLAIN = 'aeiouunaeiouun';
const plainColumn = (column: string): string => `translate(lower(${column}), '${ACCENTED}', '${PLAIN}')`;
// As the database does it: A to Z and the accents of Spanish, whatever the locale of the server.
const plainPayee = (text: string): string => text.normalize('NFC').toLowerCase().replace(/[áéíóúüñ]/gu, (c) => PLAIN[ACCENTED.indexOf(c)] ?? c);

// Each crowded amount is read once for all lines of the batch that have it.
const BY_REGISTERED_NAME = `
with w as materialized (select * from unnest($3::int[], $4::bigint[], $5::text[], $6::date[], $7::text[]) as u (place, amount_minor, currency, happened_on, payee)),
same as materialized (
  select a.amount_minor, a.currency, d.case_id, d.issued_on, d.payee from (select distinct amount_minor, currency from w) a
   cross join lateral (select x.case_id, x.issued_on, ${plainColumn('x.payee_name')} as payee from disbursements x
                        where x.agency_id = $1 and x.partner_id = $2 and x.amount_minor = a.amount_minor and x.currency = a.currency and x.method = 'consulate'
                          and ${plainColumn('x.payee_name')} = any ($7::text[]) offset 0) d)
select distinct w.place, s.case_id from w join same s on s.amount_minor = w.amount_minor and s.currency = w.currency and s.payee = w.payee and s.issued_on <= w.happened_on
 where w.payee <> ''`;

export type CaseAmount = { readonly caseId: string; readonly amountMinor: bigint; readonly currency: string };
export const caseAmountKey = (c: CaseAmount): string => `${c.caseId}/${c.amountMinor}/${c.currency}`;

/** What was sent through a partner for these cases in these amounts, latest first; `cut` names where there was more. */
export async function selectDisbursementsOfCases(ctx: TxCtx, partnerId: string, wanted: readonly CaseAmount[]): Promise<{ byCase: Map<string, Disbursement[]>; cut: Set<string> }> {
  const each = [...new Map(wanted.map((w) => [caseAmountKey(w), w])).values()];
  if (each.length === 0) return { byCase: new Map(), cut: new Set() };
  const rows = await ctx.tx.query<DisbursementRow[]>(
    `select ${DISBURSEMENT_COLUMNS} from unnest($3::text[], $4::bigint[], $5::text[]) as w (id, amount_minor, currency)
      cross join lateral (select * from (select * from disbursements x where x.agency_id = $1 and x.case_id = w.id offset 0) x
                           where x.partner_id = $2 and x.method = 'consulate' and x.amount_minor = w.amount_minor and x.currency = w.currency
                           order by x.issued_on desc, x.disbursement_id desc limit ${OF_CASE_MAX + 1}) d ${DISBURSEMENT_JOINS}
      order by d.issued_on desc, d.disbursement_id desc`,
    [ctx.actor.agency, partnerId, each.map((w) => w.caseId), each.map((w) => w.amountMinor.toString()), each.map((w) => w.currency)],
  );
  const found = rows.map(disbursementOf);
  const counts = Map.groupBy(found, caseAmountKey);
  return { byCase: Map.groupBy(found, (d) => d.caseId), cut: new Set([...counts].filter(([, of]) => of.length > OF_CASE_MAX).map(([key]) => key)) };
}
