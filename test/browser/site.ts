import axe from 'axe-core';
import { Router } from 'express';
import { createUser } from '../../src/modules/identity/index.ts';
import { apiRouter } from '../../src/api/v1/index.ts';
import { startWeb } from '../../src/web/index.ts';
import type { Ctx } from '../../src/platform/context.ts';
import { importSampleCases } from '../http/web/sample-cases.ts';
import { operatorOf, PASSWORD, PEOPLE } from '../http/web/web-site.ts';
import { testDatabase } from '../support/database.ts';
import { openVisitor } from './browser.ts';
import type { Visitor } from './browser.ts';
import type { BrowserContextOptions } from 'playwright-core';
import { tellStory } from './story.ts';
import type { Story } from './story.ts';
import { UNHURRIED } from '../support/unhurried.ts';

export type { Story } from './story.ts';

export interface ServedSite {
  readonly url: string;
  readonly ctx: Ctx;
  readonly story: Story;
  visitor(options?: BrowserContextOptions): Promise<Visitor>;
  signIn(visitor: Visitor, who: string): Promise<void>;
}

/** Where the rules that a page is held against come from: as a file, so that the browser reads them once and not with every page. */
export const RULES_FILE = '/axe-of-the-tests.js';
const rules = Router().get(RULES_FILE, (_request, response) => {
  response.type('js').set('Cache-Control', 'public, max-age=31536000, immutable').send(axe.source);
});

const opened: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** The application on a port of its own, with people and cases, and browsers that look at it. */
export async function serveSite(): Promise<ServedSite> {
  const db = await testDatabase();
  const plain = await operatorOf(db);
  const ctx: Ctx = { ...plain, config: { ...plain.config, port: 0, host: '127.0.0.1' } };
  for (const [userName, person] of Object.entries(PEOPLE)) await createUser(ctx, { ...person, userName, password: PASSWORD, language: 'en' });
  await importSampleCases(ctx);
  const story = await tellStory(ctx);
  const web = await startWeb(ctx, [apiRouter(ctx), rules], UNHURRIED);
  opened.push(() => web.close());
  return {
    url: web.url,
    ctx,
    story,
    async visitor(options) {
      const visitor = await openVisitor(web.url, { baseURL: web.url, viewport: { width: 1280, height: 900 }, ...options });
      opened.push(() => visitor.close());
      return visitor;
    },
    async signIn({ page }, who) {
      await page.goto('/sign-in');
      await page.fill('#user_name', who);
      await page.fill('#password', PASSWORD);
      await page.click('form.pu-form button[type=submit]');
    },
  };
}
