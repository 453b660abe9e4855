import { AppError } from '../../platform/errors.ts';

/** A body of which more may be held than a record is long. */
const SMALL_BYTES = 64 * 1024;
/** How many bodies may be open at a time, from one client and from all together: by what they may hold. */
export const OPEN_BODIES_MAX = { large: { each: 8, all: 64 }, small: { each: 100, all: 1_000 } } as const;
const AGAIN_SECONDS = 5;

/**
 * The requests whose body is being read or worked on. Each may hold a megabyte, however slowly it comes, so that their number bounds the memory
 * of the process; whoever comes beyond it is asked to come again before a byte is read.
 */
export class OpenBodies {
  private readonly open = { large: new Map<string, number>(), small: new Map<string, number>() };
  private readonly all = { large: 0, small: 0 };

  /** Returns how to leave, which is done once. `byteCount` is what was announced; null where nothing was. @throws AppError `api.too_many`. */
  enter(client: string, byteCount: number | null): () => void {
    const size = byteCount !== null && byteCount <= SMALL_BYTES ? 'small' : 'large';
    const [open, max] = [this.open[size], OPEN_BODIES_MAX[size]];
    const mine = open.get(client) ?? 0;
    if (mine >= max.each || this.all[size] >= max.all) throw new AppError('conflict', 'api.too_many', { params: { seconds: AGAIN_SECONDS } });
    open.set(client, mine + 1);
    this.all[size] += 1;
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.all[size] -= 1;
      const left = (open.get(client) ?? 1) - 1;
      if (left > 0) open.set(client, left);
      else open.delete(client);
    };
  }
}
