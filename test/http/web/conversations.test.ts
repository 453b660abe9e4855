import { Readable } from 'node:stream';
import { JOBS } from '../../../src/jobs/index.ts';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { COURIER_ITEM, DRAFT_ITEM, getParked, listConversations, listDrafts, PARKED_ITEM, receiveMessage, sendMessage, UNDELIVERED_ITEM, verifyReceipt } from '../../../src/modules/exchange/index.ts';
import { buildPacket, createReferral, putQueueItem, removeQueueItem, sendReferral } from '../../../src/modules/referrals/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import { takeEvents } from '../../../src/platform/outbox.ts';
import { verifyContainer } from '../../../src/platform/asic/container.ts';
import { aChild, anObligee, anObligor, extractOf } from '../../support/cases/builders.ts';
import { behindTheWall } from '../../support/database.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';
import { aPaper, CANARY } from '../../support/referrals/paper-files.ts';
import { hiddenField, openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

const LA = 'mx-consulate-los-angeles';
const WOKEN = ['act-on-message', 'announce-move', 'announce-sent', 'announce-retrieved', 'announce-incoming', 'deliver-message'];
let site: Site;
let referralId: string;
let conversationId: string;

beforeAll(async () => {
  site = await openSite();
  await importCaseExtract(site.ctx, { fileName: 'cases.ndjson', source: Readable.from(extractOf([aMexicanCase({ caseId: 'C-1', county: '06037' })])) });
  referralId = (await createReferral(site.ctx, { caseId: 'C-1', partnerId: LA, services: ['locate'] })).referralId;
  await buildPacket(site.ctx, referralId);
  await sendReferral(site.ctx, referralId);
  await work();
  conversationId = (await listConversations(site.ctx, { referralId })).rows[0]?.conversationId ?? '';
});

/** Runs the jobs that events have woken, until there are no more. */
async function work(): Promise<void> {
  for (;;) {
    const events = await inTransaction(site.ctx, (tx) => takeEvents(tx, 100));
    if (events.length === 0) return;
    for (const { eventId, name, body } of events) {
      for (const job of JOBS.filter((one) => WOKEN.includes(one.name) && one.wakesOn.includes(name))) await job.run(site.ctx, { eventId, event: name, body });
    }
  }
}

const read = async (who: string, path: string): Promise<string> => (await (await site.signedIn(who)).get(path)).text;
const here = (): string => `/conversations/${conversationId}`;

/** Opens a form and sends it as a browser would, with the fields that it carries. */
async function fillIn(who: string, page: string, fields: Record<string, string | string[]>, action = page.replace(/\?.*/, '')) {
  const agent = await site.signedIn(who);
  const html = (await agent.get(page)).text;
  const hidden = Object.fromEntries(['form_token', 'form_id', 'stamp', 'kind'].map((name) => [name, hiddenField(html, name)]));
  const form = { ...hidden, ...fields };
  return { form, answer: await agent.post(action).type('form').send(form), agent };
}

const newest = async (): Promise<string> => (await behindTheWall<{ id: string }>(site.db, 'select message_id as id from exchange_messages order by message_id desc limit 1'))[0]?.id ?? '';
const stateOf = async (messageId: string): Promise<string> => (await behindTheWall<{ state: string }>(site.db, `select state from exchange_messages where message_id = '${messageId}'`))[0]?.state ?? '';

describe('the timeline', () => {
  it('stands on the referral and on a page of its own, with receipts that anybody can verify', async () => {
    for (const path of [`/referrals/${referralId}`, here()]) {
      const page = await read('attorney', path);
      for (const words of ['Referral</strong></a>', 'Receipt: Available', 'save the signed receipt', 'Our number', 'C-1', 'no number yet', 'delivery attempt</summary>']) expect([path, words, page.includes(words)]).toEqual([path, words, true]);
    }
    const [href = ''] = /\/receipts\/rct_[0-9A-Z]{26}/.exec(await read('attorney', here())) ?? [];
    const saved = await (await site.signedIn('attorney')).get(href).buffer(true).parse((res, done) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('end', () => done(null, Buffer.concat(parts)));
    });
    expect([saved.headers['content-type'], saved.headers['content-disposition']]).toEqual(['application/pkcs7-mime', expect.stringMatching(/^attachment; filename="rct_\w+\.p7s"$/)]);
    expect(verifyReceipt(saved.body as Buffer, { now: new Date() })).toMatchObject({ isIntact: true, statement: { stage: 'delivered' } });
  });

  it('tells a partner its own side, and nothing of drafts, tries and work', async () => {
    const draft = await sendMessage(site.ctx, { conversationId, kind: 'statusRequest', body: {}, asDraft: true });
    expect(await read('attorney', here())).toContain(draft.messageId);
    for (const path of [here(), `/inbox/${referralId}`]) {
      const page = await read('officer_la', path);
      expect(page).toContain('Receipt: Available');
      for (const secret of [draft.messageId, 'delivery attempts', 'delivery attempt', 'Outcome', 'Deadline began']) expect([path, secret, page.includes(secret)]).toEqual([path, secret, false]);
    }
    const officer = await site.signedIn('officer_la');
    expect((await officer.get(`/messages/${draft.messageId}`)).status).toBe(404);
    const stranger = await site.signedIn('officer_kr');
    for (const path of [here(), `${here()}/write?kind=statusRequest`, `/messages/${await newest()}`]) expect([path, (await stranger.get(path)).status]).toEqual([path, 404]);
    for (const path of ['/parked', '/drafts', '/deliveries']) expect([path, (await officer.get(path)).status]).toEqual([path, 403]);
  });
});

describe('an officer', () => {
  it('sees what is new first, and reading it fetches it', async () => {
    const { messageId } = await sendMessage(site.ctx, {
      conversationId, kind: 'documentRequest', body: { requestId: 'dr-1', neededBy: '2027-03-31', document: [{ kind: 'birth_certificate' }], remark: [{ sourceLanguage: 'en', targetLanguage: 'es-MX', segment: [{ source: 'Of the child, please.', target: 'Del menor, por favor.' }] }] },
    });
    await work();
    expect(await read('officer_la', '/conversations')).toContain(`/messages/${messageId}`);
    const officer = await site.signedIn('officer_la');
    await officer.head(`/messages/${messageId}`);
    expect(await stateOf(messageId)).toBe('delivered');
    await officer.get('/conversations?language=es-MX');
    const page = await read('officer_la', `/messages/${messageId}`);
    for (const words of ['acta de nacimiento', 'birth certificate', '31 de marzo de 2027', 'March 31, 2027', 'lang="es-MX">Del menor, por favor.', 'lang="en">Of the child, please.', 'se firmó un acuse']) expect([words, page.includes(words)]).toEqual([words, true]);
    expect(await stateOf(messageId)).toBe('retrieved');
    await officer.get('/conversations?language=en');
    const list = await read('officer_la', '/conversations');
    expect(list.slice(0, list.indexOf('All conversations'))).not.toContain(messageId);
    const xml = await officer.get(`/messages/${messageId}/xml`);
    expect([xml.headers['content-type'], xml.text.includes('requestId="dr-1"')]).toEqual(['application/xml', true]);
    expect((await officer.get(`/messages/${messageId}/json`)).body).toMatchObject({ documentRequest: { requestId: 'dr-1' } });
  });

  it('acknowledges what came, by a form that knows what it answers; pressed twice it is one message', async () => {
    const { form, answer, agent } = await fillIn('officer_la', `${here()}/write?kind=acknowledgment`, { status: 'missing_items', missing: ['address_missing'], receivedOn: '2026-11-20', your_number: 'CLA/2026/9', source: 'Falta el domicilio.', target: '', answers: await firstReferral() });
    const [, messageId = ''] = /^\/messages\/(msg_[0-9A-Z]{26})\?done=received$/.exec(answer.headers['location'] ?? '') ?? [];
    expect([answer.status, messageId]).toEqual([303, expect.stringMatching(/^msg_/)]);
    expect((await agent.post(`${here()}/write`).type('form').send(form)).headers['location']).toBe(`/messages/${messageId}?done=received`);
    const changed = await agent.post(`${here()}/write`).type('form').send({ ...form, source: 'Otra cosa.' });
    expect([changed.status, changed.text.includes('Otra cosa.'), changed.text.includes('has already been sent')]).toEqual([409, true, true]);
    await work();
    const page = await read('attorney', here());
    for (const words of ['CLA/2026/9', 'Acknowledgment of receipt', 'step taken: ask for what is missing', 'from Consulate']) expect([words, page.includes(words)]).toEqual([words, true]);
    const said = await read('attorney', `/messages/${messageId}`);
    for (const words of ['items missing', 'address missing', 'lang="es-MX">Falta el domicilio.', 'not translated', 'Receipt']) expect([words, said.includes(words)]).toEqual([words, true]);
  });

  it('says with content what promises it: a question in words, what is missing, the reason in words; nothing goes without', async () => {
    const before = await newest();
    const tell = (move: string): string => `/inbox/${referralId}/tell?move=${move}`;
    for (const move of ['ask', 'report_incomplete', 'forward', 'refuse']) expect((await (await site.signedIn('officer_la')).get(tell(move))).headers['location']).toMatch(new RegExp(`^${here()}/write\\?kind=\\w+&move=${move}$|#tell$`));
    const nothing = { answers: await firstReferral(), source: '', target: '', receivedOn: '2026-11-20' };
    const lacking: readonly (readonly [string, string, Record<string, string | string[]>, string])[] = [
      ['ask', 'statusRequest', {}, 'source'], ['report_incomplete', 'acknowledgment', {}, 'missing'], ['report_incomplete', 'acknowledgment', { missing: ['order_copy_missing', 'other'] }, 'source'],
      ['forward', 'acknowledgment', { hop: 'tribunal' }, 'office'], ['refuse', 'refusal', { refusal: 'other' }, 'source'],
    ];
    for (const [move, kind, fields, at] of lacking) {
      const { answer } = await fillIn('officer_la', `${here()}/write?kind=${kind}&move=${move}`, { ...nothing, ...fields, move }, `${here()}/write`);
      expect([move, answer.status, answer.text.includes(`href="#${at}"`), answer.text.includes(`name="move" value="${move}"`)]).toEqual([move, 422, true, true]);
    }
    // A button of before, pressed now, sends nothing either.
    const agent = await site.signedIn('officer_la');
    const old = await agent.post(`/inbox/${referralId}/tell`).type('form').send({ form_token: hiddenField((await agent.get(here())).text, 'form_token'), move: 'ask' });
    expect([old.status, await newest()]).toEqual([303, before]);
    const { answer } = await fillIn('officer_la', `${here()}/write?kind=statusRequest&move=ask`, { ...nothing, answers: '', move: 'ask', source: '¿Ya se notificó al señor?' }, `${here()}/write`);
    expect(answer.headers['location']).toContain('?done=received');
    await work();
    expect(await read('attorney', `/messages/${await newest()}`)).toContain('¿Ya se notificó al señor?');
    expect(await read('attorney', here())).toContain('step taken: ask');
  });

  it('answers what papers cannot be had, reports how it stands, and refuses with a reason', async () => {
    const unavailable = await fillIn('officer_la', `${here()}/write?kind=documentResponse`, { unavailable: 'birth_certificate', unavailableReason: 'does_not_exist', expectedOn: '', source: '', target: '', answers: '' });
    expect(unavailable.answer.headers['location']).toContain('?done=received');
    await work();
    expect(await read('attorney', here())).toContain('all answered');
    const report = await fillIn('officer_la', `${here()}/write?kind=statusReport`, { state: 'in_progress', asOf: '2026-11-20', nextKind: 'hearing', nextBy: '2027-02-01', answers: '', source: '', target: '' });
    expect(report.answer.status).toBe(303);
    const refusal = await fillIn('officer_la', `${here()}/write?kind=refusal`, { refusal: 'no_basis', answers: await firstReferral(), source: '', target: '' });
    expect(refusal.answer.status).toBe(303);
  });

  it('saves the packet from its message', async () => {
    const messageId = await firstReferral();
    expect(await read('officer_la', `/messages/${messageId}`)).toContain(`/messages/${messageId}/file`);
    const saved = await (await site.signedIn('officer_la')).get(`/messages/${messageId}/file`);
    expect([saved.status, saved.headers['content-disposition'], await stateOf(messageId)]).toEqual([200, expect.stringMatching(/^attachment; filename="msg_\w+\.asice(\.p7m)?"$/), 'retrieved']);
    expect((await (await site.signedIn('attorney')).get(`/messages/${messageId}/file`)).status).toBe(404);
  });

  it('loses nothing that was typed where something is wrong', async () => {
    const { answer } = await fillIn('officer_la', `${here()}/write?kind=statusReport`, { state: '', asOf: '2026-02-31', nextKind: 'hearing', nextBy: '', answers: '', source: '<b>Va bien</b>', target: '' });
    expect(answer.status).toBe(422);
    for (const words of ['href="#state"', 'href="#asOf"', '2026-02-31', '&lt;b&gt;Va bien&lt;/b&gt;', '"hearing" selected']) expect([words, answer.text.includes(words)]).toEqual([words, true]);
    expect((await (await site.signedIn('officer_la')).get(`${here()}/write?kind=caseloadReconciliation`)).status).toBe(404);
  });
});

const firstReferral = async (): Promise<string> => (await behindTheWall<{ id: string }>(site.db, `select message_id as id from exchange_messages where kind = 'referral' and direction = 'out' order by message_id limit 1`))[0]?.id ?? '';

describe('an attorney', () => {
  it('writes in both languages, keeps a draft, completes it and sends it', async () => {
    const half = await fillIn('attorney', `${here()}/write?kind=informationUpdate`, { asOf: '2026-11-20', change: ['address', 'employer'], changeOn: '', answers: '', source: 'He moved.', target: '' });
    const ahead = await fillIn('attorney', `${here()}/write?kind=statusRequest`, { since: '2027-06-01', source: '', target: '', answers: '' });
    expect([ahead.answer.status, ahead.answer.text.includes('href="#since"'), ahead.answer.text.includes('enter today or a day before it'), ahead.answer.text.includes('value="2027"')]).toEqual([422, true, true, true]);
    expect([half.answer.status, half.answer.text.includes('href="#target"'), half.answer.text.includes('He moved.'), half.answer.text.includes('value="employer" checked')]).toEqual([422, true, true, true]);
    const kept = await fillIn('attorney', `${here()}/write?kind=informationUpdate`, { asOf: '2026-11-20', change: ['address'], changeOn: '', answers: '', source: 'He moved.', target: 'Se mudó.', as: 'draft' });
    expect(kept.answer.headers['location']).toBe(`${here()}?done=draft`);
    expect((await kept.agent.post(`${here()}/write`).type('form').send(kept.form)).headers['location']).toBe(`${here()}?done=draft`);
    const draft = (await listDrafts(site.ctx)).rows.filter(({ kind }) => kind === 'informationUpdate');
    expect(draft).toHaveLength(1);
    const messageId = draft[0]?.messageId ?? '';
    expect(await read('attorney', '/drafts')).toContain(`/messages/${messageId}`);
    const sent = await fillIn('attorney', `/messages/${messageId}`, { source: 'To Tijuana.', target: 'A Tijuana.' }, `/messages/${messageId}/release`);
    expect(sent.answer.headers['location']).toBe(`/messages/${messageId}?done=released`);
    await work();
    const page = await read('officer_la', `/messages/${messageId}`);
    for (const words of ['Se mudó.', 'A Tijuana.', 'To Tijuana.']) expect(page).toContain(words);
  });

  it('discards a draft, which no partner ever saw', async () => {
    const { messageId } = await sendMessage(site.ctx, { conversationId, kind: 'statusRequest', body: {}, asDraft: true });
    const { answer } = await fillIn('attorney', `/messages/${messageId}`, {}, `/messages/${messageId}/discard`);
    expect([answer.headers['location'], await stateOf(messageId)]).toEqual(['/drafts?done=discarded', 'cancelled']);
  });

  it('decides about what waits, with the reason in words', async () => {
    const said = { remark: [{ sourceLanguage: 'es-MX', segment: [{ source: '<script>alert(1)</script>' }] }], change: 'payment_address', effectiveOn: '2026-12-01', payTo: { name: [{ lang: 'es-MX', value: 'Pagaduría' }] } };
    const message = {
      version: '1.1', messageId: 'CLA-1', serial: '000000000001', sentAt: new Date(Date.now() - 60_000).toISOString(), datedOn: '2026-11-20', referralId, paymentLocationChange: said,
      from: { partnerId: LA, country: 'MX', fileNumber: 'CLA/2026/9', name: [{ lang: 'es-MX', value: 'Consulado' }] }, to: { county: '06025', fileNumber: 'C-1', name: [{ lang: 'en', value: 'County' }] }, conversation: 'x1',
    };
    const { messageId } = await receiveMessage(site.ctx, { partnerId: LA, channel: 'api', source: Buffer.from(JSON.stringify(message)) });
    await work();
    const list = await read('attorney', '/parked');
    for (const words of [`/parked/${messageId}`, 'confirm this with the partner by telephone']) expect(list).toContain(words);
    const page = await read('attorney', `/parked/${messageId}`);
    for (const words of ['Pagaduría', '&lt;script&gt;', 'domicilio de pago']) expect([words, page.includes(words)]).toEqual([words, true]);
    const none = await fillIn('attorney', `/parked/${messageId}`, { outcome: '', reason: '' });
    expect([none.answer.status, none.answer.text.includes('href="#outcome"')]).toEqual([422, true]);
    const without = await fillIn('attorney', `/parked/${messageId}`, { outcome: 'refuse', reason: '' });
    expect([without.answer.status, without.answer.text.includes('href="#reason"')]).toEqual([422, true]);
    const refused = await fillIn('attorney', `/parked/${messageId}`, { outcome: 'refuse', reason: 'not_competent' });
    expect([refused.answer.headers['location'], (await getParked(site.ctx, messageId)).state]).toEqual(['/parked?done=settled', 'settled']);
    expect(await read('attorney', here())).toContain('refused by a person');
  });

  it('finds the rooms of the exchange under one place of the bar', async () => {
    for (const path of ['/conversations', '/reminders', '/deliveries', '/parked', '/drafts', '/inquiries', '/applications', '/agreements']) {
      const page = await read('attorney', path);
      expect([path, /href="\/conversations" aria-current="page">Exchange/.test(page), page.includes(`href="${path}" aria-current="page"`)]).toEqual([path, true, true]);
    }
    expect(await read('attorney', here())).not.toContain('Parts of the exchange');
  });
});

it('shows a reconciler what was said, without what a reconciler may not open', async () => {
  const page = await read('reconciler', here());
  expect([page.includes('Receipt: Available'), page.includes('/receipts/'), page.includes('/referrals/'), page.includes('/write?kind=')]).toEqual([true, false, false, false]);
  expect((await (await site.signedIn('reconciler')).get(`${here()}/write?kind=statusRequest`)).status).toBe(404);
});

describe('deliveries', () => {
  it('show what is on its way, who answers, and take the courier’s number and the proof that came back', async () => {
    const { messageId } = await sendMessage(site.ctx, { conversationId, kind: 'statusRequest', body: {} });
    expect(await read('attorney', '/deliveries')).toContain(`href="/deliveries/${messageId}"`);
    await work();
    expect(await read('attorney', '/deliveries')).not.toContain(messageId);
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' }).format(new Date());
    const sent = await fillIn('attorney', `/deliveries/${messageId}`, { courier: 'DHL', trackingNumber: 'JD0146000123', dispatchedOn: today }, `/deliveries/${messageId}/dispatch`);
    expect(sent.answer.headers['location']).toBe(`/deliveries/${messageId}?done=dispatched`);
    const wrong = await fillIn('attorney', `/deliveries/${messageId}`, { returnedOn: '2019-01-01' }, `/deliveries/${messageId}/return`);
    expect([wrong.answer.status, wrong.answer.text.includes('href="#returnedOn"'), wrong.answer.text.includes('value="2019"')]).toEqual([422, true, true]);
    const back = await fillIn('attorney', `/deliveries/${messageId}`, { returnedOn: today }, `/deliveries/${messageId}/return`);
    expect([back.answer.headers['location'], await stateOf(messageId)]).toEqual([`/deliveries/${messageId}?done=returned`, 'retrieved']);
    expect(await read('supervisor', '/deliveries')).toContain('Channels of partners');
    expect(await read('administrator', '/deliveries')).not.toContain('Send again');
  });
});

it('has an address and words for each kind of item that the exchange puts in the queue', async () => {
  const agent = await site.signedIn('attorney');
  const { messageId } = await sendMessage(site.ctx, { conversationId, kind: 'statusRequest', body: {}, asDraft: true });
  for (const [kind, address, words] of [
    [PARKED_ITEM, `/parked/${messageId}`, 'waiting for a decision'], [DRAFT_ITEM, `/messages/${messageId}`, 'review before it is sent'], [COURIER_ITEM, `/deliveries/${messageId}`, 'by courier'],
    [UNDELIVERED_ITEM, `/deliveries/${messageId}`, 'could not be delivered'],
  ] as const) {
    await inTransaction(site.ctx, (tx) => putQueueItem(tx, { kind, subjectId: messageId, county: '06037', caseId: null, partnerId: LA, reason: 'exchange.parked', dueOn: '2020-01-01', availableOn: '2020-01-01' }));
    const page = (await agent.get('/queue')).text;
    const taken = await agent.post('/queue/take').type('form').send({ form_token: hiddenField(page, 'form_token'), form_id: hiddenField(page, 'form_id') });
    expect([kind, taken.headers['location'], (await agent.get('/queue')).text.includes(words)]).toEqual([kind, address, true]);
    await inTransaction(site.ctx, (tx) => removeQueueItem(tx, kind, messageId));
  }
});

describe('an answer with papers', () => {
  const page = (): string => `${here()}/documents`;
  const standAs = (status: string) => behindTheWall(site.db, `update referrals set status = '${status}' where referral_id = '${referralId}'`);
  const log = (): Promise<string> => read('attorney', '/cases/C-1/disclosures');
  let answered: string;

  async function file(path: string): Promise<Buffer> {
    const got = await (await site.signedIn('officer_la')).get(path).buffer(true).parse((res, done) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
    });
    return got.body as Buffer;
  }

  /** Sends the form as a browser does: the fields that it carries, those given, and the file last. */
  async function press(action: string, fields: Record<string, string | string[]>, paper: readonly [Buffer, string] | null = null, html: string | null = null) {
    const agent = await site.signedIn('attorney');
    const shown = html ?? (await agent.get(page())).text;
    const form = agent.post(`${page()}${action}`);
    for (const name of ['form_token', 'form_id']) void form.field(name, hiddenField(shown, name));
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) void form.field(name, one);
    return paper === null ? form.attach('file', Buffer.alloc(0), { filename: '', contentType: 'application/octet-stream' }) : form.attach('file', paper[0], paper[1]);
  }
  const chosenIn = (html: string): string[] => [...html.matchAll(/name="papers" value="(att_\w+)" checked/gu)].map(([, id = '']) => id);

  it('takes a paper, shows what it still needs, and sends nothing before it is told to', async () => {
    await fillIn('officer_la', `${here()}/write?kind=documentRequest`, { papers: ['birth_certificate', 'certified_order'], neededBy: '2027-05-31', source: '', target: '', answers: '' });
    await work();
    // Sealed as it is today, so that nothing but the paper is new.
    await standAs('delivered');
    await buildPacket(site.ctx, referralId);
    await standAs('refused');
    await work();
    const before = await newest();
    for (const [path, words] of [[`/referrals/${referralId}`, 'answer the request for documents, by'], ['/queue?show=all', 'request to answer']] as const) expect([path, (await read('attorney', path)).includes(words)]).toEqual([path, true]);
    for (const words of ['Answer with documents', 'birth certificate', 'Needed by']) expect(await read('attorney', page())).toContain(words);
    expect((await (await site.signedIn('attorney')).get(`${here()}/write?kind=documentResponse`)).headers['location']).toBe(page());
    const typed = { source: 'The record of the <child>.', target: 'El acta.', unavailable: 'certified_order' };
    for (const [fields, paper, at] of [
      [{}, null, 'papers'], [{ unavailable: 'certified_order' }, null, 'reason'], [{ papers: `att_${'0'.repeat(26)}` }, null, 'papers'], [{ source: 'One language.', target: '', papers: `att_${'0'.repeat(26)}` }, null, 'target'],
      [{ paper_kind: '' }, [await aPaper(), 'a.pdf'], 'paper_kind'], [{ paper_kind: 'birth_certificate' }, [Buffer.from('<script>alert(1)</script>'), 'a.pdf'], 'file'],
    ] as const) {
      const { status, text } = await press('', { ...typed, unavailable: [], ...fields }, paper);
      expect([at, status, text.includes(`href="#${at}"`), text.includes('The record of the &lt;child&gt;') || 'source' in fields]).toEqual([at, 422, true, true]);
    }
    // Refused with what was said of it, it is not attached either.
    const attached = async () => behindTheWall(site.db, 'select count(*)::int as n from referral_attachments');
    const attachedBefore = await attached();
    const wordless = await press('/paper', { ...typed, unavailable: [], paper_kind: 'birth_certificate', paper_language: 'es-MX', paper_translation: 'picture_without_words' }, [await aPaper('Sin palabras'), 'acta.pdf']);
    expect([wordless.status, wordless.text.includes('href="#file"'), await attached()]).toEqual([422, true, attachedBefore]);
    const open = await press('/paper', { ...typed, unavailable: ['birth_certificate', 'certified_order'], paper_kind: 'birth_certificate', paper_language: 'es-MX' }, [await aPaper('Acta'), 'acta de Lucía.pdf']);
    expect([open.status, open.text.includes('The document is attached.'), open.text.includes('cannot be sent yet'), chosenIn(open.text)]).toEqual([200, true, true, []]);
    expect([...open.text.matchAll(/name="unavailable" value="(\w+)" checked/g)].map(([, code]) => code).sort()).toEqual(['birth_certificate', 'certified_order']);
    // The same file again, now with the reason why it needs no translation: it is the same attachment. A chosen file is never sent unseen.
    const added = await press('', { ...typed, paper_kind: 'birth_certificate', paper_language: 'es-MX', paper_translation: 'already_bilingual' }, [await aPaper('Acta'), 'acta de Lucía.pdf']);
    expect([added.status, chosenIn(added.text).length, added.text.includes('The record of the &lt;child&gt;'), await newest()]).toEqual([200, 1, true, before]);
    expect(chosenIn(await read('attorney', page()))).toEqual(chosenIn(added.text));
  });

  it('leaves once, signed and clean, in the log of the case; the office has each paper and its check', async () => {
    const html = await read('attorney', page());
    const fields = { papers: chosenIn(html), unavailable: 'certified_order', reason: 'not_found', expectedOn: '', source: 'The record.', target: 'El acta.' };
    const [first, second] = [await press('', fields, null, html), await press('', fields, null, html)];
    expect([first.headers['location'], second.headers['location']]).toEqual([`${here()}?done=sent`, `${here()}?done=sent`]);
    answered = await newest();
    expect(await log()).toContain('Documents sent');
    // What the partner has by an answer is no change of the packet that it has.
    await standAs('delivered');
    const referral = await read('attorney', `/referrals/${referralId}`);
    await standAs('refused');
    expect(referral).not.toContain('answer the request for documents');
    expect([referral.includes('Something has changed since'), referral.includes('sign the packet')]).toEqual([false, false]);
    await work();
    const seen = await read('officer_la', `/messages/${answered}`);
    for (const words of [`/messages/${answered}/papers/1`, 'birth certificate', 'El acta.', 'All documents as one signed file']) expect(seen).toContain(words);
    const [paper, container] = [await file(`/messages/${answered}/papers/1`), await file(`/messages/${answered}/file`)];
    const report = verifyContainer(container, { now: new Date() });
    expect([paper.subarray(0, 5).toString(), paper.includes(CANARY), report.isIntact, report.payload.map(({ name, bytes }) => [name, Buffer.from(bytes).equals(paper)])]).toEqual(['%PDF-', false, true, [['01-birth-certificate.pdf', true]]]);
    const check = await read('officer_la', `/messages/${answered}/check`);
    for (const words of ['01-birth-certificate.pdf', `href="/messages/${answered}/file"`, 'openssl']) expect(check).toContain(words);
    expect(check).not.toContain('usa-alert--error');
    for (const path of ['/papers/1', '/check']) expect([path, (await (await site.signedIn('reconciler')).get(`/messages/${answered}${path}`)).status]).toEqual([path, 403]);
    expect(await read('reconciler', `/messages/${answered}`)).not.toContain('/papers/1');
    for (const action of ['message.viewed', 'message.paper_read']) {
      const rows = await behindTheWall<{ actor_partner: string | null }>(site.db, 'select actor_partner from audit_events where action = $1 and subject_id = $2 and actor_partner is not null', [action, answered]);
      expect([action, rows]).toEqual([action, [{ actor_partner: 'mx-consulate-los-angeles' }]]);
    }
    for (const path of ['', '/papers/1', '/check', '/file']) expect([path, (await (await site.signedIn('officer_kr')).get(`/messages/${answered}${path}`)).status]).toEqual([path, 404]);
    expect((await (await site.signedIn('officer_la')).get(`/messages/${answered}/papers/2`)).status).toBe(404);
    expect((await (await site.signedIn('officer_la')).get(page())).status).toBe(403);
    // Nothing that was asked for is open any more.
    expect(await read('attorney', page())).toContain('has no open request for documents');
  });

  it('keeps papers in a draft, and lets none go that was taken off meanwhile', async () => {
    const html = await read('attorney', page());
    const [, paper = ''] = /name="papers" value="(att_\w+)"/u.exec(html) ?? [];
    expect((await press('/draft', { papers: paper, source: '', target: '' }, null, html)).headers['location']).toBe(`${here()}?done=draft`);
    const draft = await newest();
    const agent = await site.signedIn('attorney');
    const post = async (path: string) => agent.post(path).type('form').send({ form_token: hiddenField(await read('attorney', page()), 'form_token') });
    await post(`/referrals/${referralId}/attachments/${paper}/remove`);
    const refused = await post(`/messages/${draft}/release`);
    expect([refused.status, refused.text.includes('no longer attached to the request')]).toEqual([422, true]);
    await post(`/referrals/${referralId}/attachments/${paper}/restore`);
    const before = (await log()).split('Documents sent').length;
    expect([(await post(`/messages/${draft}/release`)).headers['location'], (await log()).split('Documents sent').length]).toEqual([`/messages/${draft}?done=released`, before + 1]);
  });

  it('is handed out no more once somebody is protected whom nobody has read it for', async () => {
    await importCaseExtract(site.ctx, { fileName: 'cases.ndjson', source: Readable.from(extractOf([aMexicanCase({ caseId: 'C-1', county: '06037', participants: [anObligor(), anObligee({ nondisclosure: { basis: 'affidavit', on: '2026-01-02' } }), aChild()] })])) });
    for (const path of ['', '/papers/1', '/check', '/file']) expect([path, (await (await site.signedIn('officer_la')).get(`/messages/${answered}${path}`)).status]).toEqual([path, 403]);
    expect(await read('attorney', page())).toContain('cannot be sent yet');
  });
});
