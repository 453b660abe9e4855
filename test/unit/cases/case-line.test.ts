import fc from 'fast-check';
import { canonicalJson, changedPointers } from '../../../src/modules/cases/canonical.rules.ts';
import { readCaseLine } from '../../../src/modules/cases/read-case-line.ts';
import { aCase, aChild, anObligee, anObligor, anOrder } from '../../support/cases/builders.ts';

const read = (record: unknown) => readCaseLine(JSON.stringify(record));
const told = (record: unknown) => read(record).findings.map(({ severity, code, path }) => `${severity} ${code} ${path ?? ''}`);
const obligation = (changes: object) => anOrder({ obligations: [{ ...anOrder().obligations[0], ...changes } as never] });

describe('a line of an extract', () => {
  it('is taken as it is when nothing is wrong', () => {
    const { supportCase, findings } = read(aCase());
    expect(supportCase).toEqual(aCase());
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['nobody pays', aCase({ participants: [anObligee(), aChild()] }), 'block cases.participant_missing /participants'],
    ['nobody receives', aCase({ participants: [anObligor(), aChild()] }), 'block cases.participant_missing /participants'],
    ['there is no child', aCase({ participants: [anObligor(), anObligee()], orders: [] }), 'block cases.participant_missing /participants'],
    ['a name holds a control character (C1)', aCase({ participants: [anObligor(), anObligee({ name: { given: 'Rosa\u0085\u009b31m', family: 'León' } }), aChild()] }), 'block cases.text_unprintable /participants/1/name/given'],
    ['two participants share an id', aCase({ participants: [anObligor(), anObligee({ participantId: 'P1' }), aChild()] }), 'block cases.participant_id_repeated /participants/1/participantId'],
    ['an obligation names nobody’s child', aCase({ orders: [obligation({ dependents: ['P9'] })] }), 'block cases.dependent_unknown /orders/0/obligations/0/dependents/0'],
    ['an obligation names a parent as dependent', aCase({ orders: [obligation({ dependents: ['P2'] })] }), 'block cases.dependent_unknown /orders/0/obligations/0/dependents/0'],
    ['an order has no obligations', aCase({ orders: [anOrder({ obligations: [] })] }), 'block cases.order_without_obligations /orders/0/obligations'],
    ['a closed case lacks its date', aCase({ status: 'closed' }), 'block cases.closed_without_date /closedOn'],
    ['an open case has a closing date', aCase({ closedOn: '2024-01-01' }), 'block cases.open_with_closing_date /closedOn'],
    ['an amount is negative', aCase({ orders: [obligation({ amount: '-362.00' })] }), 'block cases.amount_negative /orders/0/obligations/0/amount'],
    ['an amount is no number', aCase({ orders: [obligation({ amount: '3,62.00' })] }), 'block cases.amount_unreadable /orders/0/obligations/0/amount'],
    ['an amount is too precise', aCase({ orders: [obligation({ amount: '362.001' })] }), 'block cases.amount_too_precise /orders/0/obligations/0/amount'],
    ['won have decimals', aCase({ orders: [obligation({ amount: '362.5', currency: 'KRW' })] }), 'block cases.amount_too_precise /orders/0/obligations/0/amount'],
    ['an amount overflows', aCase({ orders: [obligation({ amount: '9'.repeat(20) })] }), 'block cases.amount_too_large /orders/0/obligations/0/amount'],
    ['a currency is unknown', aCase({ orders: [obligation({ currency: 'XXX' })] }), 'block cases.currency_unknown /orders/0/obligations/0/currency'],
    ['a day does not exist', aCase({ openedOn: '2023-02-29' }), 'block cases.date_unreal /openedOn'],
    ['a county is no FIPS code', aCase({ county: 'LA' }), 'block cases.field_invalid /county'],
    ['a field is missing', { ...aCase(), participants: undefined }, 'block cases.field_missing /participants'],
    ['an amount is a number', aCase({ orders: [obligation({ amount: 362 })] }), 'block cases.field_invalid /orders/0/obligations/0/amount'],
    ['a protection names nobody', aCase({ participants: [anObligor(), anObligee({ nondisclosure: { basis: 'affidavit', on: '2024-01-01', against: 'P7' } }), aChild()] }), 'block cases.reference_unknown /participants/1/nondisclosure/against'],
    ['a text cannot be printed', aCase({ participants: [anObligor({ name: { given: 'A\u0000', family: 'B' } }), anObligee(), aChild()] }), 'block cases.text_unprintable /participants/0/name/given'],
    ['half a character stands in a name', aCase({ participants: [anObligor({ name: { given: '\ud83d', family: 'B' } }), anObligee(), aChild()] }), 'block cases.text_unprintable /participants/0/name/given'],
  ])('stays out when %s', (_, record, finding) => {
    expect(told(record)).toContain(finding);
    expect(read(record).supportCase).toBeNull();
  });

  it.each(['', '{', '[]', 'null', '12', '"text"', '{"caseId":'])('stays out when it is %j', (text) => expect(readCaseLine(text).supportCase).toBeNull());

  it('tells all faults of one line at once', () => {
    expect(told(aCase({ county: 'LA', caseId: 'lower case' }))).toEqual(expect.arrayContaining(['block cases.field_invalid /county', 'block cases.field_invalid /caseId']));
  });

  it('goes in with a warning when a field is unknown, and never repeats a field’s name that is no name', () => {
    const { supportCase, findings } = read({ ...aCase(), school: 'x', 'María 686-555': 1 });
    expect(supportCase).not.toBeNull();
    expect(findings.filter(({ code }) => code === 'cases.field_unknown').map(({ path }) => path)).toEqual(['/school', '/*']);
  });

  it('goes in when an account number is wrong, with a finding that blocks the account', () => {
    const record = aCase({ participants: [anObligor(), anObligee({ accounts: [{ kind: 'CLABE', value: '032180000118359710' }] }), aChild()] });
    expect(read(record).supportCase).not.toBeNull();
    expect(told(record)).toContain('block cases.clabe_check_digit /participants/1/accounts/0/value');
  });

  it('does not fall over deep or odd JSON', () => {
    expect(readCaseLine(`${'['.repeat(100_000)}${']'.repeat(100_000)}`).supportCase).toBeNull();
    const deep = JSON.stringify({ ...aCase(), extra: 0 }).replace('"extra":0', `"extra":${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`);
    expect(readCaseLine(deep).findings.map(({ code }) => code)).toEqual(['cases.line_too_deep']);
    expect(readCaseLine(JSON.stringify(aCase()).replace('"county"', '"__proto__":{"county":"06037"},"county"')).findings.map(({ code }) => code)).toContain('cases.field_unknown');
  });

  it('never repeats a value in a finding', () => {
    const canary = 'Zq7Canary';
    const paths: ((c: ReturnType<typeof aCase>) => void)[] = [
      (c) => { c.caseId = canary; }, (c) => { c.county = canary; }, (c) => { c.status = canary as never; }, (c) => { c.openedOn = canary; },
      (c) => { (c.participants[0] as { sex: string }).sex = canary; }, (c) => { (c.participants[0] as { residence: unknown }).residence = canary; },
      (c) => { (c.participants[1]?.identifiers?.[0] as { type: string }).type = canary; }, (c) => { (c.participants[1]?.identifiers?.[0] as { value: string }).value = canary; },
      (c) => { (c.orders[0]?.obligations[0] as { amount: string }).amount = canary; }, (c) => { (c.orders[0]?.obligations[0] as { dependents: string[] }).dependents = [canary]; },
      (c) => { (c.participants[2] as { livesWith: string }).livesWith = canary; },
    ];
    for (const spoil of paths) {
      const record = structuredClone(aCase());
      spoil(record);
      const { findings } = read(record);
      expect(findings.length).toBeGreaterThan(0);
      expect(JSON.stringify(findings)).not.toContain(canary);
    }
  });
});

describe('canonical form', () => {
  it('is the same for every order of keys and parses back to the same content', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
      const turned = Object.fromEntries(Object.entries(record).toReversed());
      return canonicalJson(record) === canonicalJson(turned) && canonicalJson(JSON.parse(canonicalJson(record))) === canonicalJson(record);
    }));
  });
  it('tells where two versions differ, and nothing else', () => {
    const before = aCase();
    const after = structuredClone(before);
    (after.participants[1] as { phones: string[] }).phones = ['+52 686 555 0199'];
    after.status = 'closed';
    after.closedOn = '2026-01-05';
    expect(changedPointers(before, after)).toEqual(['/closedOn', '/participants/1/phones/0', '/status']);
    expect(changedPointers(before, before)).toEqual([]);
  });
});
