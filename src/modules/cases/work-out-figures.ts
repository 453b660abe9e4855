import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx } from '../../platform/context.ts';
import { openBody } from './case-body.ts';
import { findWithoutTerms, insertTerms } from './case-search.store.ts';
import { searchTermsOf, sortNameOf, standingRow } from './case-rows.ts';
import { officeDay } from './office-day.ts';
import { readRetained } from './retained-protection.store.ts';
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

/**
 * Makes what searches find cases by, for those that came in before there was any; new versions bring theirs with the import. As `workOutFigures`, in
 * batches of one transaction each.
 * @returns how many cases can be found since.
 */
export async function workOutSearchTerms(ctx: Ctx, onProgress: (done: number) => void = () => undefined): Promise<number> {
  authorise(ctx, 'cases.import');
  for (let done = 0, after = ''; ;) {
    const cases = await inTransaction(ctx, async (tx) => {
      const batch = await findWithoutTerms(tx, after, BATCH);
      const retained = await readRetained(tx, batch.map(({ caseId }) => caseId));
      for (const { caseId, version, body } of batch) {
        const supportCase = openBody(tx.keys, tx.actor.agency, caseId, version, body);
        const terms = searchTermsOf({ supportCase, retained: retained.get(caseId) ?? [] }, { on: officeDay(tx.clock), keys: tx.keys });
        await insertTerms(tx, { caseId, county: supportCase.county, sortName: sortNameOf(supportCase), terms });
      }
      return batch;
    });
    done += cases.length;
    after = cases.at(-1)?.caseId ?? after;
    onProgress(done);
    if (cases.length < BATCH) return done;
  }
}
