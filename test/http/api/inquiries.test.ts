import { openApi } from './api-site.ts';
import type { ApiClient, ApiSite } from './api-site.ts';

let site: ApiSite;
let client: ApiClient;
beforeAll(async () => {
  site = await openApi();
  client = await site.client();
});

const question = (given: string, caseNumber: string): object => ({
  caseNumber, person: { given, family: 'Nadie', birthDate: '1980-01-01' }, asker: { name: `${given} Nadie`, relation: 'obligee', documentShown: 'passport' }, questions: ['status'],
  consent: { givenBy: `${given} Nadie`, on: '2026-11-19', language: 'es-MX', form: 'signed', textVersion: '2026-11', questions: ['status'] },
});
const ask = async (given: string, caseNumber: string, key: string) => (await client.post('/inquiries').set('Idempotency-Key', key).send(question(given, caseNumber))) as { status: number; body: { code?: string; type?: string } };

it('whoever asks too much at once is told to wait, in one way for one person and for many', async () => {
  const burst = await Promise.all(Array.from({ length: 12 }, (_, index) => ask('Ofelia', `26000000090${String(index).padStart(2, '0')}`, `burst-${index}`)));
  expect(burst.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 8 }, () => 201), ...Array.from({ length: 4 }, () => 429)]);
  for (const { body } of burst.filter(({ status }) => status === 429)) expect(body).toMatchObject({ code: 'inquiry.too_many_open', type: expect.stringContaining('too-many-requests') as unknown });
  expect(await ask('Petra', '2600000009100', 'another')).toMatchObject({ status: 429, body: { code: 'inquiry.too_many_open' } });
  expect(await site.scene.count('inquiries')).toBe(8);
  // Nothing of what was refused is kept, no consent either.
  expect(await site.scene.count('inquiry_consents')).toBe(8);
});
