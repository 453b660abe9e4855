import { decideForwarding } from '../../../src/modules/reconciliation/matching/forwarding.rules.ts';
import type { Disbursement, ForwardingEvidence, ForwardingLine, PayeeCandidate } from '../../../src/modules/reconciliation/matching/forwarding.rules.ts';

const LINE: ForwardingLine = { partnerId: 'mx-a', givenDisbursementId: 'D2603000001', givenCaseId: 'C1', payeeName: 'Ana Soto', amountMinor: 10_000n, currency: 'USD', rate: '18.0', feeMinor: 0n, settledCurrency: 'MXN', happenedOn: '2026-03-10', status: 'delivered', flags: [] };
const D: Disbursement = { disbursementId: 'D2603000001', caseId: 'C1', partnerId: 'mx-a', payeeName: 'Ana Soto', amountMinor: 10_000n, currency: 'USD', issuedOn: '2026-03-01', method: 'consulate', county: '06025', settledOn: null };
const NAME = { score: 1, reasons: ['name.exact'] };
const NOTHING: ForwardingEvidence = { named: [], namedCases: [], candidates: [], reach: 'all', isRemarkUnread: false, payeeBearers: null, caseCount: 4_000 };
const named = (d: Partial<Disbursement> = {}, score = 1): ForwardingEvidence => ({ named: [{ disbursement: { ...D, ...d }, name: { ...NAME, score }, inText: false }], namedCases: [{ caseId: 'C1', strength: 'whole', inText: false }], candidates: [], reach: 'all', isRemarkUnread: false, payeeBearers: null, caseCount: 4_000 });
const candidate = (more: Partial<PayeeCandidate> = {}): PayeeCandidate => ({ caseId: 'C1', name: NAME, latest: D, older: [], isCut: false, ...more });

describe('a line that gives a disbursement', () => {
  it('is posted when number, case, name and amount agree', () => {
    expect(decideForwarding(LINE, named())).toMatchObject({ outcome: 'posted', caseId: 'C1', disbursementId: 'D2603000001', amountMinor: 10_000n, method: 'reference', score: null });
  });
  it.each([['returned', 'returned'], ['cancelled', 'returned'], ['pending', 'pending']] as const)('%s is %s', (status, outcome) => { expect(decideForwarding({ ...LINE, status }, named()).outcome).toBe(outcome); });
  it('splits off the fee abroad at the rate of the line', () => { expect(decideForwarding({ ...LINE, feeMinor: 3_600n }, named()).feeMinor).toBe(200n); });
  it.each<[string, ForwardingLine, ForwardingEvidence, string]>([
    ['another amount', { ...LINE, amountMinor: 9_900n }, named(), 'amount.other'],
    ['another currency', { ...LINE, currency: 'MXN' }, named(), 'amount.other'],
    ['another partner\'s disbursement', LINE, named({ partnerId: 'mx-b' }), 'disbursement.other_partner'],
    ['one that did not go through a consulate', LINE, named({ method: 'card' }), 'disbursement.other_method'],
    ['one settled before', LINE, named({ settledOn: '2026-03-05' }), 'disbursement.already_settled'],
    ['a date before it was issued', { ...LINE, happenedOn: '2026-02-27' }, named(), 'date.before_issue'],
    ['the name of another person', LINE, named({}, 0.2), 'conflict.name'],
    ['the number of another case', LINE, { ...named(), namedCases: [{ caseId: 'C2', strength: 'whole', inText: true }] }, 'conflict.case_number'],
    ['two disbursements', LINE, { ...named(), named: [...named().named, ...named({ disbursementId: 'D2' }).named] }, 'ambiguous.two_disbursements'],
    ['amounts that do not add up', { ...LINE, flags: ['line.amounts_mismatch'] }, named(), 'line.amounts_mismatch'],
    ['no status', { ...LINE, status: null, flags: ['line.status_unknown'] }, named(), 'line.status_unknown'],
  ])('waits for a person with %s', (_, line, evidence, reason) => {
    const decision = decideForwarding(line, evidence);
    expect(decision).toMatchObject({ outcome: 'suspense', caseId: null, disbursementId: null });
    expect(decision.reasons).toContain(reason);
  });
  it('a late word that it was pending then changes nothing', () => {
    expect(decideForwarding({ ...LINE, status: 'pending', happenedOn: '2026-03-04' }, named({ settledOn: '2026-03-09' })).outcome).toBe('pending');
    expect(decideForwarding({ ...LINE, status: 'pending', happenedOn: '2026-03-12' }, named({ settledOn: '2026-03-09' })).outcome).toBe('suspense');
  });
});

describe('a line without a usable number', () => {
  const bare = { ...LINE, givenDisbursementId: null, givenCaseId: null };
  it('means the latest disbursement of the payee and amount', () => {
    expect(decideForwarding(bare, { ...NOTHING, candidates: [candidate()] })).toMatchObject({ outcome: 'posted', disbursementId: 'D2603000001', method: 'scored', score: 1 });
  });
  it('never means an older one when the latest is settled', () => {
    const settled = candidate({ latest: { ...D, settledOn: '2026-03-05' }, older: [{ ...D, disbursementId: 'D2602000001', issuedOn: '2026-02-01' }] });
    expect(decideForwarding(bare, { ...NOTHING, candidates: [settled] })).toMatchObject({ outcome: 'suspense', reasons: expect.arrayContaining(['disbursement.already_settled']) });
  });
  it('waits when two payees fit', () => {
    expect(decideForwarding(bare, { ...NOTHING, candidates: [candidate(), candidate({ caseId: 'C2', latest: { ...D, disbursementId: 'D9', caseId: 'C2' } })] }).reasons).toContain('ambiguous.two_cases');
  });
  it('a mistyped number tells two namesakes apart', () => {
    const line = { ...bare, givenDisbursementId: 'D260300001' };
    expect(decideForwarding(line, { ...NOTHING, candidates: [candidate(), candidate({ caseId: 'C2', latest: { ...D, disbursementId: 'D2611777777', caseId: 'C2' } })] })).toMatchObject({ outcome: 'posted', caseId: 'C1' });
  });
  it('a number that is like none of them speaks against all', () => {
    expect(decideForwarding({ ...bare, givenDisbursementId: 'D9999999999' }, { ...NOTHING, candidates: [candidate()] }).reasons).toContain('conflict.number_unknown');
  });
  it('a number like that of an older disbursement contradicts', () => {
    const older = candidate({ latest: { ...D, disbursementId: 'D2603777777' }, older: [{ ...D, disbursementId: 'D2602000001' }] });
    expect(decideForwarding({ ...LINE, givenDisbursementId: 'D260200001' }, { ...NOTHING, namedCases: [{ caseId: 'C1', strength: 'whole', inText: false }], candidates: [older] }).reasons).toContain('conflict.disbursement_number');
  });
  it('a slip that may be of the latest one\'s number or of an older one\'s contradicts', () => {
    const both = candidate({ latest: { ...D, disbursementId: 'D2603011475' }, older: [{ ...D, disbursementId: 'D2602011875' }] });
    expect(decideForwarding({ ...LINE, givenDisbursementId: 'D2602011475' }, { ...NOTHING, namedCases: [{ caseId: 'C1', strength: 'whole', inText: false }], candidates: [both] }).reasons).toContain('conflict.disbursement_number');
  });
  it('two of one amount sent to one case on one day: none of them is the latest', () => {
    const pair = candidate({ older: [{ ...D, disbursementId: 'D2603777777' }] });
    const byNumber = { ...NOTHING, namedCases: [{ caseId: 'C1', strength: 'whole' as const, inText: false }], candidates: [pair] };
    for (const evidence of [byNumber, { ...NOTHING, candidates: [pair] }]) {
      const decision = decideForwarding(evidence === byNumber ? { ...LINE, givenDisbursementId: null } : bare, evidence);
      expect(decision).toMatchObject({ outcome: 'suspense', disbursementId: null });
      expect(decision.reasons).toContain('ambiguous.two_disbursements');
    }
    // A printed number that is a slip of one of them tells them apart; so does another day.
    expect(decideForwarding({ ...LINE, givenDisbursementId: 'D260300001' }, byNumber)).toMatchObject({ outcome: 'posted', disbursementId: 'D2603000001' });
    const dayBefore = candidate({ older: [{ ...D, disbursementId: 'D2602777777', issuedOn: '2026-02-28' }] });
    expect(decideForwarding(bare, { ...NOTHING, candidates: [dayBefore] })).toMatchObject({ outcome: 'posted', disbursementId: 'D2603000001' });
  });
  it('two cases named on one line are for a person to split', () => {
    const cases = ['C1', 'C2'].map((caseId) => ({ caseId, strength: 'whole' as const, inText: false }));
    expect(decideForwarding({ ...LINE, givenDisbursementId: null }, { ...NOTHING, namedCases: cases, candidates: [candidate()] }).reasons).toContain('ambiguous.two_cases_named');
  });
});
