import type { EntityManager } from 'typeorm';
import type { Config, Language } from './config.ts';
import type { Database } from './database/index.ts';
import type { Clock } from './dates.ts';
import type { KeyRing } from './keys.ts';
import type { Logger } from './log.ts';
import type { Role } from './authorise.ts';

export { inTransaction } from './database/transaction.ts';

/** Who acts. Every use case authorises this actor first, and every query is scoped by it, in code and by row-level security. */
export interface Actor {
  readonly kind: 'user' | 'system';
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly agency: string;
  /** FIPS codes of the counties whose cases this actor may see. */
  readonly counties: readonly string[] | 'all';
  /** Set for a partner's officer, who then sees only that partner's exchanges. */
  readonly partner: string | null;
  readonly language: Language;
}

/** What every use case gets: who, when, with what. It is passed by hand; there are no globals. */
export interface Ctx {
  readonly actor: Actor;
  readonly clock: Clock;
  readonly config: Config;
  readonly db: Database;
  readonly keys: KeyRing;
  readonly log: Logger;
  readonly tx?: EntityManager;
}

/** A context inside a transaction: what is written through `tx` commits together or not at all. */
export type TxCtx = Ctx & { readonly tx: EntityManager };

/** The person at the command line of the gateway's own machine, or one of its jobs. */
export function operatorActor(config: Config): Actor {
  return Object.freeze({
    kind: 'system', id: 'operator', name: 'operator', roles: ['operator'] as const,
    agency: config.agency, counties: 'all', partner: null, language: config.language,
  });
}

/** The same context for another actor; never inside a running transaction, whose row scope is already set. */
export function withActor(ctx: Ctx, actor: Actor): Ctx {
  if (ctx.tx) throw new Error('fault: the actor of a running transaction cannot change');
  return { ...ctx, actor };
}
