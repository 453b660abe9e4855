import { selectCaseShapes, selectDisbursementShapes } from '../../../src/modules/reconciliation/matching/candidate.store.ts';
import { KEY_HITS_MAX, selectNameHits } from '../../../src/modules/reconciliation/matching/name-search.store.ts';
import { OF_CASE_MAX, PAYEE_KEY_HITS_MAX, SAME_AMOUNT_MAX, searchPayees } from '../../../src/modules/reconciliation/matching/payee-search.store.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { printedNameKeys } from '../../../src/platform/names/index.ts';
import { behindTheWall, testCtx, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { balance, caseLine, FORWARDING, importCases, importCredits, importLines, importRegister, LA, reconcileAll, REMITTANCE } from '../../support/reconciliation/scene.ts';

const A = '2000005000001';
const B = '2000005000002';
const KARLA = 'Karla Kobeh Kuri';

let db: TestDatabase;
let ctx: Ctx;

beforeEach(async () => {
  db = await testDatabase();
  ctx = testCtx(db);
});

const twoKarlas = (): Promise<unknown> => importCases(ctx, [caseLine(A, { payer: 'Kiliano Kubli Kaiser', receiver: KARLA }), caseLine(B, { payer: 'Wenceslao Warman Wong', receiver: KARLA })]);
const sent = (n: number, caseId: string, payee: string, on: string, more: { currency?: string; method?: string } = {}): string =>
  `D26${String(n).padStart(8, '0')},B1,${caseId},${LA},${payee},88.00,${more.currency ?? 'USD'},${on},${more.method ?? 'consulate'}`;
const strangers = (count: number, more: { currency?: string; method?: string } = {}): string[] =>
  Array.from({ length: count }, (_, i) => sent(1_000 + i, String(2_000_006_000_000 + i), 'Nadie Nunca Nada', '2026-02-01', more));
const delivered = (folio: string, payee: string, note = ''): string => `${folio},,,${payee},88.00,USD,18.0000,0.00,1584.00,MXN,2026-02-20,ENTREGADO,${note}`;
const remitted = (folio: string, caseId: string, payer: string, receiver: string): string => `${folio},${caseId},${payer},${receiver},2000.00,MXN,0.055,0.00,110.00,2026-03-05,2026-03-06,TR1,`;

describe('a payee without a number, of whose amount there is more than can be looked at', () => {
  it.each([['as many as are looked at', SAME_AMOUNT_MAX - 2], ['one more', SAME_AMOUNT_MAX - 1], ['many more', SAME_AMOUNT_MAX + 20]])('two of one name are never one: %s', async (_, others) => {
    await twoKarlas();
    await importRegister(ctx, [sent(1, A, KARLA, '2026-01-05'), sent(2, B, KARLA, '2026-02-10'), ...strangers(others)]);
    await importLines(ctx, 'f.csv', FORWARDING, [delivered('F-1', KARLA)]);
    expect((await reconcileAll(ctx)).get('f.csv:2')).toMatchObject({ outcome: 'suspense', reasons: expect.arrayContaining(['ambiguous.two_cases']) });
    expect(await balance(db, `delivered:${B}:USD`)).toBe(0);
  });

  it('the only one of the name is found behind all others; a name that is not printed in full is for a person', async () => {
    await twoKarlas();
    await importRegister(ctx, [sent(1, A, KARLA, '2026-01-05'), ...strangers(SAME_AMOUNT_MAX)]);
    await importLines(ctx, 'f.csv', FORWARDING, [delivered('F-1', 'Karla Kobeh'), delivered('F-2', KARLA), delivered('F-3', 'Nadie Nunca Nada')]);
    const outcomes = await reconcileAll(ctx);
    expect(outcomes.get('f.csv:2')).toMatchObject({ outcome: 'suspense', reasons: expect.arrayContaining(['candidates.too_many']) });
    expect(outcomes.get('f.csv:3')).toMatchObject({ outcome: 'posted', caseId: A });
    expect(outcomes.get('f.csv:4')?.outcome).toBe('suspense');
  });

  it('a namesake whom only the register calls so is a rival as well', async () => {
    await importCases(ctx, [caseLine(A, { payer: 'Kiliano Kubli Kaiser', receiver: KARLA }), caseLine(B, { payer: 'Wenceslao Warman Wong', receiver: 'Otra Persona Distinta' })]);
    await importRegister(ctx, [sent(1, A, KARLA, '2026-01-05'), sent(2, B, 'KARLA KOBEH KURI', '2026-01-06'), ...strangers(SAME_AMOUNT_MAX)]);
    await importLines(ctx, 'f.csv', FORWARDING, [delivered('F-1', KARLA)]);
    expect((await reconcileAll(ctx)).get('f.csv:2')).toMatchObject({ outcome: 'suspense', reasons: expect.arrayContaining(['ambiguous.two_cases']) });
  });

  it('what did not go through the partner or in that currency crowds nobody out', async () => {
    await twoKarlas();
    await importRegister(ctx, [sent(1, A, KARLA, '2026-01-05'), ...strangers(SAME_AMOUNT_MAX - 1), ...strangers(300, { method: 'card' }).map((row) => row.replace('D26', 'D27'))]);
    const wanted = { payeeName: KARLA, keys: printedNameKeys(KARLA), amountMinor: 8_800n, currency: 'USD', on: '2026-02-20' };
    const search = async () => (await inTransaction(ctx, (tx) => searchPayees(tx, LA, [{ place: 1, ...wanted }, { place: 2, ...wanted, currency: 'MXN' }])));
    expect((await search()).get(1)).toMatchObject({ reach: 'all', caseIds: expect.arrayContaining([A]) });
    expect((await search()).has(2)).toBe(false);
    await behindTheWall(db, 'insert into disbursements select agency_id, $1, batch_id, case_id, partner_id, payee_name, amount_minor, currency, issued_on, method, file_id, line_number, county from disbursements where disbursement_id = $2', ['D2800000001', 'D2600001000']);
    expect((await search()).get(1)).toEqual({ reach: 'by_key', caseIds: [A] });
    const addKeys = (from: number, to: number): Promise<unknown> => behindTheWall(db, `
      insert into case_name_keys (agency_id, name_key, case_id, participant_id, role, county)
      select agency_id, $1, 'X' || n, 'P2', 'obligee', '06037' from support_cases, generate_series($2::int, $3::int) n where case_id = $4`, [wanted.keys[0], from, to, A]);
    await addKeys(1, PAYEE_KEY_HITS_MAX - 2);
    expect((await search()).get(1)).toEqual({ reach: 'by_key', caseIds: [A] });
    await addKeys(0, 0);
    expect((await search()).get(1)).toEqual({ reach: 'cut', caseIds: [] });
    await importLines(ctx, 'f.csv', FORWARDING, [delivered('F-1', KARLA)]);
    expect((await reconcileAll(ctx)).get('f.csv:2')).toMatchObject({ outcome: 'suspense', reasons: ['candidates.too_many'] });
  });

  it.each([[OF_CASE_MAX, 'posted'], [OF_CASE_MAX + 1, 'suspense']])('a case that was sent the amount %i times is %s', async (times, outcome) => {
    await twoKarlas();
    await importRegister(ctx, Array.from({ length: times }, (_, i) => sent(i, A, KARLA, `20${String(25 - Math.floor(i / 20)).padStart(2, '0')}-01-${String(1 + (i % 20)).padStart(2, '0')}`)));
    await importLines(ctx, 'f.csv', FORWARDING, [`F-1,,${A},${KARLA},88.00,USD,18.0000,0.00,1584.00,MXN,2026-02-20,ENTREGADO,`]);
    const line = (await reconcileAll(ctx)).get('f.csv:2');
    expect(line?.outcome).toBe(outcome);
    if (outcome === 'suspense') expect(line?.reasons).toContain('candidates.too_many');
  });
});

describe('the names of a collection', () => {
  const bearers = (key: string, from: number, to: number): Promise<unknown> => behindTheWall(db, `
    insert into case_name_keys (agency_id, name_key, case_id, participant_id, role, county)
    select agency_id, $1, 'X' || n, 'P1', 'obligor', '06037' from support_cases, generate_series($2::int, $3::int) n where case_id = $4`, [key, from, to, A]);

  it('a part of a name with one bearer more than are looked up is for a person', async () => {
    await twoKarlas();
    const key = printedNameKeys('Kiliano Kubli Kaiser')[0] as string;
    const hits = () => inTransaction(ctx, (tx) => selectNameHits(tx, [{ place: 1, side: 1, key }], { both: 60, one: 10 }, []));
    await bearers(key, 1, KEY_HITS_MAX - 1);
    expect((await hits()).map((h) => [h.isCut, h.total])).toEqual(Array.from({ length: 10 }, () => [false, KEY_HITS_MAX]));
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
    await bearers(key, 0, 0);
    expect((await hits()).every((h) => h.isCut)).toBe(true);
    await importLines(ctx, 'r.csv', REMITTANCE, [remitted('R-1', '', 'Kiliano Kubli Kaiser', KARLA)]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'suspense', reasons: expect.arrayContaining(['candidates.too_many']) });
  });

  it.each([['Eva Luna Rey', 'name.too_common'], ['Ximena Verastigui Luna', 'ambiguous.two_cases']])('of many who share a debtor\'s name all are looked at: beside %s it is %s', async (other, reason) => {
    const namesakes = Array.from({ length: 40 }, (_, i) => caseLine(String(2_000_005_100_000 + i * 137), { payer: 'Kiliano Kubli Kaiser', receiver: i === 39 ? other : 'Nadia Nunez Bravo' }));
    await importCases(ctx, [caseLine(A, { payer: 'Kiliano Kubli Kaiser', receiver: 'Ximena Verastegui Vega' }), ...namesakes]);
    await importLines(ctx, 'r.csv', REMITTANCE, [remitted('R-1', '', 'Kiliano Kubli Kaiser', 'Ximena Verastegui')]);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'suspense', reasons: ['name.both_surnames', 'name.one_surname', reason] });
  });

  it('a number that may be a slip of two namesakes\' is found behind all that share the name', async () => {
    const namesakes = Array.from({ length: 30 }, (_, i) => caseLine(`20000051${String(10_000 + i * 137).padStart(5, '0')}`, { payer: 'Kiliano Kubli Kaiser', receiver: `Nadia Nunez ${'BCDFGHJKLM'[i % 10]}a${'rstlnmpkdf'[Math.floor(i / 10)]}ez` }));
    await importCases(ctx, [...namesakes, caseLine('2000005999901', { payer: 'Kiliano Kubli Kaiser', receiver: 'Ana Soto Vega' }), caseLine('2000005999902', { payer: 'Kiliano Kubli Kaiser', receiver: 'Eva Luna Rey' })]);
    await importLines(ctx, 'r.csv', REMITTANCE, [remitted('R-1', '2000005999903', 'Kiliano Kubli Kaiser', '')]);
    await importCredits(ctx, 'bank1', [{ transfer: 'TR1', amount: '110.00', on: '2026-03-09' }]);
    expect((await reconcileAll(ctx)).get('r.csv:2')).toMatchObject({ outcome: 'suspense', reasons: ['case_id.mistyped', 'ambiguous.two_cases'] });
  });
});

describe('kinds of numbers', () => {
  const cases = (count: number): Promise<unknown> => importCases(ctx, Array.from({ length: count }, (_, i) => caseLine(`${String(100_000 + i)}0000001`, { payer: 'Kiliano Kubli Kaiser', receiver: KARLA })));
  it.each([[200, false], [201, true]])('%i kinds of case numbers are known, or else it is said', async (count, isCut) => {
    await cases(count);
    expect((await inTransaction(ctx, selectCaseShapes)).isCut).toBe(isCut);
  });

  it('where not all are known, a number in a remark is for a person', async () => {
    await cases(201);
    const payee = 'Ana Soto Vega';
    await importCases(ctx, [caseLine(A, { payer: 'Hugo Lozano Meza', receiver: payee })]);
    await importRegister(ctx, [sent(1, A, payee, '2026-01-05'), sent(2, A, payee, '2026-02-05')]);
    await importLines(ctx, 'f.csv', FORWARDING, [delivered('F-1', payee, 'ref 9990000000001'), delivered('F-2', payee)]);
    const outcomes = await reconcileAll(ctx);
    expect(outcomes.get('f.csv:2')).toMatchObject({ outcome: 'suspense', reasons: ['note.not_read_in_full'] });
    expect(outcomes.get('f.csv:3')?.outcome).toBe('posted');
  });

  it('every beginning of disbursement numbers is known, not only the first and the last', async () => {
    await twoKarlas();
    await importRegister(ctx, ['A1', 'D2603000001', 'M77777', 'Z9'].map((id) => sent(1, A, KARLA, '2026-01-05').replace(/^[^,]+/u, id)));
    expect((await inTransaction(ctx, selectDisbursementShapes)).shapes).toEqual([{ prefix: 'A', digits: 1 }, { prefix: 'D', digits: 10 }, { prefix: 'M', digits: 5 }, { prefix: 'Z', digits: 1 }]);
  });
});

describe('a remark', () => {
  it('that is longer than is read is for a person, whatever its line names', async () => {
    await twoKarlas();
    await importRegister(ctx, [sent(1, A, KARLA, '2026-01-05')]);
    const line = (note: string, folio: string): string => `${folio},D2600000001,${A},${KARLA},88.00,USD,18.0000,0.00,1584.00,MXN,2026-02-20,ENTREGADO,${note}`;
    await importLines(ctx, 'f.csv', FORWARDING, [line(`${'x'.repeat(495)} ${B}`, 'F-1'), line('1 2 3 4 5 6 7 8 9 10 11 12 13', 'F-2')]);
    const outcomes = await reconcileAll(ctx);
    for (const at of ['f.csv:2', 'f.csv:3']) expect(outcomes.get(at)).toMatchObject({ outcome: 'suspense', reasons: ['note.not_read_in_full'] });
    await importLines(ctx, 'g.csv', FORWARDING, [line('x'.repeat(500), 'F-3')]);
    expect((await reconcileAll(ctx)).get('g.csv:2')?.outcome).toBe('posted');
  });
});
