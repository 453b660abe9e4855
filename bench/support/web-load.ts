import type { Place } from './web-crawl.ts';
import type { WebVisitor } from './web-visitor.ts';

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
export const at = (times: readonly number[], share: number): number => round([...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);

export interface Visit { readonly startedMs: number; readonly milliseconds: number; readonly status: number }

/** Visits that come at a steady rate, whether or not the ones before have been answered. */
export async function load(rate: number, seconds: number, places: readonly Place[], visitors: ReadonlyMap<string, WebVisitor>): Promise<Visit[]> {
  const visits: Promise<Visit>[] = [];
  const begin = performance.now();
  const count = Math.round(rate * seconds);
  for (let index = 0; index < count; index++) {
    const dueMs = (index / rate) * 1000;
    const waitMs = dueMs - (performance.now() - begin);
    if (waitMs > 1) await new Promise((resolve) => { setTimeout(resolve, waitMs); });
    const place = places[(index * 7919) % places.length] as Place;
    const started = performance.now() - begin;
    visits.push((visitors.get(place.who) as WebVisitor).get(place.address, 30_000).then(
      ({ status, milliseconds }) => ({ startedMs: started, milliseconds, status }), () => ({ startedMs: started, milliseconds: performance.now() - begin - started, status: 0 })));
  }
  return Promise.all(visits);
}

export const summaryOf = (visits: readonly Visit[]): Record<string, number> => {
  const served = visits.filter(({ status }) => status > 0 && status < 500);
  const refused = visits.filter(({ status }) => status === 503);
  return {
    visits: visits.length, served: served.length, refused: refused.length, faults: visits.length - served.length - refused.length,
    servedP50: at(served.map((one) => one.milliseconds), 0.5), servedP95: at(served.map((one) => one.milliseconds), 0.95), refusedP95: at(refused.map((one) => one.milliseconds), 0.95),
  };
};

/** Seconds after the storm until a whole second passes in which 95 of 100 visits take less than is wanted, none is refused. */
export async function recovery(rate: number, wantedMs: number, places: readonly Place[], visitors: ReadonlyMap<string, WebVisitor>): Promise<number | null> {
  const visits = await load(rate, 20, places, visitors);
  for (let second = 0; second < 20; second++) {
    const own = visits.filter(({ startedMs }) => Math.floor(startedMs / 1000) === second);
    if (own.every(({ status }) => status > 0 && status < 500) && at(own.map((one) => one.milliseconds), 0.95) <= wantedMs) return second;
  }
  return null;
}

