import fc from 'fast-check';
import { disclose } from '../../../src/modules/cases/disclosure.rules.ts';
import type { Recipient } from '../../../src/modules/cases/disclosure-ledger.rules.ts';
import { protectedParticipants } from '../../../src/modules/cases/nondisclosure.rules.ts';
import type { Employer, Participant, Residence, Source, SupportCase } from '../../../src/modules/cases/support-case.rules.ts';
import { aCase, aChild, anObligee, anObligor, anOrder } from '../../support/cases/builders.ts';
import { plantCanaries, survivors } from '../../support/cases/canaries.ts';

const ON = '2026-11-20';
const CONSULATE: Recipient = { partnerId: 'mx-consulate-los-angeles', country: 'MX' };
const KCSA: Recipient = { partnerId: 'kr-kcsa', country: 'KR' };

const residence = (source?: Source): Residence => ({
  country: 'MX', lines: ['a', 'b'], neighborhood: 'c', locality: 'd', region: 'e', postalCode: 'f', verifiedOn: 'g', ...(source ? { source } : {}),
});
const employer = (source?: Source): Employer => ({ name: 'a', residence: residence(source), ...(source ? { source } : {}) });

/** A person with every field that a contract could carry. */
const full = (changes: Partial<Participant>): Participant => ({
  participantId: 'P1', role: 'obligor', name: { given: 'a', family: 'b', secondFamily: 'c', native: 'd', aliases: ['e', 'f'] }, sex: 'F', birthDate: 'g', birthPlace: 'h', nationalities: ['MX'],
  residence: residence('party'), identifiers: [{ type: 'CURP', value: 'i', country: 'MX', source: 'party' }, { type: 'SSN', value: 'j', country: 'US', source: 'party' }, { type: 'RRN', value: 'k', country: 'KR', source: 'party' }],
  phones: ['l', 'm'], emails: ['n'], employer: employer('party'), accounts: [{ kind: 'KR_BANK', value: 'o', bankCode: 'p' }, { kind: 'US_ACH', value: 'q', bankCode: 'r' }], ...changes,
});
const fullCase = (changes: Partial<SupportCase> = {}): SupportCase => aCase({
  participants: [full({}), full({ participantId: 'P2', role: 'obligee' }), full({ participantId: 'P3', role: 'dependent' })],
  orders: [anOrder(), anOrder({ orderId: 'O2', jurisdiction: 'KR', obligations: [] })],
  history: [{ kind: 'payment', on: 'x', amount: 'y', currency: 'USD', bucket: 'interest' }],
  partnerCaseNumbers: [{ partner: 'mx-consulate-los-angeles', value: 'z' }, { partner: 'mx-consulate-calexico', value: 'zz' }, { partner: 'kr-kcsa', value: 'zzz' }], ...changes,
});
const sealed = { basis: 'affidavit', on: '2024-01-01' } as const;
const NAMES_STAY = /^\/participants\/\d\/name\/(given|family|secondFamily|native)$/;

describe('nondisclosure', () => {
  it('lets no canary of a protected person or her child through, apart from their names', () => {
    const planted = plantCanaries(fullCase({ participants: [full({}), full({ participantId: 'P2', role: 'obligee', nondisclosure: sealed }), full({ participantId: 'P3', role: 'dependent' })] }));
    for (const recipient of [CONSULATE, KCSA, { partnerId: 'mx-sre', country: 'MX' }]) {
      const { view, decisions, findings } = disclose(planted.supportCase, recipient, ON);
      expect(survivors(view, planted).filter((pointer) => /^\/participants\/[12]\//.test(pointer) && !NAMES_STAY.test(pointer))).toEqual([]);
      expect(survivors({ decisions, findings }, planted)).toEqual([]);
      expect(view.participants.map(({ isProtected }) => isProtected)).toEqual([false, true, true]);
      expect(view.participants[1]?.residence).toEqual({ substitute: 'agency' });
      expect(JSON.stringify(view)).not.toMatch(/affidavit|nondisclosure/);
    }
  });

  it('puts the agency’s address also where none is known, so that its absence says nothing', () => {
    const { view } = disclose(aCase({ participants: [anObligor(), anObligee({ nondisclosure: sealed, residence: undefined as never }), aChild()] }), CONSULATE, ON);
    expect(view.participants[1]?.residence).toEqual({ substitute: 'agency' });
    expect(view.participants[2]?.residence).toEqual({ substitute: 'agency' });
  });

  it('withholds a tribunal that says where somebody went to court, and keeps that of the sending county', () => {
    const planted = aCase({ participants: [anObligor(), anObligee({ nondisclosure: sealed }), aChild()], orders: [anOrder(), anOrder({ orderId: 'O2', tribunal: 'Juzgado de Tlaxiaco', jurisdiction: 'MX-OC', docketNumber: '12/2020' }),
      anOrder({ orderId: 'O3', tribunal: 'Superior Court of California, County of Los Angeles, Pomona Courthouse' }), anOrder({ orderId: 'O4', tribunal: 'Superior Court of California, County of Kern' })] });
    const { view, findings } = disclose(planted, CONSULATE, ON);
    expect(view.orders.map(({ tribunal }) => tribunal)).toEqual(['Superior Court of California, County of Los Angeles', undefined, undefined, undefined]);
    expect(view.orders.slice(1).map(({ docketNumber, jurisdiction }) => [docketNumber, jurisdiction])).toEqual([[undefined, undefined], [undefined, undefined], [undefined, undefined]]);
    expect(findings.filter(({ code }) => code === 'cases.tribunal_withheld')).toHaveLength(3);
    expect(disclose({ ...planted, participants: [anObligor(), anObligee(), aChild()] }, CONSULATE, ON).view.orders[1]?.tribunal).toBe('Juzgado de Tlaxiaco');
  });

  it('withholds under any other name what would say the same: a shared address, telephone or account', () => {
    const home = { country: 'MX', lines: ['Calle Uno 1'], postalCode: '21120', source: 'party' } as const;
    const { view } = disclose(aCase({ participants: [
      anObligor({ residence: { ...home, lines: ['CALLE UNO, 1', 'Int. 4'], postalCode: '21121' }, phones: ['(686) 555-0101', '+52 686 555 0102'], emails: ['Ana@Example.org'], accounts: [{ kind: 'CLABE', value: '032180000118359719' }] }),
      anObligee({ nondisclosure: sealed, residence: { ...home, lines: ['Calle Uno 1'] }, phones: ['+52 686 555 0101'], emails: ['ana@example.org'], accounts: [{ kind: 'CLABE', value: '0321 8000 0118 3597 19' }] }), aChild(),
    ] }), CONSULATE, ON);
    // One home, written otherwise: the household is sealed whole, whoever is to pay.
    expect(view.participants[0]).toEqual({ participantId: 'P1', role: 'obligor', sex: 'M', name: anObligor().name, isProtected: true, residence: { substitute: 'agency' } });
  });

  it.each<[string, Participant[], string[]]>([
    ['the person and the children that live with her', [anObligor(), anObligee({ nondisclosure: sealed }), aChild(), aChild({ participantId: 'P4', livesWith: 'P1' })], ['P2', 'P3']],
    ['nobody after its last day', [anObligor(), anObligee({ nondisclosure: { ...sealed, until: '2026-11-19' } }), aChild()], []],
    ['on its last day still', [anObligor(), anObligee({ nondisclosure: { ...sealed, until: ON } }), aChild()], ['P2', 'P3']],
    ['when its last day cannot be read', [anObligor(), anObligee({ nondisclosure: { ...sealed, until: '2026-13-01' } }), aChild()], ['P2', 'P3']],
    ['before it starts', [anObligor(), anObligee({ nondisclosure: { basis: 'good_cause', on: '2027-01-01' } }), aChild()], ['P2', 'P3']],
    ['with a child, who lives with it, and the other children there', [anObligor(), anObligee(), aChild({ nondisclosure: sealed }), aChild({ participantId: 'P4' })], ['P2', 'P3', 'P4']],
    ['with a child, only the adult named', [anObligor(), anObligee(), anObligee({ participantId: 'P5', role: 'caretaker', residence: undefined as never }), aChild({ nondisclosure: sealed, livesWith: 'P5' }), aChild({ participantId: 'P4', livesWith: 'P2' })], ['P3', 'P5']],
    ['an obligor too', [anObligor({ nondisclosure: { ...sealed, against: 'P2' } }), anObligee(), aChild({ livesWith: 'P2' })], ['P1']],
  ])('protects %s', (_, participants, expected) => {
    expect([...protectedParticipants({ participants }, ON)].toSorted()).toEqual(expected);
  });

  it('tells the attorney, by pointer only', () => {
    const codes = disclose(aCase({ participants: [anObligor(), anObligee({ nondisclosure: sealed }), aChild()] }), CONSULATE, ON).findings.map(({ code, path }) => `${code} ${path}`);
    expect(codes).toEqual(expect.arrayContaining(['cases.person_protected /participants/1', 'cases.person_protected /participants/2', 'cases.recipient_near_protected /participants']));
  });
});

describe('provenance', () => {
  const obligorWith = (changes: Partial<Participant>) => disclose(aCase({ participants: [anObligor(changes), anObligee(), aChild()] }), CONSULATE, ON);

  it.each<[string, { source?: Source; verifiedBy?: Source }, boolean]>([
    ['told by a party', { source: 'party' }, true], ['of federal locate', { source: 'fpls' }, false], ['of the tax office', { source: 'irs' }, false], ['of the bank match', { source: 'fidm' }, false],
    ['of federal locate, verified by a court', { source: 'fpls', verifiedBy: 'court' }, true], ['of federal locate, verified by the tax office', { source: 'fpls', verifiedBy: 'irs' }, false],
    ['of nobody knows where', {}, false], ['of nobody knows where, though verified', { verifiedBy: 'court' }, false], ['of a source that no contract names', { source: 'gossip' as Source }, false],
  ])('decides on data %s', (_, origin, isOpen) => {
    const { view } = obligorWith({ residence: { country: 'MX', lines: ['x'], ...origin }, employer: { name: 'y', ...origin }, identifiers: [{ type: 'CURP', value: 'HEGG560427MVZRRL04', country: 'MX', ...origin }] });
    expect([view.participants[0]?.residence, view.participants[0]?.employer, view.participants[0]?.identifiers].map((part) => part !== undefined)).toEqual([isOpen, isOpen, isOpen]);
    expect(JSON.stringify(view)).not.toMatch(/fpls|irs|fidm|verifiedBy/);
  });

  it('says in a finding what lacks a source, and lets the case record’s own data be', () => {
    const { view, findings } = obligorWith({ residence: { country: 'MX', lines: ['x'] }, phones: ['1'], emails: ['a@example.org'] });
    expect(findings).toContainEqual({ code: 'cases.source_missing', severity: 'warn', path: '/participants/0/residence' });
    expect(view.participants[0]).toMatchObject({ phones: ['1'], emails: ['a@example.org'], birthDate: '1978-12-27' });
  });

  it('judges an employer’s address by its own source', () => {
    const { view } = obligorWith({ employer: { name: 'y', source: 'party', residence: { country: 'MX', lines: ['z'], source: 'fpls' } } });
    expect(view.participants[0]?.employer).toEqual({ name: 'y', source: 'party' });
  });

  it('gives each country its own numbers only, and never a social security number', () => {
    const identifiers: Participant['identifiers'] = [{ type: 'SSN', value: 's', source: 'party' }, { type: 'ITIN', value: 't', source: 'party' }, { type: 'CURP', value: 'c', source: 'party' }, { type: 'RRN', value: 'r', source: 'party' },
      { type: 'passport', value: 'p', country: 'KR', source: 'party' }, { type: 'passport', value: 'q', source: 'party' }];
    const shown = (recipient: Recipient) => disclose(aCase({ participants: [anObligor({ identifiers }), anObligee(), aChild()] }), recipient, ON).view.participants[0]?.identifiers?.map(({ value }) => value);
    expect(shown(CONSULATE)).toEqual(['c']);
    expect(shown(KCSA)).toEqual(['r', 'p']);
    expect(shown({ partnerId: 'xx', country: 'GB' })).toBeUndefined();
  });

  it('gives an account only where it can be paid to', () => {
    expect(obligorWith({ accounts: [{ kind: 'CLABE', value: '032180000118359719' }] }).view.participants[0]?.accounts).toHaveLength(1);
    expect(obligorWith({ accounts: [{ kind: 'CLABE', value: '032180000118359710' }] }).view.participants[0]?.accounts).toBeUndefined();
    expect(obligorWith({ accounts: [{ kind: 'CLABE', value: '032180000118359719', source: 'fidm' }] }).view.participants[0]?.accounts).toBeUndefined();
  });

  it('gives a partner its own file number and nobody else’s', () => {
    expect(disclose(fullCase(), KCSA, ON).view.partnerCaseNumbers).toEqual([{ partner: 'kr-kcsa', value: 'zzz' }]);
  });
});

describe('whatever the case', () => {
  it('withholds every field that the rules do not know, at every depth', () => {
    const spoiled = JSON.parse(JSON.stringify(fullCase()), (_, value: unknown) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, school: 'Qz-unknown', extra: { deep: 'Qz-unknown' } } : value)) as SupportCase;
    for (const recipient of [CONSULATE, KCSA]) expect(JSON.stringify(disclose(spoiled, recipient, ON))).not.toContain('Qz-unknown');
    expect(disclose(spoiled, CONSULATE, ON).decisions).toContainEqual({ pointer: '/participants/0/school', decision: 'withhold', reason: 'unknown_field' });
  });

  const source = fc.option(fc.constantFrom<Source>('party', 'employer', 'court', 'dmv', 'fpls', 'irs', 'fidm', 'partner', 'other'), { nil: undefined });
  const origin = fc.record({ source, verifiedBy: source }).map(({ source: from, verifiedBy }) => ({ ...(from ? { source: from } : {}), ...(verifiedBy ? { verifiedBy } : {}) }));
  const person = (participantId: string, role: Participant['role']) => fc.record({
    origins: fc.tuple(origin, origin, origin, origin, origin), protection: fc.option(fc.record({ until: fc.option(fc.constantFrom('2020-01-01', '2026-11-20', '2030-01-01', 'never'), { nil: undefined }) }), { nil: undefined }),
    livesWith: fc.option(fc.constantFrom('P1', 'P2', 'P3'), { nil: undefined }),
  }).map(({ origins: [a, b, c, d, e], protection, livesWith }): Participant => ({
    ...full({ participantId, role, residence: { ...residence(), ...a }, employer: { name: 'x', residence: { ...residence(), ...c }, ...b }, identifiers: [{ type: 'CURP', value: 'x', country: 'MX', ...d }], accounts: [{ kind: 'KR_BANK', value: 'x', ...e }] }),
    ...(protection ? { nondisclosure: { ...sealed, ...(protection.until ? { until: protection.until } : {}) } } : {}), ...(role === 'dependent' && livesWith ? { livesWith } : {}),
  }));
  const anyCase = fc.tuple(person('P1', 'obligor'), person('P2', 'obligee'), person('P3', 'caretaker'), person('P4', 'dependent'), person('P5', 'dependent')).map((participants) => fullCase({ participants }));

  it('shows nothing of restricted or unknown origin, nothing of the protected, and decides on every leaf', () => {
    fc.assert(fc.property(anyCase, fc.constantFrom(CONSULATE, KCSA), (supportCase, recipient) => {
      const planted = plantCanaries(supportCase);
      const { view, decisions } = disclose(planted.supportCase, recipient, ON);
      const shown = survivors(view, planted);
      const hidden = protectedParticipants(planted.supportCase, ON);
      supportCase.participants.forEach((participant, i) => {
        const mine = shown.filter((pointer) => pointer.startsWith(`/participants/${i}/`));
        if (hidden.has(participant.participantId)) expect(mine.filter((pointer) => !NAMES_STAY.test(pointer))).toEqual([]);
        const isRestricted = (part?: { source?: Source; verifiedBy?: Source }) => ['fpls', 'irs', 'fidm'].includes(part?.source ?? '') && (part?.verifiedBy === undefined || ['fpls', 'irs', 'fidm'].includes(part.verifiedBy));
        for (const part of ['residence', 'employer'] as const) {
          if (isRestricted(participant[part]) || participant[part]?.source === undefined) expect(mine.filter((pointer) => pointer.startsWith(`/participants/${i}/${part}`))).toEqual([]);
        }
        if (isRestricted(participant.accounts?.[0])) expect(mine.filter((pointer) => pointer.includes('/accounts/'))).toEqual([]);
        if (isRestricted(participant.identifiers?.[0])) expect(mine.filter((pointer) => pointer.includes('/identifiers/'))).toEqual([]);
      });
      for (const pointer of planted.pointerOf.values()) expect(decisions.some((decision) => pointer === decision.pointer || pointer.startsWith(`${decision.pointer}/`))).toBe(true);
      const disclosed = new Set(decisions.filter(({ decision }) => decision === 'disclose').map(({ pointer }) => pointer));
      for (const pointer of shown) expect([...disclosed].some((open) => pointer === open || pointer.startsWith(`${open}/`))).toBe(true);
    }), { numRuns: 120 });
  });

  it('does not change the case it looks at', () => {
    const supportCase = fullCase({ participants: [full({}), full({ participantId: 'P2', role: 'obligee', nondisclosure: sealed }), full({ participantId: 'P3', role: 'dependent' })] });
    const before = structuredClone(supportCase);
    disclose(supportCase, CONSULATE, ON);
    expect(supportCase).toEqual(before);
  });
});
