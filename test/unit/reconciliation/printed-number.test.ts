import { namedIds } from '../../../src/modules/reconciliation/matching/number-evidence.rules.ts';
import { printedNumbers, relation } from '../../../src/modules/reconciliation/matching/printed-number.rules.ts';

const SHAPES = [{ prefix: '200000', digits: 7 }, { prefix: 'IM-', digits: 7 }];
const ids = (cell: string | null, remark = ''): string[] => namedIds(cell, remark, SHAPES).map((n) => n.id);

describe('numbers of cases in cells and remarks', () => {
  it.each([
    ['whole', '2000004137855'], ['in a sentence', 'Pensión caso 2000004137855'], ['split by a blank', 'Pensión mayo 2026 200000 4137855'], ['split by a hyphen', 'Exp. 200000-4137855'],
    ['in three pieces', '사건번호 2000 00413 7855'], ['shortened', '사건 4137855 양육비'], ['shortened and split', 'Exp. 413-7855'], ['full-width', '사건번호 ２０００００４１３７８５５'],
    ['with the county before it', '06037-2000004137855'],
  ])('%s', (_, remark) => { expect(ids(null, remark)).toContain('2000004137855'); });

  it.each(['IM-0042119', 'im-42119', 'IM 0042119', 'IM0042119', 'exp. IM-42119', 'Pensión caso 0042119'])('%s', (remark) => { expect(ids(null, remark)).toContain('IM-0042119'); });

  it('with letters that look like digits', () => { expect(ids('2OOOOO4I37855')).toContain('2000004137855'); });
  it('does not make a case of a date, a year or a telephone', () => { expect(ids(null, 'mayo 2026, 12/05/2026, tel. 55 1234')).toEqual([]); });
  it('does not take the end of a disbursement number for a case', () => { expect(ids(null, 'D2605-027738')).toEqual([]); });
  it('reads no more groups than a remark has', () => { expect(printedNumbers('1 2 '.repeat(2_000)).length).toBeLessThan(200); });
});

describe('a number that names nothing', () => {
  it.each([['2000001453349', '2000004153349', 'slip'], ['D260103403', 'D2601003403', 'slip'], ['D26060229364', 'D2606029364', 'slip'], ['4153349', '2000004153349', 'tail'], ['2OOOOO4153349', '2000004153349', 'same'],
    ['2000009487770', '2000004153349', 'other'], ['', '2000004153349', 'other']])('%s is to %s: %s', (printed, id, expected) => { expect(relation(printed, id)).toBe(expected); });
});
