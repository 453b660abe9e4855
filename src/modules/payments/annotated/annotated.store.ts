import type { TxCtx } from '../../../platform/context.ts';
import { orderBy } from '../../../platform/order-by.ts';
import type { Order } from '../../../platform/order-by.ts';
import type { TableDialect } from '../formats/tables/partner-table.rules.ts';
import type { PaymentKind } from '../formats/tables/payment-line.rules.ts';
import type { ToldOutcome } from './needs.rules.ts';

export interface ListToAnnotate {
  fileId: string;
  partnerId: string;
  kind: PaymentKind;
  fileName: string;
  dialect: TableDialect;
}

/** A partner's list that was imported, by its file id or its digest (the newest, where the same bytes stand under several). */
export async function findListToAnnotate(ctx: TxCtx, wanted: string): Promise<ListToAnnotate | null> {
  const rows = await ctx.tx.query<ListToAnnotate[]>(
    `select file_id as "fileId", partner_id as "partnerId", kind, file_name as "fileName", dialect from received_files
      where agency_id = $1 and kind in ('forwarding', 'remittance') and (file_id = $2 or sha256 = $2) order by imported_seq desc limit 1`,
    [ctx.actor.agency, wanted],
  );
  return rows[0] ?? null;
}

export interface LineToAnnotate {
  line: number;
  outcome: ToldOutcome;
  reasons: string[];
  /** Our case number, only where the line was matched to a case that is exchanged with this partner. */
  caseId: string | null;
}

/**
 * Every line with its outcome. A case is exchanged with a partner when a referral of it was sent there, when the partner was given its money to
 * hand on, or when the line itself names it in full: what the partner does not know of already is not told here.
 */
export async function selectLinesToAnnotate(ctx: TxCtx, { fileId, partnerId }: ListToAnnotate): Promise<LineToAnnotate[]> {
  return ctx.tx.query<LineToAnnotate[]>(
    `with told as (
       select l.line_number, coalesce(o.outcome, 'none') as outcome, coalesce(o.reasons, '{}') as reasons, l.given_case_id,
              case when o.outcome in ('posted', 'returned', 'pending', 'duplicate') then o.case_id end as case_id
         from payment_lines l left join line_outcomes o on o.agency_id = l.agency_id and o.file_id = l.file_id and o.line_number = l.line_number
        where l.agency_id = $1 and l.file_id = $2),
     cases as materialized (select distinct case_id from told where case_id is not null),
     exchanged as materialized (
       select c.case_id from cases c
        where exists (select from referrals r where r.agency_id = $1 and r.case_id = c.case_id and r.partner_id = $3 and r.sent_at is not null)
           or exists (select from disbursements d where d.agency_id = $1 and d.case_id = c.case_id and d.partner_id = $3 and d.method = 'consulate'))
     select t.line_number as line, t.outcome, t.reasons,
            case when t.case_id = t.given_case_id or e.case_id is not null then t.case_id end as "caseId"
       from told t left join exchanged e on e.case_id = t.case_id
      order by t.line_number`,
    [ctx.actor.agency, fileId, partnerId],
  );
}

export interface AnnotatedList {
  annotatedFileId: string;
  fileId: string;
  partnerId: string;
  lines: number;
  madeAt: Date;
}

const ANNOTATED = `annotated_file_id as "annotatedFileId", file_id as "fileId", partner_id as "partnerId", lines, made_at as "madeAt"`;

export async function insertAnnotated(ctx: TxCtx, list: Omit<AnnotatedList, 'madeAt'>): Promise<void> {
  await ctx.tx.query(
    `insert into annotated_lists (agency_id, annotated_file_id, file_id, partner_id, lines, made_at, made_by) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (agency_id, annotated_file_id) do nothing`,
    [ctx.actor.agency, list.annotatedFileId, list.fileId, list.partnerId, list.lines, ctx.clock.now(), ctx.actor.id],
  );
}

export const ANNOTATED_SORTS = ['made', 'partner', 'lines'] as const;
export type AnnotatedOrder = Order<(typeof ANNOTATED_SORTS)[number]>;
const ANNOTATED_BY = { made: ['made_at'], partner: ['partner_id', 'made_at'], lines: ['lines'] } as const;

/** A page of the annotated lists that the actor may see. */
export async function selectAnnotated(ctx: TxCtx, wanted: { partnerId: string | null; order: AnnotatedOrder; limit: number; offset: number }): Promise<{ rows: AnnotatedList[]; total: number }> {
  const rows = await ctx.tx.query<(AnnotatedList & { total: number })[]>(
    `select ${ANNOTATED}, count(*) over ()::int as total from annotated_lists where agency_id = $1 and ($2::text is null or partner_id = $2)
      order by ${orderBy(ANNOTATED_BY, wanted.order, ['annotated_file_id desc'])} limit $3 offset $4`,
    [ctx.actor.agency, wanted.partnerId, wanted.limit, wanted.offset],
  );
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
}

export async function findAnnotated(ctx: TxCtx, annotatedFileId: string, partnerId: string | null): Promise<AnnotatedList | null> {
  const rows = await ctx.tx.query<AnnotatedList[]>(
    `select ${ANNOTATED} from annotated_lists where agency_id = $1 and annotated_file_id = $2 and ($3::text is null or partner_id = $3)`, [ctx.actor.agency, annotatedFileId, partnerId]);
  return rows[0] ?? null;
}
