import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { startJobs } from '../../../src/jobs/index.ts';
import type { Job } from '../../../src/jobs/index.ts';
import { addWebhook, deliverMessage, deliveryOf, isSignedBy, listWebhooks, removeWebhook, rotateWebhook, sendNotice, wakeNotices } from '../../../src/modules/exchange/index.ts';
import { loadPartners } from '../../../src/modules/partners/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { systemClock } from '../../../src/platform/dates.ts';
import { emit } from '../../../src/platform/outbox.ts';
import { behindTheWall } from '../../support/database.ts';
import { at, aQueuedMessage, outgoingScene } from '../../support/exchange/outgoing.ts';
import type { OutgoingScene } from '../../support/exchange/outgoing.ts';
import { withChannels } from '../../support/exchange/partner-copy.ts';
import { CALEXICO } from '../../support/referrals-incoming/messages.ts';
import { codeOf } from '../../support/referrals-incoming/scene.ts';

interface Got { readonly headers: IncomingHttpHeaders; readonly body: string }
interface NoticeRow { readonly notice_id: string; readonly state: string; readonly code: string | null; readonly attempts: number }

let scene: OutgoingScene;
let ctx: Ctx;
let server: Server;
let url: string;
let got: Got[];
let answer: { status: number; headers?: Record<string, string> };
beforeEach(async () => {
  scene = await outgoingScene();
  got = [];
  answer = { status: 204 };
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => { body += chunk; }).on('end', () => {
      got.push({ headers: request.headers, body });
      response.writeHead(answer.status, answer.headers).end();
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const port = (server.address() as AddressInfo).port;
  url = `http://127.0.0.1:${port}/hooks/consulate`;
  ctx = { ...scene.ctx, config: { ...scene.ctx.config, webhookAllow: [`127.0.0.1:${port}`] } };
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
  loadPartners(null);
});

const notices = () => behindTheWall<NoticeRow>(scene.db, 'select notice_id, state, code, attempts from exchange_notices order by notice_id');
const only = async (): Promise<string> => (await notices())[0]?.notice_id ?? '';
const delivered = async (): Promise<string> => {
  const messageId = await aQueuedMessage(ctx);
  await deliverMessage(ctx, messageId);
  return messageId;
};
const signed = (secret: string, { headers, body }: Got, now = ctx.clock.now()): boolean =>
  isSignedBy(secret, { id: String(headers['webhook-id']), timestamp: String(headers['webhook-timestamp']), signature: String(headers['webhook-signature']), body, now });

describe('a webhook', () => {
  it('says that a message is there and nothing about it, signed, once', async () => {
    const { secret } = await addWebhook(ctx, { partnerId: CALEXICO, url });
    const messageId = await delivered();
    await sendNotice(ctx, await only());
    await sendNotice(ctx, await only());
    expect(got.length).toBe(1);
    expect(JSON.parse(got[0]?.body ?? '')).toEqual({ type: 'message.available', timestamp: '2026-11-20T12:00:00.000Z', data: { messageId } });
    expect([got[0]?.headers['webhook-id'], signed(secret, got[0] as Got)]).toEqual([await only(), true]);
    expect((await deliveryOf(ctx, messageId)).attempts.map(({ channel, code }) => `${channel} ${code}`)).toEqual(['webhook notice.sent', 'portal delivery.offered']);
  });

  it('keeps the same id and the attempts where the receiver is out of order, and is failed with an alarm after seven', async () => {
    await addWebhook(ctx, { partnerId: CALEXICO, url });
    await delivered();
    answer = { status: 503 };
    for (let time = 0; time < 7; time++) {
      await sendNotice(at(ctx, `2026-11-2${time}T13:00:00Z`), await only()).catch(() => undefined);
    }
    expect(await notices()).toMatchObject([{ state: 'failed', code: 'webhook.out_of_order', attempts: 7 }]);
    expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await behindTheWall(scene.db, `select code from office_alarms where ended_at is null`)).toEqual([{ code: 'exchange.notice_failed' }]);
  });

  it('waits as long as the receiver asks', async () => {
    await addWebhook(ctx, { partnerId: CALEXICO, url });
    await delivered();
    answer = { status: 429, headers: { 'retry-after': '7200' } };
    await sendNotice(ctx, await only());
    expect(await wakeNotices(at(ctx, '2026-11-20T13:59:00Z'))).toBe(0);
    expect(await wakeNotices(at(ctx, '2026-11-20T14:01:00Z'))).toBe(1);
    expect(await wakeNotices(at(ctx, '2026-11-20T14:01:00Z'))).toBe(0);
  });

  it('is ended by a receiver that says it is gone', async () => {
    await addWebhook(ctx, { partnerId: CALEXICO, url });
    await delivered();
    answer = { status: 410 };
    await sendNotice(ctx, await only());
    expect(await listWebhooks(ctx)).toMatchObject([{ state: 'disabled', reason: 'webhook.gone' }]);
    await delivered();
    expect((await notices()).map(({ state }) => state)).toEqual(['dropped']);
  });

  it('is signed by both secrets for a day after one was replaced', async () => {
    const { webhookId, secret } = await addWebhook(ctx, { partnerId: CALEXICO, url });
    const next = await rotateWebhook(ctx, webhookId);
    await delivered();
    await sendNotice(ctx, await only());
    expect([secret, next.secret].map((one) => signed(one, got[0] as Got))).toEqual([true, true]);
    const later = at(ctx, '2026-11-22T12:00:00Z');
    const second = await aQueuedMessage(later);
    await deliverMessage(later, second);
    await sendNotice(later, (await notices())[1]?.notice_id ?? '');
    expect([secret, next.secret].map((one) => signed(one, got[1] as Got, later.clock.now()))).toEqual([false, true]);
  });

  it('shows its secret once, keeps it encrypted, and is the administrator’s business', async () => {
    const { webhookId, secret } = await addWebhook(ctx, { partnerId: CALEXICO, url });
    expect(JSON.stringify(await listWebhooks(ctx))).not.toMatch(/whsec|hooks\/consulate/);
    const kept = await behindTheWall<{ row: string }>(scene.db, `select w::text || encode(details_encrypted, 'escape') as row from exchange_webhooks w`);
    expect(kept[0]?.row).not.toContain(secret.slice(6, 20));
    expect(kept[0]?.row).not.toContain('hooks/consulate');
    for (const role of ['attorney', 'partner_officer', 'supervisor'] as const) {
      expect(await codeOf(addWebhook({ ...ctx, actor: { ...ctx.actor, roles: [role] } }, { partnerId: CALEXICO, url }))).toEqual(['access.forbidden']);
    }
    for (let more = 0; more < 4; more++) await addWebhook(ctx, { partnerId: CALEXICO, url });
    expect(await codeOf(addWebhook(ctx, { partnerId: CALEXICO, url }))).toEqual(['webhook.too_many']);
    expect(await codeOf(addWebhook(ctx, { partnerId: CALEXICO, url: 'https://10.0.0.1/' }))).toEqual(['webhook.url_private']);
    await removeWebhook(ctx, webhookId);
    expect(await codeOf(removeWebhook(ctx, webhookId))).toEqual(['webhook.disabled']);
    expect(await codeOf(rotateWebhook(ctx, 'whk_none'))).toEqual(['webhook.not_found']);
  });
});

describe('mail', () => {
  const ADDRESS = 'enlace@consulado.example.org';
  let mails: string[];
  let recipients: string[];
  let refuses: boolean;
  let smtp: SMTPServer;
  let withMail: Ctx;
  beforeEach(async () => {
    mails = [];
    recipients = [];
    refuses = false;
    smtp = new SMTPServer({
      authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: (address, _session, done) => { recipients.push(address.address); done(refuses ? Object.assign(new Error('no such user'), { responseCode: 550 }) : null); },
      onData: (stream, _session, done) => {
        let text = '';
        stream.on('data', (chunk: Buffer) => { text += chunk.toString('latin1'); }).on('end', () => { mails.push(text); done(); });
      },
    });
    await new Promise<void>((resolve) => { smtp.listen(0, '127.0.0.1', resolve); });
    const { port } = smtp.server.address() as AddressInfo;
    withMail = { ...ctx, config: { ...ctx.config, smtpUrl: `smtp://127.0.0.1:${port}`, mailFrom: 'exchange@county.example.gov', publicUrl: 'https://puente.example.gov' } };
    withChannels(scene.db.dataDir, CALEXICO, [{ kind: 'portal' }, { kind: 'email', address: ADDRESS }]);
  });
  afterEach(async () => { await new Promise<void>((resolve) => { smtp.close(() => { resolve(); }); }); });

  it('tells in both languages how much waits and where, and nothing else, for many messages once', async () => {
    const ids = [await delivered(), await delivered(), await delivered()];
    expect((await notices()).length).toBe(1);
    expect(await wakeNotices(withMail)).toBe(1);
    await sendNotice(withMail, await only());
    expect([recipients, mails.length]).toEqual([[ADDRESS], 1]);
    const [header = '', ...rest] = (mails[0] ?? '').split('\r\n\r\n');
    const body = rest.join('\n').replace(/=\r\n/g, '');
    expect(header).toContain('Auto-Submitted: auto-generated');
    expect(body).toContain('3 messages from the child support agency');
    expect(body).toContain('Hay 3 mensajes');
    expect(body).toContain('https://puente.example.gov');
    for (const hidden of [...ids, '06025', 'statusRequest', CALEXICO]) expect(mails[0]).not.toContain(hidden);
    await delivered();
    expect(await wakeNotices(at(withMail, '2026-11-20T12:30:00Z'))).toBe(0);
    expect(await wakeNotices(at(withMail, '2026-11-20T13:30:00Z'))).toBe(1);
  });

  it('is not sent where no server is set, and that is said', async () => {
    await delivered();
    await sendNotice(ctx, await only());
    expect(await notices()).toMatchObject([{ state: 'failed', code: 'mail.not_set_up' }]);
  });

  it('is tried again where the server is away, and not where it refuses', async () => {
    await delivered();
    const away = { ...withMail, config: { ...withMail.config, smtpUrl: 'smtp://127.0.0.1:1' } };
    expect(await codeOf(sendNotice(away, await only()))).toEqual(['notice.not_sent']);
    refuses = true;
    await sendNotice(withMail, await only());
    expect(await notices()).toMatchObject([{ state: 'failed', code: 'mail.refused', attempts: 2 }]);
  });

  it.each(['a@b.example.org\r\nBcc: all@example.org', 'a@b.example.org, c@d.example.org', '"x" <a@b.example.org>', 'a@b'])('goes to no address such as %j', async (address) => {
    withChannels(scene.db.dataDir, CALEXICO, [{ kind: 'portal' }, { kind: 'email', address }]);
    await delivered();
    await sendNotice(withMail, await only());
    expect([await notices(), recipients]).toMatchObject([[{ state: 'failed', code: 'mail.address_invalid' }], []]);
  });
});

it('two processes share the work: each message is offered once, and both of them do some', async () => {
  const done: [string[], string[]] = [[], []];
  const all = 24;
  let finished: () => void = () => undefined;
  const everything = new Promise<void>((resolve) => { finished = resolve; });
  const worker = (index: 0 | 1): Job => ({
    name: 'deliver-message', wakesOn: ['message.queued'],
    run: async (job, { body }) => {
      await deliverMessage(job, String(body['messageId']));
      done[index].push(String(body['messageId']));
      if (done[0].length + done[1].length === all) finished();
    },
  });
  const serving: Ctx = { ...ctx, clock: systemClock, actor: { ...ctx.actor, kind: 'system' } };
  const ids: string[] = [];
  for (let one = 0; one < all; one++) ids.push(await aQueuedMessage(ctx));
  const running = [await startJobs(serving, [worker(0)]), await startJobs(serving, [worker(1)])];
  try {
    await inTransaction(ctx, async (tx) => { for (const messageId of ids) await emit(tx, 'message.queued', { messageId }); });
    await everything;
  } finally {
    for (const one of running) await one.close();
  }
  expect([...done[0], ...done[1]].sort()).toEqual([...ids].sort());
  expect(done.map((some) => some.length > 0)).toEqual([true, true]);
  expect(await behindTheWall(scene.db, `select count(*)::int as n, count(distinct message_id)::int as messages from exchange_attempts`)).toEqual([{ n: all, messages: all }]);
});
