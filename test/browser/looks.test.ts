import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { SAMPLE_CASES } from '../http/web/sample-cases.ts';
import { LANGUAGES } from '../../src/platform/i18n.ts';
import { serveSite } from './site.ts';
import type { ServedSite } from './site.ts';
import type { Visitor } from './browser.ts';

/** With PUENTE_SCREENSHOTS set to a folder, every page is also kept as a picture, wide and narrow, to be looked at. */
const PICTURES = process.env['PUENTE_SCREENSHOTS'] ?? '';
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const NARROW = { width: 320, height: 700 };
const WIDE = { width: 1280, height: 900 };

let site: ServedSite;
beforeAll(async () => {
  site = await serveSite();
});

interface Look {
  name: string;
  path: string;
  /** What the page is expected to answer; 200 unless it is an error page. */
  status?: number;
}

const LOOKS: Readonly<Record<string, readonly Look[]>> = {
  stranger: [
    { name: 'sign-in', path: '/sign-in' },
    { name: 'signed-out', path: '/sign-in?done=signed-out' },
    { name: 'no-such-page', path: '/no-such-page', status: 404 },
  ],
  attorney: [
    { name: 'cases', path: '/cases' },
    { name: 'cases-none', path: '/cases?search=zzzz' },
    { name: 'case', path: `/cases/${SAMPLE_CASES.plain.caseId}` },
    { name: 'case-protected', path: `/cases/${SAMPLE_CASES.protected.caseId}` },
    { name: 'case-korean', path: `/cases/${SAMPLE_CASES.korean.caseId}` },
    { name: 'case-closed', path: `/cases/${SAMPLE_CASES.closed.caseId}` },
    { name: 'case-hostile', path: `/cases/${SAMPLE_CASES.hostile.caseId}` },
    { name: 'partners', path: '/partners' },
    { name: 'forbidden', path: '/runs', status: 403 },
  ],
};

describe.each(Object.entries(LOOKS))('%s', (who, looks) => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await site.visitor();
    if (who !== 'stranger') await site.signIn(visitor, who);
  });

  describe.each(LANGUAGES)('in %s', (language) => {
    it.each(looks.map((look) => [look.name, look] as const))('sees %s as it should be', async (name, look) => {
      const { page, faults } = visitor;
      faults.length = 0;
      await page.setViewportSize(WIDE);
      const response = await page.goto(`${look.path}${look.path.includes('?') ? '&' : '?'}language=${language}`);
      expect(response?.status()).toBe(look.status ?? 200);
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      await picture(visitor, `${name}.${language}.wide`);

      const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
      expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.target) }))).toEqual([]);

      await page.setViewportSize(NARROW);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(NARROW.width);
      await picture(visitor, `${name}.${language}.narrow`);
      const narrow = await new AxeBuilder({ page }).withTags(RULES).analyze();
      expect(narrow.violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.target) }))).toEqual([]);

      // The browser itself reports a page that answers 404 or 403; that is not a fault of the page.
      expect(faults.filter((fault) => !(look.status && fault.includes('status of')))).toEqual([]);
    });
  });
});

async function picture({ page }: Visitor, name: string): Promise<void> {
  if (PICTURES === '') return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}
