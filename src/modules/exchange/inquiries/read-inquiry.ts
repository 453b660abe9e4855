import { recordAudit } from '../../audit/index.ts';
import { officeDay } from '../../referrals/index.ts';
import { authorise, isAllowed } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { getInquiryRow } from './answer-inquiry.ts';
import { findWork, selectAnswers } from './answer.store.ts';
import type { AnswerRow, WorkRow } from './answer.store.ts';
import { consentLack, INQUIRY_STATES, OPEN_INQUIRY_STATES } from './inquiry.rules.ts';
import { findConsent, selectInquiries } from './inquiry.store.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import { pageOf, pageWith } from '../../../platform/list-page.ts';
import type { ListPage, PageAsked } from '../../../platform/list-page.ts';
import type { ConsentRow, InquiryRow, InquirySort } from './inquiry.store.ts';

const SIZES = { usual: 25, most: 100 };

/** What the asker is told of where it stands: until somebody has answered, only that it came or that a person looks. */
export type ShownInquiryState = 'received' | 'with_person' | 'answered' | 'declined';

export interface ListedInquiry extends InquiryRow {
  readonly shown: ShownInquiryState;
  /** The day by which it is to be answered is over. */
  readonly isOverdue: boolean;
}

export interface InquiryView extends ListedInquiry {
  readonly consent: ConsentRow;
  /** Why the consent does not hold today; null where it does. */
  readonly consentLack: string | null;
  readonly answers: readonly AnswerRow[];
  /** What the agency knows and thinks of it; null for whoever asked. */
  readonly work: WorkRow | null;
}

/** A question with its consent and what was answered. Who reads it is written down. @throws AppError `inquiry.not_found`, `access.forbidden`. */
export async function readInquiry(ctx: Ctx, inquiryId: string): Promise<InquiryView> {
  authorise(ctx, 'inquiries.read');
  return inTransaction(ctx, async (tx) => {
    const inquiry = await getInquiryRow(tx, inquiryId);
    const consent = await findConsent(tx, inquiry.consentId);
    if (!consent) throw new Error('fault: a question without its consent');
    const isAgency = ctx.actor.partner === null && isAllowed(ctx, 'inquiries.view');
    const work = isAgency ? await findWork(tx, inquiryId) : null;
    if (ctx.actor.kind !== 'system') await recordAudit(tx, { action: 'inquiry.read', subject: { type: 'inquiry', id: inquiryId }, partner: inquiry.partnerId, county: inquiry.county });
    return { ...listed(ctx, inquiry), consent, consentLack: consentLack(consent, inquiry.questions, officeDay(ctx)), answers: await selectAnswers(tx, inquiryId), work };
  });
}

function listed(ctx: Ctx, inquiry: InquiryRow): ListedInquiry {
  const isOpen = OPEN_INQUIRY_STATES.includes(inquiry.state);
  return { ...inquiry, shown: inquiry.state === 'asked' ? 'received' : inquiry.state, isOverdue: isOpen && inquiry.answerBy < officeDay(ctx) };
}

export interface InquiryQuery extends PageAsked {
  /** `open` waits, by the day on which it is due; `over` and `all` the newest first. */
  readonly show?: 'open' | 'over' | 'all' | undefined;
  readonly partnerId?: string | undefined;
  readonly order?: ListOrder<InquirySort> | undefined;
}

export type InquiryPage = ListPage<ListedInquiry>;

/** Questions, page by page: an officer's the own office's. @throws AppError `access.forbidden`. */
export async function listInquiries(ctx: Ctx, query: InquiryQuery = {}): Promise<InquiryPage> {
  authorise(ctx, 'inquiries.read');
  const show = query.show ?? 'all';
  const states = show === 'open' ? OPEN_INQUIRY_STATES : show === 'over' ? INQUIRY_STATES.filter((state) => !OPEN_INQUIRY_STATES.includes(state)) : null;
  const filter = { states, partnerId: ctx.actor.partner ?? query.partnerId ?? null, order: query.order ?? (show === 'open' ? { by: 'due', isDescending: false } as const : { by: 'asked', isDescending: true } as const) };
  const found = await inTransaction(ctx, (tx) => pageOf(query, SIZES, (place) => selectInquiries(tx, filter, place), ({ inquiryId }) => inquiryId));
  return pageWith(found, (row) => listed(ctx, row));
}
