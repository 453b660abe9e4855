import fc from 'fast-check';
import { caseStatement, checkLedger, commitPostingBatch, listBalances, openPostingBatch } from '../../../src/modules/ledger/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
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
