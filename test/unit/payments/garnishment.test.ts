import fc from 'fast-check';
import { dedOfGarnishment, garnishmentElements, garnishmentOf, readGarnishments } from '../../../src/modules/payments/formats/iso20022/garnishment.rules.ts';
import type { Garnishment, GarnishmentParty } from '../../../src/modules/payments/formats/iso20022/garnishment.rules.ts';
import { readXml, writeXml } from '../../../src/modules/payments/formats/iso20022/xml-tree.ts';
import { parseDed } from '../../../src/modules/payments/formats/nacha/ded.rules.ts';
import { camt, camtEntry, readBank } from './bank-files.ts';

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:camt.054.001.08';
const overXml = (garnishment: Garnishment) => {
  const { root } = readXml(Buffer.from(writeXml(NAMESPACE, { RmtInf: { Strd: garnishmentElements(garnishment) } })));
  return readGarnishments(root.children[0] as typeof root);
};
/** Elements as anybody may print them: right, wrong, missing, far too long. */
const element = fc.oneof(fc.constantFrom('CS', 'II', '', 'Y', 'N', 'W', '260108', '20260108', '20260231', '60500', '12.50', '123456789', '6576562134', 'DOE, JOHN', 'KIM,MIN', '06037', '80KOR', '<&>"', '&A;'),
  fc.stringMatching(/^[!-)+-[\]-}]{0,30}$/));
const segment = fc.array(element, { minLength: 0, maxLength: 9 }).map((elements) => parseDed(`DED*${elements.join('*')}\\`)[0] ?? parseDed('DED*CS\\')[0]).filter((one) => one !== undefined);

describe('DED and GrnshmtRmt', () => {
  it('come to each other without loss, whatever a sender prints, through XML too', () => {
    fc.assert(fc.property(segment, ({ warnings: _, ...printed }) => {
      const garnishment = garnishmentOf(printed);
      const [read, ...more] = overXml(garnishment);
      expect([read?.garnishment, read?.warnings, more]).toEqual([garnishment, [], []]);
      expect(dedOfGarnishment(garnishment)).toEqual({ segment: printed, unheld: [] });
    }), { numRuns: 500 });
  });

  const text = (most: number) => fc.stringMatching(new RegExp(`^[A-Z][A-Za-z0-9 .,]{0,${most - 2}}[a-z]$`));
  const id = fc.record({ of: fc.constant('person' as const), id: text(35), scheme: fc.constantFrom('SOSE', 'TXID', ''), isProprietary: fc.constant(false), issuer: fc.constantFrom('', 'SSA') });
  const party: fc.Arbitrary<GarnishmentParty | null> = fc.option(fc.record({ name: text(140), ids: fc.array(id, { maxLength: 2 }) }), { nil: null });
  const any: fc.Arbitrary<Garnishment> = fc.record({
    type: fc.oneof(fc.constantFrom({ code: 'GNCS', isProprietary: false, issuer: '' }, { code: 'GTPP', isProprietary: false, issuer: '' }, { code: 'GNDP', isProprietary: false, issuer: 'SDU' }), fc.record({ code: text(35), isProprietary: fc.constant(true), issuer: text(35) })),
    garnishee: party, administrator: party, reference: fc.oneof(fc.constant(''), text(140)), date: fc.constantFrom(null, '2026-01-08'),
    amount: fc.option(fc.record({ amountMinor: fc.bigInt({ min: 0n, max: 10n ** 15n }), currency: fc.constantFrom('USD', 'MXN', 'KRW') }), { nil: null }),
    medical: fc.constantFrom(null, true, false), terminated: fc.constantFrom(null, true, false), additional: fc.array(text(140), { maxLength: 3 }),
  });
  it('name every element of a garnishment that no DED can hold; all others come back', () => {
    fc.assert(fc.property(any, (garnishment) => {
      expect(overXml(garnishment)[0]?.garnishment).toEqual(garnishment);
      const { segment: ded, unheld } = dedOfGarnishment(garnishment);
      const back = garnishmentOf(ded);
      const field: Record<string, keyof Garnishment> = { Tp: 'type', Grnshee: 'garnishee', GrnshmtAdmstr: 'administrator', RefNb: 'reference', Dt: 'date', RmtdAmt: 'amount', FmlyMdclInsrncInd: 'medical', MplyeeTermntnInd: 'terminated', AddtlRmtInf: 'additional' };
      for (const [element, name] of Object.entries(field)) if (!unheld.some((path) => path.endsWith(element))) expect(back[name]).toEqual(garnishment[name]);
    }), { numRuns: 300 });
  });

  it('put type, number, name, medical cover and FIPS where the schema has elements for them', () => {
    const [ded] = parseDed('DED*CS*2000004106384*260108*60500*978398196*W*MEZA,SER*80MEX*Y\\');
    expect(writeXml(NAMESPACE, garnishmentElements(garnishmentOf(ded as NonNullable<typeof ded>)))).toContain(
      '<GrnshmtRmt><Tp><CdOrPrtry><Cd>GNCS</Cd></CdOrPrtry></Tp><Grnshee><Nm>MEZA,SER</Nm><Id><PrvtId><Othr><Id>978398196</Id><SchmeNm><Cd>SOSE</Cd></SchmeNm></Othr></PrvtId></Id></Grnshee>'
      + '<GrnshmtAdmstr><Id><OrgId><Othr><Id>80MEX</Id><SchmeNm><Prtry>FIPS</Prtry></SchmeNm></Othr></OrgId></Id></GrnshmtAdmstr><RefNb>2000004106384</RefNb><Dt>2026-01-08</Dt>'
      + '<RmtdAmt Ccy="USD">605.00</RmtdAmt><MplyeeTermntnInd>true</MplyeeTermntnInd></GrnshmtRmt>');
  });

  it('are told in a notification of the bank where they deviate', async () => {
    const told = async (rest: string) => (await readBank(camt(camtEntry({ ref: '1', details: `<TxDtls><Refs><EndToEndId>TRLA2601001</EndToEndId></Refs><RmtInf><Strd><GrnshmtRmt><Tp><CdOrPrtry><Cd>GNCS</Cd></CdOrPrtry></Tp>`
      + `<Grnshee><Id><PrvtId><Othr><Id>${rest}</Id><SchmeNm><Cd>SOSE</Cd></SchmeNm></Othr></PrvtId></Id></Grnshee><RefNb>2000004106384</RefNb><Dt>2026-01-08</Dt><RmtdAmt Ccy="USD">100.00</RmtdAmt></GrnshmtRmt></Strd></RmtInf></TxDtls>` }), { message: '054' }))).findings;
    expect(await told('978398196')).toEqual([]);
    expect(await told('97839819')).toEqual([{ code: 'bank.garnishment', severity: 'warn', line: 4, params: { elements: 'ded.ssn' } }]);
  });

  it('say what cannot be read', () => {
    const { root } = readXml(Buffer.from('<R><Strd><GrnshmtRmt><Tp/><Dt>20260108</Dt><RmtdAmt Ccy="USD">12.345</RmtdAmt></GrnshmtRmt></Strd><Strd/></R>'));
    expect(readGarnishments(root)).toMatchObject([{ warnings: ['garnishment.date', 'garnishment.amount', 'garnishment.type'], line: 1 }]);
    expect(() => writeXml(NAMESPACE, { Nm: 'A\u0000' })).toThrow(expect.objectContaining({ code: 'xml.character_refused' }));
    expect(() => garnishmentOf({ ...(parseDed('DED*CS\\')[0] as NonNullable<ReturnType<typeof parseDed>[0]>), caseId: 'X'.repeat(420) })).toThrow(expect.objectContaining({ code: 'garnishment.unmappable' }));
  });
});
