import { createReferral, listTexts, saveInterview } from '../../../src/modules/referrals/index.ts';
import { SAMPLE_CASES, importSampleCases } from './sample-cases.ts';
import { hiddenField, openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
});

/** A text of a referral of the case, given to its translators. */
const services = [['locate'], ['enforce'], ['status'], ['modify'], ['collect_forward'], ['close']];
async function aText(text: string): Promise<string> {
  const { referralId } = await createReferral(site.ctx, { caseId: SAMPLE_CASES.plain.caseId, partnerId: 'mx-consulate-los-angeles', services: services.shift() ?? [] });
  await saveInterview(site.ctx, referralId, { language: 'en', answers: { sections: { statement: { text } } } });
  return `/translations/${referralId}/${(await listTexts(site.ctx, referralId))[0]?.textId ?? ''}`;
}

const keysOf = (html: string): string[] => [...html.matchAll(/name="key" value="([0-9a-f]{32})"/g)].map((match) => match[1] ?? '');

/** The form of the page as a browser sends it, with these translations typed in. */
function filled(html: string, targets: readonly string[], more: Record<string, string> = {}): Record<string, string | string[]> {
  const keys = keysOf(html);
  const typed = keys.flatMap((key, index) => [[`target_${key}`, targets[index] ?? ''], [`revision_${key}`, hiddenField(html, `revision_${key}`)]]);
  return { form_token: hiddenField(html, 'form_token'), page: '1', key: keys, ...Object.fromEntries(typed), ...more };
}

it('takes a text from its translator to its approval, in two pairs of hands', async () => {
  const href = await aText('He left in March. He never paid the arrears.');
  const translator = await site.signedIn('translator');
  const list = await translator.get('/translations');
  expect(list.text).toContain(`href="${href}"`);
  expect(list.text).not.toContain(SAMPLE_CASES.plain.caseId);
  expect((await translator.get('/')).headers['location']).toBe('/translations');

  const open = await translator.get(href);
  expect(open.text).toContain('<p lang="en">He left in March.</p>');
  expect(open.text).toMatch(/<textarea[^>]*lang="es-MX"/);
  expect(open.text).toContain('pensiones alimenticias vencidas');
  expect(open.text).not.toContain(SAMPLE_CASES.plain.caseId);
  const saved = await translator.post(href).type('form').send(filled(open.text, ['Se fue en marzo.', 'Nunca pagó los atrasos.']));
  expect([saved.status, saved.headers['location']]).toEqual([303, `${href}?done=saved`]);

  const whole = await translator.get(href);
  const wrong = await translator.post(`${href}/declare`).type('form').send({ form_token: hiddenField(whole.text, 'form_token'), translator_name: 'Inés Duarte', sign: 'yes', qualification: 'Certified <court>', translated_on: '2199-01-01' });
  expect([wrong.status, wrong.text.includes('value="Certified &lt;court&gt;"')]).toEqual([422, true]);
  const unsigned = await translator.post(`${href}/declare`).type('form').send({ form_token: hiddenField(whole.text, 'form_token'), qualification: 'Certified', translated_on: '2026-01-05' });
  expect([unsigned.status, unsigned.text.includes('Tick the box to sign')]).toEqual([422, true]);
  const colleague = await (await site.signedIn('supervisor')).post(`${href}/declare`).type('form').send({ form_token: hiddenField((await (await site.signedIn('supervisor')).get(href)).text, 'form_token'), sign: 'yes', qualification: 'Certified', translated_on: '2026-01-05' });
  expect([colleague.status, colleague.text.includes('Only the person who translated the text can sign')]).toEqual([403, true]);
  const declared = await translator.post(`${href}/declare`).type('form').send({ form_token: hiddenField(wrong.text, 'form_token'), translator_name: 'Inés Duarte', sign: 'yes', qualification: 'Certified', translated_on: '2026-01-05' });
  expect(declared.headers['location']).toBe(`${href}?done=declared`);
  expect((await translator.post(`${href}/approve`).type('form').send({ form_token: hiddenField(wrong.text, 'form_token') })).status).toBe(403);

  const attorney = await site.signedIn('attorney');
  const toApprove = await attorney.get(href);
  expect(toApprove.text).toContain(`action="${href}/approve"`);
  // Whatever name a form says: the certificate bears that of the account.
  expect(toApprove.text).toContain('Tomás Translator');
  expect(toApprove.text).not.toContain('Inés Duarte');
  expect((await attorney.post(`${href}/approve`).type('form').send({ form_token: hiddenField(toApprove.text, 'form_token') })).headers['location']).toBe(`${href}?done=approved`);
  expect((await attorney.get('/translations?state=approved')).text).toContain(`href="${href}"`);
});

it('puts a suggestion in its place at one click, with what else was typed', async () => {
  const first = await aText('He has paid nothing at all since that month.');
  const translator = await site.signedIn('translator');
  const attorney = await site.signedIn('attorney');
  const page = await translator.get(first);
  await translator.post(first).type('form').send(filled(page.text, ['No ha pagado nada desde ese mes.']));
  await translator.post(`${first}/declare`).type('form').send({ form_token: hiddenField(page.text, 'form_token'), translator_name: 'Inés Duarte', sign: 'yes', qualification: 'Certified', translated_on: '2026-01-05' });
  await attorney.post(`${first}/approve`).type('form').send({ form_token: hiddenField((await attorney.get(first)).text, 'form_token') });

  const href = await aText('He has paid nothing at all since that month. He left.');
  const next = await translator.get(href);
  expect(next.text).toContain('100%');
  const [key] = keysOf(next.text);
  const used = await translator.post(href).type('form').send(filled(next.text, ['', 'Se fue.'], { use: `${key}.0` }));
  expect(used.headers['location']).toBe(`${href}?done=saved#s${key}`);
  const after = await translator.get(href);
  expect(after.text).toContain('>No ha pagado nada desde ese mes.</textarea>');
  expect(after.text).toContain('>Se fue.</textarea>');
});

it('loses nothing that was typed when somebody else was faster', async () => {
  const href = await aText('He came back twice. He stays here.');
  const [translator, attorney] = [await site.signedIn('translator'), await site.signedIn('attorney')];
  const page = await translator.get(href);
  const theirs = await attorney.get(href);
  await attorney.post(href).type('form').send(filled(theirs.text, ['Regresó dos veces.']));
  const late = await translator.post(href).type('form').send(filled(page.text, ['Volvió <dos> veces.', 'Se queda aquí.']));
  expect(late.status).toBe(409);
  expect(late.text).toContain('>Volvió &lt;dos&gt; veces.</textarea>');
  expect(late.text).toContain('Regresó dos veces.');
  expect(late.text).toContain('>Se queda aquí.</textarea>');
  expect((await translator.post(href).type('form').send(filled(late.text, ['Volvió dos veces.', 'Se queda aquí.']))).status).toBe(303);
});

it('hands out the next free text once, keeps what is one’s own, and gives the list in order and as a file', async () => {
  const href = await aText('They moved away. They left no address.');
  const translator = await site.signedIn('translator');
  const list = await translator.get('/translations?hands=free&sort=-progress');
  expect(list.text).toContain(`href="${href}"`);
  expect(list.text).toMatch(/aria-sort="descending"><a class="pu-sort" href="\/translations\?hands=free&amp;sort=progress">/);
  const form = { form_token: hiddenField(list.text, 'form_token'), form_id: hiddenField(list.text, 'form_id') };
  const taken = await translator.post('/translations/take').type('form').send(form);
  expect([taken.status, (await translator.post('/translations/take').type('form').send(form)).headers['location']]).toEqual([303, taken.headers['location']]);
  const own = taken.headers['location'] as string;
  expect((await translator.get('/translations?hands=mine')).text).toContain(`href="${own}"`);
  expect((await (await site.signedIn('attorney')).get(own)).text).toContain('Tomás Translator is working on this text until');
  const page = await translator.get(own);
  const keys = keysOf(page.text);
  const saved = await translator.post(own).type('form').send(filled(page.text, ['Uno.'], { after: keys[1] ?? 'end' }));
  expect(saved.headers['location']).toMatch(keys[1] ? new RegExp(`done=saved#t${keys[1]}$`) : /page=2&done=saved$/);
  const csv = await translator.get('/translations?as=csv&sort=text').buffer(true);
  expect([csv.status, csv.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
  expect(csv.text).toContain('Tomás Translator');
  expect(csv.text).not.toContain('moved away');
  const back = await translator.post(`${own}/return`).type('form').send({ form_token: form.form_token });
  expect(back.headers['location']).toBe('/translations?done=given_back');
  expect((await translator.get('/translations?from=xx-YY&to=%27&hands=zzz&page=-1')).status).toBe(200);
});

it('shows texts to nobody else', async () => {
  const href = await aText('He left us.');
  for (const [who, status] of [['imperial', 404], ['reconciler', 403], ['officer_la', 403], ['administrator', 403]] as const) {
    expect([who, (await (await site.signedIn(who)).get(href)).status]).toEqual([who, status]);
  }
  const attorney = await site.signedIn('attorney');
  expect((await attorney.get('/translations/ref_x/txt_x')).status).toBe(404);
  expect((await attorney.get(`${href}?page=99`)).status).toBe(200);
});
