/**
 * From credentials to a proven answer, as a partner's developer would begin. It needs `openapi-fetch`, the types that
 * `npm run api:types` makes of `schemas/openapi.yaml`, and `openssl` to verify the receipt; nothing else of this project.
 *
 *     PUENTE_URL=https://county.example/api/v1 PUENTE_CLIENT=cli_… PUENTE_SECRET=pnt_… node quickstart.ts
 */
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import createClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import type { components, paths } from '../support/api/schema.d.ts';

export interface Settings {
  /** `https://county.example/api/v1`. */
  readonly url: string;
  readonly clientId: string;
  readonly secret: string;
}

export interface Outcome {
  readonly partnerId: string;
  readonly messageId: string;
  readonly packetSha256: string;
  readonly packetBytes: number;
  readonly receiptId: string;
  readonly receipt: Uint8Array;
  /** What the receipt says, as openssl took it out of the signature. */
  readonly statement: Readonly<Record<string, unknown>>;
}

type Message = components['schemas']['message.v1'];

/** 1. A token for the secret; 2. who am I; 3. what lies ready; 4. its packet; 5. say that it came; 6. verify the proof. */
export async function quickstart(settings: Settings): Promise<Outcome> {
  const api = createClient<paths>({ baseUrl: settings.url, headers: { 'Accept-Language': 'es-MX' } });
  await signIn(api, settings);
  const status = heard(await api.GET('/status'));
  const packet = await findReferral(api);
  const bytes = new Uint8Array(heard(await api.GET('/messages/{messageId}/file', { params: { path: { messageId: packet.id } }, parseAs: 'arrayBuffer' })) as unknown as ArrayBuffer);
  const received = heard(await api.POST('/messages', { body: acknowledgment(status, packet) }));
  const receipt = Buffer.from(received.receipt.signed, 'base64');
  return {
    partnerId: status.partnerId, messageId: packet.id, packetSha256: createHash('sha256').update(bytes).digest('hex'), packetBytes: bytes.length,
    receiptId: received.receipt.id, receipt, statement: verified(receipt),
  };
}

/** A token lives fifteen minutes: get a new one when a request is answered with 401. */
async function signIn(api: Client<paths>, { clientId, secret }: Settings): Promise<void> {
  const token = heard(await api.POST('/token', {
    body: { grant_type: 'client_credentials', client_id: clientId, client_secret: secret },
    bodySerializer: (form) => new URLSearchParams(form as Record<string, string>).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  }));
  api.use({
    onRequest: ({ request }) => {
      request.headers.set('Authorization', `Bearer ${token.access_token}`);
      return request;
    },
  });
}

/** The first referral that has not been fetched yet, page by page. */
async function findReferral(api: Client<paths>): Promise<components['schemas']['ListedMessage']> {
  let after: string | undefined;
  for (;;) {
    const page = heard(await api.GET('/messages', { params: { query: { limit: 50, ...(after === undefined ? {} : { after }) } } }));
    const found = page.items.find(({ kind, state }) => kind === 'referral' && state === 'delivered');
    if (found) return found;
    if (page.next === null) throw new Error('nothing lies ready');
    after = page.next;
  }
}

/** Its id and serial are our own, and make it safe to send again: the same message twice has one effect and one receipt. */
function acknowledgment({ partnerId, now }: components['schemas']['Status'], packet: components['schemas']['ListedMessage']): Message {
  const today = now.slice(0, 10);
  return {
    version: '1.1', messageId: randomUUID(), serial: String(Date.now()).slice(-12).padStart(12, '0'), conversation: packet.conversation ?? packet.id, inReplyTo: packet.id, datedOn: today, sentAt: now,
    from: { partnerId, country: 'MX', fileNumber: 'OUR-FILE-1', name: [{ lang: 'es-MX', value: 'Consulado de México' }] },
    to: { county: '06025', ...(packet.agencyFileNumber === null ? {} : { fileNumber: packet.agencyFileNumber }), name: [{ lang: 'en', value: 'County of Imperial' }] },
    acknowledgment: { status: 'complete', receivedOn: today },
  } as Message;
}

/** The signature holds and the statement lies inside it. To know whose it is, give openssl the agency's certificate with -CAfile instead of -noverify. */
function verified(receipt: Uint8Array): Readonly<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'quickstart-'));
  try {
    const path = join(folder, 'receipt.p7s');
    writeFileSync(path, receipt);
    return JSON.parse(execFileSync('openssl', ['cms', '-verify', '-inform', 'DER', '-noverify', '-in', path], { stdio: ['ignore', 'pipe', 'pipe'] }).toString()) as Record<string, unknown>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The answer, or the problem in words. */
function heard<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (data !== undefined) return data;
  throw new Error(`refused: ${JSON.stringify(error)}`);
}
