import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Request, RequestHandler, Response } from 'express';
import { isOwnCookie } from './session.ts';

/** So many requests may be under way in this process; a third of the places is for people who have signed in. */
export const IN_FLIGHT_MAX = 96;
export const STRANGERS_IN_FLIGHT_MAX = 64;
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
 * has come; what is still coming has bounds of its own, so that nobody keeps others out by sending slowly.
 */
export function refuseWhenBusy(gauge: LoadGauge, secret: string, refuse: (req: Request, res: Response) => void): RequestHandler {
  const here = new Set<Request>();
  return (req, res, next) => {
    const hasSession = isOwnCookie(req.get('cookie') ?? '', secret);
    const arriving = [...here].filter((one) => !one.complete);
    const inFlight = here.size - arriving.length;
    const isTooManyArriving = hasBody(req) && (arriving.length >= ARRIVING_MAX || arriving.filter((one) => one.ip === req.ip).length >= ARRIVING_PER_ADDRESS_MAX);
    if (isTooManyArriving || inFlight >= (hasSession ? IN_FLIGHT_MAX : STRANGERS_IN_FLIGHT_MAX) || gauge.lagMs() > (hasSession ? 2 * LAG_MAX_MS : LAG_MAX_MS)) {
      res.status(503).set('Retry-After', String(RETRY_SECONDS));
      return refuse(req, res);
    }
    here.add(req);
    const leave = (): void => void here.delete(req);
    req.leavePlace = leave;
    res.on('close', leave);
    next();
  };
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
