import { answerInquiry, confirmAnswer, draftAnswer, listInquiries, readInquiry, withdrawConsent } from '../../../src/modules/exchange/index.ts';
import type { InquiryRequest } from '../../../src/modules/exchange/index.ts';
import { selectAlarms } from '../../../src/platform/alarms.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { fixedClock } from '../../../src/platform/dates.ts';
import { aCase, aChild, anObligee, anObligor } from '../../support/cases/builders.ts';
import { aRequest, asObligor, CONSULATE, inquiryScene, PLAIN, refusalOf, somebodyElse } from '../../support/exchange-inquiries/scene.ts';
import type { InquiryScene } from '../../support/exchange-inquiries/scene.ts';

let scene: InquiryScene;
beforeAll(async () => {
  scene = await inquiryScene();
});

const consent = aRequest().consent ?? null;
/** As the gateway acts on a message. */
const asMessages = (sender: string): Ctx => ({ ...scene.operator, actor: { ...scene.operator.actor, id: `for:${sender}` } });
const answerOneWithin = (ctx: Ctx, inquiryId: string) => answerInquiry(ctx, inquiryId, { candidates: [{
  caseId: PLAIN, county: '06037', status: 'open', closedOn: null, isAnyoneProtected: false, parties: [{ role: 'obligee', name: { given: 'Rosa María', family: 'León Romero' }, birthDate: '1983-02-18' }],
  foundBy: ['case_number'], referrals: [], lastPayment: null, balances: [],
}] });

it('stops whoever asks for one person after another in vain, and raises an alarm', async () => {
  const trawler = scene.ctxOf({ id: 'usr_trawler', roles: ['partner_officer'], partner: 'mx-consulate-los-angeles' });
  const names = ['Ana', 'Berta', 'Carla', 'Delia', 'Elena', 'Fatima', 'Gabriela', 'Hilda'];
  for (const [index, name] of names.entries()) {
    const { inquiryId } = await scene.ask({ ...somebodyElse(name), caseNumber: `26000000010${index}0` }, trawler);
    await scene.answer(inquiryId);
  }
  expect(await refusalOf(scene.ask(somebodyElse('Ines'), trawler))).toEqual(['inquiry.too_many']);
  expect(await refusalOf(scene.ask({}, trawler))).toEqual(['inquiry.too_many']);
  const alarms = await inTransaction(scene.operator, (tx) => selectAlarms(tx, true));
  expect(alarms.map(({ code, subject, partnerId }) => [code, subject, partnerId])).toEqual([['inquiry.trawling', 'usr_trawler', 'mx-consulate-los-angeles']]);
  // The same account by messages is no other one.
  expect(await refusalOf(scene.ask({ ...somebodyElse('Ines'), partnerId: CONSULATE, messageId: 'msg_trawler', channel: 'api' }, asMessages('usr_trawler')))).toEqual(['inquiry.too_many']);
  // The others of the office go on.
  expect((await scene.ask({ questions: ['status'], consent })).inquiryId).toMatch(/^inq_/);
});

describe('looking for cases is stopped, however it is done', () => {
  const account = (id: string) => scene.ctxOf({ id, roles: ['partner_officer'], partner: CONSULATE });
  const counted = async (works: readonly Promise<unknown>[]) => (await Promise.all(works.map(refusalOf))).reduce<Record<string, number>>((sum, [code = '']) => ({ ...sum, [code]: (sum[code] ?? 0) + 1 }), {});
  const nth = (index: number): string => String.fromCharCode(65 + index, 97 + index);

  it('in a hurry: what nobody has looked at yet counts', async () => {
    const hurried = account('usr_hurried');
    const names = Array.from({ length: 20 }, (_, index) => `Hurried${nth(index)}`);
    expect(await counted(names.map((name) => scene.ask(somebodyElse(name), hurried)))).toEqual({ done: 8, 'inquiry.too_many_open': 12 });
    // Once answered, an honest office goes on: the first three are answered by hand.
    const asked = (await listInquiries(hurried, { show: 'open', pageSize: 100 })).rows.filter(({ askedBy }) => askedBy === 'usr_hurried').map(({ inquiryId }) => inquiryId);
    for (const inquiryId of asked) await scene.answer(inquiryId);
    expect(await refusalOf(scene.ask(somebodyElse('Hurriedagain'), hurried))).toEqual(['inquiry.too_many']);
    const [first = ''] = asked;
    await draftAnswer(scene.attorney, first, { about: null, texts: { en: 'No such case.', 'es-MX': 'No hay tal caso.' } });
    await confirmAnswer(scene.attorney, first);
    expect(await refusalOf(scene.ask(somebodyElse('Hurriedagain'), hurried))).toEqual(['done']);
  });

  it('for one person with many numbers, by whomever of the office and by whichever way', async () => {
    const works = Array.from({ length: 12 }, (_, index) => () => scene.ask({ ...somebodyElse('Sought'), caseNumber: `26000000020${index}0`, partnerId: CONSULATE }, index % 2 === 0 ? account(`usr_seeker_${index % 4}`) : asMessages(`cli_seeker_${index % 4}`)));
    const seen: string[] = [];
    for (const work of works) {
      const refused = await work().then(async ({ inquiryId }) => scene.answer(inquiryId), async (error: unknown) => seen.push(...await refusalOf(Promise.reject(error as Error))));
      if (refused === undefined) seen.push('done');
    }
    expect(seen).toEqual([...Array.from({ length: 8 }, () => 'done'), ...Array.from({ length: 4 }, () => 'inquiry.too_many')]);
    // A week later, too.
    const later = { ...account('usr_seeker_9'), clock: fixedClock('2026-11-27T18:00:00Z') };
    expect(await refusalOf(scene.ask({ ...somebodyElse('Sought'), caseNumber: '2600000002999' }, later))).toEqual(['inquiry.too_many']);
    const alarms = await inTransaction(scene.operator, (tx) => selectAlarms(tx, true));
    expect(alarms.map(({ subject }) => subject)).toEqual(expect.arrayContaining(['usr_seeker_0', 'cli_seeker_1']));
  });
});

describe('a consent that was taken back', () => {
  const withdrawn = async (changes: Partial<InquiryRequest>) => {
    const { inquiryId, consentId } = await scene.ask(changes);
    await scene.answer(inquiryId);
    await withdrawConsent(scene.officer, consentId);
    return { inquiryId, consentId };
  };

  it('does not undo an answer that was given meanwhile', async () => {
    const { inquiryId, consentId } = await scene.ask({ questions: ['status', 'balance'] });
    const ended = await inTransaction(scene.operator, async (tx) => {
      await tx.tx.query('select from inquiries where inquiry_id = $1 for update', [inquiryId]);
      const taking = withdrawConsent(scene.officer, consentId);
      for (let waits = false; !waits;) waits = (await scene.rows<{ n: number }>("select count(*)::int as n from pg_locks where not granted"))[0]?.n !== 0;
      await answerOneWithin(tx, inquiryId);
      return { taking };
    });
    expect(await ended.taking).toEqual({ consentId, ended: 0 });
    expect(await readInquiry(scene.officer, inquiryId)).toMatchObject({ shown: 'answered', reason: null });
  });

  it('is not sent again, by page or message; a later one holds', async () => {
    const one = { ...somebodyElse('Retired'), caseNumber: '2600000003000' };
    await withdrawn(one);
    expect(await refusalOf(scene.ask({ ...one, questions: ['status'] }))).toEqual(['inquiry.consent_withdrawn']);
    expect(await refusalOf(scene.ask({ ...one, partnerId: CONSULATE, messageId: 'msg_again', channel: 'api' }, asMessages('cli_again')))).toEqual(['inquiry.consent_withdrawn']);
    const tomorrow = { ...scene.officer, clock: fixedClock('2026-11-21T20:00:00Z') };
    expect(await refusalOf(scene.ask({ ...one, consent: one.consent && { ...one.consent, on: '2026-11-21' } }, tomorrow))).toEqual(['done']);
  });

  it('does not hold under another spelling of the name, either: a person looks', async () => {
    const CASE = '2600000000009';
    await scene.bring(aCase({ caseId: CASE, participants: [anObligor(), anObligee({ name: { given: 'Martina', family: 'Ríos', secondFamily: 'Velázquez' }, birthDate: '1985-05-05' }), aChild()] }));
    const spelled = (family: string, secondFamily: string | null): Partial<InquiryRequest> => {
      const name = ['Martina', family, secondFamily ?? ''].join(' ').trim();
      return { caseNumber: CASE, questions: ['status'], person: { given: 'Martina', family, secondFamily, birthDate: '1985-05-05' }, asker: { ...aRequest().asker, name }, consent: consent && { ...consent, givenBy: name } };
    };
    const { inquiryId } = await withdrawn(spelled('Ríos', 'Velázquez'));
    expect((await readInquiry(scene.officer, inquiryId)).shown).toBe('answered');
    expect(await refusalOf(scene.ask(spelled('RIOS VELAZQUEZ', null)))).toEqual(['inquiry.consent_withdrawn']);
    const { inquiryId: next } = await scene.ask(spelled('Rios', 'Velasquez'));
    await scene.answer(next);
    expect(await readInquiry(scene.officer, next)).toMatchObject({ shown: 'with_person', answers: [] });
    expect((await readInquiry(scene.attorney, next)).work?.reasons).toEqual(['withdrawn_before']);
  });

  it('holds for the same person again, until it is withdrawn; what waits by it ends', async () => {
    const { consentId, inquiryId } = await scene.ask(asObligor('2600000004999', { questions: ['status'] }));
    const again = await scene.ask(asObligor(PLAIN, { consent: null, consentId, questions: ['next_step'] }));
    await scene.answer(again.inquiryId);
    expect((await readInquiry(scene.officer, again.inquiryId)).shown).toBe('answered');
    // Another person's consent is none, whoever holds its number.
    expect(await refusalOf(scene.ask({ ...somebodyElse('Alba'), consent: null, consentId }))).toEqual(['inquiry.consent_not_found']);
    expect(await withdrawConsent(scene.officer, consentId)).toEqual({ consentId, ended: 1 });
    expect(await withdrawConsent(scene.officer, consentId)).toEqual({ consentId, ended: 0 });
    expect(await readInquiry(scene.officer, inquiryId)).toMatchObject({ shown: 'declined', reason: 'consent_withdrawn' });
    expect(await refusalOf(scene.ask(asObligor(PLAIN, { consent: null, consentId, questions: ['status', 'balance'] })))).toEqual(['inquiry.consent_withdrawn']);
  });
});
