import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES } from '../../src/platform/i18n.ts';
import type { Language } from '../../src/platform/i18n.ts';
import type axe from 'axe-core';
import type { RunOnly } from 'axe-core';
import { pathOf } from '../support/web-quality/spider.ts';
import { RULES_FILE, serveSite } from './site.ts';
import type { ServedSite, Story } from './site.ts';
import type { Visitor } from './browser.ts';

/** With PUENTE_SCREENSHOTS set to a folder, every page is also kept as a picture, wide and narrow, to be looked at. */
const PICTURES = process.env['PUENTE_SCREENSHOTS'] ?? '';
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Those whose answer changes with the width of the window. */
const RULES_OF_WIDTH = ['target-size', 'scrollable-region-focusable'];
const NARROW = { width: 320, height: 700 };
const WIDE = { width: 1280, height: 900 };
/** A tablet: where menus and tables change, and long words of Spanish push. What the widest language has room for, the others have. */
const MIDDLE = { width: 768, height: 900 };
const LANGUAGE_OF_MIDDLE = 'es-MX';

/** `test/web-quality/looks.test.ts` reads off these files that every page is looked at in each state that it can be in. */
export interface Look {
  name: string;
  /** 'filled' unless told: nothing to show is 'empty', a form that came back is 'error'. */
  state?: 'filled' | 'empty' | 'error';
  /** The page as `PAGES` names it, where the path does not say it or a form leads to another one. */
  page?: string;
  path: string | ((story: Story) => string);
  /** Of a page that has languages of its own; chosen another one, it is in the first. */
  languages?: readonly Language[];
  /** What the page is expected to answer; 200 unless it is an error page. */
  status?: number;
  /** What is done on it before it is looked at, such as sending a form that is refused with 422. */
  act?: (page: Visitor['page']) => Promise<void>;
}

/** Leaves out what is typed into a form, writes the fields given, and sends it past what the browser itself would ask for; it comes back with what is wrong. */
export function refused(page: string, path: Look['path'], fields: Readonly<Record<string, string>> = {}): Look {
  const look = answered(page, path, fields);
  return { ...look, name: `${look.name}-refused`, state: 'error' };
}

/** Sends these fields and nothing else: the page is what the form is answered with. */
export function answered(page: string, path: Look['path'], fields: Readonly<Record<string, string>>): Look {
  return { name: page.replaceAll(/[/:]+/gu, '-').slice(1), page, path, act: async (browser) => {
    const action = `^${page.replaceAll(/:\w+/gu, '[^/]+')}$`;
    await Promise.all([browser.waitForNavigation(), browser.evaluate(sendOnly, { action, fields })]);
  } };
}

/** Runs in the page. */
function sendOnly({ action, fields }: { action: string; fields: Readonly<Record<string, string>> }): void {
  interface Control { name: string; type: string; value: string; checked: boolean }
  interface SentForm { getAttribute(name: string): string | null; method: string; elements: Iterable<Control>; append(input: Control): void; submit(): void }
  const { document, location, HTMLFormElement } = globalThis as unknown as { document: { forms: Iterable<SentForm>; createElement(tag: string): Control }; location: { href: string }; HTMLFormElement: { prototype: SentForm } };
  const forms = [...document.forms].filter((form) => form.method === 'post' && new RegExp(action, 'u').test(new URL(form.getAttribute('action') ?? '', location.href).pathname));
  const form = forms.find((one) => Object.keys(fields).every((name) => [...one.elements].some((control) => control.name === name)));
  if (!form) throw new Error(`no form goes to ${action}`);
  for (const control of form.elements) {
    if (['checkbox', 'radio'].includes(control.type)) control.checked = fields[control.name] === control.value;
    else if (control.name in fields) control.value = fields[control.name] ?? '';
    else if (!['hidden', 'submit', 'file'].includes(control.type)) control.value = '';
  }
  // A form that is sent without pressing its button does not say which one it was.
  for (const name of new Set([...form.elements].filter(({ type }) => type === 'submit').map((control) => control.name).filter((one) => one in fields))) {
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value: fields[name] ?? '' }));
  }
  HTMLFormElement.prototype.submit.call(form);
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
      beforeAll(async () => {
        await visitor.context.addCookies([{ name: 'puente_language', value: language, url: site.url }]);
      });

      it.each(looks.map((look) => [look.name, look] as const))('sees %s as it should be', async (name, look) => {
        const { page, faults } = visitor;
        faults.length = 0;
        const path = typeof look.path === 'string' ? look.path : look.path(site.story);
        await page.setViewportSize(WIDE);
        const response = await page.goto(path);
        expect(response?.status()).toBe(look.status ?? 200);
        await look.act?.(page);
        if (look.page) expect(pathOf(page.url())).toBe(look.page);
        if (look.state === 'error') expect(await page.locator('main .usa-alert--error, main [role=alert]').count()).toBeGreaterThan(0);
        expect(await page.getAttribute('html', 'lang')).toBe(look.languages?.includes(language) === false ? look.languages[0] : language);
        // The rules are brought into the page itself, once for both widths; a frame would escape them, so there is none.
        expect(page.frames()).toHaveLength(1);
        await page.addScriptTag({ url: RULES_FILE });
        // What stands around an empty or refused page has been looked at where it is filled: there the page itself, and WCAG. Good practice is a matter of
        // structure, which is the same in each language.
        const isFilled = (look.state ?? 'filled') === 'filled';
        expect(await violationsOf(visitor, { type: 'tag', values: isFilled && language === 'en' ? [...WCAG, 'best-practice'] : WCAG }, isFilled ? 'html' : 'main')).toEqual([]);
        await picture(visitor, `${name}.${language}.wide`);

        if (isFilled && language === LANGUAGE_OF_MIDDLE) {
          await page.setViewportSize(MIDDLE);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(MIDDLE.width);
        }
        await page.setViewportSize(NARROW);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(NARROW.width);
        if (isFilled) expect(await violationsOf(visitor, { type: 'rule', values: RULES_OF_WIDTH }, 'html')).toEqual([]);
        await picture(visitor, `${name}.${language}.narrow`);

        // The browser itself reports a page that answers 404 or 403; that is not a fault of the page.
        expect(faults.filter((fault) => !((look.status || look.act) && fault.includes('status of')))).toEqual([]);
      });
    });
  });
}

async function violationsOf({ page }: Visitor, runOnly: RunOnly, within: 'html' | 'main'): Promise<unknown[]> {
  const violations = await page.evaluate(({ runOnly, within }) => (globalThis as unknown as { axe: typeof axe }).axe.run(within, { runOnly, resultTypes: ['violations'] }).then((found) => found.violations), { runOnly, within });
  return violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary}`) }));
}

async function picture({ page }: Visitor, name: string): Promise<void> {
  if (PICTURES === '') return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}
