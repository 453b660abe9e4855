import { confirmAnswer, declineInquiry, draftAnswer, listInquiries, readInquiry } from '../../../src/modules/exchange/index.ts';
import { listDisclosures, listQueue } from '../../../src/modules/referrals/index.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import { aRequest, asObligor, ELSEWHERE, HIDDEN, inquiryScene, PLAIN, refusalOf, somebodyElse } from '../../support/exchange-inquiries/scene.ts';
import type { InquiryScene } from '../../support/exchange-inquiries/scene.ts';

let scene: InquiryScene;
beforeAll(async () => {
  scene = await inquiryScene();
});

const consent = aRequest().consent ?? null;
const queued = async () => (await listQueue(scene.operator, { pageSize: 200 })).rows.filter(({ kind }) => kind === 'inquiry').map(({ subjectId }) => subjectId);

describe('a question with consent', () => {
  it('is answered from status, last payment and next step, once, and stands in the log of disclosures', async () => {
    const asked = await scene.ask();
    expect(asked).toMatchObject({ receivedOn: '2026-11-20', answerBy: '2026-12-01', alreadyAsked: false });
    expect(await readInquiry(scene.officer, asked.inquiryId)).toMatchObject({ shown: 'received', answers: [], work: null });
    expect(await queued()).toContain(asked.inquiryId);
    await scene.answer(asked.inquiryId);
    await scene.answer(asked.inquiryId);
    const told = await readInquiry(scene.officer, asked.inquiryId);
    expect(told).toMatchObject({ shown: 'answered', work: null, isOverdue: false });
    expect(told.answers.map(({ content }) => content)).toEqual([{
      kind: 'facts', language: 'es-MX',
      facts: { asOf: '2026-11-20', status: { case: 'open', closedOn: null, request: null }, lastPayment: { on: '2026-10-05', amount: '362.00', currency: 'USD' }, nextStep: 'payments_continue' },
    }]);
    // Nothing besides: no tribunal, place, employer, account, telephone or other party.
    const text = JSON.stringify(told.answers);
    for (const secret of ['Superior Court', 'BY367841', 'Mexicali', 'Genaro', '5484', '032180', '686', 'arrears', '06037']) expect(text).not.toContain(secret);
    const { rows } = await listDisclosures(scene.attorney, { caseId: PLAIN });
    expect(rows).toEqual([expect.objectContaining({
      kind: 'told', packetId: null, partnerId: 'mx-consulate-los-angeles', content: null,
      record: expect.objectContaining({ channel: 'portal', told: expect.objectContaining({ by: 'inquiry', id: asked.inquiryId, about: ['status', 'last_payment', 'next_step'] }) }),
    })]);
    expect(await queued()).not.toContain(asked.inquiryId);
    expect((await readInquiry(scene.attorney, asked.inquiryId)).work).toMatchObject({ caseId: PLAIN, county: '06037' });
  });

  it('pressed twice is one', async () => {
    const [first, again] = [await scene.ask({ questions: ['balance'] }), await scene.ask({ questions: ['balance'] })];
    expect([again.inquiryId, again.alreadyAsked]).toEqual([first.inquiryId, true]);
    await scene.answer(first.inquiryId);
    expect((await readInquiry(scene.officer, first.inquiryId)).answers[0]?.content).toMatchObject({ facts: { asOf: '2026-11-20', balance: [{ amount: '362.00', currency: 'USD', asOf: '2026-10-31' }] } });
  });

  it('finds the case by the office\'s own number, and by ours together with it', async () => {
    for (const numbers of [{ caseNumber: null, partnerFileNumber: 'cla-2026/77' }, { partnerFileNumber: 'CLA-2026/77' }]) {
      const { inquiryId } = await scene.ask({ ...numbers, questions: ['next_step'] });
      await scene.answer(inquiryId);
      expect((await readInquiry(scene.officer, inquiryId)).shown).toBe('answered');
    }
  });
});

describe('without consent nothing is looked up', () => {
  const kept = async () => (await scene.rows<{ n: string }>('select (select count(*) from inquiries) || \' \' || (select count(*) from inquiry_consents) || \' \' || (select count(*) from outbox_events) as n'))[0]?.n;

  it.each([
    ['none', { consent: null }, ['inquiry.consent_needed']],
    ['of another person', { consent: consent && { ...consent, givenBy: 'Genaro Mondragón Juárez' } }, ['inquiry.invalid', 'inquiry.consent_of_another /consent/givenBy']],
    ['of a part of the name', { consent: consent && { ...consent, givenBy: 'Rosa' } }, ['inquiry.invalid', 'inquiry.consent_of_another /consent/givenBy']],
    ['not for what is asked', { consent: consent && { ...consent, questions: ['status' as const] } }, ['inquiry.invalid', 'inquiry.consent_not_for /consent/questions']],
    ['to unknown words', { consent: consent && { ...consent, textVersion: '1999' } }, ['inquiry.invalid', 'inquiry.consent_text_unknown /consent/textVersion']],
    ['in a language they are not in', { consent: consent && { ...consent, language: 'fr' } }, ['inquiry.invalid', 'inquiry.consent_language /consent/language']],
    ['of tomorrow', { consent: consent && { ...consent, on: '2026-11-21' } }, ['inquiry.invalid', 'inquiry.day_future /consent/on']],
    ['of last year', { consent: consent && { ...consent, on: '2025-11-20' } }, ['inquiry.invalid', 'inquiry.consent_old /consent/on']],
    ['one recorded that there is not', { consent: null, consentId: 'cns_01M0000000000000000000000Z' }, ['inquiry.consent_not_found']],
  ])('%s', async (_, changes, refused) => {
    const before = await kept();
    expect(await refusalOf(scene.ask(changes))).toEqual(refused);
    expect(await kept()).toBe(before);
  });

  it('runs out', async () => {
    const { consentId } = await scene.ask({ questions: ['status', 'next_step'] });
    const later = { ...scene.officer, clock: fixedClock('2027-06-01T18:00:00Z') };
    expect(await refusalOf(scene.ask({ consent: null, consentId, questions: ['status'] }, later))).toEqual(['inquiry.consent_expired']);
  });
});

describe('what may not be told by itself', () => {
  it('looks the same to the asker, whatever the reason; a person answers', async () => {
    const elsewhere = scene.ctxOf({ id: 'usr_officer_2', roles: ['partner_officer'], partner: 'mx-consulate-los-angeles' });
    const asked = {
      no_case_fits: await scene.ask({ caseNumber: '2600000000777' }, elsewhere),
      somebody_protected: await scene.ask(asObligor(HIDDEN), elsewhere),
      not_of_county: await scene.ask({ caseNumber: ELSEWHERE }, elsewhere),
      other_day_of_birth: await scene.ask({ person: { ...aRequest().person, birthDate: '1983-02-19' } }, elsewhere),
      other_role: await scene.ask({ asker: { ...aRequest().asker, relation: 'obligor' } }, elsewhere),
      other_number_besides: await scene.ask({ partnerFileNumber: 'CLA-2026/78' }, elsewhere),
      no_number: await scene.ask({ caseNumber: null, person: { ...aRequest().person, identifiers: [{ type: 'CURP', value: 'LERR830218MJCNMS34' }] } }, elsewhere),
    };
    const seen = new Set<string>();
    for (const { inquiryId } of Object.values(asked)) {
      await scene.answer(inquiryId);
      const { shown, state, reason, answers, work, answerBy, county } = await readInquiry(elsewhere, inquiryId);
      seen.add(JSON.stringify({ shown, state, reason, answers, work, answerBy, county }));
    }
    expect([...seen]).toEqual([JSON.stringify({ shown: 'with_person', state: 'with_person', reason: null, answers: [], work: null, answerBy: '2026-12-01', county: '06037' })]);
    const reasons = await Promise.all(Object.values(asked).map(async ({ inquiryId }) => (await readInquiry(scene.attorney, inquiryId)).work?.reasons.join()));
    expect(reasons).toEqual(['no_case_fits', 'somebody_protected', 'no_case_fits', 'no_case_fits', 'no_case_fits', 'no_case_fits', 'no_number']);
    for (const { inquiryId } of Object.values(asked)) expect(await queued()).toContain(inquiryId);
    expect((await listDisclosures(scene.attorney, { caseId: HIDDEN })).total).toBe(0);
    // A consulate sees its own questions alone; so does SQL behind the pages.
    const korea = scene.ctxOf({ id: 'usr_korea', roles: ['partner_officer'], partner: 'kr-kcsa' });
    expect((await listInquiries(korea)).total).toBe(0);
    expect(await refusalOf(readInquiry(korea, asked.no_number.inquiryId))).toEqual(['inquiry.not_found']);
  });

  it('protects the protected person\'s own question, too: whoever asks may not be who they say', async () => {
    const { inquiryId } = await scene.ask({ caseNumber: HIDDEN });
    await scene.answer(inquiryId);
    expect((await readInquiry(scene.attorney, inquiryId)).work).toMatchObject({ caseId: HIDDEN, reasons: ['somebody_protected'] });
  });

  it('keeps names, numbers and days encrypted, and out of audit and events', async () => {
    await scene.ask({ caseNumber: '2600000000888' });
    for (const table of ['inquiries', 'inquiry_consents', 'inquiry_work', 'inquiry_answers', 'outbox_events', 'audit_events', 'disclosures']) {
      const rows = JSON.stringify((await scene.rows<{ t: string }>(`select row_to_json(x)::text as t from ${table} x`)).map(({ t }) => t));
      for (const secret of ['León', 'Rosa', '1983-02-18', '2600000000888', 'LERR830218']) expect(`${table} ${rows.includes(secret) ? secret : ''}`).toBe(`${table} `);
    }
  });
});

describe('an answer by hand', () => {
  const waiting = async (changes = {}) => {
    const { inquiryId } = await scene.ask(changes);
    await scene.answer(inquiryId);
    return inquiryId;
  };

  it('is written in English and in the language of the person, read, and then leaves', async () => {
    const inquiryId = await waiting({ ...somebodyElse('Una'), caseNumber: '2600000000111' });
    const about = { caseId: PLAIN, county: '06037' };
    expect(await refusalOf(draftAnswer(scene.attorney, inquiryId, { about, texts: { en: 'The case is open.' } }))).toEqual(['inquiry.text_refused', 'inquiry.text_needed /texts/es-MX']);
    expect(await refusalOf(draftAnswer(scene.attorney, inquiryId, { about, texts: { en: 'A tax refund offset was received.', 'es-MX': 'El caso está abierto.' } })))
      .toEqual(['inquiry.text_refused', 'leaving.text_federal_source /texts/en']);
    expect(await refusalOf(confirmAnswer(scene.attorney, inquiryId))).toEqual(['inquiry.nothing_drafted']);
    await draftAnswer(scene.attorney, inquiryId, { about, texts: { en: 'The case is open.', 'es-MX': 'El caso está abierto.' } });
    expect(await readInquiry(scene.officer, inquiryId)).toMatchObject({ shown: 'with_person', answers: [], work: null });
    expect(await confirmAnswer(scene.attorney, inquiryId)).toBe('answered');
    expect((await readInquiry(scene.officer, inquiryId)).answers[0]?.content).toEqual({ kind: 'text', texts: { en: 'The case is open.', 'es-MX': 'El caso está abierto.' } });
    expect((await listDisclosures(scene.attorney, { caseId: PLAIN })).rows[0]?.record.told).toMatchObject({ id: inquiryId, about: ['text'] });
    expect(await refusalOf(confirmAnswer(scene.attorney, inquiryId))).toEqual(['inquiry.over']);
  });

  it('passes the gate of a protected case, and another person reads it', async () => {
    const inquiryId = await waiting({ ...asObligor(HIDDEN), questions: ['status'] });
    const [about, texts] = [{ caseId: HIDDEN, county: '06037' }, { en: 'Please write to the county.', 'es-MX': 'Escriba al condado, por favor.' }];
    // Not as if it were of no case, or of another one.
    expect(await refusalOf(draftAnswer(scene.attorney, inquiryId, { about: null, texts }))).toEqual(['inquiry.case_of_question']);
    expect(await refusalOf(draftAnswer(scene.attorney, inquiryId, { about, texts: { ...texts, 'es-MX': 'Ella vive en Mexicali.' } }))).toEqual(['inquiry.text_refused', 'leaving.tells_whereabouts /texts/es-MX']);
    expect(await draftAnswer(scene.attorney, inquiryId, { about, texts })).toEqual({ inquiryId, needsSecondPerson: true });
    expect(await refusalOf(confirmAnswer(scene.attorney, inquiryId))).toEqual(['inquiry.second_person']);
    expect(await confirmAnswer(scene.second, inquiryId)).toBe('answered');
  });

  it('may be none, with a reason', async () => {
    const inquiryId = await waiting({ ...somebodyElse('Dora'), caseNumber: '2600000000222' });
    expect(await refusalOf(declineInquiry(scene.attorney, inquiryId, 'nonsense'))).toEqual(['inquiry.reason_unknown']);
    expect(await declineInquiry(scene.attorney, inquiryId, 'not_identified')).toBe('declined');
    expect(await readInquiry(scene.officer, inquiryId)).toMatchObject({ shown: 'declined', reason: 'not_identified', answers: [] });
    expect(await queued()).not.toContain(inquiryId);
  });

  it('is the agency\'s to give: an officer neither answers nor declines', async () => {
    const inquiryId = await waiting({ ...somebodyElse('Tina'), caseNumber: '2600000000333' });
    for (const work of [draftAnswer(scene.officer, inquiryId, { about: null, texts: {} }), confirmAnswer(scene.officer, inquiryId), declineInquiry(scene.officer, inquiryId, 'other')]) {
      expect(await refusalOf(work)).toEqual(['access.forbidden']);
    }
  });
});

it('is overdue after five working days', async () => {
  const { inquiryId } = await scene.ask({ ...somebodyElse('Cata'), caseNumber: '2600000000444' });
  const later = { ...scene.attorney, clock: fixedClock('2026-12-02T18:00:00Z') };
  expect(await readInquiry(later, inquiryId)).toMatchObject({ isOverdue: true, answerBy: '2026-12-01' });
  expect((await listInquiries(later, { show: 'open' })).rows.every((row, index, rows) => index === 0 || (rows[index - 1]?.answerBy ?? '') <= row.answerBy)).toBe(true);
});

it('needs an agreement in force, and an office that serves the county', async () => {
  expect(await refusalOf(scene.ask({ county: '06073' }))).toEqual(['inquiry.county_not_served']);
  expect(await refusalOf(scene.ask({ partnerId: 'kr-kcsa' }))).toEqual(['inquiry.not_your_office']);
  expect((await refusalOf(scene.ask({}, { ...scene.officer, clock: fixedClock('1999-06-01T18:00:00Z') })))[0]).toBe('inquiry.invalid');
});

it('names every field that is not fit, and keeps none', async () => {
  expect(await refusalOf(scene.ask({ questions: [], person: { given: '', family: 'x'.repeat(200), birthDate: '2026-02-30' }, asker: { name: 'A\u202eB', relation: 'friend' as never, documentShown: '' as never } }))).toEqual([
    'inquiry.invalid', 'inquiry.needed /person/given', 'inquiry.text_unfit /person/family', 'inquiry.day_unfit /person/birthDate', 'inquiry.question_needed /questions',
    'inquiry.text_unfit /asker/name', 'inquiry.not_of_list /asker/relation', 'inquiry.needed /asker/documentShown',
  ]);
  expect(await refusalOf(scene.ask({ asker: { ...aRequest().asker, name: 'Genaro Mondragón Juárez' } }))).toEqual(['inquiry.invalid', 'inquiry.asker_is_another /asker/name']);
});
