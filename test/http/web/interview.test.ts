import { createReferral, readInterview } from '../../../src/modules/referrals/index.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { hiddenField, openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let address: string;
let korean: string;
let referralId: string;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  const request = { caseId: SAMPLE_CASES.plain.caseId, partnerId: 'mx-consulate-los-angeles', services: ['establish_parentage', 'establish_order'] };
  referralId = (await createReferral(site.ctx, request)).referralId;
  address = `/referrals/${referralId}/interview`;
  korean = `/referrals/${(await createReferral(site.ctx, { ...request, caseId: SAMPLE_CASES.korean.caseId, partnerId: 'kr-kcsa', services: ['enforce'] })).referralId}/interview`;
});

async function send(path: string, fields: Record<string, string>, who = 'attorney') {
  const agent = await site.signedIn(who);
  const page = (await agent.get(path)).text;
  return agent.post(path).type('form').send({ form_token: hiddenField(page, 'form_token'), based_on: hiddenField(page, 'based_on'), language: 'es-MX', ...fields });
}

const text = async (path: string, who = 'attorney') => (await (await site.signedIn(who)).get(path)).text;

it('is reached from the referral, and lists what is asked for its services', async () => {
  expect(await text(`/referrals/${referralId}`)).toContain(`href="${address}"`);
  const overview = await text(address);
  for (const step of ['marriage', 'conception-1', 'needs-1', 'mexico', 'statement']) expect(overview).toContain(`href="${address}/${step}"`);
  for (const step of ['korea', 'closure', 'conception-2']) expect(overview).not.toContain(`href="${address}/${step}"`);
  expect(overview).toContain('No interview has been recorded yet');
  expect(overview).toContain('is not answered');
});

it('asks in both languages side by side', async () => {
  const page = await text(`${address}/marriage`);
  // Nothing is recorded yet: whoever writes writes in the language of the page.
  expect(page).toMatch(/<option value="en" selected>/);
  expect(page).toContain('Were you and the other parent ever married to each other?');
  expect(page).toContain('<span class="pu-other" lang="es-MX">¿Usted y el otro progenitor estuvieron casados entre sí?</span>');
  expect(await text(`${korean}/korea`)).toContain('lang="ko-KR">소송을 시작하는 서류가 상대방에게 어떻게 송달되었습니까?</span>');
});

it('keeps what was said, section by section, and goes on to the next', async () => {
  const saved = await send(`${address}/marriage`, { status: 'divorced', marriedOn: '2010-05-04', marriedAt: 'Mexicali, B. C.', divorcedOn: '2015-01-02' });
  expect([saved.status, saved.headers['location']]).toEqual([303, `${address}/residence_history?done=saved`]);
  await send(`${address}/conception-1`, { place: 'Mexicali', from: '2015-08-01', to: '2015-08-31', isFullTerm: 'yes', likeness: 'Dice que <b>es</b> su hija.' });
  await send(`${address}/needs-1`, { monthlyCost: '$1,250.50', currency: 'usd' });
  await send(`${address}/obligee_means`, { 'expenses.0.kind': 'food', 'expenses.0.amount': '300', 'expenses.0.currency': 'USD', 'expenses.2.kind': 'housing', 'expenses.2.amount': '900', 'expenses.2.currency': 'USD' });
  const { answers, language, version } = await readInterview(site.ctx, referralId);
  expect([language, version]).toEqual(['es-MX', 4]);
  expect(answers.sections['marriage']).toEqual({ status: 'divorced', marriedOn: '2010-05-04', marriedAt: 'Mexicali, B. C.', divorcedOn: '2015-01-02' });
  expect(answers.sections['obligee_means']?.['expenses']).toEqual([{ kind: 'food', amount: '300', currency: 'USD' }, { kind: 'housing', amount: '900', currency: 'USD' }]);
  expect(answers.children['p3']).toEqual({ conception: { place: 'Mexicali', from: '2015-08-01', to: '2015-08-31', isFullTerm: true, likeness: 'Dice que <b>es</b> su hija.' }, needs: { monthlyCost: '1250.50', currency: 'USD' } });
  const page = await text(`${address}/conception-1`);
  expect(page).toContain('Dice que &lt;b&gt;es&lt;/b&gt; su hija.');
  expect(page).toContain('value="yes" checked');
  expect(await text(`${address}/marriage`)).toContain('<option value="divorced" selected>');
});

it('records nothing anew where nothing changed', async () => {
  const { version } = await readInterview(site.ctx, referralId);
  const same = await send(`${address}/needs-1`, { monthlyCost: '1250.50', currency: 'USD' });
  expect(same.headers['location']).toContain('done=same');
  expect((await readInterview(site.ctx, referralId)).version).toBe(version);
});

it('names each fault at its field, and keeps what was typed', async () => {
  const { version } = await readInterview(site.ctx, referralId);
  const refused = await send(`${address}/obligee_means`, { incomeMonthly: 'a lot', incomeCurrency: 'USD', 'expenses.1.kind': 'food', 'expenses.1.amount': '12' });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('<a href="#q-incomeMonthly">this amount cannot be read');
  expect(refused.text).toContain('<a href="#q-expenses-0-amount">an amount needs its currency');
  expect(refused.text).toContain('value="a lot"');
  expect(refused.text).toMatch(/id="q-expenses-0-amount" name="expenses\.0\.amount" value="12"[^>]*aria-invalid="true"/);
  const said = await send(`${address}/statement`, { text: 'His number is 919-07-3588, says the IRS.' });
  expect(said.status).toBe(422);
  expect(said.text).toContain('this looks like an identity, tax or account number');
  expect(said.text).toContain('federal locate or tax data may not leave');
  expect(said.text).toContain('His number is 919-07-3588, says the IRS.</textarea>');
  const long = await send(`${address}/statement`, { text: 'x'.repeat(8001) });
  expect([long.status, long.text.includes('8001 characters are too many')]).toEqual([422, true]);
  const other = await send(`${address}/statement`, { text: 'x', language: '<script>' });
  expect([other.status, other.text.includes('Choose the language')]).toEqual([422, true]);
  expect((await readInterview(site.ctx, referralId)).version).toBe(version);
});

it('lets nobody overwrite what somebody else answered meanwhile', async () => {
  const agent = await site.signedIn('attorney');
  const page = (await agent.get(`${address}/declarant`)).text;
  const stale = { form_token: hiddenField(page, 'form_token'), based_on: hiddenField(page, 'based_on'), language: 'es-MX' };
  await send(`${address}/declarant`, { role: 'obligee' }, 'supervisor');
  const late = await agent.post(`${address}/declarant`).type('form').send({ ...stale, role: 'agency' });
  expect([late.status, late.text.includes('Someone else has answered this section')]).toEqual([409, true]);
  expect(late.text).toContain('<option value="agency" selected>');
  const elsewhere = await agent.post(`${address}/statement`).type('form').send({ ...stale, text: 'Another section.' });
  expect(elsewhere.status).toBe(303);
  expect((await readInterview(site.ctx, referralId)).answers.sections).toMatchObject({ declarant: { role: 'obligee' }, statement: { text: 'Another section.' } });
});

it('is for those who work the case, in their county', async () => {
  const status = async (who: string, path: string) => (await (await site.signedIn(who)).get(path)).status;
  for (const path of [address, `${address}/marriage`]) {
    expect([await status('translator', path), await status('officer_la', path), await status('reconciler', path), await status('administrator', path), await status('imperial', path)]).toEqual([403, 403, 403, 403, 404]);
  }
  expect(await text(`/referrals/${referralId}`, 'translator')).not.toContain(`href="${address}"`);
  const officer = await site.signedIn('officer_la');
  const token = hiddenField((await officer.get('/inbox')).text, 'form_token');
  expect((await officer.post(`${address}/marriage`).type('form').send({ form_token: token, based_on: '0', language: 'en', status: 'married' })).status).toBe(403);
});

it('knows no other sections and children', async () => {
  for (const step of ['korea', 'conception-2', 'conception', 'nothing', '__proto__']) expect([step, (await (await site.signedIn('attorney')).get(`${address}/${step}`)).status]).toEqual([step, 404]);
});

it('is shown in each language without a code', async () => {
  const agent = await site.signedIn('attorney');
  for (const language of ['es-MX', 'ko-KR', 'en']) {
    await agent.get(`/partners?language=${language}`);
    for (const path of [address, `${address}/obligor_means`, `${address}/residence_history`, `${korean}/korea`]) {
      const page = await agent.get(path);
      expect(page.status).toBe(200);
      expect(page.text).not.toMatch(/interview[.:]|\{\{|\$t\(|undefined|\[object/);
    }
  }
});
