import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { LANGUAGES } from '../../src/platform/i18n.ts';
import type { RunOnly } from 'axe-core';
import { serveSite } from './site.ts';
import type { ServedSite, Story } from './site.ts';
import type { Visitor } from './browser.ts';

/** With PUENTE_SCREENSHOTS set to a folder, every page is also kept as a picture, wide and narrow, to be looked at. */
const PICTURES = process.env['PUENTE_SCREENSHOTS'] ?? '';
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Those whose answer changes with the width of the window. */
const RULES_OF_WIDTH = ['target-size', 'scrollable-region-focusable'];
const NARROW = { width: 320, height: 700 };
const WIDE = { width: 1280, height: 900 };

export interface Look {
  name: string;
  path: string | ((story: Story) => string);
  /** What the page is expected to answer; 200 unless it is an error page. */
  status?: number;
  /** What is done on it before it is looked at, such as sending a form that is refused with 422. */
  act?: (page: Visitor['page']) => Promise<void>;
}

/** Looks at every page as each of these people, in each language, wide and narrow. `prepare` brings what the common story does not have. */
export function lookAt(people: Readonly<Record<string, readonly Look[]>>, prepare?: (site: ServedSite) => Promise<void>): void {
  let site: ServedSite;
  beforeAll(async () => {
    site = await serveSite();
    await prepare?.(site);
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
        await look.act?.(page);
        expect(await page.getAttribute('html', 'lang')).toBe(language);
        // The rules are brought into the page itself, once for both widths; a frame would escape them, so there is none.
        expect(page.frames()).toHaveLength(1);
        await page.evaluate(axe.source);
        expect(await violationsOf(visitor, { type: 'tag', values: RULES })).toEqual([]);
        await picture(visitor, `${name}.${language}.wide`);

        await page.setViewportSize(NARROW);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(NARROW.width);
        expect(await violationsOf(visitor, { type: 'rule', values: RULES_OF_WIDTH })).toEqual([]);
        await picture(visitor, `${name}.${language}.narrow`);

        // The browser itself reports a page that answers 404 or 403; that is not a fault of the page.
        expect(faults.filter((fault) => !((look.status || look.act) && fault.includes('status of')))).toEqual([]);
      });
    });
  });
}

async function violationsOf({ page }: Visitor, runOnly: RunOnly): Promise<unknown[]> {
  const violations = await page.evaluate(({ runOnly }) => (globalThis as unknown as { axe: typeof axe }).axe.run({ runOnly, resultTypes: ['violations'] }).then((found) => found.violations), { runOnly });
  return violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary}`) }));
}

async function picture({ page }: Visitor, name: string): Promise<void> {
  if (PICTURES === '') return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}
