import { settleCompetition } from '../../../src/modules/reconciliation/matching/compete.rules.ts';
import type { Contender } from '../../../src/modules/reconciliation/matching/compete.rules.ts';
import { oddDate } from '../../../src/modules/reconciliation/matching/date.rules.ts';
import { decideRemittance } from '../../../src/modules/reconciliation/matching/remittance.rules.ts';
import { suspense } from '../../../src/modules/reconciliation/matching/reason.rules.ts';
import type { RemittanceCandidate, RemittanceEvidence, RemittanceLine } from '../../../src/modules/reconciliation/matching/remittance.rules.ts';
import { unlessRefused } from '../../../src/modules/reconciliation/matching/refusal.rules.ts';
import { WEIGHTS } from '../../../src/modules/reconciliation/matching/weights/current-weights.ts';
import { guardRemittance, rankRemittance } from '../../../src/modules/reconciliation/matching/weights/guard.rules.ts';
import { evidenceOf, standingOf } from '../../../src/modules/reconciliation/matching/weights/strength.rules.ts';
import { hasWords, LANGUAGES } from '../../../src/platform/i18n.ts';
import { weigh } from '../../../src/modules/reconciliation/matching/weights/weights.rules.ts';
import { usableNumber } from '../../../src/modules/reconciliation/matching/printed-number.rules.ts';

const LINE: RemittanceLine = { partnerId: 'mx-a', givenCaseId: null, obligorName: 'Raúl Ibarra Soto', obligeeName: 'Nayeli Robles Vega', settledMinor: 50_000n, settledCurrency: 'USD', flags: [] };
const name = (score: number) => ({ score, reasons: ['name.both_surnames'] });
const C: RemittanceCandidate = { caseId: '2000004153349', county: '06037', isOpen: true, payer: name(1), receiver: name(1) };
const EVIDENCE: RemittanceEvidence = { transfer: 'agrees', feeTaken: false, namedCases: [], candidates: [C], counties: new Set(['06037']), caseCount: 4_000, isCut: false, areKeysCut: false, unseen: { payers: 0, receivers: 0 }, isRemarkUnread: false };
const decide = (line: RemittanceLine, evidence: RemittanceEvidence) => guardRemittance(WEIGHTS, line, evidence, decideRemittance(line, evidence));

describe('weights', () => {
  it('are probabilities: m and u of every level lie between nothing and certainty', () => {
    for (const levels of Object.values(WEIGHTS.fields)) for (const { m, u } of Object.values(levels)) for (const p of [m, u]) expect(p > 0 && p <= 1).toBe(true);
  });
  it('add up to the odds against the number of cases that it could be', () => {
    const { bits, probability } = weigh(WEIGHTS, [{ field: 'payer', level: 'full', rarity: 1 / 1024 }], 1024);
    expect(bits).toBeCloseTo(Math.log2(WEIGHTS.fields['payer']?.['full']?.m ?? 0), 1);
    expect(probability).toBeCloseTo(1 / (1 + 2 ** -bits), 4);
  });
  it('a name that many bear says little: KIM, LEE, GARCÍA', () => {
    const bits = (payers: number) => rankRemittance(WEIGHTS, LINE, { ...EVIDENCE, unseen: { payers, receivers: 0 }, candidates: [C, ...Array.from({ length: 10 }, (_, i) => ({ ...C, caseId: `R${i}`, receiver: name(0) }))] })[0]?.weighed.bits ?? 0;
    expect(bits(0)).toBeGreaterThan(bits(400) + 4);
  });
  it('a level that nobody has weighed weighs nothing', () => { expect(weigh(WEIGHTS, [{ field: 'payer', level: 'unheard_of' }], 1).bits).toBe(0); });
  it('rank without regard to the order of the rows', () => {
    const all = [C, { ...C, caseId: 'B', payer: name(0.8) }, { ...C, caseId: 'A', payer: name(0.8) }];
    const ids = (candidates: readonly RemittanceCandidate[]) => rankRemittance(WEIGHTS, LINE, { ...EVIDENCE, candidates }).map((r) => r.candidate.caseId);
    expect(ids(all)).toEqual(ids(all.toReversed()));
  });
});

describe('what is posted by names', () => {
  it('carries its weights and their version', () => {
    expect(decide(LINE, EVIDENCE)).toMatchObject({ outcome: 'posted', weights: { version: WEIGHTS.version, margin: null } });
  });
  it('waits when it weighs too little', () => {
    const vague = { ...EVIDENCE, candidates: [{ ...C, county: '06037', payer: name(0.76), receiver: name(0.76) }], caseCount: 3 };
    expect(decide(LINE, vague)).toMatchObject({ outcome: 'suspense', reasons: expect.arrayContaining(['weight.too_little']), candidateCaseId: C.caseId });
  });
  it('waits on a near tie', () => {
    const tie = { ...EVIDENCE, candidates: [C, { ...C, caseId: 'X', receiver: name(0.59) }] };
    const weighed = guardRemittance({ ...WEIGHTS, thresholds: { ...WEIGHTS.thresholds, marginBits: 40 } }, LINE, tie, decideRemittance(LINE, tie));
    expect(weighed).toMatchObject({ outcome: 'suspense', reasons: expect.arrayContaining(['weight.near_tie']) });
  });
  it('exact keys are not weighed', () => {
    const exact = { ...EVIDENCE, namedCases: [{ caseId: C.caseId, strength: 'whole' as const, inText: false }] };
    expect(decide({ ...LINE, givenCaseId: C.caseId }, exact)).toMatchObject({ outcome: 'posted', method: 'exact' });
    expect(decide({ ...LINE, givenCaseId: C.caseId }, exact).weights).toBeUndefined();
  });
  it('both names in full of one couple outweigh a number two slips away, and no other number', () => {
    expect(decide({ ...LINE, givenCaseId: '2000004183340' }, EVIDENCE)).toMatchObject({ outcome: 'posted', caseId: C.caseId, reasons: expect.arrayContaining(['weight.overwhelming']) });
    expect(decide({ ...LINE, givenCaseId: '2000009487770' }, EVIDENCE).outcome).toBe('suspense');
    expect(decide({ ...LINE, givenCaseId: '2000004183340' }, { ...EVIDENCE, candidates: [C, { ...C, caseId: '2000004111111' }] }).outcome).toBe('suspense');
  });
  it('a cross-currency pair: a converted amount alone is no evidence at all', () => {
    const stranger = { ...EVIDENCE, candidates: [{ ...C, payer: name(0.1), receiver: name(0.1), amount: 'as_ordered' as const }] };
    expect(decide(LINE, stranger).outcome).toBe('suspense');
    expect(rankRemittance(WEIGHTS, LINE, stranger)[0]?.weighed.probability).toBeLessThan(0.01);
  });
});

describe('what people have refused', () => {
  const posted = decide(LINE, EVIDENCE);
  it('never posts again', () => { expect(unlessRefused(posted, { cases: new Set([C.caseId]), disbursements: new Set() })).toMatchObject({ outcome: 'suspense', reasons: expect.arrayContaining(['match.refused_before']) }); });
  it('leaves others alone', () => { expect(unlessRefused(posted, { cases: new Set(['other']), disbursements: new Set() })).toBe(posted); });
});

describe('lines that want one disbursement', () => {
  const wants = (place: number, printedName: string, bits: number): Contender => ({
    place, printedName, decision: { ...suspense([]), outcome: 'posted', caseId: 'C', disbursementId: 'D', method: 'scored', weights: { version: 'w', bits, probability: 1, margin: null, fields: [] } },
  });
  it('under different names: neither, where neither outweighs the other', () => { expect([...settleCompetition([wants(1, 'ana soto', 9), wants(2, 'ana soto vega', 10)], 4).keys()]).toEqual([1, 2]); });
  it('under different names: the one that outweighs the other, whatever its date', () => { expect([...settleCompetition([wants(1, 'ana soto', 5), wants(2, 'ana soto vega', 20)], 4).keys()]).toEqual([1]); });
  it('under one name: the first delivery stays the first', () => { expect(settleCompetition([wants(1, 'ana soto', 9), wants(2, 'ana soto', 9)], 4).size).toBe(0); });
});

describe('dates', () => {
  const dates = { happenedOn: '2026-03-05', sentOn: '2026-03-06', creditedOn: '2026-03-09' };
  it.each<[string, Partial<typeof dates>, string | null]>([
    ['in their order', {}, null], ['collected and sent on one day', { happenedOn: '2026-03-06' }, null], ['a day ahead in Korea', { happenedOn: '2026-11-23', sentOn: '2026-11-23', creditedOn: '2026-11-22' }, null],
    ['of next year', { happenedOn: '2027-03-05', sentOn: '2027-03-06' }, 'date.in_future'], ['collected after sending', { happenedOn: '2026-03-07' }, 'date.after_sending'],
    ['collected ten years before', { happenedOn: '2016-03-05' }, 'date.long_before_sending'], ['a receipt before its payment', { creditedOn: '2026-02-20' }, 'date.after_credit'],
  ])('%s', (_, more, odd) => { expect(oddDate({ ...dates, ...more }, '2026-11-22')).toBe(odd); });
});

describe('a cell for a number', () => {
  it.each(['S/N', 'N/A', '-', '---', '0', '000', '미상', '없음', 'PENDIENTE', '2.00000E+12', '2,1E12', ' '])('that says %s gives none', (text) => { expect(usableNumber(text)).toBeNull(); });
  it.each(['2000004153349', 'IM-0042119', '2OOOOO4I37855', '４１３', 'A-12', 'Exp. 4137855', '2000004153349.0'])('that says %s gives one', (text) => { expect(usableNumber(text)).toBe(text); });
});

describe('weights as a person reads them', () => {
  it('are strong, moderate or weak, for or against, the heaviest first; what says nothing is left out', () => {
    const fields = [['payer', 'full', 10.8], ['history', 'none', -1.3], ['amount', 'unknown', 0], ['number', 'slip', 6.9], ['county', 'not_served', -8.2], ['receiver', 'strong', -2.4]].map(([field, level, bits]) => ({ field: String(field), level: String(level), bits: Number(bits) }));
    expect(evidenceOf({ fields }).map(({ field, strength, isFor, isCommon }) => (isCommon ? `${field} is common` : `${field} ${strength} ${isFor ? 'for' : 'against'}`))).toEqual(['payer strong for', 'county strong against', 'number moderate for', 'receiver is common', 'history weak against']);
  });
  it.each([[5, [], 'alone'], [5, [1], 'clear'], [5, [2], 'near_tie'], [5, [8], 'near_tie'], [5, [9], 'behind'], [2.9, [], 'too_little'], [-0.1, [-9], 'against']])('%d bits beside %j stand as %s', (bits, others, standing) => {
    expect(standingOf(WEIGHTS.thresholds, bits, others)).toBe(standing);
  });
  it('have words for every level of every field in every language', () => {
    const groups: Readonly<Record<string, string>> = { case_number: 'number', disbursement_number: 'number', transfer_number: 'number', payer: 'name', receiver: 'name', payee: 'name' };
    const keys = Object.entries(WEIGHTS.fields).flatMap(([field, levels]) => [`field.${field}`, ...Object.keys(levels).map((level) => `${groups[field] ?? field}.${level}`)]);
    expect(LANGUAGES.flatMap((language) => keys.filter((key) => !hasWords(language, `clerk:evidence.${key}`)))).toEqual([]);
  });
});
