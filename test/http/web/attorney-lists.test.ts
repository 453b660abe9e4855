import { HOSTILE } from './sample-cases.ts';
import { openSite } from './web-site.ts';
import { tellExchange } from './told-lists.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await tellExchange(site);
});

const LISTS: readonly (readonly [path: string, sorts: readonly string[], filter: string])[] = [
  ['/conversations', ['last', 'subject', 'partner', 'ours', 'theirs'], 'partner'], ['/drafts', ['since', 'kind', 'partner', 'ours', 'theirs'], 'partner'],
  ['/incoming', ['received', 'partner', 'kind'], 'of'], ['/incoming?show=decided', ['received', 'partner', 'kind', 'state'], 'of'],
  ['/inquiries', ['due', 'partner', 'state'], 'partner'], ['/inquiries?show=over', ['due', 'partner', 'state'], 'partner'],
  ['/reminders', ['due', 'made', 'partner'], 'partner'], ['/reminders?show=escalations', ['due', 'made', 'partner'], 'partner'], ['/parked', [], 'partner'],
  ['/applications', ['due', 'partner', 'received', 'state'], 'partner'], ['/applications?show=over', ['due', 'partner', 'received', 'state'], 'partner'],
];
const read = async (path: string) => (await site.signedIn('attorney')).get(path);
const and = (path: string, more: string): string => `${path}${path.includes('?') ? '&' : '?'}${more}`;
const rows = (html: string): string[] => [...html.matchAll(/(?:<th scope="row"[^>]*>|<li class="pu-card">\s*<h2>)<a href="([^"]+)"/g)].map(([, href]) => href ?? '');

describe.each(LISTS)('the list %s', (path, sorts, filter) => {
  it('sorts by each of its columns in both directions, with the same lines', async () => {
    const usual = rows((await read(path)).text).sort();
    for (const sort of sorts) {
      const [up, down] = [await read(and(path, `sort=${sort}`)), await read(and(path, `sort=-${sort}`))];
      expect([up.status, down.status]).toEqual([200, 200]);
      expect(rows(up.text).sort()).toEqual(usual);
      expect(rows(down.text).sort()).toEqual(usual);
      if (usual.length > 0) expect(down.text).toContain('aria-sort="descending"');
    }
  });

  it('is narrowed to one partner, and takes nonsense for nothing', async () => {
    const all = rows((await read(path)).text).sort();
    const parts = await Promise.all(['mx-consulate-los-angeles', 'kr-kcsa', 'mx-sre', 'mx-consulate-calexico'].map(async (partner) => rows((await read(and(path, `${filter}=${partner}`))).text)));
    expect(parts.flat().every((one) => all.includes(one))).toBe(true);
    for (const strange of [HOSTILE, "'; drop table users; --", 'x'.repeat(2_000), '../..']) {
      const { status, text } = await read(and(path, `${filter}=${encodeURIComponent(strange)}&sort=${encodeURIComponent(strange)}&page=${encodeURIComponent(strange)}`));
      expect([status, rows(text).sort()]).toEqual([200, all]);
      expect(text).not.toContain('<script>alert');
    }
  });

  it('goes out as a file with a line for each row', async () => {
    const { status, text, headers } = await read(and(path, 'as=csv'));
    expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(text.trimEnd().split('\r\n')).toHaveLength(1 + rows((await read(path)).text).length);
    expect(text).not.toMatch(/(?:^|,)"?[=+@]/m);
  });
});
