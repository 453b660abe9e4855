import { importBank } from '../../../src/modules/payments/index.ts';
import { markDuplicate, reconcile, suspenseTotals } from '../../../src/modules/reconciliation/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { balance, importCredits, importLines, LA, reconcileAll, REMITTANCE } from '../../support/reconciliation/scene.ts';
import { C1, collected, importCouples, keyOf, outcomeOf, people } from '../../support/reconciliation/suspense-scene.ts';

let db: TestDatabase;
let ctx: Ctx;
beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
  await importCouples(ctx);
});

const known = (folio: string, transfer = 'TR1'): string => collected({ folio, transfer, caseId: C1, payer: 'Raúl Ibarra Zúñiga', receiver: 'Nayeli Robles Tapia' });
const proposed = (): Promise<number> => balance(db, `proposed_collection:${C1}:USD`);

it('one payment told by list, notification, statement and a file sent again is booked once', async () => {
  await importLines(ctx, 'r.csv', REMITTANCE, [known('R-1')]);
  await importCredits(ctx, 'ntf', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
  await reconcile(ctx);
  // The statement of the same account tells of the same entry by its own message.
  const camt053 = `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>S1</MsgId><CreDtTm>2026-03-10T06:00:00</CreDtTm></GrpHdr>
    <Stmt><Id>S1</Id><CreDtTm>2026-03-10T06:00:00</CreDtTm><Acct><Id><Othr><Id>990001230041</Id></Othr></Id><Ccy>USD</Ccy></Acct><Ntry><NtryRef>77</NtryRef><Amt Ccy="USD">110.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><Dt>2026-03-09</Dt></BookgDt><ValDt><Dt>2026-03-09</Dt></ValDt><AcctSvcrRef>ntf0</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>TR1</EndToEndId></Refs></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>`;
  await importBank(ctx, { fileName: 'stmt.xml', source: Buffer.from(camt053) });
  await importLines(ctx, 'again.csv', REMITTANCE, [known('R-1'), known('R-9', 'TR9')]);
  const outcomes = await reconcileAll(ctx);
  expect(outcomes.get('again.csv:2')).toMatchObject({ outcome: 'duplicate', reasons: ['duplicate.resent_file'] });
  expect([await proposed(), await balance(db, 'bank:USD'), await balance(db, `suspense:${LA}:USD`)]).toEqual([-11_000, 11_000, 0]);
  expect(await behindTheWall(db, 'select count(*)::int as entries from bank_credits')).toEqual([{ entries: 1 }]);
});

it('genuine twins are kept: two payments alike but for their folios, and two credits alike in one file', async () => {
  await importLines(ctx, 'r.csv', REMITTANCE, [known('R-1', 'TR1'), known('R-2', 'TR2')]);
  await importCredits(ctx, 'ntf', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }, { transfer: 'TR2', amount: '110.00', on: '2026-03-09' }]);
  const outcomes = await reconcileAll(ctx);
  expect([outcomes.get('r.csv:2')?.outcome, outcomes.get('r.csv:3')?.outcome, await proposed()]).toEqual(['posted', 'posted', -22_000]);
});

it('a folio used again in another year is another payment; in the same year with other content it is for a person', async () => {
  await importLines(ctx, 'r26.csv', REMITTANCE, [known('R-1')]);
  await importLines(ctx, 'r25.csv', REMITTANCE, [known('R-1', 'TR2').replaceAll('2026-03-0', '2025-03-0')]);
  await importLines(ctx, 'r26b.csv', REMITTANCE, [known('R-1', 'TR3').replaceAll('110.00', '90.00').replace('2200.00', '1800.00')]);
  await importCredits(ctx, 'ntf', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }, { transfer: 'TR2', amount: '110.00', on: '2025-03-09' }, { transfer: 'TR3', amount: '90.00', on: '2026-03-19' }]);
  const outcomes = await reconcileAll(ctx);
  expect(['r26.csv:2', 'r25.csv:2', 'r26b.csv:2'].map((at) => [outcomes.get(at)?.outcome, outcomes.get(at)?.reasons[0]])).toEqual([
    ['posted', 'case_id.exact'], ['posted', 'case_id.exact'], ['suspense', 'reference.other_content'],
  ]);
  expect(await proposed()).toBe(-22_000);
});

it('a partial payment told again in another list is no second payment: its line waits, and a person marks it', async () => {
  await importLines(ctx, 'part.csv', REMITTANCE, [known('R-1')]);
  await importCredits(ctx, 'ntf', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
  await reconcile(ctx);
  await importLines(ctx, 'whole.csv', REMITTANCE, [known('R-1B')]);
  const outcomes = await reconcileAll(ctx);
  expect([outcomes.get('whole.csv:2')?.outcome, await proposed()]).toEqual(['suspense', -11_000]);
  const { ana } = people(db);
  await markDuplicate(ana, { itemKey: await keyOf(ana, 'R-1B'), of: 'R-1', reason: 'sent_again' });
  await reconcile(ctx);
  expect([(await outcomeOf(db, 'R-1B'))['outcome'], await proposed(), await balance(db, `suspense:${LA}:USD`)]).toEqual(['duplicate', -11_000, 0]);
  expect(await suspenseTotals(ctx)).toEqual([]);
});
