import type { TxCtx } from '../../../platform/context.ts';
import { PLAIN_KINDS } from '../matching/plain-line.ts';
import type { PlainDecision, PlainKind } from '../matching/plain-line.ts';
import type { NumberShape } from '../matching/printed-number.rules.ts';
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
  const each = <T>(column: (d: PlainDecision) => T): T[] => PLAIN_KINDS.map((kind) => column(decisions.find((d) => isSameKind(d.kind, kind)) as PlainDecision));
  const [row] = await ctx.tx.query<{ count: number }[]>(`with staged as (${stage(shapes)} returning 1) select count(*)::int as count from staged`, [
    ctx.actor.agency, partnerId, harmless, shapes.partners.has(partnerId), today,
    each((d) => d.decision.outcome), each((d) => d.decision.method), each((d) => d.decision.score), each((d) => `{${d.decision.reasons.map((r) => `"${r}"`).join(',')}}`),
    each((d) => (d.decision.weights === undefined || d.decision.weights === null ? null : JSON.stringify(d.decision.weights))),
    each((d) => d.namesCase), each((d) => d.namesCandidate), each((d) => d.takesAmount), ...shapes.cases.flatMap((s) => [s.prefix, s.digits]),
  ]);
  return row?.count ?? 0;
}

const isSameKind = (a: PlainKind, b: PlainKind): boolean =>
  a.transfer === b.transfer && a.feeTaken === b.feeTaken && a.isOpen === b.isOpen && a.payerHasSecond === b.payerHasSecond && a.receiverHasSecond === b.receiverHasSecond;
// Where a line's kind stands among `PLAIN_KINDS`.
const KIND_AT = "16 * (l.transfer = 'no_credit')::int + 8 * l.fee_taken::int + 4 * c.is_open::int + 2 * n.payer_second::int + n.receiver_second::int";

const SHAPES_FROM = 14;
const DIGITS = "ltrim(l.given_case_id, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ-')";
const isACase = (id: string): string => `exists (select from support_cases x where x.agency_id = $1 and x.case_id = ${id} offset 0)`;

// As the running digits of a kind of number. One without digits before them is meant only by as few digits as it has (`idsFor`).
function mayBeOther({ prefix, digits }: NumberShape, at: number): string {
  const [before, running] = [`$${SHAPES_FROM + 2 * at}::text`, `$${SHAPES_FROM + 2 * at + 1}::int`];
  const id = `${before} || lpad(right(${DIGITS}, ${running}), ${running}, '0')`;
  const isShort = /\d/u.test(prefix) ? '' : `length(${DIGITS}) <= ${digits} and `;
  return `(${isShort}${id} <> l.given_case_id and ${isACase(id)})`;
}

const LETTERS = 'A-Za-zÁÉÍÓÚÜÑáéíóúüñ';
const folded = (text: string): string => `translate(lower(translate(${text}, 'ÁÉÍÓÚÜÑ', 'áéíóúüñ')), 'áéíóúüñ', 'aeiouun')`;

// A name as the case has it: letter by letter (without a second surname also family name first), or but for case and the accents of Spanish.
const isBorne = (printed: string): string => `(p.name = ${printed} or (not p.has_second and p.reversed = ${printed})
    or (p.is_spanish and ${printed} ~ '^[${LETTERS} ]+$' and ${folded('p.name')} = ${folded(printed)}))`;

// One bearer on each side and no more, so that there is no other whom the line may mean. A number is only its case's when it is no other case's in any
// way in which numbers are read: without its hyphen, as the running digits of another kind, as the partner's own.
const stage = (shapes: Shapes): string => `
insert into staged_outcomes (line_number, outcome, case_id, county, amount_minor, currency, fee_minor, method, score, reasons, candidate_case_id, posting_key, weights)
select l.line_number, ($6::text[])[k.at], case when ($11::boolean[])[k.at] then c.case_id end, case when ($11::boolean[])[k.at] then c.county end,
       case when ($13::boolean[])[k.at] then l.settled_minor end, case when ($13::boolean[])[k.at] then l.settled_currency end, 0, ($7::text[])[k.at], ($8::numeric[])[k.at],
       ($9::text[])[k.at]::text[], case when ($12::boolean[])[k.at] then c.case_id end, l.posting_key, ($10::text[])[k.at]::jsonb
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
 cross join lateral (select 1 + ${KIND_AT} as at) k
 where l.settled_minor > 0 and l.settled_currency is not null and l.transfer in ('agrees', 'no_credit') and l.flags <@ '{line.reference_missing}'
   and l.obligor_name <> '' and l.obligee_name <> '' and n.payers = 1 and n.receivers = 1
   and (l.note = '' or (l.note ~ '^[ -/:-~À-ÖØ-öø-ÿ가-힣]*$' and length(l.note) <= 500) or l.note = any ($3::text[]))
   and l.given_case_id ~ '^[A-Z]{0,8}-?0*[1-9][0-9]*$' and length(l.given_case_id) <= 16
   and (l.happened_on is null or (l.happened_on <= $5 and (l.sent_on is null or l.sent_on - l.happened_on between 0 and 366) and (l.credited_on is null or l.happened_on <= l.credited_on)))
   and not (l.given_case_id like '%-%' and ${isACase("replace(l.given_case_id, '-', '')")})
   ${shapes.cases.map((shape, at) => `and not ${mayBeOther(shape, at)}`).join(' ')}
   and c.case_id not in (select r.case_id from match_refusals r where r.agency_id = $1 and r.partner_id = $2 and r.kind = 'remittance' and r.case_id is not null)
   and not ($4 and exists (select from partner_case_numbers x where x.agency_id = $1 and x.partner_id = $2
                              and translate(upper(normalize(x.value, NFKC)), ' -./_#:', '') = replace(l.given_case_id, '-', '')))
`;
