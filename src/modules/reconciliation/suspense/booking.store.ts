import type { TxCtx } from '../../../platform/context.ts';
import { RULE_VERSION } from '../matching/reason.rules.ts';
import type { LineFacts } from './line-facts.store.ts';

export type LegToPost = {
  readonly key: string; readonly event: string; readonly on: string; readonly kind: string; readonly partnerId: string | null; readonly caseId: string | null;
  readonly county: string | null; readonly currency: string; readonly minor: bigint;
};

const plain = (value: unknown): string => JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v));

/** Legs for the ledger's open batch. */
export async function addLegs(ctx: TxCtx, legs: readonly LegToPost[]): Promise<void> {
  await ctx.tx.query(
    `insert into posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, case_id, county, currency, amount_minor)
     select l.key, l.event, l."on", l.kind, l."partnerId", l."caseId", l.county, l.currency, l.minor
       from jsonb_to_recordset($1::jsonb) as l (key text, event text, "on" date, kind text, "partnerId" text, "caseId" text, county text, currency text, minor bigint)`,
    [plain(legs)],
  );
}

export type Proposal = { readonly key: string; readonly caseId: string; readonly county: string | null; readonly minor: bigint };

/** The same collections as proposals to the State's case system, under the keys of their transfers. */
export async function addProposals(ctx: TxCtx, line: LineFacts, creditedOn: string, currency: string, proposals: readonly Proposal[]): Promise<void> {
  await ctx.tx.query(
    `insert into posting_candidates (proposal_key, case_id, county, file_id, line_number, collected_on, received_on, amount_minor, currency)
     select p.key, p."caseId", p.county, $2, $3, $4, $5, p.minor, $6 from jsonb_to_recordset($1::jsonb) as p (key text, "caseId" text, county text, minor bigint)`,
    [plain(proposals), line.fileId, line.lineNumber, line.happenedOn ?? creditedOn, creditedOn, currency],
  );
}

/** Takes proposals back; the State hears of it when it has heard of them. */
export async function addWithdrawals(ctx: TxCtx, keys: readonly string[], on: string): Promise<void> {
  await ctx.tx.query(
    `insert into posting_candidates (proposal_key, reverses_key, received_on) select 'unmatched:' || k, k, $2::date from unnest($1::text[]) as k`, [keys, on]);
}

/** Which of these proposals the State has heard of: what it has done on them may have to be held. */
export async function selectHeardOf(ctx: TxCtx, keys: readonly string[]): Promise<string[]> {
  const rows = await ctx.tx.query<{ key: string }[]>(
    "select proposal_key as key from posting_proposals where agency_id = $1 and proposal_key = any($2::text[]) and status in ('exported', 'accepted')", [ctx.actor.agency, keys]);
  return rows.map((r) => r.key);
}

export type NewOutcome = {
  readonly outcome: 'posted' | 'returned' | 'pending' | 'suspense' | 'duplicate';
  readonly caseId: string | null;
  readonly disbursementId: string | null;
  readonly county: string | null;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly feeMinor: bigint;
  readonly reasons: readonly string[];
  readonly candidateCaseId: string | null;
  readonly postingKey: string | null;
  /** Null gives the line back to the rules and to the queue. */
  readonly decisionId: string | null;
};

/** Gives a line the outcome that a person decided; what it was before moves to the history. That its transfer adds up without it is no opinion and stays, unless its money is still to come. `runId` names who decided: a decision, or the run that carried one out. */
export async function saveDecidedOutcome(ctx: TxCtx, line: Pick<LineFacts, 'fileId' | 'lineNumber'>, runId: string, o: NewOutcome): Promise<void> {
  await ctx.tx.query(
    `insert into line_outcome_history (agency_id, file_id, line_number, partner_id, outcome, case_id, disbursement_id, method, score, reasons, rule_version, run_id, decided_at)
     select agency_id, file_id, line_number, partner_id, outcome, case_id, disbursement_id, method, score, reasons, rule_version, run_id, decided_at
       from line_outcomes where agency_id = $1 and file_id = $2 and line_number = $3 on conflict do nothing`,
    [ctx.actor.agency, line.fileId, line.lineNumber],
  );
  await ctx.tx.query(
    `update line_outcomes set outcome = $4, case_id = $5, disbursement_id = $6, county = $7, amount_minor = $8, currency = $9, fee_minor = $10, method = null, score = null, reasons = $11 || case when $4 <> 'pending' and reasons @> '{duplicate.possible_repeat}' then '{duplicate.possible_repeat}'::text[] else '{}' end,
            candidate_case_id = $12, posting_key = coalesce($13, posting_key), decision_id = $14, rule_version = $15, run_id = $16, decided_at = $17
      where agency_id = $1 and file_id = $2 and line_number = $3`,
    [ctx.actor.agency, line.fileId, line.lineNumber, o.outcome, o.caseId, o.disbursementId, o.county, o.amountMinor, o.currency, o.feeMinor, [...o.reasons],
      o.candidateCaseId, o.postingKey, o.decisionId, RULE_VERSION, runId, ctx.clock.now()],
  );
}

export async function insertParts(ctx: TxCtx, decisionId: string, line: Pick<LineFacts, 'fileId' | 'lineNumber'>, currency: string, parts: readonly { caseId: string; county: string; amountMinor: bigint }[]): Promise<void> {
  await ctx.tx.query(
    `insert into line_parts (agency_id, decision_id, part, file_id, line_number, case_id, county, amount_minor, currency)
     select $1, $2, p.part, $3, $4, p."caseId", p.county, p.minor, $5 from jsonb_to_recordset($6::jsonb) as p (part int, "caseId" text, county text, minor bigint)`,
    [ctx.actor.agency, decisionId, line.fileId, line.lineNumber, currency, plain(parts.map((p, i) => ({ part: i + 1, caseId: p.caseId, county: p.county, minor: p.amountMinor })))],
  );
}

export type NewHold = { readonly caseId: string; readonly disbursementId: string | null; readonly collectionKey: string | null; readonly fileId: string; readonly lineNumber: number; readonly reason: string; readonly since: string };

export async function insertHold(ctx: TxCtx, h: NewHold): Promise<void> {
  const isCollection = h.collectionKey !== null;
  await ctx.tx.query(
    `insert into disbursement_holds (agency_id, case_id, disbursement_id, collection_key, file_id, line_number, reason, since_on) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [ctx.actor.agency, h.caseId, h.disbursementId, h.collectionKey, isCollection ? h.fileId : null, isCollection ? h.lineNumber : null, h.reason, h.since],
  );
}

/** A line booked anew for a case ends the holds that its taking back had left there. */
export async function releaseLineHolds(ctx: TxCtx, line: Pick<LineFacts, 'fileId' | 'lineNumber'>, caseIds: readonly string[]): Promise<void> {
  await ctx.tx.query(
    `update disbursement_holds set released_at = $5, release_reason = 'collection.posted_again'
      where agency_id = $1 and file_id = $2 and line_number = $3 and case_id = any($4::text[]) and released_at is null`,
    [ctx.actor.agency, line.fileId, line.lineNumber, caseIds, ctx.clock.now()],
  );
}

/** A disbursement that came back holds the next one of its case, also when an earlier word of it was taken off again. */
export async function reopenDisbursementHold(ctx: TxCtx, caseId: string, disbursementId: string, on: string): Promise<void> {
  await ctx.tx.query(
    `insert into disbursement_holds as h (agency_id, case_id, disbursement_id, reason, since_on) values ($1, $2, $3, 'disbursement.returned', $4)
     on conflict (agency_id, case_id, cause) do update set released_at = null, release_reason = null, since_on = excluded.since_on where h.release_reason = 'line.unmatched'`,
    [ctx.actor.agency, caseId, disbursementId, on],
  );
}

/** What came back did not come back after all: the line that said so was taken off the disbursement. */
export async function releaseDisbursementHold(ctx: TxCtx, disbursementId: string): Promise<void> {
  await ctx.tx.query(
    `update disbursement_holds set released_at = $3, release_reason = 'line.unmatched' where agency_id = $1 and disbursement_id = $2 and released_at is null`,
    [ctx.actor.agency, disbursementId, ctx.clock.now()],
  );
}

/** The credit of a transfer that does not add up has paid for a line all the same: if the bank takes it back, the line goes with it. */
export async function tieToCredit(ctx: TxCtx, line: Pick<LineFacts, 'partnerId' | 'transfer'>): Promise<void> {
  await ctx.tx.query(
    'update transfer_states set booked_credit_id = coalesce(booked_credit_id, credit_id) where agency_id = $1 and partner_id = $2 and transfer = $3', [ctx.actor.agency, line.partnerId, line.transfer]);
}

export async function tellFileAgain(ctx: TxCtx, runId: string, fileId: string): Promise<void> {
  await ctx.tx.query(
    'insert into reconciliation_run_files (agency_id, run_id, file_id, handled_at) values ($1, $2, $3, $4) on conflict do nothing', [ctx.actor.agency, runId, fileId, ctx.clock.now()]);
}
