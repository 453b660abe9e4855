import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { LANGUAGES } from '../../src/platform/i18n.ts';
import { serveSite } from './site.ts';
import type { ServedSite, Story } from './site.ts';
import type { Visitor } from './browser.ts';

/** With PUENTE_SCREENSHOTS set to a folder, every page is also kept as a picture, wide and narrow, to be looked at. */
const PICTURES = process.env['PUENTE_SCREENSHOTS'] ?? '';
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const NARROW = { width: 320, height: 700 };
const WIDE = { width: 1280, height: 900 };

export interface Look {
  name: string;
  path: string | ((story: Story) => string);
  /** What the page is expected to answer; 200 unless it is an error page. */
  status?: number;
}

/** Looks at every page as each of these people, in each language, wide and narrow. */
export function lookAt(people: Readonly<Record<string, readonly Look[]>>): void {
  let site: ServedSite;
  beforeAll(async () => {
    site = await serveSite();
  });

  describe.each(Object.entries(people))('%s', (who, looks) => {
    let visitor: Visitor;
    beforeAll(async () => {
      visitor = await site.visitor();
      if (who !== 'stranger') await site.signIn(visitor, who);
    });

    describe.each(LANGUAGES)('in %s', (language) => {
      it.each(looks.map((look) => [look.name, look] as const))('sees %s as it should be', async (name, look) => {
        const { page, faults } = visitor;
        faults.length = 0;
        const path = typeof look.path === 'string' ? look.path : look.path(site.story);
        await page.setViewportSize(WIDE);
        const response = await page.goto(`${path}${path.includes('?') ? '&' : '?'}language=${language}`);
        expect(response?.status()).toBe(look.status ?? 200);
        expect(await page.getAttribute('html', 'lang')).toBe(language);
        expect(await violationsOf(visitor)).toEqual([]);
        await picture(visitor, `${name}.${language}.wide`);

        await page.setViewportSize(NARROW);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(NARROW.width);
        expect(await violationsOf(visitor, ['target-size', 'scrollable-region-focusable'])).toEqual([]);
        await picture(visitor, `${name}.${language}.narrow`);

        // The browser itself reports a page that answers 404 or 403; that is not a fault of the page.
        expect(faults.filter((fault) => !(look.status && fault.includes('status of')))).toEqual([]);
      });
    });
  });
}

/** All rules, or only those whose answer changes with the width of the window. */
async function violationsOf({ page }: Visitor, rules: readonly string[] = []): Promise<unknown[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules.length > 0 ? axe.withRules([...rules]) : axe.withTags(RULES)).analyze();
  return violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary}`) }));
}

async function picture({ page }: Visitor, name: string): Promise<void> {
  if (PICTURES === '') return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}
