import { getPartner, getPartnerEdit, publishPartner, refreshKits } from '../../../src/modules/partners/index.ts';
import { inTransaction } from '../../../src/platform/context.ts';
import { hiddenField, openSite } from './web-site.ts';
import type { Site } from './web-site.ts';
import type supertest from 'supertest';

const BASE = '/administration/partners';
let site: Site;
beforeAll(async () => {
  site = await openSite();
  await refreshKits(site.ctx);
});

/** Fills in the form of a page as it stands, with these fields changed. */
async function send(path: string, given: Record<string, string | string[]>, { who = 'administrator', from = path }: { who?: string; from?: string } = {}): Promise<supertest.Response> {
  const agent = await site.signedIn(who);
  const { text } = await agent.get(from);
  const hidden = Object.fromEntries(['form_token', 'form_id', 'revision'].map((name) => [name, hiddenField(text, name)]).filter(([, value]) => value !== ''));
  return agent.post(path).type('form').send({ ...hidden, ...given });
}
const part = (at: string, partner = 'mx-sre'): string => `${BASE}/${partner}/part?at=${encodeURIComponent(at)}`;
const NAMES = { '/names/value/en': 'Ministry', '/names/value/es-MX': 'Secretaría', '/names/value/ko-KR': '외교부' };

it('shows every datum of a profile with how it stands and a link to its form', async () => {
  const { status, text } = await (await site.signedIn('administrator')).get(`${BASE}/kr-kcsa`);
  expect(status).toBe(200);
  for (const words of ['양육비이행관리원', 'to be confirmed', 'part?at=%2Fdocuments%2F0', 'part?at=%2Ffiles%2Fforwarding', 'part?at=%2F"']) expect(text).toContain(words);
  const supervisor = (await (await site.signedIn('supervisor')).get(`${BASE}/kr-kcsa`)).text;
  expect(supervisor).not.toContain('part?at=');
  expect((await (await site.signedIn('attorney')).get(`${BASE}/kr-kcsa`)).status).toBe(403);
});

it('keeps a datum in a draft, shows what changes and puts it into force without a restart', async () => {
  const kept = await send(`${BASE}/mx-sre/part`, { at: '/names', standing: 'open', ...NAMES, do: 'save' }, { from: part('/names') });
  expect([kept.status, kept.headers['location']]).toEqual([303, `${BASE}/mx-sre?done=kept#part-names`]);
  expect(getPartner('mx-sre').names.value.en).not.toBe('Ministry');
  const review = (await (await site.signedIn('administrator')).get(`${BASE}/mx-sre/review`)).text;
  for (const words of ['<ins class="pu-lines" translate="no">Ministry</ins>', 'Names on packets made from now on change.', 'name="aware"']) expect(review).toContain(words);
  const unread = await send(`${BASE}/mx-sre/review`, { reason: 'The ministry wrote' });
  expect([unread.status, unread.text.includes('href="#aware"'), unread.text.includes('The ministry wrote')]).toEqual([422, true, true]);
  expect((await send(`${BASE}/mx-sre/review`, { reason: ' ', aware: 'yes' })).text).toContain('href="#reason"');
  const done = await send(`${BASE}/mx-sre/review`, { reason: 'The ministry wrote', aware: 'yes' });
  expect([done.status, done.headers['location']]).toEqual([303, `${BASE}/mx-sre?done=published&version=1`]);
  expect(getPartner('mx-sre').names).toEqual({ value: { 'en': 'Ministry', 'es-MX': 'Secretaría', 'ko-KR': '외교부' }, confirmed: false, sources: ['entered'] });
  const { text } = await (await site.signedIn('administrator')).get(`${BASE}/mx-sre`);
  for (const words of ['Version 1', 'The ministry wrote', 'Ada Administrator', '/versions/0']) expect(text).toContain(words);
});

it('returns to an earlier version as a new one', async () => {
  expect((await send(`${BASE}/mx-sre/versions/0`, {})).headers['location']).toBe(`${BASE}/mx-sre/review`);
  await send(`${BASE}/mx-sre/review`, { reason: 'It was right before', aware: 'yes' });
  expect(getPartner('mx-sre').names.value.en).not.toBe('Ministry');
  expect((await getPartnerEdit(site.ctx, 'mx-sre')).versions.map(({ version, isFile }) => [version, isFile])).toEqual([[2, true], [1, false]]);
  await expect(inTransaction(site.ctx, (tx) => tx.tx.query("update kit_versions set content = null where key = 'mx-sre'"))).rejects.toThrow();
});

it('says what is wrong beside the field and keeps what was typed', async () => {
  const long = 'x'.repeat(10_000);
  for (const [given, id] of [[{ ...NAMES, '/names/value/en': '' }, 'f-names-value-en'], [{ ...NAMES, '/names/value/ko-KR': long }, 'f-names-value-ko-KR'], [{ ...NAMES, '/names/value/en': 'a\u202eb' }, 'f-names-value-en'], [{ ...NAMES, '/names/value~more': 'notalanguage' }, 'f-names-value-more']] as const) {
    const bad = await send(`${BASE}/mx-sre/part`, { at: '/names', standing: 'open', ...given, do: 'save' }, { from: part('/names') });
    expect([id, bad.status, bad.text.includes(`href="#${id}"`), bad.text.includes(`id="${id}"`)]).toEqual([id, 422, true, true]);
    expect(bad.text).toContain('Secretaría');
  }
  const html = await send(`${BASE}/mx-sre/part`, { at: '/addresses', '/addresses/value~rows': '1', '/addresses/value/0/country': 'México', '/addresses/value/0/lines': '<script>alert(1)</script>\n=1+1', do: 'save' }, { from: part('/addresses') });
  expect([html.status, html.text.includes('&lt;script&gt;alert(1)'), html.text.includes('<script>alert')]).toEqual([422, true, false]);
  expect([html.text.includes('Address 1') && html.text.includes('two capital letters are expected, such as MX'), html.text.includes('[A-Z]{2}')]).toEqual([true, false]);
  for (const id of ['f-addresses-value-0-country', 'f-addresses-value-0-purpose', 'f-addresses-value-0-locality']) expect(html.text).toContain(`href="#${id}"`);
  expect((await send(`${BASE}/mx-sre/part`, { at: '/nothing', do: 'save' }, { from: part('/names') })).status).toBe(404);
});

it('confirms a datum only with who, when and from what', async () => {
  const bare = await send(`${BASE}/kr-kcsa/part`, { at: '/packet', standing: 'confirmed', '/packet/value/originals': '1', '/packet/value/copies': '1', '/packet/value/translation': 'everything', '/packet/value/forms': 'federal_uifsa', 'confirmed_on': '2099-01-01', do: 'save' }, { from: part('/packet', 'kr-kcsa') });
  expect(bare.status).toBe(422);
  for (const id of ['confirmed_by', 'confirmed_on', 'confirmed_from']) expect(bare.text).toContain(`href="#${id}"`);
  const said = await send(`${BASE}/kr-kcsa/part`, { at: '/packet', standing: 'confirmed', '/packet/value/originals': '1', '/packet/value/copies': '1', '/packet/value/translation': 'everything', '/packet/value/forms': 'federal_uifsa', confirmed_by: 'Kim', confirmed_on: '2026-01-05', confirmed_from: 'letter 12', do: 'save' }, { from: part('/packet', 'kr-kcsa') });
  expect(said.status).toBe(303);
  expect((await send(`${BASE}/kr-kcsa/review`, { reason: 'letter 12', aware: 'yes' }, { who: 'supervisor' })).status).toBe(303);
  expect(getPartner('kr-kcsa').packet).toMatchObject({ confirmed: true, sources: ['confirmed_here'], confirmation: { by: 'Kim', on: '2026-01-05', from: 'letter 12' } });
});

it('adds, moves and takes rows away without JavaScript, before anything is saved', async () => {
  const from = part('/channels');
  const rows = { '/channels/value~rows': '2', '/channels/value/0/kind': 'portal', '/channels/value/1/kind': 'courier' };
  const added = await send(`${BASE}/mx-sre/part`, { at: '/channels', ...rows, do: 'add:/channels/value' }, { from });
  expect([added.status, added.text.includes('name="/channels/value/2/kind"'), added.text.includes('name="/channels/value~rows" value="3"')]).toEqual([200, true, true]);
  const fewer = await send(`${BASE}/mx-sre/part`, { at: '/channels', ...rows, do: 'remove:/channels/value/0' }, { from });
  expect(fewer.text).toContain('name="/channels/value~rows" value="1"');
  for (const asked of ['add:/__proto__/x', 'remove:/channels/value/__proto__', 'add:/channels/value/0/constructor']) expect([422, 200, 303]).toContain((await send(`${BASE}/mx-sre/part`, { at: '/channels', ...rows, do: asked }, { from })).status);
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

it('needs a second person where data or money may go somewhere new', async () => {
  const kept = await send(`${BASE}/mx-sre/part`, { at: '/sealedPart', standing: 'open', '/sealedPart/value': 'yes', do: 'save' }, { from: part('/sealedPart') });
  expect(kept.status).toBe(303);
  const own = (await (await site.signedIn('administrator')).get(`${BASE}/mx-sre/review`)).text;
  expect(own).toContain('You prepared this draft');
  const revision = hiddenField((await (await site.signedIn('administrator')).get(part('/names'))).text, 'revision');
  const tried = await send(`${BASE}/mx-sre/review`, { reason: 'x', aware: 'yes', revision, form_id: 'a'.repeat(24) }, { from: part('/names') });
  expect([tried.status, getPartner('mx-sre').sealedPart.value]).toEqual([403, false]);
  const other = await send(`${BASE}/mx-sre/review`, { reason: 'Agreed with the ministry', aware: 'yes' }, { who: 'supervisor' });
  expect([other.status, getPartner('mx-sre').sealedPart.value]).toEqual([303, true]);
});

it('begins a new partner as a draft of which nothing is confirmed, and puts it into force by two people', async () => {
  for (const [id, field] of [['Nope!', 'partner_id'], ['mx-sre', 'partner_id'], ['mx-test', 'like']] as const) {
    const bad = await send(`${BASE}/new`, { partner_id: id, like: field === 'like' ? '' : 'mx-sre' }, { from: BASE });
    expect([[409, 422].includes(bad.status), bad.text.includes(`href="#${field}"`)]).toEqual([true, true]);
  }
  expect((await send(`${BASE}/new`, { partner_id: 'mx-consulate-fresno', like: 'mx-sre' }, { from: BASE })).headers['location']).toBe(`${BASE}/mx-consulate-fresno?done=started`);
  const done = await send(`${BASE}/mx-consulate-fresno/review`, { reason: 'The consulate asked for it', aware: 'yes' }, { who: 'supervisor' });
  expect(done.status).toBe(303);
  expect(getPartner('mx-consulate-fresno')).toMatchObject({ partnerId: 'mx-consulate-fresno', exchangeBasis: { confirmed: false, sources: ['entered'] } });
  expect((await (await site.signedIn('attorney')).get('/partners?sort=-unconfirmed&country=MX')).text).toContain('mx-consulate-fresno');
});

it('puts no profile into force that ends before it begins, nor another term by one person alone', async () => {
  const path = `${BASE}/kr-kcsa`;
  const profile = getPartner('kr-kcsa');
  await send(`${path}/json`, { json: JSON.stringify({ ...profile, validFrom: '2026-02-01', validUntil: '2025-01-01' }) });
  const wrong = (await (await site.signedIn('supervisor')).get(`${path}/review`)).text;
  expect([wrong.includes('before it begins on'), wrong.includes('name="aware"')]).toEqual([true, false]);
  await send(`${path}/json`, { json: JSON.stringify({ ...profile, validUntil: '2030-01-01' }) });
  const alone = await send(`${path}/review`, { reason: 'x', aware: 'yes' });
  expect([alone.status, getPartner('kr-kcsa').validUntil]).toEqual([422, profile.validUntil]);
  await send(`${path}/drop`, {}, { from: path });
});

it('puts nothing into force of which not all can be shown', async () => {
  const profile = structuredClone(getPartner('kr-kcsa')) as unknown as { names: { value: Record<string, string> }; accounts: { value: object[] } };
  const codes = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [String(index).padStart(3, '0'), 'x']));
  profile.accounts.value.push(...Array.from({ length: 5 }, () => ({ kind: 'CLABE', check: 'hard', ownershipProven: false, bankCodes: codes })));
  const path = `${BASE}/kr-kcsa`;
  expect((await send(`${path}/json`, { json: JSON.stringify(profile) })).status).toBe(303);
  const revision = (await getPartnerEdit(site.ctx, 'kr-kcsa')).draft?.revision ?? 0;
  await expect(publishPartner(site.ctx, { partnerId: 'kr-kcsa', revision, reason: 'x', isAware: true, check: () => [] })).rejects.toMatchObject({ code: 'partner.draft_invalid', findings: [{ code: 'partner.too_many_changes' }] });
  const { text } = await (await site.signedIn('supervisor')).get(`${path}/review`);
  for (const words of ['too many changes at once', 'and only 2,000 can be shown', 'cannot be put into force until']) expect(text).toContain(words);
  expect(text).not.toContain('name="aware"');
  await send(`${path}/drop`, {}, { from: path });
  const many = await send(`${path}/json`, { json: JSON.stringify({ ...profile, names: { ...profile.names, value: { ...Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`a${String.fromCharCode(97 + (index % 26))}${index < 26 ? '' : 'b'}`, 'x'])), ...profile.names.value } } }) });
  expect([many.status, many.text.includes('at most 20')]).toEqual([422, true]);
});

describe('as JSON', () => {
  const path = `${BASE}/kr-kcsa/json`;
  const given = (): string => JSON.stringify(getPartner('kr-kcsa'), null, 2);
  it.each([
    ['broken', '{\n  "a": 1,\n  "b" 2\n}', 'Line 3, column 7'],
    ['of names that stand twice', '{"a": 1,\n"a": 2}', 'appears twice'],
    ['with __proto__', '{"__proto__": {"x": 1}}', 'not allowed'],
    ['very deep', '['.repeat(5_000), 'too many levels'],
    ['empty', '', 'this is not JSON'],
    ['of nothing', 'null', 'Line 1'],
  ])('refuses what is %s, with its place', async (_, json, words) => {
    const bad = await send(path, { json });
    expect([bad.status, bad.text.includes(words)]).toEqual([422, true]);
  });

  it('tells line, column and path of what the schema refuses, and keeps the text', async () => {
    const json = given().replace('"timeZone": {', '"evil<script>": 1,\n  "timeZone": {').replace('"Asia/Seoul"', '7');
    const bad = await send(path, { json });
    expect(bad.status).toBe(422);
    expect(bad.text).toMatch(/Line \d+, column \d+ \(\/timeZone\/value\): wrong type/);
    expect(bad.text).not.toContain('evil<script>');
    expect((await send(path, { json: given().replace('kr-kcsa"', 'kr-other"') })).text).toContain('the identifier must stay kr-kcsa');
  });

  it('goes into the draft, and not over a change of somebody else', async () => {
    const json = given().replace('"Asia/Seoul"', '"Asia/Tokyo"');
    expect((await send(path, { json })).headers['location']).toBe(`${BASE}/kr-kcsa/review`);
    const stale = await send(path, { json: given(), revision: '0' });
    expect([stale.status, stale.text.includes('Someone changed this draft in the meantime')]).toEqual([409, true]);
    expect((await send(`${BASE}/kr-kcsa/drop`, {})).status).toBe(303);
    expect((await (await site.signedIn('administrator')).get(`${BASE}/kr-kcsa/review`)).status).toBe(404);
  });
});
