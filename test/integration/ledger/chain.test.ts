import { checkLedger, commitPostingBatch, openPostingBatch, postTransfer, reserveTransfer } from '../../../src/modules/ledger/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { delivery, inTransit, deliveredTo, post, tamper } from '../../support/ledger.ts';

const codes = async (ctx: Ctx, anchor?: string) => (await checkLedger(ctx, anchor === undefined ? {} : { anchor })).findings.map(({ code, params }) => `${code} ${params?.['id']}`);

/** Three batches: one transfer, two in one batch, one again. */
async function threeBatches(ctx: Ctx): Promise<void> {
  await post(ctx, delivery('a:1', 'A1', 100n));
  await inTransaction(ctx, async (tx) => {
    await openPostingBatch(tx);
    await tx.tx.query(`insert into posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, case_id, county, currency, amount_minor)
      select 'b:' || i, 'disbursement.delivered', '2026-03-03', k, case k when 'in_transit' then 'mx-sre' end, case k when 'delivered' then 'B' || i end, '06025', 'USD', case k when 'in_transit' then -7 else 7 end
        from generate_series(1, 2) i, unnest(array['in_transit', 'delivered']) k`);
    await commitPostingBatch(tx, { batchKey: 'batch-b' });
  });
  await post(ctx, delivery('c:1', 'C1', 300n));
}

/** A whole transfer altered as by somebody who knows how the ledger works: entries, bodies and balances agree again. */
const ALTERED = `
  update ledger_entries set amount_minor = sign(amount_minor) * 999 where transfer_id = (select transfer_id from ledger_transfers where transfer_key = 'b:1');
  update ledger_balances b set balance_minor = (select sum(e.amount_minor) from ledger_entries e where e.agency_id = b.agency_id and e.account_id = b.account_id);
  update ledger_transfers t set body_digest = ledger_body_digest(t.event, t.occurred_on, t.reverses_key,
      (select array_agg(a.code order by a.code) from ledger_entries e join ledger_accounts a using (agency_id, account_id) where e.transfer_id = t.transfer_id),
      (select array_agg(e.amount_minor order by a.code) from ledger_entries e join ledger_accounts a using (agency_id, account_id) where e.transfer_id = t.transfer_id))
    where transfer_key = 'b:1'`;
const balancesAnew = `delete from ledger_balances;
  insert into ledger_balances (agency_id, account_id, balance_minor, entry_count) select agency_id, account_id, sum(amount_minor), count(*) from ledger_entries group by 1, 2`;
const without = (keys: string) => `delete from ledger_entries where transfer_id in (select transfer_id from ledger_transfers where transfer_key ~ '${keys}');
  delete from ledger_transfers where transfer_key ~ '${keys}'; ${balancesAnew}`;

describe('the chain of batches', () => {
  it('links every batch to the one before it, whichever way it was posted', async () => {
    const db = await testDatabase();
    const ctx = testCtx(db);
    await threeBatches(ctx);
    await inTransaction(ctx, (tx) => reserveTransfer(tx, delivery('r:1', 'R1', 5n)));
    expect(await behindTheWall(db, 'select batch_key, chain_id, chain_number::int, transfer_count, pending_count from ledger_batches order by chain_number')).toEqual([
      { batch_key: 'a:1', chain_id: 0, chain_number: 1, transfer_count: 1, pending_count: 0 }, { batch_key: 'batch-b', chain_id: 0, chain_number: 2, transfer_count: 2, pending_count: 0 },
      { batch_key: 'c:1', chain_id: 0, chain_number: 3, transfer_count: 1, pending_count: 0 }, { batch_key: 'r:1', chain_id: 0, chain_number: 4, transfer_count: 0, pending_count: 1 }]);
    expect(await checkLedger(ctx)).toMatchObject({ isClean: true, batches: 4, anchor: expect.stringMatching(/^4:[0-9a-f]{64}$/) });
  });

  it.each([
    ['an entry changed so well that everything else agrees', ALTERED, ['ledger.chain_broken batch-b (0.2)']],
    ['a transfer deleted with its entries, its count and its balances', `${without('^b:1$')}; update ledger_batches set transfer_count = 1, entry_count = 2 where batch_key = 'batch-b'`, ['ledger.chain_broken batch-b (0.2)']],
    ['a batch deleted with all that was in it', `${without('^b:')}; delete from ledger_batches where batch_key = 'batch-b'`, ['ledger.chain_broken c:1 (0.3)']],
    ['the first batch deleted', `${without('^a:')}; delete from ledger_batches where batch_key = 'a:1'`, ['ledger.chain_broken batch-b (0.2)']],
    ['a gap closed by a new number', `${without('^b:')}; delete from ledger_batches where batch_key = 'batch-b'; update ledger_batches set chain_number = 2 where batch_key = 'c:1'`, ['ledger.chain_broken c:1 (0.2)']],
    ['two batches swapped', "update ledger_batches set chain_number = 9 where batch_key = 'a:1'; update ledger_batches set chain_number = 1 where batch_key = 'batch-b'; update ledger_batches set chain_number = 2 where batch_key = 'a:1'",
      ['ledger.chain_broken batch-b (0.1)']],
    ['another author', "update ledger_batches set recorded_by = 'usr_other' where batch_key = 'batch-b'", ['ledger.chain_broken batch-b (0.2)']],
    ['another content digest', "update ledger_batches set content_digest = sha256('x') where batch_key = 'c:1'", ['ledger.chain_broken c:1 (0.3)']],
  ])('an owner without triggers is found out: %s', async (_, statements, found) => {
    const db = await testDatabase();
    const ctx = testCtx(db);
    await threeBatches(ctx);
    expect(await codes(ctx)).toEqual([]);
    await tamper(db, statements);
    expect(await codes(ctx)).toEqual(found);
  });

  it('shows batches taken from its end, or all made anew, to whoever kept an anchor', async () => {
    const db = await testDatabase();
    const ctx = testCtx(db);
    await threeBatches(ctx);
    const anchor = (await checkLedger(ctx)).anchor as string;
    await post(ctx, delivery('d:1', 'D1', 4n));
    expect(await codes(ctx, anchor)).toEqual([]);
    await tamper(db, `${without('^[cd]:')}; delete from ledger_batches where batch_key in ('c:1', 'd:1')`);
    expect(await codes(ctx)).toEqual([]);
    expect(await codes(ctx, anchor)).toEqual([`ledger.anchor_differs ${anchor}`]);
    await post(ctx, delivery('c:2', 'C2', 300n));
    expect(await codes(ctx, anchor)).toEqual([`ledger.anchor_differs ${anchor}`]);
    for (const odd of ['', '3', `${anchor}0`, `1.:${'0'.repeat(64)}`, `${Array(65).fill('1').join('.')}:${'0'.repeat(64)}`]) {
      await expect(checkLedger(ctx, { anchor: odd })).rejects.toMatchObject({ kind: 'invalid', code: 'ledger.anchor_invalid' });
    }
  });

  it('is several chains while several post at once, each whole, and nobody waits for another', async () => {
    const db = await testDatabase();
    const ctx = testCtx(db);
    // Accounts are there: whoever opens the same new account waits for the other, as they must.
    await post(ctx, delivery('first:1', 'S1', 1n));
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => { release = resolve; });
    let hasPosted = (): void => undefined;
    const posted = new Promise<void>((resolve) => { hasPosted = resolve; });
    const slow = inTransaction(ctx, async (tx) => {
      await postTransfer(tx, delivery('slow:1', 'S1', 10n));
      hasPosted();
      await held;
    });
    await posted;
    // The slow one has posted to both accounts and not committed. Were there one chain, or one row of a balance, this would wait for it for ever.
    await post(ctx, delivery('quick:1', 'S1', 20n));
    release();
    await slow;
    await Promise.all(Array.from({ length: 12 }, (_, i) => post(ctx, delivery(`many:${i}`, 'S1', 1n))));
    const found = await checkLedger(ctx);
    expect(found).toMatchObject({ isClean: true, transfers: 15, batches: 15 });
    expect(await codes(ctx, found.anchor as string)).toEqual([]);
    expect((await behindTheWall<{ n: number }>(db, 'select count(distinct chain_id)::int as n from ledger_batches'))[0]?.n).toBeGreaterThan(1);
  });

  it('keeps agencies apart', async () => {
    const db = await testDatabase();
    const [one, other] = [testCtx(db), testCtx(db, { agency: 'us-az' })];
    await post(one, delivery('a:1', 'A1', 100n));
    await post(other, delivery('a:1', 'A1', 100n));
    await tamper(db, "update ledger_batches set recorded_by = 'x' where agency_id = 'us-az'");
    expect(await codes(one)).toEqual([]);
    expect(await codes(other)).toEqual(['ledger.chain_broken a:1 (0.1)']);
  });
});

describe('a ledger from before the chain', () => {
  const migration = async () => (await import('../../../migrations/1763706000102-ledger-chain.ts')).CHAIN_EXISTING;
  let db: TestDatabase;
  beforeAll(async () => { db = await testDatabase(); });

  it('is chained when it is migrated, as it would have been', async () => {
    const [ctx, other] = [testCtx(db), testCtx(db, { agency: 'us-az' })];
    await threeBatches(ctx);
    await post(other, { transferKey: 'z:1', event: 'x.y', occurredOn: '2026-01-01', legs: [inTransit(-1n), deliveredTo('Z1', 1n)] });
    const chained = () => behindTheWall(db, 'select agency_id, chain_id, chain_number, encode(chain_digest, \'hex\') as digest from ledger_batches order by 1, 2, 3');
    const before = await chained();
    await tamper(db, `alter table ledger_batches alter column chain_id drop not null, alter column chain_number drop not null, alter column content_digest drop not null, alter column chain_digest drop not null;
      update ledger_batches set chain_id = null, chain_number = null, content_digest = null, chain_digest = null`);
    await behindTheWall(db, `set role puente_owner; ${await migration()}`);
    expect(await chained()).toEqual(before);
    expect(await checkLedger(ctx)).toMatchObject({ isClean: true });
    expect(await checkLedger(other)).toMatchObject({ isClean: true });
    await expect(behindTheWall(db, "set role puente_owner; set puente.agency = 'us-ca'; set puente.counties = '*'; set puente.partner = '*'; update ledger_batches set batch_key = 'x'")).rejects.toThrow('ledger.append_only');
  });
});
