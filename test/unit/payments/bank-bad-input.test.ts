import { camt, camtEntry, payment, readBank, refusalOf } from './bank-files.ts';
import { readBankFile } from '../../../src/modules/payments/formats/bank-file.ts';
import type { BankFile } from '../../../src/modules/payments/formats/bank-entry.rules.ts';

/** Every kind of bad input by its name: one entry at fault is told with its line and left out, the others go on; a file at fault is refused as a whole. */

const told = (file: BankFile) => [file.rejected, file.entries.map((entry) => entry.entryRef), file.findings.map(({ code, severity, line }) => [code, severity, line])];
const amid = (bad: string) => camt([camtEntry({ ref: '1' }), bad, camtEntry({ ref: '3' })].join('\n'));
const MIB = 1024 * 1024;

describe('five decimals', () => {
  it('that are zeros are none', async () => {
    expect((await readBank(amid(camtEntry({ ref: '2', amount: '27.05000' })))).entries.map(({ amountMinor }) => amountMinor)).toEqual([10_000n, 2_705n, 10_000n]);
  });

  it('that say something leave the entry out', async () => {
    expect(told(await readBank(amid(camtEntry({ ref: '2', amount: '27.05001' }))))).toEqual([1, ['1', '3'], [['bank.amount_too_fine', 'block', 5]]]);
  });
});

describe('KRW with decimals', () => {
  it('1000.00 is a thousand won', async () => {
    expect((await readBank(amid(camtEntry({ ref: '2', amount: '1000.00', currency: 'KRW' })))).entries[1]).toMatchObject({ amountMinor: 1_000n, currency: 'KRW' });
  });

  it('1000.50 is no amount', async () => {
    expect(told(await readBank(amid(camtEntry({ ref: '2', amount: '1000.50', currency: 'KRW' }))))).toEqual([1, ['1', '3'], [['bank.amount_too_fine', 'block', 5]]]);
    const mt940 = ':20:S\n:25:1\n:28C:1/1\n:60F:C260118KRW0,\n:61:2601190119C1000,50NTRFA00001\n:61:2601190119C1000,00NTRFA00002\n:62F:C260119KRW1000,\n-';
    expect(told(await readBank(mt940))).toEqual([1, ['A00002'], [['bank.amount_too_fine', 'block', 5]]]);
  });
});

describe('an amount beyond any payment', () => {
  const mt940 = (amount: string) => `:20:S\n:25:1\n:28C:1/1\n:60F:C260118USD0,\n:61:2601190119C${amount}NTRFA00001\n:61:2601190119C10,00NTRFA00002\n:62F:C260119USD${amount}\n-`;
  const bai2 = (amount: string) => `01,BANK,CUST,260301,0600,1,80,,2/\n02,CUST,BANK,1,260301,,USD,2/\n03,990001,USD,,,,/\n16,165,${amount},Z,A00001,CUST,text/\n16,165,1000,Z,A00002,CUST,text/\n49,1,4/\n98,1,1,6/\n99,1,1,8/\n`;
  const outOfRange = (file: BankFile) => [file.rejected, file.entries.map((entry) => entry.entryRef), file.findings.filter(({ code }) => code.startsWith('bank.amount')).map(({ code, severity, line }) => [code, severity, line])];

  it.each(['100000000000.01', '9999999999999999.99', '92233720368547758.08', '999999999999999999999999.00'])('camt: %s is told with its line', async (amount) => {
    expect(told(await readBank(amid(camtEntry({ ref: '2', amount }))))).toEqual([1, ['1', '3'], [['bank.amount_out_of_range', 'block', 5]]]);
  });

  it.each(['100000000000,01', '9999999999999999,', '99999999999999999,', '99999999999999999', '999999999999999999,', '99999999999999999999999999999,99'])('MT940: %s is told with its line', async (amount) => {
    expect(outOfRange(await readBank(mt940(amount)))).toEqual([1, ['A00002'], [['bank.amount_out_of_range', 'block', 5]]]);
  });

  it('MT940: a balance that no database keeps is told', async () => {
    const file = await readBank(mt940('99999999999999999,'));
    expect(file.findings.filter(({ code }) => code === 'bank.balance_unreadable')).toHaveLength(1);
    expect(file.statements[0]?.closing).toBeNull();
  });

  it.each(['10000000000001', '9223372036854775808', '999999999999999999', '99999999999999999999'])('BAI2: %s is told with its line', async (amount) => {
    expect(outOfRange(await readBank(bai2(amount)))).toEqual([1, ['A00002'], [['bank.amount_out_of_range', 'block', 4]]]);
  });

  it('the largest one is read', async () => {
    expect((await readBank(amid(camtEntry({ ref: '2', amount: '100000000000.00' })))).entries[1]).toMatchObject({ amountMinor: 10n ** 13n });
    expect((await readBank(mt940('100000000000,'))).entries[0]).toMatchObject({ amountMinor: 10n ** 13n });
    expect((await readBank(bai2('10000000000000'))).entries[0]).toMatchObject({ amountMinor: 10n ** 13n });
  });
});

describe('a date in year 20206', () => {
  it.each(['20206-01-19', '2026-02-30', '2026-1-9', '19.01.2026', '0000-01-01'])('%s leaves the entry out', async (date) => {
    expect(told(await readBank(amid(camtEntry({ ref: '2', date }))))).toEqual([1, ['1', '3'], [['bank.date_unreadable', 'block', 5]]]);
  });

  it('of value counts like that of booking', async () => {
    const entry = camtEntry({ ref: '2' }).replace('</BookgDt>', '</BookgDt><ValDt><Dt>20206-01-19</Dt></ValDt>');
    expect(told(await readBank(amid(entry)))).toEqual([1, ['1', '3'], [['bank.date_unreadable', 'block', 5]]]);
  });
});

describe('1 GB line', () => {
  /** As much of it as somebody takes. */
  async function refused(start: string, fill: string, chunkBytes = 64 * 1024): Promise<{ code: string; bytes: number; heapBytes: number }> {
    let bytes = 0;
    const chunk = Buffer.alloc(chunkBytes, fill);
    const before = process.memoryUsage().heapUsed;
    const error = await refusalOf(readBankFile((async function* () {
      yield Buffer.from(start.padEnd(512));
      for (bytes = 512; bytes < 1024 * MIB; bytes += chunk.length) yield chunk;
    })()));
    return { code: error.code, bytes, heapBytes: process.memoryUsage().heapUsed - before };
  }
  const statement = camt('').replace(/<\/Stmt>.*/s, '');
  const inside = `${statement}<Ntry><AddtlNtryInf>`;

  it.each([
    ['a text', inside, 'a', 'bank.xml_text_too_long'], ['blanks between elements', statement, ' ', 'bank.xml_text_too_long'], ['a name', `${statement}<a`, 'a', 'bank.xml_text_too_long'],
    ['an attribute', `${statement}<Amt Ccy="`, 'a', 'bank.xml_text_too_long'], ['a comment', `${statement}<!-- `, 'a', 'bank.xml_text_too_long'], ['character data', `${inside}<![CDATA[`, 'a', 'bank.xml_text_too_long'],
    ['a field of MT940', ':20:S\n:25:1\n:86:', 'a', 'bank.line_too_long'], ['a record of BAI2', '01,A,B,260119,0600,1,,,2/\n88,', 'a', 'bank.line_too_long'], ['an ACH file', `101 ${'1'.repeat(90)}\n6`, 'a', 'bank.line_too_long'],
  ])('%s without an end is refused long before it ends', async (_, start, fill, code) => {
    const refusal = await refused(start, fill);
    expect(refusal.code).toBe(code);
    expect(refusal.bytes).toBeLessThan(4 * MIB);
    expect(refusal.heapBytes).toBeLessThan(100 * MIB);
  });

  it('lines of one field or record without an end are refused too', async () => {
    expect((await refused(':20:S\n:25:1\n:86:\n', 'a\n')).code).toBe('bank.line_too_long');
    expect((await refused('01,A,B,260119,0600,1,,,2/\n', '88,\n')).code).toBe('bank.line_too_long');
  });
});

describe('wrong encoding', () => {
  const text = camt(camtEntry({ ref: '1', details: payment('', '', 'PENSIÓN') }));

  it('is told with its line where the declaration says another', async () => {
    const file = await readBank(Buffer.from(text, 'latin1'));
    expect([file.entries.length, file.findings]).toEqual([1, [{ code: 'bank.text_damaged', severity: 'warn', line: 4 }]]);
  });

  it('that is declared is read', async () => {
    const file = await readBank(Buffer.from(text.replace('UTF-8', 'windows-1252'), 'latin1'));
    expect([file.entries[0]?.text, file.findings]).toEqual(['PENSIÓN', []]);
  });

  it('that nobody knows refuses the file', async () => {
    expect(await refusalOf(readBank(text.replace('UTF-8', 'UTF-9')))).toMatchObject({ code: 'bank.xml_encoding_unknown', params: { encoding: 'UTF-9' } });
  });

  it('is told line by line in formats that declare none', async () => {
    const mt940 = ':20:S\n:25:1\n:60F:C260118USD0,\n:61:2601190119C1,NTRFA00001\n:86:PENSIÓN\n:61:2601190119C1,NTRFA00002\n:86:양육비\n:62F:C260119USD2,\n-';
    const bytes = Buffer.concat([Buffer.from(mt940.slice(0, mt940.indexOf('\n:61:2601190119C1,NTRFA00002')), 'latin1'), Buffer.from(mt940.slice(mt940.indexOf('\n:61:2601190119C1,NTRFA00002')))]);
    expect((await readBank(bytes)).entries.map((entry) => entry.text)).toEqual(['PENSIÓN', '양육비']);
  });
});

describe('doctype', () => {
  const good = camt(camtEntry({ ref: '1' }));

  it.each([
    ['<!DOCTYPE Document>', 'bank.xml_doctype'], ['<!DOCTYPE d SYSTEM "file:///etc/passwd">', 'bank.xml_doctype'], ['<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>', 'bank.xml_doctype'],
    ['<!ENTITY a "b">', 'bank.xml_broken'], ['<!ELEMENT a ANY>', 'bank.xml_broken'],
  ])('%s refuses the file', async (declaration, code) => {
    expect(await refusalOf(readBank(good.replace('<Document', `${declaration}\n<Document`)))).toMatchObject({ code, findings: [{ line: 2 }] });
  });

  it.each(['&a;', '&#0;', '&#xFFFE;', '&#x110000;', '&', '&lt', '&toString;'])('%s is no entity', async (entity) => {
    expect((await refusalOf(readBank(good.replace('<MsgId>M', `<MsgId>${entity}`)))).code).toBe('bank.xml_broken');
  });

  it('the five entities and numbered characters are read', async () => {
    const file = await readBank(camt(camtEntry({ ref: '1', details: payment('', '', '&lt;A&gt; &amp; &quot;B&quot; &apos;C&apos; &#233;&#xE9;<![CDATA[ <&> ]]>') })));
    expect(file.entries[0]?.text).toBe('<A> & "B" \'C\' éé <&>');
  });
});

describe('more than anybody sends', () => {
  const statements = (count: number): string => camt('').replace(/<Stmt>.*<\/Stmt>/s, '<Stmt></Stmt>'.repeat(count));

  it('of statements refuses the file', async () => {
    expect((await readBank(statements(1_000), 65_536)).statements).toHaveLength(1_000);
    expect(await refusalOf(readBank(statements(100_001), 65_536))).toMatchObject({ code: 'bank.too_many_statements', params: { statementsMax: 100_000 } });
  });

  it('of payments in one entry, or of what is no payment, refuses the file', async () => {
    expect(await refusalOf(readBank(camt(camtEntry({ ref: '1', details: '<TxDtls/>'.repeat(250_001) })), 65_536))).toMatchObject({ code: 'bank.too_many_entries' });
    expect(await refusalOf(readBank(camt(camtEntry({ ref: '1', details: '<a/>'.repeat(200_001) })), 65_536))).toMatchObject({ code: 'bank.xml_too_deep' });
  });

  it('of attributes, or of blanks for attributes, refuses the file', async () => {
    const many = Array.from({ length: 200 }, (_, at) => ` a${at}="1"`).join('');
    for (const attributes of [many, `${' '.repeat(60_000)}a`, ` a="1"${' '.repeat(60_000)}b`]) {
      expect((await refusalOf(readBank(camt(`<Ntry${attributes}></Ntry>`), 65_536))).code).toBe('bank.xml_broken');
    }
  });
});
