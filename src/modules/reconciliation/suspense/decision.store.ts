import type { TxCtx } from '../../../platform/context.ts';
import type { Action } from './suspense.rules.ts';

export type DecisionState = 'proposed' | 'done' | 'rejected' | 'withdrawn';

/** What a decision needs besides its item: ids and amounts, never names. */
export type DecisionParams = Readonly<Record<string, unknown>>;

export type Decided = {
  readonly decisionId: string;
  readonly itemKey: string;
  readonly itemKind: 'line' | 'credit' | 'debit' | 'hold';
  readonly action: Action;
  readonly state: DecisionState;
  readonly partnerId: string | null;
  readonly reason: string;
  readonly params: DecisionParams;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly seen: string;
  readonly needsSecond: boolean;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly closedBy: string | null;
  readonly closedAt: Date | null;
  readonly closedReason: string | null;
};

type Row = Omit<Decided, 'amountMinor'> & { readonly amountMinor: string | null };

const COLUMNS = `decision_id as "decisionId", item_key as "itemKey", item_kind as "itemKind", action, state, partner_id as "partnerId", reason, params, amount_minor as "amountMinor", currency, seen,
  needs_second as "needsSecond", proposed_by as "proposedBy", proposed_at as "proposedAt", closed_by as "closedBy", closed_at as "closedAt", closed_reason as "closedReason"`;

const decidedOf = (row: Row): Decided => ({ ...row, amountMinor: row.amountMinor === null ? null : BigInt(row.amountMinor) });

/** People decide one at a time in an agency: a decision is a matter of moments, and none may rest on what another one changes. */
export async function lockDecisions(ctx: TxCtx): Promise<void> {
  await ctx.tx.query('select pg_advisory_xact_lock(hashtextextended($1, 7165))', [`suspense:${ctx.actor.agency}`]);
}

export type NewDecision = Omit<Decided, 'proposedBy' | 'proposedAt' | 'closedBy' | 'closedAt' | 'closedReason'> & { readonly requestId: string | null };

/** What nobody else has to agree to is closed by whoever decides. */
export async function insertDecision(ctx: TxCtx, d: NewDecision): Promise<void> {
  const closed = d.state === 'proposed' ? null : ctx.actor.id;
  await ctx.tx.query(
    `insert into suspense_decisions (agency_id, decision_id, item_key, item_kind, action, state, partner_id, reason, params, amount_minor, currency, seen, needs_second, request_id,
       proposed_by, proposed_at, closed_by, closed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
    [ctx.actor.agency, d.decisionId, d.itemKey, d.itemKind, d.action, d.state, d.partnerId, d.reason, JSON.stringify(d.params), d.amountMinor, d.currency, d.seen, d.needsSecond, d.requestId,
      ctx.actor.id, ctx.clock.now(), closed, closed === null ? null : ctx.clock.now()],
  );
}

export async function closeDecision(ctx: TxCtx, decisionId: string, state: 'done' | 'rejected' | 'withdrawn', reason: string | null): Promise<void> {
  await ctx.tx.query(
    `update suspense_decisions set state = $3, closed_by = $4, closed_at = $5, closed_reason = $6 where agency_id = $1 and decision_id = $2 and state = 'proposed'`,
    [ctx.actor.agency, decisionId, state, ctx.actor.id, ctx.clock.now(), reason],
  );
}

export async function findDecision(ctx: TxCtx, decisionId: string): Promise<Decided | null> {
  const rows = await ctx.tx.query<Row[]>(`select ${COLUMNS} from suspense_decisions where agency_id = $1 and decision_id = $2`, [ctx.actor.agency, decisionId]);
  return rows[0] === undefined ? null : decidedOf(rows[0]);
}

export async function lockDecision(ctx: TxCtx, decisionId: string): Promise<Decided | null> {
  const rows = await ctx.tx.query<Row[]>(`select ${COLUMNS} from suspense_decisions where agency_id = $1 and decision_id = $2 for update`, [ctx.actor.agency, decisionId]);
  return rows[0] === undefined ? null : decidedOf(rows[0]);
}

export async function findByRequest(ctx: TxCtx, requestId: string): Promise<Decided | null> {
  const rows = await ctx.tx.query<Row[]>(`select ${COLUMNS} from suspense_decisions where agency_id = $1 and request_id = $2`, [ctx.actor.agency, requestId]);
  return rows[0] === undefined ? null : decidedOf(rows[0]);
}

export async function findOpenProposal(ctx: TxCtx, itemKey: string): Promise<Decided | null> {
  const rows = await ctx.tx.query<Row[]>(`select ${COLUMNS} from suspense_decisions where agency_id = $1 and item_key = $2 and state = 'proposed'`, [ctx.actor.agency, itemKey]);
  return rows[0] === undefined ? null : decidedOf(rows[0]);
}

const HISTORY_MAX = 100;

export async function selectDecisionsOf(ctx: TxCtx, itemKey: string): Promise<Decided[]> {
  const rows = await ctx.tx.query<Row[]>(
    `select ${COLUMNS} from suspense_decisions where agency_id = $1 and item_key = $2 order by proposed_at desc, decision_id desc limit ${HISTORY_MAX}`, [ctx.actor.agency, itemKey]);
  return rows.map(decidedOf);
}

/** A proposal with what tells its item from others: the reference and the names of a line, the bank's own of an entry. */
export type Proposed = Decided & { readonly reference: string; readonly names: readonly string[] };

type ProposalSort = 'since' | 'amount' | 'partner' | 'kind';
type ProposalsWanted = { readonly sort: { readonly by: ProposalSort; readonly isDescending: boolean }; readonly partnerId: string | null; readonly limit: number; readonly offset: number };

const PROPOSALS_BY: Readonly<Record<ProposalSort, readonly string[]>> = { since: ['proposed_at'], amount: ['currency', 'amount_minor'], partner: ['partner_id', 'proposed_at'], kind: ['action', 'proposed_at'] };

/** What waits for a second person, in the order asked for. */
export async function selectProposals(ctx: TxCtx, { sort, partnerId, limit, offset }: ProposalsWanted): Promise<{ rows: Proposed[]; total: number }> {
  const order = [...PROPOSALS_BY[sort.by].map((column) => `${column} ${sort.isDescending ? 'desc' : 'asc'} nulls last`), 'decision_id'].join(', ');
  const rows = await ctx.tx.query<(Row & { total: number; place: number; reference: string | null; names: string[] })[]>(
    `with picked as materialized (
       select ${COLUMNS}, count(*) over ()::int as total, row_number() over (order by ${order})::int as place from suspense_decisions
        where agency_id = $1 and state = 'proposed' and ($4::text is null or partner_id = $4) order by ${order} limit $2 offset $3)
     select p.*, coalesce(l.reference, c.entry_ref) as reference, array_remove(array[nullif(l.payee_name, ''), nullif(l.obligor_name, ''), nullif(l.obligee_name, '')], null) as names
       from picked p
       left join payment_lines l on l.agency_id = $1 and p."itemKind" = 'line' and l.file_id = substr(p."itemKey", 6, 30) and l.line_number = case p."itemKind" when 'line' then substr(p."itemKey", 37)::int end
       left join bank_credits c on c.agency_id = $1 and p."itemKind" in ('credit', 'debit') and c.credit_id = substr(p."itemKey", length(p."itemKind") + 2)
      order by p.place`,
    [ctx.actor.agency, limit, offset, partnerId]);
  return { rows: rows.map(({ total: _, place: __, reference, names, ...row }) => ({ ...decidedOf(row), reference: reference ?? '', names })), total: rows[0]?.total ?? 0 };
}

/** Whether somebody else has written or decided something about an item since. */
export async function isTouchedByOthers(ctx: TxCtx, itemKey: string, since: Date): Promise<boolean> {
  const [row] = await ctx.tx.query<{ touched: boolean }[]>(
    `select exists (select from suspense_notes where agency_id = $1 and item_key = $2 and written_by <> $3 and written_at > $4)
         or exists (select from suspense_decisions where agency_id = $1 and item_key = $2
                     and ((proposed_by <> $3 and proposed_at > $4) or (closed_by <> $3 and closed_at > $4))) as touched`, [ctx.actor.agency, itemKey, ctx.actor.id, since]);
  return row?.touched === true;
}

/** The proposal after that of an item (or before it) that somebody else has made, holds aside: they are decided on a page of their own. */
export async function selectNextProposal(ctx: TxCtx, itemKey: string, isBack: boolean): Promise<string | null> {
  const [row] = await ctx.tx.query<{ itemKey: string }[]>(
    `select d.item_key as "itemKey" from suspense_decisions d
       left join lateral (select h.proposed_at, h.decision_id from suspense_decisions h where h.agency_id = $1 and h.item_key = $2 order by (h.state = 'proposed') desc, h.proposed_at desc limit 1) here on true
      where d.agency_id = $1 and d.state = 'proposed' and d.item_key <> $2 and d.item_kind <> 'hold' and d.proposed_by <> $3
        and (here.decision_id is null or (d.proposed_at, d.decision_id) ${isBack ? '<' : '>'} (here.proposed_at, here.decision_id))
      order by d.proposed_at ${isBack ? 'desc' : ''}, d.decision_id ${isBack ? 'desc' : ''} limit 1`, [ctx.actor.agency, itemKey, ctx.actor.id]);
  return row?.itemKey ?? null;
}

export async function insertNote(ctx: TxCtx, n: { noteId: string; itemKey: string; decisionId: string | null; note: Buffer }): Promise<void> {
  await ctx.tx.query(
    'insert into suspense_notes (agency_id, note_id, item_key, decision_id, note, written_by, written_at) values ($1, $2, $3, $4, $5, $6, $7)',
    [ctx.actor.agency, n.noteId, n.itemKey, n.decisionId, n.note, ctx.actor.id, ctx.clock.now()]);
}

export async function selectNotes(ctx: TxCtx, itemKey: string): Promise<{ noteId: string; decisionId: string | null; note: Buffer; writtenBy: string; writtenAt: Date }[]> {
  return ctx.tx.query(
    `select note_id as "noteId", decision_id as "decisionId", note, written_by as "writtenBy", written_at as "writtenAt" from suspense_notes
      where agency_id = $1 and item_key = $2 order by note_id desc limit ${HISTORY_MAX}`, [ctx.actor.agency, itemKey]);
}
