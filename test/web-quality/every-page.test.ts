import { globSync } from 'node:fs';
import { Writable } from 'node:stream';
import supertest from 'supertest';
import { createUser } from '../../src/modules/identity/index.ts';
import { LANGUAGES, loadLocales, translator } from '../../src/platform/i18n.ts';
import { createLogger } from '../../src/platform/log.ts';
import { buildWebApp } from '../../src/web/index.ts';
import { PAGES } from '../../src/web/pages.ts';
import { importSampleCases } from '../http/web/sample-cases.ts';
import { operatorOf, PASSWORD, PEOPLE, signIn } from '../http/web/web-site.ts';
import { testDatabase } from '../support/database.ts';
import { tellStory } from '../browser/story.ts';
import { crawl, formsOf, NO_PAGES, open, pathOf } from '../support/web-quality/spider.ts';
import type { FoundForm, Opened } from '../support/web-quality/spider.ts';
import { actFirst } from '../support/web-quality/acts.ts';
import { knownData } from '../support/web-quality/known-data.ts';
import { attribute, parsePage } from '../support/web-quality/html.ts';
import { unsound } from '../support/web-quality/soundness.ts';
import { writePseudoLocale } from '../support/web-quality/pseudo.ts';
import { untranslated } from '../support/web-quality/untranslated.ts';
import { UNHURRIED } from '../support/unhurried.ts';

/** The language whose words stand between marks. */
const PSEUDO = 'es-MX';
/** They end the session or change its language; their own tests send them. */
const ENDS_THE_CRAWL = ['/sign-out', '/language', '/account/language', '/account/sessions'];
const HOSTILE = `=cmd|' /C calc'!A0<script>alert(1)</script>😀\u202e${'x'.repeat(10_000)}`;

const isKnownData = knownData(PSEUDO);
/** What the crawl itself typed is shown to others as it was typed. */
const isKnown: typeof isKnownData = (text) => isKnownData(text) || text.includes(HOSTILE.slice(0, 20));
const templates = new Set<string>();
const paths = new Set<string>();
const faults = { language: new Map<string, string>(), structure: new Map<string, string>(), forms: new Map<string, string>() };
const note = (kind: keyof typeof faults, where: string, found: readonly string[]): void => {
  for (const one of found) if (!faults[kind].has(`${where}: ${one}`)) faults[kind].set(`${where}: ${one}`, one);
};

const ids = new Map<string, string>();
/** Ids in the addresses that a page leads to, by the name that they have in the addresses of pages. */
function learnIds(opened: Opened): void {
  for (const element of opened.page.elements) {
    const address = attribute(element, 'href') ?? attribute(element, 'action') ?? '';
    const path = address.startsWith('/') ? pathOf(address) : null;
    if (path === null) continue;
    const values = new URL(address, 'http://here').pathname.split('/');
    for (const [at, part] of path.split('/').entries()) if (part.startsWith(':')) ids.set(part.slice(1), values[at] ?? '');
  }
}

/** Every page as everybody, each with its forms sent empty and sent with what nobody should send. */
beforeAll(async () => {
  const db = await testDatabase();
  const plain = await operatorOf(db);
  let drawn = '';
  const listen = new Writable({ write: (chunk: Buffer, _encoding, done) => {
    drawn = /"page":"([^"]+)"/u.exec(String(chunk))?.[1] ?? drawn;
    done();
  } });
  const ctx = { ...plain, log: createLogger('debug', listen) };
  for (const [userName, person] of Object.entries(PEOPLE)) await createUser(plain, { ...person, userName, password: PASSWORD, language: 'en' });
  await importSampleCases(plain);
  const story = await tellStory(plain);
  const behindActs = await actFirst(plain, story);
  writePseudoLocale(db.dataDir, PSEUDO);
  loadLocales(db.dataDir);
  const notOurs = translator(PSEUDO)('web:errors.web_form_not_ours');
  const web = buildWebApp(ctx, [], UNHURRIED);

  const examine = (who: string, what: string, language: string, opened: Opened): void => {
    templates.add(drawn);
    const where = `${drawn} (${who}, ${what}, ${opened.status})`;
    note('structure', `${where} ${language}`, unsound(opened.page, language));
    if (language === PSEUDO) note('language', where, untranslated(opened.page, isKnown));
    if (opened.status >= 500) note('forms', where, [`answered ${opened.status}`]);
  };

  /** Templates as they were drawn with each status: once each in the other languages. */
  const seen = new Set<string>();
  const everybody: { who: string; agent: ReturnType<typeof supertest.agent>; forms: Map<string, FoundForm> }[] = [];
  for (const who of ['stranger', ...Object.keys(PEOPLE)]) {
    const agent = supertest.agent(web.app);
    const forms = new Map<string, FoundForm>();
    const addresses: string[] = [];
    if (who !== 'stranger') await signIn(agent, who, PASSWORD);
    const starts = ['/', '/no-such-page', ...PAGES.filter(({ path, get }) => get && !path.includes(':')).map(({ path }) => path), ...behindActs, ...Object.values(story).map((id) => (id.startsWith('/') ? id : `/referrals/${id}`))];
    await crawl(agent, starts, PSEUDO, (opened) => {
      examine(who, opened.path ?? 'nowhere', PSEUDO, opened);
      learnIds(opened);
      for (const form of formsOf(opened)) forms.set(`${pathOf(form.action) ?? form.action} ${form.fields.map(({ name }) => name).sort().join()}`, form);
      const kind = `${drawn} ${opened.status}`;
      if (!seen.has(kind)) addresses.push(opened.address);
      seen.add(kind);
    }, paths);
    for (const language of LANGUAGES.filter((one) => one !== PSEUDO)) {
      for (const address of addresses) {
        const opened = await open(agent, address, language);
        if (opened) examine(who, opened.path ?? 'nowhere', language, opened);
      }
    }
    await open(agent, '/', PSEUDO);
    everybody.push({ who, agent, forms });
  }
  // What no link leads to is asked for by the ids that were seen.
  for (const { path, get } of PAGES) {
    if (!get || paths.has(path) || NO_PAGES.test(path)) continue;
    const address = path.replace(/:(\w+)/gu, (_, name: string) => ids.get(name) ?? 'none');
    for (const { who, agent } of everybody) {
      const opened = await open(agent, address, PSEUDO, paths);
      if (opened) examine(who, opened.path ?? 'nowhere', PSEUDO, opened);
    }
  }
  for (const { who, agent, forms } of everybody) {
    for (const form of forms.values()) {
      if (ENDS_THE_CRAWL.includes(form.action)) continue;
      for (const typed of ['', HOSTILE]) {
        const body = Object.fromEntries(form.fields.map(({ name, value, isTyped }) => [name, isTyped ? typed : value]));
        const request = agent.post(form.action);
        const answer = await (form.encoding === 'multipart/form-data' ? request.field(body) : request.type('form').send(body));
        const where = `${pathOf(form.action) ?? form.action} (${who}, ${typed === '' ? 'empty' : 'hostile'})`;
        if (answer.status >= 500) note('forms', where, [`answered ${answer.status}`]);
        if (answer.text.includes(notOurs)) note('forms', where, ['was not read: its token was refused']);
        if (answer.type !== 'text/html' || answer.status < 400) continue;
        if (answer.text.includes('<script>alert')) note('forms', where, ['says a script as it was typed']);
        examine(who, `sent ${typed === '' ? 'empty' : 'hostile'} to ${pathOf(form.action) ?? form.action}`, PSEUDO, { address: form.action, path: null, status: answer.status, html: answer.text, page: parsePage(answer.text) });
      }
    }
  }
  await web.close();
}, 600_000);

it('was opened by somebody', () => {
  expect(PAGES.filter(({ path, get }) => get && !NO_PAGES.test(path) && !/\/(?:container|sets)$/u.test(path) && !paths.has(path)).map(({ path }) => path)).toEqual([]);
});

/** The looks of their areas draw them: no packet is set in the words of the pseudo-locale, and this one follows a form that is filled in rightly. */
const DRAWN_ELSEWHERE = ['attorney/preview', 'officer/inquiry-check'];

it('is drawn from a template that somebody saw', () => {
  const all = globSync('**/page.eta', { cwd: new URL('../../src/web/', import.meta.url) }).map((file) => file.replace(/\/page\.eta$/u, '')).filter((name) => name !== 'layout');
  expect(all.filter((name) => !templates.has(name) && !DRAWN_ELSEWHERE.includes(name))).toEqual([]);
});

it('says nothing that no translator has seen', () => expect([...faults.language.keys()].sort()).toEqual([]));
it('is sound as HTML, works without scripts, and leads nowhere else', () => expect([...faults.structure.keys()].sort()).toEqual([]));
it('answers what nobody should send', () => expect([...faults.forms.keys()].sort()).toEqual([]));
