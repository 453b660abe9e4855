import supertest from 'supertest';
import { annotatedList, importPayments, listReceivedFiles } from '../../../src/modules/payments/index.ts';
import { comparePartnerCaseload } from '../../../src/modules/reconciliation/index.ts';
import { exchangedCases } from '../../../src/modules/referrals/index.ts';
import { HOSTILE, SAMPLE_CASES } from './sample-cases.ts';
import { reconcileSamplePayments } from './sample-payments.ts';
import { openSite } from './web-site.ts';
import { tellExchange } from './told-lists.ts';
import type { Site } from './web-site.ts';

const LA = 'mx-consulate-los-angeles';
let site: Site;
beforeAll(async () => {
  site = await openSite();
  await tellExchange(site);
  await reconcileSamplePayments(site.ctx);
  await annotatedList(site.ctx, (await listReceivedFiles(site.ctx, { partnerId: LA, kind: 'forwarding' })).files[0]?.fileId ?? '');
  await importPayments(site.ctx, { partnerId: LA, fileName: '=relación de enero.csv', source: Buffer.from('Ref;Asunto;Persona A;Cant 1;Div\nR1;=1+1;@Nadie;1.00;USD\n') }).catch(() => undefined);
  await comparePartnerCaseload(site.ctx, { partnerId: LA, fileName: 'lista.csv', source: Buffer.from(`No. de expediente;Número de caso;Deudor;Acreedor;Estatus\n=C-1;${SAMPLE_CASES.plain.caseId};Otro Nombre;Otra Persona;Vigente\n@C-9;2999999999999;Nadie;Ninguna;Vigente\n`), exchangedCases: await exchangedCases(site.ctx, LA) });
});

/** Whose list, where, by what it sorts, by what it is narrowed. */
const LISTS: readonly (readonly [who: string, path: string, sorts: readonly string[], narrowed: readonly string[]])[] = [
  ['officer_la', '/asked', ['asked', 'due', 'state'], ['show=open', 'show=over']],
  ['officer_la', '/apply', ['due', 'received', 'state'], ['show=open', 'show=over']],
  ['officer_la', '/conversations', ['last', 'subject', 'theirs', 'ours'], ['about=referral', 'about=inquiry', 'about=application', 'about=caseload', 'about=money', 'about=general']],
  ['officer_la', '/send', ['received', 'state'], ['state=received', 'state=accepted', 'state=refused', 'state=duplicate']],
  ['attorney', '/parked', ['since', 'kind', 'partner'], ['partner=mx-consulate-los-angeles', 'partner=kr-kcsa', 'partner=mx-sre']],
  ['reconciler', '/caseload?partner=mx-consulate-los-angeles', ['line', 'difference', 'case'], ['orphan_theirs', 'orphan_ours', 'closed_here', 'closed_there', 'case_number_drifted', 'partner_number_drifted', 'partner_number_new', 'names_differ', 'listed_twice', 'number_shared'].map((code) => `code=${code}`)],
  ['reconciler', '/suspense', ['since', 'amount', 'partner', 'kind'], ['kind=line', 'kind=credit', 'kind=debit']],
  ['reconciler', '/mappings#waiting', ['list', 'partner', 'refused'], ['partner=mx-consulate-los-angeles']],
  ['reconciler', '/lists#answered', ['made', 'partner', 'lines'], ['partner=mx-consulate-los-angeles', 'partner=kr-kcsa']],
  ['officer_la', '/lists#answered', ['made', 'partner', 'lines'], []],
  ['attorney', `/cases/${SAMPLE_CASES.protected.caseId}/disclosures`, ['when', 'kind', 'partner'], ['partner=mx-consulate-los-angeles', 'partner=kr-kcsa', 'partner=mx-sre']],
  ['attorney', '/partners', ['name', 'country', 'unconfirmed'], ['country=MX', 'country=KR']],
  ['attorney', '/help/glossary', ['en', 'es_mx', 'es_us', 'ko'], []],
  ['administrator', '/administration/partners', ['name', 'country', 'basis', 'unconfirmed'], []],
  ['administrator', '/administration/forms', ['title', 'edition', 'expires'], []],
  ['administrator', '/administration/data', ['name', 'length', 'starts', 'stops', 'citation'], []],
  ['administrator', '/administration/to-confirm', ['kit', 'of', 'what'], []],
  ['administrator', '/administration/glossary', ['en', 'es', 'ko', 'status'], ['status=verified', 'status=common', 'status=review']],
  ['reconciler', '/agreement#accounts', ['account', 'partner', 'ledger', 'told'], []],
  ['reconciler', '/runs', ['started', 'state', 'files'], ['state=running', 'state=finished', 'state=interrupted']],
  ['attorney', '/agreements', ['title', 'standing', 'basis', 'from', 'until'], ['in_force', 'ends_soon', 'not_yet', 'expired', 'ended'].map((one) => `standing=${one}`)],
];
/** Lists that are empty here: that they are asked, and shrug. */
const EMPTY: typeof LISTS = [
  ['reconciler', '/holds#movements', ['found', 'booked', 'amount', 'partner'], ['direction=credit', 'direction=debit']],
  ['reconciler', '/pickup', ['taken', 'file', 'folder', 'state', 'lines'], ['state=taken', 'state=imported', 'state=repeated', 'state=refused']],
  ['reconciler', '/suspense#totals', ['partner', 'items', 'ledger', 'difference'], []],
  ['reconciler', '/agreement#differences', ['transfer', 'kind', 'account', 'ledger', 'told'], []],
  ['reconciler', '/agreement#days', ['day', 'partner', 'credited', 'lines', 'fees', 'posted', 'suspense'], []],
  ['reconciler', '/agreement#short', ['transfer', 'partner', 'day', 'kept', 'bearer', 'why'], []],
  ['reconciler', '/days', ['day', 'state', 'prepared', 'signed'], ['state=prepared', 'state=signed', 'state=reopened']],
  ['reconciler', '/postings/refused', ['refused', 'case', 'amount', 'posting'], ['q=CASE', 'q=%25', `q=${'x'.repeat(3_000)}`]],
  ['attorney', '/deliveries#undelivered', ['last', 'kind', 'partner', 'state', 'attempts'], ['partner=mx-consulate-los-angeles']],
  ['attorney', '/deliveries#way', ['since', 'kind', 'partner'], ['partner=mx-consulate-los-angeles', 'partner=kr-kcsa', 'partner=mx-sre']],
  ['attorney', '/deliveries#courier', ['since', 'kind', 'partner'], ['partner=mx-consulate-los-angeles']],
  ['attorney', '/deliveries#circuits', ['partner', 'way', 'state'], ['partner=mx-consulate-los-angeles']],
  ['administrator', '/clients#clients', ['name', 'partner', 'state', 'expires', 'used'], ['partner=kr-kcsa', 'state=active', 'state=expired', 'state=revoked']],
  ['administrator', '/clients#keys', ['name', 'partner', 'state', 'expires', 'used'], ['partner=kr-kcsa', 'state=revoked']],
  ['reconciler', '/agreement#rests', ['transfer', 'partner', 'day', 'rest', 'why'], []],
  ['reconciler', '/statement?partner=mx-consulate-los-angeles&from=2026-01-01&to=2026-12-31#cases', ['case', 'account', 'amount'], []],
];
const FORMULA = /(?:^|[,\n])"?[=+@\t]/m;
/** `/holds#movements` is the list of that name on the page. */
const and = (path: string, more: string): string => {
  const [page = '', name] = path.split('#');
  const asked = name === undefined ? more : more.replace('as=csv', `as=csv&list=${name}`).replace(/^sort=/, `${name}_sort=`);
  return `${page}${page.includes('?') ? '&' : '?'}${asked}`;
};
const read = async (who: string, path: string) => (await site.signedIn(who)).get(path);
const linesOf = (csv: string): string[] => csv.replace('\uFEFF', '').trimEnd().split('\r\n').slice(1).sort();
const csvOf = async (who: string, path: string, more = ''): Promise<string> => (await (await site.signedIn(who)).get(`${and(path, 'as=csv')}${more === '' ? '' : `&${and(path, more).slice(and(path, '').length)}`}`).buffer(true)).text;

describe.each(LISTS)('%s reads %s', (who, path, sorts, narrowed) => {
  it('in each order both ways, with the same lines', async () => {
    const usual = linesOf(await csvOf(who, path));
    expect(usual.length).toBeGreaterThan(0);
    for (const sort of sorts.flatMap((one) => [one, `-${one}`])) {
      const { status, text } = await read(who, and(path, `sort=${sort}`));
      expect([sort, status, /aria-sort="(?:asc|desc)ending"|aria-current="true"/.test(text) || usual.length === 1]).toEqual([sort, 200, true]);
      expect(linesOf(await csvOf(who, path, `sort=${sort}`))).toEqual(usual);
    }
  });

  it('narrowed, the parts make up the whole', async () => {
    if (narrowed.length === 0) return;
    const parts: string[] = [];
    for (const part of narrowed) parts.push(...linesOf(await csvOf(who, path, part)));
    expect(parts.sort()).toEqual(linesOf(await csvOf(who, path)));
  });

  it('and what is no order, choice or page is nothing', async () => {
    const name = (narrowed[0] ?? 'show=').split('=')[0] ?? '';
    for (const strange of [HOSTILE, "'; drop table users; --", 'x'.repeat(2_000), '../..', '=1+1']) {
      const query = `sort=${encodeURIComponent(strange)}&${name}=${encodeURIComponent(strange)}`;
      const { status, text } = await read(who, and(path, `${query}&page=${encodeURIComponent(strange)}`));
      expect([status, text.includes('<script>alert')]).toEqual([200, false]);
      expect(linesOf(await csvOf(who, path, query))).toEqual(linesOf(await csvOf(who, path)));
    }
    expect((await read(who, and(path, 'page=99999'))).status).toBe(200);
  });

  it('as a file that computes nothing, in the language of the reader', async () => {
    for (const language of ['ko-KR', 'es-MX', 'en']) {
      await read(who, `/partners?language=${language}`);
      const csv = await csvOf(who, path);
      expect([csv.startsWith('\uFEFF'), FORMULA.test(csv), /undefined|\[object|NaN/.test(csv)]).toEqual([true, false, false]);
    }
  });
});

it.each(EMPTY)('%s reads %s, which is empty, in every order and part', async (who, path, sorts, narrowed) => {
  for (const query of [...sorts.flatMap((one) => [`sort=${one}`, `sort=-${one}`]), ...narrowed, `sort=${encodeURIComponent(HOSTILE)}`]) {
    const { status, text } = await read(who, and(path, query));
    expect([query, status, text.includes('<script>alert')]).toEqual([query, 200, false]);
    expect([query, FORMULA.test(await csvOf(who, path, query))]).toEqual([query, false]);
  }
});

it('what is in suspense is found by part of a name or reference, without accents, and nothing else is', async () => {
  const all = linesOf(await csvOf('reconciler', '/suspense'));
  const found = async (q: string): Promise<string[]> => linesOf(await csvOf('reconciler', '/suspense', `q=${encodeURIComponent(q)}`));
  // Its name is the hostile one; the file it came in has others that are no longer here.
  expect([all.length > 0, await found('ALÉRT(1)'), await found('=1+1')]).toEqual([true, all, all]);
  expect([await found('nadie conocido'), await found('LA-2026-00001')]).toEqual([[], []]);
  for (const strange of ['%', '_', "'; drop table users; --", '김철수', '😀', '\u202Eabc', 'x'.repeat(10_000)]) expect([strange.slice(0, 20), (await found(strange)).every((line) => all.includes(line))]).toEqual([strange.slice(0, 20), true]);
  expect((await read('reconciler', '/suspense?q=%00%00')).status).toBe(422);
});

it('another office gets nothing of it, and whoever has no such page no file', async () => {
  for (const path of ['/asked', '/apply', '/send', '/lists#answered']) {
    const [theirs, foreign] = [linesOf(await csvOf('officer_la', path)), linesOf(await csvOf('officer_kr', path))];
    expect([path, theirs.length > 0, foreign.filter((line) => line !== '' && theirs.includes(line))]).toEqual([path, true, []]);
  }
  // A stranger may look words up, and takes no file with them.
  expect((await supertest(site.app).get('/help/glossary?as=csv&sort=-ko')).headers['content-type']).toBe('text/html; charset=utf-8');
  for (const path of ['/deliveries#way', '/clients#keys', '/agreement#days', '/suspense', '/holds#movements', '/pickup', '/parked', '/agreement#rests', '/mappings#waiting']) expect([path, (await read('officer_la', and(path, 'as=csv'))).status]).toEqual([path, 403]);
});
