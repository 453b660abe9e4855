import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { authorise } from '../../../platform/authorise.ts';
import { inTransaction } from '../../../platform/context.ts';
import type { Ctx, TxCtx } from '../../../platform/context.ts';
import type { CalendarDate } from '../../../platform/dates.ts';
import type { Finding } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { officeDay } from '../../cases/index.ts';
import { getPartner } from '../../partners/index.ts';
import { decodeText } from '../formats/tables/text.rules.ts';
import { cappedFindings } from '../import-summary.rules.ts';
import { keepReceived, readKept, withKept } from '../read-file.ts';
import { deviation, readRates } from './rate.rules.ts';
import type { RateSource } from './rate.rules.ts';
import { freezePosted, insertRates, selectFrozen, selectRatesBefore } from './rate.store.ts';
import type { DayRate, FrozenRate } from './rate.store.ts';

const BYTES_MAX = 16 * 1024 * 1024;
const LINES_MAX = 100_000;
const FREEZE_AT_ONCE = 20_000;
const SHOWN_MAX = 1_000;

let known: readonly RateSource[] | undefined;

/** Where published rates come from, the preferred one of a pair first. */
export function rateSources(): readonly RateSource[] {
  known ??= (JSON.parse(readFileSync(new URL('./rate-sources.json', import.meta.url), 'utf8')) as { sources: RateSource[] }).sources;
  return known;
}

export interface RatesImport { file: string; sha256: string; lines: number; imported: number; duplicate: number; rejected: number; findings: Finding[] }

/** Takes in published rates (`source,base,quote,quoted_on,rate`). A correction is a further revision; nothing that was booked or frozen changes. @throws AppError as `readRates`. */
export async function importRates(ctx: Ctx, request: { fileName: string; source: Readable | Buffer }): Promise<RatesImport> {
  authorise(ctx, 'payments.import');
  const bytes = await keepReceived(ctx, request.fileName, request.source, null);
  return withKept(bytes, async () => {
    const { lines, rates, findings } = readRates(decodeText(await readKept(ctx, bytes.fileId, BYTES_MAX)).text, rateSources(), officeDay(ctx.clock), LINES_MAX);
    return inTransaction(ctx, async (tx) => {
      const imported = await insertRates(tx, rates);
      const told = { lines, imported, duplicate: rates.length - imported, rejected: lines - rates.length };
      await recordAudit(tx, { action: 'rates.imported', subject: { type: 'kept_file', id: bytes.fileId }, details: told });
      return { file: bytes.fileName, sha256: bytes.sha256, ...told, findings: cappedFindings(findings) };
    });
  });
}

/** Freezes the rates of posted lines that have none frozen yet; done again, it does nothing. Tells how many. */
export async function freezeRates(ctx: Ctx): Promise<number> {
  authorise(ctx, 'reconciliation.run');
  let frozen = 0;
  for (;;) {
    const count = await inTransaction(ctx, async (tx) => {
      const some = await freezePosted(tx, rateSources(), FREEZE_AT_ONCE);
      if (some > 0) await recordAudit(tx, { action: 'rates.frozen', subject: { type: 'exchange_rates', id: ctx.actor.agency }, details: { lines: some } });
      return some;
    });
    frozen += count;
    if (count < FREEZE_AT_ONCE) return frozen;
  }
}

/** `deviation` in ten-thousandths of the published rate; null where none was known. */
export interface ComparedRate extends FrozenRate { deviation: bigint | null }

/** What a partner's rates were beside the published ones, as frozen: the newest first. @throws AppError `partner.unknown`. */
export async function compareRates(ctx: Ctx, partnerId: string): Promise<ComparedRate[]> {
  authorise(ctx, 'payments.view');
  const partner = getPartner(partnerId);
  const rows = await inTransaction(ctx, (tx) => selectFrozen(tx, { partnerId, limit: SHOWN_MAX }));
  return rows.map((row) => {
    // Partners quote units for a dollar or dollars for a unit; published rates are units for a dollar.
    const isInverse = partner.files[row.kind]?.value.rate.quotation.startsWith('perUnit') === true;
    return { ...row, deviation: row.rate === null ? null : deviation(row.printed, row.rate, isInverse) };
  });
}

/** The rates between these currencies that were published on a day or last before it, the preferred source first; within a transaction of the caller, who has asked for leave. */
export async function ratesBetween(ctx: TxCtx, currencies: ReadonlySet<string>, on: CalendarDate): Promise<DayRate[]> {
  const asked = rateSources().filter(({ base, quote }) => currencies.has(base) && currencies.has(quote));
  return asked.length === 0 ? [] : selectRatesBefore(ctx, asked, on);
}
