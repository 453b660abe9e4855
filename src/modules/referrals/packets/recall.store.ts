import type { TxCtx } from '../../../platform/context.ts';
import type { DisclosureStance } from './disclosure-stance.rules.ts';

/** A packet that the partner holds, what it told, and for what of that its destruction was asked. Only the agency reads this. */
export interface HeldPacket {
  readonly packetId: string;
  readonly number: number;
  readonly county: string;
  readonly stance: DisclosureStance;
  readonly acknowledged: readonly string[];
}

/** The packets of a referral that the partner was given, the newest first. */
export async function listHeldPackets(ctx: TxCtx, referralId: string): Promise<HeldPacket[]> {
  return listHeldPacketsOf(ctx, [referralId]);
}

/** The same of several referrals. */
export async function listHeldPacketsOf(ctx: TxCtx, referralIds: readonly string[]): Promise<(HeldPacket & { readonly referralId: string })[]> {
  return ctx.tx.query<(HeldPacket & { readonly referralId: string })[]>(
    `select p.packet_id as "packetId", p.referral_id as "referralId", p.number, p.county, s.stance,
            coalesce((select array_agg(distinct key) from packet_recalls r, unnest(r.withdrawn) key
              where r.agency_id = p.agency_id and r.packet_id = p.packet_id), '{}') as acknowledged
       from packets p join packet_disclosures s on s.agency_id = p.agency_id and s.packet_id = p.packet_id
      where p.agency_id = $1 and p.referral_id = any ($2)
        and exists (select from packet_deliveries d where d.agency_id = p.agency_id and d.packet_id = p.packet_id)
      order by p.number desc`,
    [ctx.actor.agency, referralIds],
  );
}

export async function readStance(ctx: TxCtx, packetId: string): Promise<DisclosureStance | null> {
  const rows = await ctx.tx.query<{ stance: DisclosureStance }[]>(
    'select stance from packet_disclosures where agency_id = $1 and packet_id = $2', [ctx.actor.agency, packetId],
  );
  return rows[0]?.stance ?? null;
}

/** Records that the partner was asked to destroy what this packet told and is kept back now. */
export async function insertRecall(ctx: TxCtx, packet: HeldPacket, withdrawn: readonly string[]): Promise<void> {
  await ctx.tx.query(
    `insert into packet_recalls (agency_id, packet_id, position, county, withdrawn, acknowledged_at, acknowledged_by)
     select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6 from packet_recalls where agency_id = $1 and packet_id = $2`,
    [ctx.actor.agency, packet.packetId, packet.county, withdrawn, ctx.clock.now(), ctx.actor.id],
  );
}
