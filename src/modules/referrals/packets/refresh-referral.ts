import type { TxCtx } from '../../../platform/context.ts';
import { FINAL_STATES } from '../lifecycle/lifecycle-table.rules.ts';
import { updateFindings } from '../lifecycle/referral.store.ts';
import type { ReferralRow } from '../lifecycle/referral.store.ts';
import { registerTexts } from '../translation/register-texts.ts';
import { asGateway } from './as-gateway.ts';
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

/** After its interview has changed: what it says and what is missing. */
export async function refreshAfterInterview(ctx: TxCtx, referral: ReferralRow): Promise<void> {
  if (!isOurs(referral)) return;
  const { narrativeSources, partner, names } = await preparePacket(asGateway(ctx), referral);
  await registerTexts(ctx, referral, { sources: narrativeSources, pair: { left: LEFT, right: partner.languages.value.packet }, names });
  await refreshFindings(ctx, referral);
}

/** After papers or translations of it have changed: what is missing. Its texts are as they were. */
export async function refreshFindings(ctx: TxCtx, referral: ReferralRow): Promise<void> {
  if (!isOurs(referral)) return;
  await updateFindings(ctx, referral, (await preparePacket(asGateway(ctx), referral)).findings);
}

/** What is over, and what a partner asks of us, gets no packet of ours. */
const isOurs = ({ status, direction }: ReferralRow): boolean => direction === 'outgoing' && !FINAL_STATES.includes(status);
