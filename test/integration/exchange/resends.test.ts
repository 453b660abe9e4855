import { fork, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Readable } from 'node:stream';
import { JOBS, startJobs } from '../../../src/jobs/index.ts';
import type { Job } from '../../../src/jobs/index.ts';
import { importCaseExtract } from '../../../src/modules/cases/index.ts';
import { addPartnerKey, createClient, SCOPES } from '../../../src/modules/identity/index.ts';
import { buildPacket, createReferral, getReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { environmentWith } from '../../../src/platform/config.ts';
import { extractOf } from '../../support/cases/builders.ts';
import { behindTheWall, testDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { Consulate } from '../../support/exchange/consulate.ts';
import type { Form, Parts } from '../../support/exchange/consulate.ts';
import { environmentOf, NOON, wholeApp } from '../../support/exchange/whole-app.ts';
import type { WholeApp } from '../../support/exchange/whole-app.ts';
import { CALEXICO, partnerMessage } from '../../support/referrals-incoming/messages.ts';
import { aFamily, packetId } from '../../support/referrals-incoming/scene.ts';
import { aMexicanCase } from '../../support/referrals/packets.ts';
import { ed25519KeyPair } from '../../support/sftp/key-pair.ts';

const RESENDS = 20;
const AT_ONCE = 12;
const FORMS: readonly (Form | 'sftp')[] = ['json', 'xml', 'windows-1252', 'file', 'sftp'];
const PROGRAM = (name: string): string => new URL(`../../support/exchange/${name}`, import.meta.url).pathname;

let db: TestDatabase;
let app: WholeApp;
let referralId: string;
let credentials: { secret: string; privateKey: string };
let said: Parts[];
const children: ChildProcess[] = [];
const partners: Consulate[] = [];

/** The consulate, before whichever process serves. */
function consulate({ url, sftpPort }: { url: string; sftpPort: number }): Consulate {
  const one = new Consulate({
    url, secret: credentials.secret, partnerId: CALEXICO, country: 'MX', name: 'Cónsul de México', fileNumber: 'CLX/2026/0007', county: '06025', now: () => new Date(NOON),
    sftp: { port: sftpPort, privateKey: credentials.privateKey },
  });
  partners.push(one);
  return one;
}

beforeAll(async () => {
  db = await testDatabase();
  app = await wholeApp(db);
  const { ctx } = app;
  const debtor = { ...aMexicanCase({ caseId: 'IM-1', partnerCaseNumbers: [{ partner: CALEXICO, value: 'CLX/2026/0007' }] }) };
  await importCaseExtract(ctx, { fileName: 'cases.ndjson', source: Readable.from([extractOf([debtor])]) });
  ({ referralId } = await createReferral(ctx, { caseId: 'IM-1', partnerId: CALEXICO, services: ['enforce'] }));
  await buildPacket(ctx, referralId);
  await sendReferral(ctx, referralId);
  expect(await app.work()).toEqual([]);
  const { secret } = await createClient(ctx, { partnerId: CALEXICO, name: 'Sistema', scopes: SCOPES, networks: [], requestsPerMinute: 6_000 });
  const pair = ed25519KeyPair();
  await addPartnerKey(ctx, { partnerId: CALEXICO, name: 'Servidor', publicKey: pair.public, networks: [] });
  credentials = { secret, privateKey: pair.private };
  said = messages(consulate(app));
}, 120_000);
afterAll(async () => {
  for (const partner of partners) await partner.leave();
  for (const child of children) child.kill('SIGKILL');
  await app.close();
});

/** 50 messages, of which each does something of its own. */
function messages(partner: Consulate): Parts[] {
  const about = { referralId, conversation: 'CLX-MUCHOS' };
  const person = aMexicanCase().participants.find(({ role }) => role === 'obligee');
  const [given, family, secondFamily] = [person?.name.given ?? '', person?.name.family ?? '', person?.name.secondFamily ?? ''];
  const to = { county: '06025', fileNumber: 'IM-1', name: [{ lang: 'en', value: 'County' }] };
  const made = (count: number, make: (index: number) => Parts): Parts[] => Array.from({ length: count }, (_, index) => make(index));
  return [
    ...made(20, () => partner.message({ statusRequest: { question: ['progress'] } }, about)),
    ...made(10, (index) => partner.message({ documentRequest: { requestId: `PED-${index}`, document: [{ kind: 'order' }] } }, about)),
    ...made(10, (index) => partner.message({
      inquiry: { inquiryId: `V-${index}`, question: ['status'], person: { personId: 'p1', role: 'obligee', name: { given, family, ...(secondFamily === '' ? {} : { secondFamily }) }, birthDate: person?.birthDate ?? '' }, consent: [{ reference: `C-${index}`, kind: 'signed', of: 'p1', givenOn: '2026-11-19' }] },
    }, { conversation: `CLX-V-${index}`, to })),
    ...made(10, (index) => partner.message({
      remittanceAdvice: {
        transferNumber: `TR-${index}`, sentOn: '2026-11-12', total: '50.00', currency: 'USD', lineCount: 1,
        line: [{ folio: `R-${index}`, toFileNumber: 'IM-1', gross: '950.00', grossCurrency: 'MXN', rate: '0.052632', fee: '0.00', net: '50.00', collectedOn: '2026-11-02', sentOn: '2026-11-12', debtor: { given: 'José', family: 'Núñez' }, creditor: { given: 'Rosa', family: 'Mendoza' } }],
      },
    }, { conversation: `CLX-PAGO-${index}` })),
  ];
}

interface Sending { readonly message: number; readonly form: Form | 'sftp'; readonly round: number }

/** Sends what is left of it, so many at once; whatever a connection that broke has left open stays open. Returns the receipts. */
async function sendAll(partner: Consulate, left: Sending[], receipts: Map<number, Set<string>>, isOver: () => boolean = () => false): Promise<Sending[]> {
  const open: Sending[] = [];
  const sftp = await partner.sftp();
  // As a batch of `sftp` does it: one file after the other.
  let before: Promise<unknown> = Promise.resolve();
  const one = async (sending: Sending): Promise<void> => {
    const message = said[sending.message] as Parts;
    let receipt: string | undefined;
    if (sending.form === 'sftp') {
      const name = `m${sending.message}-r${sending.round}.${sending.round % 2 === 0 ? 'xml' : 'json'}`;
      const done = before.then(async () => {
        await sftp.put(`/inbox/${name}`, partner.written(message, sending.round % 2 === 0 ? 'xml' : 'json').bytes);
        return (await sftp.get(`/receipts/${name}.p7s`)).toString('base64');
      });
      before = done.catch(() => undefined);
      receipt = await done;
    } else {
      const answer = await partner.say(message, sending.form);
      if (answer.status > 201) throw new Error(`${sending.form}: ${answer.status} ${answer.bytes.toString('utf8').slice(0, 500)}`);
      receipt = answer.body.receipt?.signed;
    }
    receipts.get(sending.message)?.add(receipt ?? '');
  };
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let sending = left.shift(); sending !== undefined; sending = left.shift()) {
      if (isOver()) open.push(sending);
      else await one(sending).catch((error: unknown) => { if (!isOver()) throw error; open.push(sending as Sending); });
    }
  }));
  return open;
}

/** Starts a process that serves, which ends by being killed. */
async function anotherProcess(): Promise<{ child: ChildProcess; url: string; sftpPort: number }> {
  const child = fork(PROGRAM('serving.mjs'), [NOON], { env: environmentWith(await environmentOf(db)), stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.push(child);
  const told = await new Promise<{ url: string; sftpPort: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { url: string; sftpPort: number })).once('exit', (code) => reject(new Error(`it ended with ${code}`)));
  });
  return { child, ...told };
}

const count = async (what: string): Promise<number> => Number((await behindTheWall<{ n: string }>(db, `select count(*) as n from ${what}`))[0]?.n);

/** Two processes' jobs share what is to be done; over when nothing waits, and what was handed on has been done, too. */
async function jobsDone(): Promise<void> {
  const isDone = async (): Promise<boolean> => await count(`exchange_work where state = 'waiting'`) === 0 && await count(`inquiries where state <> 'answered'`) === 0
    && await count('inquiries') === 10 && await count('payment_lines') === 10 && await count(`exchange_messages where direction = 'out' and state = 'queued'`) === 0
    && await count(`exchange_messages where kind = 'reply'`) === 10;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => { finish = resolve; });
  const told = ['message.acted', 'message.parked', 'inquiry.answered', 'exchange.list_imported', 'message.delivered', 'message.queued', 'watch.look'];
  const watch: Job = { name: 'watch', wakesOn: [...told, ...new Set(JOBS.flatMap(({ wakesOn }) => wakesOn))], async run() { if (await isDone()) finish(); } };
  const system = { ...app.ctx, actor: { ...app.ctx.actor, kind: 'system' as const, id: 'operator' } };
  const [one, two] = [await startJobs(system, [...JOBS, watch]), await startJobs(system, [...JOBS, watch])];
  try {
    await finished;
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
}

it('50 messages, 20 times each, in every form and by every way, across a restart and two kills: one row, one receipt, one effect each', async () => {
  const receipts = new Map(said.map((_, index) => [index, new Set<string>()]));
  const sendings = Array.from({ length: RESENDS * said.length }, (_, index): Sending => {
    const round = Math.floor(index / said.length);
    return { message: index % said.length, round, form: FORMS[round % FORMS.length] ?? 'json' };
  });
  const third = Math.floor(sendings.length / 3);

  // The first process is killed in the middle of the first third, before anything has been done about any of it.
  const first = await anotherProcess();
  let isKilled = false;
  const killAt = third - 60;
  const part = sendings.slice(0, third);
  let open = await sendAll(consulate(first), part, receipts, () => {
    if (!isKilled && part.length <= third - killAt) isKilled = first.child.kill('SIGKILL');
    return isKilled;
  });
  expect([isKilled, open.length > 0]).toEqual([true, true]);
  expect(await count(`exchange_work where state = 'acted'`)).toBe(0);

  // The second is the one of this test; it is closed in the middle, with requests on their way, and opened again.
  let isClosed = false;
  let closing: Promise<void> = Promise.resolve();
  const second = [...open, ...sendings.slice(third, 2 * third)];
  const half = Math.floor(second.length / 2);
  open = await sendAll(consulate(app), second, receipts, () => {
    if (!isClosed && second.length <= half) { isClosed = true; closing = app.close(); }
    return isClosed;
  });
  await closing;
  app = await wholeApp(db);

  // One that acts is killed in the middle of acting: nothing of it is left.
  const [kept] = await behindTheWall<{ id: string }>(db, `select message_id as id from exchange_messages where kind = 'statusRequest' and direction = 'in' order by message_id limit 1`);
  for (const step of ['insert into referral_moves', 'update exchange_work', 'set constraints all immediate; commit']) {
    expect([step, spawnSync(process.execPath, [PROGRAM('killed-act.mjs'), kept?.id ?? '', step], { env: environmentWith(await environmentOf(db)) }).signal]).toEqual([step, 'SIGKILL']);
  }
  expect(await count(`exchange_work where state <> 'waiting'`)).toBe(0);

  // The rest comes while the jobs of two processes are at work.
  const [left] = await Promise.all([sendAll(consulate(app), [...open, ...sendings.slice(2 * third)], receipts), jobsDone()]);
  expect(left).toEqual([]);

  expect([...receipts.values()].map(({ size }) => size)).toEqual(said.map(() => 1));
  expect(await behindTheWall(db, `select kind, state, count(*)::int as n from exchange_messages where direction = 'in' group by 1, 2 order by 1`)).toEqual([
    { kind: 'documentRequest', state: 'stored', n: 10 }, { kind: 'inquiry', state: 'stored', n: 10 }, { kind: 'remittanceAdvice', state: 'stored', n: 10 }, { kind: 'statusRequest', state: 'stored', n: 20 },
  ]);
  expect(await count(`exchange_receipts r join exchange_messages m using (agency_id, message_id) where m.direction = 'in'`)).toBe(50);
  expect((await getReferral(app.ctx, referralId)).moves.filter(({ move }) => move === 'ask')).toHaveLength(30);
  expect(await count('inquiries')).toBe(10);
  expect(await count(`exchange_messages where kind = 'reply'`)).toBe(10);
  expect(await count('payment_lines')).toBe(10);
  expect(await count(`exchange_work where state in ('waiting', 'parked')`)).toBe(0);
}, 240_000);

it('a request of theirs, by every way and as often, is one that comes in', async () => {
  const xml = partnerMessage(aFamily('X-1', ['Teófilo Barragán Quijano', 'Yolanda Iturbide Salcido', 'Fabián Barragán Iturbide']), { packetId: packetId(), theirNumber: 'CLX/2026/0099' });
  const partner = consulate(app);
  const sftp = await partner.sftp();
  const answers = await Promise.all(Array.from({ length: 6 }, async (_, index) => {
    if (index % 3 === 2) {
      await sftp.put(`/inbox/pedido-${index}.xml`, xml);
      return (await sftp.get(`/receipts/pedido-${index}.xml.p7s`)).toString('base64');
    }
    const answer = index % 3 === 0 ? await partner.send('POST', '/messages', xml, { 'content-type': 'application/xml' }) : await partner.upload('pedido.xml', xml);
    expect([200, 201, answer.bytes.toString('utf8')]).toContain(answer.status);
    return answer.body.receipt?.signed;
  }));
  expect(new Set(answers).size).toBe(1);
  expect(await app.work()).toEqual([]);
  expect(await count('incoming_packets')).toBe(1);
}, 120_000);
