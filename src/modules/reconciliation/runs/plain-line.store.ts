import type { TxCtx } from '../../../platform/context.ts';
import type { PlainDecision } from '../matching/plain-line.ts';
import type { Shapes } from '../matching/shapes.rules.ts';

const NOTES_MAX = 5_000;
/** With more kinds of numbers than this, looking whether a number may be another kind's costs more than it saves. */
const SHAPES_MAX = 8;

/** Remarks that several of the open lines bear, the most frequent first. */
export async function selectRepeatedNotes(ctx: TxCtx): Promise<string[]> {
  const rows = await ctx.tx.query<{ note: string }[]>(
    'select note from open_lines group by note having count(*) > 1 order by count(*) desc, note limit $1', [NOTES_MAX]);
  return rows.map((r) => r.note);
}

/**
 * Stages the decisions on all plain lines of the open ones in one statement, and returns how many there were. `harmless` are remarks that
 * say nothing. Whatever is not plain beyond doubt is left to the rules: this look-up may miss plain lines, and must never find another one.
 */
export async function stagePlainLines(ctx: TxCtx, partnerId: string, shapes: Shapes, harmless: readonly string[], decisions: readonly PlainDecision[], today: string): Promise<number> {
  if (shapes.isCut || shapes.cases.length > SHAPES_MAX) return 0;
  const [row] = await ctx.tx.query<{ count: number }[]>(`with staged as (${STAGE} returning 1) select count(*)::int as count from staged`, [
    ctx.actor.agency, partnerId, harmless, shapes.cases.map((s) => s.prefix), shapes.cases.map((s) => s.digits),
    JSON.stringify(decisions.map(({ kind, decision, namesCase, namesCandidate, takesAmount }) => ({
      transfer: kind.transfer, fee_taken: kind.feeTaken, is_open: kind.isOpen, payer_second: kind.payerHasSecond, receiver_second: kind.receiverHasSecond,
      outcome: decision.outcome, method: decision.method, score: decision.score, reasons: decision.reasons, weights: decision.weights ?? null,
      names_case: namesCase, names_candidate: namesCandidate, takes_amount: takesAmount,
    }))), shapes.partners.has(partnerId), today,
  ]);
  return row?.count ?? 0;
}

const LETTERS = 'A-Za-zÁÉÍÓÚÜÑáéíóúüñ';
const folded = (text: string): string => `translate(lower(translate(${text}, 'ÁÉÍÓÚÜÑ', 'áéíóúüñ')), 'áéíóúüñ', 'aeiouun')`;

// A name as the case has it: letter by letter (without a second surname also family name first), or but for case and the accents of Spanish.
const isBorne = (printed: string): string => `(p.name = ${printed} or (not p.has_second and p.reversed = ${printed})
    or (p.is_spanish and ${printed} ~ '^[${LETTERS} ]+$' and ${folded('p.name')} = ${folded(printed)}))`;

// One bearer on each side and no more, so that there is no other whom the line may mean. A number is only its case's when it is no other case's in any
// way in which numbers are read: without its hyphen, as the running digits of another kind, as the partner's own.
const STAGE = `
insert into staged_outcomes (line_number, outcome, case_id, county, amount_minor, currency, fee_minor, method, score, reasons, candidate_case_id, posting_key, weights)
select l.line_number, k.outcome, case when k.names_case then c.case_id end, case when k.names_case then c.county end,
       case when k.takes_amount then l.settled_minor end, case when k.takes_amount then l.settled_currency end, 0, k.method, k.score, k.reasons,
       case when k.names_candidate then c.case_id end, l.posting_key, k.weights
  from open_lines l
 cross join lateral (select x.case_id, x.county, x.status = 'open' as is_open from support_cases x where x.agency_id = $1 and x.case_id = l.given_case_id limit 1) c
 cross join lateral (
   select count(*) filter (where b.is_payer) as payers, bool_or(b.has_second) filter (where b.is_payer) as payer_second,
          count(*) filter (where b.is_receiver) as receivers, bool_or(b.has_second) filter (where b.is_receiver) as receiver_second
     from (
       select p.has_second, p.pays and ${isBorne('l.obligor_name')} as is_payer, p.receives and ${isBorne('l.obligee_name')} as is_receiver
         from (select x.role in ('obligor', 'alleged_parent') as pays, x.role in ('obligee', 'caretaker') as receives, coalesce(x.second_family, '') <> '' as has_second,
                      x.given || ' ' || x.family || coalesce(' ' || nullif(x.second_family, ''), '') as name, x.family || ' ' || x.given as reversed,
                      x.given || x.family || coalesce(x.second_family, '') ~ '^[${LETTERS} ]+$' as is_spanish
                 from case_participants x where x.agency_id = $1 and x.case_id = c.case_id and x.role <> 'dependent') p offset 0) b) n
  join jsonb_to_recordset($6::jsonb) as k (transfer text, fee_taken boolean, is_open boolean, payer_second boolean, receiver_second boolean,
       outcome text, method text, score numeric, reasons text[], weights jsonb, names_case boolean, names_candidate boolean, takes_amount boolean)
    on k.transfer = l.transfer and k.fee_taken = l.fee_taken and k.is_open = c.is_open and k.payer_second = n.payer_second and k.receiver_second = n.receiver_second
 where l.settled_minor > 0 and l.settled_currency is not null and l.transfer in ('agrees', 'no_credit') and l.flags <@ '{line.reference_missing}'
   and l.obligor_name <> '' and l.obligee_name <> '' and n.payers = 1 and n.receivers = 1
   and (l.note = '' or (l.note ~ '^[ -/:-~À-ÖØ-öø-ÿ가-힣]*$' and length(l.note) <= 500) or l.note = any ($3::text[]))
   and l.given_case_id ~ '^[A-Z]{0,8}-?0*[1-9][0-9]*$' and length(l.given_case_id) <= 16
   and (l.happened_on is null or (l.happened_on <= $8 and (l.sent_on is null or l.sent_on - l.happened_on between 0 and 366) and (l.credited_on is null or l.happened_on <= l.credited_on)))
   and not exists (
     select from (select s.prefix || lpad(right(ltrim(l.given_case_id, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ-'), s.digits), s.digits, '0') as case_id
                    from unnest($4::text[], $5::int[]) as s (prefix, digits)
                  union all select replace(l.given_case_id, '-', '')) other
      cross join lateral (select from support_cases x where x.agency_id = $1 and x.case_id = other.case_id limit 1) y
      where other.case_id <> l.given_case_id)
   and c.case_id not in (select r.case_id from match_refusals r where r.agency_id = $1 and r.partner_id = $2 and r.kind = 'remittance' and r.case_id is not null)
   and not ($7 and exists (select from partner_case_numbers x where x.agency_id = $1 and x.partner_id = $2
                              and translate(upper(normalize(x.value, NFKC)), ' -./_#:', '') = replace(l.given_case_id, '-', '')))
`;
