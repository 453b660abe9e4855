import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import { AppError } from '../../../platform/errors.ts';
import { findPartner, getPartner, rateOperation } from '../../partners/index.ts';
import { hopsOfLine, sumHops } from './hop.rules.ts';
import type { HopSum } from './hop.rules.ts';
import { selectBankCharges, selectBookedLines, selectTransferFees } from './hop.store.ts';
import type { BookedLine } from './hop.store.ts';

const PORTION = 20_000;

/**
 * What each hand on the way took, by partner, month and currency: the partner's fees, what credits fell short of their lines, what banks say they charged
 * (with the bearer), what partners' rates made against the frozen ones, and what rounding left over of lines. Sums of what was told, exact; nothing is booked by it.
 *
 * @throws AppError forbidden `reconciliation.all_counties_needed`; not_found `partner.unknown`.
 */
export async function feesByHop(ctx: Ctx, wanted: { partnerId?: string } = {}): Promise<HopSum[]> {
  authorise(ctx, 'reconciliation.view');
  if (ctx.actor.counties !== 'all') throw new AppError('forbidden', 'reconciliation.all_counties_needed');
  if (wanted.partnerId !== undefined) getPartner(wanted.partnerId);
  const partnerId = wanted.partnerId ?? null;
  return inTransaction(ctx, async (tx) => {
    const transfers = (await selectTransferFees(tx, partnerId)).map((t): HopSum => ({ ...t, direction: 'in', hop: 'transfer_fee', bearer: findPartner(t.partnerId)?.fees.value.charges ?? null }));
    const charges = (await selectBankCharges(tx, partnerId)).map(({ isDebit, ...c }): HopSum => ({ ...c, direction: c.partnerId === null ? null : isDebit ? 'out' : 'in', hop: 'bank_charge' }));
    return sumHops([...await sumLines(tx, partnerId), ...transfers, ...charges]);
  });
}

async function sumLines(ctx: TxCtx, partnerId: string | null): Promise<HopSum[]> {
  let sums: HopSum[] = [];
  let after = { fileId: '', lineNumber: 0 };
  for (;;) {
    const lines = await selectBookedLines(ctx, { partnerId, after, limit: PORTION });
    sums = sumHops([...sums, ...lines.flatMap(ofLine)]);
    const last = lines.at(-1);
    if (last === undefined || lines.length < PORTION) return sums;
    after = last;
  }
}

function ofLine(line: BookedLine): HopSum[] {
  if (line.sentMinor === null || line.sentCurrency === null) return [];
  const { partnerId, month } = line;
  const direction = line.kind === 'forwarding' ? 'out' : 'in';
  const told = findPartner(partnerId)?.files[line.kind]?.value;
  return hopsOfLine({
    partnerId, month, direction, sentMinor: line.sentMinor, sentCurrency: line.sentCurrency, rate: line.rate, rateOperation: told ? rateOperation(told) : 'multiply', feeMinor: line.feeMinor,
    deliveredMinor: line.settledMinor, deliveredCurrency: line.settledCurrency, frozen: line.frozen,
  }).map((found) => ({ partnerId, month, direction, bearer: null, count: 1, ...found }));
}
