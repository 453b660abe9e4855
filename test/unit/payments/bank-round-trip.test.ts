import fc from 'fast-check';
import { writeBai2 } from '../../../src/modules/payments/formats/bai2-write.rules.ts';
import { transferCandidates } from '../../../src/modules/payments/formats/bank-entry.rules.ts';
import type { BankEntry, BankEntryDetails, BankFile, BankSource, BankStatement } from '../../../src/modules/payments/formats/bank-entry.rules.ts';
import { writeCamt } from '../../../src/modules/payments/formats/iso20022/camt-write.rules.ts';
import type { CamtVersion } from '../../../src/modules/payments/formats/iso20022/camt-write.rules.ts';
import { writeMt940 } from '../../../src/modules/payments/formats/mt940-write.rules.ts';
import { readBank } from './bank-files.ts';

/** parse(write(x)) = x: whatever a format can say, it says again when it is read; lines aside, which writing gives. */

const day = fc.date({ min: new Date('2001-01-01'), max: new Date('2078-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
const reference = fc.stringMatching(/^[A-Z]{2}[0-9]{3}[A-Z0-9]{0,11}$/).filter((text) => text.length <= 16);
const word = fc.oneof(fc.stringMatching(/^[A-Za-z]{1,12}$/), fc.stringMatching(/^[A-Z]{2}[0-9]{2,8}$/), fc.constantFrom('PENSIÓN', 'ñandú', 'alimentos.', '(enero)'));
const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '));
const currency = fc.constantFrom('USD', 'MXN', 'KRW');
const minor = fc.bigInt({ min: 0n, max: 99_999_999_999n });
const money = fc.record({ amountMinor: minor, currency });
const rate = fc.stringMatching(/^[1-9][0-9]{0,4}\.[0-9]{1,5}$/);

interface Said { references: string[]; text: string; servicerRef: string; entryRef: string; amountMinor: bigint; direction: 'credit' | 'debit'; isReversal: boolean; bookedOn: string | null; valueOn: string | null; parts: number; details: BankEntryDetails | undefined }
interface Shape { hasParts: boolean; details: fc.Arbitrary<BankEntryDetails | undefined>; words: fc.Arbitrary<string>; references: number }

const said = ({ hasParts, details, words, references }: Shape): fc.Arbitrary<Said> => fc.record({
  references: fc.uniqueArray(reference, { maxLength: references }), text: words, servicerRef: fc.oneof(fc.constant(''), reference), entryRef: reference, amountMinor: minor,
  direction: fc.constantFrom('credit' as const, 'debit' as const), isReversal: fc.boolean(), bookedOn: fc.option(day), valueOn: fc.option(day), parts: hasParts ? fc.integer({ min: 0, max: 3 }) : fc.constant(0), details,
});

const statementOf = (ccy: string, at: number, more: Partial<BankStatement>): BankStatement => ({
  line: 0, account: `99000${at}`, currency: ccy, statementId: `S${at}`, sequence: null, page: null, from: null, to: null, opening: null, closing: null, isCopy: false, ...more,
});

function entryOf(one: Said, s: BankStatement, at: number, more: Partial<BankEntry>): BankEntry {
  const entryRef = more.entryRef ?? one.entryRef;
  return {
    line: 0, entryRef, part: 0, account: s.account, group: s.statementId, amountMinor: one.amountMinor, currency: s.currency ?? '', direction: one.direction, isReversal: one.isReversal,
    bookedOn: one.bookedOn, valueOn: one.valueOn, servicerRef: one.servicerRef, text: one.text, statement: at,
    ...(one.details ? { details: one.details } : {}), ...more, candidates: more.candidates ?? transferCandidates([...one.references, one.servicerRef], [more.text ?? one.text]),
  };
}

/** Balances that agree with the entries, so that nothing is found. */
function balanced(s: BankStatement, entries: readonly BankEntry[], opening: bigint): BankStatement {
  return { ...s, opening, closing: entries.reduce((sum, { direction, amountMinor }) => sum + (direction === 'credit' ? amountMinor : -amountMinor), opening) };
}

const fileOf = (source: BankSource, format: string, statements: BankStatement[], entries: BankEntry[]): BankFile => ({ source, format, entries, statements, notices: [], rejected: 0, findings: [] });
const withoutLines = (file: BankFile): BankFile => ({ ...file, entries: file.entries.map((one) => ({ ...one, line: 0 })), statements: file.statements.map((one) => ({ ...one, line: 0 })) });

async function staysTheSame(file: BankFile, write: (file: BankFile) => string): Promise<void> {
  const written = write(file);
  expect(withoutLines(await readBank(written, 61))).toEqual(file);
  // Reading and writing again gives the very same bytes.
  expect(write(await readBank(written, 4_096))).toBe(written);
}

const camtDetails: fc.Arbitrary<BankEntryDetails | undefined> = fc.option(fc.record({
  instructed: money, counterValue: money,
  rate: fc.record({ rate, source: fc.constantFrom('MXN', 'KRW'), target: fc.constant('USD'), quotedOn: fc.option(day) }),
  charges: fc.array(fc.record({ amountMinor: fc.bigInt({ min: -999n, max: 9_999n }), currency, bearer: fc.constantFrom('', 'SHAR', 'DEBT', 'CRED') }), { minLength: 1, maxLength: 3 }),
}, { requiredKeys: [] }).filter((details) => Object.keys(details).length > 0), { nil: undefined });

const camtFile = (source: 'camt.053' | 'camt.054', version: CamtVersion): fc.Arbitrary<BankFile> => fc.array(fc.record({
  currency, opening: fc.bigInt({ min: -999_999n, max: 999_999n }), period: fc.option(fc.tuple(day, day)), sequence: fc.option(fc.integer({ min: 1, max: 99_999 })),
  page: fc.constant(version === '02' ? null : 1), isCopy: fc.boolean(), entries: fc.array(said({ hasParts: true, details: camtDetails, words: text, references: 9 }), { maxLength: 4 }),
}), { minLength: 1, maxLength: 3 }).map((all) => {
  const entries: BankEntry[] = [];
  const statements = all.map((one, at) => {
    const [from, to] = one.period ?? [null, null];
    const s = statementOf(one.currency, at, { sequence: one.sequence, page: one.page, isCopy: one.isCopy, from, to });
    const own = one.entries.flatMap((entry) => {
      const entryRef = entry.servicerRef === '' ? entry.entryRef : entry.servicerRef;
      if (entry.parts < 2) return [entryOf(entry, s, at, { entryRef })];
      // Details are those of single payments; the first gives its direction to the booking.
      return Array.from({ length: entry.parts }, (_, part) => entryOf(entry, s, at, { entryRef, part: part + 1, amountMinor: entry.amountMinor + BigInt(part) }));
    });
    entries.push(...own);
    if (source === 'camt.054') return s;
    return { ...balanced(s, own, one.opening), from: from ?? '1970-01-01', to: to ?? '1970-01-01' };
  });
  return fileOf(source, `${source}.001.${version}`, statements, entries);
});

describe.each(['camt.053', 'camt.054'] as const)('%s', (source) => {
  it.each(['02', '04', '08'] as const)('version %s is read as it was written', async (version) => {
    await fc.assert(fc.asyncProperty(camtFile(source, version), (file) => staysTheSame(file, (one) => writeCamt(one, { version, messageId: 'M1', createdAt: '2026-01-19T10:00:00' }))), { numRuns: 60 });
  });
});

it('a returned payment of ISO 20022 is read as it was written', async () => {
  await fc.assert(fc.asyncProperty(fc.uniqueArray(reference, { minLength: 1, maxLength: 4 }), fc.constantFrom('AC04', 'MS03', 'Beneficiary unknown'), minor, async (references, reason, amountMinor) => {
    const s = { ...statementOf('USD', 0, {}), line: 2 };
    const entry: BankEntry = {
      line: 2, entryRef: 'E1', part: 0, account: s.account, group: 'S0', amountMinor, currency: 'USD', direction: 'credit', isReversal: false, bookedOn: '2026-01-19', valueOn: null, servicerRef: '',
      candidates: references, text: '', statement: 0,
    };
    const file: BankFile = {
      ...fileOf('camt.054', 'camt.054.001.08', [s], [entry]),
      notices: [{ line: 2, kind: 'return', references, reason, amountMinor, currency: 'USD', bookedOn: '2026-01-19', corrected: null }] };
    const again = await readBank(writeCamt(file, { version: '08', messageId: 'M', createdAt: '2026-01-19T10:00:00' }));
    expect(again.notices).toEqual(file.notices.map((notice) => ({ ...notice, line: 3 })));
  }), { numRuns: 30 });
});

const mt940Details: fc.Arbitrary<BankEntryDetails | undefined> = fc.option(fc.record({
  instructed: money, charges: money.map((one) => [{ ...one, bearer: '' }]), rate: rate.map((one) => ({ rate: one, source: '', target: '', quotedOn: null })),
}, { requiredKeys: [] }).filter((details) => Object.keys(details).length > 0), { nil: undefined });

it('MT940 is read as it was written', async () => {
  const arbitrary = fc.array(fc.record({
    currency, opening: fc.bigInt({ min: -999_999n, max: 999_999n }), from: day, to: day, sequence: fc.option(fc.integer({ min: 1, max: 99_999 })), page: fc.option(fc.integer({ min: 1, max: 999 })),
    entries: fc.array(fc.tuple(said({ hasParts: false, details: mt940Details, words: text.map((one) => one.replaceAll('(', '').replaceAll(')', '')), references: 3 }), day, fc.integer({ min: -150, max: 150 })), { maxLength: 4 }),
  }), { minLength: 1, maxLength: 3 }).map((all) => {
    const entries: BankEntry[] = [];
    const statements = all.map((one, at) => {
      const page = one.sequence === null ? null : one.page;
      const s = statementOf(one.currency, at, { sequence: one.sequence, page, from: one.from, to: one.to });
      const own = one.entries.map(([entry, valueOn, days]) => {
        const bookedOn = entry.bookedOn === null ? null : new Date(Date.parse(valueOn) + days * 86_400_000).toISOString().slice(0, 10);
        const isOwn = entry.servicerRef === '';
        return entryOf(entry, s, at, {
          valueOn, bookedOn, group: `${one.sequence ?? s.statementId}/${page ?? ''}`, entryRef: isOwn ? entry.entryRef : entry.servicerRef,
          candidates: transferCandidates([...(isOwn ? [entry.entryRef] : []), ...entry.references, entry.servicerRef], [entry.text]) });
      });
      entries.push(...own);
      return balanced(s, own, one.opening);
    });
    return fileOf('mt940', 'mt940', statements, entries);
  });
  await fc.assert(fc.asyncProperty(arbitrary, (file) => staysTheSame(file, writeMt940)), { numRuns: 100 });
});

it('BAI2 is read as it was written', async () => {
  const arbitrary = fc.array(fc.record({
    currency, opening: fc.bigInt({ min: -999_999n, max: 999_999n }), asOf: day, modifier: fc.constantFrom('', '2', '4'),
    entries: fc.array(said({ hasParts: false, details: fc.constant(undefined), words: text, references: 0 }), { maxLength: 4 }),
  }), { minLength: 1, maxLength: 3 }).map((all) => {
    const entries: BankEntry[] = [];
    const statements = all.map((one, at) => {
      const s = statementOf(one.currency, at, { statementId: `BANK/${one.asOf}/${one.modifier}`, from: one.asOf, to: one.asOf });
      const own = one.entries.map((entry) => {
        const isOwn = entry.servicerRef === '';
        return entryOf(entry, s, at, {
          bookedOn: one.asOf, entryRef: isOwn ? entry.entryRef : entry.servicerRef,
          candidates: transferCandidates([...(isOwn ? [entry.entryRef] : []), entry.servicerRef], [entry.text]) });
      });
      entries.push(...own);
      return balanced(s, own, one.opening);
    });
    return fileOf('bai2', 'bai2', statements, entries);
  });
  await fc.assert(fc.asyncProperty(arbitrary, (file) => staysTheSame(file, (one) => writeBai2(one, { sender: '122000247', receiver: 'COUNTY', createdOn: '2026-01-19', time: '0600', fileId: '1' }))), { numRuns: 100 });
});
