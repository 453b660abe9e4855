import { createHash } from 'node:crypto';
import { ipKeyGenerator } from 'express-rate-limit';
import type { Request, Response } from 'express';
import type { Clock } from '../../platform/dates.ts';
import { AppError } from '../../platform/errors.ts';
import type { ClientActor } from '../../modules/identity/index.ts';

const MINUTE_MS = 60_000;
export const FAILURES_WINDOW_MS = 5 * MINUTE_MS;
export const FAILURES_PER_ADDRESS_MAX = 30;
export const OPEN_PER_ADDRESS_MAX = 600;
const PROVEN_MS = 60 * MINUTE_MS;
const KEYS_MAX = 50_000;

interface Window { readonly endsAtMs: number; count: number }

/** Counts in windows of time, by key, in this process. What is full of live windows forgets the oldest. */
export class Counter {
  private readonly windows = new Map<string, Window>();
  private readonly clock: Clock;
  private readonly lengthMs: number;

  constructor(clock: Clock, lengthMs: number) {
    this.clock = clock;
    this.lengthMs = lengthMs;
  }

  /** How much has been counted in the window that runs, and in how many seconds it ends. */
  read(key: string): { count: number; seconds: number } {
    const nowMs = this.clock.now().getTime();
    const window = this.windows.get(key);
    if (!window || window.endsAtMs <= nowMs) return { count: 0, seconds: Math.ceil(this.lengthMs / 1_000) };
    return { count: window.count, seconds: Math.max(1, Math.ceil((window.endsAtMs - nowMs) / 1_000)) };
  }

  add(key: string): { count: number; seconds: number } {
    const nowMs = this.clock.now().getTime();
    const window = this.windows.get(key);
    if (window && window.endsAtMs > nowMs) window.count += 1;
    else {
      this.windows.delete(key);
      if (this.windows.size >= KEYS_MAX) this.windows.delete(this.windows.keys().next().value as string);
      this.windows.set(key, { endsAtMs: nowMs + this.lengthMs, count: 1 });
    }
    return this.read(key);
  }

  forget(key: string): void {
    this.windows.delete(key);
  }
}

const tooMany = (seconds: number): AppError => new AppError('conflict', 'api.too_many', { params: { seconds } });

/** Slows whoever asks too much. Each process counts for itself: with several of them a client may come so many times as often. */
export class Limits {
  private readonly requests: Counter;
  private readonly failures: Counter;
  private readonly strangers: Counter;
  private readonly proven: Counter;
  private readonly pending = new Map<string, number>();

  constructor(clock: Clock) {
    this.requests = new Counter(clock, MINUTE_MS);
    this.failures = new Counter(clock, FAILURES_WINDOW_MS);
    this.strangers = new Counter(clock, MINUTE_MS);
    this.proven = new Counter(clock, PROVEN_MS);
  }

  /**
   * Before a credential is looked at: what is being looked at counts as if it had failed, so that whoever guesses gains nothing by guessing all at once. Returns
   * how to say what became of it. One that was let in within the last hour is not guessed: whoever shares its address, as behind a proxy that is not believed,
   * cannot shut it out. @throws AppError `api.too_many`.
   */
  attempt(req: Request, credential: string): (end: 'proven' | 'refused' | 'unknown') => void {
    const [address, digest] = [addressKey(req), digestOf(credential)];
    const { count, seconds } = this.failures.read(address);
    const pending = this.pending.get(address) ?? 0;
    // Who only came together with others may come again at once.
    if (count + pending >= FAILURES_PER_ADDRESS_MAX && this.proven.read(digest).count === 0) throw tooMany(count >= FAILURES_PER_ADDRESS_MAX ? seconds : 1);
    this.pending.set(address, pending + 1);
    return (end) => {
      const left = (this.pending.get(address) ?? 1) - 1;
      if (left > 0) this.pending.set(address, left);
      else this.pending.delete(address);
      if (end === 'proven') this.proven.add(digest);
      if (end !== 'refused') return;
      this.failures.add(address);
      this.proven.forget(digest);
    };
  }

  /** What anybody may read. @throws AppError `api.too_many`. */
  countStranger(req: Request): void {
    const { count, seconds } = this.strangers.add(addressKey(req));
    if (count > OPEN_PER_ADDRESS_MAX) throw tooMany(seconds);
  }

  /** @throws AppError `api.too_many`. */
  countRequest(client: ClientActor, res: Response): void {
    const limit = client.requestsPerMinute;
    const { count, seconds } = this.requests.add(client.id);
    res.set('RateLimit-Policy', `"client";q=${limit};w=60`).set('RateLimit', `"client";r=${Math.max(0, limit - count)};t=${seconds}`);
    if (count > limit) throw tooMany(seconds);
  }
}

const digestOf = (credential: string): string => createHash('sha256').update(credential).digest('base64');
export const addressKey = (req: Request): string => ipKeyGenerator(req.ip ?? '');
