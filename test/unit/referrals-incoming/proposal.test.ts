import fc from 'fast-check';
import { checkedCover, factsOfCover, isEmptyCover, senderOf, shownState, INCOMING_STATES } from '../../../src/modules/referrals/incoming/incoming.rules.ts';
import type { IncomingFacts, StatedPerson } from '../../../src/modules/referrals/incoming/incoming.rules.ts';
import { judgeCase, missingForCase, proposalOf } from '../../../src/modules/referrals/incoming/proposal.rules.ts';
import type { Candidate, Found } from '../../../src/modules/referrals/incoming/proposal.rules.ts';
import { AppError } from '../../../src/platform/errors.ts';
import { aCase, aChild } from '../../support/cases/builders.ts';

const NOTHING: Found = { byCaseNumber: false, byPartnerNumber: false, byIdentifier: [] };
const person = (group: StatedPerson['group'], name: string, birthDate: string | null = null): StatedPerson => ({ group, name, native: null, birthDate, isProtected: false, identifiers: [] });
const facts = (...persons: StatedPerson[]): IncomingFacts => ({ services: ['locate'], theirNumbers: [], ourNumbers: [], persons, hasOrder: false, hasPayingAddress: false });
const obligor = person('paying', 'Genaro Mondragón Juárez', '1978-12-27');
const obligee = person('receiving', 'Rosa María León Romero', '1983-02-18');
const judged = (given: IncomingFacts, found: Partial<Found> = {}, supportCase = aCase()): [number, string[]] => {
  const { score, reasons } = judgeCase(supportCase, given, { ...NOTHING, ...found });
  return [score, reasons.map(({ code }) => code)];
};

describe('how well a case fits', () => {
  it('adds up names and birth dates, and names what speaks against it', () => {
    expect(judged(facts(obligor, obligee))).toEqual([84, ['paying_name', 'paying_birth_date', 'receiving_name', 'receiving_birth_date']]);
    expect(judged(facts(person('paying', 'Mondragon Juarez Genaro'), obligee))[0]).toBeGreaterThan(55);
    expect(judged(facts({ ...obligor, birthDate: '1979-12-27' }, obligee))).toEqual([37, ['paying_name', 'paying_birth_date_differs', 'receiving_name', 'receiving_birth_date']]);
    expect(judged(facts(obligor, person('receiving', 'Brenda Ochoa Lizárraga')))).toEqual([29, ['paying_name', 'paying_birth_date', 'receiving_differs']]);
  });

  it('lets a number stand alone, but not against everybody who is named', () => {
    expect(judged(facts(), { byCaseNumber: true })).toEqual([60, ['case_number']]);
    expect(judged(facts(person('paying', 'Brenda Ochoa Lizárraga'), person('receiving', 'Hugo Salas Ríos')), { byCaseNumber: true })).toEqual([5, ['case_number', 'paying_differs', 'receiving_differs', 'nobody_fits']]);
    expect(judged(facts(obligor), { byIdentifier: ['CURP', 'SSN'] })).toEqual([94, ['identifier', 'paying_name', 'paying_birth_date']]);
  });

  it('does not take a payee for a payer of the same name', () => {
    expect(judged(facts(person('paying', 'Rosa María León Romero', '1983-02-18')))[0]).toBe(0);
  });

  it('looks for a child among the children, by the day of birth where names are alike', () => {
    const twins = aCase({ participants: [...aCase().participants, aChild({ participantId: 'P4', name: { given: 'Ana Laura', family: 'Mondragón', secondFamily: 'León' }, birthDate: '2014-05-05' })] });
    expect(judged(facts(person('child', 'Ana Laura Mondragón León', '2014-05-05')), {}, twins)).toEqual([40, ['child_name', 'child_birth_date']]);
  });

  it('says that a case is closed, and lets it fit', () => {
    expect(judged(facts(obligor, obligee), {}, aCase({ status: 'closed', closedOn: '2026-01-01' }))).toEqual([84, expect.arrayContaining(['case_closed'])]);
  });

  it('never leaves 0 to 100, whatever is said', () => {
    const anyPerson = fc.record({
      group: fc.constantFrom('paying' as const, 'receiving' as const, 'child' as const), name: fc.oneof(fc.string(), fc.constantFrom(obligor.name, obligee.name)), native: fc.option(fc.string()),
      birthDate: fc.constantFrom(null, '1978-12-27', '2000-01-01'), isProtected: fc.boolean(), identifiers: fc.constant([]),
    });
    fc.assert(fc.property(fc.array(anyPerson, { maxLength: 8 }), fc.boolean(), fc.boolean(), (persons, byCaseNumber, byPartnerNumber) => {
      const [score] = judged(facts(...persons), { byCaseNumber, byPartnerNumber });
      expect(score >= 0 && score <= 100 && Number.isInteger(score)).toBe(true);
    }));
  });
});

describe('what is proposed', () => {
  const candidate = (caseId: string, score: number): Candidate => ({ caseId, score, reasons: [] });
  it.each([
    [[60], 'case'], [[59], 'candidates'], [[90, 74], 'case'], [[90, 75], 'candidates'], [[25], 'candidates'], [[24], 'new'], [[], 'new'],
  ])('of %j is %s', (scores, kind) => {
    expect(proposalOf(scores.map((score, index) => candidate(`C${index}`, score)), facts()).kind).toBe(kind);
  });

  it('lists ten at most, the best first, and the same whatever order they come in', () => {
    const all = Array.from({ length: 14 }, (_, index) => candidate(`C${10 + index}`, 40 + (index % 3)));
    const proposal = proposalOf(all, facts());
    expect(proposal.candidates).toHaveLength(10);
    expect(proposalOf([...all].reverse(), facts())).toEqual(proposal);
  });

  it('says what a new case would still need', () => {
    expect(missingForCase(facts(obligor, obligee, person('child', 'Ana Laura')))).toEqual(['paying_address', 'child_birth_date', 'order', 'their_number']);
    expect(missingForCase({ ...facts(obligor, obligee, person('child', 'Ana', '2011-01-10')), theirNumbers: ['7'], hasOrder: true, hasPayingAddress: true })).toEqual([]);
  });
});

describe('a cover', () => {
  const codes = (work: () => unknown): string[] => {
    try {
      work();
      return [];
    } catch (error) {
      return error instanceof AppError ? error.findings.map(({ code, path }) => `${code} ${path ?? ''}`) : [String(error)];
    }
  };
  it('is kept trimmed, and without persons who have no name', () => {
    expect(checkedCover({ fileNumber: '  A  1 ', obligor: { name: ' Ana\u00a0 Ruiz ' }, obligee: { name: '' }, children: [{ name: '' }], services: ['locate', 'locate'], note: 'a\nb' }, '2026-11-20')).toEqual({
      fileNumber: 'A 1', ourNumber: null, reference: null, services: ['locate'], obligor: { name: 'Ana Ruiz', birthDate: null }, obligee: null, children: [], note: 'a\nb',
    });
  });
  it('refuses what cannot be: dates, texts, services, more children than places', () => {
    const many = Array.from({ length: 9 }, (_, index) => ({ name: `C ${index}` }));
    expect(codes(() => checkedCover({ obligor: { name: 'A', birthDate: '2026-11-21' }, obligee: { name: 'B\u202e' }, children: many, services: ['x'] }, '2026-11-20'))).toEqual([
      'incoming.cover_service /services', 'incoming.cover_children /children', 'incoming.cover_date /obligor/birthDate', 'incoming.cover_text /obligee/name',
    ]);
  });
  it('is empty where it says nothing by which papers are found', () => {
    expect([isEmptyCover({ services: ['locate'], note: 'x' }), isEmptyCover({ reference: 'x' }), isEmptyCover({ children: [{ name: 'x' }] })]).toEqual([true, false, false]);
    expect(factsOfCover({ fileNumber: '1', ourNumber: '2' })).toMatchObject({ theirNumbers: ['1'], ourNumbers: ['2'], services: [] });
  });
});

describe('whose message it is', () => {
  const county = { county: '06037', partnerId: null };
  const partner = (partnerId: string) => ({ county: null, partnerId });
  const nobody = { county: null, partnerId: null };
  it.each([
    [partner('kr-kcsa'), county, 'theirs'], [county, partner('kr-kcsa'), 'ours'], [county, partner('mx-sre'), 'incoming.other_sender'], [partner('mx-sre'), county, 'incoming.other_sender'],
    [county, county, 'incoming.sender_unstated'], [partner('kr-kcsa'), partner('kr-kcsa'), 'incoming.sender_unstated'], [nobody, county, 'incoming.sender_unstated'],
    [{ county: '06037', partnerId: 'kr-kcsa' }, county, 'incoming.sender_unstated'],
  ])('from %j to %j: %s', (from, to, expected) => {
    const found = senderOf({ from, to }, 'kr-kcsa');
    expect(typeof found === 'string' ? found : found.code).toBe(expected);
  });

  it('tells the sender one word until a person has decided', () => {
    expect(INCOMING_STATES.map((state) => shownState(state))).toEqual(['received', 'received', 'accepted', 'accepted', 'refused', 'duplicate']);
  });
});
