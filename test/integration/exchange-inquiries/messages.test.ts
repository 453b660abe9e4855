import { outcomeOf } from '../../../src/jobs/outcome.ts';
import type { AppError } from '../../../src/platform/errors.ts';
import { jobsRun } from '../../support/exchange-inquiries/work.ts';
import { acceptApplication, askByMessage, askForMore, getConversation, listApplications, listInquiries, openOutboxItem, readApplication, readInquiry, refuseApplication } from '../../../src/modules/exchange/index.ts';
import { CALEXICO, exchangeScene, fromConsulate, nextId } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';
import { behindTheWall } from '../../support/database.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';

let scene: ExchangeScene;
const obligee = aMexicanCase().participants.find(({ role }) => role === 'obligee');

beforeAll(async () => {
  scene = await exchangeScene();
  await scene.bring({ ...aMexicanCase({ caseId: 'IM-8', partnerCaseNumbers: [] }), participants: aMexicanCase().participants.map(({ nondisclosure: _, ...one }) => one), history: [{ kind: 'payment', on: '2026-11-03', amount: '250.00', currency: 'USD', bucket: 'current_support' }] });
  await jobsRun(scene.operator);
});

const anInquiry = (changes: Record<string, unknown> = {}, number = 'IM-8') => fromConsulate({
  inquiry: {
    inquiryId: 'Q-1', question: ['status', 'last_payment', 'next_step'], person: { personId: 'p1', role: 'obligee', name: { given: obligee?.name.given ?? '', family: obligee?.name.family ?? '', secondFamily: obligee?.name.secondFamily ?? '' }, birthDate: obligee?.birthDate ?? '' },
    consent: [{ reference: 'C-77', kind: 'signed', of: 'p1', givenOn: '2026-11-19', until: '2026-12-01' }], ...changes,
  },
}, { conversation: nextId('conv'), from: { partnerId: CALEXICO, country: 'MX', name: [{ lang: 'es-MX', value: 'Consulado de México en Calexico' }] }, to: { county: aMexicanCase().county, fileNumber: number, name: [{ lang: 'en', value: 'County' }] } });

interface Said { readonly kind: string; readonly body: Record<string, unknown> }

/** What we have said in the conversation of a message, the oldest first. */
async function repliesTo(messageId: string): Promise<Said[]> {
  const rows = await behindTheWall<{ id: string; kind: string }>(scene.db, `select message_id as id, kind from exchange_messages where direction = 'out' and in_reply_to = $1 order by stored_at, message_id`, [messageId]);
  return Promise.all(rows.map(async ({ id, kind }) => {
    const { bytes } = await openOutboxItem(scene.client, id, 'json') as { bytes: Uint8Array };
    return { kind, body: (JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, Record<string, unknown>>)[kind] ?? {} };
  }));
}

describe('an inquiry that comes as a message', () => {
  it('is answered by a message, with codes and figures, and once', async () => {
    const said = await scene.say(anInquiry());
    expect(said.findings).toEqual([]);
    const { messageId } = said;
    expect(await jobsRun(scene.operator)).toEqual([]);
    expect(await repliesTo(messageId)).toEqual([{ kind: 'reply', body: { status: 'answered', fact: [
      { kind: 'status', code: 'open' }, { kind: 'last_payment', on: '2026-11-03', amount: '250.00', currency: 'USD' }, { kind: 'next_step', code: 'payments_continue' },
    ] } }]);
    const [row] = (await listInquiries(scene.officer)).rows;
    expect(row).toMatchObject({ shown: 'answered', channel: 'api', messageId });
    expect((await readInquiry(scene.operator, row?.inquiryId ?? '')).consent).toMatchObject({ textVersion: 'partner-own', expiresOn: '2026-12-01', form: 'signed' });
    const conversation = await getConversation(scene.operator, row?.conversationId ?? '');
    expect(conversation.messages.map(({ kind }) => kind)).toEqual(['inquiry', 'reply']);
  });

  it('without consent, or with one that has ended, is refused before anything is looked up', async () => {
    const before = (await listInquiries(scene.officer)).total;
    for (const [consent, code] of [[undefined, 'inquiry_consent_needed'], [[{ reference: 'C-1', kind: 'signed', of: 'p9', givenOn: '2026-11-19' }], 'inquiry_consent_needed'], [[{ reference: 'C-1', kind: 'signed', of: 'p1', givenOn: '2026-11-01', until: '2026-11-10' }], 'inquiry_consent_ended']] as const) {
      const { messageId, state } = await scene.say(anInquiry({ consent }));
      await jobsRun(scene.operator);
      if (state === 'refused') continue;
      const [reply] = await repliesTo(messageId);
      expect(reply?.body).toMatchObject({ status: 'not_answered' });
      expect(JSON.stringify(reply?.body['withheld'])).toContain(code);
    }
    expect((await listInquiries(scene.officer)).total).toBe(before);
  });

  it('of which nothing can be told by itself says that a person will answer, the same for every reason', async () => {
    const replies: unknown[] = [];
    for (const number of ['IM-99', 'IM-2']) {
      const { messageId } = await scene.say(anInquiry({}, number));
      await jobsRun(scene.operator);
      replies.push(await repliesTo(messageId));
    }
    expect(replies[0]).toEqual([{ kind: 'reply', body: { status: 'not_answered', withheld: [{ code: 'person_will_answer' }] } }]);
    expect(replies[1]).toEqual(replies[0]);
  });
});

it('inquiries in a rush wait until those before are looked at, and are not refused for it', async () => {
  const hidden = (index: number) => anInquiry({ person: { personId: 'p1', role: 'obligee', name: { given: `Rush${String.fromCharCode(65 + index, 97 + index)}`, family: 'Nadie' }, birthDate: '1980-01-01' } }, `IM-7${index}`);
  const said: string[] = [];
  for (let index = 0; index < 10; index++) said.push((await scene.say(hidden(index))).messageId);
  const waiting: [string, string, string][] = [];
  for (const messageId of said) await askByMessage(scene.operator, messageId).catch((error: unknown) => waiting.push([messageId, (error as AppError).code, outcomeOf(error)]));
  expect(waiting.length).toBeGreaterThan(0);
  expect(new Set(waiting.map(([, code, outcome]) => `${code} ${outcome}`))).toEqual(new Set(['inquiry.too_many_open retry']));
  const [last = ''] = waiting.at(-1) ?? [];
  expect(await repliesTo(last)).toEqual([]);
  // Looked at, and all in vain: now it is said.
  await jobsRun(scene.operator);
  expect(await askByMessage(scene.operator, last)).toBe('refused');
  expect((await repliesTo(last)).map(({ body }) => body)).toEqual([{ status: 'not_answered', withheld: [{ code: 'inquiry_too_many' }] }]);
});

describe('an application that comes as a message', () => {
  const party = (participantId: string, role: string, given: string, birthDate: string) => ({ participantId, role, protected: false, name: { given, family: 'Arriaga', secondFamily: 'Solís' }, birthDate });
  const anApplication = (given: string, changes: Record<string, unknown> = {}) => fromConsulate({
    application: {
      applicationId: `AP-${given}`, takenOn: '2026-11-19', applicant: 'p1', service: ['establish_order'], party: [party('p1', 'obligee', given, '1990-05-05'), party('p2', 'obligor', 'Rubén', '1988-01-01'), party('p3', 'dependent', 'Eva', '2018-02-02')],
      consent: [{ reference: 'C-9', kind: 'signed', of: 'p1', givenOn: '2026-11-19' }], ...changes,
    },
  }, { conversation: nextId('conv'), from: { partnerId: CALEXICO, country: 'MX', fileNumber: `SOL-${given}-1`, name: [{ lang: 'es-MX', value: 'Consulado de México en Calexico' }] }, to: { county: '06025', name: [{ lang: 'en', value: 'County of Imperial' }] } });
  const filed = async (given: string) => (await listApplications(scene.operator)).rows.find(({ details }) => details.applicant.given === given);

  it('is filed with its clock; the office is told what is missing, and that the county takes it', async () => {
    const { messageId } = await scene.say(anApplication('Paula'));
    expect(await jobsRun(scene.operator)).toEqual([]);
    const one = await filed('Paula');
    expect(one).toMatchObject({ state: 'received', receivedOn: '2026-11-20', openBy: '2026-12-10', county: '06025', partnerFileNumber: 'SOL-Paula-1', channel: 'api' });
    await askForMore(scene.operator, one?.applicationId ?? '', ['paying_address']);
    await acceptApplication(scene.operator, one?.applicationId ?? '');
    expect(await jobsRun(scene.operator)).toEqual([]);
    const replies = await repliesTo(messageId);
    expect(replies.map(({ kind, body }) => [kind, body['status']])).toContainEqual(['acknowledgment', 'complete']);
    expect((await readApplication(scene.officer, one?.applicationId ?? '')).work).toBeNull();
  });

  it('without the applicant\'s consent is refused with the reason; a refusal by a person goes back too', async () => {
    const none = await scene.say(anApplication('Quintina', { consent: [{ reference: 'C-9', kind: 'other', of: 'p1', givenOn: '2026-11-19' }] }));
    expect(none.findings).toEqual([]);
    expect(await jobsRun(scene.operator)).toEqual([]);
    expect(await filed('Quintina')).toBeUndefined();
    expect((await repliesTo(none.messageId)).map(({ kind, body }) => [kind, JSON.stringify(body['reason'])])).toEqual([['refusal', '[{"code":"application_consent_needed"}]']]);
    const { messageId } = await scene.say(anApplication('Rosalia'));
    await jobsRun(scene.operator);
    await refuseApplication(scene.operator, (await filed('Rosalia'))?.applicationId ?? '', 'no_jurisdiction');
    expect(await jobsRun(scene.operator)).toEqual([]);
    expect((await repliesTo(messageId)).map(({ kind, body }) => [kind, JSON.stringify(body['reason'])])).toEqual([['refusal', '[{"code":"no_jurisdiction"}]']]);
  });
});
