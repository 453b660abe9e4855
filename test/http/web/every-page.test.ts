import supertest from 'supertest';
import { PAGES } from '../../../src/web/pages.ts';
import { LANGUAGES } from '../../../src/platform/i18n.ts';
import { listConversations, sendMessage } from '../../../src/modules/exchange/index.ts';
import { buildPacket, createReferral, listTexts, saveInterview, sendReferral } from '../../../src/modules/referrals/index.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { reconcileSamplePayments } from './sample-payments.ts';
import { openSite, PEOPLE } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let ids: Record<string, string>;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  const { referralId } = await createReferral(site.ctx, { caseId: SAMPLE_CASES.plain.caseId, partnerId: 'mx-consulate-los-angeles', services: ['locate'] });
  const { packetId } = await buildPacket(site.ctx, referralId);
  await sendReferral(site.ctx, referralId);
  await saveInterview(site.ctx, referralId, { language: 'en', answers: { sections: { statement: { text: 'The obligor left. He never paid.' } } } });
  const [text] = await listTexts(site.ctx, referralId);
  const { messageId } = await sendMessage(site.ctx, { referralId, kind: 'statusRequest', body: {} });
  const conversationId = (await listConversations(site.ctx)).rows[0]?.conversationId ?? '';
  ids = { batchId: 'snd_none', termId: 'party.obligor', partnerId: 'mx-sre', what: 'form-locate_request', userId: 'usr_none', number: '1', workId: 'wrk_none', agreementId: 'mx-consulate-los-angeles-cooperation', version: '1', textId: text?.textId ?? '', step: 'statement', attachmentId: 'att_none', fileId: 'fil_none', annotatedFileId: 'fil_none', incomingId: 'inc_none', reminderId: 'rmd_none', messageId, conversationId, receiptId: 'rct_none', offerId: 'off_none', topic: 'county', inquiryId: 'inq_none', applicationId: 'apl_none', draftId: 'apd_none', position: '1', day: '2026-11-20', itemKey: 'line-none', disbursementId: 'D2601000000', orderId: 'ord_none', token: 'A'.repeat(43), caseId: SAMPLE_CASES.plain.caseId, referralId, packetId, runId: await reconcileSamplePayments(site.ctx) };
});

const addressOf = (path: string) => path.replace(/:(\w+)/g, (_, name: string) => ids[name] as string);
const guarded = PAGES.filter((page) => page.access !== 'public');
const LEAKS = /\bat \w+ \(|node_modules|\bselect [^<>]* from\b|QueryFailedError|undefined|\[object Object\]|\{\{|NaN|Invalid Date/;

it.each(guarded.filter((page) => page.get).map((page) => page.path))('%s sends a stranger to the sign-in', async (path) => {
  const { status, headers } = await supertest(site.app).get(addressOf(path));
  expect([status, headers['location']?.startsWith('/sign-in?next=')]).toEqual([303, true]);
});

it.each(PAGES.filter((page) => page.post).map((page) => page.path))('%s takes no form without its token', async (path) => {
  for (const who of ['attorney', 'officer_la']) {
    const agent = await site.signedIn(who);
    expect((await agent.post(addressOf(path)).type('form').send({ form_id: 'a'.repeat(24) })).status).toBe(403);
  }
});

// What each template says in each language is read in test/web-quality; here everybody asks for everything, the languages in turn.
describe.each(Object.keys(PEOPLE).map((who, at) => [who, at] as const))('as %s', (who, turn) => {
  it.each(guarded.filter((page) => page.get).map((page, at) => [page.path, LANGUAGES[(at + turn) % LANGUAGES.length] as string] as const))('%s answers, or says that it is not allowed, in %s', async (path, language) => {
    const agent = await site.signedIn(who);
    const response = await agent.get(addressOf(path)).set('Cookie', `puente_language=${language}`);
    expect([path, [200, 204, 303, 403, 404].includes(response.status)]).toEqual([path, true]);
    if (response.type !== 'text/html' || response.status === 303) return;
    expect(response.text).toContain(`<html lang="${language}">`);
    expect(LEAKS.exec(response.text.replace(/&[a-z0-9#]+;/g, ''))?.[0] ?? null).toBeNull();
    expect(response.text.match(/<h1[ >]/g)).toHaveLength(1);
  });
});

it('answers a lost database with 503, in the visitor’s language, and tells no more', async () => {
  const lost = await openSite();
  const agent = await lost.signedIn('attorney');
  await lost.db.close();
  for (const path of ['/cases', '/sign-in']) {
    const { status, text } = await agent.get(path).set('Accept-Language', 'es');
    expect([path, status]).toEqual([path, 503]);
    expect(text).toContain('<html lang="es-MX">');
    expect(text).not.toMatch(LEAKS);
  }
  await agent.get('/healthz').expect(200);
  await agent.get('/readyz').expect(503);
});
