import { balanceOf, checkLedger, listBalances, postReserved, releaseExpired, reserveTransfer, reverseTransfer, voidReserved } from '../../../src/modules/ledger/index.ts';
import type { Leg } from '../../../src/modules/ledger/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { PARTNER, delivery, deliveredTo, inTransit, post, tamper } from '../../support/ledger.ts';

const DAY = '2026-03-10';
let db: TestDatabase;
let ctx: Ctx;
beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
  await post(ctx, { transferKey: 'sent:1', event: 'disbursement.registered', occurredOn: '2026-03-01', legs: [inTransit(1_000n), { kind: 'disbursed_by_sdu', currency: 'USD', amountMinor: -1_000n }] });
});
const reserve = (key: string, amountMinor: bigint, expiresOn?: string) => inTransaction(ctx, (tx) => reserveTransfer(tx, { ...delivery(key, 'C1', amountMinor), ...(expiresOn === undefined ? {} : { expiresOn }) }));
const fulfil = (key: string, legs?: Leg[], today = DAY) => inTransaction(ctx, (tx) => postReserved(tx, {
  reservedKey: key, transferKey: `${key}:posted`, event: 'disbursement.delivered', occurredOn: DAY, today, ...(legs === undefined ? {} : { legs }) }));
const release = (key: string) => inTransaction(ctx, (tx) => voidReserved(tx, key, DAY));
const standing = async (today?: string) => {
  const found = (await listBalances(ctx, { partnerId: PARTNER, ...(today === undefined ? {} : { today }) }))[0];
  return found && [found.normalMinor, found.pendingInMinor, found.pendingOutMinor, found.availableMinor];
};
const isClean = async () => (await checkLedger(ctx)).findings;

it('shows what is reserved beside what is posted, and moves nothing', async () => {
  expect(await reserve('r:1', 400n)).toEqual({ isNew: true });
  expect(await reserve('r:1', 400n)).toEqual({ isNew: false });
  expect(await standing()).toEqual([1_000n, 0n, 400n, 600n]);
  expect((await listBalances(ctx, { caseId: 'C1' }))[0]).toMatchObject({ normalMinor: 0n, pendingInMinor: 400n, pendingOutMinor: 0n, availableMinor: 0n, entryCount: 0 });
  expect(await balanceOf(ctx, { kind: 'in_transit', partnerId: PARTNER, currency: 'USD' })).toBe(1_000n);
  await expect(reserve('r:1', 401n)).rejects.toMatchObject({ kind: 'conflict', code: 'ledger.key_reused' });
  await expect(reserve('r:1', 400n, '2026-12-31')).rejects.toMatchObject({ kind: 'conflict', code: 'ledger.key_reused' });
  await expect(reserve('r:2', 400n, '2026-01-01')).rejects.toMatchObject({ kind: 'invalid', code: 'ledger.transfer_invalid' });
  await expect(inTransaction(ctx, (tx) => reserveTransfer(tx, { ...delivery('r:3', 'C1', 5n), legs: [inTransit(-5n), deliveredTo('C1', 4n)] }))).rejects.toMatchObject({ code: 'ledger.unbalanced' });
  expect(await isClean()).toEqual([]);
});

it('posts all of it, once', async () => {
  await reserve('r:1', 400n);
  expect(await fulfil('r:1')).toEqual({ isNew: true });
  expect(await fulfil('r:1')).toEqual({ isNew: false });
  expect(await standing()).toEqual([600n, 0n, 0n, 600n]);
  await expect(release('r:1')).rejects.toMatchObject({ kind: 'conflict', code: 'ledger.pending_resolved' });
  await expect(fulfil('r:1', [inTransit(-1n), deliveredTo('C1', 1n)])).rejects.toMatchObject({ kind: 'conflict', code: 'ledger.key_reused' });
  await inTransaction(ctx, (tx) => reverseTransfer(tx, { transferKey: 'r:1:reversal', reversesKey: 'r:1:posted', event: 'disbursement.returned', occurredOn: DAY }));
  expect(await standing()).toEqual([1_000n, 0n, 0n, 1_000n]);
  expect(await isClean()).toEqual([]);
});

it('posts less and releases the rest, but never more, elsewhere or the other way round', async () => {
  await reserve('r:1', 400n);
  for (const legs of [
    [inTransit(-401n), deliveredTo('C1', 401n)], [inTransit(-100n), deliveredTo('C2', 100n)], [inTransit(100n), deliveredTo('C1', -100n)],
    [inTransit(-100n), deliveredTo('C1', 90n), { kind: 'fees_abroad', caseId: 'C1', county: '06025', currency: 'USD', amountMinor: 10n } as Leg],
  ]) await expect(fulfil('r:1', legs)).rejects.toMatchObject({ kind: 'invalid', code: 'ledger.beyond_reserved' });
  expect(await standing()).toEqual([1_000n, 0n, 400n, 600n]);
  expect(await fulfil('r:1', [inTransit(-300n), deliveredTo('C1', 300n)])).toEqual({ isNew: true });
  expect(await standing()).toEqual([700n, 0n, 0n, 700n]);
  expect(await isClean()).toEqual([]);
});

it('voids it, once, and nothing is posted from it any more', async () => {
  await reserve('r:1', 400n);
  expect(await release('r:1')).toEqual({ isNew: true });
  expect(await release('r:1')).toEqual({ isNew: false });
  expect(await standing()).toEqual([1_000n, 0n, 0n, 1_000n]);
  await expect(fulfil('r:1')).rejects.toMatchObject({ kind: 'conflict', code: 'ledger.pending_resolved', params: { outcome: 'voided' } });
  await expect(release('r:9')).rejects.toMatchObject({ kind: 'not_found', code: 'ledger.pending_unknown' });
  expect(await isClean()).toEqual([]);
});

it('expires after its last day: not counted from then on, not posted, and released by the next sweep', async () => {
  await reserve('r:1', 400n, '2026-03-09');
  await reserve('r:2', 50n, DAY);
  expect(await standing()).toEqual([1_000n, 0n, 450n, 550n]);
  expect(await standing('2026-03-09')).toEqual([1_000n, 0n, 450n, 550n]);
  expect(await standing(DAY)).toEqual([1_000n, 0n, 50n, 950n]);
  await expect(fulfil('r:1')).rejects.toMatchObject({ kind: 'conflict', code: 'ledger.pending_expired' });
  expect(await inTransaction(ctx, (tx) => releaseExpired(tx, DAY))).toBe(1);
  expect(await inTransaction(ctx, (tx) => releaseExpired(tx, DAY))).toBe(0);
  expect(await standing()).toEqual([1_000n, 0n, 50n, 950n]);
  expect(await fulfil('r:2')).toEqual({ isNew: true });
  expect(await isClean()).toEqual([]);
});

it('ends once, even when one posts and another voids at the same moment', async () => {
  await reserve('r:1', 400n);
  const ends = await Promise.allSettled([fulfil('r:1'), release('r:1'), fulfil('r:1'), release('r:1')]);
  const kept = ends.filter((end) => end.status === 'fulfilled').map((end) => end.value.isNew);
  expect(kept.filter(Boolean)).toHaveLength(1);
  expect(kept).toHaveLength(2);
  expect((await standing())?.slice(1, 3)).toEqual([0n, 0n]);
  expect(await isClean()).toEqual([]);
});

it('is kept from people of other counties, and from a partner', async () => {
  await reserve('r:1', 400n);
  const narrow = testCtx(db, { roles: ['reconciler'], counties: ['06037'] });
  await expect(inTransaction(narrow, (tx) => voidReserved(tx, 'r:1', DAY))).rejects.toMatchObject({ kind: 'forbidden', code: 'ledger.out_of_scope' });
  await expect(inTransaction(narrow, (tx) => reserveTransfer(tx, delivery('r:2', 'C1', 1n)))).rejects.toMatchObject({ kind: 'forbidden', code: 'ledger.out_of_scope' });
  const officer = testCtx(db, { roles: ['partner_officer'], partner: PARTNER });
  await expect(inTransaction(officer, (tx) => voidReserved(tx, 'r:1', DAY))).rejects.toMatchObject({ kind: 'forbidden' });
  expect(await standing()).toEqual([1_000n, 0n, 400n, 600n]);
});

it.each([
  ['the amounts of a reservation', 'update ledger_pending_entries set amount_minor = amount_minor * 2', 'ledger.pending_differs'],
  ['its last day', "update ledger_pendings set expires_on = '2027-01-01'", 'ledger.pending_differs'],
  ['what is shown as reserved', 'update ledger_balances set pending_credit_minor = 1 where pending_credit_minor > 0', 'ledger.balance_differs'],
  ['how it ended', "update ledger_resolutions set outcome = 'expired'", 'ledger.chain_broken'],
  ['that it ended', 'delete from ledger_resolutions', 'ledger.chain_broken'],
  ['what was posted for it', "update ledger_resolutions set resolution_key = 'sent:1'", 'ledger.pending_differs'],
])('an owner without triggers who changes %s is found out', async (_, statement, code) => {
  await reserve('r:1', 400n);
  await reserve('r:2', 10n);
  await fulfil('r:2');
  expect(await isClean()).toEqual([]);
  await tamper(db, statement);
  expect((await isClean()).map((finding) => finding.code)).toContain(code);
});
