import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { SAMPLE_CASES } from '../http/web/sample-cases.ts';
import { LANGUAGES } from '../../src/platform/i18n.ts';
import { serveSite } from './site.ts';
import type { ServedSite, Story } from './site.ts';
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
  path: string | ((story: Story) => string);
  /** What the page is expected to answer; 200 unless it is an error page. */
  status?: number;
}

const caseOf = (which: keyof typeof SAMPLE_CASES) => `/cases/${SAMPLE_CASES[which].caseId}`;

const LOOKS: Readonly<Record<string, readonly Look[]>> = {
  stranger: [
    { name: 'sign-in', path: '/sign-in' },
    { name: 'signed-out', path: '/sign-in?done=signed-out' },
    { name: 'payee-link-over', path: `/payee/${'A'.repeat(43)}`, status: 404 },
    { name: 'payee-thanks', path: '/payee-thanks' },
    { name: 'no-such-page', path: '/no-such-page', status: 404 },
  ],
  attorney: [
    { name: 'queue', path: '/queue' },
    { name: 'queue-all', path: '/queue?show=all' },
    { name: 'queue-segment', path: '/queue?segment=arrears_high' },
    { name: 'steps', path: (story) => `/referrals/${story.sent}/steps?move=report_incomplete` },
    { name: 'steps-awaiting', path: (story) => `/referrals/${story.draft}/steps?move=await_items` },
    { name: 'cases', path: '/cases' },
    { name: 'cases-none', path: '/cases?search=zzzz' },
    { name: 'case', path: caseOf('plain') },
    { name: 'case-protected', path: caseOf('protected') },
    { name: 'case-korean', path: caseOf('korean') },
    { name: 'case-closed', path: caseOf('closed') },
    { name: 'case-hostile', path: caseOf('hostile') },
    { name: 'disclosures', path: `${caseOf('protected')}/disclosures` },
    { name: 'disclosures-none', path: `${caseOf('closed')}/disclosures` },
    { name: 'refer', path: `${caseOf('plain')}/refer` },
    { name: 'referral-draft', path: (story) => `/referrals/${story.draft}?done=created` },
    { name: 'referral-blocked', path: (story) => `/referrals/${story.blocked}?problem=incomplete` },
    { name: 'attachments-none', path: (story) => `/referrals/${story.draft}/attachments` },
    { name: 'attachments', path: (story) => `/referrals/${story.blocked}/attachments?done=attached` },
    { name: 'interview', path: (story) => `/referrals/${story.blocked}/interview` },
    { name: 'interview-means', path: (story) => `/referrals/${story.blocked}/interview/obligor_means` },
    { name: 'interview-statement', path: (story) => `/referrals/${story.draft}/interview/statement?done=saved` },
    { name: 'referral-sealed', path: (story) => `/referrals/${story.sealed}` },
    { name: 'referral-sent', path: (story) => `/referrals/${story.sent}` },
    { name: 'text-to-approve', path: (story) => story.textToApprove },
    { name: 'incoming', path: '/incoming' },
    { name: 'incoming-one', path: (story) => `/incoming/${story.incoming}` },
    { name: 'incoming-new', path: (story) => `/incoming/${story.incomingNew}?done=sought` },
    { name: 'incoming-refused', path: (story) => `/incoming/${story.incomingRefused}` },
    { name: 'partners', path: '/partners' },
    { name: 'forbidden', path: '/runs', status: 403 },
  ],
  translator: [
    { name: 'texts', path: '/translations' },
    { name: 'texts-none', path: '/translations?page=9' },
    { name: 'text', path: (story) => `${story.text}?done=saved` },
  ],
  imperial: [{ name: 'queue-empty', path: '/queue' }, { name: 'incoming-none', path: '/incoming' }],
  officer_la: [
    { name: 'inbox', path: '/inbox' },
    { name: 'received', path: (story) => `/inbox/${story.sent}` },
    { name: 'steps-officer', path: (story) => `/referrals/${story.sent}/steps?move=forward` },
    { name: 'send', path: (story) => `/send?done=received&receipt=${story.incoming}` },
    { name: 'partner-own', path: '/partners' },
    { name: 'lists-officer', path: '/lists' },
    { name: 'another-partners', path: (story) => `/inbox/${story.sentToKorea}`, status: 404 },
  ],
  officer_kr: [{ name: 'inbox-korea', path: '/inbox' }, { name: 'send-none', path: '/send' }],
  reconciler: [
    { name: 'runs', path: '/runs' },
    { name: 'run', path: (story) => `/runs/${story.run}?page=2` },
    { name: 'run-suspense', path: (story) => `/runs/${story.run}?outcome=suspense` },
    { name: 'statement', path: '/statement?partner=mx-consulate-los-angeles&from=2026-01-01&to=2026-03-31' },
    { name: 'statement-none', path: '/statement' },
    { name: 'caseload', path: '/caseload?partner=mx-consulate-los-angeles' },
    { name: 'orders', path: '/orders?partner=mx-consulate-los-angeles' },
    { name: 'agreement', path: '/agreement' },
    { name: 'outgoing', path: '/outgoing?state=all' },
    { name: 'days', path: '/days' },
    { name: 'day', path: '/days/2026-11-20' },
    { name: 'pickup', path: '/pickup' },
    { name: 'postings-refused', path: '/postings/refused' },
    { name: 'confirmations', path: '/confirmations' },
    { name: 'confirmations-heard', path: '/confirmations?show=heard' },
    { name: 'confirmation', path: '/confirmations/D2601000000' },
    { name: 'run-empty', path: (story) => `/runs/${story.run}?outcome=duplicate` },
    { name: 'suspense', path: '/suspense' },
    { name: 'suspense-proposed', path: '/suspense?show=proposed' },
    { name: 'suspense-item', path: (story) => story.suspenseItem },
    { name: 'holds', path: '/holds' },
    { name: 'mappings', path: '/mappings' },
    { name: 'mapping', path: (story) => story.waitingList },
    { name: 'lists', path: '/lists' },
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
