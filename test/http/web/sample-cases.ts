import { Readable } from 'node:stream';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';

/** A name that would run if a page forgot to escape it, and would be a formula in a spreadsheet. */
export const HOSTILE = '<script>alert(1)</script>"\'=1+1';

const person = (participantId: string, role: string, name: object, more: object = {}) => ({ participantId, role, name, nationalities: ['MX'], ...more });
const order = {
  orderId: 'o1', tribunal: 'Superior Court of California, County of Los Angeles', docketNumber: 'BY7654321', jurisdiction: 'US-CA', issuedOn: '2021-03-15', parentageEstablished: true,
  obligations: [{ obligationId: 'b1', kind: 'child_support', amount: '362.00', currency: 'USD', frequency: 'monthly', startsOn: '2021-04-01', dependents: ['p3'] }],
};
const supportCase = (caseId: string, county: string, participants: object[], more: object = {}) => ({
  extractVersion: '1.0', caseId, county, status: 'open', assistance: 'former', openedOn: '2021-02-01', participants, orders: [order],
  balances: [{ bucket: 'arrears_unassigned', amount: '4321.09', currency: 'USD', asOf: '2026-10-31' }], ...more,
});
const child = person('p3', 'dependent', { given: 'Lucía', family: 'Peña', secondFamily: 'Núñez' }, { birthDate: '2016-05-04' });
const mother = person('p2', 'obligee', { given: 'María Guadalupe', family: 'Núñez', secondFamily: 'Ibáñez' }, { birthDate: '1990-09-09', sex: 'F' });
const residence = { country: 'MX', lines: ['Calle Reforma 1200'], neighborhood: 'Centro', locality: 'Mexicali', region: 'BC', postalCode: '21100', verifiedOn: '2026-09-01', source: 'party' };
const father = person('p1', 'obligor', { given: 'José Ángel', family: 'Peña', secondFamily: 'Muñoz', aliases: ['José Pena'] }, {
  birthDate: '1988-12-24', sex: 'M', residence, identifiers: [{ type: 'SSN', value: '123-45-6789', source: 'party' }],
});

/** Cases of both counties: a plain one, one with a protected person, a Korean one, a closed one, and one with a hostile name. */
export const SAMPLE_CASES = {
  plain: supportCase('2000001000001', '06037', [father, mother, child]),
  protected: supportCase('2000001000002', '06037', [
    { ...father, participantId: 'p1' },
    { ...mother, residence: { ...residence, country: 'US', lines: ['1 Secret Street'], locality: 'Hiddenville', region: 'CA', postalCode: '90001' }, phones: ['+1 213 555 0199'], nondisclosure: { basis: 'affidavit', on: '2024-01-01' } }, child,
  ]),
  korean: supportCase('2000001000003', '06037', [
    person('p1', 'obligor', { given: 'Minsu', family: 'Kim', native: '김민수' }, { nationalities: ['KR'], birthDate: '1985-01-02', residence: { country: 'KR', lines: ['101-dong 202-ho, Teheran-ro 1'], locality: 'Seoul', postalCode: '06130', source: 'party' } }),
    person('p2', 'obligee', { given: 'Jiyoung', family: 'Lee', native: '이지영' }, { nationalities: ['KR'], birthDate: '1987-03-04' }),
    person('p3', 'dependent', { given: 'Seojun', family: 'Kim', native: '김서준' }, { nationalities: ['US', 'KR'], birthDate: '2015-06-07' }),
  ]),
  imperial: supportCase('2000001000004', '06025', [father, mother, child]),
  closed: supportCase('2000001000005', '06037', [father, mother, child], { status: 'closed', closedOn: '2026-06-30', orders: [], balances: [] }),
  hostile: supportCase('2000001000006', '06037', [person('p1', 'obligor', { given: HOSTILE, family: 'X'.repeat(60) }), mother, child]),
} as const;

export async function importSampleCases(ctx: Ctx, cases: readonly object[] = Object.values(SAMPLE_CASES)): Promise<void> {
  const text = `${cases.map((one) => JSON.stringify(one)).join('\n')}\n`;
  const summary = await importCaseExtract(ctx, { fileName: 'sample.ndjson', source: Readable.from([Buffer.from(text)]) });
  if (summary.imported !== cases.length) throw new Error(`sample cases were refused: ${JSON.stringify(summary)}`);
}
