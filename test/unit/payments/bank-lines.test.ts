import { readBank, refusalOf } from './bank-files.ts';

/** MT940 and BAI2 in detail; whole files of both stand in test/bank. */

const codes = (file: { findings: { code: string; line?: number }[] }) => file.findings.map(({ code, line }) => [code, line]);

describe('MT940', () => {
  const mt940 = (movements: string[], { opening = 'C260101USD0,', closing = '', head = ':28C:1/1' } = {}): string =>
    [':20:STARTUMS', ':25:990001', head, `:60F:${opening}`, ...movements, ...(closing === '' ? [] : [`:62F:${closing}`]), '-', ''].join('\r\n');
  it.each([
    ['intermediate balances', [['C260101USD0,', 'C260102USD5,'], ['C260102USD5,', 'C260102USD12,'], ['C260102USD12,', 'C260102USD12,']], []],
    ['the first and last balance on every page', [['C260101USD0,', 'C260102USD12,'], ['C260101USD0,', 'C260102USD12,'], ['C260101USD0,', 'C260102USD12,']], []],
    ['what the first has come to', [['C260101USD0,', 'C260102USD5,'], ['C260101USD0,', 'C260102USD12,'], ['C260101USD0,', 'C260102USD12,']], []],
    ['an intermediate balance that is wrong', [['C260101USD0,', 'C260102USD5,'], ['C260102USD5,', 'C260102USD13,'], ['C260102USD13,', 'C260102USD13,']], [[12, '12.00', '13.00']]],
    ['a last balance that is wrong on every page', [['C260101USD0,', 'C260102USD13,'], ['C260101USD0,', 'C260102USD13,'], ['C260101USD0,', 'C260102USD13,']], [[17, '12.00', '13.00']]],
  ] as const)('adds up over pages with %s', async (_what, balances, faults) => {
    const moved = [':61:2601020102C5,NTRF1', ':61:2601020102C7,NTRF2', null];
    const pages = balances.map(([opening, closing], at) => [':20:S', ':25:990001', `:28C:7/${at + 1}`, `:60M:${opening}`, ...(moved[at] === null ? [] : [moved[at] as string]), `:62M:${closing}`]);
    const { findings } = await readBank([...pages.flat(), '-', ''].join('\r\n'));
    expect(findings.map(({ code, line, params }) => [code, line, params?.['expected'], params?.['given']])).toEqual(faults.map((fault) => ['bank.balance_mismatch', ...fault]));
  });

  const one = async (...movement: string[]) => (await readBank(mt940(movement))).entries[0];

  it.each([
    ['2601020102', '2026-01-02', '2026-01-02'], ['2601021231', '2026-01-02', '2025-12-31'], ['2512310102', '2025-12-31', '2026-01-02'], ['2402280229', '2024-02-28', '2024-02-29'], ['260102', '2026-01-02', null],
    ['9912310103', '1999-12-31', '2000-01-03'],
  ])('dates %s: value %s, entry %s', async (dates, valueOn, bookedOn) => {
    expect(await one(`:61:${dates}C5,NTRFA00001`)).toMatchObject({ valueOn, bookedOn });
  });

  it.each([['C', 'credit', false], ['D', 'debit', false], ['RC', 'debit', true], ['RD', 'credit', true]])('mark %s is a %s', async (mark, direction, isReversal) => {
    expect(await one(`:61:260102${mark}R5,NTRFA00001//B1`)).toMatchObject({ direction, isReversal, amountMinor: 500n });
  });

  it.each([['5', 500n], ['5,', 500n], ['5,0', 500n], ['5,00', 500n], ['1234567,89', 123_456_789n]])('amount %s', async (amount, amountMinor) => {
    expect(await one(`:61:260102C${amount}NTRFA00001`)).toMatchObject({ amountMinor });
  });

  it.each([
    [['166?00TEXT?20EREF+TRLA260100?211 SVWZ+PENSION?22ES?32CONSULADO'], 'PENSIONES CONSULADO', ['TRLA2601001']],
    [['/EREF/TRLA2601001//REMI/PENSIONES ENERO/'], 'PENSIONES ENERO', ['TRLA2601001']],
    [['PENSIONES', 'TRLA2601001 ENERO'], 'PENSIONES TRLA2601001 ENERO', []],
    [[`${'X'.repeat(55)} TRLA26010`, '01 ENERO'], `${'X'.repeat(55)} TRLA2601001 ENERO`, []],
  ])('information %j', async (lines, text, references) => {
    const entry = await one(':61:260102C5,NTRFNONREF', `:86:${lines.join('\r\n')}`);
    expect(entry?.candidates.slice(0, references.length)).toEqual(references);
    expect(entry?.text).toBe(text);
  });

  it('checks that opening balance and movements come to the closing balance, debit balances too', async () => {
    const movements = [':61:260102C5,NTRFA1', ':61:260102D12,50NTRFA2'];
    expect((await readBank(mt940(movements, { opening: 'C260101USD1,', closing: 'D260102USD6,50' }))).findings).toEqual([]);
    expect((await readBank(mt940(movements, { opening: 'C260101USD1,', closing: 'C260102USD6,50' }))).findings).toEqual([
      { code: 'bank.balance_mismatch', severity: 'warn', line: 7, params: { statement: 1, currency: 'USD', expected: '-6.50', given: '6.50' } }]);
    expect(codes(await readBank(mt940(movements, { closing: 'C260102MXN1,' })))).toEqual([['bank.balance_unreadable', 7]]);
  });

  it('says that a statement was cut off', async () => {
    expect(codes(await readBank(mt940([':61:260102C5,NTRFA1'])))).toEqual([['bank.statement_incomplete', 1]]);
  });

  it('is recognised behind blocks and lines of the bank, and refused without a statement', async () => {
    const text = mt940([':61:260102C5,NTRFA1'], { closing: 'C260102USD5,' });
    for (const before of ['{1:F01BANKUS6LAXXX0000000000}{2:I940COUNUS6LXXXXN}{4:\r\n', '{1:F01BANKUS6LAXXX}{2:I940X}{4:', 'BANKUS6L\r\n940\r\nBANKUS6L\r\n', '\ufeff']) {
      const { entries, findings, source } = await readBank(before + text);
      expect([source, entries.length, findings]).toEqual(['mt940', 1, []]);
    }
    expect((await refusalOf(readBank('no statement at all'))).code).toBe('bank.format_unknown');
  });
});

describe('BAI2', () => {
  const bai2 = (details: string[], { account = '03,990001,,,,,/', totals = ['0', '3', '0', '1', '5', '0', '1', '7'], group = '1,260119,,,2' } = {}): string => {
    const [sum, records, groupSum, accounts, groupRecords, fileSum, groups, fileRecords] = totals;
    return ['01,BANK,COUNTY,260120,0600,1,80,,2/', `02,COUNTY,BANK,${group}/`, account, ...details, `49,${sum},${records}/`, `98,${groupSum},${accounts},${groupRecords}/`, `99,${fileSum},${groups},${fileRecords}/`, ''].join('\n');
  };
  const detail = async (text: string) => (await readBank(bai2([text]))).entries[0];

  it.each([
    ['', null], ['Z', null], ['0', null], ['1', null], ['2', null], ['S,1,2,3', null], ['V,260121,', '2026-01-21'], ['V,260121,1200', '2026-01-21'], ['D,2,0,500,1,500', null], ['D,0', null],
  ])('funds of type "%s" are passed, references found behind', async (funds, valueOn) => {
    expect(await detail(`16,195,1000,${funds},BREF1,TRLA2601001,TEXT, WITH / IN IT`)).toMatchObject({
      valueOn, bookedOn: '2026-01-19', servicerRef: 'BREF1', candidates: ['TRLA2601001', 'BREF1'], text: 'TEXT, WITH / IN IT', amountMinor: 1_000n, currency: 'USD' });
  });

  it.each([['100', 'credit', false], ['399', 'credit', false], ['400', 'debit', false], ['699', 'debit', false], ['920', 'credit', false], ['959', 'credit', false], ['960', 'debit', false], ['999', 'debit', false], ['252', 'credit', true], ['552', 'debit', true]])(
    'type code %s is a %s', async (code, direction, isReversal) => {
      expect(await detail(`16,${code},1000,,B,C,/`)).toMatchObject({ direction, isReversal });
    });

  it.each(['015', '720', '905', '1x5', ''])('type code "%s" is neither, and is told', async (code) => {
    const file = await readBank(bai2([`16,${code},1000,,B,C,/`]));
    expect([file.rejected, codes(file)[0]]).toEqual([1, ['bai2.type_unknown', 4]]);
  });

  it('goes on in further records, also within fields', async () => {
    const text = bai2(['16,195,1000,V,260121/', '88,,BREF1,TRLA2601001/', '88,PENSIONES', '88,DE ENERO']);
    expect((await readBank(text)).entries).toMatchObject([{ line: 4, valueOn: '2026-01-21', servicerRef: 'BREF1', candidates: ['TRLA2601001', 'BREF1'], text: 'PENSIONES DE ENERO' }]);
  });

  it('takes the currency of the account, else of the group, else dollars', async () => {
    const amount = async (more: object) => (await readBank(bai2(['16,195,1000,,B,C,/'], more))).entries[0]?.currency;
    expect(await amount({ account: '03,990001,KRW,,,,/', group: '1,260119,,MXN,2' })).toBe('KRW');
    expect(await amount({ group: '1,260119,,MXN,2' })).toBe('MXN');
    expect(await amount({})).toBe('USD');
  });

  it('holds every control total and count against what was read', async () => {
    const right = ['1000', '3', '1000', '1', '5', '1000', '1', '7'];
    expect((await readBank(bai2(['16,195,1000,,B,C,/'], { totals: right }))).findings).toEqual([]);
    const wrong: [number, string, number][] = [[0, 'bai2.account_total', 5], [1, 'bai2.record_count', 5], [2, 'bai2.group_total', 6], [3, 'bai2.account_count', 6], [4, 'bai2.record_count', 6], [5, 'bai2.file_total', 7], [6, 'bai2.group_count', 7], [7, 'bai2.record_count', 7]];
    for (const [at, code, line] of wrong) {
      expect(codes(await readBank(bai2(['16,195,1000,,B,C,/'], { totals: right.map((one, index) => (index === at ? '9' : one)) })))).toEqual([[code, line]]);
    }
    const cut = bai2(['16,195,1000,,B,C,/'], { totals: right }).split('\n').slice(0, 6).join('\n');
    expect(codes(await readBank(cut))).toEqual([['bai2.trailer_missing', 6]]);
  });

  it('holds balances and summaries against the details', async () => {
    const account = (closing: string, credits: string): string => `03,990001,,010,500,,,015,${closing},,,100,${credits},1,/`;
    const read = async (closing: string, credits: string) => (await readBank(bai2(['16,195,1000,,B,C,/'], { account: account(closing, credits) }))).findings.filter(({ code }) => code.startsWith('bank.')).map(({ code, params }) => [code, params?.['expected']]);
    expect(await read('1500', '1000')).toEqual([]);
    expect(await read('1501', '1000')).toEqual([['bank.balance_mismatch', '15.00']]);
    expect(await read('1500', '900')).toEqual([['bank.credit_sum_mismatch', '9.00'], ['bank.balance_mismatch', '14.00']]);
  });

  it('passes over deletions and tests, and says so', async () => {
    for (const status of ['2', '4']) {
      const file = await readBank(`${bai2(['16,195,1000,,B,C,/'], { group: `${status},260119,,,2` }).replace(/99,.*\n/, '')}02,COUNTY,BANK,1,260119,,,2/\n03,990001,,,,,/\n49,0,2/\n98,0,1,4/\n99,1000,2,10/\n`);
      expect([file.entries, codes(file)[0]]).toEqual([[], ['bai2.group_passed', 2]]);
    }
  });
});
