import fc from 'fast-check';
import type { AchEntry, AchNotice } from '../../../src/modules/payments/formats/nacha/nacha-entry.rules.ts';
import { parseNacha } from '../../../src/modules/payments/formats/nacha/nacha-read.rules.ts';
import { writeNacha } from '../../../src/modules/payments/formats/nacha/nacha-write.rules.ts';
import type { AchBatch, AchFile } from '../../../src/modules/payments/formats/nacha/nacha-write.rules.ts';
import { NachaReader } from '../../../src/modules/payments/formats/nacha/nacha.rules.ts';
import { read820, write820 } from '../../../src/modules/payments/formats/nacha/payment-order.rules.ts';

const readBank = (text: string) => {
  const reader = new NachaReader();
  for (const line of text.split('\n')) reader.line(line);
  return reader.end();
};
const digits = (length: number) => fc.stringMatching(new RegExp(`^[1-9]\\d{${length - 1}}$`));
const text = (most: number) => fc.stringMatching(/^([!-}][ -}]{0,90}[!-}]|[!-}]?)$/).map((value) => value.slice(0, most).trim());
const upTo = (length: number) => text(length);
const trace = digits(15);

const basic = {
  rdfi: digits(9), account: upTo(17).filter((value) => value !== ''), cents: fc.bigInt({ min: 1n, max: 9_999_999_999n }), id: upTo(15), name: upTo(22), discretionary: fc.constant(''), trace,
};
const bank = fc.record({ name: upTo(35), qualifier: fc.constantFrom('01', '02', '03'), id: upTo(34), country: fc.constantFrom('US', 'MX', 'KR') });
const place = { street: upTo(35), city: fc.constantFrom('LOS ANGELES*CA\\', 'SEOUL\\', 'TIJUANA*BC\\'), country: fc.constantFrom('US*90012\\', 'KR*06234\\', 'MX*22000\\'), bornOn: fc.constantFrom('', '19800102') };
const iat = fc.record({
  kind: fc.constantFrom('REM', 'MIS', 'SAL'), foreignAmount: fc.option(fc.bigInt({ min: 1n, max: 999_999_999_999_999_999n }), { nil: null }), foreignTrace: upTo(22), receiver: upTo(35),
  originator: fc.record({ name: upTo(35), ...place }), originatingBank: bank, receivingBank: bank, receiverId: upTo(15), receiverAddress: fc.record(place),
  remittance: fc.array(upTo(80), { maxLength: 2 }), correspondents: fc.array(bank, { maxLength: 5 }), screening: fc.constantFrom('', '0'),
});
const none: Omit<AchNotice, 'kind' | 'code' | 'originalTrace' | 'originalRdfi' | 'trace'> = { information: '', corrected: '', diedOn: '', originalAmount: null, returned: null, refused: null };
const common = { originalTrace: trace, originalRdfi: digits(8), trace };
const returned = fc.record({ ...common, code: fc.constantFrom('R01', 'R03', 'R10'), information: upTo(34), diedOn: fc.constantFrom('', '260101') }).map((one) => ({ ...none, kind: 'return' as const, ...one }));
const iatReturned = fc.record({ ...common, code: fc.constantFrom('R03', 'R16'), information: upTo(34), originalAmount: fc.option(fc.bigInt({ min: 1n, max: 9_999_999_999n }), { nil: null }) })
  .map((one) => ({ ...none, kind: 'return' as const, ...one }));
const dishonored = fc.record({
  ...common, code: fc.constantFrom('R61', 'R68', 'R71', 'R77'), information: upTo(21),
  returned: fc.record({ on: fc.constantFrom('', '260102'), originalSettlement: fc.constantFrom('', '031'), trace, settlement: fc.constantFrom('', '032'), code: fc.constantFrom('01', '03') }),
}).map((one) => ({ ...none, kind: 'return' as const, ...one }));
const change = fc.record({ ...common, code: fc.constantFrom('C01', 'C05'), corrected: upTo(29) }).map((one) => ({ ...none, kind: 'change' as const, ...one }));
const refused = fc.record({ ...common, code: fc.constantFrom('C61', 'C69'), corrected: upTo(29), refused: fc.record({ code: fc.constantFrom('C01', 'C02'), trace: digits(7) }) })
  .map((one) => ({ ...none, kind: 'change' as const, ...one }));

const entries = {
  CCD: fc.record({ ...basic, code: fc.constantFrom('22', '27', '32', '37'), information: upTo(80), iat: fc.constant(null), notice: fc.constant(null) }),
  CTX: fc.record({ ...basic, name: upTo(16), code: fc.constantFrom('22', '27'), information: fc.stringMatching(/^[A-Z0-9*\\ ]{0,400}[A-Z\\]$/), iat: fc.constant(null), notice: fc.constant(null) }),
  IAT: fc.record({ ...basic, account: upTo(35), id: fc.constant(''), name: fc.constant(''), code: fc.constantFrom('22', '27'), information: fc.constant(''), iat, notice: fc.option(iatReturned, { nil: null }) }),
  COR: fc.record({ ...basic, cents: fc.constant(0n), code: fc.constantFrom('21', '26'), information: fc.constant(''), iat: fc.constant(null), notice: fc.oneof(change, refused) }),
  PPD: fc.record({ ...basic, code: fc.constantFrom('21', '26'), information: fc.constant(''), iat: fc.constant(null), notice: fc.oneof(returned, dishonored) }),
};
const iatHeader = fc.record({
  indicator: fc.constant(''), exchangeIndicator: fc.constantFrom('FF', 'FV', 'VF'), referenceIndicator: fc.constantFrom('1', '2', '3'), exchangeReference: fc.constantFrom('', '18.4523', '1380'),
  destinationCountry: fc.constantFrom('MX', 'KR', 'US'), originatingCurrency: fc.constant('USD'), destinationCurrency: fc.constantFrom('MXN', 'KRW', 'USD'),
});
const day = fc.integer({ min: 0, max: 3_000 }).map((days) => new Date(Date.UTC(2024, 0, 1 + days)).toISOString().slice(0, 10));
const batch = (entryClass: keyof typeof entries): fc.Arbitrary<AchBatch> => fc.record({
  entryClass: fc.constant(entryClass), companyName: entryClass === 'IAT' ? fc.constant('') : upTo(16), discretionary: entryClass === 'IAT' ? fc.constant('') : upTo(20), companyId: upTo(10),
  description: upTo(10), descriptiveDate: entryClass === 'IAT' ? fc.constant('') : fc.constantFrom('', '260101'), effectiveDate: day, settlement: fc.constantFrom('', '031'),
  originatorStatus: fc.constant('1'), odfi: digits(8), number: fc.integer({ min: 0, max: 9_999_999 }), iat: entryClass === 'IAT' ? iatHeader : fc.constant(null),
  entries: fc.array(entries[entryClass] as fc.Arbitrary<AchEntry>, { minLength: 1, maxLength: 6 }),
});
const file: fc.Arbitrary<AchFile> = fc.record({
  destination: digits(9), origin: digits(10), created: day, time: fc.constantFrom('0000', '2359'), modifier: fc.constantFrom('A', '7'), destinationName: upTo(23), originName: upTo(23), reference: upTo(8),
  batches: fc.array(fc.constantFrom('CCD', 'CTX', 'IAT', 'COR', 'PPD').chain((name) => batch(name as keyof typeof entries)), { minLength: 1, maxLength: 4 }),
});

describe('ACH files', () => {
  it('are read as they were written: CCD+, CTX, IAT, returns and notifications of change, in blocks of ten, totals and hash right', () => {
    fc.assert(fc.property(file, (written) => {
      const lines = writeNacha(written);
      const records = lines.slice(0, -1).split('\n');
      expect(records.length % 10).toBe(0);
      expect(records.every((record) => record.length === 94)).toBe(true);
      const { files, findings } = parseNacha(lines);
      expect(files).toEqual([written]);
      expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    }), { numRuns: 300 });
  });

  it('never cut what does not fit', () => {
    const [sample] = fc.sample(file, 1) as [AchFile];
    expect(() => writeNacha({ ...sample, reference: '123456789' })).toThrow(expect.objectContaining({ code: 'nacha.field_unwritable', params: { record: '1', field: 'reference', charsMax: 8 } }));
    expect(() => writeNacha({ ...sample, originName: 'CONSULADO MÉXICO' })).toThrow(expect.objectContaining({ code: 'nacha.field_unwritable' }));
    const [long] = fc.sample(batch('CCD'), 1) as [AchBatch];
    const tooLong = { ...sample, batches: [{ ...long, entries: long.entries.map((entry) => ({ ...entry, information: 'X'.repeat(81) })) }] };
    expect(() => writeNacha(tooLong)).toThrow(expect.objectContaining({ code: 'nacha.addenda_too_many', params: { addendaMax: 1, addenda: 2 } }));
  });
});

const head = '101 991000025 9910000122601280700A094101COUNTY TREASURER       CONSULAR SETTLEMENT BAN        ';
const control = '9000001000001000000010009910000200000060500000000000000                                       ';
const iatFile = ({ destination = 'USD', foreign = '000000000000060500', rate = '3               ', remittance = '' } = {}): string => [
  head,
  `5220${' '.repeat(16)}FF${rate}US9990001234IATCHILDSUPP KRW${destination}260128   1991000010000001`,
  '6229910000250007             0000060500990001230041                         00 1991000010000001'.replace('  00 1', '  0 1').slice(0, 94),
  `710REM${foreign}${'TRKC2601001'.padEnd(22)}${'LA COUNTY CSSD'.padEnd(35)}      0000001`,
  `711${'KIM MINSU'.padEnd(35)}${'SEOCHO-DAERO 1'.padEnd(35)}${' '.repeat(14)}0000001`,
  `712${'SEOUL*11\\'.padEnd(35)}${'KR*06234\\'.padEnd(35)}${'19800102'.padEnd(10)}    0000001`,
  `713${'KEB HANA'.padEnd(35)}02${'KOEXKRSE'.padEnd(34)}KR ${' '.repeat(10)}0000001`,
  `714${'COUNTY BANK'.padEnd(35)}01${'991000025'.padEnd(34)}US ${' '.repeat(10)}0000001`,
  `715${'9990001'.padEnd(15)}${'500 W TEMPLE ST'.padEnd(35)}${' '.repeat(34)}0000001`,
  `716${'LOS ANGELES*CA\\'.padEnd(35)}${'US*90012\\'.padEnd(35)}${' '.repeat(14)}0000001`,
  ...(remittance === '' ? [] : [`717${remittance.padEnd(80)}00010000001`]),
  control, '',
].join('\n');

describe('IAT', () => {
  it('gives what the other side counted in its own currency: two implied decimals, in won too', () => {
    const { entries: [entry], findings } = readBank(iatFile({ destination: 'KRW', foreign: '000000000083490000', rate: '11380.25        ' }));
    expect(entry).toMatchObject({ amountMinor: 60_500n, currency: 'USD', details: { counterValue: { amountMinor: 834_900n, currency: 'KRW' }, rate: { rate: '1380.25', source: 'KRW', target: 'KRW' } } });
    expect(findings.map(({ code }) => code)).not.toContain('nacha.foreign_amount_too_fine');
    const fine = readBank(iatFile({ destination: 'KRW', foreign: '000000000083490050' }));
    expect(fine.entries[0]?.details).toBeUndefined();
    expect(fine.findings).toContainEqual({ code: 'nacha.foreign_amount_too_fine', severity: 'warn', line: 3, params: { currency: 'KRW' } });
  });

  it('is known by its foreign trace, and carries child-support segments in 717', () => {
    const { entries: [entry], findings } = readBank(iatFile({ remittance: 'DED*CS*2000004106384*260108*60500*978398196*N*KIM,MIN*80KOR\\' }));
    expect(entry).toMatchObject({ candidates: ['TRKC2601001'], text: 'KIM MINSU', direction: 'credit' });
    expect(findings.map(({ code }) => code)).not.toContain('nacha.ded');
    const wrong = readBank(iatFile({ remittance: 'DED*CS*2000004106384*260108*60500*97839819*N*KIM,MIN*80KOR\\' }));
    expect(wrong.findings).toContainEqual({ code: 'nacha.ded', severity: 'warn', line: 3, params: { elements: 'ded.ssn' } });
  });

  it('tells what an entry lacks, and places that are not divided by stars', () => {
    const text = iatFile();
    expect((readBank(text.replace(/^714.*\n/m, ''))).findings).toContainEqual({ code: 'nacha.iat_addenda_missing', severity: 'warn', line: 3, params: { types: '714' } });
    expect((readBank(text.replace('KR*06234\\', 'KR06234\\ '))).findings).toContainEqual({ code: 'nacha.iat_place', severity: 'info', line: 3, params: { type: '712' } });
  });
});

describe('returns and notifications of change', () => {
  const returning = (addendum: string, code = '21') => [head, `5220${'LA COUNTY CSSD'.padEnd(36)}9990001234CCDCHILDSUPP       260128   1991000010000001`,
    `6${code}991000025990001230041     0000060500${'DSBLA260100001'.padEnd(15)}${'ROSA MEZA'.padEnd(22)}  1991000010000009`, addendum, control, ''].join('\n');

  it('are notices, not money', () => {
    const file = readBank(returning(`799R03991000010000001      99100002${'NO ACCOUNT'.padEnd(44)}991000010000009`));
    expect(file.entries).toEqual([]);
    expect(file.notices).toEqual([{ line: 4, kind: 'return', references: ['991000010000001', 'DSBLA260100001'], reason: 'R03', amountMinor: 60_500n, currency: 'USD', bookedOn: '2026-01-28', corrected: null }]);
    const changed = readBank(returning(`798C01991000010000001      99100002${'1918171614'.padEnd(44)}991000010000009`).replace('0000060500DSB', '0000000000DSB'));
    expect(changed.notices).toMatchObject([{ kind: 'change', reason: 'C01', amountMinor: null, corrected: '1918171614' }]);
  });

  it('that were sent back themselves name the return too', () => {
    const file = readBank(returning(`799R68991000010000001      99100002   991000010000077032${'03'.padEnd(23)}991000010000009`));
    expect(file.notices).toMatchObject([{ reason: 'R68', references: ['991000010000001', 'DSBLA260100001', '991000010000077'] }]);
  });

  it('of IAT hold the account number where others hold their identification: it is no reference', () => {
    const cor = [head, `5220${'IATCOR'.padEnd(16)}FF3               MX9990001234CORCHILDSUPPUSDMXN260128   1991000010000001`,
      `6219910000250001             0000000000${'012180001234567897'.padEnd(35)}  0 1991000010000009`.slice(0, 94),
      `798C01991000010000001      99100002${'012180009876543214'.padEnd(44)}991000010000009`, control, ''].join('\n');
    expect((readBank(cor)).notices).toMatchObject([{ kind: 'change', references: ['991000010000001'], corrected: '012180009876543214' }]);
  });
});

describe('the payment order of CTX', () => {
  const deduction = fc.record({
    type: fc.constant('CS'), caseId: fc.stringMatching(/^[A-Z0-9-]{1,20}$/), date: day, amountCents: fc.bigInt({ min: 1n, max: 99_999_999n }), obligorSsn: digits(9), medical: fc.constantFrom('Y', 'N', 'W'),
    name: fc.constantFrom('', 'KIM,MIN', 'HERNANDMAR'), fips: fc.constantFrom('', '06037', '80KOR'), terminated: fc.constantFrom('', 'Y', 'N'),
  });
  it('is read as it was written, however the addenda cut it', () => {
    fc.assert(fc.property(fc.array(deduction, { maxLength: 40 }), fc.stringMatching(/^[A-Z][A-Z0-9 ]{0,13}[A-Z]$/), fc.integer({ min: 1, max: 999_999_999 }), day, (deductions, name, control, sentOn) => {
      const order = { sender: name, receiver: 'CASDU', sentOn, sentAt: '0700', control, amountCents: deductions.reduce((sum, one) => sum + one.amountCents, 0n), trace: 'TR2601001', payer: name, payee: 'SDU', deductions };
      const information = write820(order);
      const pieces = information.match(/.{1,80}/g) ?? [];
      const read = read820(pieces.map((piece) => piece.padEnd(80)).join('').trimEnd());
      expect(read).toEqual({ ...order, deductions: deductions.map((one) => ({ ...one, warnings: [] })), warnings: [] });
    }));
  });
  it('must come to what the entry pays', () => {
    const order = { sender: 'A', receiver: 'B', sentOn: '2026-01-08', sentAt: '0700', control: 7, amountCents: 60_500n, trace: 'TRLA2601009', payer: 'A', payee: 'B', deductions: [] };
    const told = (cents: bigint) => {
      const [sample] = fc.sample(file, 1) as [AchFile];
      const [one] = fc.sample(batch('CTX'), 1) as [AchBatch];
      const [entry] = one.entries as [AchEntry];
      return readBank(writeNacha({ ...sample, batches: [{ ...one, description: 'CHILDSUPP', entries: [{ ...entry, cents, information: write820(order) }] }] }));
    };
    expect(told(60_500n).findings).toEqual([]);
    expect(told(60_500n).entries).toMatchObject([{ amountMinor: 60_500n, candidates: expect.arrayContaining(['TRLA2601009']) }]);
    expect(told(60_501n).findings).toEqual([{ code: 'nacha.payment_order', severity: 'warn', line: 3, params: { elements: 'x12.amount_differs' } }]);
  });
  it('says what does not agree', () => {
    const order = { sender: 'A', receiver: 'B', sentOn: '2026-01-08', sentAt: '0700', control: 7, amountCents: 100n, trace: 'T', payer: 'A', payee: 'B', deductions: [] };
    const written = write820(order);
    expect(read820(written.replace('SE*7', 'SE*8').replace('IEA*1*000000007', 'IEA*1*000000008'))?.warnings).toEqual(['x12.segment_count', 'x12.control_differs']);
    expect(read820(written.replace('ENT*1\\', 'ENT*1\\DED*CS*1*20260108*99*123456789*W\\').replace('SE*7', 'SE*8'))?.warnings).toEqual(['x12.deductions_differ']);
    expect(() => write820({ ...order, payer: 'A*B' })).toThrow(expect.objectContaining({ code: 'x12.element_unwritable' }));
    expect(read820('ENVIO PENSIONES')).toBeNull();
  });
});
