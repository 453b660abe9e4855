import { askAgreement, getPartner, requireAgreement } from '../../partners/index.ts';
import { withActor, writingFor } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';

/** A partner's officer writes no row: the gateway writes under the officer's name, after the use case has authorised. */
export function asWriter(ctx: Ctx): Ctx {
  return ctx.tx ? ctx : withActor(ctx, writingFor(ctx.actor));
}

/** Whose officer it is: the own office, or the one that somebody of the agency names. @throws AppError `inquiry.not_your_office`, `partner.unknown`. */
export function partnerOf(ctx: Ctx, named: string | undefined): string {
  const { partner } = ctx.actor;
  if (partner !== null && named !== undefined && named !== partner) throw new AppError('forbidden', 'inquiry.not_your_office');
  return getPartner(partner ?? named ?? '').partnerId;
}

/**
 * The counties of which this partner may ask today: those that it serves and for which an agreement in force covers the service; the one that was named, or all.
 * @throws AppError `inquiry.county_not_served`, `agreement.none_allows`.
 */
export async function countiesOpen(ctx: Ctx, { partnerId, county, service, on }: { partnerId: string; county: string | null; service: string; on: CalendarDate }): Promise<string[]> {
  const served = getPartner(partnerId).counties.value;
  if (county !== null && !served.includes(county)) throw new AppError('invalid', 'inquiry.county_not_served', { params: { county: county.slice(0, 10) } });
  const wanted = county === null ? served : [county];
  const open: string[] = [];
  for (const one of wanted) if ((await askAgreement(ctx, { partnerId, county: one, services: [service], on })).isAllowed) open.push(one);
  if (open.length === 0) await requireAgreement(ctx, { partnerId, county: wanted[0] ?? '', services: [service], on });
  return open;
}
