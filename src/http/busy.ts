import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Request, RequestHandler, Response } from 'express';
import { isOwnCookie } from './session.ts';

/** So many requests may be under way in this process; a third of the places is for people who have signed in. */
export const IN_FLIGHT_MAX = 96;
export const STRANGERS_IN_FLIGHT_MAX = 64;
/** No longer than this shall whoever is let in wait for those before: what is under way is not more than this process answers in that time. */
const WAIT_SECONDS_MAX = 0.5;
/** So many may be under way even where answers come slowly: they may wait for something that is no work of this process, and a partner's program sends a dozen messages at once. */
const IN_FLIGHT_MIN = 32;
/** Beside these: whose form or file is still on its way, in this process and from one address. They keep no others out. */
export const ARRIVING_MAX = 256;
export const ARRIVING_PER_ADDRESS_MAX = 24;
/** A form without a file is a few kilobytes: whoever has not sent it by then is cut off. */
export const FORM_ARRIVES_WITHIN_MS = 25_000;
/** Longer than this a turn of the loop takes only when there is more to do than can be done. */
export const LAG_MAX_MS = 400;
const WINDOW_MS = 500;
const RETRY_SECONDS = 5;

declare module 'express-serve-static-core' {
  interface Request {
    /** Gives its place back before the answer has ended: for answers that last, and have a bound of their own. */
    leavePlace?: () => void;
  }
}

/** How much a process has to do, as far as it can feel it. */
export interface LoadGauge {
  lagMs(): number;
  /** Without it there are always as many as there may be at most. */
  readonly places?: Places;
}

/** From so many under way on, without a pause, a process works as fast as it can, and what it answers in that time is what it can. */
const FULL_FROM = 8;
const FULL_WINDOW_MS = 500;
const FULL_ANSWERS_MIN = 10;
/** What was learned is forgotten when it was not felt again for so long. */
const REMEMBERED_MS = 60_000;

/** How many may be under way, learned from how many are answered while there is always more to do. */
export class Places {
  readonly #nowMs: () => number;
  #places = IN_FLIGHT_MAX;
  #learnedAtMs = 0;
  #fullSinceMs: number | null = null;
  #answers = 0;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  get max(): number {
    if (this.#places < IN_FLIGHT_MAX && this.#nowMs() - this.#learnedAtMs > REMEMBERED_MS) this.#places = IN_FLIGHT_MAX;
    return this.#places;
  }

  /** One was answered; so many are under way still. */
  answered(inFlight: number): void {
    const nowMs = this.#nowMs();
    if (inFlight < FULL_FROM) {
      this.#fullSinceMs = null;
      return;
    }
    if (this.#fullSinceMs === null) [this.#fullSinceMs, this.#answers] = [nowMs, 0];
    else this.#answers += 1;
    const seconds = (nowMs - this.#fullSinceMs) / 1000;
    if (this.#answers < FULL_ANSWERS_MIN || seconds * 1000 < FULL_WINDOW_MS) return;
    this.#places = Math.min(IN_FLIGHT_MAX, Math.max(IN_FLIGHT_MIN, Math.round((this.#answers / seconds) * WAIT_SECONDS_MAX)));
    [this.#learnedAtMs, this.#fullSinceMs, this.#answers] = [nowMs, nowMs, 0];
  }
}

/**
 * The event loop's delay over the last two windows, the smaller of both: one long turn, such as a large document, is no crowd.
 * It looks only while requests come.
 */
export function loopGauge(): LoadGauge {
  const histogram = monitorEventLoopDelay({ resolution: 20 });
  histogram.enable();
  let [before, last, readAtMs] = [0, 0, performance.now()];
  return {
    places: new Places(),
    lagMs() {
      const nowMs = performance.now();
      const windows = Math.floor((nowMs - readAtMs) / WINDOW_MS);
      if (windows === 0) return Math.min(before, last);
      const mean = histogram.count > 0 ? histogram.mean / 1e6 : 0;
      // After a pause in which nobody asked, what was felt before says nothing about now.
      [before, last, readAtMs] = [windows > 4 ? 0 : last, mean, nowMs];
      histogram.reset();
      return Math.min(before, last);
    },
  };
}

/**
 * Refuses what is more than can be done, before session and database: whoever comes then is told at once to come again, instead of waiting with
 * all others for an answer that comes too late. Strangers are refused first: whoever brings no cookie that we signed. A request is under way once all of it
 * has come; what is still coming has bounds of its own, so that nobody keeps others out by sending slowly. How many may be under way is what this
 * process answers in half a second: more would be served no sooner, and all of them later.
 */
export function refuseWhenBusy(gauge: LoadGauge, secret: string, refuse: (req: Request, res: Response) => void): RequestHandler {
  const here = new Set<Request>();
  return (req, res, next) => {
    const hasSession = isOwnCookie(req.get('cookie') ?? '', secret);
    const arriving = [...here].filter((one) => !one.complete);
    const inFlight = here.size - arriving.length;
    const isTooManyArriving = hasBody(req) && (arriving.length >= ARRIVING_MAX || arriving.filter((one) => one.ip === req.ip).length >= ARRIVING_PER_ADDRESS_MAX);
    if (isTooManyArriving || inFlight >= placesFor(hasSession, gauge) || gauge.lagMs() > (hasSession ? 2 * LAG_MAX_MS : LAG_MAX_MS)) {
      res.status(503).set('Retry-After', String(RETRY_SECONDS));
      return refuse(req, res);
    }
    here.add(req);
    const leave = (): boolean => here.delete(req);
    req.leavePlace = () => void leave();
    res.on('close', () => void (leave() && gauge.places?.answered([...here].filter((one) => one.complete).length)));
    next();
  };
}

/** Strangers have two thirds of the places. */
function placesFor(hasSession: boolean, { places }: LoadGauge): number {
  const max = places?.max ?? IN_FLIGHT_MAX;
  return hasSession ? max : Math.ceil((max * STRANGERS_IN_FLIGHT_MAX) / IN_FLIGHT_MAX);
}

const hasBody = (req: Request): boolean => req.get('transfer-encoding') !== undefined || (req.get('content-length') ?? '0') !== '0';

/** Cuts off whoever does not send a form to its end; what has a file, or is a program's message, has the time of every request. */
export function limitArrival(withinMs: number = FORM_ARRIVES_WITHIN_MS): RequestHandler {
  return (req, res, next) => {
    if (hasBody(req) && req.is('application/x-www-form-urlencoded') !== false) {
      const limit = setTimeout(() => void (req.complete || req.destroy()), withinMs).unref();
      res.on('close', () => clearTimeout(limit));
    }
    next();
  };
}
