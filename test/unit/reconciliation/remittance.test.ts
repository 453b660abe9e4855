import { decideRemittance } from '../../../src/modules/reconciliation/matching/remittance.rules.ts';
import type { RemittanceCandidate, RemittanceEvidence, RemittanceLine } from '../../../src/modules/reconciliation/matching/remittance.rules.ts';

const LINE: RemittanceLine = { partnerId: 'kr-x', givenCaseId: '2000004153349', obligorName: 'Kim Minsu', obligeeName: 'Ana Soto', settledMinor: 50_000n, settledCurrency: 'USD', flags: [] };
const score = (s: number) => ({ score: s, reasons: ['name.exact'] });
const candidate = (more: Partial<RemittanceCandidate> = {}): RemittanceCandidate => ({ caseId: '2000004153349', county: '06037', isOpen: true, payer: score(1), receiver: score(1), ...more });
const BASE: RemittanceEvidence = { transfer: 'agrees', feeTaken: false, namedCases: [], candidates: [], counties: new Set(['06037']), caseCount: 4_000, isCut: false, areKeysCut: false, unseen: { payers: 0, receivers: 0 }, isRemarkUnread: false };
const named = (more: Partial<RemittanceEvidence> = {}, c: Partial<RemittanceCandidate> = {}): RemittanceEvidence => ({ ...BASE, namedCases: [{ caseId: '2000004153349', strength: 'whole', inText: false }], candidates: [candidate(c)], ...more });

describe('a line that gives a case', () => {
  it('is posted when names and money agree', () => { expect(decideRemittance(LINE, named())).toMatchObject({ outcome: 'posted', caseId: '2000004153349', amountMinor: 50_000n, method: 'exact', score: null }); });
  it('says when the bank kept a fee', () => { expect(decideRemittance(LINE, named({ feeTaken: true })).reasons).toContain('transfer.within_fee'); });
  it('waits for its money', () => { expect(decideRemittance(LINE, named({ transfer: 'no_credit' }))).toMatchObject({ outcome: 'pending', caseId: '2000004153349' }); });
  it('one name may be missing', () => { expect(decideRemittance(LINE, named({}, { receiver: null })).outcome).toBe('posted'); });
  it('one name may be weak when the other is certain', () => { expect(decideRemittance(LINE, named({}, { receiver: score(0.6) })).outcome).toBe('posted'); });
  it.each<[string, RemittanceEvidence, string]>([
    ['closed', named({}, { isOpen: false }), 'case.closed'],
    ['whose names are of others', named({}, { payer: score(0.1), receiver: score(0.2) }), 'conflict.name'],
    ['of which one name is of another', named({}, { receiver: score(0.2) }), 'conflict.name'],
    ['without any name', named({}, { payer: null, receiver: null }), 'name.missing'],
    ['and names a second one', named({ namedCases: [{ caseId: '2000004153349', strength: 'whole', inText: false }, { caseId: 'IM-1', strength: 'short', inText: true }] }), 'ambiguous.two_cases_named'],
    ['and a transfer that does not add up', named({ transfer: 'differs' }), 'transfer.sum_differs'],
    ['and a transfer that two credits name', named({ transfer: 'unclear' }), 'transfer.unclear'],
    ['and no transfer', named({ transfer: 'none' }), 'transfer.missing'],
  ])('waits for a person: %s', (_, evidence, reason) => {
    const decision = decideRemittance(LINE, evidence);
    expect(decision).toMatchObject({ outcome: 'suspense', caseId: null });
    expect(decision.reasons).toContain(reason);
  });
});

describe('a line whose number is nobody\'s', () => {
  const mistyped = { ...LINE, givenCaseId: '2000001453349' };
  it('is posted when the number is a slip of that of the case of both names', () => {
    expect(decideRemittance(mistyped, { ...BASE, candidates: [candidate()] })).toMatchObject({ outcome: 'posted', method: 'scored', reasons: expect.arrayContaining(['case_id.mistyped']) });
  });
  it('waits when it is like no case of these persons', () => { expect(decideRemittance({ ...LINE, givenCaseId: '2000009999999' }, { ...BASE, candidates: [candidate()] }).reasons).toContain('conflict.number_unknown'); });
  it('waits when it may be a slip of either case of a couple', () => {
    expect(decideRemittance({ ...LINE, givenCaseId: '2000004153340' }, { ...BASE, candidates: [candidate(), candidate({ caseId: '2000004153341' })] }).reasons).toContain('ambiguous.two_cases');
  });
});

describe('a line without a number', () => {
  const bare = { ...LINE, givenCaseId: null };
  it('is posted when both names point to one case', () => { expect(decideRemittance(bare, { ...BASE, candidates: [candidate(), candidate({ caseId: 'C2', receiver: score(0.1) })] })).toMatchObject({ outcome: 'posted', score: 1 }); });
  it.each<[string, Partial<RemittanceLine>, Partial<RemittanceEvidence>, string]>([
    ['two cases of one couple', {}, { candidates: [candidate(), candidate({ caseId: 'C2' })] }, 'ambiguous.two_cases'],
    ['a near tie', {}, { candidates: [candidate(), candidate({ caseId: 'C2', receiver: score(0.65) })] }, 'ambiguous.two_cases'],
    ['one name only', { obligeeName: '' }, { candidates: [candidate({ receiver: null })] }, 'name.one_only'],
    ['names that nobody bears', {}, { candidates: [] }, 'name.unknown'],
    ['a county that the partner does not serve', {}, { candidates: [candidate({ county: '06025' })] }, 'county.not_served'],
    ['more bearers of both names than were looked at', {}, { candidates: [candidate()], isCut: true }, 'name.too_common'],
    ['names so common that chance may pair them', {}, { caseCount: 10_000, candidates: [candidate(), ...Array.from({ length: 40 }, (_, i) => candidate({ caseId: `P${i}`, receiver: score(0) })), ...Array.from({ length: 40 }, (_, i) => candidate({ caseId: `R${i}`, payer: score(0) }))] }, 'name.too_common'],
  ])('waits for a person with %s', (_, line, evidence, reason) => { expect(decideRemittance({ ...bare, ...line }, { ...BASE, ...evidence })).toMatchObject({ outcome: 'suspense', caseId: null, reasons: expect.arrayContaining([reason]) }); });
});
