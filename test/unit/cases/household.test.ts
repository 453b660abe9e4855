import fc from 'fast-check';
import { disclose } from '../../../src/modules/cases/disclosure.rules.ts';
import { screenOf } from '../../../src/modules/cases/screen.rules.ts';
import { protectedParticipants } from '../../../src/modules/cases/nondisclosure.rules.ts';
import { withRetained } from '../../../src/modules/cases/retained-protection.rules.ts';
import type { Participant, Residence, SupportCase } from '../../../src/modules/cases/support-case.rules.ts';
import { aCase, aChild, anObligee, anObligor, anOrder } from '../../support/cases/builders.ts';

const ON = '2026-11-20';
const MEXICO = { partnerId: 'mx-sre', country: 'MX' };
const sealed = { basis: 'affidavit', on: '2025-01-01' } as const;
const home = (changes: Partial<Residence> = {}): Residence => ({ country: 'US', lines: ['1420 North Sycamore Street Apt 4'], locality: 'Secfresno', region: 'CA', postalCode: '93701-4411', source: 'party', ...changes });
const her = (changes: Partial<Participant> = {}): Participant => anObligee({
  nondisclosure: sealed, residence: home(), phones: ['+1 559 555 0101'], emails: ['mary.hidden@sechouse.test'], employer: { name: 'Secpackers Cooperative', source: 'party' },
  identifiers: [{ type: 'CURP', value: 'LERR830218MJCNMS34', source: 'party' }], accounts: [{ kind: 'CLABE', value: '032180000118359719' }], ...changes,
});
/** What tells where she is, in any spelling, found in what is left of a text without blanks and signs. */
const TELLING = /sycamore|1420|93701|secfresno|5550101|559555|5595550199|sechouse|secpackers|hidden|lerr830218|118359719/;
const squeezed = (value: unknown): string => JSON.stringify(value).normalize('NFKD').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
const caseOf = (...participants: Participant[]): SupportCase => aCase({ participants: [...participants, aChild()] });
const anOpenObligor = (changes: Partial<Participant> = {}): Participant => anObligor({
  residence: { country: 'MX', lines: ['Calle Reforma 77'], locality: 'Tijuana', region: 'Baja California', postalCode: '22000', verifiedOn: '2026-02-03', source: 'party' }, phones: ['+52 664 555 0155'], emails: ['genaro@example.org'],
  employer: { name: 'Maderas del Norte', source: 'party' }, ...changes,
});
const caretaker = (changes: Partial<Participant>): Participant => ({ participantId: 'P9', role: 'caretaker', name: { given: 'Elena', family: 'Ruiz' }, sex: 'F', birthDate: '1960-01-01', ...changes });

const SPELLINGS: readonly [string, Partial<Residence>][] = [
  ['the same', {}], ['abbreviated', { lines: ['1420 N Sycamore St', 'Apt 4'] }], ['in another order', { lines: ['Apt 4', '1420 North Sycamore Street'] }], ['care of somebody', { lines: ['c/o Lopez', '1420 North Sycamore Street #4'] }],
  ['without the flat', { lines: ['1420 North Sycamore Street'], locality: undefined as never, postalCode: undefined as never }], ['the neighbour', { lines: ['1422 North Sycamore Street Apt 4'] }],
  ['full width and accented', { lines: ['Ｃ/O １４２０ Nórth Sycamore Street Apt 4'] }], ['in the locality', { lines: ['x y'], locality: '1420 North Sycamore Street Apt 4, SECFRESNO', postalCode: undefined as never }],
  ['in the neighbourhood, of another country', { country: 'MX', lines: ['x'], neighborhood: '1420 n. sycamore', locality: 'LA', postalCode: undefined as never }], ['by its postal code', { lines: ['PO Box 9'], locality: 'X', postalCode: '93701' }],
];

describe('a household', () => {
  it.each(SPELLINGS)('is not told by another adult’s address: %s', (_, changes) => {
    for (const role of ['caretaker', 'obligee', 'obligor'] as const) {
      const person = caretaker({ role, residence: home(changes), phones: ['559-555-0199', '+1 559 555 0101 ext 2', '(559)5550101x2'], emails: ['mary.hidden+1@example.org'], birthPlace: 'Secfresno, 1420 N. Sycamore',
        employer: { name: 'SECPACKERS, S.A.', source: 'party' }, name: { given: 'Elena', family: 'Ruiz', aliases: ['tel 559 555 0101', 'Ruiz de Secfresno', '1420 Sycamore'] } });
      const supportCase = caseOf(anOpenObligor(), her(), person);
      const { view, findings, decisions } = disclose(supportCase, MEXICO, ON);
      expect(squeezed(view)).not.toMatch(TELLING);
      expect(squeezed({ findings, decisions })).not.toMatch(TELLING);
      expect(squeezed([...screenOf(supportCase, ON).people])).not.toMatch(TELLING);
    }
  });

  it.each<[string, Participant[], string[]]>([
    ['who lives with her, of any role', [anOpenObligor(), her(), caretaker({ livesWith: 'P2' })], ['P2', 'P3', 'P9']],
    ['with whom she lives', [anOpenObligor(), her({ livesWith: 'P9' }), caretaker({})], ['P2', 'P3', 'P9']],
    ['along a chain', [anOpenObligor(), her(), caretaker({ livesWith: 'P8' }), caretaker({ participantId: 'P8', livesWith: 'P2' })], ['P2', 'P3', 'P8', 'P9']],
    ['at her address, written otherwise', [anOpenObligor(), her(), caretaker({ residence: home({ lines: ['1420 N. Sycamore St. #4'], postalCode: '93701' }) })], ['P2', 'P3', 'P9']],
    ['and not who lives elsewhere', [anOpenObligor(), her(), caretaker({ residence: home({ lines: ['9 Oak Rd'], locality: 'Lodi', postalCode: '95240' }) })], ['P2', 'P3']],
  ])('seals %s', (_, participants, expected) => {
    expect([...protectedParticipants(caseOf(...participants), ON)].toSorted()).toEqual(expected);
  });

  it('shows of whoever is on her side no place, contact, employer or account, and of the other side what cannot be hers', () => {
    const beside = caretaker({ residence: { country: 'MX', lines: ['Av. Hidalgo 3'], locality: 'Puebla', source: 'party' }, phones: ['1'], emails: ['e@example.org'], birthPlace: 'Puebla', employer: { name: 'Otra', source: 'party' }, accounts: [{ kind: 'CLABE', value: '002010077777777771' }] });
    const { view } = disclose(caseOf(anOpenObligor(), her(), beside), MEXICO, ON);
    expect(view.participants[2]).toEqual({ participantId: 'P9', role: 'caretaker', name: { given: 'Elena', family: 'Ruiz' }, sex: 'F', birthDate: '1960-01-01', isProtected: false });
    expect(view.participants[0]).toMatchObject({ residence: { lines: ['Calle Reforma 77'] }, phones: ['+52 664 555 0155'], emails: ['genaro@example.org'], employer: { name: 'Maderas del Norte' } });
  });

  it.each<[string, Partial<Participant>, string]>([
    ['a house number', { residence: { country: 'MX', lines: ['Calle Olmo 1420'], locality: 'Tijuana', source: 'party' } }, 'residence'],
    ['a postal code', { residence: { country: 'MX', lines: ['Calle Olmo 7'], locality: 'Tijuana', postalCode: '93701', source: 'party' } }, 'residence'],
    ['a town', { residence: { country: 'US', lines: ['77 Olive Ave'], locality: 'Secfresno, CA', source: 'party' } }, 'residence'],
    ['an area', { phones: ['(559) 444-3322'] }, 'phones'], ['a mail house', { emails: ['other@sechouse.test'] }, 'emails'], ['a word of the employer', { employer: { name: 'The Secpackers Union', source: 'party' } }, 'employer'],
    ['a town of birth', { birthPlace: 'Secfresno' }, 'birthPlace'], ['an account', { accounts: [{ kind: 'CLABE', value: '0321 8000 0118 3597 19' }] }, 'accounts'],
  ])('withholds from the other side what shares %s', (_, changes, part) => {
    const { view, findings } = disclose(caseOf(anOpenObligor(changes), her()), MEXICO, ON);
    expect(view.participants[0]).not.toHaveProperty(part);
    expect(findings.map(({ code, path }) => `${code} ${path?.split('/').slice(0, 4).join('/')}`)).toContain(`cases.protection_withheld /participants/0/${part}`);
  });

  it('lets no name leave that says where she is: nothing can be sent until it is mended', () => {
    const { view, findings } = disclose(caseOf(anOpenObligor(), her(), caretaker({ name: { given: 'Ana', family: 'Lopez c/o 1420 North Sycamore Street Apt 4' } })), MEXICO, ON);
    expect(squeezed(view)).not.toMatch(TELLING);
    expect(findings).toContainEqual({ code: 'cases.name_tells_whereabouts', severity: 'block', path: '/participants/2/name' });
  });

  it('says the same of the recipient wherever she is', () => {
    const said = ['US', 'MX', 'KR'].map((country) => disclose(caseOf(anOpenObligor(), her({ residence: home({ country }) })), MEXICO, ON).findings.filter(({ code }) => code === 'cases.recipient_near_protected'));
    expect(said[0]).toHaveLength(1);
    expect(said[1]).toEqual(said[0]);
    expect(said[2]).toEqual(said[0]);
  });

  it('gives orders and obligations ordinal ids, as a case system makes them of docket and court', () => {
    const orders = [anOrder({ orderId: '06-FRESNO-12', obligations: anOrder().obligations.map((one) => ({ ...one, obligationId: 'SECFRESNO-1' })) })];
    const { view } = disclose({ ...caseOf(anOpenObligor(), her()), orders }, MEXICO, ON);
    expect(view.orders.map((order) => [order.orderId, order.obligations.map(({ obligationId, dependents }) => [obligationId, dependents])])).toEqual([['O1', [['O1-1', ['P3']]]]]);
    expect(disclose({ ...caseOf(anOpenObligor(), anObligee()), orders }, MEXICO, ON).view.orders[0]?.orderId).toBe('06-FRESNO-12');
  });

  it('tells nothing, whoever writes any of it wherever', () => {
    const secrets = ['1420 N Sycamore St', 'apt 4 1420 sycamore', '93701', 'Secfresno', '+1 (559) 555-0101', '5595550101x2', 'mary.hidden@sechouse.test', 'Secpackers', 'LERR830218MJCNMS34', '032180000118359719'];
    const wrap = fc.tuple(fc.constantFrom('', 'c/o ', 'tel: ', 'Ñandú '), fc.constantFrom(...secrets), fc.constantFrom('', ' s/n', ', CA')).map((parts) => parts.join(''));
    const person = (participantId: string, role: Participant['role']) => fc.record({ text: wrap, more: wrap, place: wrap }).map(({ text, more, place }): Participant => ({
      participantId, role, name: { given: 'Ana', family: 'Ruiz', secondFamily: text, aliases: [more, text] }, birthPlace: place, phones: [text.slice(0, 40), more], emails: [text, more], residence: { country: 'MX', lines: [text, more], locality: place, neighborhood: text, region: more, source: 'court' },
      employer: { name: text, source: 'party', residence: { country: 'MX', lines: [place], region: text, source: 'party' } }, identifiers: [{ type: 'passport', country: 'MX', value: more, source: 'party' }, { type: 'INE', value: text, source: 'party' }], accounts: [{ kind: 'CLABE', value: text, bankCode: more }],
    }));
    fc.assert(fc.property(person('P1', 'obligor'), person('P8', 'caretaker'), person('P9', 'obligee'), wrap, (a, b, c, number) => {
      const { view } = disclose({ ...caseOf(a, her(), b, c), partnerCaseNumbers: [{ partner: 'mx-sre', value: number }] }, MEXICO, ON);
      const names = view.participants.flatMap(({ name }) => [name.secondFamily]);
      // A town or a firm may be anybody's second surname; where and to whom it belongs is all that must not be said.
      for (const name of names) expect(squeezed(name ?? '')).not.toMatch(/sycamore|1420|93701|5550101|sechouse|lerr830218|118359719/);
      const rest = { ...view, participants: view.participants.map(({ name, ...others }) => ({ ...others, aliases: name.aliases })) };
      expect(squeezed(rest)).not.toMatch(TELLING);
    }), { numRuns: 300 });
  });
});

describe('what is retained', () => {
  it('binds as if it were said, for everyone of the role where the person is gone, and never from an extract', () => {
    const plain = caseOf(anOpenObligor(), her({ nondisclosure: undefined as never }), caretaker({}));
    const of = (participantId: string) => [...protectedParticipants(withRetained(plain, [{ participantId, role: 'obligee', kind: 'nondisclosure', nondisclosure: sealed }]), ON)].toSorted();
    expect(of('P2')).toEqual(['P2', 'P3']);
    expect(of('gone')).toEqual(['P2', 'P3']);
    const forged = { ...plain, participants: plain.participants.map((one) => ({ ...one, retained: 5 as never })) };
    expect([...protectedParticipants(withRetained(forged, []), ON)]).toEqual([]);
    expect(JSON.stringify(disclose(withRetained(plain, [{ participantId: 'P2', role: 'obligee', kind: 'nondisclosure', nondisclosure: sealed }]), MEXICO, ON))).not.toMatch(/affidavit/);
  });
});

describe('where a datum was confirmed by a federal source', () => {
  it('leaves out when, as that is the federal datum', () => {
    const { view } = disclose(caseOf(anOpenObligor({ residence: { country: 'MX', lines: ['Calle 1'], verifiedOn: '1999-09-09', source: 'party', verifiedBy: 'fpls' },
      employer: { name: 'x', source: 'party', verifiedBy: 'irs', residence: { country: 'MX', lines: ['Calle 2'], verifiedOn: '1999-09-09', source: 'party' } } }), anObligee()), MEXICO, ON);
    expect(view.participants[0]).toMatchObject({ residence: { lines: ['Calle 1'], source: 'party' }, employer: { residence: { lines: ['Calle 2'] } } });
    expect(JSON.stringify(view)).not.toMatch(/1999-09-09|fpls|irs/);
  });
});
