import { openApi } from './api-site.ts';
import type { ApiClient, ApiSite } from './api-site.ts';

let site: ApiSite;
let client: ApiClient;
beforeAll(async () => {
  site = await openApi();
  client = await site.client();
});

const list = (rows: number, from = 0): string => `reference,caseNumber,amount,currency\n${Array.from({ length: rows }, (_, at) => `R-${from + at},IM-1,10.00,USD`).join('\n')}\n`;
const send = (key: string, body: string, who = client): Promise<{ status: number; body: Record<string, never>; headers: Record<string, string> }> =>
  who.post('/files').set('Idempotency-Key', key).set('Content-Type', 'text/csv').send(body) as never;

it('a request under a key is answered once, and the same again', async () => {
  const first = await send('one', list(3));
  const again = await send('one', list(3));
  expect(first.status).toBe(201);
  expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([201, first.body, 'true']);
});

it('a key is needed where a request has none of its own, and is one request’s alone', async () => {
  const none = await client.post('/files').set('Content-Type', 'text/csv').send(list(1));
  expect(none.body).toMatchObject({ status: 400, code: 'api.request_invalid', errors: [{ code: 'api.parameter_missing', pointer: '/header/Idempotency-Key' }] });
  await send('two', list(2, 100));
  expect((await send('two', list(2, 200))).body).toMatchObject({ status: 422, code: 'api.key_reused' });
  const elsewhere = await client.post('/inquiries').set('Idempotency-Key', 'two').send({
    person: { given: 'A', family: 'B', birthDate: '1980-01-01' }, asker: { name: 'A B', relation: 'obligor', documentShown: 'passport' }, questions: ['status'],
  });
  expect(elsewhere.body).toMatchObject({ status: 422, code: 'api.key_reused' });
  const other = await site.client();
  expect((await send('two', list(2, 300), other)).status).toBe(201);
});

it('of many at once one is worked on; the others hear that, or the answer', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => send('many', list(5, 400))));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.every((status) => [201, 409].includes(status))).toBe(true);
  expect(await site.scene.count("exchange_messages where direction = 'in'")).toBe(await site.scene.count("(select distinct content_sha256 from exchange_messages where direction = 'in') x"));
  expect((await send('many', list(5, 400))).status).toBe(201);
});

it('a refusal leaves the key free, and an answer is forgotten after three days', async () => {
  const empty = await client.post('/files').set('Idempotency-Key', 'later').set('Content-Type', 'text/csv').send('');
  expect(empty.status).toBe(400);
  const first = await send('later', list(1, 500));
  expect(first.status).toBe(201);
  site.wait(73 * 3_600_000);
  expect((await send('later', list(1, 600))).headers['idempotency-replayed']).toBeUndefined();
});
