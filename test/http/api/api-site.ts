import supertest from 'supertest';
import { apiRouter } from '../../../src/api/v1/index.ts';
import { announceSent, deliverMessage, sendMessage } from '../../../src/modules/exchange/index.ts';
import { createClient, SCOPES } from '../../../src/modules/identity/index.ts';
import type { NewClient } from '../../../src/modules/identity/index.ts';
import type { Ctx } from '../../../src/platform/context.ts';
import { buildWebApp } from '../../../src/web/index.ts';
import { CALEXICO, exchangeScene, fromConsulate, nextId } from '../../support/exchange/scene.ts';
import type { ExchangeScene } from '../../support/exchange/scene.ts';
import { UNHURRIED } from '../../support/unhurried.ts';

export { accepted as acknowledged, CALEXICO } from '../../support/exchange/scene.ts';
export const OTHER = 'kr-kcsa';

export interface ApiSite {
  readonly scene: ExchangeScene;
  /** As the operator. */
  readonly ctx: Ctx;
  readonly app: ReturnType<typeof buildWebApp>['app'];
  /** A client's own way in: of the consulate and with every scope, unless told otherwise. */
  client(given?: Partial<NewClient>): Promise<ApiClient>;
  /** The time goes on. */
  wait(milliseconds: number): void;
  /** A request of ours, sealed, sent and offered to the consulate. */
  offered(caseId?: string): Promise<{ referralId: string; messageId: string; packetId: string }>;
  /** A question of ours about a referral, offered to the consulate. */
  asked(referralId: string): Promise<string>;
}

export interface ApiClient {
  readonly clientId: string;
  readonly secret: string;
  get(path: string): supertest.Test;
  post(path: string): supertest.Test;
}

const opened: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of opened.splice(0)) await close();
});

/** The real application on a real database, on a clock that goes when it is told to. */
export async function openApi(given: { hops?: number; publicUrl?: string } = {}): Promise<ApiSite> {
  const scene = await exchangeScene();
  const { operator } = scene;
  let passed = 0;
  const clock = { now: () => new Date(operator.clock.now().getTime() + passed) };
  const config = { ...operator.config, trustProxyHops: given.hops ?? 0, publicUrl: given.publicUrl ?? null };
  const ctx: Ctx = { ...operator, config, clock };
  const web = buildWebApp(ctx, [apiRouter(ctx)], UNHURRIED);
  opened.push(() => web.close());
  return {
    scene, ctx, app: web.app,
    wait: (milliseconds) => { passed += milliseconds; },
    client: async (wanted = {}) => {
      const { clientId, secret } = await createClient(ctx, { partnerId: CALEXICO, name: 'Sistema de pruebas', scopes: SCOPES, networks: [], requestsPerMinute: 6_000, ...wanted });
      return clientOf(web.app, clientId, secret);
    },
    offered: async (caseId = 'IM-1') => {
      const { referralId, packetId } = await scene.sent(caseId);
      const { messageId } = await announceSent(operator, { referralId, packetId });
      await deliverMessage(operator, messageId);
      return { referralId, packetId, messageId };
    },
    asked: async (referralId) => {
      const { messageId } = await sendMessage(operator, { referralId, kind: 'statusRequest', body: {} });
      await deliverMessage(operator, messageId);
      return messageId;
    },
  };
}

export function clientOf(app: ApiSite['app'], clientId: string, secret: string): ApiClient {
  const bearer = `Bearer ${secret}`;
  return {
    clientId, secret,
    get: (path) => supertest(app).get(`/api/v1${path}`).set('Authorization', bearer),
    post: (path) => supertest(app).post(`/api/v1${path}`).set('Authorization', bearer),
  };
}

/** A question of how a case stands. */
export const statusRequest = (header: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => fromConsulate({ statusRequest: {} }, { conversation: nextId('CNV'), ...header });

/** For answers that are no text. */
export function binary(response: supertest.Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks))).on('error', (error: Error) => done(error, Buffer.alloc(0)));
}
