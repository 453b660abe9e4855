import { answerToCaseload } from '../../../src/modules/reconciliation/caseload/caseload-answer.rules.ts';
import { compareCaseload } from '../../../src/modules/reconciliation/caseload/caseload.rules.ts';
import type { OurCase, TheirCase } from '../../../src/modules/reconciliation/caseload/caseload.rules.ts';

const ours = (caseId: string, more: Partial<OurCase> = {}): OurCase => ({
  caseId, county: '06037', status: 'open', closedOn: null, partnerNumbers: [], isExchanged: true,
  persons: [{ role: 'obligor', name: { given: 'Juan', family: 'Salas', secondFamily: 'Mora', aliases: [] } }, { role: 'obligee', name: { given: 'Alma', family: 'Rivas', secondFamily: 'Soto', aliases: [] } }], ...more,
});
const row = (line: number, more: Partial<TheirCase> = {}): TheirCase => ({ line, partnerNumber: `T-${line}`, caseId: '', obligor: '', obligee: '', status: 'open', ...more });
const answer = (rows: TheirCase[], cases: OurCase[], exchanged: string[] = [], counties = ['06037']) =>
  answerToCaseload(rows, cases, compareCaseload(rows, cases), { exchanged: new Set(exchanged), counties: new Set(counties) });

it('says of a case that is not exchanged what it says of a number that nobody has', () => {
  const hidden = ours('200000000001', { isExchanged: false, status: 'closed', closedOn: '2026-01-01' });
  const asked = [row(1, { caseId: '200000000001' }), row(2, { caseId: '299999999999' })];
  const unknown = (theirNumber: string) => ({ ourNumber: null, theirNumber, state: 'open', closedOn: null });
  expect(answer(asked, [hidden])).toEqual([unknown('T-1'), unknown('T-2')]);
  expect(answer([row(1, { caseId: '200000000001', status: 'closed' })], [hidden])).toEqual([{ ...unknown('T-1'), state: 'closed' }]);
});

it('tells that a case is closed, and nothing of one that agrees, of other persons, or of a county that no agreement covers', () => {
  const closed = ours('200000000001', { status: 'closed', closedOn: '2026-01-01' });
  expect(answer([row(1, { caseId: '200000000001' })], [closed])).toEqual([{ ourNumber: '200000000001', theirNumber: 'T-1', state: 'closed', closedOn: '2026-01-01' }]);
  expect(answer([row(1, { caseId: '200000000001' })], [closed], ['200000000001'], [])).toEqual([]);
  expect(answer([row(1, { caseId: '200000000001', obligor: 'Ernesto Quijano', obligee: 'Beatriz Fonseca' })], [closed])).toEqual([]);
  expect(answer([row(1, { caseId: '200000000001', partnerNumber: 'T-1' })], [ours('200000000001', { partnerNumbers: ['T-1'] })])).toEqual([]);
  expect(answer([row(1, { partnerNumber: 't 1', caseId: '' })], [ours('200000000001', { partnerNumbers: ['T-1'] })])).toEqual([]);
});

it('names a case that the partner did not name only where papers went between us', () => {
  const [money, papers] = [ours('200000000001'), ours('200000000002', { partnerNumbers: ['K-7'] })];
  expect(answer([], [money, papers], ['200000000002'])).toEqual([{ ourNumber: '200000000002', theirNumber: 'K-7', state: 'open', closedOn: null }]);
  // A slip of a number under both names finds the case, but its right number is told only then, too.
  const slip = row(1, { caseId: '200000000010', obligor: 'Juan Salas Mora', obligee: 'Alma Rivas Soto' });
  expect(answer([slip], [money]).map(({ ourNumber }) => ourNumber)).not.toContain('200000000001');
});
