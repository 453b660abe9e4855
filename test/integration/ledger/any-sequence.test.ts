import fc from 'fast-check';
import {
  accountCode, caseStatement, checkLedger, commitPostingBatch, listBalances, openPostingBatch, postReserved, postTransfer, releaseExpired, reserveTransfer, reverseTransfer, voidReserved,
} from '../../../src/modules/ledger/index.ts';
import type { Leg } from '../../../src/modules/ledger/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx, TxCtx } from '../../../src/platform/context.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

interface Move { key: number; currency: string; amount: bigint; caseId: string; isFee: boolean }

const move: fc.Arbitrary<Move> = fc.record({
  key: fc.nat(10_000), currency: fc.constantFrom('USD', 'MXN', 'KRW'), amount: fc.bigInt({ min: 1n, max: 10n ** 12n }), caseId: fc.constantFrom('A1', 'A2', 'A3'), isFee: fc.boolean(),
});
const moves = fc.uniqueArray(move, { selector: (one) => one.key, minLength: 1, maxLength: 25 });

async function post(ctx: Ctx, batch: readonly Move[]) {
  return inTransaction(ctx, async (tx) => {
    await openPostingBatch(tx);
    for (const { key, currency, amount, caseId, isFee } of batch) {
      const fee = isFee ? amount / 10n : 0n;
      await tx.tx.query(`insert into posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, case_id, county, currency, amount_minor)
        select 'm:' || $1, 'disbursement.delivered', date '2026-01-01' + $1::int % 300, l.kind, 'kr-kcsa', $2, '06037', $3, l.amount
          from (values ('delivered', $4::bigint - $5::bigint), ('fees_abroad', $5::bigint), ('in_transit', -$4::bigint)) as l (kind, amount)`, [String(key), caseId, currency, amount.toString(), fee.toString()]);
    }
    return commitPostingBatch(tx, { batchKey: 'any' });
  });
}

const balances = async (ctx: Ctx) => (await listBalances(ctx)).map((account) => `${account.code} ${account.normalMinor}`);

describe('any sequence of postings', () => {
  let db: TestDatabase;
  let agencies = 0;
  beforeAll(async () => { db = await testDatabase(); });
  /** An agency of its own for each sequence: agencies share tables and nothing else. */
  const fresh = () => testCtx(db, { agency: `agency-${agencies++}` });

  it('sums to zero in every currency, and balances agree with entries', async () => {
    await fc.assert(fc.asyncProperty(moves, async (all) => {
      const ctx = fresh();
      await post(ctx, all);
      expect(await checkLedger(ctx)).toMatchObject({ isClean: true, transfers: all.length });
      const sums = new Map<string, bigint>();
      for (const account of await listBalances(ctx)) sums.set(account.currency, (sums.get(account.currency) ?? 0n) + account.normalMinor);
      expect([...sums.values()].every((sum) => sum === 0n)).toBe(true);
    }), { numRuns: 25 });
  });

  it('gives the same balances in whatever order, pieces and repetitions it comes', async () => {
    await fc.assert(fc.asyncProperty(moves, fc.array(fc.nat(1_000), { maxLength: 5 }), fc.infiniteStream(fc.nat()), async (all, cuts, random) => {
      const [once, again] = [fresh(), fresh()];
      await post(once, all);
      const shuffled = all.map((one) => ({ one, at: random.next().value as number })).sort((a, b) => a.at - b.at).map(({ one }) => one);
      const places = [0, ...cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b), all.length];
      for (let i = 1; i < places.length; i++) await post(again, shuffled.slice(Math.max(0, (places[i - 1] as number) - 2), places[i]));
      expect(await post(again, shuffled)).toMatchObject({ transfersPosted: 0, transfersKnown: all.length, entriesPosted: 0 });
      expect(await balances(again)).toEqual(await balances(once));
      const [left, right] = [await caseStatement(once, 'A1'), await caseStatement(again, 'A1')];
      expect(right.balances).toEqual(left.balances);
    }), { numRuns: 25 });
  });
});

type Step =
  | { does: 'post' | 'batch' | 'reserve'; key: number; amount: bigint; caseId: string; bucket: Leg['bucket'] | null; isRepeated: boolean }
  | { does: 'reverse' | 'fulfil' | 'less' | 'void' | 'expire'; key: number; isRepeated: boolean };
const key = fc.nat(6);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constantFrom('post' as const, 'batch' as const, 'reserve' as const), key, amount: fc.bigInt({ min: 2n, max: 10n ** 9n }), caseId: fc.constantFrom('A1', 'A2'),
    bucket: fc.option(fc.constantFrom('interest' as const, 'medical' as const)), isRepeated: fc.boolean() }),
  fc.record({ does: fc.constantFrom('reverse' as const, 'fulfil' as const, 'less' as const, 'void' as const, 'expire' as const), key, isRepeated: fc.boolean() }));

/** What a plain model of the ledger says: what is posted under which key, what is reserved, and how that ended. */
class Model {
  readonly posted = new Map<string, readonly Leg[]>();
  readonly reserved = new Map<string, { legs: readonly Leg[]; ended: string | null }>();
  balances(): Map<string, bigint> {
    const sums = new Map<string, bigint>();
    for (const legs of this.posted.values()) for (const leg of legs) sums.set(accountCode(leg), (sums.get(accountCode(leg)) ?? 0n) + leg.amountMinor);
    return sums;
  }
  pending(): Map<string, bigint> {
    const sums = new Map<string, bigint>();
    for (const { legs, ended } of this.reserved.values()) if (ended === null) for (const leg of legs) sums.set(accountCode(leg), (sums.get(accountCode(leg)) ?? 0n) + (leg.amountMinor < 0n ? -leg.amountMinor : leg.amountMinor));
    return sums;
  }
}
const legsFor = (amount: bigint, caseId: string, bucket: Leg['bucket'] | null): Leg[] => [
  { kind: 'suspense', partnerId: 'kr-kcsa', currency: 'USD', amountMinor: amount },
  { kind: 'proposed_collection', caseId, county: '06037', currency: 'USD', amountMinor: -amount, ...(bucket === null ? {} : { bucket }) }];
const halved = (legs: readonly Leg[]): Leg[] => legs.map((leg) => ({ ...leg, amountMinor: leg.amountMinor / 2n }));
const [DAY, LATER] = ['2026-03-10', '2026-04-10'];

/** Takes one step in the ledger and in the model, which must agree about whether it is new, known or refused. */
async function take(ctx: Ctx, model: Model, one: Step): Promise<void> {
  const did = async (move: (tx: TxCtx) => Promise<{ isNew: boolean }>): Promise<boolean | 'refused'> =>
    inTransaction(ctx, move).then(({ isNew }) => isNew, (error: unknown) => { if (error instanceof AppError) return 'refused' as const; throw error; });
  const told = { event: 'any.thing', occurredOn: DAY };
  if (one.does === 'post' || one.does === 'batch') {
    const [transferKey, legs] = [`k${one.key}`, legsFor(one.amount, one.caseId, one.bucket)];
    const known = model.posted.get(transferKey);
    const answer = await did(async (tx) => {
      if (one.does === 'post') return postTransfer(tx, { transferKey, ...told, legs });
      await openPostingBatch(tx);
      for (const leg of legs) await tx.tx.query('insert into posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, case_id, county, currency, amount_minor, bucket) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
        [transferKey, told.event, DAY, leg.kind, leg.partnerId ?? null, leg.caseId ?? null, leg.county ?? null, leg.currency, leg.amountMinor.toString(), leg.bucket ?? null]);
      return { isNew: (await commitPostingBatch(tx, { batchKey: 'step' })).transfersPosted === 1 };
    });
    expect(answer).toBe(known === undefined ? true : JSON.stringify(known, jsonOf) === JSON.stringify(legs, jsonOf) ? false : 'refused');
    if (answer === true) model.posted.set(transferKey, legs);
    return;
  }
  if (one.does === 'reverse') {
    const known = model.posted.get(`k${one.key}`);
    const answer = await did((tx) => reverseTransfer(tx, { transferKey: `k${one.key}:reversal`, reversesKey: `k${one.key}`, ...told }));
    expect(answer).toBe(known === undefined ? 'refused' : !model.posted.has(`k${one.key}:reversal`));
    if (answer === true) model.posted.set(`k${one.key}:reversal`, (known ?? []).map((leg) => ({ ...leg, amountMinor: -leg.amountMinor })));
    return;
  }
  const reservedKey = `r${one.key}`;
  const held = model.reserved.get(reservedKey);
  if (one.does === 'reserve') {
    const legs = legsFor(one.amount, one.caseId, one.bucket);
    const answer = await did((tx) => reserveTransfer(tx, { transferKey: reservedKey, ...told, expiresOn: DAY, legs }));
    expect(answer).toBe(held === undefined ? true : JSON.stringify(held.legs, jsonOf) === JSON.stringify(legs, jsonOf) ? false : 'refused');
    if (answer === true) model.reserved.set(reservedKey, { legs, ended: null });
  } else if (one.does === 'expire') {
    const open = [...model.reserved.values()].filter((each) => each.ended === null);
    expect(await inTransaction(ctx, (tx) => releaseExpired(tx, LATER))).toBe(open.length);
    for (const each of open) each.ended = 'expire';
  } else {
    const legs = one.does === 'less' ? halved(held?.legs ?? []) : held?.legs ?? [];
    const answer = await did((tx) => (one.does === 'void' ? voidReserved(tx, reservedKey, DAY)
      : postReserved(tx, { reservedKey, transferKey: `${reservedKey}:${one.does}`, ...told, today: DAY, ...(one.does === 'less' ? { legs } : {}) })));
    expect(answer).toBe(held === undefined ? 'refused' : held.ended === null ? true : held.ended === one.does ? false : 'refused');
    if (answer === true && held !== undefined) {
      held.ended = one.does;
      if (one.does !== 'void') model.posted.set(`${reservedKey}:${one.does}`, legs);
    }
  }
}
const jsonOf = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

describe('any sequence of posts, batches, reservations, reversals and repeats', () => {
  let db: TestDatabase;
  let agencies = 0;
  beforeAll(async () => { db = await testDatabase(); });

  it('leaves what a plain model leaves: balances equal entries, sums are zero, the chain is whole', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      const ctx = testCtx(db, { agency: `steps-${agencies++}` });
      const model = new Model();
      for (const one of steps) {
        await take(ctx, model, one);
        if (one.isRepeated) await take(ctx, model, one);
      }
      const found = await listBalances(ctx);
      const signed = new Map(found.filter((each) => each.entryCount > 0).map((each) => [each.code, each.normalMinor * -1n]));
      expect(signed).toEqual(new Map([...model.balances()].filter(([code]) => signed.has(code))));
      expect([...model.balances().keys()].every((code) => signed.has(code))).toBe(true);
      const held = new Map(found.filter((each) => each.pendingInMinor + each.pendingOutMinor !== 0n).map((each) => [each.code, each.pendingInMinor + each.pendingOutMinor]));
      expect(held).toEqual(model.pending());
      expect(await checkLedger(ctx)).toMatchObject({ isClean: true, findings: [], transfers: model.posted.size });
    }), { numRuns: 25 });
  });
});

describe('what ledger check finds', () => {
  const TAMPERINGS: [string, string, string][] = [
    ['a changed amount', 'update ledger_entries set amount_minor = amount_minor + 1 where leg_number = 1 and transfer_id = (select min(transfer_id) from ledger_entries)', 'ledger.unbalanced'],
    ['a currency that no longer sums to zero', 'update ledger_entries set amount_minor = amount_minor + 1 where leg_number = 1 and transfer_id = (select min(transfer_id) from ledger_entries)', 'ledger.currency_not_zero'],
    ['a changed balance', 'update ledger_balances set balance_minor = balance_minor + 1 where account_id = (select min(account_id) from ledger_balances)', 'ledger.balance_differs'],
    ['two legs changed so that they still balance', 'update ledger_entries set amount_minor = amount_minor * 2 where transfer_id = (select min(transfer_id) from ledger_entries)', 'ledger.transfer_changed'],
    ['a transfer without its entries', 'delete from ledger_entries where transfer_id = (select min(transfer_id) from ledger_entries)', 'ledger.transfer_changed'],
    ['entries without their transfer', 'delete from ledger_transfers where transfer_id = (select min(transfer_id) from ledger_transfers)', 'ledger.entry_orphaned'],
    ['entries of no account', 'delete from ledger_accounts where account_id = (select min(account_id) from ledger_accounts)', 'ledger.entry_orphaned'],
    ['a changed date', "update ledger_transfers set occurred_on = '1999-01-01' where transfer_id = (select min(transfer_id) from ledger_transfers)", 'ledger.transfer_changed'],
    ['a transfer taken out whole', 'with t as (delete from ledger_transfers where transfer_id = (select min(transfer_id) from ledger_transfers) returning transfer_id) delete from ledger_entries where transfer_id in (select transfer_id from t)', 'ledger.batch_differs'],
  ];
  it.each(TAMPERINGS)('%s', async (_, statement, code) => {
    const db = await testDatabase();
    const ctx = testCtx(db);
    await post(ctx, [{ key: 1, currency: 'USD', amount: 100n, caseId: 'A1', isFee: true }, { key: 2, currency: 'USD', amount: 50n, caseId: 'A2', isFee: false }]);
    expect(await checkLedger(ctx)).toMatchObject({ isClean: true });
    const tables = ['ledger_entries', 'ledger_transfers', 'ledger_accounts', 'ledger_balances'];
    await behindTheWall(db, `${tables.map((table) => `alter table ${table} disable trigger all;`).join(' ')} ${statement}`);
    const found = await checkLedger(ctx);
    expect(found.isClean).toBe(false);
    expect(found.findings.map((finding) => finding.code)).toContain(code);
  });
});
