import supertest from 'supertest';
import { hasWords, LANGUAGES, translator } from '../../../src/platform/i18n.ts';
import { FORM_KEYS, STEPS, TOPICS } from '../../../src/web/anyone/help/topics.ts';
import { openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
const UNTRANSLATED = /help:|clocks:|undefined|\[object|NaN/;

describe('help', () => {
  it.each(LANGUAGES)('tells each topic in %s without an account, and marks what nobody has confirmed', async (language) => {
    const visitor = supertest.agent(site.app);
    const t = translator(language);
    await visitor.get(`/help?language=${language}`);
    const start = (await visitor.get('/help')).text;
    for (const { key, sections, shows } of TOPICS) {
      expect(start).toContain(`href="/help/${key}"`);
      const { status, text } = await visitor.get(`/help/${key}`);
      expect([key, status, text.includes(`<html lang="${language}">`)]).toEqual([key, 200, true]);
      expect(text).not.toMatch(UNTRANSLATED);
      const marks = text.split(t('help:to_confirm')).length - 1;
      if (sections.some((section) => !section.isConfirmed)) expect(marks).toBeGreaterThan(1);
      if (shows === 'forms') for (const form of FORM_KEYS) expect(text).toContain(t(`help:form.${form}.what`));
      if (shows === 'clocks') for (const law of ['45 CFR 303.7(b)(4)', '45 CFR 303.7(b)(2)']) expect(text).toContain(law);
    }
  });

  it('says of no treaty that it binds these countries', () => {
    const t = translator('en');
    expect(t('help:topic.hague.s1.p1')).toContain('does not apply between the United States and Mexico, or between the United States and Korea');
    expect(TOPICS.find(({ key }) => key === 'hague')?.sections[0]?.isConfirmed).toBe(false);
  });

  it.each([['pension', 1], ['양육비', 1], ['<script>alert(1)</script>', 0], ['%_\\', 0], ['😀', 0], ['x'.repeat(5_000), 0]])('finds %s among the terms, or says that there is none', async (sought, least) => {
    const { status, text } = await supertest(site.app).get(`/help/glossary?q=${encodeURIComponent(sought)}`);
    expect(status).toBe(200);
    expect((text.match(/<th scope="row"/g) ?? []).length >= least).toBe(true);
    expect(text).not.toContain('<script>alert');
  });

  it('has pages of terms, and no page of what is no topic', async () => {
    const first = (await supertest(site.app).get('/help/glossary')).text;
    expect([first.includes('page=2'), (first.match(/<th scope="row"/g) ?? []).length]).toEqual([true, 40]);
    expect((await supertest(site.app).get('/help/nothing')).status).toBe(404);
  });
});

describe('the tour', () => {
  const answer = async (who: string, step: string, given: string) => {
    const agent = await site.signedIn(who);
    return agent.post(`/tour/${step}`).type('form').send({ form_token: await tokenOf(agent, `/tour/${step}`), answer: given });
  };

  it('has ten steps with one right answer each, and words for all of them', () => {
    expect(STEPS).toHaveLength(10);
    for (const language of LANGUAGES) {
      for (const { key } of STEPS) for (const part of ['title', 'p1', 'question', 'option1', 'option2', 'option3', 'why']) expect(hasWords(language, `help:step.${key}.${part}`)).toBe(true);
      for (const { topic } of STEPS) expect(TOPICS.some(({ key }) => key === topic)).toBe(true);
    }
  });

  it('says whether an answer is right, keeps the place for another day, and can be printed', async () => {
    const agent = await site.signedIn('officer_kr');
    expect((await agent.get('/tour')).text).toContain('Start');
    expect((await answer('officer_kr', 'who', '1')).headers['location']).toBe('/tour/who#answer');
    expect((await agent.get('/tour/who')).text).toContain('Not quite');
    await answer('officer_kr', 'who', '2');
    expect((await agent.get('/tour/who')).text).toContain('That is correct.');
    await answer('officer_kr', 'program', '1');
    const later = (await agent.get('/tour')).text;
    for (const words of ['Continue where you left off', 'href="/tour/basis"', '2 of 10 correct']) expect(later).toContain(words);
    for (const { key, right } of STEPS) await answer('officer_kr', key, String(right));
    expect((await agent.get('/tour')).text).toContain('You have finished the tour.');
    const sheet = (await agent.get('/tour/print')).text;
    for (const { key } of STEPS) expect(sheet).toContain(translator('en')(`help:step.${key}.title`));
    expect(sheet).not.toMatch(UNTRANSLATED);
    // Everybody's own.
    expect((await (await site.signedIn('officer_la')).get('/tour')).text).not.toContain('finished');
  });

  it.each(['', '4', '-1', '<script>', '１', 'x'.repeat(10_000)])('asks again where the answer is "%s"', async (given) => {
    const { status, text } = await answer('attorney', 'money', given);
    expect([status, text.includes('href="#option-1"'), text.includes('<title>Error:')]).toEqual([422, true, true]);
  });

  it('has no step that is none, and is for those who have an account', async () => {
    expect((await (await site.signedIn('attorney')).get('/tour/nothing')).status).toBe(404);
    expect((await supertest(site.app).get('/tour')).status).toBe(303);
  });
});
