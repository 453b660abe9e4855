import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import openapiTS, { astToString } from 'openapi-typescript';
import { createConfig, lint } from '@redocly/openapi-core';
import { openOutboxItem } from '../../src/modules/exchange/index.ts';
import { openApi } from '../http/api/api-site.ts';
import type { ApiSite } from '../http/api/api-site.ts';
import { quickstart } from './quickstart.ts';

const DESCRIPTION = new URL('../../schemas/openapi.yaml', import.meta.url);

let site: ApiSite;
let server: Server;
beforeAll(async () => {
  site = await openApi();
  server = createServer(site.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => {
  server.close(resolve);
  server.closeAllConnections();
}));

it('leads a developer from credentials to a proven answer', async () => {
  const { messageId } = await site.offered();
  const client = await site.client();
  const { port } = server.address() as AddressInfo;
  const outcome = await quickstart({ url: `http://127.0.0.1:${port}/api/v1`, clientId: client.clientId, secret: client.secret });
  const packet = await openOutboxItem(site.scene.client, messageId, 'file');
  expect(outcome).toMatchObject({
    partnerId: 'mx-consulate-calexico', messageId, packetBytes: packet.size, packetSha256: createHash('sha256').update(Buffer.concat(await (await packet.open()).toArray())).digest('hex'),
    statement: { stage: 'submitted', kind: 'acknowledgment', partner: 'mx-consulate-calexico', receiptId: outcome.receiptId },
  });
});

it('is written against types that are those of the description', async () => {
  const made = `/** Made of schemas/openapi.yaml by \`npm run api:types\`; not edited by hand. */\n${astToString(await openapiTS(DESCRIPTION))}`;
  expect(readFileSync(new URL('../support/api/schema.d.ts', import.meta.url), 'utf8') === made).toBe(true);
});

it('the description is one that others’ tools read', async () => {
  const problems = await lint({ ref: DESCRIPTION.pathname, config: await createConfig({ extends: ['recommended'] }) });
  expect(problems.filter(({ location }) => location[0]?.source.absoluteRef.endsWith('openapi.yaml')).map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer ?? ''} ${message}`)).toEqual([]);
});
