import { answerInquiry, inquiryToAnswer } from '../modules/exchange/index.ts';
import type { Gathered } from '../modules/exchange/index.ts';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import { gatherCaseFacts } from './gather-case-facts.ts';
import type { Job } from './job.ts';

/** Answers a partner's question from what cases and requests say, if it may be told by itself. What cannot be gathered is left to a person, not to chance. */
export const answerInquiryJob: Job = {
  name: 'answer-inquiry',
  wakesOn: ['inquiry.asked'],
  async run(ctx, { body }) {
    await answerOne(ctx, String(body['inquiryId'] ?? ''));
  },
};

export async function answerOne(ctx: Ctx, inquiryId: string): Promise<void> {
  const asked = await inquiryToAnswer(ctx, inquiryId);
  await answerInquiry(ctx, inquiryId, asked === null ? { candidates: [] } : await gathered(ctx, asked));
}

async function gathered(ctx: Ctx, asked: NonNullable<Awaited<ReturnType<typeof inquiryToAnswer>>>): Promise<Gathered> {
  try {
    return { candidates: await gatherCaseFacts(ctx, asked) };
  } catch (error) {
    if (error instanceof AppError && error.code === 'database.busy') throw error;
    ctx.log.error({ err: error, inquiryId: asked.inquiryId }, 'inquiry.facts_failed');
    return { failed: true };
  }
}
