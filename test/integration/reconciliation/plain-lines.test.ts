import { makeWorld } from '../../../bench/support/payment-world.ts';
import { seededRandom } from '../../../src/demo/random.ts';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { importBank, importPayments } from '../../../src/modules/payments/index.ts';
import { selectCaseShapes } from '../../../src/modules/reconciliation/matching/candidate.store.ts';
import { decideRemittanceLine } from '../../../src/modules/reconciliation/matching/decide-line.ts';
import { gatherRemittance } from '../../../src/modules/reconciliation/matching/gather-remittance.ts';
import { decidePlainKinds, saysNothing } from '../../../src/modules/reconciliation/matching/plain-line.ts';
import { NOTHING_REFUSED } from '../../../src/modules/reconciliation/matching/refusal.rules.ts';
import type { Shapes } from '../../../src/modules/reconciliation/matching/shapes.rules.ts';
import { settleCredits } from '../../../src/modules/reconciliation/bank/settle-credits.ts';
import { beginUndecided, openLines, readUndecided } from '../../../src/modules/reconciliation/runs/line.store.ts';
import { addStaged, stageOutcomes } from '../../../src/modules/reconciliation/runs/outcome.store.ts';
import { selectRepeatedNotes, stagePlainLines } from '../../../src/modules/reconciliation/runs/plain-line.store.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx, TxCtx } from '../../../src/platform/context.ts';
import { testCtx, testDatabase } from '../../support/database.ts';
import { caseLine, importCases, importCredits, importLines, LA, REMITTANCE } from '../../support/reconciliation/scene.ts';

// Lines that say all there is to say are decided in the database, by one statement; the rules must say the very same of each of them.

const CASELOAD = { counties: new Set(['06037', '06025']), caseCount: 200 };
const TODAY = '2026-06-01';
const STAGED = `select to_jsonb(s) as row from staged_outcomes s order by s.line_number`;

async function shapesOf(ctx: TxCtx, partners: readonly string[] = []): Promise<Shapes> {
  const cases = await selectCaseShapes(ctx);
  return { cases: cases.shapes, disbursements: [], isCut: cases.isCut, partners: new Set(partners) };
}

/** The decisions on a file's lines by the one statement, and on the same lines by the rules. */
async function bothWays(ctx: Ctx, fileId: string, partnerId: string): Promise<{ plain: unknown[]; byRules: unknown[]; lines: number }> {
  return inTransaction(ctx, async (tx) => {
    await settleCredits(tx, 'run_01JZZZZZZZZZZZZZZZZZZZZZZZ');
    const lines = await openLines(tx, fileId);
    const shapes = await shapesOf(tx);
    await stageOutcomes(tx);
    const harmless = (await selectRepeatedNotes(tx)).filter((note) => saysNothing(note, shapes));
    await stagePlainLines(tx, partnerId, shapes, harmless, decidePlainKinds(CASELOAD), TODAY);
    const plain = await tx.tx.query<unknown[]>(STAGED);
    const numbers = await tx.tx.query<{ line_number: number }[]>('delete from staged_outcomes returning line_number').then(([rows]) => rows as unknown as { line_number: number }[]);
    const wanted = new Set(numbers.map((n) => n.line_number));
    await beginUndecided(tx);
    for (let read = await readUndecided(tx, 500); read.length > 0; read = await readUndecided(tx, 500)) {
      const own = read.filter((l) => wanted.has(l.lineNumber));
      const facts = await gatherRemittance(tx, own, shapes, CASELOAD);
      await addStaged(tx, own.map((line) => ({ line, decision: decideRemittanceLine(line, facts.evidenceFor(line), { refused: NOTHING_REFUSED, today: TODAY }) })));
    }
    return { plain, byRules: await tx.tx.query<unknown[]>(STAGED), lines };
  });
}

const fileIdOf = async (ctx: Ctx, name: string): Promise<string> => inTransaction(ctx, async (tx) => {
  const [row] = await tx.tx.query<{ file_id: string }[]>('select file_id from received_files where file_name = $1', [name]);
  return row?.file_id ?? '';
});

describe('lines that are decided by one statement', () => {
  test.each([11, 12, 13])('the rules say the same of every one of them, in a noisy month (seed %d)', async (seed) => {
    const ctx = testCtx(await testDatabase());
    const world = makeWorld(seededRandom(seed), { cases: 400, lines: 1_600, noise: 1 });
    await importCaseExtract(ctx, { fileName: 'cases.ndjson', source: Buffer.from(world.extract) });
    for (const file of world.files) await importPayments(ctx, { partnerId: file.partner, fileName: file.name, source: Buffer.from(file.text) });
    await importBank(ctx, { fileName: 'bank.xml', source: Buffer.from(world.bank) });
    for (const { name, partner } of world.files.filter((f) => f.name.includes('remittance'))) {
      const { plain, byRules, lines } = await bothWays(ctx, await fileIdOf(ctx, name), partner);
      expect(plain).toEqual(byRules);
      expect(plain.length).toBeGreaterThan(lines * 0.3);
    }
  });

  test('whatever may mean something else is left to the rules', async () => {
    const ctx = testCtx(await testDatabase());
    const couple = { payer: 'Juan Pérez Soto', receiver: 'Ana Ruiz Vega' };
    await importCases(ctx, [
      caseLine('2000004100001', couple), caseLine('2000004100003', couple, { status: 'closed', closedOn: '2026-01-31' }), caseLine('2000000050007', couple),
      caseLine('IM-0050007', couple), caseLine('IM-0060001', couple), caseLine('2000004100005', { payer: 'Juan Pérez', receiver: 'Ana Ruiz' }),
      caseLine('2000004100009', couple, { participants: [
        { participantId: 'P1', role: 'obligor', name: { given: 'Juan', family: 'Pérez', secondFamily: 'Soto' } }, { participantId: 'P2', role: 'alleged_parent', name: { given: 'Juan', family: 'Pérez', secondFamily: 'Soto' } },
        { participantId: 'P3', role: 'obligee', name: { given: 'Ana', family: 'Ruiz', secondFamily: 'Vega' } }] }),
    ]);
    const row = (folio: string, number: string, payer = 'Juan Pérez Soto', receiver = 'Ana Ruiz Vega', note = '') => `${folio},${number},${payer},${receiver},100.00,USD,1,0.00,100.00,2026-03-02,2026-03-03,TR1,${note}`;
    const rows = [
      row('F1', '2000004100001'), row('F2', '2000004100003'), row('F3', '2000004100005', 'Pérez Juan', 'ANA RUIZ'), row('F4', '2000004100001', 'JUAN PEREZ SOTO', 'ana ruiz vega', 'Pensión de marzo'),
      row('F5', '2000004100001', undefined, undefined, 'Pago 03-2026'), row('F6', '2000004100001', undefined, undefined, 'Pago 03-2026'), row('F7', 'IM-0060001'),
      // From here on: another number in the remark; a number that is also another case's; two who bear the name; a name with a slip; no number; no name.
      row('F8', '2000004100001', undefined, undefined, 'caso 2000004100005'), row('F9', 'IM-0050007'), row('F10', '2000004100009'), row('F11', '2000004100001', 'Juan Peres Soto'),
      row('F12', ''), row('F13', '2000004100001', ''), row('F14', 'im-0060001'), row('F15', '2000004100003x'), row('F16', '2000004100001').replace('2026-03-02', '2026-03-06'),
    ];
    await importLines(ctx, 'a.csv', REMITTANCE, rows);
    await importCredits(ctx, 'bank', [{ transfer: 'TR1', amount: `${rows.length * 100}.00`, on: '2026-03-04' }]);
    const { plain, byRules } = await bothWays(ctx, await fileIdOf(ctx, 'a.csv'), LA);
    expect(plain).toEqual(byRules);
    expect(plain.map((p) => (p as { row: { line_number: number } }).row.line_number)).toEqual([2, 3, 4, 5, 6, 7, 8]);
  });
});
