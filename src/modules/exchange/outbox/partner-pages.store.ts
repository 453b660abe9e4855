import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { InquiryState, Question } from '../inquiries/inquiry.rules.ts';

/** A question without what was asked about whom. */
export interface AskedRow {
  readonly inquiryId: string;
  readonly state: InquiryState;
  readonly questions: readonly Question[];
  readonly askedAt: Date;
  readonly answerBy: CalendarDate;
  readonly answeredAt: Date | null;
}

export async function selectAskedBefore(ctx: TxCtx, partnerId: string, before: string | null, limit: number): Promise<AskedRow[]> {
  return ctx.tx.query<AskedRow[]>(
    `select inquiry_id as "inquiryId", state, questions, asked_at as "askedAt", answer_by::text as "answerBy", answered_at as "answeredAt"
       from inquiries where agency_id = $1 and partner_id = $2 and ($3::text is null or inquiry_id < $3) order by inquiry_id desc limit $4`,
    [ctx.actor.agency, partnerId, before, limit]);
}
