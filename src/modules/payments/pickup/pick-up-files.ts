import type { FileHandle } from 'node:fs/promises';
import { endAlarms, raiseAlarm } from '../../../platform/alarms.ts';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { emit } from '../../../platform/outbox.ts';
import { recordAudit } from '../../audit/index.ts';
import { officeDay } from '../../cases/index.ts';
import { importBank } from '../import-bank.ts';
import { importDisbursements } from '../import-disbursements.ts';
import { importPayments } from '../import-payments.ts';
import type { PaymentImport } from '../import-summary.rules.ts';
import { findFiles, hasChanged, isAtRest, leftovers, openTaken, putBack, settleFile, takeFile } from './folder.ts';
import type { FoundFile, OpenedFile, Skipped } from './folder.ts';
import { importOf, notePicked, settlePicked, whileClaimed } from './picked-up.store.ts';
import type { PickedRow, Settlement } from './picked-up.store.ts';
import { languageOf, placeOf, QUIET_SECONDS, readPickupFolders, zoneOf } from './pickup-settings.ts';
import type { PickupFolder } from './pickup-settings.ts';
import { refusalText } from './refusal-text.ts';

export interface PickedFile {
  readonly pickedUpId: string;
  readonly fileName: string;
  readonly state: 'imported' | 'repeated' | 'refused' | 'later';
  readonly fileKind: string | null;
  readonly lineCount: number | null;
  readonly sha256: string | null;
  readonly needsPerson: boolean;
  readonly refusal: string | null;
}

export interface PickedFolder {
  readonly pickupId: string;
  /** Another process works on this folder just now. */
  readonly isBusy: boolean;
  readonly fault: string | null;
  readonly files: readonly PickedFile[];
  /** What stayed where it lies, and why. */
  readonly skipped: readonly Skipped[];
}

export interface PickupResult {
  readonly folders: readonly PickedFolder[];
  readonly findings: readonly Finding[];
}

/**
 * Takes in what lies complete in the folders: each file is moved out of the sender's reach, kept, imported as what it is, and moved to `done` or,
 * with a text in the sender's language, to `refused`. Killed anywhere and called again, it goes on where it was; called by several
 * processes at once, each file is taken by one. A file that fails by a fault of ours stays and is tried again.
 *
 * @throws AppError not_found `pickup.unknown` when only one folder is wanted and there is none.
 */
export async function pickUpFiles(ctx: Ctx, wanted: { pickupId?: string } = {}): Promise<PickupResult> {
  authorise(ctx, 'payments.import');
  const { folders, findings } = readPickupFolders(ctx);
  await tellSettings(ctx, findings);
  const chosen = folders.filter((folder) => wanted.pickupId === undefined || folder.pickupId === wanted.pickupId);
  if (wanted.pickupId !== undefined && chosen.length === 0) throw new AppError('not_found', 'pickup.unknown', { params: { pickup: wanted.pickupId.slice(0, 60) } });
  const results: PickedFolder[] = [];
  for (const folder of chosen) {
    const result = await whileClaimed(ctx, folder.pickupId, () => pickUpFolder(ctx, folder));
    results.push(result ?? { pickupId: folder.pickupId, isBusy: true, fault: null, files: [], skipped: [] });
  }
  return { folders: results, findings };
}

async function tellSettings(ctx: Ctx, findings: readonly Finding[]): Promise<void> {
  const aboutOn = officeDay(ctx.clock);
  await inTransaction(ctx, async (tx) => {
    if (findings.length === 0) await endAlarms(tx, { code: 'pickup.settings_invalid', subject: 'settings', by: 'settings' });
    else await raiseAlarm(tx, { code: 'pickup.settings_invalid', subject: 'settings', aboutOn, params: { count: findings.length } });
  });
}

async function pickUpFolder(ctx: Ctx, folder: PickupFolder): Promise<PickedFolder> {
  const base = { pickupId: folder.pickupId, isBusy: false };
  try {
    const place = placeOf(ctx, folder);
    const files: PickedFile[] = [];
    for (const left of await leftovers(place)) files.push(await handle(ctx, folder, place, { ...left, found: null }));
    const found = await findFiles(place, { now: ctx.clock.now(), quietSeconds: folder.quietSeconds ?? QUIET_SECONDS, pattern: folder.pattern ?? null });
    for (const file of found.ready) {
      const taken = await takeFile(place, file);
      if (taken !== null) files.push(await handle(ctx, folder, place, { ...taken, found: file }));
    }
    await tellFolder(ctx, folder, null, found.skipped);
    return { ...base, fault: null, files, skipped: found.skipped };
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null) throw error;
    await tellFolder(ctx, folder, fault, []);
    return { ...base, fault, files: [], skipped: [] };
  }
}

const FOLDER_FAULTS = ['pickup.folder_missing', 'pickup.folder_outside', 'pickup.folder_unsafe', 'pickup.folder_unusable'];

/** What is wrong with a folder, so that the other folders go on: what we refuse, or what the file system does (rights, a full disk). */
function faultOf(error: unknown): string | null {
  if (error instanceof AppError) return error.code.startsWith('pickup.folder_') ? error.code : null;
  return typeof (error as NodeJS.ErrnoException).syscall === 'string' && typeof (error as NodeJS.ErrnoException).path === 'string' ? 'pickup.folder_unusable' : null;
}

async function tellFolder(ctx: Ctx, folder: PickupFolder, fault: string | null, skipped: readonly Skipped[]): Promise<void> {
  const aboutOn = officeDay(ctx.clock);
  const about = { subject: folder.pickupId, aboutOn, partnerId: folder.partnerId ?? null };
  const odd = skipped.filter((each) => each.code !== 'pickup.still_written').length;
  await inTransaction(ctx, async (tx) => {
    for (const code of FOLDER_FAULTS) {
      if (code === fault) await raiseAlarm(tx, { code, ...about });
      else await endAlarms(tx, { code, subject: folder.pickupId, by: 'folder' });
    }
    if (odd > 0) await raiseAlarm(tx, { code: 'pickup.odd_entries', ...about, params: { count: odd } });
    else if (fault === null) await endAlarms(tx, { code: 'pickup.odd_entries', subject: folder.pickupId, by: 'folder' });
  });
}

/** One file that lies in `processing`, from whichever step it is at. */
async function handle(ctx: Ctx, folder: PickupFolder, place: string, file: { pickedUpId: string; taken: string; found: FoundFile | null }): Promise<PickedFile> {
  const fileName = file.taken.slice(file.taken.indexOf('.') + 1);
  const told = { pickedUpId: file.pickedUpId, fileName, fileKind: null, lineCount: null, sha256: null, needsPerson: false, refusal: null };
  try {
    let opened: OpenedFile | null = null;
    let refusal: AppError | null = null;
    try {
      opened = await openTaken(place, file.taken);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refusal = error;
    }
    // Nothing of a file that is still being written is imported: it stays where it is and is looked at again in the next round.
    if (opened !== null && !(await isAtRest(opened, file.found))) {
      await opened.handle.close();
      return { ...told, state: 'later' };
    }
    const row = await inTransaction(ctx, (tx) => notePicked(tx, {
      pickedUpId: file.pickedUpId, pickupId: folder.pickupId, partnerId: folder.partnerId ?? null, fileName, byteCount: opened?.byteCount ?? 0 }));
    if (row.pickupId !== folder.pickupId) throw new AppError('conflict', 'pickup.folder_unsafe', { params: { folder: 'processing' } });
    const settlement = row.state === 'taken' ? await settle(ctx, folder, row, opened, refusal) : settledBefore(row);
    const hasGrown = opened !== null && (await hasChanged(opened));
    await opened?.handle.close().catch(() => undefined);
    if (hasGrown && settlement.state !== 'refused') await putBack(place, file.taken);
    else await settleFile(place, file.taken, settlement.state === 'refused' ? 'refused' : 'done', textFor(folder, row, settlement, ctx.clock.now()));
    await inTransaction(ctx, (tx) => endAlarms(tx, { code: 'pickup.file_stuck', subject: file.pickedUpId, by: 'settled' }));
    const { state, fileKind, lineCount, sha256, needsPerson } = settlement;
    return { ...told, state, fileKind, lineCount, sha256, needsPerson, refusal: settlement.refusal };
  } catch (error) {
    if (error instanceof AppError && error.code === 'pickup.folder_unsafe') throw error;
    ctx.log.warn({ pickup: folder.pickupId, pickedUpId: file.pickedUpId, err: error }, 'pickup.file_stuck');
    await inTransaction(ctx, (tx) => raiseAlarm(tx, { code: 'pickup.file_stuck', subject: file.pickedUpId, aboutOn: officeDay(ctx.clock), partnerId: folder.partnerId ?? null, params: { pickup: folder.pickupId } }));
    return { ...told, state: 'later' };
  }
}

type Settled = Settlement & { readonly findings: readonly Finding[] };

const settledBefore = (row: PickedRow): Settled => ({
  state: row.state === 'taken' ? 'refused' : row.state, fileId: null, sha256: row.sha256, fileKind: row.fileKind, lineCount: row.lineCount,
  needsPerson: row.needsPerson ?? false, refusal: row.refusal, params: row.params, findings: [],
});

async function settle(ctx: Ctx, folder: PickupFolder, row: PickedRow, opened: OpenedFile | null, before: AppError | null): Promise<Settled> {
  const settled = before !== null || opened === null ? refused(before ?? new AppError('invalid', 'pickup.not_a_file')) : await importTaken(ctx, folder, row, opened.handle);
  await inTransaction(ctx, async (tx) => {
    await settlePicked(tx, row.pickedUpId, settled);
    await tell(tx, folder, row, settled);
  });
  return settled;
}

async function importTaken(ctx: Ctx, folder: PickupFolder, row: PickedRow, handle: FileHandle): Promise<Settled> {
  try {
    const summary = await importAs(ctx, folder, row.fileName, handle);
    const partnerId = folder.takes === 'payments' ? (folder.partnerId ?? null) : null;
    const known = await inTransaction(ctx, (tx) => importOf(tx, { pickedUpId: row.pickedUpId, takenAt: row.takenAt, partnerId, sha256: summary.sha256 }));
    const isRepeat = summary.findings.some((finding) => finding.code === 'payments.file_repeated') && !(known?.isOwn ?? false);
    return {
      state: isRepeat ? 'repeated' : 'imported', fileId: known?.fileId ?? null, sha256: summary.sha256, fileKind: summary.kind, lineCount: summary.lines,
      needsPerson: summary.findings.some((finding) => finding.severity !== 'info'), refusal: null, params: {}, findings: summary.findings,
    };
  } catch (error) {
    if (!(error instanceof AppError) || !['invalid', 'conflict'].includes(error.kind) || error.code === 'database.busy') throw error;
    return refused(error);
  }
}

function importAs(ctx: Ctx, folder: PickupFolder, fileName: string, handle: FileHandle): Promise<PaymentImport> {
  const source = handle.createReadStream({ autoClose: false, start: 0 });
  if (folder.takes === 'bank') return importBank(ctx, { fileName, source });
  if (folder.takes === 'disbursements') return importDisbursements(ctx, { fileName, source });
  return importPayments(ctx, { partnerId: folder.partnerId ?? '', fileName, source });
}

const refused = ({ code, params, findings }: AppError): Settled => ({
  state: 'refused', fileId: typeof params['fileId'] === 'string' ? params['fileId'] : null, sha256: typeof params['sha256'] === 'string' ? params['sha256'] : null,
  fileKind: null, lineCount: null, needsPerson: true, refusal: code, params, findings,
});

async function tell(ctx: TxCtx, folder: PickupFolder, row: PickedRow, settled: Settled): Promise<void> {
  await recordAudit(ctx, {
    action: 'pickup.file_settled', subject: { type: 'picked_up_file', id: row.pickedUpId }, partner: folder.partnerId ?? null,
    details: { pickup: folder.pickupId, state: settled.state, fileId: settled.fileId ?? '', sha256: settled.sha256 ?? '', refusal: settled.refusal ?? '' },
  });
  await emit(ctx, settled.state === 'refused' ? 'pickup.file_refused' : 'pickup.file_imported', { pickedUpId: row.pickedUpId, pickupId: folder.pickupId, partnerId: folder.partnerId ?? null });
}

function textFor(folder: PickupFolder, row: PickedRow, settled: Settled, at: Date): string | null {
  if (settled.state !== 'refused' || settled.refusal === null) return null;
  return refusalText(languageOf(folder), zoneOf(folder), { fileName: row.fileName, pickedUpId: row.pickedUpId, code: settled.refusal, params: settled.params, findings: settled.findings, at });
}
