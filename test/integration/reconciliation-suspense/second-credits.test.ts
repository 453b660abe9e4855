import { checkLedger } from '../../../src/modules/ledger/index.ts';
import { approveDecision, checkAgreement, markDuplicate, matchLine, reconcile, suspenseTotals, unmatchLine } from '../../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { balance, importCredits, importLines, LA, postings, REMITTANCE } from '../../support/reconciliation/scene.ts';
import { C1, collected, importCouples, people, proposals } from '../../support/reconciliation/suspense-scene.ts';

/** A line that may be a repeat, and a second credit of its transfer from which people may book it. */

let db: TestDatabase;
let ctx: Ctx;
let ana: Ctx;
let ben: Ctx;
let item: string;

beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
  ({ ana, ben } = people(db));
  await importCouples(ctx);
  const line = collected({ folio: '', caseId: C1, payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia' });
  await importLines(ctx, 'a.csv', REMITTANCE, [line]);
  await reconcile(ctx);
  await importLines(ctx, 'b.csv', REMITTANCE, [line, collected({ folio: 'R-9', transfer: 'TR9' })]);
  await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
  await reconcile(ctx);
  const [row] = await behindTheWall<{ key: string }>(db, "select 'line-' || file_id || '-' || line_number as key from line_outcomes where reasons @> '{duplicate.possible_repeat}'");
  item = row?.key ?? '';
});

afterEach(async () => {
  expect((await checkLedger(ctx)).isClean).toBe(true);
  expect(await checkAgreement(ctx)).toMatchObject({ agrees: true, differences: [] });
  expect((await suspenseTotals(ctx)).filter((t) => t.differenceMinor !== 0n)).toEqual([]);
  // A credit account: what is above zero is overdrawn.
  expect(await balance(db, `suspense:${LA}:USD`)).toBeLessThanOrEqual(0);
  const before = [await postings(db), await proposals(db)];
  await reconcile(ctx);
  expect([await postings(db), await proposals(db)]).toEqual(before);
});

const two = async (made: ReturnType<typeof matchLine>): Promise<void> => {
  const { decisionId, state } = await made;
  if (state === 'proposed') await approveDecision(ben, decisionId);
};
const match = (): Promise<void> => two(matchLine(ana, { itemKey: item, caseId: C1, reason: 'names_confirmed' }));
const unmatch = (): Promise<void> => two(unmatchLine(ana, { itemKey: item, reason: 'other', note: 'x' }));
const credit = async (id: string, on: string, isDebit = false): Promise<void> => {
  await importCredits(ctx, id, [{ transfer: 'TR1', amount: '110.01', on, isDebit }]);
  await reconcile(ctx);
};
const now = async (): Promise<unknown[]> => {
  const [row] = await behindTheWall<{ outcome: string; reasons: string[] }>(db, `select outcome, reasons from line_outcomes where 'line-' || file_id || '-' || line_number = '${item}'`);
  return [row?.outcome, row?.reasons.includes('duplicate.possible_repeat'), await balance(db, `suspense:${LA}:USD`), await balance(db, `proposed_collection:${C1}:USD`)];
};

it('what people booked from a second credit goes back with it, and with it only', async () => {
  await credit('bank2', '2026-03-10');
  await match();
  expect(await now()).toEqual(['posted', true, -1, -22_000]);
  await credit('bank3', '2026-03-11', true);
  expect(await now()).toEqual(['suspense', true, 0, -11_000]);
  expect(await proposals(db)).toEqual(expect.arrayContaining([expect.objectContaining({ case_id: C1, status: 'proposed', minor: 11_000 }), expect.objectContaining({ case_id: C1, status: 'withdrawn' })]));
  expect(await behindTheWall(db, 'select case_id, reason, released_at from disbursement_holds')).toEqual([{ case_id: C1, reason: 'collection.taken_back', released_at: null }]);
  await expect(match()).rejects.toMatchObject({ code: 'suspense.money_missing' });
});

it('what came back with it is booked anew, for people only, when the money comes again', async () => {
  await credit('bank2', '2026-03-10');
  await match();
  await credit('bank3', '2026-03-11', true);
  await credit('bank4', '2026-03-20');
  expect(await now()).toEqual(['suspense', true, -11_001, -11_000]);
  await match();
  expect(await now()).toEqual(['posted', true, -1, -22_000]);
  await credit('bank5', '2026-03-21', true);
  expect(await now()).toEqual(['suspense', true, 0, -11_000]);
  await credit('bank6', '2026-03-25');
  await match();
  expect(await now()).toEqual(['posted', true, -1, -22_000]);
});

it('a second credit from which nobody booked anything takes no line with it', async () => {
  await credit('bank2', '2026-03-10');
  await credit('bank3', '2026-03-11', true);
  expect(await now()).toEqual(['suspense', true, 0, -11_000]);
  expect(await behindTheWall(db, 'select 1 from disbursement_holds')).toEqual([]);
});

it('that a line may be a repeat outlives decisions: without money left it is booked no second time', async () => {
  await credit('bank2', '2026-03-10');
  await match();
  await unmatch();
  expect(await now()).toEqual(['suspense', true, -11_001, -11_000]);
  await credit('bank3', '2026-03-11', true);
  await expect(match()).rejects.toMatchObject({ code: 'suspense.money_missing' });
  expect(await now()).toEqual(['suspense', true, 0, -11_000]);
  const first = await behindTheWall<{ key: string }>(db, `select 'line-' || file_id || '-' || line_number as key from line_outcomes where outcome = 'posted'`);
  await two(markDuplicate(ana, { itemKey: item, of: first[0]?.key ?? '', reason: 'sent_again' }));
  expect(await now()).toEqual(['duplicate', true, 0, -11_000]);
});
