import { LIMITS } from './limits.ts';

/** Which group of addresses one belongs to: a household of IPv6 is a /64. */
export function groupOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const groups = head.split(':').filter((part) => part !== '');
  const zeros = plain.includes('::') ? Array.from({ length: Math.max(0, 8 - groups.length - tail.split(':').filter((part) => part !== '').length) }, () => '0') : [];
  return [...groups, ...zeros, ...tail.split(':')].slice(0, 4).join(':');
}

interface Visitor {
  open: number;
  arrivals: number;
  failures: number;
  since: number;
}

export interface DoorLimits {
  readonly connections: number;
  readonly connectionsPerAddress: number;
  readonly strangers: number;
  readonly arrivalsPerAddress: number;
  readonly failuresPerAddress: number;
  readonly addressWindowMs: number;
  readonly addresses: number;
}

/** Counts who comes, before anything is spent on them. Times are in milliseconds of one clock. */
export class Doorman {
  readonly #limits: DoorLimits;
  readonly #visitors = new Map<string, Visitor>();
  #open = 0;
  #strangers = 0;

  constructor(limits: DoorLimits = LIMITS) {
    this.#limits = limits;
  }

  /** Whether the connection may stay; if so, `left` must follow once, and before it `known` where a key was proven. */
  arrived(address: string, nowMs: number): boolean {
    const visitor = this.#visitorAt(groupOf(address), nowMs);
    visitor.arrivals += 1;
    const isTooMuch = this.#open >= this.#limits.connections || this.#strangers >= this.#limits.strangers || visitor.open >= this.#limits.connectionsPerAddress
      || visitor.arrivals > this.#limits.arrivalsPerAddress || visitor.failures >= this.#limits.failuresPerAddress;
    if (isTooMuch) return false;
    visitor.open += 1;
    this.#open += 1;
    this.#strangers += 1;
    return true;
  }

  known(): void {
    this.#strangers -= 1;
  }

  left(address: string, wasKnown: boolean, nowMs: number): void {
    const visitor = this.#visitorAt(groupOf(address), nowMs);
    visitor.open = Math.max(0, visitor.open - 1);
    this.#open -= 1;
    if (wasKnown) return;
    this.#strangers -= 1;
    visitor.failures += 1;
  }

  #visitorAt(group: string, nowMs: number): Visitor {
    let visitor = this.#visitors.get(group);
    if (!visitor) {
      this.#forgetSome();
      this.#visitors.set(group, visitor = { open: 0, arrivals: 0, failures: 0, since: nowMs });
    }
    if (nowMs - visitor.since > this.#limits.addressWindowMs) Object.assign(visitor, { arrivals: 0, failures: 0, since: nowMs });
    return visitor;
  }

  /** Whoever has something open is never forgotten: there are no more of those than connections. */
  #forgetSome(): void {
    if (this.#visitors.size < this.#limits.addresses) return;
    for (const [group, { open }] of this.#visitors) {
      if (open > 0) continue;
      this.#visitors.delete(group);
      return;
    }
  }
}
