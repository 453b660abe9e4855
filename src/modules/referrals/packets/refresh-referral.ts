import type { TxCtx } from '../../../platform/context.ts';
import { updateFindings } from '../lifecycle/referral.store.ts';
import type { ReferralRow } from '../lifecycle/referral.store.ts';
import { registerTexts } from '../translation/register-texts.ts';
import { preparePacket } from './prepare-packet.ts';
import type { PreparedPacket } from './prepare-packet.ts';

// Every packet is in English on the left.
const LEFT = 'en';

/**
 * Looks at a referral anew after something of it has changed: gives its texts to the translators and writes down what is missing,
 * in the transaction of the change.
 */
export async function refreshReferral(ctx: TxCtx, referral: ReferralRow): Promise<PreparedPacket> {
  const before = await preparePacket(ctx, referral);
  const { added, changed, withdrawn } = await registerTexts(ctx, referral, {
    sources: before.narrativeSources, pair: { left: LEFT, right: before.partner.languages.value.packet }, names: before.names,
  });
  const prepared = added + changed + withdrawn > 0 ? await preparePacket(ctx, referral) : before;
  await updateFindings(ctx, referral, prepared.findings);
  return prepared;
}
