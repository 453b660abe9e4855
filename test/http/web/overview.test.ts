import { createUser } from '../../../src/modules/identity/index.ts';
import { buildPacket, createReferral, moveReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { renewWorkFigures } from '../../../src/modules/referrals/index.ts';
import supertest from 'supertest';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { reconcileSamplePayments } from './sample-payments.ts';
import { hiddenField, openSite, PASSWORD, signIn } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  const { referralId } = await createReferral(site.ctx, { caseId: SAMPLE_CASES.plain.caseId, partnerId: 'mx-consulate-los-angeles', services: ['locate'] });
  await buildPacket(site.ctx, referralId);
  await sendReferral(site.ctx, referralId);
  await moveReferral(site.ctx, referralId, 'deliver');
  await moveReferral(site.ctx, referralId, 'accept');
  await reconcileSamplePayments(site.ctx);
  await createUser(site.ctx, { userName: 'county', displayName: 'Cora County', roles: ['supervisor'], counties: ['06025'], partner: null, language: 'en', password: PASSWORD });
});

const csv = async (agent: ReturnType<typeof supertest.agent>, table: string): Promise<string> => (await agent.get(`/overview?as=csv&table=${table}`).buffer(true).parse((res, done) => {
  let all = '';
  res.on('data', (one: Buffer) => { all += one.toString(); }).on('end', () => done(null, all));
})).body as string;

it('is a supervisor’s first place, says when it was counted, and is counted anew when asked', async () => {
  const agent = await site.signedIn('supervisor');
  expect((await agent.get('/')).headers['location']).toBe('/overview');
  const before = await agent.get('/overview');
  expect([before.status, before.text.includes('<svg class="ps-chart"')]).toEqual([200, false]);
  const renewed = await agent.post('/overview/renew').type('form').send({ form_token: hiddenField(before.text, 'form_token') });
  expect(renewed.headers['location']).toBe('/overview?done=renewed');
  const { text } = await agent.get('/overview');
  for (const id of ['clocks', 'backlog', 'money', 'packets', 'acknowledgments', 'segments']) expect(text).toContain(`<h2 id="${id}">`);
  expect(text).toContain('<svg class="ps-chart" role="img" aria-labelledby="money-title money-desc"');
  expect(text).not.toMatch(/ style=/);
});

it('hands every figure out as a file', async () => {
  await renewWorkFigures(site.ctx);
  const agent = await site.signedIn('supervisor');
  expect(await csv(agent, 'packets')).toMatch(/Consulate.*,Acknowledged,1/);
  expect(await csv(agent, 'acknowledgments')).toMatch(/,1,0,0/);
  expect(await csv(agent, 'clocks')).toMatch(/,\d+\r\n/);
  expect((await csv(agent, 'money')).split('\r\n').length).toBeGreaterThan(2);
  expect((await agent.get('/overview?as=csv&table=<script>')).type).toBe('text/html');
});

it('shows the own counties alone, and only to supervisors', async () => {
  const county = supertest.agent(site.app);
  await signIn(county, 'county', PASSWORD);
  expect((await csv(county, 'packets')).trim().split('\r\n')).toHaveLength(1);
  expect((await csv(await site.signedIn('supervisor'), 'packets')).trim().split('\r\n')).toHaveLength(2);
  for (const who of ['attorney', 'reconciler', 'officer_la', 'administrator']) expect((await (await site.signedIn(who)).get('/overview')).status).toBe(403);
});

it('keeps to what can be chosen, whatever is asked for', async () => {
  const agent = await site.signedIn('supervisor');
  for (const query of ['money=%3Cscript%3E', `partner=${'x'.repeat(10_000)}`, 'money=forwarding+MXN&partner==1%2B1']) {
    const { status, text } = await agent.get(`/overview?${query}`);
    expect([status, text.includes('<script>')]).toEqual([200, false]);
  }
});
