import { listAlarms, listMissing, listPickup, PICKED_SORTS, PICKED_STATES, pickupFolders } from '../../../modules/payments/index.ts';
import type { PickedRow, PickupFolder, PickupQuery } from '../../../modules/payments/index.ts';
import { officeDays } from '../../../modules/referrals/index.ts';
import { findPartner } from '../../../modules/partners/index.ts';
import { choiceOf, chosen } from '../../choices.ts';
import { csvAddress, csvOf, headsOf, sortOf, wantsCsv } from '../../list.ts';
import { pagingNumbered } from '../../paging.ts';
import { partnerNameOf } from '../../referral-line.ts';
import { queryPage, queryText, view } from '../../visit.ts';
import type { Page, Reply, Visit } from '../../visit.ts';
import { wordsFor } from '../../words.ts';
import { alarmLines } from '../days/page.ts';
import { linesOf } from '../money-list.ts';

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
  get: (visit) => (wantsCsv(visit) ? csv(visit) : show(visit)),
};

const COLUMNS = ['file', 'folder', 'taken', 'state', 'lines'] as const;

function asked(visit: Visit, folders: readonly PickupFolder[]) {
  const { t } = visit;
  const folder = choiceOf(visit, 'folder', t('pickup:column.folder'), folders.map((one) => [one.pickupId, folderName(visit, one)] as const));
  const state = choiceOf(visit, 'state', t('pickup:column.state'), PICKED_STATES.map((one) => [one, t(`pickup:state.${one}`)] as const));
  const query: PickupQuery = { state: chosen(state), pickupId: chosen(folder), sort: sortOf(visit, PICKED_SORTS, { by: 'taken', isDescending: true }) };
  return { choices: [folder, state], query };
}

const whyOf = (visit: Visit, file: PickedRow): string | null => (file.refusal === null ? null : wordsFor(visit.language).error(file.refusal, partnerNamed(visit, file.params)));

async function show(visit: Visit): Promise<Reply> {
  const folders = pickupFolders(visit.ctx);
  const { choices, query } = asked(visit, folders);
  const found = await listPickup(visit.ctx, { ...query, page: queryPage(visit) });
  const words = wordsFor(visit.language);
  const named = new Map(found.folders.map((folder) => [folder.pickupId, folderName(visit, folder)]));
  const nameOf = (pickupId: string): string => named.get(pickupId) ?? pickupId;
  return view('reconciler/pickup', {
    folders: found.folders.map((folder) => ({ ...folder, name: folderName(visit, folder), expectedText: expectedText(visit, folder) })),
    findings: found.findings.map((finding) => `${finding.path ?? ''} – ${words.finding(finding)}`), alarms: alarmLines(visit, await listAlarms(visit.ctx)),
    missing: (await listMissing(visit.ctx, officeDays)).map((file) => ({ ...file, name: nameOf(file.pickupId) })),
    files: found.files.map((file) => ({ ...file, folder: nameOf(file.pickupId), why: whyOf(visit, file) })), total: found.total,
    choices, kept: [['sort', queryText(visit, 'sort', 40)]], isNarrowed: choices.some(({ value }) => value !== ''), csv: csvAddress(visit),
    heads: headsOf(visit, COLUMNS.map((column) => ({ label: visit.t(`pickup:column.${column}`), sort: column, isNumber: column === 'lines' })), query.sort ?? { by: 'taken', isDescending: true }),
    paging: pagingNumbered(visit, found.page, found.page * found.pageSize < found.total),
  });
}

function csv(visit: Visit): Promise<Reply> {
  const { t } = visit;
  const folders = new Map(pickupFolders(visit.ctx).map((folder) => [folder.pickupId, folderName(visit, folder)]));
  const { query } = asked(visit, pickupFolders(visit.ctx));
  return csvOf(visit, 'pickup', [...COLUMNS.map((column) => t(`pickup:column.${column}`)), t('conversations:parked.why')], linesOf(async (page) => {
    const { files, total, pageSize } = await listPickup(visit.ctx, { ...query, page });
    return { rows: files, total, page, pageSize };
  }, (file) => [file.fileName, folders.get(file.pickupId) ?? file.pickupId, file.takenAt.toISOString(), t(`pickup:state.${file.state}`), file.lineCount === null ? '' : String(file.lineCount), whyOf(visit, file) ?? '']));
}

function partnerNamed(visit: Visit, params: PickedRow['params']): PickedRow['params'] {
  return typeof params['partner'] === 'string' ? { ...params, partner: partnerNameOf(params['partner'], visit, 'short') } : params;
}
