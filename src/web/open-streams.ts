import { standingSessions } from '../modules/identity/index.ts';
import type { HeldSession } from '../modules/identity/index.ts';
import { operatorActor } from '../platform/context.ts';
import type { Ctx } from '../platform/context.ts';

const LOOK_EVERY_MS = 1_000;

interface Stream {
  readonly session: HeldSession;
  readonly endsAtMs: number;
  readonly end: () => void;
}

/** All streams of this process, and one look a second at the sessions behind them: a stream ends with its session, whoever ended it. */
class OpenStreams {
  readonly #streams = new Set<Stream>();
  readonly #ctx: Ctx;
  #timer: NodeJS.Timeout | null = null;
  #isLooking = false;

  constructor(ctx: Ctx) {
    const { tx: _, ...plain } = ctx;
    this.#ctx = { ...plain, actor: operatorActor(ctx.config) };
  }

  add(session: HeldSession, endsAtMs: number, end: () => void): () => void {
    const stream: Stream = { session, endsAtMs, end };
    this.#streams.add(stream);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
    return () => this.#remove(stream);
  }

  #remove(stream: Stream): void {
    this.#streams.delete(stream);
    if (this.#streams.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const looked = [...this.#streams];
    try {
      const standing = await standingSessions(this.#ctx, looked.map(({ session }) => session));
      const nowMs = this.#ctx.clock.now().getTime();
      for (const stream of looked) {
        if (!standing.has(stream.session.sid) || nowMs >= stream.endsAtMs) stream.end();
      }
    } catch (error) {
      // Who cannot be asked is not known: they come again, and are asked then.
      this.#ctx.log.warn({ err: error }, 'the sessions of streams could not be looked at');
      for (const stream of looked) stream.end();
    } finally {
      this.#isLooking = false;
    }
  }
}

const STREAMS = new WeakMap<Ctx['db'], OpenStreams>();

/** Ends a stream within two seconds of its session. @returns what stops the looking. */
export function endWithSession(ctx: Ctx, session: HeldSession, endsAtMs: number, end: () => void): () => void {
  let streams = STREAMS.get(ctx.db);
  if (!streams) STREAMS.set(ctx.db, streams = new OpenStreams(ctx));
  return streams.add(session, endsAtMs, end);
}
