import { proposalsForCredit } from '../../../src/modules/reconciliation/matching/lumps.rules.ts';
import type { LumpEvidence, OpenCredit, OpenTransfer } from '../../../src/modules/reconciliation/matching/lumps.rules.ts';
import { amountLevel, historyLevel, lumpsOf, remarkLevel } from '../../../src/modules/reconciliation/matching/rank.rules.ts';
import { WEIGHTS } from '../../../src/modules/reconciliation/matching/weights/current-weights.ts';

const credit = (amountMinor: bigint, more: Partial<OpenCredit> = {}): OpenCredit => ({ creditId: 'c1', amountMinor, currency: 'USD', on: '2026-03-10', tokens: [], ...more });
const transfer = (id: string, sumMinor: bigint, more: Partial<OpenTransfer> = {}): OpenTransfer => ({ partnerId: 'mx-a', transfer: id, sumMinor, currency: 'USD', sentOn: '2026-03-08', ...more });
const BASE: LumpEvidence = { transfers: [], credits: [], linesOf: () => [], feeOf: () => 2_500n };
const propose = (c: OpenCredit, more: Partial<LumpEvidence>) => proposalsForCredit(WEIGHTS, c, { ...BASE, ...more });

describe('a credit that no transfer explains', () => {
  it('may be a transfer of that sum under another number', () => {
    expect(propose(credit(90_000n, { tokens: ['TRLA26030112'] }), { transfers: [transfer('TRLA2603012', 90_000n), transfer('TRLA2603013', 44_100n)] })[0]).toMatchObject({ kind: 'one_transfer', transfers: ['TRLA2603012'], feeMinor: 0n, reasons: expect.arrayContaining(['transfer.number_like', 'assignment.unique']) });
  });
  it('may be one less the fee that the profile allows, and no more', () => {
    expect(propose(credit(88_500n), { transfers: [transfer('T1', 90_000n), transfer('T2', 92_000n)] }).filter((p) => p.kind === 'one_transfer')).toMatchObject([{ transfers: ['T1'], feeMinor: 1_500n }]);
  });
  it('may pay several transfers at once, when no other choice makes up its sum', () => {
    const all = [transfer('T1', 30_000n), transfer('T2', 45_000n), transfer('T3', 61_000n)];
    expect(propose(credit(75_000n), { transfers: all }).find((p) => p.kind === 'several_transfers')).toMatchObject({ transfers: ['T1', 'T2'], reasons: expect.arrayContaining(['sum.only_one']) });
    expect(propose(credit(75_000n), { transfers: [...all, transfer('T4', 14_000n)] }).some((p) => p.kind === 'several_transfers')).toBe(false);
  });
  it('never mixes partners or currencies', () => {
    expect(propose(credit(75_000n), { transfers: [transfer('T1', 30_000n), transfer('T2', 45_000n, { partnerId: 'mx-b' })] }).filter((p) => p.kind === 'several_transfers')).toEqual([]);
    expect(propose(credit(75_000n), { transfers: [transfer('T1', 75_000n, { currency: 'MXN' })] })).toEqual([]);
  });
  it('may be a part of a transfer that other credits complete', () => {
    expect(propose(credit(30_000n), { transfers: [transfer('T1', 75_000n)], credits: [credit(45_000n, { creditId: 'c2' }), credit(9_000n, { creditId: 'c3' })] })[0]).toMatchObject({ kind: 'several_credits', credits: ['c1', 'c2'], transfers: ['T1'] });
  });
  it('a partial that duplicates: pays for the lines that make it up, and only once', () => {
    const lines = [10_000n, 20_000n, 45_000n].map((minor, i) => ({ fileId: 'f', lineNumber: i + 2, minor }));
    expect(propose(credit(30_000n), { transfers: [transfer('T1', 75_000n)], linesOf: () => lines })[0]).toMatchObject({ kind: 'part_of_transfer', lines: [{ fileId: 'f', lineNumber: 2 }, { fileId: 'f', lineNumber: 3 }] });
  });
  it('never comes before its money was sent', () => { expect(propose(credit(90_000n), { transfers: [transfer('T1', 90_000n, { sentOn: '2026-03-20' })] })).toEqual([]); });
  it('says when two credits want one transfer', () => {
    expect(propose(credit(90_000n), { transfers: [transfer('T1', 90_000n)], credits: [credit(90_000n, { creditId: 'c2' })] })[0]?.reasons).toContain('assignment.not_unique');
  });
  it('the same data give the same answer, whatever their order', () => {
    const transfers = [transfer('T1', 90_000n), transfer('T2', 90_000n), transfer('T3', 30_000n)];
    expect(propose(credit(90_000n), { transfers })).toEqual(propose(credit(90_000n), { transfers: transfers.toReversed() }));
  });
});

describe('a line over several cases or months', () => {
  const ordered = [{ caseId: 'A', obligationId: 'o1', amountMinor: 30_000n, currency: 'USD' }, { caseId: 'B', obligationId: 'o2', amountMinor: 45_000n, currency: 'USD' }];
  it('is proposed by the obligations that make it up', () => { expect(lumpsOf({ original: null, settled: { amountMinor: 75_000n, currency: 'USD' } }, ordered)).toMatchObject([{ kind: 'several_cases', parts: [{ caseId: 'A' }, { caseId: 'B' }] }]); });
  it('is proposed as months of one', () => { expect(lumpsOf({ original: null, settled: { amountMinor: 90_000n, currency: 'USD' } }, ordered)).toContainEqual({ kind: 'several_months', caseId: 'A', months: 3, amountMinor: 30_000n, currency: 'USD' }); });
  it('is nothing of both in another currency', () => { expect(lumpsOf({ original: { amountMinor: 75_000n, currency: 'MXN' }, settled: null }, ordered)).toEqual([]); });
});

describe('what else speaks for a case', () => {
  it('its order, its history, nothing converted', () => {
    const usd = (amountMinor: bigint) => ({ amountMinor, currency: 'USD' });
    expect(amountLevel({ original: { amountMinor: 9n, currency: 'KRW' }, settled: usd(500n) }, [usd(500n)], [])).toBe('as_ordered');
    expect(amountLevel({ original: { amountMinor: 9n, currency: 'KRW' }, settled: usd(500n) }, [], [{ amountMinor: 9n, currency: 'KRW' }])).toBe('as_before');
    expect(amountLevel({ original: null, settled: usd(450n) }, [usd(500n)], [])).toBe('usual');
    expect(amountLevel({ original: null, settled: usd(50n) }, [usd(500n)], [])).toBe('unusual');
    expect(amountLevel({ original: null, settled: usd(50n) }, [], [])).toBeUndefined();
  });
  it('earlier lines of the same printed payer', () => {
    const earlier = [{ caseId: 'A', printedName: 'RAUL SOTO', partnerId: 'mx-a', amountMinor: 1n, currency: 'USD' }];
    expect(historyLevel('A', 'Raúl Soto', 'mx-a', earlier)).toBe('same_case');
    expect(historyLevel('B', 'Raúl Soto', 'mx-a', earlier)).toBe('other_case');
    expect(historyLevel('A', 'Raúl Soto', 'mx-b', earlier)).toBeUndefined();
  });
  it('a remark that names the child', () => {
    const persons = [{ role: 'dependent' as const, name: { given: 'Sofía', family: 'Ibarra' } }, { role: 'obligee' as const, name: { given: 'Nayeli', family: 'Robles' } }];
    expect(remarkLevel('Pensión de Sofía Ibarra', persons)).toBe('names_child');
    expect(remarkLevel('para Nayeli Robles', persons)).toBe('names_person');
    expect(remarkLevel('Pensión marzo', persons)).toBeUndefined();
  });
});
