import { behindTheWall } from '../../support/database.ts';
import { importSampleCases } from './sample-cases.ts';
import { reconcileSamplePayments } from './sample-payments.ts';
import { openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let run: string;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  run = await reconcileSamplePayments(site.ctx);
});

const LISTS = [
  ['/runs', 'started'], ['/runs/:run', 'amount'], ['/days', 'day'], ['/holds', 'since'], ['/postings/refused', 'amount'], ['/outgoing?state=all', 'amount'], ['/orders', 'amount'], ['/confirmations', 'delivered'],
  ['/confirmations?show=heard', 'on'], ['/suspense', 'amount'], ['/caseload?partner=mx-consulate-los-angeles', 'line'],
] as const;
const at = (path: string): string => path.replace(':run', run);
const joined = (path: string, query: string): string => `${path}${path.includes('?') ? '&' : '?'}${query}`;

it.each(LISTS)('%s is ordered by %s both ways and shrugs at what is no order or page', async (list, sort) => {
  const agent = await site.signedIn('reconciler');
  for (const query of [`sort=${sort}`, `sort=-${sort}`, "sort=x'--", 'sort=-', 'page=-1', 'page=99999999', `sort=${'ñ'.repeat(1_000)}`, 'sort=<script>', 'outcome=%F0%9F%98%80&show=%D7%90']) {
    const { status, text } = await agent.get(joined(at(list), query));
    expect([query.slice(0, 40), status, text.includes('<script>alert')]).toEqual([query.slice(0, 40), 200, false]);
  }
});

it.each(LISTS.filter(([list]) => !list.startsWith('/outgoing')))('%s goes out as a file in the language of its reader, which is written down', async (list) => {
  const agent = await site.signedIn('supervisor');
  for (const language of ['ko-KR', 'en']) {
    await agent.get(`/partners?language=${language}`);
    const { status, headers, text } = await agent.get(joined(at(list), 'as=csv')).buffer(true);
    expect([status, headers['content-type'], text.startsWith('\uFEFF')]).toEqual([200, 'text/csv; charset=utf-8', true]);
    expect(text).not.toMatch(/(^|[,\n])"?[=+@\t]/);
    expect(text).not.toMatch(/undefined|\[object|NaN|clerk:|web:/);
  }
});

it('pages, order and file of the lines of a run hold the same lines, none twice and none left out', async () => {
  const agent = await site.signedIn('reconciler');
  const keysOf = (html: string): string[] => [...html.matchAll(/href="\/suspense\/(line-[^"]+)" data-key-row/g)].map((found) => found[1] ?? '');
  for (const sort of ['place', '-place', 'outcome', '-amount', 'case']) {
    const pages = [await agent.get(`/runs/${run}?sort=${sort}`), await agent.get(`/runs/${run}?sort=${sort}&page=2`)].flatMap(({ text }) => keysOf(text));
    expect([sort, pages.length, new Set(pages).size]).toEqual([sort, 62, 62]);
  }
  const file = (await agent.get(`/runs/${run}?sort=-amount&as=csv`).buffer(true)).text;
  expect(file.trim().split('\r\n')).toHaveLength(63);
  expect((await agent.get(`/runs/${run}?outcome=returned&as=csv`).buffer(true)).text.trim().split('\r\n')).toHaveLength(21);
  expect(file).toContain(',300.00,USD,');
});

it('of money out the file is written down too; officers and translators get none of these', async () => {
  const agent = await site.signedIn('reconciler');
  expect((await agent.get('/outgoing.csv?state=all&sort=-amount').buffer(true)).text.split('\r\n')[1]).toContain(',359.00,USD,');
  expect(await behindTheWall(site.db, "select distinct subject_id as id from audit_events where action = 'list.exported' and subject_id like 'outgoing%'")).toEqual([{ id: 'outgoing-all' }]);
  for (const who of ['officer_la', 'translator', 'administrator']) {
    const other = await site.signedIn(who);
    for (const [list] of LISTS) expect([who, list, (await other.get(joined(at(list), 'as=csv'))).status]).toEqual([who, list, 403]);
  }
});
