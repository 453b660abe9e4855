import fc from 'fast-check';
import { parseDed } from '../../../src/modules/payments/formats/nacha/ded.rules.ts';
import { ach, camt, camtEntry, payment, readBank, refusalOf } from './bank-files.ts';

const codes = (file: { findings: { code: string; line?: number }[] }) => file.findings.map((finding) => [finding.code, finding.line]);

describe('camt.053 and camt.054', () => {
  it.each(['02', '03', '04', '05', '06', '07', '08', '10', '13'])('reads version %s, with prefixed namespaces too', async (version) => {
    const text = camt(camtEntry({ ref: '1', amount: '1995.49000', servicer: 'BK1', details: payment('<EndToEndId>NOTPROVIDED</EndToEndId><InstrId>TRCX2601001</InstrId>') }, version), { version });
    const expected = { entryRef: '1', account: '990001', amountMinor: 199549n, currency: 'USD', direction: 'credit', isReversal: false, bookedOn: '2026-01-19', servicerRef: 'BK1', candidates: ['TRCX2601001', 'BK1'] };
    expect((await readBank(text)).entries).toMatchObject([expected]);
    const prefixed = text.replace(/<(\/?)([A-Z])/g, '<$1c:$2').replace('xmlns=', 'xmlns:c=');
    expect((await readBank(prefixed, 7)).entries).toMatchObject([expected]);
  });

  it('finds the transfer number in every place where banks put it', async () => {
    const where = [payment('<EndToEndId>TRLA2601003</EndToEndId>'), payment('<InstrId>TRLA2601003</InstrId>'), payment('<AcctSvcrRef>TRLA2601003</AcctSvcrRef>'),
      payment('<EndToEndId>NOTPROVIDED</EndToEndId>', '', '/ROC/TRLA2601003//ENVIO PENSIONES'), payment('', '', '양육비 송금 trla2601003')];
    const { entries } = await readBank(camt(where.map((details, at) => camtEntry({ ref: String(at), details })).join('')));
    expect(entries.map((entry) => entry.candidates)).toEqual(where.map(() => ['TRLA2601003']));
  });

  it('makes one credit of each payment of a batch that adds up, and one of a batch that does not', async () => {
    const two = payment('<EndToEndId>TRA260001</EndToEndId>', '60.00') + payment('<EndToEndId>TRB260001</EndToEndId>', '40.00');
    const split = await readBank(camt(camtEntry({ ref: '1', details: two })));
    expect(split.entries.map((entry) => [entry.part, entry.amountMinor, entry.candidates[0]])).toEqual([[1, 6000n, 'TRA260001'], [2, 4000n, 'TRB260001']]);
    const whole = await readBank(camt(camtEntry({ ref: '1', amount: '99.00', details: two })));
    expect(whole.entries.map((entry) => [entry.amountMinor, entry.candidates])).toEqual([[9900n, ['TRA260001', 'TRB260001']]]);
    expect(codes(whole)).toEqual([['bank.batch_not_split', 4]]);
  });

  it('tells debits, reversals and what is not booked', async () => {
    const { entries, findings } = await readBank(camt(camtEntry({ ref: '1', direction: 'DBIT', extra: '<RvslInd>true</RvslInd>' }) + camtEntry({ ref: '2', direction: 'DBIT' }) + camtEntry({ ref: '3', status: 'PDNG' })));
    expect(entries.map((entry) => [entry.entryRef, entry.direction, entry.isReversal])).toEqual([['1', 'debit', true], ['2', 'debit', false]]);
    expect(findings).toMatchObject([{ code: 'bank.entry_not_booked', severity: 'info' }]);
  });

  it.each([['100.005', 'USD', 'bank.amount_too_fine'], ['1000.50', 'KRW', 'bank.amount_too_fine'], ['-5.00', 'USD', 'bank.amount_unreadable'], ['1e3', 'USD', 'bank.amount_unreadable'], ['5.00', 'XXX', 'bank.currency_unknown']])(
    'leaves out an entry of %s %s, says where, and reads the others', async (amount, currency, code) => {
      const file = await readBank(camt(`${camtEntry({ ref: '1', amount, currency })}\n${camtEntry({ ref: '2' })}`));
      expect([file.rejected, file.entries.length, codes(file)]).toEqual([1, 1, [[code, 4]]]);
    });

  it('checks that opening balance and entries come to the closing balance', async () => {
    const balance = (code: string, amount: string) => `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="USD">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>`;
    const entries = camtEntry({ ref: '1' }) + camtEntry({ ref: '2', direction: 'DBIT', amount: '30.00' });
    expect((await readBank(camt(entries, { balances: balance('OPBD', '10.00') + balance('CLBD', '80.00') }))).findings).toEqual([]);
    expect((await readBank(camt(entries, { balances: balance('OPBD', '10.00') + balance('CLBD', '80.01') }))).findings).toMatchObject([{ code: 'bank.balance_mismatch', params: { expected: '80.00', given: '80.01' } }]);
  });

  describe('control totals', () => {
    const part = (name: string, count: number | string, sum: string, net = '') => `<${name}><NbOfNtries>${count}</NbOfNtries><Sum>${sum}</Sum>${net}</${name}>`;
    const entries = (version = '08') => camtEntry({ ref: '1', amount: '60.00' }, version) + camtEntry({ ref: '2', direction: 'DBIT', amount: '100.00' }, version) + camtEntry({ ref: '3', status: 'PDNG', amount: '5.50' }, version);
    const later = '<TtlNetNtry><Amt>34.5</Amt><CdtDbtInd>DBIT</CdtDbtInd></TtlNetNtry>';
    const first = '<TtlNetNtryAmt>34.50</TtlNetNtryAmt><CdtDbtInd>DBIT</CdtDbtInd>';
    const summary = (all: string, credits = part('TtlCdtNtries', 2, '65.50'), debits = part('TtlDbtNtries', 1, '100')) => `<TxsSummry>\n${all}\n${credits}\n${debits}</TxsSummry>`;
    const told = async (balances: string, more = '', message = '053') => (await readBank(camt(entries() + more, { balances, message }))).findings.filter(({ severity }) => severity === 'warn');

    it.each([['053', '08', later], ['054', '08', later], ['053', '02', first], ['054', '02', first]])('of a camt.%s.001.%s agree with the entries, booked or not', async (message, version, net) => {
      const { findings } = await readBank(camt(entries(version), { message, version, balances: summary(part('TtlNtries', 3, '165.50', net)) }));
      expect(findings.map(({ code }) => code)).toEqual(['bank.entry_not_booked']);
    });

    it.each([
      [part('TtlNtries', 2, '165.50'), undefined, undefined, 'bank.count_mismatch', 4, { expected: '2', found: '3' }],
      [part('TtlNtries', 4, '165.50'), undefined, undefined, 'bank.count_mismatch', 4, { expected: '4', found: '3' }],
      [part('TtlNtries', 3, '160.00'), undefined, undefined, 'bank.sum_mismatch', 4, { expected: '160.00', found: '165.50', currency: 'USD' }],
      [part('TtlNtries', 3, '165.50', later.replace('DBIT', 'CRDT')), undefined, undefined, 'bank.net_mismatch', 4, { expected: '34.50', found: '-34.50', currency: 'USD' }],
      ['', part('TtlCdtNtries', 1, '65.50'), undefined, 'bank.credit_count_mismatch', 5, { expected: '1', found: '2' }],
      ['', part('TtlCdtNtries', 2, '65.51'), undefined, 'bank.credit_sum_mismatch', 5, { expected: '65.51', found: '65.50', currency: 'USD' }],
      ['', undefined, part('TtlDbtNtries', 2, '100.00'), 'bank.debit_count_mismatch', 6, { expected: '2', found: '1' }],
      ['', undefined, part('TtlDbtNtries', 1, '1e2'), 'bank.debit_sum_mismatch', 6, { expected: '1e2', found: '100.00', currency: 'USD' }],
    ])('that differ are told with their line: %#', async (all, credits, debits, code, line, params) => {
      expect(await told(summary(all, credits, debits))).toEqual([{ code, severity: 'warn', line, params: { statement: 1, ...params } }]);
      expect((await told(summary(all, credits, debits), '', '054')).map((finding) => finding.code)).toEqual([code]);
    });

    it('say nothing of sums over several currencies or unreadable entries, but count those too', async () => {
      const won = await readBank(camt(camtEntry({ ref: '1' }) + camtEntry({ ref: '2', currency: 'KRW', amount: '5000' }), { balances: `<TxsSummry>${part('TtlNtries', 2, '5100')}</TxsSummry>` }));
      expect(won.findings).toEqual([{ code: 'bank.sums_unchecked', severity: 'info', line: 3, params: { statement: 1 } }]);
      const broken = await readBank(camt(camtEntry({ ref: '1' }) + camtEntry({ ref: '2', amount: '-5' }), { balances: `<TxsSummry>${part('TtlNtries', 1, '100')}</TxsSummry>` }));
      expect(broken.findings.map(({ code }) => code)).toEqual(['bank.amount_unreadable', 'bank.count_mismatch', 'bank.sums_unchecked']);
    });

    it('of a statement without entries are nothing, or told', async () => {
      expect((await readBank(camt('', { balances: `<TxsSummry>${part('TtlNtries', 0, '0.00')}</TxsSummry>` }))).findings).toEqual([]);
      expect((await readBank(camt('', { balances: `<TxsSummry>${part('TtlNtries', 0, '7.00')}</TxsSummry>` }))).findings).toMatchObject([{ code: 'bank.sum_mismatch', params: { expected: '7.00', found: '0', currency: 'XXX' } }]);
    });
  });

  it('refuses, with the line, what is not well-formed, declares a document type, or says nothing', async () => {
    const good = camt(camtEntry({ ref: '1' }));
    expect(await refusalOf(readBank(good.slice(0, -40)))).toMatchObject({ code: 'bank.xml_broken', findings: [{ line: 4 }] });
    expect(await refusalOf(readBank(good.replace('</Id>', '</Ide>')))).toMatchObject({ code: 'bank.xml_broken', findings: [{ line: 3 }] });
    expect(await refusalOf(readBank(good.replace('<Document', '<!DOCTYPE x [<!ENTITY a "b">]>\n<Document')))).toMatchObject({ code: 'bank.xml_doctype', findings: [{ line: 2 }] });
    expect(await refusalOf(readBank(good.replace('<MsgId>M', '<MsgId>&a;')))).toMatchObject({ code: 'bank.xml_broken' });
    expect(await refusalOf(readBank('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>\n<GrpHdr/></BkToCstmrStmt></Document>'))).toMatchObject({ code: 'bank.statement_missing' });
    expect((await refusalOf(readBank('<Other/>'))).code).toBe('bank.format_unknown');
    expect((await refusalOf(readBank(`<a>${'<b>'.repeat(100)}`))).code).toBe('bank.xml_too_deep');
    expect((await refusalOf(readBank('PK\u0003\u0004'))).code).toBe('bank.format_unknown');
  });
});

describe('NACHA', () => {
  it('reads CCD+ credits and their transfer numbers, with LF, CRLF or no line breaks', async () => {
    const text = ach([{ id: 'TRLA2601001', addenda: ['DED*CS*2000004106384*260108*60500*978398196*N*MEZA,SER*06037\\'] }, { id: 'TRLA2601002', cents: 35500 }]);
    for (const written of [text, text.replaceAll('\n', '\r\n'), text.replaceAll('\n', '')]) {
      const file = await readBank(written);
      expect(file.findings).toEqual([]);
      expect(file.entries).toMatchObject([
        { line: 3, entryRef: '991000010000001', amountMinor: 60500n, currency: 'USD', direction: 'credit', bookedOn: '2026-01-28', candidates: ['TRLA2601001'] },
        { line: 5, entryRef: '991000010000002', amountMinor: 35500n, candidates: ['TRLA2601002'] }]);
    }
  });

  it('takes references from the X12 segments of CTX and words from the rest', async () => {
    const { entries } = await readBank(ach([{ id: '', addenda: ['ISA*00*~ST*820*0001~BPR*C*605.00~TRN*1*TRLA2601009\\'] }, { id: '', addenda: ['ENVIO TRLA2601010 PENSIONES'] }]));
    expect(entries.map((entry) => entry.candidates)).toEqual([['TRLA2601009'], ['TRLA2601010']]);
  });

  it('takes returns, notifications of change, prenotes and debits for no credits', async () => {
    const entry = (type: string, reason: string) => `${type}${reason}${'091400600000001'.padEnd(88)}`.slice(0, 93);
    const file = await readBank(ach([{ code: '21', addenda: [entry('99', 'R01')] }, { code: '21', cents: 0, addenda: [entry('98', 'C01')] }, { code: '23', cents: 0 }, { code: '27' }]));
    expect(file.entries.map((one) => one.direction)).toEqual(['debit']);
    expect(codes(file).map(([code]) => code)).toEqual(['nacha.return', 'nacha.change_notified', 'nacha.no_money']);
  });

  it('knows a reversing batch', async () => {
    expect((await readBank(ach([{ code: '27' }], { description: 'REVERSAL' }))).entries).toMatchObject([{ direction: 'debit', isReversal: true }]);
  });

  it('checks counts, hashes and totals of batch and file, and locates damaged records', async () => {
    const text = ach([{ id: 'TRLA2601001' }, { id: 'TRLA2601002' }]);
    expect(codes(await readBank(text.replace(/^(8220)000002/m, '$1000003')))).toEqual([['nacha.count_mismatch', 5]]);
    expect(codes(await readBank(text.replace(/0000060500TRLA2601002/, '0000060501TRLA2601002')))).toEqual([['nacha.credit_mismatch', 5], ['nacha.credit_mismatch', 6]]);
    expect(codes(await readBank(text.replace(/^(9000001000001\d{8})0/m, '$11')))).toEqual([['nacha.hash_mismatch', 6]]);
    expect(codes(await readBank(text.split('\n').slice(0, 4).join('\n')))).toEqual([['nacha.control_missing', 4]]);
    const short = await readBank(text.replace('991000010000002\n', '\n'));
    expect([short.rejected, short.entries.length, codes(short)[0]]).toEqual([1, 1, ['nacha.line_short', 4]]);
    expect(codes(await readBank(Buffer.from(text.replace('LA COUNTY', 'LÁ COUNTY'), 'latin1')))).toEqual([['nacha.characters', 3]]);
  });
});

describe('the child-support segment', () => {
  it('reads what it writes', () => {
    const name = fc.stringMatching(/^[A-Z]{3,7},?[A-Z]{2}$/).filter((text) => text.length <= 10);
    fc.assert(fc.property(fc.stringMatching(/^[A-Z0-9]{1,20}$/), fc.bigInt({ min: 1n, max: 9_999_999_999n }), fc.stringMatching(/^\d{9}$/), fc.constantFrom('Y', 'N', 'W'), name, fc.boolean(), (caseId, cents, ssn, medical, who, ended) => {
      const written = `DED*CS*${caseId}*260108*${cents}*${ssn}*${medical}*${who}*06037${ended ? '*Y' : ''}\\`;
      expect(written.length).toBeLessThanOrEqual(80);
      expect(parseDed(written)).toEqual([{ type: 'CS', caseId, date: '2026-01-08', amountCents: cents, obligorSsn: ssn, medical, name: who, fips: '06037', terminated: ended ? 'Y' : '', warnings: [] }]);
    }));
  });

  it('reads malformed segments and says in what they deviate', () => {
    expect(parseDed('DED*CS*FD146*110204*54789*6576562134*N*DOE, JOHN*28001\\')).toMatchObject([{ caseId: 'FD146', date: '2011-02-04', amountCents: 54789n, warnings: ['ded.ssn', 'ded.name'] }]);
    expect(parseDed('RMR*IK*x~DED*CS*1*20260108*0*123456789*W\\')).toMatchObject([{ date: '2026-01-08', warnings: ['ded.amount'] }]);
  });
});
