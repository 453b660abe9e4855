import fc from 'fast-check';
import { parseCsv } from '../../../src/modules/payments/formats/tables/csv.rules.ts';
import { EXPORT_COLUMNS, exportText, readAcknowledgment } from '../../../src/modules/payments/postings/posting.rules.ts';
import type { Posting } from '../../../src/modules/payments/postings/posting.rules.ts';
import { formatMajor } from '../../../src/platform/money.ts';

const id = fc.stringMatching(/^pst_[0-9A-F]{26}$/);
const posting: fc.Arbitrary<Posting> = fc.record({
  postingId: id, caseId: fc.stringMatching(/^[A-Z0-9-]{1,15}$/), collectedOn: fc.constant('2026-10-01'), receivedOn: fc.constant('2026-10-05'),
  amountMinor: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), currency: fc.constantFrom('USD', 'KRW'), bucket: fc.constantFrom(null, 'current_support'),
  obligationId: fc.option(fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,18}[\x21-\x7e])?$/).filter((text) => !/^"|"$/.test(text))), sourceLabel: fc.constant('intergovernmental'), reversalOf: fc.option(id),
});

describe('the file of postings', () => {
  it('reads back as it was written, whatever an obligation is called', () => {
    fc.assert(fc.property(fc.array(posting, { maxLength: 20 }), (postings) => {
      const { records } = parseCsv(exportText(postings), ',');
      expect(records[0]?.cells).toEqual([...EXPORT_COLUMNS]);
      expect(records.slice(1).map((record) => record.cells)).toEqual(postings.map((one) => [
        one.postingId, one.caseId, one.collectedOn, one.receivedOn, formatMajor(one.amountMinor, one.currency), one.currency, one.bucket ?? '', one.obligationId ?? '', one.sourceLabel, one.reversalOf ?? '',
      ]));
    }));
  });

  it('has the same bytes for the same postings', () => {
    fc.assert(fc.property(fc.array(posting), (postings) => exportText(postings) === exportText(structuredClone(postings))));
  });
});

describe('an acknowledgment', () => {
  const heading = 'posting_id,status,reason,processed_on\n';
  const pst = (digit: string) => `pst_${digit.repeat(26)}`;

  it('takes columns in any order, and reasons with commas', () => {
    expect(readAcknowledgment(`\uFEFFstatus,posting_id,processed_on,reason\r\nrefused,${pst('A')},2026-11-19,"closed, see note"\r\n`, 10)).toEqual({
      lines: 1, findings: [], answers: [{ line: 2, postingId: pst('A'), status: 'refused', reason: 'closed, see note', processedOn: '2026-11-19' }],
    });
  });

  it('is refused whole when it is empty, lacks a column or is too long', () => {
    expect(() => readAcknowledgment('', 10)).toThrow('postings.empty');
    expect(() => readAcknowledgment('posting_id,status\n', 10)).toThrow('postings.columns_missing');
    expect(() => readAcknowledgment(`${heading}${`${pst('A')},accepted,,2026-11-19\n`.repeat(11)}`, 10)).toThrow('postings.too_many_lines');
  });

  it('never answers a posting twice, nor on faith', () => {
    const { answers, findings } = readAcknowledgment(`${heading}${pst('A')},accepted,,2026-11-19\n${pst('A')},refused,,2026-11-19\n${pst('B')},Accepted,,2026-11-19\n${pst('C')},accepted,,19/11/2026\n`, 10);
    expect(answers.map((answer) => answer.line)).toEqual([2]);
    expect(findings.map((finding) => [finding.line, finding.code])).toEqual([[3, 'postings.posting_repeated'], [4, 'postings.status_unknown'], [5, 'postings.date_invalid']]);
  });
});
