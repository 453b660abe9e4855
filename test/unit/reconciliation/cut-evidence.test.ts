import { isBeyondSlips } from '../../../src/modules/reconciliation/matching/person.rules.ts';
import { isReadInPart } from '../../../src/modules/reconciliation/matching/printed-number.rules.ts';
import { decideRemittance } from '../../../src/modules/reconciliation/matching/remittance.rules.ts';
import type { RemittanceCandidate, RemittanceEvidence, RemittanceLine } from '../../../src/modules/reconciliation/matching/remittance.rules.ts';

const LINE: RemittanceLine = { partnerId: 'mx-a', givenCaseId: null, obligorName: 'Raúl Ibarra', obligeeName: 'Nayeli Robles', settledMinor: 50_000n, settledCurrency: 'USD', flags: [] };
const score = (s: number) => ({ score: s, reasons: ['name.one_surname'] });
const C: RemittanceCandidate = { caseId: '2000004153349', county: '06037', isOpen: true, payer: score(0.86), receiver: score(0.86) };
const ALL: RemittanceEvidence = {
  transfer: 'agrees', feeTaken: false, namedCases: [], candidates: [C], counties: new Set(['06037']), caseCount: 4_000, isCut: false, areKeysCut: false,
  unseen: { payers: 0, receivers: 0 }, isRemarkUnread: false,
};

describe('a collection found by names alone', () => {
  it('is posted where everybody was looked at', () => { expect(decideRemittance(LINE, ALL).outcome).toBe('posted'); });
  it.each<[string, Partial<RemittanceEvidence>]>([
    ['debtors of that name were not all looked at, and the creditor is not printed in full', { unseen: { payers: 40, receivers: 0 }, candidates: [{ ...C, payer: score(1) }] }],
    ['creditors of that name were not all looked at, and the debtor is not printed in full', { unseen: { payers: 0, receivers: 40 }, candidates: [{ ...C, receiver: score(1) }] }],
    ['a part of a name was cut', { areKeysCut: true, candidates: [{ ...C, payer: score(1), receiver: score(1) }] }],
  ])('is for a person where %s', (_, cut) => { expect(decideRemittance(LINE, { ...ALL, ...cut })).toMatchObject({ outcome: 'suspense', reasons: expect.arrayContaining(['candidates.too_many']) }); });
  it('is posted where both are printed in full, whoever else bears one of the names', () => {
    expect(decideRemittance(LINE, { ...ALL, unseen: { payers: 40, receivers: 40 }, candidates: [{ ...C, payer: score(1), receiver: score(1) }] }).outcome).toBe('posted');
  });
  it('counts those who were not looked at where all who were bear the name', () => {
    const couple = { ...C, payer: score(1), receiver: score(1) };
    const payers = Array.from({ length: 9 }, (_, i) => ({ ...C, caseId: `P${i}`, payer: score(1), receiver: score(0) }));
    const receivers = Array.from({ length: 9 }, (_, i) => ({ ...C, caseId: `R${i}`, payer: score(0), receiver: score(1) }));
    const world = { ...ALL, caseCount: 100_000, candidates: [couple, ...payers, ...receivers] };
    expect(decideRemittance(LINE, world).outcome).toBe('posted');
    expect(decideRemittance(LINE, { ...world, unseen: { payers: 500, receivers: 500 } }).reasons).toContain('name.too_common');
  });
});

it('a mistyped number proves nothing where a part of a name was cut', () => {
  const line = { ...LINE, givenCaseId: '2000001453349' };
  const evidence = { ...ALL, candidates: [{ ...C, payer: score(1), receiver: score(1) }] };
  expect(decideRemittance(line, evidence).outcome).toBe('posted');
  expect(decideRemittance(line, { ...evidence, areKeysCut: true }).reasons).toEqual(['case_id.mistyped', 'candidates.too_many']);
});

it.each([['Karla Kobeh', 0.94, false], ['Karla Kobeh', 0.95, true], ['Karla Kobeh Kuri', 0.84, false], ['Karla Kobeh Kuri', 0.85, true], ['김민수', 1, true]])('%s at %f: nobody with other words can bear it is %s', (printed, s, sure) => {
  expect(isBeyondSlips(printed, s)).toBe(sure);
});

it.each([['x'.repeat(500), false], ['x'.repeat(501), true], ['1 '.repeat(12), false], ['1 '.repeat(13), true], ['１ '.repeat(13), true]])('a remark that is longer than is read is known as such', (text, inPart) => {
  expect(isReadInPart(text)).toBe(inPart);
});
