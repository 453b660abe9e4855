import type { EntityManager } from 'typeorm';
import type { Actor } from './actor.ts';
import type { Config } from './config.ts';
import type { Database } from './database/connect.ts';
import type { Clock } from './dates.ts';
import type { KeyRing } from './keys.ts';
import type { Logger } from './log.ts';

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
