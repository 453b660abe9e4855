import type { TxCtx } from '../../../platform/context.ts';
import type { TransferState } from '../matching/remittance.rules.ts';
import { BASE_KEY } from '../runs/line.store.ts';
import { BOOKED_CREDITS, FEE_KEY } from '../runs/posting.store.ts';
import { NORMAL } from '../bank/transfer.store.ts';

/** A line with everything that a person's decision about it rests on. */
export type LineFacts = {
  readonly fileId: string;
  readonly lineNumber: number;
  readonly fileName: string;
  readonly importedAt: Date;
  readonly partnerId: string;
  readonly kind: 'forwarding' | 'remittance';
  readonly outcome: string;
  readonly reasons: readonly string[];
  readonly decisionId: string | null;
  readonly decidedAt: Date;
  readonly caseId: string | null;
  readonly disbursementId: string | null;
  readonly candidateCaseId: string | null;
  readonly bookedMinor: bigint | null;
  readonly postedKey: string | null;
  /** What was booked under that key was taken back. */
  readonly isMirrored: boolean;
  readonly reference: string;
  readonly baseKey: string;
  /** Another line came first under this reference: what is booked for this one needs a key of its own. */
  readonly isLater: boolean;
  /** How often a person has taken back what was booked for it. */
  readonly timesUnmatched: number;
  readonly givenDisbursementId: string | null;
  readonly givenCaseId: string | null;
  readonly payeeName: string;
  readonly obligorName: string;
  readonly obligeeName: string;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly rate: string | null;
  readonly feeMinor: bigint | null;
  readonly settledMinor: bigint | null;
  readonly settledCurrency: string | null;
  readonly happenedOn: string | null;
  readonly status: 'delivered' | 'returned' | 'pending' | 'cancelled' | null;
  readonly note: string;
  readonly flags: readonly string[];
  readonly findings: readonly string[];
  readonly transferReference: string | null;
  readonly transfer: string | null;
  readonly transferState: TransferState;
  readonly transferSumMinor: bigint | null;
  readonly timesTakenBack: number;
  readonly creditId: string | null;
  readonly creditMinor: bigint | null;
  readonly creditCurrency: string | null;
  readonly creditedOn: string | null;
};

type Row = { [K in keyof LineFacts]: LineFacts[K] extends bigint | null ? string | null : LineFacts[K] };

const FACTS = `
select o.file_id as "fileId", o.line_number as "lineNumber", f.file_name as "fileName", f.imported_at as "importedAt", o.partner_id as "partnerId", o.kind, o.outcome, o.reasons,
       o.decision_id as "decisionId", o.decided_at as "decidedAt", o.case_id as "caseId", o.disbursement_id as "disbursementId", o.candidate_case_id as "candidateCaseId",
       o.amount_minor as "bookedMinor", o.posting_key as "postedKey",
       exists (select from ledger_transfers m where m.agency_id = $1 and m.reverses_key in (o.posting_key, o.posting_key || ':part1')) as "isMirrored", l.reference, ${BASE_KEY} as "baseKey",
       exists (select from payment_lines x where x.agency_id = $1 and x.partner_id = l.partner_id and x.kind = l.kind and x.reference = l.reference
                and (case when l.reference <> '' and length(l.reference) <= 100 then x.reference_year is not distinct from l.reference_year else x.content_key = l.content_key end)
                and (x.imported_seq, x.line_number) < (l.imported_seq, l.line_number)) as "isLater",
       (select count(*)::int from suspense_decisions d where d.agency_id = $1 and d.item_key = 'line-' || o.file_id || '-' || o.line_number and d.action = 'unmatch' and d.state = 'done') as "timesUnmatched",
       l.given_disbursement_id as "givenDisbursementId", l.given_case_id as "givenCaseId", l.payee_name as "payeeName", l.obligor_name as "obligorName", l.obligee_name as "obligeeName",
       l.amount_minor as "amountMinor", l.currency, l.rate::text as rate, l.fee_minor as "feeMinor", l.settled_minor as "settledMinor", l.settled_currency as "settledCurrency",
       l.happened_on::text as "happenedOn", l.status, l.note, l.flags, array(select jsonb_array_elements_text(l.findings)) as findings, l.transfer_reference as "transferReference",
       n.transfer, case when n.transfer is null then 'none' else coalesce(t.state, 'no_credit') end as "transferState", t.sum_minor as "transferSumMinor",
       coalesce(t.times_taken_back, 0) as "timesTakenBack", t.credit_id as "creditId", c.amount_minor as "creditMinor", c.currency as "creditCurrency",
       coalesce(c.booked_on, c.value_on)::text as "creditedOn"
  from line_outcomes o
  join payment_lines l on l.agency_id = $1 and l.file_id = o.file_id and l.line_number = o.line_number
  join received_files f on f.agency_id = $1 and f.file_id = o.file_id
 cross join lateral (select case when l.kind = 'remittance' then nullif(${NORMAL('l.transfer_reference')}, '') end as transfer) n
  left join transfer_states t on t.agency_id = $1 and t.partner_id = l.partner_id and t.transfer = n.transfer
  left join bank_credits c on c.agency_id = $1 and c.credit_id = t.credit_id
 where o.agency_id = $1`;

const MINOR = ['bookedMinor', 'amountMinor', 'feeMinor', 'settledMinor', 'transferSumMinor', 'creditMinor'] as const;

function factsOf(row: Row): LineFacts {
  const minor = Object.fromEntries(MINOR.map((name) => [name, row[name] === null ? null : BigInt(row[name])]));
  return { ...row, ...minor } as LineFacts;
}

/** The line as it stands now, locked until the transaction ends. */
export async function lockLineFacts(ctx: TxCtx, fileId: string, lineNumber: number): Promise<LineFacts | null> {
  await ctx.tx.query('select from line_outcomes where agency_id = $1 and file_id = $2 and line_number = $3 for update', [ctx.actor.agency, fileId, lineNumber]);
  return findLineFacts(ctx, fileId, lineNumber);
}

export async function findLineFacts(ctx: TxCtx, fileId: string, lineNumber: number): Promise<LineFacts | null> {
  const rows = await ctx.tx.query<Row[]>(`${FACTS} and o.file_id = $2 and o.line_number = $3`, [ctx.actor.agency, fileId, lineNumber]);
  return rows[0] === undefined ? null : factsOf(rows[0]);
}

/** The first line under a reference that the same partner reported of the same kind, other than this one. */
export async function findFirstOther(ctx: TxCtx, line: LineFacts, reference: string): Promise<{ kind: 'line'; fileId: string; lineNumber: number } | null> {
  const [row] = await ctx.tx.query<{ fileId: string; lineNumber: number }[]>(
    `select file_id as "fileId", line_number as "lineNumber" from payment_lines
      where agency_id = $1 and partner_id = $2 and kind = $3 and reference = $4 and (file_id, line_number) <> ($5, $6) order by imported_seq, line_number limit 1`,
    [ctx.actor.agency, line.partnerId, line.kind, reference, line.fileId, line.lineNumber]);
  return row === undefined ? null : { kind: 'line', ...row };
}

/** Lines that a person has decided and whose money has come since. Looked up one by one: people made few, and a join over all lines is planned without knowing so. */
export async function selectDecidedWithMoney(ctx: TxCtx): Promise<LineFacts[]> {
  const waiting = await ctx.tx.query<{ file_id: string; line_number: number }[]>(
    `select file_id, line_number from line_outcomes where agency_id = $1 and decision_id is not null and kind = 'remittance'
        and (outcome = 'pending' or (outcome = 'suspense' and reasons[1] = 'collection.taken_back')) order by file_id, line_number`, [ctx.actor.agency]);
  const paid: LineFacts[] = [];
  for (const w of waiting) {
    const line = await findLineFacts(ctx, w.file_id, w.line_number);
    if (line !== null && line.transferState === 'agrees') paid.push(line);
  }
  return paid;
}

/** What lies in suspense of a transfer's money, and what of it lines that nobody has booked yet are counted with. */
export type TransferMoney = { readonly leftMinor: bigint; readonly wantedMinor: bigint };

/** The fee by which credits of a transfer once fell short, as far as it was booked and not taken back again; `s` is a row of transfer_states. */
export const BOOKED_FEE = `coalesce((select sum(e.amount_minor) from ledger_transfers x join ledger_entries e on e.agency_id = x.agency_id and e.transfer_id = x.transfer_id
     join ledger_accounts a on a.agency_id = e.agency_id and a.account_id = e.account_id
    where x.agency_id = $1 and x.transfer_key = ${FEE_KEY('s')} and a.account_kind = 'transfer_fees'
      and not exists (select from ledger_transfers m where m.agency_id = $1 and m.reverses_key = x.transfer_key)), 0)`;

export async function selectTransferMoney(ctx: TxCtx, partnerId: string, transfer: string): Promise<TransferMoney> {
  const [row] = await ctx.tx.query<{ booked: string; fee: string; spent: string; wanted: string }[]>(
    `with booked as (${BOOKED_CREDITS}),
     line as materialized (
       select o.outcome, o.reasons, coalesce(o.amount_minor, l.settled_minor) as minor
         from transfer_states s cross join lateral unnest(s.printed) as p (printed)
         join payment_lines l on l.agency_id = $1 and l.transfer_reference = p.printed and l.partner_id = s.partner_id and l.kind = 'remittance'
         join line_outcomes o on o.agency_id = $1 and o.file_id = l.file_id and o.line_number = l.line_number
        where s.agency_id = $1 and s.partner_id = $2 and s.transfer = $3)
     select coalesce((select sum(b.amount_minor) from booked b where b.partner_id = $2 and b.transfer = $3
                and not exists (select from taken_back_credits k where k.agency_id = $1 and k.credit_id = b.credit_id)
                and not exists (select from suspense_returns r where r.agency_id = $1 and r.credit_id = b.credit_id and r.state <> 'cancelled')), 0)::text as booked,
            coalesce((select ${BOOKED_FEE} from transfer_states s where s.agency_id = $1 and s.partner_id = $2 and s.transfer = $3), 0)::text as fee,
            coalesce((select sum(minor) from line where outcome in ('posted', 'returned')), 0)::text as spent,
            coalesce((select sum(minor) from line where outcome in ('suspense', 'pending', 'rejected') and not reasons @> '{duplicate.possible_repeat}'), 0)::text as wanted`,
    [ctx.actor.agency, partnerId, transfer],
  );
  const [booked, fee, spent, wanted] = [row?.booked, row?.fee, row?.spent, row?.wanted].map((t) => BigInt(t ?? '0')) as [bigint, bigint, bigint, bigint];
  return { leftMinor: booked + fee - spent, wantedMinor: wanted };
}

/** Parts of a line that count: those of the decision that stands. */
export async function selectParts(ctx: TxCtx, decisionId: string): Promise<{ part: number; caseId: string; county: string | null; amountMinor: bigint; currency: string }[]> {
  const rows = await ctx.tx.query<{ part: number; caseId: string; county: string | null; amountMinor: string; currency: string }[]>(
    `select part, case_id as "caseId", county, amount_minor as "amountMinor", currency from line_parts where agency_id = $1 and decision_id = $2 order by part`, [ctx.actor.agency, decisionId]);
  return rows.map((r) => ({ ...r, amountMinor: BigInt(r.amountMinor) }));
}

export type CaseFacts = { readonly caseId: string; readonly county: string; readonly status: 'open' | 'closed' };

export async function selectCaseFacts(ctx: TxCtx, caseIds: readonly string[]): Promise<Map<string, CaseFacts>> {
  const rows = await ctx.tx.query<CaseFacts[]>(
    `select case_id as "caseId", county, status from support_cases where agency_id = $1 and case_id = any($2::text[])`, [ctx.actor.agency, caseIds]);
  return new Map(rows.map((r) => [r.caseId, r]));
}

export type DisbursementFacts = {
  readonly disbursementId: string; readonly caseId: string; readonly partnerId: string; readonly payeeName: string; readonly amountMinor: bigint; readonly currency: string;
  readonly issuedOn: string; readonly method: string; readonly county: string | null; readonly settledOn: string | null; readonly isSettled: boolean; readonly isRecovered: boolean;
};

const DISBURSEMENT = `select d.disbursement_id as "disbursementId", d.case_id as "caseId", d.partner_id as "partnerId", d.payee_name as "payeeName", d.amount_minor as "amountMinor", d.currency,
  d.issued_on::text as "issuedOn", d.method, coalesce(c.county, d.county) as county, s.settled_on as "settledOn", s.settled_on is not null or coalesce(s.found, false) as "isSettled",
  exists (select from recovered_disbursements r where r.agency_id = $1 and r.disbursement_id = d.disbursement_id) as "isRecovered"
  from disbursements d left join support_cases c on c.agency_id = d.agency_id and c.case_id = d.case_id
  left join lateral (select o.happened_on::text as settled_on, true as found from line_outcomes o where o.agency_id = $1 and o.disbursement_id = d.disbursement_id and o.kind = 'forwarding'
                      and o.outcome in ('posted', 'returned')
                     union all select n.happened_on::text, true from settled_notices n where n.agency_id = $1 and n.disbursement_id = d.disbursement_id limit 1) s on true
 where d.agency_id = $1`;

const disbursementFacts = (r: Omit<DisbursementFacts, 'amountMinor'> & { amountMinor: string }): DisbursementFacts => ({ ...r, amountMinor: BigInt(r.amountMinor) });

export async function findDisbursementFacts(ctx: TxCtx, disbursementId: string): Promise<DisbursementFacts | null> {
  const rows = await ctx.tx.query<(Omit<DisbursementFacts, 'amountMinor'> & { amountMinor: string })[]>(`${DISBURSEMENT} and d.disbursement_id = $2`, [ctx.actor.agency, disbursementId]);
  return rows[0] === undefined ? null : disbursementFacts(rows[0]);
}

/** The disbursements of a case by a partner, the newest first. */
export async function selectDisbursementsOf(ctx: TxCtx, caseIds: readonly string[], partnerId: string, limit: number): Promise<DisbursementFacts[]> {
  const rows = await ctx.tx.query<(Omit<DisbursementFacts, 'amountMinor'> & { amountMinor: string })[]>(
    `${DISBURSEMENT} and d.case_id = any($2::text[]) and d.partner_id = $3 and d.method = 'consulate' order by d.issued_on desc, d.disbursement_id limit $4`, [ctx.actor.agency, caseIds, partnerId, limit]);
  return rows.map(disbursementFacts);
}
