import { openArrivedCaseload, parkAgain, sendMessage } from '../modules/exchange/index.ts';
import type { ArrivedCaseload } from '../modules/exchange/index.ts';
import { answerPartnerCaseload } from '../modules/reconciliation/index.ts';
import type { AnsweredPair } from '../modules/reconciliation/index.ts';
import { exchangedCases, officeDay } from '../modules/referrals/index.ts';
import type { Ctx } from '../platform/context.ts';
import { AppError } from '../platform/errors.ts';
import type { Job } from './job.ts';

/** As many pairs as one message holds. */
const PAIRS_MAX = 10_000;

/** Holds a list of cases that came as a message against ours, answers with what differs, and has a person look at it. Where both say the same there is nothing to do. */
export const compareArrivedCaseloadJob: Job = {
  name: 'compare-arrived-caseload',
  wakesOn: ['caseload.arrived'],
  async run(ctx, { body }) {
    const messageId = String(body['messageId']);
    try {
      const list = await openArrivedCaseload(ctx, messageId);
      // Against one part of a list all our other cases would be missing from it.
      if (list.isPart) return await parkAgain(ctx, messageId, ['exchange.caseload_in_parts']);
      const { partnerId, fileName, bytes } = list;
      const { comparison, answer } = await answerPartnerCaseload(ctx, { partnerId, fileName, source: bytes, exchangedCases: await exchangedCases(ctx, partnerId) });
      if (comparison.differences.length === 0 && answer.length === 0) return;
      await tell(ctx, messageId, list, answer);
      await parkAgain(ctx, messageId, ['exchange.caseload_differs']);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === 'partner_unavailable' || error.code === 'database.busy') throw error;
      await parkAgain(ctx, messageId, [error.code]);
    }
  },
};

/** Two gateways would answer each other for ever: an answer is not answered. */
async function tell(ctx: Ctx, messageId: string, { conversationId, partnerId, isAnswer }: ArrivedCaseload, answer: readonly AnsweredPair[]): Promise<void> {
  if (isAnswer || answer.length === 0 || answer.length > PAIRS_MAX) return;
  await sendMessage(ctx, {
    ...(conversationId === null ? { partnerId } : { conversationId }), kind: 'caseloadReconciliation', inReplyTo: messageId, cause: `caseload:${messageId}`, body: caseloadBody(answer, officeDay(ctx)),
  });
}

/** Numbers and states, as the schema has them: ours are `from`, the partner's `to`. */
export function caseloadBody(pairs: readonly AnsweredPair[], asOf: string): Readonly<Record<string, unknown>> {
  return {
    asOf, pairCount: pairs.length, pair: pairs.map(({ ourNumber, theirNumber, state, closedOn }) => ({
      ...(ourNumber === null ? {} : { fromFileNumber: ourNumber }), ...(theirNumber === null ? {} : { toFileNumber: theirNumber }), state, ...(closedOn === null ? {} : { closedOn }),
    })),
  };
}
