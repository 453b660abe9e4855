import { buildPacket, createReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { behindTheWall } from '../../support/database.ts';
import { HOSTILE, importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

const { protected: hidden, plain } = SAMPLE_CASES;
let site: Site;
let referralId: string;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  referralId = (await createReferral(site.ctx, { caseId: hidden.caseId, partnerId: 'mx-consulate-los-angeles', services: ['enforce', 'collect_forward'] })).referralId;
  await buildPacket(site.ctx, referralId);
  await sendReferral(site.ctx, referralId);
});

async function begin(who: string, fields: Record<string, string>) {
  const agent = await site.signedIn(who);
  return agent.post('/conversations/begin').type('form').send({ form_token: await tokenOf(agent, '/conversations'), case: hidden.caseId, ...fields });
}

it('is offered beside a case, about what its partner knows', async () => {
  const agent = await site.signedIn('attorney');
  expect((await agent.get(`/cases/${hidden.caseId}`)).text).toContain(`href="/conversations/begin?case=${hidden.caseId}"`);
  expect((await agent.get(`/conversations/begin?case=${hidden.caseId}`)).text).toContain(`value="${referralId}"`);
  expect((await agent.get(`/conversations/begin?case=${plain.caseId}`)).text).toContain('No request about case');
  expect((await agent.get('/conversations/begin')).status).toBe(200);
});

it('opens the conversation once and leads to the form of what is to be said', async () => {
  const [first, second] = [await begin('attorney', { referral: referralId, kind: 'documentRequest' }), await begin('attorney', { referral: referralId, kind: 'documentRequest' })];
  expect([first.status, first.headers['location']]).toEqual([303, second.headers['location']]);
  expect(first.headers['location']).toMatch(/^\/conversations\/cnv_[0-9A-Z]{26}\/write\?kind=documentRequest$/);
  expect((await (await site.signedIn('attorney')).get(String(first.headers['location']))).status).toBe(200);
  expect(await behindTheWall(site.db, 'select 1 from exchange_conversations where referral_id = $1', [referralId])).toHaveLength(1);
});

it.each([[{}, 'Choose the request'], [{ referral: 'x'.repeat(500), kind: 'documentRequest' }, 'href="#referral"'], [{ referral: HOSTILE, kind: HOSTILE }, 'Choose what you want to say'], [{ kind: '=1+1' }, 'Choose what you want to say'], [{ kind: 'reply' }, 'Choose what you want to say']])('tells what is missing: %o', async (fields, told) => {
  const { status, text } = await begin('attorney', fields as Record<string, string>);
  expect(status).toBe(422);
  expect(text.toLowerCase()).toContain(told.toLowerCase());
  expect(text).toContain('<title>Error');
  expect(text).not.toContain('<script>alert');
});

it('is not begun about what has not been sent, nor by whom messages are not', async () => {
  const draft = (await createReferral(site.ctx, { caseId: plain.caseId, partnerId: 'mx-consulate-los-angeles', services: ['locate'] })).referralId;
  expect((await begin('attorney', { case: plain.caseId, referral: draft, kind: 'documentRequest' })).status).toBe(422);
  expect((await begin('imperial', { referral: referralId, kind: 'documentRequest' })).status).toBe(404);
  for (const who of ['officer_la', 'reconciler']) expect((await begin(who, { referral: referralId, kind: 'documentRequest' })).status).toBe(403);
});
