import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';
import { Checker } from '../../../src/api/v1/check.ts';
import { loadDescription } from '../../../src/api/v1/description.ts';
import type { Operation } from '../../../src/api/v1/description.ts';
import { answerOnce, SCOPES } from '../../../src/modules/identity/index.ts';
import { openApi, OTHER, statusRequest } from './api-site.ts';
import type { ApiClient, ApiSite } from './api-site.ts';

/**
 * Every example of the description is run: each request as it is written there, and each status of each operation is brought about and its answer held
 * against the description and against the example of that status.
 */
const { operations } = loadDescription();
const checker = new Checker();
const UNKNOWN = '01KAM5T5ZV8Q0P6Y3H2N4B7C9D';

interface Example { operation: Operation; name: string; type: string; value: unknown }
interface Answer { status: number; type: string; headers: IncomingMessage['headers']; body: unknown }
interface Wanted { query?: string; headers?: Record<string, string>; body?: string; client?: ApiClient | null; path?: Record<string, string> }
type Documented = Record<string, { content?: Record<string, { example?: unknown; examples?: Record<string, { value: unknown }> }>; $ref?: string }>;

const written = parse(readFileSync(new URL('../../../schemas/openapi.yaml', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, { operationId: string; requestBody?: Documented[string]; responses: Documented }>>; components: { responses: Documented };
};
const writtenOf = (id: string): { requestBody?: Documented[string]; responses: Documented } => {
  const found = Object.values(written.paths).flatMap((item) => Object.values(item)).find(({ operationId }) => operationId === id);
  if (!found) throw new Error(`no operation ${id}`);
  return found;
};

let site: ApiSite;
let client: ApiClient;
let server: Server;
let ids: Record<string, string>;
const seen = new Set<string>();

beforeAll(async () => {
  site = await openApi();
  client = await site.client();
  server = createServer(site.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const offered = await site.offered();
  const messageId = await site.asked(offered.referralId);
  const inquiry = await call(operationOf('askAboutCase'), bodyOf('askAboutCase'));
  const [receipt] = ((await call(operationOf('listReceipts'))).body as { items: { id: string }[] }).items;
  const [conversation] = ((await call(operationOf('listConversations'))).body as { items: { id: string }[] }).items;
  ids = {
    messageId, receiptId: receipt?.id ?? '', referralId: offered.referralId, conversationId: conversation?.id ?? '', inquiryId: (inquiry.body as { id: string }).id, withFile: offered.messageId,
    folder: 'xsd', file: 'puente-message.v1.xsd', errorType: 'not-found',
  };
});
afterAll(() => new Promise((resolve) => {
  server.close(resolve);
  server.closeAllConnections();
}));

const operationOf = (id: string): Operation => operations.find((one) => one.id === id) as Operation;

function examplesOf(operation: Operation): Example[] {
  return Object.entries(writtenOf(operation.id).requestBody?.content ?? {}).flatMap(([type, { examples }]) =>
    Object.entries(examples ?? {}).map(([name, { value }]) => ({ operation, name, type, value })));
}

function bodyOf(id: string, changes: Record<string, unknown> = {}): Wanted {
  const [example] = examplesOf(operationOf(id));
  return asRequest({ ...(example as Example), value: { ...(example as { value: Record<string, unknown> }).value, ...changes } });
}

function asRequest({ type, value }: Pick<Example, 'type' | 'value'>): Wanted {
  const filled = JSON.stringify(value).replaceAll(`cli_${UNKNOWN}`, client.clientId).replaceAll('{{clientSecret}}', client.secret);
  const given: unknown = JSON.parse(filled);
  const body = type === 'application/x-www-form-urlencoded' ? new URLSearchParams(given as Record<string, string>).toString() : typeof given === 'string' ? given : filled;
  return { headers: { 'Content-Type': type }, body };
}

let keys = 0;
async function call(operation: Operation, wanted: Wanted = {}): Promise<Answer> {
  const path = operation.path.replaceAll(/:(\w+)/g, (_all, name: string) => wanted.path?.[name] ?? (operation.id === 'getMessageFile' && name === 'messageId' ? ids['withFile'] : ids[name]) ?? '');
  const who = wanted.client === undefined ? (operation.scopes === null ? null : client) : wanted.client;
  const headers: Record<string, string> = { ...(who ? { Authorization: `Bearer ${who.secret}` } : {}), 'Idempotency-Key': `example-${++keys}`, ...wanted.headers };
  const answer = await raw(operation.method.toUpperCase(), `/api/v1${path}${wanted.query ?? ''}`, headers, wanted.body);
  const type = (answer.type.split(';')[0] ?? '').trim();
  const problem = operation.responses[String(answer.status)];
  checker.answer(operation, answer.status, type === '' ? null : problem && '*/*' in problem ? '*/*' : type, answer.body);
  seen.add(`${operation.id} ${answer.status}`);
  return answer;
}

function raw(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const length = body !== undefined && headers['Content-Length'] === undefined ? { 'Content-Length': String(Buffer.byteLength(body)) } : {};
    const sent = request({ host: '127.0.0.1', port, method, path, headers: { ...length, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const type = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode ?? 0, type, headers: response.headers, body: /[/+]json/.test(type) ? JSON.parse(text) as unknown : text });
        sent.destroy();
      }).on('error', reject);
    });
    sent.on('error', reject);
    if (headers['Content-Length'] === undefined) sent.end(body);
    else sent.flushHeaders();
  });
}

const success = (status: number): boolean => status >= 200 && status < 300;

describe('requests', () => {
  it.each(operations.flatMap((operation) => examplesOf(operation).map((example) => [`${operation.id} ${example.name}`, example] as const)))('%s does what it says', async (_name, example) => {
    const answer = await call(example.operation, asRequest(example));
    expect({ status: answer.status, code: (answer.body as { code?: string }).code }).toEqual({ status: expect.any(Number), code: undefined });
    expect(success(answer.status)).toBe(true);
  });

  it.each(operations.filter(({ body }) => body === null).map((operation) => [operation.id, operation] as const))('%s with the examples of its parameters', async (_id, operation) => {
    const answer = await call(operation);
    expect(success(answer.status)).toBe(true);
    if (operation.id === 'getMessageFile') await call(operation, { headers: { Range: 'bytes=0-1023' } });
    const etag = answer.headers['etag'];
    if (operation.responses['304']) expect((await call(operation, { headers: { 'If-None-Match': String(etag) } })).status).toBe(304);
  });

  it('each form that an operation offers can be had', async () => {
    for (const operation of operations.filter(({ method }) => method === 'get')) {
      for (const type of Object.keys(operation.responses['200'] ?? {}).filter((one) => one !== '*/*' && operation.id !== 'getSchema')) {
        expect((await call(operation, { headers: { Accept: type } })).type).toContain(type);
      }
    }
  });
});

describe('problems', () => {
  const UNLIKE: Record<string, string> = { messageId: `msg_${UNKNOWN}`, receiptId: `rct_${UNKNOWN}`, referralId: `ref_${UNKNOWN}`, conversationId: 'none', inquiryId: `inq_${UNKNOWN}`, file: 'none.xsd', errorType: 'none-such' };
  const UNREADABLE: Record<string, Wanted> = { getToken: { body: 'grant_type=password', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } } };
  const UNFIT: Record<string, () => Promise<Wanted>> = {
    getToken: async () => bodyOf('getToken', { scope: 'everything' }),
    sendMessage: async () => asRequest({ type: 'application/json', value: { ...statusRequest(), from: { partnerId: OTHER, country: 'KR', name: [{ lang: 'en', value: 'KCSA' }] } } }),
    sendFile: async () => ({ headers: { 'Content-Type': 'application/octet-stream' }, body: 'nothing that anybody knows' }),
    sendReceipt: async () => ({ headers: { 'Content-Type': 'application/pkcs7-mime' }, body: 'nothing that anybody signed' }),
    askAboutCase: async () => {
      const { body = '{}' } = bodyOf('askAboutCase');
      const { consent: _, ...rest } = JSON.parse(body) as Record<string, unknown>;
      return asRequest({ type: 'application/json', value: rest });
    },
  };
  const BRING: Record<string, (operation: Operation) => Promise<Answer>> = {
    401: (operation) => call(operation, operation.id === 'getToken' ? bodyOf('getToken', { client_secret: 'guess' }) : { client: null }),
    403: async (operation) => call(operation, { client: await site.client({ scopes: SCOPES.filter((scope) => !operation.scopes?.includes(scope)) }) }),
    404: (operation) => call(operation, { path: UNLIKE }),
    406: (operation) => call(operation, { headers: { Accept: 'image/png' } }),
    400: (operation) => call(operation, operation.body ? UNREADABLE[operation.id] ?? { headers: { 'Content-Type': Object.keys(operation.body.content)[0] as string }, body: '' } : { query: '?limit=0' }),
    413: (operation) => call(operation, { headers: { 'Content-Type': Object.keys(operation.body?.content ?? {})[0] as string, 'Content-Length': String(1024 * 1024 * 1024) } }),
    415: (operation) => call(operation, { headers: { 'Content-Type': 'application/x-unknown' }, body: 'x' }),
    416: (operation) => call(operation, { headers: { Range: 'bytes=999999999-' } }),
    422: async (operation) => call(operation, await (UNFIT[operation.id] as () => Promise<Wanted>)()),
    409: (operation) => whileWorkedOn(operation),
    429: async (operation) => {
      if (operation.scopes === null) return tooManyOf(operation);
      const slow = await site.client({ requestsPerMinute: 1 });
      await raw('GET', '/api/v1/status', { Authorization: `Bearer ${slow.secret}` });
      return call(operation, { client: slow });
    },
    default: async (operation) => ({ status: operation.responses['default'] ? 503 : 0, type: '', headers: {}, body: null }),
  };

  async function whileWorkedOn(operation: Operation): Promise<Answer> {
    const [example] = examplesOf(operation);
    const wanted = asRequest(example as Example);
    const key = `busy-${operation.id}`;
    const sha256 = createHash('sha256').update(`post /api/v1${operation.path} ${example?.type}`).digest('hex');
    let answer: Answer | undefined;
    await answerOnce(site.ctx, { clientId: client.clientId, key, sha256 }, {
      work: async () => {
        answer = await call(operation, { ...wanted, headers: { ...wanted.headers, 'Idempotency-Key': key } });
        return { answer: '{}', bodySha256: '' };
      },
      bodySha256: async () => '',
    });
    return answer as Answer;
  }

  async function tooManyOf(operation: Operation): Promise<Answer> {
    for (let sent = 0; sent < 700; sent++) if ((await raw('GET', '/api/v1/errors/not-found', {})).status === 429) break;
    const answer = await call(operation, operation.body ? bodyOf(operation.id) : {});
    site.wait(61_000);
    return answer;
  }

  it.each(operations.map((operation) => [operation.id, operation] as const))('%s: every one that is documented, as documented', async (_id, operation) => {
    for (const status of Object.keys(operation.responses).filter((one) => !/^[23]/.test(one))) {
      const answer = await (BRING[status] as (operation: Operation) => Promise<Answer>)(operation);
      expect({ id: operation.id, status: String(answer.status) }).toEqual({ id: operation.id, status: status === 'default' ? '503' : status });
      seen.add(`${operation.id} ${status}`);
      if (status === 'default') continue;
      const example = exampleOf(operation, status) as { type: string };
      const { type } = answer.body as { type: string };
      expect(status === '422' ? '' : type).toBe(status === '422' ? '' : example.type);
      expect(answer.type).toContain('application/problem+json');
    }
  });

  it('no documented answer was left out', async () => {
    await call(operationOf('sendMessage'), bodyOf('sendMessage'));
    await call(operationOf('sendFile'), bodyOf('sendFile').headers ? asRequest(examplesOf(operationOf('sendFile'))[0] as Example) : {});
    for (const time of ['first', 'again']) await call(operationOf('sendReceipt'), { ...asRequest(examplesOf(operationOf('sendReceipt'))[0] as Example), headers: { 'Content-Type': 'application/x-pem-file', 'Idempotency-Key': `receipt-${time}` } });
    const all = operations.flatMap((operation) => Object.keys(operation.responses).map((status) => `${operation.id} ${status}`));
    expect(all.filter((one) => !seen.has(one))).toEqual([]);
  });
});

function exampleOf(operation: Operation, status: string): unknown {
  const response = writtenOf(operation.id).responses[status];
  const name = response?.$ref?.split('/').at(-1);
  const { content = {} } = (name === undefined ? response : written.components.responses[name]) ?? {};
  return Object.values(content)[0]?.example;
}

it.each(operations.flatMap((operation) => Object.keys(operation.responses).map((status) => [`${operation.id} ${status}`, operation, status] as const)))('the example of %s fits its own description', (_name, operation, status) => {
  const example = exampleOf(operation, status);
  const types = Object.keys(operation.responses[status] ?? {}).filter((type) => /[/+]json$/.test(type));
  if (example !== undefined) expect(() => checker.answer(operation, status === 'default' ? status : Number(status), types[0] as string, example)).not.toThrow();
  // Every answer that is a record has one.
  if (types.length > 0 && !['getSchema', 'getDescriptionJson'].includes(operation.id)) expect({ status, hasExample: example !== undefined }).toEqual({ status, hasExample: true });
});
