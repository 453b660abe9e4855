import { buildPacket, createReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { tellConversations } from '../../browser/story-of-conversations.ts';
import { tellCounter } from '../../browser/story-of-counter.ts';
import { tellIncoming } from '../../browser/story-of-incoming.ts';
import { HOSTILE, importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  const refer = async (caseId: string, partnerId: string, services: string[]) => {
    const { referralId } = await createReferral(site.ctx, { caseId, partnerId, services });
    await buildPacket(site.ctx, referralId);
    await sendReferral(site.ctx, referralId, { approver: 'Deputy Director' });
    return referralId;
  };
  await tellConversations(site.ctx, await refer(SAMPLE_CASES.protected.caseId, 'mx-consulate-los-angeles', ['enforce', 'collect_forward']), await refer(SAMPLE_CASES.korean.caseId, 'kr-kcsa', ['locate']));
  await tellIncoming(site.ctx);
  await tellCounter(site.ctx);
});

/** Whose list, where, by what it sorts, by what it is narrowed. */
const LISTS: readonly (readonly [who: string, path: string, sorts: readonly string[], narrowed: readonly string[]])[] = [
  ['officer_la', '/asked', ['asked', 'due', 'state'], ['show=open', 'show=over']],
  ['officer_la', '/apply', ['due', 'received', 'state'], ['show=open', 'show=over']],
  ['officer_la', '/conversations', ['last', 'subject', 'theirs', 'ours'], ['about=referral', 'about=inquiry', 'about=application', 'about=caseload', 'about=money', 'about=general']],
  ['officer_la', '/send', ['received', 'state'], ['state=received', 'state=accepted', 'state=refused', 'state=duplicate']],
  ['attorney', '/parked', ['since', 'kind', 'partner'], ['partner=mx-consulate-los-angeles', 'partner=kr-kcsa', 'partner=mx-sre']],
];
const FORMULA = /(?:^|[,\n])"?[=+@\t]/m;
const and = (path: string, more: string): string => `${path}${path.includes('?') ? '&' : '?'}${more}`;
const read = async (who: string, path: string) => (await site.signedIn(who)).get(path);
const linesOf = (csv: string): string[] => csv.replace('\uFEFF', '').trimEnd().split('\r\n').slice(1).sort();
const csvOf = async (who: string, path: string): Promise<string> => (await (await site.signedIn(who)).get(and(path, 'as=csv')).buffer(true)).text;

describe.each(LISTS)('%s reads %s', (who, path, sorts, narrowed) => {
  it('in each order both ways, with the same lines', async () => {
    const usual = linesOf(await csvOf(who, path));
    expect(usual.length).toBeGreaterThan(0);
    for (const sort of sorts.flatMap((one) => [one, `-${one}`])) {
      const { status, text } = await read(who, and(path, `sort=${sort}`));
      expect([sort, status, /aria-sort="(?:asc|desc)ending"|aria-current="true"/.test(text) || usual.length === 1]).toEqual([sort, 200, true]);
      expect(linesOf(await csvOf(who, and(path, `sort=${sort}`)))).toEqual(usual);
    }
  });

  it('narrowed, the parts make up the whole', async () => {
    const parts: string[] = [];
    for (const part of narrowed) parts.push(...linesOf(await csvOf(who, and(path, part))));
    expect(parts.sort()).toEqual(linesOf(await csvOf(who, path)));
  });

  it('and what is no order, choice or page is nothing', async () => {
    const name = (narrowed[0] ?? 'show=').split('=')[0] ?? '';
    for (const strange of [HOSTILE, "'; drop table users; --", 'x'.repeat(2_000), '../..', '=1+1']) {
      const query = `${name}=${encodeURIComponent(strange)}&sort=${encodeURIComponent(strange)}`;
      const { status, text } = await read(who, and(path, `${query}&page=${encodeURIComponent(strange)}`));
      expect([status, text.includes('<script>alert')]).toEqual([200, false]);
      expect(linesOf(await csvOf(who, and(path, query)))).toEqual(linesOf(await csvOf(who, path)));
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
