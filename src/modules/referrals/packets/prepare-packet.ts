import { createHash } from 'node:crypto';
import { getCase, protectedParticipants } from '../../cases/index.ts';
import { getPartner } from '../../partners/index.ts';
import type { PartnerProfile } from '../../partners/index.ts';
import type { TxCtx } from '../../../platform/context.ts';
import { calendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';
import { assembleModel } from './assemble-model.ts';
import type { AssembledModel } from './assemble-model.ts';
import { completenessFindings } from '../lifecycle/completeness.rules.ts';
import { stanceOf } from './disclosure-stance.rules.ts';
import type { CurrentStance } from './disclosure-stance.rules.ts';
import type { PacketModel } from './packet-model.rules.ts';

/** What a packet of a referral would say today, and what is missing for it. */
export interface PreparedPacket {
  readonly model: PacketModel | null;
  readonly decisions: AssembledModel['decisions'];
  readonly stance: CurrentStance;
  readonly findings: readonly Finding[];
  readonly contentDigest: Buffer;
  readonly partner: PartnerProfile;
  readonly county: string;
  readonly on: string;
}

// The county's offices, and so the dates on papers, are in this zone.
export const AGENCY_TIME_ZONE = 'America/Los_Angeles';

/** The referral, also one that is about to be opened. */
export interface PreparedReferral {
  readonly referralId: string;
  readonly caseId: string;
  readonly partnerId: string;
  readonly services: readonly string[];
  readonly createdAt?: Date;
}

/** Reads the case as it is now and filters it for the partner. */
export async function preparePacket(ctx: TxCtx, referral: PreparedReferral): Promise<PreparedPacket> {
  const partner = getPartner(referral.partnerId);
  const supportCase = await getCase(ctx, referral.caseId);
  const on = calendarDate(ctx.clock.now(), AGENCY_TIME_ZONE);
  const { model, view, decisions, findings } = assembleModel({
    supportCase, partner, services: referral.services, referralId: referral.referralId,
    openedOn: calendarDate(referral.createdAt ?? ctx.clock.now(), AGENCY_TIME_ZONE), agency: ctx.actor.agency, on,
  });
  const all = [...completenessFindings({ supportCase, view, partner, services: referral.services }), ...findings];
  const stance = stanceOf(supportCase, protectedParticipants(supportCase, on), decisions);
  return { model, decisions, stance, findings: all, contentDigest: digestOf(model), partner, county: supportCase.county, on };
}

/** Two models are the same content when they have the same digest; keys are in the order in which the model is assembled. */
function digestOf(model: PacketModel | null): Buffer {
  return createHash('sha256').update(JSON.stringify(model)).digest();
}

export function hasBlocking(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'block');
}
