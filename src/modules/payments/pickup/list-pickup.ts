import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import type { Finding } from '../../../platform/errors.ts';
import { sweepSettled } from './folder.ts';
import { selectPicked, whileClaimed } from './picked-up.store.ts';
import type { PickedOrder, PickedRow, PickedState } from './picked-up.store.ts';
import { KEEP_DAYS, placeOf, readPickupFolders } from './pickup-settings.ts';
import type { PickupFolder } from './pickup-settings.ts';

const PAGE_SIZE = 50;
const DAY_MS = 86_400_000;

/** The folders alone. */
export function pickupFolders(ctx: Ctx): readonly PickupFolder[] {
  authorise(ctx, 'payments.view');
  return readPickupFolders(ctx).folders;
}

export interface PickupQuery {
  readonly state?: PickedState | undefined;
  readonly pickupId?: string | undefined;
  readonly sort?: PickedOrder | undefined;
  readonly page?: number;
}

/** The folders with what is wrong in their settings, and the files that were picked up, newest first unless told otherwise. */
export async function listPickup(ctx: Ctx, wanted: PickupQuery = {}): Promise<{ folders: PickupFolder[]; findings: Finding[]; files: PickedRow[]; total: number; page: number; pageSize: number }> {
  authorise(ctx, 'payments.view');
  const page = Math.min(Math.max(1, Math.trunc(wanted.page ?? 1) || 1), 1_000_000);
  const picked = await inTransaction(ctx, (tx) => selectPicked(tx, { state: wanted.state ?? null, pickupId: wanted.pickupId ?? null, order: wanted.sort ?? { by: 'taken', isDescending: true }, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }));
  return { ...readPickupFolders(ctx), ...picked, page, pageSize: PAGE_SIZE };
}

/** Takes away what has lain in `done` and `refused` for as long as the folder's settings say; the bytes stay kept. Returns how many files went. */
export async function expirePickedUp(ctx: Ctx): Promise<number> {
  authorise(ctx, 'payments.import');
  let swept = 0;
  for (const folder of readPickupFolders(ctx).folders) {
    const before = new Date(ctx.clock.now().getTime() - (folder.keepDays ?? KEEP_DAYS) * DAY_MS);
    swept += (await whileClaimed(ctx, folder.pickupId, () => sweepOne(ctx, folder, before))) ?? 0;
  }
  return swept;
}

async function sweepOne(ctx: Ctx, folder: PickupFolder, before: Date): Promise<number> {
  try {
    return await sweepSettled(placeOf(ctx, folder), before);
  } catch (error) {
    // The next pick-up tells it as an alarm.
    if (error instanceof AppError && error.code.startsWith('pickup.folder_')) return 0;
    throw error;
  }
}
