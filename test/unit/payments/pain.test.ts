import fc from 'fast-check';
import { PAIN_001, creditTransferElements, creditTransferFindings, isRoutingNumber, readCreditTransfer } from '../../../src/modules/payments/formats/iso20022/pain001.rules.ts';
import type { CreditTransfer, TransferParty } from '../../../src/modules/payments/formats/iso20022/pain001.rules.ts';
import { PAIN_002, readStatusReport, statusReportElements } from '../../../src/modules/payments/formats/iso20022/pain002.rules.ts';
import type { StatusReport } from '../../../src/modules/payments/formats/iso20022/pain002.rules.ts';
import { readXml, writeXml } from '../../../src/modules/payments/formats/iso20022/xml-tree.ts';

const text = (most: number) => fc.stringMatching(new RegExp(`^[A-Z][A-Za-z0-9?:().,'+ -]{0,${most - 2}}[A-Za-z0-9]$`));
const id = fc.stringMatching(/^[A-Z0-9]([A-Z0-9-]{0,33}[A-Z0-9])?$/);
const party: fc.Arbitrary<TransferParty> = fc.record({
  name: text(140), country: fc.constantFrom('US', 'MX', 'KR'),
  account: fc.oneof(fc.record({ kind: fc.constant('iban' as const), value: fc.constantFrom('DE89370400440532013000', 'GB82WEST12345698765432') }), fc.record({ kind: fc.constant('other' as const), value: fc.stringMatching(/^[0-9]{1,34}$/) })),
  agent: fc.oneof(fc.record({ kind: fc.constant('bic' as const), value: fc.constantFrom('KOEXKRSE', 'BNMXMXMMXXX') }), fc.record({ kind: fc.constant('routing_number' as const), value: fc.constant('991000025') })),
});
const order: fc.Arbitrary<CreditTransfer> = fc.record({
  messageId: id, paymentId: id, createdAt: fc.constant('2026-11-20T12:00:00Z'), initiator: text(140), executionOn: fc.constantFrom('2026-11-20', '2026-12-31'), bearer: fc.constantFrom('DEBT', 'SHAR', 'CRED'),
  currency: fc.constantFrom('USD', 'MXN', 'KRW'), debtor: party, creditor: party,
  payments: fc.uniqueArray(fc.record({ endToEndId: id, amountMinor: fc.bigInt({ min: 1n, max: 10n ** 14n }) }), { minLength: 1, maxLength: 20, selector: (one) => one.endToEndId }),
});
const written = (one: CreditTransfer): string => writeXml(PAIN_001, creditTransferElements(one));

describe('pain.001.001.09', () => {
  it('is read as it was written, and the same order is the same bytes', () => {
    fc.assert(fc.property(order, (one) => {
      expect(creditTransferFindings(one)).toEqual([]);
      expect(readCreditTransfer(readXml(Buffer.from(written(one))).root)).toEqual(one);
      expect(written(structuredClone(one))).toBe(written(one));
    }));
  });

  it('has its elements in the order of the schema, counts and sums', () => {
    const [sample] = fc.sample(order, 1) as [CreditTransfer];
    const xml = written({ ...sample, currency: 'KRW', payments: [{ endToEndId: 'DSBKC260100001', amountMinor: 50_000n }, { endToEndId: 'DSBKC260100002', amountMinor: 1n }] });
    expect(xml).toContain('<NbOfTxs>2</NbOfTxs><CtrlSum>50001</CtrlSum>');
    expect(xml.match(/<(MsgId|CreDtTm|InitgPty|PmtInfId|PmtMtd|BtchBookg|ReqdExctnDt|Dbtr|DbtrAcct|DbtrAgt|ChrgBr|CdtTrfTxInf|PmtId|Amt|CdtrAgt|Cdtr|CdtrAcct|RmtInf)>/g)?.slice(0, 18).map((tag) => tag.slice(1, -1))).toEqual([
      'MsgId', 'CreDtTm', 'InitgPty', 'PmtInfId', 'PmtMtd', 'BtchBookg', 'ReqdExctnDt', 'Dbtr', 'DbtrAcct', 'DbtrAgt', 'ChrgBr', 'CdtTrfTxInf', 'PmtId', 'Amt', 'CdtrAgt', 'Cdtr', 'CdtrAcct', 'RmtInf']);
    expect(xml).toContain('<InstdAmt Ccy="KRW">50000</InstdAmt>');
  });

  it.each<[string, Partial<CreditTransfer>, string]>([
    ['orders.id_invalid', { messageId: 'X'.repeat(36) }, 'GrpHdr/MsgId'], ['orders.id_invalid', { paymentId: 'A//B' }, 'PmtInf/PmtInfId'], ['orders.date_invalid', { createdAt: '2026-11-31T12:00:00Z' }, 'GrpHdr/CreDtTm'],
    ['orders.date_invalid', { executionOn: '2026-02-30' }, 'PmtInf/ReqdExctnDt/Dt'], ['orders.name_invalid', { initiator: 'CONSULADO MÉXICO' }, 'GrpHdr/InitgPty/Nm'], ['orders.count_invalid', { payments: [] }, 'GrpHdr/NbOfTxs'],
    ['orders.amount_invalid', { payments: [{ endToEndId: 'A', amountMinor: 0n }] }, 'CdtTrfTxInf[1]/Amt/InstdAmt'],
    ['orders.id_repeated', { payments: [{ endToEndId: 'A', amountMinor: 1n }, { endToEndId: 'A', amountMinor: 2n }] }, 'CdtTrfTxInf[2]/PmtId/EndToEndId'],
  ])('refuses %s', (code, broken, path) => {
    const [sample] = fc.sample(order, 1) as [CreditTransfer];
    expect(creditTransferFindings({ ...sample, ...broken })).toEqual([{ code, severity: 'block', path }]);
  });

  it('knows check digits of accounts and banks', () => {
    const [sample] = fc.sample(order, 1) as [CreditTransfer];
    const debtor: TransferParty = { ...sample.debtor, account: { kind: 'iban', value: 'DE89370400440532013001' }, agent: { kind: 'routing_number', value: '991000026' } };
    expect(creditTransferFindings({ ...sample, debtor }).map(({ path }) => path)).toEqual(['DbtrAcct/Id', 'DbtrAgt/FinInstnId']);
    expect([isRoutingNumber('021000021'), isRoutingNumber('021000022'), isRoutingNumber('02100002')]).toEqual([true, false, false]);
  });

  it('is not taken when counts, sums or currencies disagree', () => {
    const [sample] = fc.sample(order, 1) as [CreditTransfer];
    const xml = written({ ...sample, currency: 'USD', payments: [{ endToEndId: 'A', amountMinor: 100n }, { endToEndId: 'B', amountMinor: 200n }] });
    for (const broken of [xml.replace('<CtrlSum>3.00', '<CtrlSum>3.01'), xml.replace('<NbOfTxs>2', '<NbOfTxs>3'), xml.replace('Ccy="USD">2.00', 'Ccy="MXN">2.00'), '<Document/>']) {
      expect(readCreditTransfer(readXml(Buffer.from(broken)).root)).toBeNull();
    }
  });
});

describe('pain.002', () => {
  const status = { status: fc.constantFrom('', 'ACTC', 'RJCT', 'PART'), reasons: fc.array(fc.constantFrom('AC04', 'AG01', 'NARRATIVE-CODE'), { maxLength: 3 }) };
  const report: fc.Arbitrary<Omit<StatusReport, 'line'>> = fc.record({
    messageId: id, createdAt: fc.constant('2026-11-21T09:00:00Z'), originalMessageId: id, group: fc.record(status),
    payments: fc.array(fc.record({
      paymentId: id, ...status,
      transactions: fc.array(fc.record({ line: fc.constant(2), endToEndId: id, status: fc.constantFrom('ACSC', 'RJCT', 'PDNG'), reasons: status.reasons, amount: fc.constant(null) }), { maxLength: 5 }),
    }), { maxLength: 3 }),
  });
  it.each(['pain.002.001.03', 'pain.002.001.10'])('%s is read as it was written', (version) => {
    fc.assert(fc.property(report, (one) => {
      const xml = writeXml(PAIN_002.replace('pain.002.001.10', version), statusReportElements(one));
      expect(readStatusReport(readXml(Buffer.from(xml)).root)).toEqual({ ...one, line: 2 });
    }));
  });
  it('keeps codes of reasons and no words, which may name persons', () => {
    const xml = '<Document><CstmrPmtStsRpt><GrpHdr><MsgId>B</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>M</OrgnlMsgId><GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Prtry>ROSA MEZA IS UNKNOWN</Prtry></Rsn>'
      + '<AddtlInf>ROSA MEZA</AddtlInf></StsRsnInf></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><TxInfAndSts><OrgnlInstrId>D1</OrgnlInstrId><TxSts>RJCT</TxSts><OrgnlTxRef><Amt><InstdAmt Ccy="USD">5.00</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>';
    const read = readStatusReport(readXml(Buffer.from(xml)).root);
    expect(JSON.stringify(read, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain('ROSA');
    expect(read?.payments[0]?.transactions).toMatchObject([{ endToEndId: 'D1', amount: { amountMinor: 500n, currency: 'USD' } }]);
    expect(readStatusReport(readXml(Buffer.from('<a/>')).root)).toBeNull();
  });
});
