import { endAgreement, getAgreement } from '../../../src/modules/partners/index.ts';
import { press, refer } from './referral-forms.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { hiddenField, openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

const MOU = 'mx-consulate-los-angeles-cooperation';
const HERE = `/agreements/${MOU}`;
let site: Site;
let forms = 0;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
});
const pageOf = async (who: string, path: string) => (await site.signedIn(who)).get(path);
const post = async (who: string, path: string, fields: Record<string, unknown>) => {
  const agent = await site.signedIn(who);
  return agent.post(path).type('form').send({ form_token: await tokenOf(agent, HERE), form_id: 'b'.repeat(20) + String(++forms).padStart(4, '0'), ...fields });
};

it('lists what allows the exchange with whom, and what of it nobody has confirmed', async () => {
  const { text } = await pageOf('attorney', '/agreements');
  for (const shown of ['Memorandum of understanding between Imperial County', 'Informal exchange with the Korean', 'in force', 'to be confirmed', 'no end date agreed', 'Los Angeles County']) expect(text).toContain(shown);
  expect((await pageOf('attorney', '/agreements?partner=kr-kcsa')).text).not.toContain('Imperial County and');
  expect((await pageOf('attorney', '/agreements?partner=%22%3E%3Cscript%3E')).text).not.toContain('"><script>');
});

it('shows an officer the own partner’s alone, and nobody without the right a form', async () => {
  const { text } = await pageOf('officer_la', '/agreements');
  expect([text.includes(HERE), text.includes('kr-kcsa-informal')]).toEqual([true, false]);
  expect((await pageOf('officer_la', '/agreements/kr-kcsa-informal')).status).toBe(404);
  for (const who of ['officer_la', 'attorney']) expect((await pageOf(who, HERE)).text).not.toContain('End this agreement');
  expect((await post('attorney', `${HERE}/end`, { reason: 'ended_by_us' })).status).toBe(403);
  expect((await pageOf('attorney', `${HERE}/paper/1`)).status).toBe(404);
});

it('says on a referral which agreement allows it, before and after sending, to both sides', async () => {
  const address = await refer(site, 'attorney', SAMPLE_CASES.plain.caseId, 'mx-consulate-los-angeles', ['locate']);
  await press(site, 'attorney', `${address}/seal`);
  const sealed = (await pageOf('attorney', address)).text;
  expect(sealed.match(/This exchange is allowed by/g)).toHaveLength(1);
  expect(sealed).toContain(`href="${HERE}"`);
  expect((await pageOf('attorney', `${address}/send`)).text).toContain('This exchange is allowed by');
  await press(site, 'attorney', `${address}/send`);
  for (const [who, at] of [['attorney', address], ['officer_la', address.replace('/referrals/', '/inbox/')]] as const) {
    const { text } = await pageOf(who, at);
    expect(text).toMatch(/Handed over under[\s\S]*Cooperation between Los Angeles County[\s\S]*to be confirmed[\s\S]*no end date agreed/);
  }
  expect((await pageOf('attorney', `/cases/${SAMPLE_CASES.plain.caseId}/disclosures`)).text).toContain('Consulate General of Mexico, version 1');
});

it('records a further version by form, says what is wrong where it is, and keeps what was typed', async () => {
  const { text } = await pageOf('supervisor', HERE);
  expect(text).toContain('Record a new version');
  const fields = { version: '2', title_en: 'Signed memorandum', title_es: 'Memorándum firmado', title_ko: '서명된 양해각서', kind: 'mou', basis: 'mou', counties: '06037', regions: 'MX', services: ['locate', 'status'], from: '2026-11-01', until: '2026-12-24', reference: 'LA-2026/7', text_en: 'They help each other.\r\nBoth.', text_es: '', text_ko: '', confirmed: 'yes' };
  const wrong = await post('supervisor', `${HERE}/versions`, { ...fields, counties: 'Los Angeles <b>', until: '2026-02-30', title_es: '' });
  expect(wrong.status).toBe(422);
  for (const shown of ['href="#counties"', 'href="#until"', 'href="#title_es"', 'value="Los Angeles &lt;b&gt;"', 'value="LA-2026/7"', 'Error']) expect(wrong.text).toContain(shown);
  expect((await post('supervisor', `${HERE}/versions`, { ...fields, version: '7' })).status).toBe(409);
  expect((await post('supervisor', `${HERE}/versions`, fields)).headers['location']).toBe(`${HERE}?recorded=2&done=proposed`);
  expect((await getAgreement(site.ctx, MOU)).record.version).toBe(1);
  const own = (await pageOf('supervisor', `${HERE}?recorded=2&done=proposed`)).text;
  for (const shown of ['Version 2 is proposed.', 'it states that terms are confirmed', 'You proposed this', 'Withdraw this version', 'Signed memorandum']) expect(own).toContain(shown);
  expect(own).not.toContain(`${HERE}/approve`);
  for (const who of ['attorney', 'officer_la']) expect((await pageOf(who, HERE)).text).not.toContain('Signed memorandum');
  const digest = hiddenField(own, 'digest');
  expect((await post('supervisor', `${HERE}/approve`, { digest })).status).toBe(403);
  expect((await post('attorney', `${HERE}/approve`, { digest })).status).toBe(403);
  expect((await post('administrator', `${HERE}/approve`, { digest: 'x' })).status).toBe(409);
  const asked = (await pageOf('administrator', HERE)).text;
  expect(asked).toContain('Put version 2 into force');
  // All that changes, before beside after, in each language and by its name.
  for (const [label, ...shown] of [['Title › Spanish', 'Memorándum firmado'], ['Title › Korean', '서명된 양해각서'], ['Reference number', 'not present', 'LA-2026/7'], ['Last day in force', 'no end date agreed', 'December 24, 2026'], ['Title › Confirmed', '>no<', '>yes<'], ['Terms › English', 'They help each other.\nBoth.']]) {
    const row = new RegExp(`<tr><th scope="row"[^>]*>${label ?? ''}</th>[\\s\\S]*?</tr>`).exec(asked)?.[0].toLowerCase() ?? '';
    for (const text of shown) expect([label, row]).toEqual([label, expect.stringContaining(text.toLowerCase())]);
  }
  expect(asked).toContain('<ins class="pu-lines" translate="no" lang="ko-KR">');
  expect((await post('administrator', `${HERE}/approve`, { digest })).headers['location']).toBe(`${HERE}?recorded=2&done=approved`);
  expect((await post('administrator', `${HERE}/approve`, { digest })).status).toBe(409);
  const { record } = await getAgreement(site.ctx, MOU);
  expect(record).toMatchObject({ version: 2, titles: { value: { 'es-MX': 'Memorándum firmado' }, confirmed: true, sources: ['paper'] }, services: { value: ['locate', 'status'] }, text: { value: { en: 'They help each other.\nBoth.' } }, partners: { value: ['mx-consulate-los-angeles'], confirmed: false } });
  const after = (await pageOf('attorney', `${HERE}?recorded=2`)).text;
  for (const shown of ['Version 2 has been recorded.', 'LA-2026/7', 'expires soon', 'comes with the program']) expect(after).toContain(shown);
});

it('ends an agreement by form; nothing more is sent under it, and the page of the referral says so', async () => {
  expect((await post('supervisor', `${HERE}/end`, { reason: '' })).text).toContain('Choose the reason it ends');
  expect((await post('supervisor', `${HERE}/end`, { reason: 'replaced', ended_from: '2027-01-01' })).status).toBe(422);
  const address = await refer(site, 'attorney', SAMPLE_CASES.protected.caseId, 'mx-consulate-los-angeles', ['status']);
  await press(site, 'attorney', `${address}/seal`);
  expect((await post('supervisor', `${HERE}/end`, { reason: 'replaced' })).headers['location']).toBe(`${HERE}?done=ended`);
  expect((await pageOf('attorney', HERE)).text).toMatch(/ended[\s\S]*replaced by another agreement/);
  expect((await press(site, 'attorney', `${address}/send`, { form_id: 'n'.repeat(24) })).headers['location']).toBe(`${address}/send?problem=agreement.none_allows`);
  const { text } = await pageOf('attorney', address);
  for (const shown of ['No agreement in force allows this exchange', 'was ended: its last day was', `href="${HERE}"`]) expect(text).toContain(shown);
  expect(await endAgreement(site.ctx, { agreementId: MOU, reason: 'replaced' })).toMatchObject({ isRepeat: true });
  // A later end would bring it back, which takes two.
  const later = await post('supervisor', `${HERE}/end`, { reason: 'replaced', ended_from: '2026-12-20' });
  expect([later.status, later.text.includes('It is already ended as of')]).toEqual([409, true]);
});

it('records parties, partners and signatories by form, row by row, with each fault beside its field', async () => {
  const kcsa = 'kr-kcsa-informal';
  const { text } = await pageOf('supervisor', `/agreements/${kcsa}?new=1`);
  for (const name of ['name="/parties/value/0/names/ko-KR"', 'name="/signatories/value~rows" value="0"', 'id="partner-mx-sre"']) expect(text).toContain(name);
  const fields = {
    version: '2', title_en: 'Arrangement', title_es: 'Acuerdo', title_ko: '약정', kind: 'practice', basis: 'informal', counties: '06037', regions: 'KR', services: ['locate'], from: '2026-01-01', until: '', partners_shown: '1', partners: ['kr-kcsa'],
    '/parties/value~rows': '2', '/parties/value/0/side': 'ours', '/parties/value/0/names/en': 'County', '/parties/value/0/names/es-MX': 'Condado', '/parties/value/0/names/ko-KR': '카운티',
    '/parties/value/1/side': 'theirs', '/parties/value/1/names/en': 'KCSA', '/parties/value/1/names/es-MX': 'KCSA', '/parties/value/1/names/ko-KR': '양육비이행관리원', '/signatories/value~rows': '0',
  };
  const added = await post('supervisor', `/agreements/${kcsa}/versions`, { ...fields, do: 'add:/signatories/value' });
  expect([added.status, added.text.includes('name="/signatories/value/0/name"'), added.text.includes('value="카운티"')]).toEqual([200, true, true]);
  const bad = await post('supervisor', `/agreements/${kcsa}/versions`, { ...fields, '/parties/value/1/names/ko-KR': '', '/signatories/value~rows': '1', '/signatories/value/0/name': '<script>' });
  expect(bad.status).toBe(422);
  for (const shown of ['href="#f-parties-value-1-names-ko-KR"', 'href="#f-signatories-value-0-office"', '&lt;script&gt;']) expect(bad.text).toContain(shown);
  const done = await post('supervisor', `/agreements/${kcsa}/versions`, { ...fields, '/signatories/value~rows': '1', '/signatories/value/0/name': 'Kim Min-su', '/signatories/value/0/office': 'Director', '/signatories/value/0/signedOn': '2026-01-02' });
  expect(done.headers['location']).toBe(`/agreements/${kcsa}?recorded=2`);
  expect((await getAgreement(site.ctx, kcsa)).record).toMatchObject({ parties: { value: [{ side: 'ours' }, { side: 'theirs', names: { en: 'KCSA' } }], confirmed: false, sources: ['entered'] }, signatories: { value: [{ name: 'Kim Min-su', office: 'Director', signedOn: '2026-01-02' }] } });
});
