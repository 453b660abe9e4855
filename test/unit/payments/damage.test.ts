import fc from 'fast-check';
import { AppError } from '../../../src/platform/errors.ts';
import { ach, camt, camtEntry, payment, readBank } from './bank-files.ts';
import { FORWARDING, REMITTANCE, forwardingLine, read, remittanceLine } from './partner-files.ts';

/** Cuts, doubles, replaces or inserts bytes. */
const damaged = (good: string) => fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.nat(30), bytes: fc.uint8Array({ maxLength: 12 }) }), { minLength: 1, maxLength: 4 })
  .map((cuts) => cuts.reduce((bytes, { at, drop, bytes: put }) => {
    const from = Math.floor(at * bytes.length);
    return Buffer.concat([bytes.subarray(0, from), Buffer.from(put), bytes.subarray(from + drop)]);
  }, Buffer.from(good)));

const passes = async (reading: () => unknown): Promise<void> => {
  try {
    await reading();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
};

const REPORT = `${FORWARDING}\n${[1, 2, 3, 4, 5].map((n) => forwardingLine({ folio: `FLA26-00000${n}` })).join('\n')}\nTOTAL,,,,1612.00,,,,,,,,\n`;
const ADVICE = `${REMITTANCE}\r\n${[1, 2, 3, 4, 5].map((n) => remittanceLine({ folio: `RLA26-00000${n}` })).join('\r\n')}\r\n`;
const STATEMENT = camt([1, 2, 3].map((n) => camtEntry({ ref: String(n), details: payment('<EndToEndId>TRLA2601001</EndToEndId>', '100.00', 'PENSIÓN') })).join(''));
const ACH = ach([{ addenda: ['DED*CS*2000004106384*260108*60500*978398196*N*MEZA,SER*06037\\'] }, {}]);

describe('a damaged file is read as far as it goes, or refused; it never breaks the program', () => {
  it.each([['report', REPORT], ['advice', ADVICE]])('%s', async (_, good) => {
    await fc.assert(fc.asyncProperty(damaged(good), (bytes) => passes(() => read('mx-consulate-los-angeles', bytes))), { numRuns: 300 });
  });

  it.each([['statement', STATEMENT], ['ACH file', ACH]])('%s', async (_, good) => {
    await fc.assert(fc.asyncProperty(damaged(good), (bytes) => passes(() => readBank(bytes))), { numRuns: 300 });
  });

  it('any bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      await passes(() => read('kr-kcsa', bytes));
      await passes(() => readBank(Buffer.from(bytes)));
    }), { numRuns: 300 });
  });

  it('amounts of a damaged line are never other than printed', () => {
    fc.assert(fc.property(fc.nat(ADVICE.length - 200), fc.constantFrom('"', ';', ',', '\n'), (at, sign) => {
      const from = 170 + at;
      const text = ADVICE.slice(0, from) + sign + ADVICE.slice(from);
      try {
        for (const line of read('mx-consulate-los-angeles', text).lines) {
          if (line.faults.length === 0) expect([line.amountMinor, line.settledMinor, line.rate]).toEqual([1112235n, 60500n, '0.054395']);
        }
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }), { numRuns: 400 });
  });

  it('numbers that no database holds', async () => {
    const huge = '9'.repeat(30);
    expect(read('mx-consulate-los-angeles', `${REMITTANCE}\n${remittanceLine({ importe_origen: huge, importe_usd: `${huge}.00`, comision: huge })}`).lines[0])
      .toMatchObject({ amountMinor: null, settledMinor: null, feeMinor: null, faults: ['line.amount_unreadable', 'line.fee_unreadable', 'line.settled_unreadable'] });
    expect(await readBank(camt(camtEntry({ ref: '1', amount: huge })))).toMatchObject({ rejected: 1, entries: [], findings: [{ code: 'bank.amount_out_of_range' }] });
  });

  it('control characters in an ACH file, which no table holds', async () => {
    const file = await readBank(Buffer.from(ACH.replace('LA COUNTY', 'LA\0COUNTY'), 'latin1'));
    expect(file.findings).toMatchObject([{ code: 'nacha.characters', line: 3 }]);
    expect(JSON.stringify(file.entries, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain('\\u0000');
  });
});
