import { seededRandom } from '../../../src/demo/random.ts';
import { checkLedger, listBalances } from '../../../src/modules/ledger/index.ts';
import { exportPostings } from '../../../src/modules/payments/index.ts';
import {
  approveDecision, assignCredit, cancelReturnToSender, checkAgreement, getSuspenseItem, markDuplicate, matchLine, reconcile, refuseCandidate, rejectDecision, returnToSender, splitLine, suspenseTotals, unmatchLine,
} from '../../../src/modules/reconciliation/index.ts';
import { AppError } from '../../../src/platform/errors.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { importCredits, importLines, LA, postings, REMITTANCE } from '../../support/reconciliation/scene.ts';
import { C1, C2, collected, importCouples, people, proposals } from '../../support/reconciliation/suspense-scene.ts';

const STEPS = 40;
const TRANSFERS = ['TR1', 'TR2', 'TR3'];
const COUPLES = [{}, { caseId: C1, payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia' }, { caseId: C2, payer: 'Hugo Lozano Meza', receiver: 'Perla Uribe Nieto' }, { caseId: C1 }];

/** One random thing that a partner, the bank or a person does; what is refused politely is as good as done. */
async function step(db: TestDatabase, ctx: Ctx, random: () => number, n: number): Promise<string> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const { ana, ben } = people(db);
  const keys = (await behindTheWall<{ key: string }>(db, "select 'line-' || file_id || '-' || line_number as key from line_outcomes order by 1")).map((r) => r.key);
  const credits = (await behindTheWall<{ key: string }>(db, "select 'credit-' || credit_id as key from bank_credit_outcomes order by 1")).map((r) => r.key);
  const open = (await behindTheWall<{ id: string }>(db, "select decision_id as id from suspense_decisions where state = 'proposed' order by 1")).map((r) => r.id);
  const itemKey = keys.length === 0 ? 'line-none' : pick(keys);
  const on = `2026-${random() < 0.5 ? '03' : '12'}-${String(1 + Math.floor(random() * 27)).padStart(2, '0')}`;
  const amount = pick(['110.00', '220.00', '210.00', '330.00', '50.00']);
  const acts: readonly [string, () => Promise<unknown>][] = [
    ['list', () => importLines(ctx, `r${n}.csv`, REMITTANCE, Array.from({ length: 1 + Math.floor(random() * 2) }, () => collected({ folio: `R-${Math.floor(random() * 25)}`, transfer: pick(TRANSFERS), usd: pick(['110.00', '110.00', '50.00']), ...pick(COUPLES) })))],
    ['credit', () => importCredits(ctx, `c${n}`, [{ transfer: pick([...TRANSFERS, 'NOTPROVIDED']), amount, on }])],
    ['debit', () => importCredits(ctx, `d${n}`, [{ transfer: pick(TRANSFERS), amount, on, isDebit: true }])],
    ['run', () => reconcile(ctx)], ['run', () => reconcile(ctx)], ['run', () => reconcile(ctx)], ['export', () => exportPostings(ctx)],
    ['match', () => matchLine(ana, { itemKey, caseId: pick([C1, C2]), reason: 'other', note: 'x' })], ['match', () => matchLine(ana, { itemKey, caseId: pick([C1, C2]), reason: 'other', note: 'x' })],
    ['split', () => splitLine(ana, { itemKey, reason: 'other', note: 'x', parts: [{ caseId: C1, amount: '' }, { caseId: C2, amount: '' }] })],
    ['unmatch', () => unmatchLine(ana, { itemKey, reason: pick(['wrong_case', 'other']), note: 'x' })],
    ['duplicate', () => markDuplicate(ana, { itemKey, of: pick(keys), reason: 'other', note: 'x' })],
    ['return', () => returnToSender(ana, { itemKey: random() < 0.7 || credits.length === 0 ? itemKey : pick(credits), reason: 'other', note: 'x' })],
    ['cancel', () => cancelReturnToSender(ana, { itemKey, reason: 'other', note: 'x' })],
    ['refuse', () => refuseCandidate(ana, { itemKey, caseId: pick([C1, C2]), reason: 'other_case' })],
    ['assign', () => assignCredit(ana, { itemKey: credits.length === 0 ? 'credit-none' : pick(credits), partnerId: LA, transfer: pick(TRANSFERS), reason: 'sum_agrees' })],
    ['look', () => getSuspenseItem(ana, itemKey)],
    ...(open.length === 0 ? [] : Array.from({ length: 6 }, () => ['approve', () => approveDecision(ben, pick(open))] as [string, () => Promise<unknown>])),
    ...(open.length === 0 ? [] : [['reject', () => rejectDecision(ben, pick(open), { reason: 'other', note: 'x' })] as [string, () => Promise<unknown>]]),
  ];
  const [name, act] = pick(acts);
  await act().catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
  });
  return name;
}

it.each([3, 11])('whatever partners, bank and people do in whatever order (seed %d), books, queue and bank agree, and runs double nothing', async (seed) => {
  const db = await testDatabase();
  const ctx = testCtx(db);
  await importCouples(ctx);
  const random = seededRandom(seed).next;
  const done: string[] = [];
  for (let n = 0; n < STEPS; n++) {
    done.push(await step(db, ctx, random, n));
    if (done.at(-1) === 'look' || done.at(-1) === 'list') continue;
    expect([done, (await checkLedger(ctx)).isClean]).toEqual([done, true]);
  }
  await reconcile(ctx);
  const before = [await postings(db), await proposals(db)];
  await reconcile(ctx);
  expect([await postings(db), await proposals(db)]).toEqual(before);
  expect([done, (await checkAgreement(ctx)).differences]).toEqual([done, []]);
  expect([done, (await suspenseTotals(ctx)).filter((t) => t.differenceMinor !== 0n)]).toEqual([done, []]);
  // Nothing that a partner sent is spent twice: suspense never stands the wrong way round.
  expect([done, (await listBalances(ctx, { heldBy: 'partner' })).filter((b) => b.kind === 'suspense' && b.normalMinor < 0n)]).toEqual([done, []]);
}, 120_000);
