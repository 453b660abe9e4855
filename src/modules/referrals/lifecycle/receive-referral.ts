import { recordAudit } from '../../audit/index.ts';
import { findCase } from '../../cases/index.ts';
import { getPartner, requireAgreement } from '../../partners/index.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { isCalendarDate } from '../../../platform/dates.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import { AppError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { emit } from '../../../platform/outbox.ts';
import { officeDay } from '../clocks/office-day.ts';
import { checkedServices } from './create-referral.ts';
import { firstRow } from './lifecycle.rules.ts';
import type { ReferralStatus } from './lifecycle-table.rules.ts';
import { recordMove } from './record-move.ts';
import { findOpenReferral, insertReferral } from './referral.store.ts';

export interface ReceivedRequest {
  /** The county's case to which a person has tied it. */
  readonly caseId: string;
  readonly partnerId: string;
  readonly services: readonly string[];
  /** The day on which it reached the agency, from which its clocks count; today where it is not given. */
  readonly receivedOn?: CalendarDate | null;
}

export interface ReceivedReferral {
  readonly referralId: string;
  readonly status: ReferralStatus;
  readonly alreadyOpen: boolean;
}

/**
 * Opens a partner's request to us, once it is tied to a case: it begins as delivered (to us), and its clocks count from the day of
 * receipt. The same request while it is open is the same referral. There is no acting on it without an agreement in force; what came in stays kept until there is one.
 *
 * @throws AppError `agreement.none_allows`, `referral.services_needed`, `referral.service_unknown`, `referral.received_day_invalid`, `partner.unknown`, `cases.not_found`.
 */
export async function receiveReferral(ctx: Ctx, request: ReceivedRequest): Promise<ReceivedReferral> {
  authorise(ctx, 'referrals.create');
  const services = checkedServices(request.services);
  return inTransaction(ctx, async (tx) => {
    const on = request.receivedOn ?? officeDay(tx);
    if (!isCalendarDate(on) || on > officeDay(tx)) throw new AppError('invalid', 'referral.received_day_invalid');
    getPartner(request.partnerId);
    const supportCase = await findCase(tx, request.caseId);
    if (!supportCase) throw new AppError('not_found', 'cases.not_found');
    const row = firstRow('incoming');
    const status = row.to ?? 'delivered';
    const referral = {
      referralId: newId('ref', tx.clock.now().getTime()), county: supportCase.county, partnerId: request.partnerId, caseId: request.caseId, services, direction: row.direction,
    };
    if (!await insertReferral(tx, { ...referral, findings: [], status })) {
      const first = await findOpenReferral(tx, referral);
      if (!first) throw new AppError('conflict', 'referral.open_elsewhere');
      return { referralId: first.referralId, status: first.status, alreadyOpen: true };
    }
    // Judged today: it is acted on now, whenever it came.
    const { agreements } = await requireAgreement(tx, { partnerId: request.partnerId, county: supportCase.county, services, on: officeDay(tx) });
    await recordMove(tx, { ...referral, status: null }, { row, on });
    await recordAudit(tx, {
      action: 'referral.received', subject: { type: 'referral', id: referral.referralId }, partner: request.partnerId, county: referral.county,
      details: { caseId: request.caseId, services: services.join(' '), on, agreements: agreements.map(({ agreementId, version }) => `${agreementId}:${version}`).join(' ') },
    });
    await emit(tx, 'referral.received', { referralId: referral.referralId });
    return { referralId: referral.referralId, status, alreadyOpen: false };
  });
}
