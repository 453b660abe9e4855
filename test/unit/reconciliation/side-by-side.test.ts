import fc from 'fast-check';
import { markDifferences } from '../../../src/modules/reconciliation/suspense/marks.rules.ts';
import { compareSides } from '../../../src/modules/reconciliation/suspense/side-by-side.rules.ts';
import { amountBeside } from '../../../src/modules/reconciliation/suspense/amount-beside.rules.ts';
import type { LineMoney } from '../../../src/modules/reconciliation/suspense/amount-beside.rules.ts';
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
  amountMinor: 22_000n, currency: 'MXN', settledMinor: null, settledCurrency: null, rate: null, feeMinor: null, transferFee: null, feeLimit: null, happenedOn: '2026-03-05', country: 'MX',
};
const candidate: CandidateSide = {
  caseId: '2000004100018', disbursement: null, ordered: [{ amountMinor: 22_000n, currency: 'USD' }], partnerNumbers: [{ number: 'KR-1', country: 'KR' }],
  persons: [{ role: 'obligor', name: { given: 'Raúl', family: 'Ibarra', secondFamily: 'Zúñiga' } }, { role: 'obligee', name: { given: 'Nayeli', family: 'Robles', secondFamily: 'Tapia' } }],
};
const verdicts = (l: LineSide, c: CandidateSide): Record<string, string> => Object.fromEntries(compareSides(l, c).map(({ field, verdict }) => [field, verdict]));

it('tells for each field whether it agrees, is close, differs or cannot be told', () => {
  expect(verdicts(line, candidate)).toEqual({ number: 'close', payer: 'close', receiver: 'same', amount: 'unknown', currency: 'other', day: 'same', country: 'other' });
  expect(verdicts({ ...line, givenCaseId: null, obligorName: '', amountMinor: null, happenedOn: null }, { ...candidate, ordered: null, partnerNumbers: [] }))
    .toEqual({ number: 'unknown', payer: 'unknown', receiver: 'same', amount: 'unknown', currency: 'unknown', day: 'unknown', country: 'unknown' });
  expect(verdicts({ ...line, givenCaseId: 'X-1' }, { ...candidate, ordered: [] })).toMatchObject({ number: 'other', day: 'other', amount: 'unknown' });
});

it('holds a report against a disbursement, never dated before it', () => {
  const report: LineSide = { ...line, kind: 'forwarding', givenCaseId: null, givenDisbursementId: 'D2603000001', payeeName: 'Nayeli Robles Tapia', currency: 'USD' };
  const sent = { disbursementId: 'D2603000001', payeeName: 'Nayeli Robles Tapia', issuedOn: '2026-03-01', amountMinor: 22_000n, currency: 'USD' };
  expect(verdicts(report, { ...candidate, disbursement: sent })).toEqual({ number: 'same', payee: 'same', amount: 'same', currency: 'same', day: 'same', country: 'other' });
  expect(verdicts(report, { ...candidate, disbursement: { ...sent, issuedOn: '2026-03-06', currency: 'MXN' } })).toMatchObject({ day: 'other', amount: 'unknown', currency: 'other' });
  expect(verdicts(report, candidate)).toMatchObject({ number: 'unknown', payee: 'same', amount: 'unknown', day: 'unknown' });
});

const pesos: LineMoney = {
  amountMinor: 220_000n, currency: 'MXN', settledMinor: 11_000n, settledCurrency: 'USD', rate: '0.0500000000', feeMinor: 0n, transferFee: null, feeLimit: { amountMinor: 2_500n, currency: 'USD' }, happenedOn: '2026-03-05',
};
const unsettled: LineMoney = { ...pesos, settledMinor: null, rate: null };
const usd = (amountMinor: bigint) => [{ amountMinor, currency: 'USD' }];
const fix = [{ base: 'USD', quote: 'MXN', rate: '20.1000000000', source: 'banxico_fix', quotedOn: '2026-03-04' }];

it.each([
  ['pesos that the partner converted, at its rate', pesos, usd(11_000n), [], { verdict: 'same', by: 'partner', gap: 0n, why: null, lacksRate: false }],
  ['the pesos of an order in pesos, at no rate', pesos, [{ amountMinor: 220_000n, currency: 'MXN' }], [], { verdict: 'same', by: undefined, gap: 0n, why: null, lacksRate: false }],
  ['nothing but pesos, and no rate: no difference', unsettled, usd(11_000n), [], { verdict: 'unknown', by: undefined, gap: undefined, why: null, lacksRate: true }],
  ['nothing but pesos, at the published rate', unsettled, usd(11_000n), fix, { verdict: 'close', by: 'published', gap: 55n, why: 'about', lacksRate: false }],
  ['another amount at the published rate', unsettled, usd(30_000n), fix, { verdict: 'other', by: 'published', gap: 19_055n, why: null, lacksRate: false }],
  ['less by the fee that the line itself tells', { ...pesos, feeMinor: 1_800n }, usd(12_800n), [], { verdict: 'close', by: 'partner', gap: 1_800n, why: 'partner_fee', lacksRate: false }],
  ['less by what a bank kept of the transfer', { ...pesos, transferFee: { amountMinor: 1_800n, currency: 'USD' } }, usd(12_800n), [], { verdict: 'close', by: 'partner', gap: 1_800n, why: 'transfer_fee', lacksRate: false }],
  ['less by both', { ...pesos, feeMinor: 500n, transferFee: { amountMinor: 1_800n, currency: 'USD' } }, usd(13_300n), [], { verdict: 'close', by: 'partner', gap: 2_300n, why: 'both_fees', lacksRate: false }],
  ['less than the profile lets a bank keep', pesos, usd(13_500n), [], { verdict: 'close', by: 'partner', gap: 2_500n, why: 'within_fee_limit', lacksRate: false }],
  ['more than that', pesos, usd(13_501n), [], { verdict: 'other', by: 'partner', gap: 2_501n, why: null, lacksRate: false }],
  ['more than was asked for: no fee', pesos, usd(9_200n), [], { verdict: 'other', by: 'partner', gap: -1_800n, why: null, lacksRate: false }],
  ['the cent of a conversion', pesos, usd(10_999n), [], { verdict: 'close', by: 'partner', gap: -1n, why: 'rounding', lacksRate: false }],
  ['the nearest of several', pesos, [...usd(50_000n), ...usd(11_000n)], [], { verdict: 'same', by: 'partner', gap: 0n, why: null, lacksRate: false }],
  ['no amount at all', { ...unsettled, amountMinor: null }, usd(11_000n), fix, { verdict: 'unknown', by: undefined, gap: undefined, why: null, lacksRate: false }],
  ['a currency that nobody knows', { ...unsettled, currency: 'XXX' }, usd(11_000n), fix, { verdict: 'unknown', by: undefined, gap: undefined, why: null, lacksRate: true }],
])('compares like with like: %s', (_, money, known, published, expected) => {
  const { verdict, rate, gap, why, lacksRate } = amountBeside(money, known, published);
  expect({ verdict, by: rate?.by, gap: gap?.amountMinor, why, lacksRate }).toEqual(expected);
});
