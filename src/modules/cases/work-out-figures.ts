import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { openBody } from './case-body.ts';
import { standingRow } from './case-rows.ts';
import { findWithoutFigures, insertFigures } from './support-case.store.ts';

const BATCH = 200;

/**
 * Works out the payment figures of cases that came in before figures were made; new versions bring theirs with the import. In batches of
 * one transaction each: stopped, it goes on where it was.
 * @returns how many cases got figures.
 */
export async function workOutFigures(ctx: Ctx, onProgress: (done: number) => void = () => undefined): Promise<number> {
  authorise(ctx, 'cases.import');
  let done = 0;
  for (;;) {
    const count = await inTransaction(ctx, async (tx) => {
      const cases = await findWithoutFigures(tx, BATCH);
      await insertFigures(tx, cases.map(({ caseId, version, body }) => standingRow(openBody(tx.keys, tx.actor.agency, caseId, version, body), tx.actor.agency)));
      return cases.length;
    });
    done += count;
    onProgress(done);
    if (count < BATCH) return done;
  }
}
