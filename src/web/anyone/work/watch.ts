import { operatorActor } from '../../../platform/context.ts';
import type { Ctx } from '../../../platform/context.ts';
import { readWorks } from '../../../platform/work.ts';
import type { Work } from '../../../platform/work.ts';

/** So many people may watch at once in one process, and so many pages of one person; whoever is turned away looks again by a link. */
export const STREAMS_MAX = 100;
export const STREAMS_PER_PERSON_MAX = 4;
const LOOK_EVERY_MS = 1_000;
const HEARTBEAT_MS = 15_000;
/** Then the browser comes again by itself, and is asked anew who it is. */
const STREAM_MS = 2 * 60_000;

interface Watcher {
  readonly workId: string;
  readonly personId: string;
  readonly tell: (work: Work) => void;
  readonly beat: () => void;
  readonly end: () => void;
  readonly begunAtMs: number;
  beatAtMs: number;
}

type Ears = Pick<Watcher, 'tell' | 'beat' | 'end'>;

/** All who watch in this process, and one look a second at the work of all of them: a hundred watchers ask the database no more than one. */
class Watch {
  readonly #watchers = new Set<Watcher>();
  readonly #ctx: Ctx;
  #timer: NodeJS.Timeout | null = null;
  #isLooking = false;

  constructor(ctx: Ctx) {
    const { tx: _, ...plain } = ctx;
    this.#ctx = { ...plain, actor: operatorActor(ctx.config) };
  }

  /** Null where too many watch already. What it gives ends the watching. */
  add(workId: string, personId: string, ears: Ears): (() => void) | null {
    const ofPerson = [...this.#watchers].filter((watcher) => watcher.personId === personId).length;
    if (this.#watchers.size >= STREAMS_MAX || ofPerson >= STREAMS_PER_PERSON_MAX) return null;
    const nowMs = performance.now();
    const watcher: Watcher = { workId, personId, ...ears, begunAtMs: nowMs, beatAtMs: nowMs };
    this.#watchers.add(watcher);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
    return () => this.#remove(watcher);
  }

  endAll(): void {
    for (const watcher of this.#watchers) watcher.end();
  }

  #remove(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const works = await readWorks(this.#ctx, [...new Set([...this.#watchers].map((watcher) => watcher.workId))]);
      for (const watcher of this.#watchers) settle(watcher, works.find((work) => work.workId === watcher.workId));
    } catch (error) {
      this.#ctx.log.warn({ err: error }, 'progress could not be looked at');
      this.endAll();
    } finally {
      this.#isLooking = false;
    }
  }
}

function settle(watcher: Watcher, work: Work | undefined): void {
  const nowMs = performance.now();
  if (work) watcher.tell(work);
  if (!work || work.state !== 'running' || nowMs - watcher.begunAtMs > STREAM_MS) return watcher.end();
  if (nowMs - watcher.beatAtMs < HEARTBEAT_MS) return;
  watcher.beatAtMs = nowMs;
  watcher.beat();
}

const WATCHES = new WeakMap<Ctx['db'], Watch>();

export function watchOf(ctx: Ctx): Watch {
  let watch = WATCHES.get(ctx.db);
  if (!watch) WATCHES.set(ctx.db, watch = new Watch(ctx));
  return watch;
}

/** Lets everybody go, for a process that ends. */
export function endWatching(db: Ctx['db']): void {
  WATCHES.get(db)?.endAll();
}
