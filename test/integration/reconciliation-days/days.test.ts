import { listAlarms } from '../../../src/modules/payments/index.ts';
import { postTransfer } from '../../../src/modules/ledger/index.ts';
import { officeDays } from '../../../src/modules/referrals/index.ts';
import { closeDay, getDay, listDays, remindOfClose, reopenDay, signDay } from '../../../src/modules/reconciliation/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { addDays, calendarDate, instantAt } from '../../../src/platform/dates.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { importLines, importRegister, LA, reconcileAll, FORWARDING } from '../../support/reconciliation/scene.ts';

const ZONE = 'America/Los_Angeles';
const CASE = '2000004103714';
let db: TestDatabase;
// The ledger records by the clock of its server: the days of this test lie around the moment at which it runs.
let now: Date;
let today: string;

beforeEach(async () => {
  db = await testDatabase();
  now = new Date();
  const day = calendarDate(now, ZONE);
  today = instantAt(day, '17:00', ZONE) > now ? day : addDays(day, 1);
});

const on = (days: number): string => addDays(today, days);
const after = (days: number, who: Partial<Parameters<typeof testCtx>[1] & object> = {}): Ctx =>
  testCtx(db, { id: 'usr_rita', roles: ['reconciler'], ...who, now: new Date(instantAt(on(days), '17:00', ZONE).getTime() + 1_000).toISOString() });
const sue = { id: 'usr_sue', roles: ['supervisor'] } as const;
const WHY = { days_before: 'office moved', unheard: 'comes tomorrow', agreement: 'known', files: 'on holiday' };
const close = (days: number, reasons: Record<string, string> = WHY, who = {}) => closeDay(after(days, who), officeDays, { day: on(days), reasons });
const move = (key: string, minor = 500n, occurredOn = '2026-03-18') => inTransaction(testCtx(db), (tx) => postTransfer(tx, { transferKey: key, event: 'by.hand', occurredOn, legs: [
  { kind: 'in_transit', partnerId: LA, currency: 'USD', amountMinor: minor }, { kind: 'disbursed_by_sdu', currency: 'USD', amountMinor: -minor }] }));
const figures = async (days: number) => (await getDay(after(days), officeDays, on(days))).balances.map((b) => [b.account, b.openingMinor, b.debitMinor, b.creditMinor, b.closingMinor, b.lateCount]);

describe('closing a day', () => {
  it('carries balances forward: opening is the last closing, opening and movements are the closing', async () => {
    await close(-1);
    await signDay(after(-1, sue), { day: on(-1) });
    await importRegister(testCtx(db), [`D00000001,B1,${CASE},${LA},MARIA LOPEZ SOTO,100.00,USD,2026-03-01,consulate`]);
    await reconcileAll(testCtx(db));
    expect(await close(0)).toMatchObject({ state: 'prepared', hasExceptions: false, isUnchanged: false });
    // What happened in March is late: the day before was signed.
    expect(await figures(0)).toEqual([['disbursed_by_sdu', 0n, 0n, 10_000n, -10_000n, 1], ['in_transit', 0n, 10_000n, 0n, 10_000n, 1]]);
    await signDay(after(0, sue), { day: on(0) });
    await close(1);
    expect(await figures(1)).toEqual([['disbursed_by_sdu', -10_000n, 0n, 0n, -10_000n, 0], ['in_transit', 10_000n, 0n, 0n, 10_000n, 0]]);
    expect((await getDay(after(0), officeDays, on(0))).late.map((each) => each.transferKey)).toEqual(['disbursement:D00000001']);
  });

  it('done again changes nothing; when something has changed it is prepared anew, until it is signed', async () => {
    await move('a');
    const first = await close(0);
    expect(await close(0)).toMatchObject({ closingId: first.closingId, isUnchanged: true });
    await move('b');
    const second = await close(0);
    expect([second.isUnchanged, second.closingId === first.closingId]).toEqual([false, false]);
    expect((await figures(0))[1]).toEqual(['in_transit', 0n, 1_000n, 0n, 1_000n, 0]);
    await signDay(after(0, sue), { day: on(0), closingId: second.closingId });
    expect(await close(0)).toMatchObject({ closingId: second.closingId, state: 'signed', isUnchanged: true });
    expect((await getDay(after(0), officeDays, on(0))).versions.map((v) => [v.version, v.state])).toEqual([[2, 'signed'], [1, 'replaced']]);
  });

  it('needs a reason for every check that fails, and says which', async () => {
    await move('by-hand');
    await importLines(testCtx(db), 'entregas.csv', FORWARDING, [`F1,D9,${CASE},MARIA LOPEZ SOTO,100.00,USD,17.0000,0.00,1700.00,MXN,09/03/2026,ENTREGADO,`]);
    await expect(close(0, {})).rejects.toMatchObject({ code: 'days.exceptions', params: { checks: 'unheard agreement' } });
    await expect(close(0, { unheard: 'tomorrow', agreement: ' ' })).rejects.toMatchObject({ code: 'days.exceptions', params: { checks: 'agreement' } });
    expect(await close(0, { unheard: 'tomorrow', agreement: 'entered by hand' })).toMatchObject({ hasExceptions: true });
    const view = await getDay(after(0), officeDays, on(0));
    expect(view.close?.reasons).toEqual({ unheard: 'tomorrow', agreement: 'entered by hand' });
    expect(view.close?.checks.filter((c) => !c.isFine).flatMap((c) => c.findings.map((f) => [f.code, f.path]))).toEqual([
      ['days.file_not_reconciled', 'entregas.csv'], ['days.account_differs', 'in_transit'], ['days.transfer_differs', 'by-hand']]);
    expect(JSON.stringify(await behindTheWall(db, "select reasons::text as r from day_closes"))).not.toContain('entered');
  });

  it('waits for the cut-off, and goes in order', async () => {
    const early = testCtx(db, { roles: ['reconciler'], now: new Date(instantAt(on(0), '17:00', ZONE).getTime() - 1_000).toISOString() });
    await expect(closeDay(early, officeDays, { day: on(0) })).rejects.toMatchObject({ code: 'days.too_early' });
    await expect(closeDay(early, officeDays, { day: '2026-02-30' })).rejects.toMatchObject({ code: 'days.date_invalid' });
    await close(-1);
    await expect(close(0)).rejects.toMatchObject({ code: 'days.unsigned_before', params: { day: on(-1) } });
    await signDay(after(0, sue), { day: on(-1) });
    await expect(close(-2)).rejects.toMatchObject({ code: 'days.order' });
    await expect(closeDay(after(20), officeDays, { day: on(20), reasons: {} })).rejects.toMatchObject({ code: 'days.exceptions', params: { checks: 'days_before' } });
  });
});

describe('the signature', () => {
  it('is a second person’s, also for the database', async () => {
    const { closingId } = await close(0, WHY, { roles: ['reconciler', 'supervisor'] });
    await expect(signDay(after(0, { roles: ['reconciler', 'supervisor'] }), { day: on(0) })).rejects.toMatchObject({ code: 'days.same_person' });
    await expect(behindTheWall(db, "update day_closes set state = 'signed', signed_by = 'usr_rita', signed_at = now()")).rejects.toThrow(/day_closes_second_person/);
    await expect(signDay(after(0, { roles: ['operator'], id: 'operator', kind: 'system' }), { day: on(0) })).rejects.toMatchObject({ code: 'access.forbidden' });
    await expect(signDay(after(0, sue), { day: on(0), closingId: 'day_other' })).rejects.toMatchObject({ code: 'days.seen_other' });
    await signDay(after(0, sue), { day: on(0), closingId });
    await signDay(after(0, sue), { day: on(0), closingId });
    expect((await behindTheWall(db, "select 1 from audit_events where action = 'days.signed'")).length).toBe(1);
    await expect(signDay(after(0, sue), { day: on(5) })).rejects.toMatchObject({ code: 'days.not_closed' });
  });

  it('is refused when something was recorded in the window after it was closed', async () => {
    await close(0);
    await move('meanwhile');
    await expect(signDay(after(0, sue), { day: on(0) })).rejects.toMatchObject({ code: 'days.figures_changed' });
    await close(0);
    await signDay(after(0, sue), { day: on(0) });
  });

  it('walls its window: nothing can be recorded there any more, by whoever', async () => {
    await close(0);
    await signDay(after(0, sue), { day: on(0) });
    await expect(move('too-late')).rejects.toMatchObject({ kind: 'conflict', code: 'days.signed_off', params: { day: on(0) } });
    const county = testCtx(db, { counties: ['06037'], roles: ['reconciler'] });
    await expect(inTransaction(county, (tx) => postTransfer(tx, { transferKey: 'county', event: 'by.hand', occurredOn: '2026-03-18', legs: [
      { kind: 'delivered', caseId: CASE, county: '06037', currency: 'USD', amountMinor: 5n }, { kind: 'disbursed_by_sdu', currency: 'USD', amountMinor: -5n }] }))).rejects.toMatchObject({ code: 'days.signed_off' });
    expect(await behindTheWall(db, 'select 1 from ledger_transfers')).toEqual([]);
  });

  it('waits for a posting that is on its way', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => { release = resolve; });
    let begun: () => void = () => undefined;
    const posted = new Promise<void>((resolve) => { begun = resolve; });
    const posting = inTransaction(testCtx(db), async (tx) => {
      await postTransfer(tx, { transferKey: 'slow', event: 'by.hand', occurredOn: '2026-03-18', legs: [
        { kind: 'in_transit', partnerId: LA, currency: 'USD', amountMinor: 700n }, { kind: 'disbursed_by_sdu', currency: 'USD', amountMinor: -700n }] });
      begun();
      await held;
    });
    await posted;
    const closing = close(0);
    release();
    await Promise.all([posting, closing]);
    expect((await figures(0))[1]).toEqual(['in_transit', 0n, 700n, 0n, 700n, 0]);
  });

  it('cannot be changed, nor the figures under it', async () => {
    await move('a');
    await close(0);
    await signDay(after(0, sue), { day: on(0) });
    for (const change of ["update day_closes set window_until = now()", "update day_closes set state = 'prepared', signed_by = null, signed_at = null", "update day_closes set signed_by = 'usr_other'",
      'delete from day_closes', 'update day_close_balances set closing_minor = 1, opening_minor = 1, debit_minor = 0, credit_minor = 0', 'delete from day_close_balances', 'truncate day_closes cascade']) {
      await expect(behindTheWall(db, change)).rejects.toThrow(/does not change|keeps every row|append-only/);
    }
  });
});

describe('opening a day again', () => {
  it('is a supervisor’s, with a reason, only of the last day; what was signed stays to be read', async () => {
    await close(-1);
    await signDay(after(0, sue), { day: on(-1) });
    await close(0);
    await signDay(after(0, sue), { day: on(0) });
    await expect(reopenDay(after(0, { roles: ['reconciler'] }), { day: on(0), reason: 'wrong' })).rejects.toMatchObject({ code: 'access.forbidden' });
    await expect(reopenDay(after(0, sue), { day: on(0), reason: ' ' })).rejects.toMatchObject({ code: 'days.reason_missing' });
    await expect(reopenDay(after(0, sue), { day: on(-1), reason: 'wrong' })).rejects.toMatchObject({ code: 'days.order' });
    await reopenDay(after(0, sue), { day: on(0), reason: 'a statement was missing' });
    await move('now-it-may');
    await close(0);
    await signDay(after(0, sue), { day: on(0) });
    const { versions, balances } = await getDay(after(0), officeDays, on(0));
    expect(versions.map((v) => [v.version, v.state, v.signedBy, v.reopenedBy, v.reopenReason])).toEqual([
      [2, 'signed', 'usr_sue', null, null], [1, 'reopened', 'usr_sue', 'usr_sue', 'a statement was missing']]);
    expect(balances.find((b) => b.account === 'in_transit')?.closingMinor).toBe(500n);
    expect((await behindTheWall(db, "select 1 from audit_events where action = 'days.reopened'")).length).toBe(1);
  });
});

it('reminds of a day that nobody has closed, then of one that nobody has signed, and ends both', async () => {
  const open = async () => (await listAlarms(after(3), { onlyOpen: true })).map((alarm) => [alarm.code, alarm.aboutOn]);
  // A day on which the offices are open, whichever day it is today.
  let ahead = 0;
  while (!officeDays.isOfficeOpen('us-ca', on(ahead))) ahead++;
  const later = testCtx(db, { roles: ['operator'], now: new Date(instantAt(on(ahead), '17:00', ZONE).getTime() + 3 * 3_600_000).toISOString() });
  expect(await remindOfClose(later, officeDays)).toBe(false);
  await move('a');
  expect([await remindOfClose(later, officeDays), await remindOfClose(later, officeDays)]).toEqual([true, false]);
  expect(await open()).toEqual([['days.not_closed', on(ahead)]]);
  expect((await listDays(later, officeDays)).toClose).toBe(on(ahead));
  await closeDay(after(ahead), officeDays, { day: on(ahead), reasons: WHY });
  expect([await open(), await remindOfClose(later, officeDays)]).toEqual([[], true]);
  await signDay(after(ahead, sue), { day: on(ahead) });
  expect([await open(), (await listDays(later, officeDays)).toClose]).toEqual([[], null]);
});

it('is for who sees all counties', async () => {
  for (const work of [() => closeDay(after(0, { counties: ['06037'] }), officeDays, { day: on(0) }), () => listDays(after(0, { counties: ['06037'] }), officeDays), () => getDay(after(0, { roles: ['attorney'] }), officeDays, on(0))]) {
    await expect(work()).rejects.toMatchObject({ kind: 'forbidden' });
  }
});
