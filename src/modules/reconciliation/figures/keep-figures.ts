import { deserialize, serialize } from 'node:v8';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { emit } from '../../../platform/outbox.ts';
import { findKept, keep, markWanted, readStamp, sweepKept } from './kept-figures.store.ts';
import type { KeptRow } from './kept-figures.store.ts';

/** As of when figures hold, and whether money has moved since: then they are being computed anew. */
export interface Standing { readonly asOf: Date; readonly isOutdated: boolean }

export const FIGURES = ['agreement', 'outgoing', 'run_counts', 'run_story', 'suspense_totals'] as const;
export type Figure = (typeof FIGURES)[number];

/**
 * `fresh`: computed now and not kept, for whoever decides on it. `kept`: for a page – what was computed before holds as long as no money moved; what is
 * quick is then computed anew at once, what is slow is shown as it was for ten minutes at most, says so, and is computed by a job.
 * `renewed`: computed now and kept; the job.
 */
export type Freshness = 'fresh' | 'kept' | 'renewed';

const QUICK_MS = 250;
const OLDEST_MS = 10 * 60_000;
const ASK_AGAIN_MS = 60_000;
const KEPT_DAYS = 2;

interface Wanted { readonly figure: Figure; /** Codes and ids, by which the job can ask the same again. */ readonly scope: string; readonly freshness: Freshness }

/** Figures that take long, with as of when they hold. Whoever calls it has authorised; only who sees all counties sees kept ones. */
export async function keptFigures<T extends object>(ctx: Ctx, wanted: Wanted, work: (tx: TxCtx) => Promise<T>): Promise<T & { readonly standing: Standing }> {
  return inTransaction(ctx, async (tx) => {
    if (wanted.freshness === 'fresh') return { ...await work(tx), standing: { asOf: ctx.clock.now(), isOutdated: false } };
    // Before anything is computed: what is committed meanwhile makes another stamp.
    const stamp = await readStamp(tx);
    const kept = wanted.freshness === 'kept' ? await findKept(tx, wanted.figure, wanted.scope) : null;
    const shown = kept === null ? null : await shownAsKept<T>(tx, wanted, kept, stamp);
    return shown ?? computed(tx, wanted, stamp, work);
  });
}

async function shownAsKept<T extends object>(ctx: TxCtx, wanted: Wanted, kept: KeptRow, stamp: string): Promise<(T & { standing: Standing }) | null> {
  const nowMs = ctx.clock.now().getTime();
  const isOutdated = kept.stamp !== stamp;
  if (isOutdated && (kept.tookMs <= QUICK_MS || nowMs - kept.asOf.getTime() > OLDEST_MS)) return null;
  if (isOutdated && (kept.wantedAt === null || nowMs - kept.wantedAt.getTime() > ASK_AGAIN_MS)) {
    await markWanted(ctx, wanted.figure, wanted.scope);
    await emit(ctx, 'figures.outdated', { figure: wanted.figure, scope: wanted.scope });
  }
  try {
    return { ...deserialize(ctx.keys.decrypt(kept.body, aadOf(ctx, wanted))) as T, standing: { asOf: kept.asOf, isOutdated } };
  } catch {
    // Written by another version of the program, or under a key that is gone: it is computed anew.
    return null;
  }
}

async function computed<T extends object>(ctx: TxCtx, wanted: Wanted, stamp: string, work: (tx: TxCtx) => Promise<T>): Promise<T & { standing: Standing }> {
  const begin = performance.now();
  const asOf = ctx.clock.now();
  const found = await work(ctx);
  await keep(ctx, wanted.figure, wanted.scope, { stamp, body: ctx.keys.encrypt(serialize(found), aadOf(ctx, wanted)), asOf, tookMs: Math.round(performance.now() - begin) });
  return { ...found, standing: { asOf, isOutdated: false } };
}

const aadOf = (ctx: Ctx, { figure, scope }: Wanted): string => `kept_figures:${ctx.actor.agency}:${figure}:${scope}`;

/** Takes away what nobody looked at for two days. Part of housekeeping. */
export async function sweepFigures(ctx: Ctx): Promise<void> {
  await inTransaction(ctx, (tx) => sweepKept(tx, new Date(ctx.clock.now().getTime() - KEPT_DAYS * 86_400_000)));
}
