import { recordAudit } from '../../audit/index.ts';
import { casesOfList, protectedParticipants } from '../../cases/index.ts';
import type { SupportCase } from '../../cases/index.ts';
import { getPartner } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction, operatorActor, withActor } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { recordDisclosure } from '../disclosures/record-disclosure.ts';
import { assembleModel } from './assemble-model.ts';
import { stanceOf, withdrawnSince } from './disclosure-stance.rules.ts';
import type { CurrentStance } from './disclosure-stance.rules.ts';
import { officeDay } from '../clocks/office-day.ts';
import { getReferralRow } from '../lifecycle/get-referral-row.ts';
import { preparePacket } from './prepare-packet.ts';
import { insertRecall, listHeldPackets, listHeldPacketsOf, readStance } from './recall.store.ts';
import type { HeldPacket } from './recall.store.ts';
import type { ReferralRow } from '../lifecycle/referral.store.ts';

type ReferralOf = Pick<ReferralRow, 'referralId' | 'caseId' | 'partnerId' | 'services'>;

// Where the case cannot be read, nothing that was told of it is known to be harmless.
const EVERYTHING = ['/'];

/** What this packet told and may not be told today, decided anew on the case as it is now. */
export async function withdrawnFromPacket(ctx: Ctx, referral: ReferralOf, packetId: string): Promise<readonly string[]> {
  return inTransaction(asDecider(ctx), async (tx) => {
    const [now, then] = [await currentStance(tx, referral), await readStance(tx, packetId)];
    return now && then ? withdrawnSince(then, now) : EVERYTHING;
  });
}

/** A warning for each packet in the partner's hands that told what is protected now, until somebody has seen to it. */
export async function currentRecalls(ctx: Ctx, referral: ReferralOf): Promise<Finding[]> {
  return inTransaction(asDecider(ctx), async (tx) => recallFindings(await listHeldPackets(tx, referral.referralId), await currentStance(tx, referral)));
}

/**
 * The same for the rows of a list, all at once, by referral: decided by the case alone, without the papers that travel with it. What somebody's
 * protection withdraws shows in the case; the page of a referral looks at the papers, too.
 */
export async function recallsAtAGlance(ctx: Ctx, referrals: readonly ReferralOf[]): Promise<ReadonlyMap<string, Finding[]>> {
  if (referrals.length === 0) return new Map();
  return inTransaction(asDecider(ctx), async (tx) => {
    const held = Map.groupBy(await listHeldPacketsOf(tx, referrals.map(({ referralId }) => referralId)), ({ referralId }) => referralId);
    const cases = await casesOfList(tx, [...new Set(referrals.map(({ caseId }) => caseId))]);
    return new Map(referrals.map((referral) => [referral.referralId, recallFindings(held.get(referral.referralId) ?? [], stanceOfCase(tx, referral, cases.get(referral.caseId) ?? null))]));
  });
}

function stanceOfCase(ctx: TxCtx, { partnerId, services, referralId }: ReferralOf, supportCase: SupportCase | null): CurrentStance | null {
  if (supportCase === null) return null;
  const on = officeDay(ctx);
  const { decisions } = assembleModel({ supportCase, partner: getPartner(partnerId), services, referralId, openedOn: on, agency: ctx.actor.agency, on });
  return stanceOf(supportCase, protectedParticipants(supportCase, on), decisions);
}

export function recallFindings(held: readonly HeldPacket[], now: CurrentStance | null): Finding[] {
  return held.filter((packet) => outstanding(packet, now).length > 0)
    .map(({ number }) => ({ code: 'referral.disclosed_before_protection', severity: 'warn', params: { number } }));
}

function outstanding(packet: HeldPacket, now: CurrentStance | null): string[] {
  const withdrawn = now ? withdrawnSince(packet.stance, now) : EVERYTHING;
  return withdrawn.filter((key) => !packet.acknowledged.includes(key));
}

/**
 * Says that the partner was asked to destroy the packets that told what is protected now. What is protected later asks again.
 * @returns the packets for which it was said; none where nothing was outstanding.
 * @throws AppError `referral.not_found`, `access.forbidden`.
 */
export async function acknowledgeRecall(ctx: Ctx, referralId: string): Promise<readonly string[]> {
  authorise(ctx, 'referrals.send');
  return inTransaction(ctx, async (tx) => {
    const referral = await getReferralRow(tx, referralId, 'lock');
    const now = await currentStance(tx, referral);
    const recalled: string[] = [];
    for (const packet of await listHeldPackets(tx, referralId)) {
      const withdrawn = outstanding(packet, now);
      if (withdrawn.length === 0) continue;
      await insertRecall(tx, packet, withdrawn);
      await recordDisclosure(tx, 'recalled', { packetId: packet.packetId, county: packet.county, referralId, partnerId: referral.partnerId }, referral.caseId);
      await recordAudit(tx, {
        action: 'packet.recall_acknowledged', subject: { type: 'packet', id: packet.packetId }, partner: referral.partnerId, county: referral.county,
        details: { referralId },
      });
      recalled.push(packet.packetId);
    }
    return recalled;
  });
}

/**
 * Whoever asks for a packet may be somebody who may not see the case: the gateway itself decides then. Inside a running
 * transaction its own actor does, and without the right to the case nothing is decided.
 */
function asDecider(ctx: Ctx): Ctx {
  return ctx.tx ? ctx : withActor(ctx, { ...operatorActor(ctx.config), id: 'disclosure', name: 'disclosure', agency: ctx.actor.agency });
}

async function currentStance(ctx: TxCtx, referral: ReferralOf): Promise<CurrentStance | null> {
  try {
    return (await preparePacket(ctx, referral)).stance;
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  }
}
