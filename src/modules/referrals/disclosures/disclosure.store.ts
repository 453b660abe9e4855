import type { TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { orderBy } from '../../../platform/list-order.ts';
import type { ListOrder } from '../../../platform/list-order.ts';
import type { DisclosedContent, DisclosureKind, Grounds, ToldContent } from './disclosure.rules.ts';

/** What is written down with an event, as far as it is new then: the content at sealing, ground and channel where it leaves. */
export interface DisclosureRecord {
  readonly content?: DisclosedContent | null;
  readonly grounds?: Grounds;
  readonly channel?: string;
  readonly supersededBy?: string;
  readonly sets?: number;
  readonly told?: ToldContent;
}

export interface NewDisclosure {
  readonly disclosureId: string;
  readonly county: string;
  readonly caseId: string;
  /** Null where something was told without a packet, or besides any referral. */
  readonly referralId: string | null;
  readonly partnerId: string;
  readonly packetId: string | null;
  readonly kind: DisclosureKind;
  readonly record: DisclosureRecord;
}

export async function insertDisclosure(ctx: TxCtx, one: NewDisclosure): Promise<void> {
  const { agency, id, partner } = ctx.actor;
  await ctx.tx.query(
    `insert into disclosures (agency_id, disclosure_id, county, case_id, referral_id, partner_id, packet_id, kind, record, happened_at, actor_id, actor_partner)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [agency, one.disclosureId, one.county, one.caseId, one.referralId, one.partnerId, one.packetId, one.kind, JSON.stringify(one.record), ctx.clock.now(), id, partner],
  );
}

export interface DisclosureFilter {
  readonly caseId: string | null;
  readonly referralId: string | null;
  readonly partnerId: string | null;
  /** The first and the last day, of the office. */
  readonly from: CalendarDate | null;
  readonly to: CalendarDate | null;
  readonly kind: DisclosureKind | null;
}

/** An event of the log with the packet that it is about, if any. */
export interface DisclosureRow extends NewDisclosure {
  readonly happenedAt: Date;
  readonly actorId: string;
  readonly actorPartner: string | null;
  readonly packetNumber: number | null;
  readonly sha256: string | null;
  readonly pages: number | null;
  /** What the packet holds; null where it was sealed before there was a log. */
  readonly content: DisclosedContent | null;
}

const OFFICE_ZONE = 'America/Los_Angeles';

export const CASE_DISCLOSURE_SORTS = ['when', 'kind', 'partner'] as const;
export type CaseDisclosureSort = (typeof CASE_DISCLOSURE_SORTS)[number];
const DISCLOSURE_ORDER: Readonly<Record<CaseDisclosureSort, string>> = { when: 'd.happened_at', kind: 'd.kind', partner: 'd.partner_id' };

/** A page of the log, and how much of it there is. */
export async function selectDisclosures(ctx: TxCtx, filter: DisclosureFilter, order: ListOrder<CaseDisclosureSort>, offset: number, limit: number): Promise<{ rows: DisclosureRow[]; total: number }> {
  const where = `where d.agency_id = $1 and ($2::text is null or d.case_id = $2) and ($3::text is null or d.referral_id = $3) and ($4::text is null or d.partner_id = $4)
     and ($5::date is null or d.happened_at >= $5::date::timestamp at time zone '${OFFICE_ZONE}')
     and ($6::date is null or d.happened_at < ($6::date + 1)::timestamp at time zone '${OFFICE_ZONE}')
     and ($7::text is null or d.kind = $7)`;
  const values = [ctx.actor.agency, filter.caseId, filter.referralId, filter.partnerId, filter.from, filter.to, filter.kind];
  const rows = await ctx.tx.query<DisclosureRow[]>(
    `select d.disclosure_id as "disclosureId", d.county, d.case_id as "caseId", d.referral_id as "referralId", d.partner_id as "partnerId", d.packet_id as "packetId", d.kind,
            d.record - 'content' as record, d.happened_at as "happenedAt", d.actor_id as "actorId", d.actor_partner as "actorPartner",
            p.number as "packetNumber", p.sha256, p.pages,
            (select s.record -> 'content' from disclosures s where s.agency_id = d.agency_id and s.packet_id = d.packet_id and s.kind = 'sealed') as content
       from disclosures d left join packets p on p.agency_id = d.agency_id and p.packet_id = d.packet_id
     ${where} order by ${orderBy(DISCLOSURE_ORDER, order, 'd.disclosure_id')} offset $8 limit $9`,
    [...values, offset, limit],
  );
  const counted = await ctx.tx.query<{ total: number }[]>(`select count(*)::int as total from disclosures d ${where}`, values);
  return { rows, total: counted[0]?.total ?? 0 };
}

/** The digests of attachments of a referral that left with an answer, beside any packet. */
export async function selectPapersTold(ctx: TxCtx, { caseId, referralId }: { readonly caseId: string; readonly referralId: string }): Promise<string[]> {
  const rows = await ctx.tx.query<{ papers: string[] }[]>(
    `select record -> 'told' -> 'papers' as papers from disclosures where agency_id = $1 and case_id = $2 and referral_id = $3 and kind = 'told' and jsonb_typeof(record -> 'told' -> 'papers') = 'array'`,
    [ctx.actor.agency, caseId, referralId],
  );
  return rows.flatMap(({ papers }) => papers);
}
