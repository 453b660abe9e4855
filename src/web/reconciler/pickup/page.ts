import { listAlarms, listMissing, listPickup } from '../../../modules/payments/index.ts';
import type { PickedRow, PickupFolder } from '../../../modules/payments/index.ts';
import { officeDays } from '../../../modules/referrals/index.ts';
import { findPartner } from '../../../modules/partners/index.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPage, view } from '../../visit.ts';
import type { Page, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { alarmLines } from '../days/page.ts';

function folderName(visit: Visit, folder: PickupFolder): string {
  if (folder.names) return folder.names[visit.language];
  return folder.partnerId === undefined ? folder.pickupId : partnerNameOf(folder.partnerId, visit, 'short');
}

function expectedText(visit: Visit, { expected, partnerId }: PickupFolder): string {
  if (expected === undefined) return visit.t('pickup:expected.none');
  const zone = expected.timeZone ?? (partnerId === undefined ? undefined : findPartner(partnerId)?.timeZone.value) ?? 'America/Los_Angeles';
  return visit.t('pickup:expected.weekly', { days: [...expected.weekdays].sort().map((day) => visit.t(`pickup:weekday.${day}`)).join(', '), by: expected.by, zone, count: visit.format.number(expected.afterHours) });
}

/** Folders from which files are picked up, what is missing, and what became of each file. */
export const pickupPage: Page = {
  path: '/pickup',
  access: 'payments.view',
  get: async (visit) => {
    const found = await listPickup(visit.ctx, { page: queryPage(visit) });
    const words = wordsFor(visit.language);
    const named = new Map(found.folders.map((folder) => [folder.pickupId, folderName(visit, folder)]));
    const nameOf = (pickupId: string): string => named.get(pickupId) ?? pickupId;
    const whyOf = (file: PickedRow): string | null => (file.refusal === null ? null : words.error(file.refusal, partnerNamed(visit, file.params)));
    return view('reconciler/pickup', {
      folders: found.folders.map((folder) => ({ ...folder, name: folderName(visit, folder), expectedText: expectedText(visit, folder) })),
      findings: found.findings.map((finding) => `${finding.path ?? ''} – ${words.finding(finding)}`), alarms: alarmLines(visit, await listAlarms(visit.ctx)),
      missing: (await listMissing(visit.ctx, officeDays)).map((file) => ({ ...file, name: nameOf(file.pickupId) })),
      files: found.files.map((file) => ({ ...file, folder: nameOf(file.pickupId), why: whyOf(file) })), total: found.total,
      paging: pagingNumbered(visit, found.page, found.page * found.pageSize < found.total),
    });
  },
};

function partnerNamed(visit: Visit, params: PickedRow['params']): PickedRow['params'] {
  return typeof params['partner'] === 'string' ? { ...params, partner: partnerNameOf(params['partner'], visit, 'short') } : params;
}
