import type { TxCtx } from '../../../platform/context.ts';
import { findPartner } from '../../partners/index.ts';
import { ratesBetween } from '../../payments/index.ts';
import { feeLimitOf } from '../bank/fee-limit.ts';
import { selectPersons } from '../matching/candidate.store.ts';
import type { RankedCandidate } from '../matching/rank-candidates.ts';
import { selectObligationAmounts } from '../matching/rank.store.ts';
import { selectPartnerNumbersOf } from './item.store.ts';
import type { DisbursementFacts, LineFacts } from './line-facts.store.ts';
import type { PublishedPair, Sum } from './amount-beside.rules.ts';
import { compareSides } from './side-by-side.rules.ts';
import type { Compared, LineSide } from './side-by-side.rules.ts';

const DISBURSEMENTS_OF_CASE_MAX = 2;

export type CaseToCompare = { readonly caseId: string; readonly county: string; readonly isOpen: boolean; readonly isRefused: boolean; readonly rank: RankedCandidate | null };
export type DisbursementToCompare = DisbursementFacts & { readonly isRefused: boolean };
/** One candidate beside the line: a case, or of a report the disbursement of a case. */
export type SideColumn = CaseToCompare & { readonly disbursement: DisbursementToCompare | null; readonly fields: readonly Compared[] };

const countryOf = (partnerId: string): string => findPartner(partnerId)?.country ?? '';

/** The candidates in their order, each compared with the line field by field. */
export async function besideLine(ctx: TxCtx, line: LineFacts, cases: readonly CaseToCompare[], disbursements: readonly DisbursementToCompare[]): Promise<SideColumn[]> {
  const caseIds = cases.map(({ caseId }) => caseId);
  if (caseIds.length === 0) return [];
  const persons = await selectPersons(ctx, caseIds);
  const numbers = await selectPartnerNumbersOf(ctx, caseIds);
  const [everOrdered, ordered] = [await selectObligationAmounts(ctx, caseIds, null), await selectObligationAmounts(ctx, caseIds, line.happenedOn)];
  const side: LineSide = { ...line, country: countryOf(line.partnerId), transferFee: transferFeeOf(line), feeLimit: feeLimitOf(line.partnerId) };
  const published = await ratesFor(ctx, line, [...ordered, ...disbursements]);
  return cases.flatMap((one) => {
    const own = line.kind === 'forwarding' ? likeliest(line, disbursements.filter(({ caseId }) => caseId === one.caseId)) : [];
    return (own.length === 0 ? [null] : own).map((disbursement): SideColumn => ({
      ...one, disbursement,
      fields: compareSides(side, {
        caseId: one.caseId, persons: persons.get(one.caseId) ?? [], disbursement,
        partnerNumbers: numbers.filter(({ caseId }) => caseId === one.caseId).map(({ number, partnerId }) => ({ number, country: countryOf(partnerId) })),
        published, ordered: everOrdered.some(({ caseId }) => caseId === one.caseId) ? ordered.filter(({ caseId }) => caseId === one.caseId) : null,
      }),
    }));
  });
}

/** Of a case's disbursements those that the report may mean: the one that it names, those of its amount that nobody has told of, then the newest. */
function likeliest(line: LineFacts, all: readonly DisbursementToCompare[]): readonly DisbursementToCompare[] {
  const likeness = (d: DisbursementToCompare): number =>
    (d.disbursementId === line.givenDisbursementId ? 4 : 0) + (d.amountMinor === line.amountMinor && d.currency === line.currency ? 2 : 0) + (d.isSettled ? 0 : 1);
  return all.toSorted((a, b) => likeness(b) - likeness(a)).slice(0, DISBURSEMENTS_OF_CASE_MAX);
}

/** By how much the credit of the line's transfer fell short of its lines; null where it did not, or where no credit is there. */
export function transferFeeOf(line: Pick<LineFacts, 'transferSumMinor' | 'settledCurrency' | 'creditMinor' | 'creditCurrency'>): Sum | null {
  const { transferSumMinor: sum, creditMinor: credit, creditCurrency: currency } = line;
  return sum === null || credit === null || currency === null || currency !== line.settledCurrency || credit >= sum ? null : { amountMinor: sum - credit, currency };
}

/** Rates are looked for only where no amount of the line is in the currency that is asked for. */
async function ratesFor(ctx: TxCtx, line: LineFacts, known: readonly Sum[]): Promise<PublishedPair[]> {
  const own = new Set([line.currency, line.settledMinor === null ? null : line.settledCurrency].filter((one) => one !== null));
  if (line.happenedOn === null || known.every(({ currency }) => own.has(currency))) return [];
  return ratesBetween(ctx, new Set([...own, ...known.map(({ currency }) => currency)]), line.happenedOn);
}
