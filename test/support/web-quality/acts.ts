import { listReminders, remind } from '../../../src/modules/exchange/index.ts';
import { changePartnerDraft } from '../../../src/modules/partners/index.ts';
import type { PartnerProfile } from '../../../src/modules/partners/index.ts';
import { beginBatch, buildPacket, createReferral, moveReferral } from '../../../src/modules/referrals/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { beginWork } from '../../../src/platform/work.ts';
import { SAMPLE_CASES } from '../../http/web/sample-cases.ts';
import { anOrder, asPerson } from './as-person.ts';

const LA = 'mx-consulate-los-angeles';
const CHANGED = 'mx-consulate-calexico';

/** Does what leads to pages that stand behind an act: reminded, ordered, sent together, changed a profile, begun long work. Gives their addresses. */
export async function actFirst(ctx: Ctx, story: { readonly sent: string; readonly draft: string }): Promise<string[]> {
  const attorney = await asPerson(ctx, 'attorney');
  await moveReferral(ctx, story.sent, 'learn');
  await remind(ctx);
  const reminder = (await listReminders(ctx)).rows[0]?.reminderId ?? '';
  const orderId = await anOrder(ctx, 1);
  const { referralId } = await createReferral(ctx, { caseId: SAMPLE_CASES.protected.caseId, partnerId: LA, services: ['locate'] });
  const { packetId } = await buildPacket(ctx, referralId);
  const { batchId } = await beginBatch(attorney, { referralIds: [referralId], packetIds: new Map([[referralId, packetId]]), approver: null });
  await changePartnerDraft(ctx, CHANGED, 0, (before) => ({ ...(before as PartnerProfile), services: { value: ['locate', 'status'], confirmed: false, sources: ['entered'] } }));
  const workId = await inTransaction(attorney, (tx) => beginWork(tx, { kind: 'ground.sample', total: 3, permission: 'referrals.send' }));
  return [
    `/reminders/${reminder}`, `/orders/${orderId}`, `/batches/${batchId}`, `/work/${workId}`, `/referrals/${story.draft}/preview?page=1`, `/referrals/${story.sent}/sent`,
    `/administration/partners/${CHANGED}/review`, `/administration/partners/${CHANGED}/drop`, '/administration/partners/mx-sre/versions/0',
  ];
}
