import type { Ctx } from '../../../src/platform/context.ts';
import { testCtx, testDatabase } from '../database.ts';
import type { TestActor, TestDatabase } from '../database.ts';
import { aSigner } from './packets.ts';

export interface SigningDatabase {
  readonly db: TestDatabase;
  readonly signing: Ctx['keys']['signing'];
  /** Whoever acts, with the agency's signing key. */
  readonly ctxOf: (given?: TestActor) => Ctx;
}

/** A database of its own, and a key with which packets are sealed. */
export async function signingDatabase(): Promise<SigningDatabase> {
  const [db, { identity: signing }] = [await testDatabase(), await aSigner()];
  return { db, signing, ctxOf: (given = {}) => {
    const ctx = testCtx(db, given);
    return { ...ctx, keys: { ...ctx.keys, signing } };
  } };
}
