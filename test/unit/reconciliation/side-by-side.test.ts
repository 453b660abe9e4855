import fc from 'fast-check';
import { markDifferences } from '../../../src/modules/reconciliation/suspense/marks.rules.ts';
import { compareSides } from '../../../src/modules/reconciliation/suspense/side-by-side.rules.ts';
import type { CandidateSide, LineSide } from '../../../src/modules/reconciliation/suspense/side-by-side.rules.ts';

const different = (pieces: readonly { text: string; isDifferent: boolean }[]): string[] => pieces.filter((piece) => piece.isDifferent).map((piece) => piece.text);
const whole = (pieces: readonly { text: string }[]): string => pieces.map((piece) => piece.text).join('');

it.each([
  ['RAUL IBARRA ZUÑIGA', 'Raúl Ibarra Zúñiga', ['U', 'U'], ['ú', 'ú']],
  ['Zúñiga Ibarra Raúl', 'Raúl Ibarra Zúñiga', [], []],
  ['Hernandezz', 'Hernandez', ['z'], []],
  ['Kim Min-su', '김민수', ['Kim', 'Min-su'], ['김민수']],
  ['', 'Perla', [], ['Perla']],
])('marks what differs between %s and %s', (printed, known, inPrinted, inKnown) => {
  const marked = markDifferences(printed, known);
  expect([different(marked.printed), different(marked.known)]).toEqual([inPrinted, inKnown]);
});

it('loses no letter of either, and marks none where both are the same', () => {
  fc.assert(fc.property(fc.string({ maxLength: 60, unit: 'grapheme' }), fc.string({ maxLength: 60, unit: 'grapheme' }), (a, b) => {
    const plain = (text: string): string => text.normalize('NFC').slice(0, 200).trim().split(/\s+/u).filter((word) => word !== '').join(' ');
    const marked = markDifferences(a, b);
    expect([whole(marked.printed), whole(marked.known)]).toEqual([plain(a), plain(b)]);
    expect(different(markDifferences(a, a).printed)).toEqual([]);
  }));
});

const line: LineSide = {
  kind: 'remittance', givenCaseId: '2000004100001', givenDisbursementId: null, payeeName: '', obligorName: 'Raul Ibara Zuñiga', obligeeName: 'Nayeli Robles Tapia',
  amountMinor: 22_000n, currency: 'MXN', happenedOn: '2026-03-05', country: 'MX',
};
const candidate: CandidateSide = {
  caseId: '2000004100018', disbursement: null, ordered: [{ amountMinor: 22_000n, currency: 'USD' }], partnerNumbers: [{ number: 'KR-1', country: 'KR' }],
  persons: [{ role: 'obligor', name: { given: 'Raúl', family: 'Ibarra', secondFamily: 'Zúñiga' } }, { role: 'obligee', name: { given: 'Nayeli', family: 'Robles', secondFamily: 'Tapia' } }],
};
const verdicts = (l: LineSide, c: CandidateSide): Record<string, string> => Object.fromEntries(compareSides(l, c).map(({ field, verdict }) => [field, verdict]));

it('tells for each field whether it agrees, is close, differs or cannot be told', () => {
  expect(verdicts(line, candidate)).toEqual({ number: 'close', payer: 'close', receiver: 'same', amount: 'other', currency: 'other', day: 'same', country: 'other' });
  expect(verdicts({ ...line, givenCaseId: null, obligorName: '', amountMinor: null, happenedOn: null }, { ...candidate, ordered: null, partnerNumbers: [] }))
    .toEqual({ number: 'unknown', payer: 'unknown', receiver: 'same', amount: 'unknown', currency: 'unknown', day: 'unknown', country: 'unknown' });
  expect(verdicts({ ...line, givenCaseId: 'X-1' }, { ...candidate, ordered: [] })).toMatchObject({ number: 'other', day: 'other', amount: 'unknown' });
});

it('holds a report against a disbursement, never dated before it', () => {
  const report: LineSide = { ...line, kind: 'forwarding', givenCaseId: null, givenDisbursementId: 'D2603000001', payeeName: 'Nayeli Robles Tapia', currency: 'USD' };
  const sent = { disbursementId: 'D2603000001', payeeName: 'Nayeli Robles Tapia', issuedOn: '2026-03-01', amountMinor: 22_000n, currency: 'USD' };
  expect(verdicts(report, { ...candidate, disbursement: sent })).toEqual({ number: 'same', payee: 'same', amount: 'same', currency: 'same', day: 'same', country: 'other' });
  expect(verdicts(report, { ...candidate, disbursement: { ...sent, issuedOn: '2026-03-06', currency: 'MXN' } })).toMatchObject({ day: 'other', amount: 'other', currency: 'other' });
  expect(verdicts(report, candidate)).toMatchObject({ number: 'unknown', payee: 'same', amount: 'unknown', day: 'unknown' });
});
