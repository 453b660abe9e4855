import type { TxCtx } from '../../../platform/context.ts';
import type { DisclosureRecord } from './disclosure.store.ts';

export const DISCLOSURE_SORTS = ['when', 'partner', 'case'] as const;
export type DisclosureSort = (typeof DISCLOSURE_SORTS)[number];

const ORDER: Readonly<Record<DisclosureSort, readonly string[]>> = {
  when: ['d.happened_at', 'd.disclosure_id'], partner: ['d.partner_id', 'd.happened_at', 'd.disclosure_id'], case: ['d.case_id', 'd.happened_at', 'd.disclosure_id'],
};
const OFFICE_ZONE = 'America/Los_Angeles';

/** One line of the log of all cases: what happened to which packet or answer, without what it holds. */
export interface LoggedDisclosure {
  readonly disclosureId: string;
  readonly county: string;
  readonly caseId: string;
  readonly referralId: string | null;
  readonly partnerId: string;
  readonly packetId: string | null;
  readonly packetNumber: number | null;
  readonly kind: string;
  readonly record: DisclosureRecord;
  readonly happenedAt: Date;
  readonly actorId: string;
  readonly actorName: string | null;
  readonly actorPartner: string | null;
}

export interface DisclosureLogFilter {
  readonly caseId: string | null;
  readonly partnerId: string | null;
  readonly actorIds: readonly string[] | null;
  readonly kind: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

export async function selectDisclosureLog(ctx: TxCtx, filter: DisclosureLogFilter, sort: { by: DisclosureSort; isDescending: boolean }, offset: number, limit: number): Promise<LoggedDisclosure[]> {
  const values: unknown[] = [ctx.actor.agency];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = ['d.agency_id = $1'];
  if (filter.caseId !== null) where.push(`d.case_id = ${bind(filter.caseId)}`);
  if (filter.partnerId !== null) where.push(`d.partner_id = ${bind(filter.partnerId)}`);
  if (filter.actorIds !== null) where.push(`d.actor_id = any(${bind(filter.actorIds)})`);
  if (filter.kind !== null) where.push(`d.kind = ${bind(filter.kind)}`);
  if (filter.from !== null) where.push(`d.happened_at >= ${bind(filter.from)}::date::timestamp at time zone '${OFFICE_ZONE}'`);
  if (filter.to !== null) where.push(`d.happened_at < (${bind(filter.to)}::date + 1)::timestamp at time zone '${OFFICE_ZONE}'`);
  const order = (prefix: string) => ORDER[sort.by].map((column) => `${column.replace('d.', prefix)} ${sort.isDescending ? 'desc' : 'asc'}`).join(', ');
  return ctx.tx.query<LoggedDisclosure[]>(
    `select d.disclosure_id as "disclosureId", d.county, d.case_id as "caseId", d.referral_id as "referralId", d.partner_id as "partnerId", d.packet_id as "packetId", p.number as "packetNumber", d.kind,
            d.record - 'content' as record, d.happened_at as "happenedAt", d.actor_id as "actorId", u.display_name as "actorName", d.actor_partner as "actorPartner"
       from (select * from disclosures d where ${where.join(' and ')} order by ${order('d.')} offset ${bind(offset)} limit ${bind(limit)}) d
       left join packets p on p.agency_id = d.agency_id and p.packet_id = d.packet_id
       left join users u on u.agency_id = d.agency_id and u.user_id = d.actor_id
      order by ${order('d.')}`, values);
}
