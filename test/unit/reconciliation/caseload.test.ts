import { compareCaseload } from '../../../src/modules/reconciliation/caseload/caseload.rules.ts';
import type { OurCase, TheirCase } from '../../../src/modules/reconciliation/caseload/caseload.rules.ts';

const ours = (caseId: string, more: Partial<OurCase> = {}): OurCase => ({
  caseId, county: '06037', status: 'open', closedOn: null, partnerNumbers: [], isExchanged: true,
  persons: [{ role: 'obligor', name: { given: 'Pedro', family: 'Robles', secondFamily: 'Luna' } }, { role: 'obligee', name: { given: 'Carmen', family: 'Arenas', secondFamily: 'Vega' } }], ...more,
});
const theirs = (caseId: string, more: Partial<TheirCase> = {}): TheirCase => ({ line: 2, partnerNumber: '', caseId, obligor: 'Pedro Robles Luna', obligee: 'Carmen Arenas Vega', status: 'open', ...more });
const told = (rows: TheirCase[], cases: OurCase[]) => compareCaseload(rows, cases).map(({ code, line, caseId }) => [code, line, caseId]);
const [A, B] = ['2000004100001', '2000004100002'] as const;

it.each<[string, TheirCase[], OurCase[], unknown[]]>([
  ['nothing where both say the same', [theirs(A)], [ours(A)], []],
  ['nothing where only hyphens and blanks differ', [theirs('20000041 00001')], [ours(A)], []],
  ['an orphan on either side', [theirs('2999999999999', { obligor: 'Nadie', obligee: 'Ninguna' })], [ours(A)], [['orphan_theirs', 2, null], ['orphan_ours', null, A]]],
  ['no orphan for a case that is closed, or that nothing went to and fro for', [], [ours(A, { status: 'closed' }), ours(B, { isExchanged: false })], []],
  ['a case closed on one side', [theirs(A, { status: 'closed' }), theirs(B, { line: 3 })], [ours(A), ours(B, { status: 'closed' })], [['closed_there', 2, A], ['closed_here', 3, B]]],
  ['a case found by their number, ours being another', [theirs('X1', { partnerNumber: 'SRE-77' })], [ours(A, { partnerNumbers: ['sre 77'] })], [['case_number_drifted', 2, A]]],
  ['a mistyped number of ours under both names', [theirs('2000004100010')], [ours(A)], [['case_number_drifted', 2, A]]],
  ['no slip under other names', [theirs('2000004100010', { obligor: 'Juan Salas Mora' })], [ours(A)], [['orphan_theirs', 2, null], ['orphan_ours', null, A]]],
  ['no slip where two cases would fit', [theirs('2000004100003')], [ours(A), ours(B)], [['orphan_theirs', 2, null], ['orphan_ours', null, A], ['orphan_ours', null, B]]],
  ['their number that drifted, and one that is new', [theirs(A, { partnerNumber: 'N2' }), theirs(B, { line: 3, partnerNumber: 'N3' })], [ours(A, { partnerNumbers: ['N1'] }), ours(B)], [['partner_number_drifted', 2, A], ['partner_number_new', 3, B]]],
  ['other persons under our number', [theirs(A, { obligor: 'Juan Salas Mora', obligee: 'Alma Rivas Soto' })], [ours(A)], [['names_differ', 2, A]]],
  ['a case listed twice', [theirs(A), theirs(A, { line: 3 })], [ours(A)], [['listed_twice', 3, A]]],
  ['one number of theirs for two cases', [theirs(A, { partnerNumber: 'N1' }), theirs(B, { line: 3, partnerNumber: 'N1' })], [ours(A, { partnerNumbers: ['N1'] }), ours(B, { partnerNumbers: ['N1'] })], [['number_shared', 2, A], ['number_shared', 3, B]]],
])('tells %s', (_, rows, cases, differences) => {
  expect(told(rows, cases)).toEqual(differences);
  expect(told(rows, cases.toReversed())).toEqual(differences);
});
