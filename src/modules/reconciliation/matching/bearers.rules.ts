// How rare a printed name is in the caseload, told by the rarest pair of its words: KIM, LEE and GARCÍA alone say little.
import { printedNameKeys } from '../../../platform/names/index.ts';

/**
 * How many cases share the rarest key of a printed name that anybody shares. A key that nobody has is a slip and says nothing.
 *
 * @param bearers By `side/key`.
 */
export function rarestBearers(printed: string, side: 1 | 2, bearers: ReadonlyMap<string, number>): number | null {
  const counts = printedNameKeys(printed).map((key) => bearers.get(`${side}/${key}`) ?? 0).filter((n) => n > 0);
  return counts.length === 0 ? null : Math.min(...counts);
}
