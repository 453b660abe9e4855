import { CoverageBook } from './coverage.ts';
import { LIMITS } from './limits.ts';
import type { PartnerState } from './tree.ts';

/** How many connections each partner has, how much of it lies here unfinished, and what it was handed. There are few partners: nothing is forgotten. */
export class Partners {
  readonly #connections = new Map<string, number>();
  readonly #states = new Map<string, PartnerState>();

  enter(partner: string): boolean {
    const count = this.#connections.get(partner) ?? 0;
    if (count >= LIMITS.connectionsPerPartner) return false;
    this.#connections.set(partner, count + 1);
    return true;
  }

  leave(partner: string): void {
    this.#connections.set(partner, Math.max(0, (this.#connections.get(partner) ?? 0) - 1));
  }

  stateOf(partner: string): PartnerState {
    let state = this.#states.get(partner);
    if (!state) this.#states.set(partner, state = newState());
    return state;
  }
}

function newState(): PartnerState {
  let unfinished = 0;
  return {
    handedOut: new CoverageBook(),
    budget: {
      take(bytes) {
        if (unfinished + bytes > LIMITS.unfinishedBytes) return false;
        unfinished += bytes;
        return true;
      },
      giveBack(bytes) {
        unfinished -= bytes;
      },
    },
  };
}
