import { authorise } from '../../platform/authorise.ts';
import { inTransaction } from '../../platform/context.ts';
import type { Ctx, TxCtx } from '../../platform/context.ts';
import { openBody } from './case-body.ts';
import { addTerms, findWithoutTerms, setSortNames } from './case-search.store.ts';
import { searchTermsOf, sortNameOf, standingRow } from './case-rows.ts';
import { officeDay } from './office-day.ts';
import { readRetained } from './retained-protection.store.ts';
import { findWithoutFigures, insertFigures } from './support-case.store.ts';

const BATCH = 200;

type Progress = (done: number) => void;

/**
 * Works out the payment figures of cases that came in before figures were made; new versions bring theirs with the import. In batches of
 * one transaction each: stopped, it goes on where it was.
 * @returns how many cases got figures, which is `atMost` where there may be more.
 */
export async function workOutFigures(ctx: Ctx, onProgress: Progress = () => undefined, atMost = Infinity): Promise<number> {
  authorise(ctx, 'cases.import');
  return inBatches(ctx, onProgress, atMost, async (tx, after, limit) => {
    const cases = await findWithoutFigures(tx, after, limit);
    await insertFigures(tx, cases.map(({ caseId, version, body }) => standingRow(openBody(tx.keys, tx.actor.agency, caseId, version, body), tx.actor.agency)));
    return cases;
  });
}

/**
 * Makes what searches find cases by, for those that came in before there was any; new versions bring theirs with the import. As `workOutFigures`, in
 * batches of one transaction each.
 * @returns how many cases can be found since, which is `atMost` where there may be more.
 */
export async function workOutSearchTerms(ctx: Ctx, onProgress: Progress = () => undefined, atMost = Infinity): Promise<number> {
  authorise(ctx, 'cases.import');
  return inBatches(ctx, onProgress, atMost, async (tx, after, limit) => {
    const batch = await findWithoutTerms(tx, after, limit);
    const retained = await readRetained(tx, batch.map(({ caseId }) => caseId));
    const cases = batch.map(({ caseId, version, body }) => {
      const supportCase = openBody(tx.keys, tx.actor.agency, caseId, version, body);
      const terms = searchTermsOf({ supportCase, retained: retained.get(caseId) ?? [] }, { on: officeDay(tx.clock), keys: tx.keys });
      return { caseId, county: supportCase.county, terms, sortName: sortNameOf(supportCase) };
    });
    await addTerms(tx, cases);
    await setSortNames(tx, cases);
    return batch;
  });
}

async function inBatches(ctx: Ctx, onProgress: Progress, atMost: number, work: (tx: TxCtx, after: string, limit: number) => Promise<readonly { readonly caseId: string }[]>): Promise<number> {
  for (let done = 0, after = ''; ;) {
    const limit = Math.min(BATCH, atMost - done);
    const from = after;
    const cases = await inTransaction(ctx, (tx) => work(tx, from, limit));
    done += cases.length;
    after = cases.at(-1)?.caseId ?? after;
    onProgress(done);
    if (cases.length < limit || done >= atMost) return done;
  }
}
