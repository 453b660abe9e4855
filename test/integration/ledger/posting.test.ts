import { Client } from 'pg';
import { commitPostingBatch, openPostingBatch, postTransfer, reverseTransfer, balanceOf, checkLedger } from '../../../src/modules/ledger/index.ts';
import type { Leg, Transfer } from '../../../src/modules/ledger/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';

const PARTNER = 'mx-consulate-calexico';
const inTransit = (amountMinor: bigint): Leg => ({ kind: 'in_transit', partnerId: PARTNER, currency: 'USD', amountMinor });
const delivered = (caseId: string, amountMinor: bigint, county = '06025'): Leg => ({ kind: 'delivered', caseId, county, currency: 'USD', amountMinor });
const sent = (key: string, amountMinor: bigint, occurredOn = '2026-03-02'): Transfer => ({
  transferKey: key, event: 'disbursement.registered', occurredOn,
  legs: [inTransit(amountMinor), { kind: 'disbursed_by_sdu', currency: 'USD', amountMinor: -amountMinor }],
});
const post = (ctx: Ctx, transfer: Transfer) => inTransaction(ctx, (tx) => postTransfer(tx, transfer));
const transitOf = (ctx: Ctx) => balanceOf(ctx, { kind: 'in_transit', partnerId: PARTNER, currency: 'USD' });

describe('posting to the ledger', () => {
  let db: TestDatabase;
  let ctx: Ctx;
  beforeAll(async () => {
    db = await testDatabase();
    ctx = testCtx(db);
  });

  it('posts a transfer once, however often it comes, and moves the balances with it', async () => {
    const before = await transitOf(ctx);
    expect(await post(ctx, sent('once:1', 36_200n))).toEqual({ isNew: true });
    expect(await post(ctx, sent('once:1', 36_200n))).toEqual({ isNew: false });
    expect(await transitOf(ctx)).toBe(before + 36_200n);
  });

  it.each(['5874897-01-01', '0001-01-01 BC', 'infinity', '-infinity', '1799-12-31', '2200-01-01'])('the database takes no transfer of %s, one by one or in a batch', async (day) => {
    const legs = `array['in_transit', 'disbursed_by_sdu'], array['${PARTNER}', null], array[null, null]::text[], array['USD', 'USD'], array[5, -5]::bigint[], array[null, null]::text[]`;
    await expect(inTransaction(ctx, (tx) => tx.tx.query(`select ledger_post_one('b', 'x', 'day:1', 'e', '${day}', null, ${legs})`))).rejects.toThrow('ledger_transfers');
    await expect(inTransaction(ctx, async (tx) => {
      await openPostingBatch(tx);
      await tx.tx.query(`insert into posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, currency, amount_minor) values ('day:1', 'e', '${day}', 'in_transit', '${PARTNER}', 'USD', 5), ('day:1', 'e', '${day}', 'disbursed_by_sdu', null, 'USD', -5)`);
      await commitPostingBatch(tx, { batchKey: 'day:1' });
    })).rejects.toThrow();
    expect(await behindTheWall(db, "select 1 from ledger_transfers where transfer_key = 'day:1'")).toEqual([]);
  });

  it('takes the same legs in another order, or with legs of zero among them, for the same body', async () => {
    await post(ctx, sent('order:1', 100n));
    const again = sent('order:1', 100n);
    expect(await post(ctx, { ...again, legs: [...again.legs].reverse().concat(delivered('C0', 0n)) })).toEqual({ isNew: false });
  });

  it.each([
    ['amount', sent('reused:1', 501n)],
    ['date', sent('reused:1', 500n, '2026-03-03')],
    ['event', { ...sent('reused:1', 500n), event: 'other.event' }],
    ['account', { ...sent('reused:1', 500n), legs: [delivered('C1', 500n), { kind: 'disbursed_by_sdu', currency: 'USD', amountMinor: -500n } as Leg] }],
  ])('refuses the same key with another %s', async (_, other) => {
    await post(ctx, sent('reused:1', 500n));
    const before = await transitOf(ctx);
    await expect(post(ctx, other)).rejects.toMatchObject({ kind: 'conflict', code: 'ledger.key_reused', params: { transfer: 'reused:1' } });
    expect(await transitOf(ctx)).toBe(before);
  });

  it('keeps currencies apart: a transfer that balances only across them is refused', async () => {
    const legs: Leg[] = [inTransit(100n), { kind: 'bank', currency: 'MXN', amountMinor: -100n }];
    await expect(post(ctx, { ...sent('mixed:1', 1n), legs })).rejects.toMatchObject({ kind: 'invalid', code: 'ledger.unbalanced' });
    const both: Leg[] = [...legs, { kind: 'fx_rounding', partnerId: PARTNER, currency: 'USD', amountMinor: -100n }, { kind: 'fx_rounding', partnerId: PARTNER, currency: 'MXN', amountMinor: 100n }];
    expect(await post(ctx, { ...sent('mixed:2', 1n), legs: both })).toEqual({ isNew: true });
  });

  it('keeps the buckets of a case apart, beside what has none, and takes none that the chart does not name', async () => {
    const collected = (key: string, bucket: Leg['bucket'], amountMinor: bigint) => post(ctx, {
      transferKey: key, event: 'collection.proposed', occurredOn: '2026-03-02', legs: [
        { kind: 'suspense', partnerId: PARTNER, currency: 'USD', amountMinor }, { kind: 'proposed_collection', caseId: 'B1', county: '06025', currency: 'USD', amountMinor: -amountMinor, ...(bucket === undefined ? {} : { bucket }) }],
    });
    await collected('bucket:1', 'current_support', 300n);
    await collected('bucket:2', 'interest', 20n);
    await collected('bucket:3', undefined, 1n);
    const of = (bucket?: Leg['bucket']) => balanceOf(ctx, { kind: 'proposed_collection', caseId: 'B1', currency: 'USD', ...(bucket === undefined ? {} : { bucket }) });
    expect([await of('current_support'), await of('interest'), await of('medical'), await of()]).toEqual([-300n, -20n, 0n, -1n]);
    await inTransaction(ctx, (tx) => reverseTransfer(tx, { transferKey: 'bucket:2:reversal', reversesKey: 'bucket:2', event: 'collection.withdrawn', occurredOn: '2026-03-03' }));
    expect(await of('interest')).toBe(0n);
    await expect(collected('bucket:4', 'fines' as 'interest', 1n)).rejects.toMatchObject({ kind: 'invalid', code: 'ledger.leg_invalid' });
    await expect(post(ctx, { ...sent('bucket:5', 5n), legs: [{ ...inTransit(5n), bucket: 'interest' }, inTransit(-5n)] })).rejects.toMatchObject({ code: 'ledger.leg_invalid' });
  });

  it('posts a whole batch or nothing of it', async () => {
    const before = await transitOf(ctx);
    await expect(inTransaction(ctx, async (tx) => {
      await openPostingBatch(tx);
      await tx.tx.query(`insert into posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, currency, amount_minor) values
        ('half:1', 'x.y', '2026-01-01', 'in_transit', '${PARTNER}', 'USD', 10), ('half:1', 'x.y', '2026-01-01', 'bank', null, 'USD', -10),
        ('half:2', 'x.y', '2026-01-01', 'in_transit', '${PARTNER}', 'USD', 10), ('half:2', 'x.y', '2026-01-01', 'bank', null, 'USD', -11)`);
      await commitPostingBatch(tx, { batchKey: 'half' });
    })).rejects.toMatchObject({ kind: 'invalid', code: 'ledger.unbalanced', params: { transfer: 'half:2' } });
    expect(await transitOf(ctx)).toBe(before);
  });

  it.each([
    ['a leg without its partner', "('bad:1', 'x.y', '2026-01-01', 'in_transit', null, null, 'USD', 10, null)"],
    ['an unknown kind of account', "('bad:1', 'x.y', '2026-01-01', 'petty_cash', null, null, 'USD', 10, null)"],
    ['a currency that is none', "('bad:1', 'x.y', '2026-01-01', 'bank', null, null, 'usd', 10, null)"],
    ['a leg without a date', "('bad:1', 'x.y', null, 'bank', null, null, 'USD', 10, null)"],
    ['a holder that would forge another account', "('bad:1', 'x.y', '2026-01-01', 'in_transit', 'p:USD', null, 'USD', 10, null)"],
  ])('refuses %s', async (_, values) => {
    await expect(inTransaction(ctx, async (tx) => {
      await openPostingBatch(tx);
      await tx.tx.query(`insert into posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, case_id, currency, amount_minor, reverses_key) values ${values}`);
      await commitPostingBatch(tx, { batchKey: 'bad' });
    })).rejects.toMatchObject({ kind: 'invalid', code: 'ledger.leg_invalid' });
  });

  it('refuses legs of one transfer that tell two dates', async () => {
    await expect(inTransaction(ctx, async (tx) => {
      await openPostingBatch(tx);
      await tx.tx.query(`insert into posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, currency, amount_minor) values
        ('dates:1', 'x.y', '2026-01-01', 'in_transit', '${PARTNER}', 'USD', 10), ('dates:1', 'x.y', '2026-01-02', 'bank', null, 'USD', -10)`);
      await commitPostingBatch(tx, { batchKey: 'dates' });
    })).rejects.toMatchObject({ kind: 'invalid', code: 'ledger.transfer_invalid' });
  });

  it('reverses a transfer once, by its mirror, and never a reversal', async () => {
    await post(ctx, { ...sent('undo:1', 700n), legs: [inTransit(-700n), delivered('C7', 690n), { kind: 'fees_abroad', caseId: 'C7', county: '06025', currency: 'USD', amountMinor: 10n }] });
    const reverse = (transferKey: string, reversesKey: string) => inTransaction(ctx, (tx) => reverseTransfer(tx, { transferKey, reversesKey, event: 'payment.returned', occurredOn: '2026-04-01' }));
    expect(await reverse('undo:1:reversal', 'undo:1')).toEqual({ isNew: true });
    expect(await reverse('undo:1:reversal', 'undo:1')).toEqual({ isNew: false });
    expect(await balanceOf(ctx, { kind: 'delivered', caseId: 'C7', currency: 'USD' })).toBe(0n);
    await expect(reverse('undo:1:again', 'undo:1')).rejects.toMatchObject({ kind: 'conflict', code: 'ledger.already_reversed' });
    await expect(reverse('undo:2', 'undo:1:reversal')).rejects.toMatchObject({ kind: 'invalid', code: 'ledger.reversal_not_mirror' });
    await expect(reverse('undo:3', 'unheard:of')).rejects.toMatchObject({ kind: 'not_found', code: 'ledger.transfer_unknown' });
    await expect(post(ctx, { ...sent('undo:4', 1n), reversesKey: 'once:1' })).rejects.toMatchObject({ kind: 'invalid', code: 'ledger.reversal_not_mirror' });
  });

  it('tells what was so on a day from what was known at an instant', async () => {
    const account = { kind: 'delivered', caseId: 'C9', currency: 'USD' } as const;
    const deliver = (key: string, occurredOn: string) => post(ctx, { transferKey: key, event: 'payment.delivered', occurredOn, legs: [inTransit(-50n), delivered('C9', 50n)] });
    await deliver('asof:1', '2026-05-10');
    const [{ at }] = await behindTheWall<{ at: Date }>(db, "select recorded_at as at from ledger_transfers where transfer_key = 'asof:1'") as [{ at: Date }];
    await deliver('asof:2', '2026-05-01');
    expect(await balanceOf(ctx, account)).toBe(100n);
    expect(await balanceOf(ctx, account, { asOf: '2026-05-09' })).toBe(50n);
    expect(await balanceOf(ctx, account, { asOf: '2026-04-30' })).toBe(0n);
    expect(await balanceOf(ctx, account, { asOf: '2026-05-09', knownAt: new Date(at.getTime() + 1) })).toBe(0n);
  });

  it('refuses amounts beyond what a balance can hold, and posts none of them', async () => {
    await expect(post(ctx, sent('huge:1', 9_223_372_036_854_775_807n))).rejects.toMatchObject({ kind: 'invalid', code: 'ledger.amount_out_of_range' });
  });

  it('posts two batches on the same accounts at once without a deadlock or a lost amount', async () => {
    const before = await transitOf(ctx);
    const cases = 40;
    const batch = (name: string, isReversed: boolean) => inTransaction(ctx, async (tx) => {
      await openPostingBatch(tx);
      const order = isReversed ? 'desc' : 'asc';
      await tx.tx.query(`insert into posting_legs (transfer_key, event, occurred_on, account_kind, partner_id, case_id, county, currency, amount_minor)
        select '${name}:' || i, 'payment.delivered', '2026-06-01', k, case k when 'in_transit' then '${PARTNER}' end, case k when 'delivered' then 'P' || i % ${cases} end, '06025', 'USD', case k when 'in_transit' then -3 else 3 end
          from generate_series(1, 400) i, unnest(array['in_transit', 'delivered']) k order by i ${order}`);
      return commitPostingBatch(tx, { batchKey: name });
    });
    const results = await Promise.all([batch('at-once:a', false), batch('at-once:b', true), batch('at-once:c', false), batch('at-once:c', true)]);
    expect(results.map((result) => result.transfersPosted).sort((a, b) => a - b)).toEqual([0, 400, 400, 400]);
    expect(await transitOf(ctx)).toBe(before - 3_600n);
    expect(await checkLedger(ctx)).toMatchObject({ isClean: true, findings: [] });
  });
});

describe('the walls around the ledger', () => {
  let db: TestDatabase;
  let ctx: Ctx;
  beforeAll(async () => {
    db = await testDatabase();
    ctx = testCtx(db);
    await post(ctx, sent('wall:1', 100n));
    await post(ctx, { transferKey: 'wall:2', event: 'payment.delivered', occurredOn: '2026-03-03', legs: [inTransit(-40n), delivered('C1', 40n)] });
  });

  const TABLES = ['ledger_transfers', 'ledger_entries', 'ledger_accounts', 'ledger_balances', 'ledger_batches', 'ledger_chart', 'ledger_pendings', 'ledger_pending_entries', 'ledger_resolutions'];
  const CHANGES = TABLES.flatMap((table) => [`update ${table} set ${table === 'ledger_chart' ? "normal_side = 'debit'" : "agency_id = 'x'"}`, `delete from ${table}`, `truncate ${table} cascade`]);
  it.each(CHANGES)('refuses the application role: %s', async (statement) => {
    await expect(inTransaction(ctx, (tx) => tx.tx.query(statement))).rejects.toThrow(/permission denied/);
  });

  it.each([
    "insert into ledger_entries (agency_id, transfer_id, leg_number, account_id, amount_minor, currency, occurred_on, recorded_at) select agency_id, transfer_id, 3, account_id, 5, currency, occurred_on, recorded_at from ledger_entries limit 1",
    "insert into ledger_transfers (agency_id, transfer_key, event, occurred_on, recorded_at, batch_id, leg_count, body_digest) values ('us-ca', 'k', 'e', '2026-01-01', now(), 1, 2, sha256(''))",
    "insert into ledger_balances (agency_id, account_id, balance_minor, entry_count) values ('us-ca', 99, 5, 1)",
    'alter table ledger_entries disable trigger all',
    'drop table ledger_entries cascade',
    "create or replace function ledger_check_entries() returns trigger language plpgsql as 'begin return null; end'",
    "select ledger_find_accounts('us-ca')",
    "select ledger_link_batch('us-ca', 0, 99, 'x', 'me', now(), 1, 2, 0, sha256(''))",
    "select ledger_keep_reserved('us-ca', 0, 1, 1)",
  ])('refuses the application role: %s', async (statement) => {
    await expect(inTransaction(ctx, (tx) => tx.tx.query(statement))).rejects.toThrow(/permission denied|must be owner/);
  });

  const OWNERS = TABLES.flatMap((table) => [`delete from ${table}`, `truncate ${table} cascade`])
    .concat('update ledger_entries set amount_minor = 1', "update ledger_transfers set event = 'x'", "update ledger_accounts set code = 'x'", 'update ledger_batches set batch_key = batch_key', "update ledger_pendings set event = 'x'", 'update ledger_pending_entries set amount_minor = 1', "update ledger_resolutions set outcome = 'voided'");
  it.each(OWNERS)('refuses the owner too: %s', async (statement) => {
    await expect(asOwner(db, statement)).rejects.toThrow('ledger.append_only');
  });

  it('refuses the owner an unbalanced or an incomplete transfer, in one statement or in several', async () => {
    const transfer = (key: string, legs: number) => `insert into ledger_transfers (agency_id, transfer_key, event, occurred_on, recorded_at, batch_id, leg_count, body_digest)
      values ('us-ca', '${key}', 'e', '2026-01-01', '2026-01-01', 1, ${legs}, sha256('')) returning transfer_id`;
    const entry = (key: string, leg: number, amount: number) => `select t.agency_id, t.transfer_id, ${leg}, a.account_id, ${amount}, 'USD', t.occurred_on, t.recorded_at
      from ledger_transfers t, ledger_accounts a where t.transfer_key = '${key}' and a.account_kind = 'in_transit'`;
    const insert = (...rows: string[]) => `insert into ledger_entries ${rows.join(' union all ')}`;
    await expect(asOwner(db, transfer('o:1', 2), insert(entry('o:1', 1, 5), entry('o:1', 2, -4)))).rejects.toThrow('ledger.unbalanced');
    await expect(asOwner(db, transfer('o:1', 2), insert(entry('o:1', 1, 5)), insert(entry('o:1', 2, -5)))).rejects.toThrow('ledger.unbalanced');
    await expect(asOwner(db, transfer('o:1', 4), insert(entry('o:1', 1, 5), entry('o:1', 2, -5)))).rejects.toThrow('ledger.incomplete_transfer');
    await expect(asOwner(db, insert(entry('wall:1', 3, 5), entry('wall:1', 4, -5)))).rejects.toThrow('ledger.incomplete_transfer');
    await expect(asOwner(db, "insert into ledger_entries values ('us-ca', 999999, 1, 1, 5, 'USD', '2026-01-01', now()), ('us-ca', 999999, 2, 1, -5, 'USD', '2026-01-01', now())")).rejects.toThrow('ledger.incomplete_transfer');
  });

  it('shows a partner\'s officer and a county only their own rows, and lets neither post beyond them', async () => {
    await post(ctx, { transferKey: 'la:1', event: 'payment.delivered', occurredOn: '2026-03-03', legs: [{ kind: 'in_transit', partnerId: 'mx-consulate-los-angeles', currency: 'USD', amountMinor: -7n }, delivered('LA1', 7n, '06037')] });
    const seen = async (who: Parameters<typeof testCtx>[1]) => inTransaction(testCtx(db, who), async (tx) => ({
      codes: (await tx.tx.query<{ code: string }[]>('select code from ledger_accounts order by code')).map((row) => row.code),
      entries: Number((await tx.tx.query<{ n: string }[]>('select count(*) as n from ledger_entries'))[0]?.n),
      transfers: Number((await tx.tx.query<{ n: string }[]>('select count(*) as n from ledger_transfers'))[0]?.n),
      balances: Number((await tx.tx.query<{ n: string }[]>('select count(*) as n from ledger_balances'))[0]?.n),
    }));
    expect(await seen({ roles: ['partner_officer'], partner: PARTNER })).toEqual({ codes: [`in_transit:${PARTNER}:USD`], entries: 2, transfers: 2, balances: 1 });
    expect((await seen({ roles: ['reconciler'], counties: ['06037'] })).codes).not.toContain('delivered:C1:USD');
    expect(await seen({ agency: 'us-az' })).toEqual({ codes: [], entries: 0, transfers: 0, balances: 0 });
    const narrow = testCtx(db, { roles: ['reconciler'], counties: ['06037'] });
    await expect(post(narrow, { ...sent('scope:1', 1n), legs: [inTransit(-1n), delivered('C1', 1n)] })).rejects.toMatchObject({ kind: 'forbidden', code: 'ledger.out_of_scope' });
    await expect(post(narrow, { ...sent('scope:1', 1n), legs: [inTransit(-1n), delivered('C1', 1n, '06037')] })).rejects.toMatchObject({ kind: 'forbidden', code: 'ledger.out_of_scope' });
    await expect(inTransaction(testCtx(db, { roles: ['partner_officer'], partner: PARTNER }), async (tx) => {
      await tx.tx.query('select ledger_open_batch()');
      await tx.tx.query("select * from ledger_commit_batch('x', 'y')");
    })).rejects.toThrow('ledger.out_of_scope');
    await expect(checkLedger(narrow)).rejects.toMatchObject({ kind: 'forbidden', code: 'ledger.whole_agency_only' });
  });

  it('keeps agencies apart: the same key in another agency is another transfer', async () => {
    expect(await post(testCtx(db, { agency: 'us-az' }), sent('wall:1', 5n))).toEqual({ isNew: true });
    expect(await checkLedger(ctx)).toMatchObject({ isClean: true });
  });
});

const asOwner = (db: TestDatabase, ...statements: string[]) => onFreshConnection(db.ownerUrl, ...statements);

async function onFreshConnection(url: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('begin');
    await client.query("select set_config('puente.agency', 'us-ca', true), set_config('puente.counties', '*', true), set_config('puente.partner', '*', true)");
    for (const statement of statements) await client.query(statement);
    await client.query('commit');
  } finally {
    await client.end();
  }
}
