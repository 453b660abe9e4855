import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { textGate } from '../../../src/modules/cases/index.ts';
import { discloseInterview } from '../../../src/modules/referrals/interview/disclose-interview.rules.ts';
import type { DisclosedInterview } from '../../../src/modules/referrals/interview/disclose-interview.rules.ts';
import type { InterviewAnswers, InterviewField } from '../../../src/modules/referrals/interview/interview-definition.rules.ts';
import { interviewDefinition } from '../../../src/modules/referrals/interview/interviews.ts';
import { aChild, anObligee } from '../../support/cases/builders.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';
import { anAnswerTo } from '../../support/referrals-interview/answers.ts';

const definition = interviewDefinition();
const SCHOOL = 'Escuela Benito Quetzal';
/** What must never be said of the mother in this case: her town, employer, telephone, street; and the child's school. */
const WHEREABOUTS = { town: 'Holtville', employer: 'Sunkist Packing', phone: '760 555 0142', street: '7842 Main St', postalCode: '92250', email: 'rosa.l@proton.me', school: SCHOOL };

function aProtectedCase(): SupportCase {
  const base = aMexicanCase();
  const mother = anObligee({
    ...base.participants[1], phones: ['+1 760 555 0142'], emails: ['rosa.l@proton.me'], employer: { name: 'Sunkist Packing', source: 'party' }, nondisclosure: { basis: 'affidavit', on: '2024-01-01' },
  });
  return { ...base, participants: [...base.participants.slice(0, 1), mother, aChild({ livesWith: 'P2' })] };
}

/** Right answers to everything, in which every text is this one. */
function filled(text: string): InterviewAnswers {
  const of = (scope: string) => Object.fromEntries(definition.sections.filter((section) => section.scope === scope).map((section) => [section.id, anAnswerTo(section, text)]));
  return { sections: of('case'), children: { P3: of('child') } };
}

function disclosed(supportCase: SupportCase, answers: InterviewAnswers, country = 'MX', source = 'party'): DisclosedInterview {
  return discloseInterview({ definition, answers, language: 'es-MX', source, supportCase, recipient: { partnerId: 'x', country }, on: '2026-11-20' });
}

const everywhere = ['MX', 'KR'];
const told = ({ interview, narrativeSources }: DisclosedInterview) => JSON.stringify([interview, narrativeSources]);
const withdrawn = (given: DisclosedInterview) => given.findings.filter(({ code }) => code === 'interview.answer_withheld').length;

/** Every text field as `section.field` or `section.list.column`, with answers in which it alone holds the text. */
const TEXTS: [string, InterviewField, (text: string) => InterviewAnswers][] = definition.sections.flatMap((section) => section.fields.flatMap((field) => {
  const place = (answer: object): InterviewAnswers => ({ sections: section.scope === 'case' ? { [section.id]: answer as never } : {}, children: section.scope === 'child' ? { P3: { [section.id]: answer as never } } : {} });
  const isText = (one: InterviewField) => one.kind === 'text' || one.kind === 'long';
  if (field.kind === 'list') return (field.fields ?? []).filter(isText).map((column): [string, InterviewField, (text: string) => InterviewAnswers] => [`${section.id}.${field.id}.${column.id}`, column, (text) => place({ [field.id]: [{ [column.id]: text }] })]);
  return isText(field) ? [[`${section.id}.${field.id}`, field, (text: string) => place({ [field.id]: text })] as [string, InterviewField, (text: string) => InterviewAnswers]] : [];
}));

describe.each(TEXTS)('the answer to %s', (_name, field, answer) => {
  it.each(Object.entries(WHEREABOUTS))('never tells the %s of a protected person', (_what, secret) => {
    const base = answer(`She is at ${secret} since May`);
    const answers = { sections: base.sections, children: { P3: { ...base.children['P3'], needs: { school: SCHOOL, ...base.children['P3']?.['needs'] } } } };
    for (const country of everywhere) {
      const output = told(disclosed(aProtectedCase(), answers, country));
      expect(output).not.toContain(secret);
      expect(output).not.toContain('She is at');
    }
  });

  it('never carries a number or a federal source, whoever it is about', () => {
    for (const text of ['his number is 919-07-3588', 'LERR830218MJCNMS34', '680126-2345678', '032180000118359719', 'from a tax refund intercept', 'the FPLS knows']) {
      for (const supportCase of [aMexicanCase(), aProtectedCase()]) {
        const given = disclosed(supportCase, answer(text), 'MX');
        expect(told(given)).not.toContain(text);
      }
      const given = ['MX', 'KR'].flatMap((country) => disclosed(aMexicanCase(), answer(text), country).findings);
      expect(given.some(({ code, severity }) => severity === 'block' && /(text_(identifier|federal_source)|too_long)$/.test(code))).toBe(true);
    }
  });

  it('leaves where nobody is protected and it says nothing wrong', () => {
    const canary = 'canary of an answer'.slice(0, field.charactersMax);
    expect(['MX', 'KR'].some((country) => told(disclosed(aMexicanCase(), answer(canary), country)).includes(canary))).toBe(true);
  });
});

describe('where somebody is protected', () => {
  it('no answer that tells who or where they are leaves, whatever it says', () => {
    const given = disclosed(aProtectedCase(), filled('Qzq'));
    const out = given.interview;
    expect(out.sections['declarant']).toEqual({ role: 'obligee' });
    expect(out.sections['payment_change']).not.toHaveProperty('payeeName');
    expect(out.sections['payment_change']).not.toHaveProperty('payeeAddress');
    expect(out.sections['mexico']).toEqual({ acknowledgedInMexico: true });
    expect(Object.keys(out.children['P3']?.['needs'] ?? {}).filter((field) => ['school', 'insurer', 'currency'].includes(field))).toEqual([]);
    expect(Object.keys(out.children['P3']?.['conception'] ?? {}).filter((field) => ['place', 'acknowledgedWhere'].includes(field))).toEqual([]);
    expect(out.sections['residence_history']).toEqual({ periods: [{ from: '2016-05', to: '2016-05', basis: 'lived_with_child' }] });
    expect(disclosed(aProtectedCase(), filled('Qzq'), 'KR').interview.sections['korea']).not.toHaveProperty('advanceReceived');
  });

  it('a foreign currency of theirs stays, with the amounts in it; the agency’s own leaves', () => {
    const means = (currency: string) => disclosed(aProtectedCase(), { sections: { obligee_means: { incomeMonthly: '100', incomeCurrency: currency, expenses: [{ kind: 'food', amount: '5', currency }] } }, children: {} }).interview.sections['obligee_means'];
    expect(means('MXN')).toEqual({ expenses: [{ kind: 'food' }] });
    expect(means('USD')).toEqual({ incomeMonthly: '100', incomeCurrency: 'USD', expenses: [{ kind: 'food', amount: '5', currency: 'USD' }] });
  });

  it('every text that leaves is handed over to be read: translated, or as it was written with its place', () => {
    const given = disclosed(aProtectedCase(), { sections: { statement: { text: 'He never visited.' }, obligor_description: { vehicle: 'A red truck', relatives: [{ name: 'Rosa Ruiz' }] } }, children: {} });
    expect(given.narrativeSources.map(({ id }) => id)).toContain('interview.statement.text');
    const places = [...given.narrativeSources.map(({ id }) => id), ...given.asWritten.map(({ path }) => path)];
    expect(places).toHaveLength(3);
    expect(given.asWritten).toContainEqual({ path: '/interview/sections/obligor_description/relatives/0/name', text: 'Rosa Ruiz' });
    expect(given.findings).toEqual([]);
  });

  it('places that only the interview knows are recognised in every other answer', () => {
    const school = (text: string, name = SCHOOL) => told(disclosed(aProtectedCase(), { sections: { statement: { text } }, children: { P3: { needs: { school: name } } } }));
    for (const text of ['He waits outside the Quetzal school', 'en la BENITO QUETZAL', 'Quet\u200dzal', 'escuelabenitoquetzal']) expect(school(text)).toBe('[{"sections":{},"children":{}},[]]');
    expect(school('He waits outside the school')).toContain('outside');
    expect(school('va a la secundaria 23', 'Secundaria Técnica 23')).not.toContain('secundaria');
    expect(school('수원초등학교에 다닙니다', '수원초등학교')).not.toContain('수원');
  });

  it('where somebody married or a child was conceived may be named by others: it places nobody today', () => {
    const answers = { sections: { marriage: { marriedAt: 'Mexicali' }, obligor_description: { lastSeenWhere: 'Mexicali' }, declarant: { placeSigned: 'El Centro, California' }, statement: { text: 'The court in California decided.' } }, children: {} };
    const given = disclosed(aProtectedCase(), answers);
    expect(given.interview.sections).toEqual({ obligor_description: { lastSeenWhere: 'Mexicali' } });
    expect(given.narrativeSources).toHaveLength(1);
    expect(told(disclosed(aProtectedCase(), { ...answers, sections: { ...answers.sections, declarant: { placeSigned: 'Brawley, California' }, statement: { text: 'She lives in Brawley.' } } }))).not.toContain('Brawley');
  });

  it('what is withheld is said at its place, and never what it said', () => {
    const given = disclosed(aProtectedCase(), { sections: { statement: { text: 'in Holtville' } }, children: {} });
    expect(given.findings).toEqual([{ code: 'interview.answer_withheld', severity: 'warn', path: '/interview/sections/statement/text' }]);
    expect(JSON.stringify(given)).not.toContain('Holtville');
  });

  it('rows that tell it only when read together stay', () => {
    const given = disclosed(aProtectedCase(), { sections: { obligor_description: { relatives: [{ name: '7842', relation: 'friend', whereabouts: 'on Main' }, { name: 'Holt', relation: 'friend', whereabouts: 'ville' }, { name: 'Ana', relation: 'friend', whereabouts: 'Tecate' }] } }, children: {} });
    expect(told(given)).toContain('Tecate');
    expect(withdrawn(given)).toBeGreaterThan(0);
  });

  it('a protected debtor’s description and means stay as far as they tell', () => {
    const base = aMexicanCase();
    const [debtor, ...others] = base.participants;
    const supportCase = { ...base, participants: [{ ...debtor, nondisclosure: { basis: 'court_order', on: '2024-01-01' } } as never, ...others] };
    const out = disclosed(supportCase, filled('Qzq')).interview.sections;
    expect(Object.keys(out['obligor_description'] ?? {}).sort()).toEqual(['heightCm', 'relatives', 'weightKg']);
    expect(JSON.stringify(out['obligor_description'])).not.toContain('Qzq');
    expect(out['marriage']).not.toHaveProperty('marriedAt');
  });
});

describe('what leaves', () => {
  it('is the children’s under their numbers in the packet, and long texts as narratives', () => {
    const given = disclosed(aMexicanCase(), filled('Qzq'));
    expect(Object.keys(given.interview.children)).toEqual(['P3']);
    expect(given.interview.children['P3']?.['conception']).not.toHaveProperty('likeness');
    expect(given.narrativeSources).toContainEqual({ id: 'interview.conception.likeness', participantId: 'P3', text: 'Qzq', language: 'es-MX' });
    expect(given.narrativeSources).toContainEqual({ id: 'interview.statement.text', participantId: null, text: 'Qzq', language: 'es-MX' });
    expect(given.decisions.filter(({ decision }) => decision === 'disclose').every(({ reason }) => reason === 'source_allowed')).toBe(true);
  });

  it('is for the country that asks it, and brings the currency that is fixed', () => {
    expect(disclosed(aMexicanCase(), filled('Qzq')).interview.sections).not.toHaveProperty('korea');
    expect(disclosed(aMexicanCase(), filled('Qzq'), 'KR').interview.sections).not.toHaveProperty('mexico');
    expect(disclosed(aMexicanCase(), filled('Qzq'), 'KR').interview.sections['korea']).toMatchObject({ advanceAmountMonthly: '12', currency: 'KRW' });
  });

  it('is what the services of the referral ask for', () => {
    const given = discloseInterview({ definition, answers: filled('Qzq'), language: 'es-MX', source: 'party', supportCase: aMexicanCase(), recipient: { partnerId: 'x', country: 'MX' }, services: ['locate'], on: '2026-11-20' });
    expect(Object.keys(given.interview.sections)).toEqual(['obligor_description']);
    expect(given.narrativeSources.map(({ id }) => id)).toEqual([...['marks', 'languages', 'occupation', 'vehicle'].map((field) => `interview.obligor_description.${field}`), 'interview.statement.text']);
  });

  it('is nothing of what no question asks, of a child that is gone, or of another source', () => {
    const strange = { sections: { hobbies: { x: 'canary' }, marriage: { colour: 'canary', status: { deep: 'canary' }, marriedAt: ['canary'] }, service: { papers: 'canary' } }, children: { P9: { needs: { school: 'canary' } }, P2: { needs: { school: 'canary' } } } } as unknown as InterviewAnswers;
    const given = disclosed(aMexicanCase(), strange);
    expect(JSON.stringify([given.interview, given.narrativeSources, given.findings])).not.toContain('canary');
    expect(given.findings.filter(({ code }) => code === 'interview.child_gone')).toHaveLength(2);
    expect(told(disclosed(aMexicanCase(), filled('Qzq'), 'MX', 'fpls'))).toBe('[{"sections":{},"children":{}},[]]');
  });

  it('says of every answer what was decided', () => {
    const answers = filled('Qzq');
    const count = (value: unknown): number => (typeof value === 'object' && value !== null ? Object.values(value).map(count).reduce((a, b) => a + b, 0) : 1);
    const { decisions } = disclosed(aMexicanCase(), { ...answers, sections: Object.fromEntries(Object.entries(answers.sections).filter(([id]) => id !== 'korea')) });
    const { korea: _korea, ...sections } = answers.sections;
    expect(new Set(decisions.map(({ pointer }) => pointer)).size).toBe(count({ sections, children: answers.children }));
    for (const given of [decisions, disclosed(aProtectedCase(), answers).decisions, disclosed(aProtectedCase(), filled('in Holtville'), 'KR').decisions]) {
      expect(new Set(given.map(({ pointer }) => pointer)).size).toBe(given.length);
    }
  });
});

describe('the gate of the cases', () => {
  it('is open where nobody is protected', () => {
    const gate = textGate(aMexicanCase(), '2026-11-20', [SCHOOL]);
    expect([gate.isAnyoneSealed, gate.isSealed('P2'), gate.isNear('P2'), gate.tells('Holtville')]).toEqual([false, false, false, false]);
  });

  it('knows who is sealed and who stands beside, and lets no text in parts through', () => {
    const gate = textGate(aProtectedCase(), '2026-11-20', [SCHOOL]);
    expect([gate.isSealed('P2'), gate.isSealed('P3'), gate.isSealed('P1'), gate.isNear('P2'), gate.isNear('P1')]).toEqual([true, true, false, true, false]);
    expect([gate.tells('in Holt\u00adville'), gate.tells(['7842', 'Main']), gate.tells({ a: { b: 'Holtville' } }), gate.tells('Mexicali'), gate.tells(null)]).toEqual([true, true, true, false, false]);
  });
});
