import type { TxCtx } from '../../platform/context.ts';
import { copyRows } from '../../platform/database/index.ts';
import type { CopyRow } from '../../platform/database/index.ts';
import type { Disbursement } from './formats/tables/register.rules.ts';

const STAGED = `disbursement_id, batch_id, case_id, partner_id, payee_name, amount_minor, currency, issued_on, method, line_number`;

export interface RegisterOutcome {
  imported: number;
  duplicate: number;
  /** Lines whose disbursement id already stands for something else. */
  conflicts: number[];
}

/** A line of the register under a number that is new, where something is to be said of its case. */
export interface NewDisbursement {
  line: number;
  isCaseKnown: boolean;
  /** Why the case's next disbursement is held: the one that came back, or null where the bank took a collection back. */
  hold: { returnedId: string | null } | null;
}

/** Writes a register's lines where they can be looked at before they count; `insertDisbursements` takes them from there. */
export async function stageRegister(ctx: TxCtx, disbursements: readonly Disbursement[]): Promise<void> {
  await ctx.tx.query(`create temporary table register_lines on commit drop as select ${STAGED} from disbursements with no data`);
  await copyRows(ctx, `register_lines (${STAGED})`, rowsOf(disbursements));
  await ctx.tx.query('analyze register_lines');
}

/**
 * The staged lines that are new and whose case nobody has or is held. Holds are reconciliation's and read from its table, as a module
 * may not import a later one; only what goes through a partner is held.
 */
export async function newOnRegister(ctx: TxCtx): Promise<NewDisbursement[]> {
  const rows = await ctx.tx.query<{ line: number; is_case_known: boolean; is_held: boolean; returned_id: string | null }[]>(
    `with fresh as (
       select distinct on (r.disbursement_id) r.line_number, r.case_id, r.method
         from register_lines r left join disbursements d on d.agency_id = $1 and d.disbursement_id = r.disbursement_id
        where d.disbursement_id is null
        order by r.disbursement_id, r.line_number),
     open_holds as materialized (
       select distinct on (case_id) case_id, disbursement_id
         from disbursement_holds where agency_id = $1 and released_at is null
        order by case_id, disbursement_id is null, since_on desc, disbursement_id)
     select f.line_number as line, c.case_id is not null as is_case_known, h.case_id is not null as is_held, h.disbursement_id as returned_id
       from fresh f
       left join support_cases c on c.agency_id = $1 and c.case_id = f.case_id
       left join open_holds h on h.case_id = f.case_id and f.method = 'consulate'
      where c.case_id is null or h.case_id is not null
      order by f.line_number`,
    [ctx.actor.agency],
  );
  return rows.map((row) => ({ line: row.line, isCaseKnown: row.is_case_known, hold: row.is_held ? { returnedId: row.returned_id } : null }));
}

/**
 * Adds the staged disbursements that are new. One that is known with the same content is a repeat; one that is known with other
 * content changes nothing and is told.
 */
export async function insertDisbursements(ctx: TxCtx, fileId: string): Promise<RegisterOutcome> {
  await ctx.tx.query(
    `insert into disbursements (agency_id, file_id, ${STAGED})
     select distinct on (disbursement_id) $1, $2, ${STAGED} from register_lines order by disbursement_id, line_number
     on conflict (agency_id, disbursement_id) do nothing`,
    [ctx.actor.agency, fileId],
  );
  const rows = await ctx.tx.query<{ imported: number; duplicate: number; conflicts: number[] | null }[]>(
    `with judged as (
       select r.line_number, d.file_id = $2 and d.line_number = r.line_number as is_new,
              (d.batch_id, d.case_id, d.partner_id, d.payee_name, d.amount_minor, d.currency, d.issued_on, d.method)
              is not distinct from (r.batch_id, r.case_id, r.partner_id, r.payee_name, r.amount_minor, r.currency, r.issued_on, r.method) as is_same
         from register_lines r join disbursements d on d.agency_id = $1 and d.disbursement_id = r.disbursement_id)
     select count(*) filter (where is_new)::int as imported, count(*) filter (where not is_new and is_same)::int as duplicate,
            array_agg(line_number order by line_number) filter (where not is_new and not is_same) as conflicts
       from judged`,
    [ctx.actor.agency, fileId],
  );
  await ctx.tx.query('drop table register_lines');
  const [judged] = rows;
  return { imported: judged?.imported ?? 0, duplicate: judged?.duplicate ?? 0, conflicts: judged?.conflicts ?? [] };
}

function* rowsOf(disbursements: readonly Disbursement[]): Generator<CopyRow> {
  for (const d of disbursements) {
    yield [d.disbursementId, d.batchId, d.caseId, d.partnerId, d.payeeName, d.amountMinor, d.currency, d.issuedOn, d.method, d.line];
  }
}

const FORMS_FROM = 50;

/** Some of the numbers that a partner was given last, to know their form. */
export async function someDisbursementIds(ctx: TxCtx, partnerId: string): Promise<string[]> {
  const rows = await ctx.tx.query<{ disbursement_id: string }[]>(
    'select disbursement_id from disbursements where agency_id = $1 and partner_id = $2 order by disbursement_id desc limit $3', [ctx.actor.agency, partnerId, FORMS_FROM]);
  return rows.map((row) => row.disbursement_id);
}
