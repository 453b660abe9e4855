import { buildPacket, createReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { tellConversations } from '../../browser/story-of-conversations.ts';
import { tellCounter } from '../../browser/story-of-counter.ts';
import { tellIncoming } from '../../browser/story-of-incoming.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import type { Site } from './web-site.ts';

/** What lists of the exchange show: two referrals sent, conversations about them, what partners sent and asked. */
export async function tellExchange({ ctx }: Site): Promise<void> {
  await importSampleCases(ctx);
  const refer = async (caseId: string, partnerId: string, services: string[]): Promise<string> => {
    const { referralId } = await createReferral(ctx, { caseId, partnerId, services });
    await buildPacket(ctx, referralId);
    await sendReferral(ctx, referralId, { approver: 'Deputy Director' });
    return referralId;
  };
  await tellConversations(ctx, await refer(SAMPLE_CASES.protected.caseId, 'mx-consulate-los-angeles', ['enforce', 'collect_forward']), await refer(SAMPLE_CASES.korean.caseId, 'kr-kcsa', ['locate']));
  await tellIncoming(ctx);
  await tellCounter(ctx);
}
