import fc from 'fast-check';
import { judgeStatements } from '../../../src/modules/payments/bank-statements/continuity.rules.ts';
import type { KnownStatement } from '../../../src/modules/payments/bank-statements/continuity.rules.ts';

/** Statement n of day n of January, opening with what the one before closed with. */
const statement = (n: number, more: Partial<KnownStatement> = {}): KnownStatement => ({
  fileId: `fil_${n}`, fileName: `${n}.xml`, number: 1, line: 10 + n, source: 'camt.053', currency: 'USD', account: '0000990001', statementId: `S${n}`, sequence: n, page: null,
  from: `2026-01-${String(n).padStart(2, '0')}`, to: `2026-01-${String(n).padStart(2, '0')}`, opening: BigInt(n * 100), closing: BigInt(n * 100 + 100), isCopy: false, digest: `digest-${n}`, ...more,
});
const found = (...all: KnownStatement[]) => judgeStatements(all).map(({ code, fileId, peer }) => [code, fileId, peer]);

it('statements that follow each other say nothing', () => {
  expect(found(statement(3), statement(1), statement(2))).toEqual([]);
  expect(found(statement(1))).toEqual([]);
  expect(found()).toEqual([]);
});

describe('sequence gap', () => {
  it('says how many are missing, and between which', () => {
    expect(judgeStatements([statement(1), statement(4)])).toEqual([{
      code: 'bank.statement_gap', severity: 'warn', fileId: 'fil_4', number: 1, line: 14, peer: 'fil_1/1', params: { account: '…0001', statement: '4', missing: 2, last: '1', next: '4' } }]);
  });

  it('is none at the turn of the year, whether numbers go on or begin again', () => {
    const december = statement(31, { fileId: 'dec', to: '2025-12-31', from: '2025-12-31', sequence: 365, closing: 200n });
    const january = { opening: 200n, closing: 300n };
    expect(found(december, statement(1, { ...january, sequence: 366 }))).toEqual([]);
    expect(found(december, statement(1, january))).toEqual([]);
    expect(judgeStatements([december, statement(3, { ...january, sequence: 3 })])).toMatchObject([{ code: 'bank.statement_gap', params: { missing: 2 } }]);
  });

  it('is one of pages too', () => {
    const page = (n: number): KnownStatement => statement(5, { fileId: `p${n}`, page: n, digest: `p${n}`, opening: BigInt(n * 10), closing: BigInt(n * 10 + 10), statementId: 'S5' });
    expect(found(page(1), page(2), page(3))).toEqual([]);
    expect(found(page(1), page(3))).toEqual([['bank.statement_gap', 'p3', 'p1/1']]);
    expect(found(statement(4, { closing: 20n }), page(2))).toEqual([['bank.statement_gap', 'p2', 'fil_4/1']]);
  });

  it('cannot be told of a bank that does not count', () => {
    const uncounted = (n: number, more: Partial<KnownStatement> = {}) => statement(n, { sequence: null, ...more });
    expect(found(uncounted(1), uncounted(4, { opening: 200n }))).toEqual([]);
    expect(found(uncounted(1), uncounted(4))).toEqual([['bank.opening_mismatch', 'fil_4', 'fil_1/1']]);
    expect(found(statement(1, { sequence: 1 }), statement(2, { sequence: 1 }))).toEqual([]);
  });
});

describe('replayed statement', () => {
  it('is told of both, as nobody knows which is right', () => {
    const other = statement(2, { fileId: 'again', fileName: 'again.xml', digest: 'other', line: 77 });
    expect(found(statement(1), statement(2), statement(3), other)).toEqual([['bank.statement_replayed', 'fil_2', 'again/1'], ['bank.statement_replayed', 'again', 'fil_2/1']]);
    expect(judgeStatements([statement(2), other])[0]).toMatchObject({ line: 12, params: { file: 'again.xml', otherLine: 77 } });
  });

  it('is told by its identification, though its number be another', () => {
    expect(found(statement(1), statement(2, { statementId: 'S1' })).map(([code]) => code)).toEqual(['bank.statement_replayed', 'bank.statement_replayed']);
  });

  it('is none where it says the same again', () => {
    expect(found(statement(1), statement(2), statement(2, { fileId: 'again' }))).toEqual([]);
  });

  it('is none where it is marked as a copy and says the same; the mark is told', () => {
    expect(found(statement(1), statement(2), statement(2, { fileId: 'again', isCopy: true }))).toEqual([['bank.statement_copy', 'again', '']]);
  });
});

it('opening ≠ last closing is told with both', () => {
  expect(judgeStatements([statement(1), statement(2, { opening: 150n })])).toMatchObject([{ code: 'bank.opening_mismatch', fileId: 'fil_2', params: { expected: '2.00', given: '1.50', currency: 'USD', last: '1' } }]);
  expect(found(statement(1, { closing: null }), statement(2))).toEqual([]);
});

it('overlapping periods are told, days that touch are not', () => {
  expect(found(statement(1, { to: '2026-01-02' }), statement(2))).toEqual([]);
  expect(found(statement(1, { to: '2026-01-03' }), statement(2))).toEqual([['bank.period_overlap', 'fil_2', 'fil_1/1']]);
});

it('what is told depends on which statements are there, not on their order', () => {
  const some = fc.uniqueArray(fc.record({
    n: fc.integer({ min: 1, max: 12 }), digest: fc.constantFrom('a', 'b'), file: fc.nat(3), isCopy: fc.boolean(), opening: fc.constantFrom(100n, 200n), to: fc.integer({ min: 0, max: 2 }), page: fc.constantFrom(null, 1, 2),
  }), { maxLength: 10, selector: ({ n, file }) => `${n}/${file}` });
  fc.assert(fc.property(some, fc.infiniteStream(fc.nat()), (all, random) => {
    const known = all.map(({ n, digest, file, isCopy, opening, to, page }) => statement(n, { fileId: `f${n}-${file}`, digest: `${digest}${n}`, isCopy, opening, page, to: `2026-01-${String(n + to).padStart(2, '0')}` }));
    const shuffled = known.map((one) => [random.next().value as number, one] as const).sort(([a], [b]) => a - b).map(([, one]) => one);
    const sorted = (list: readonly KnownStatement[]) => judgeStatements(list).map((one) => JSON.stringify(one)).sort();
    expect(sorted(shuffled)).toEqual(sorted(known));
  }));
});
