import { noteListShown } from '../../../modules/audit/index.ts';
import { askAboutCase as ask, listAskedOf, readInquiry } from '../../../modules/exchange/index.ts';
import type { InquiryRequest } from '../../../modules/exchange/index.ts';
import { json } from '../answer.ts';
import type { Handler } from '../answer.ts';
import { partnerOf } from '../caller.ts';
import { cursorOf, pageOf } from '../cursors.ts';

interface Asked {
  readonly inquiryId: string;
  readonly state: string;
  readonly questions: readonly string[];
  readonly askedAt: Date;
  readonly answerBy: string;
  readonly answeredAt: Date | null;
}

export const listInquiries: Handler = async (call) => {
  const page = await listAskedOf(call.ctx, { partnerId: partnerOf(call), ...pageOf(call) });
  await noteListShown(call.ctx, 'api-inquiries', page.items.map(({ inquiryId }) => ({ inquiry: inquiryId })));
  return json({ items: page.items.map(shown), next: cursorOf(page.next) });
};

/** What is asked is kept; whether there is such a case shows neither in the answer nor in the time it takes. */
export const askAboutCase: Handler = async (call) => {
  const asked = await ask(call.ctx, { ...(call.body as InquiryRequest), partnerId: partnerOf(call), channel: 'api' });
  const inquiry = await readInquiry(call.ctx, asked.inquiryId);
  return json(shown(inquiry), 201, { Location: `/api/v1/inquiries/${asked.inquiryId}` });
};

export const getInquiry: Handler = async (call) => {
  const inquiry = await readInquiry(call.ctx, call.path['inquiryId'] as string);
  return json({
    ...shown(inquiry),
    answers: inquiry.answers.map(({ answeredAt, content }) => ({
      answeredAt: answeredAt.toISOString(), facts: content.kind === 'facts' ? content.facts : null, texts: content.kind === 'text' ? content.texts : null,
    })),
  });
};

const shown = ({ inquiryId, state, questions, askedAt, answerBy, answeredAt }: Asked): Record<string, unknown> => ({
  id: inquiryId, state: state === 'asked' ? 'received' : state, questions, askedAt: askedAt.toISOString(), answerBy, answeredAt: answeredAt?.toISOString() ?? null,
});
