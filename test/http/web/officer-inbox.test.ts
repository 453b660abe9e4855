import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliverMessage, listConversations, receiveMessage, sendMessage } from '../../../src/modules/exchange/index.ts';
import { buildPacket, createReferral, getReferral, moveReferral, sendReferral } from '../../../src/modules/referrals/index.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { openSite, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

const LA = 'mx-consulate-los-angeles';
let site: Site;
let first: string;
let second: string;
let packetId: string;

beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  [first, second] = [await send(SAMPLE_CASES.plain.caseId, LA, 'locate'), await send(SAMPLE_CASES.protected.caseId, LA, 'enforce')];
  await send(SAMPLE_CASES.korean.caseId, 'kr-kcsa', 'locate', 'Deputy Director');
  await createReferral(site.ctx, { caseId: SAMPLE_CASES.plain.caseId, partnerId: LA, services: ['status'] });
});

async function send(caseId: string, partnerId: string, service: string, approver?: string): Promise<string> {
  const { referralId } = await createReferral(site.ctx, { caseId, partnerId, services: [service] });
  const built = await buildPacket(site.ctx, referralId);
  packetId ??= built.packetId;
  await sendReferral(site.ctx, referralId, approver === undefined ? {} : { approver });
  return referralId;
}

const read = async (who: string, path: string) => (await site.signedIn(who)).get(path);
const rowsOf = (html: string): string[] => [...html.matchAll(/<th scope="row"[^>]*><a href="\/inbox\/(ref_\w+)"/g)].map(([, id = '']) => id);

describe('the inbox', () => {
  it('tells in one look what is new, and forgets it once it was looked at', async () => {
    const before = (await read('officer_la', '/inbox')).text;
    expect(rowsOf(before).sort()).toEqual([first, second].sort());
    expect(before).toContain('<span class="po-today__count">2</span> new since your last visit');
    await read('officer_la', `/inbox/${first}`);
    const after = (await read('officer_la', '/inbox')).text;
    expect(after).toContain('<span class="po-today__count">1</span> new since your last visit');
    expect(rowsOf((await read('officer_la', '/inbox?show=new')).text)).toEqual([second]);
    // What the county says later is new again.
    const { messageId } = await sendMessage(site.ctx, { referralId: first, kind: 'statusRequest', body: {} });
    await deliverMessage(site.ctx, messageId);
    expect(rowsOf((await read('officer_la', '/inbox?show=new')).text).sort()).toEqual([first, second].sort());
    const waiting = (await read('officer_la', '/inbox')).text;
    expect(waiting).toMatch(/id="waiting"[\s\S]*href="\/messages\/msg_/);
    // Nobody else's, and not to those who have a queue.
    expect(rowsOf((await read('officer_kr', '/inbox')).text)).toHaveLength(1);
    expect((await read('attorney', '/inbox')).headers['location']).toBe('/queue');
  });

  it('shows by which day the county hopes for an answer, and what is past it', async () => {
    await moveReferral(site.ctx, second, 'deliver', {});
    const { text } = await read('officer_la', '/inbox?sort=due');
    expect(text).toMatch(/days left/);
    // Also where nobody has said yet that it arrived.
    expect(text).not.toContain('no date');
    expect(text.match(/<span class="pu-quiet">target</g)).toHaveLength(2);
    expect(text).toContain('They are not binding');
    expect(rowsOf(text)[0]).toBe(first);
    expect(rowsOf((await read('officer_la', '/inbox?show=overdue')).text)).toEqual([]);
    expect((await read('officer_la', '/inbox?show=overdue')).text).toContain('There are no requests in this group');
  });

  it.each(['due', '-due', 'sent', '-sent', 'case', '-case', 'mine', 'status', 'nonsense;drop'])('is sorted by %s', async (sort) => {
    const { status, text } = await read('officer_la', `/inbox?sort=${encodeURIComponent(sort)}`);
    expect([status, rowsOf(text).length]).toEqual([200, 2]);
  });

  it.each([
    ['the county number', SAMPLE_CASES.plain.caseId, 1], ['a surname', 'Peña', 2], ['a surname without its accents', 'pena munoz', 2], ['somebody who is in no case of theirs', 'Kim', 0],
    ['markup', '<script>alert(1)</script>', 0], ['a formula', '=1+1', 0], ['an emoji', '😀', 0], ['right to left', 'محمد', 0], ['ten thousand characters', 'n'.repeat(10_000), 0], ['a percent sign', '%', 0],
  ])('finds by %s', async (_what, text, count) => {
    const answer = await read('officer_la', `/inbox?q=${encodeURIComponent(text)}`);
    expect([answer.status, rowsOf(answer.text).length]).toEqual([200, count]);
    expect(answer.text).not.toContain('<script>alert');
  });

  it('finds under the number that the office itself gave', async () => {
    const [conversation] = (await listConversations(site.ctx, { referralId: first })).rows;
    const message = {
      version: '1.1', messageId: 'CLA-1', serial: '000000000001', conversation: conversation?.wireId, sentAt: new Date(site.ctx.clock.now().getTime() - 60_000).toISOString(), datedOn: '2026-11-20', referralId: first,
      from: { partnerId: LA, country: 'MX', fileNumber: 'CLA-7/26', name: [{ lang: 'es-MX', value: 'Consulado General' }] }, to: { county: '06037', name: [{ lang: 'en', value: 'County' }] }, statusRequest: {},
    };
    await receiveMessage(site.ctx, { partnerId: LA, channel: 'api', source: Buffer.from(JSON.stringify(message), 'utf8') });
    expect(rowsOf((await read('officer_la', '/inbox?q=CLA-7/26')).text)).toEqual([first]);
    expect((await read('officer_la', '/inbox')).text).toContain('CLA-7/26');
  });

  it('goes out as a file that no spreadsheet computes', async () => {
    const { text, headers } = await read('officer_la', '/inbox?as=csv&sort=case');
    expect(headers['content-type']).toContain('text/csv');
    expect(text.startsWith('\uFEFF')).toBe(true);
    expect(text.trim().split('\r\n')).toHaveLength(3);
    expect(text).toContain(SAMPLE_CASES.plain.caseId);
  });
});

describe('a request and what is told of it', () => {
  const press = async (who: string, path: string, fields: Record<string, string>) => {
    const agent = await site.signedIn(who);
    return agent.post(path).type('form').send({ form_token: await tokenOf(agent, '/ask'), ...fields });
  };

  it('has a button for each word, and says what the county gets before it is told', async () => {
    const { text } = await read('officer_la', `/inbox/${first}`);
    expect(text).toContain(`href="/inbox/${first}/tell?move=accept"`);
    const page = await read('officer_la', `/inbox/${first}/tell?move=accept`);
    for (const words of ['What the county will receive', 'that nothing is missing', 'Yes, tell the county']) expect(page.text).toContain(words);
    const unfit = await press('officer_la', `/inbox/${first}/tell`, { move: 'accept', number: '<script>' });
    expect([unfit.status, unfit.text.includes('href="#number"')]).toEqual([422, true]);
    const told = await press('officer_la', `/inbox/${first}/tell`, { move: 'accept', number: 'CLA-OWN 77/26' });
    expect(told.headers['location']).toBe(`/inbox/${first}?done=told`);
    expect((await getReferral(site.ctx, first)).status).toBe('accepted');
    expect((await read('officer_la', '/inbox')).text).toContain('CLA-OWN 77/26');
    expect((await read('officer_la', `/inbox/${first}?done=told`)).text).toContain('The county has been notified');
    // Once more is refused by the state that it has.
    expect((await press('officer_la', `/inbox/${first}/tell`, { move: 'accept' })).status).toBe(409);
    expect((await read('officer_la', `/inbox/${first}/tell?move=accept`)).headers['location']).toBe(`/inbox/${first}#tell`);
  });

  it.each([['no reason', {}], ['a reason that is none', { reason: '<script>' }]])('asks again where %s is given', async (_what, given) => {
    const refused = await press('officer_la', `/inbox/${second}/tell`, { move: 'report_incomplete', ...given });
    expect([refused.status, refused.text.includes('href="#reason"'), refused.text.includes('<title>Error:')]).toEqual([422, true, true]);
    expect((await getReferral(site.ctx, second)).status).toBe('delivered');
  });

  it('is nobody else’s', async () => {
    expect((await press('officer_kr', `/inbox/${second}/tell`, { move: 'accept' })).status).toBe(404);
    expect((await press('attorney', `/inbox/${second}/tell`, { move: 'accept' })).status).not.toBe(200);
    expect((await read('reconciler', `/inbox/${second}/tell?move=accept`)).status).toBe(403);
  });
});

describe('the signature of a packet', () => {
  it('is checked and told in words', async () => {
    const { text } = await read('officer_la', `/packets/${packetId}/check`);
    for (const words of ['Signed by', 'Digest (SHA-256)', 'Verification successful', 'referral.pdf']) expect(text).toContain(words);
    expect(text).toMatch(/as the county signed it|Unchanged, but signed with another certificate/);
    expect((await read('officer_kr', `/packets/${packetId}/check`)).status).toBe(404);
  });

  it('can be checked with openssl as the page says', async () => {
    const agent = await site.signedIn('officer_la');
    const container = await agent.get(`/packets/${packetId}/container`).buffer(true).parse((response, done) => {
      const chunks: Buffer[] = [];
      (response as unknown as NodeJS.ReadableStream).on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
    });
    const folder = mkdtempSync(join(tmpdir(), 'puente-check-'));
    try {
      writeFileSync(join(folder, 'packet.asice'), container.body as Buffer);
      writeFileSync(join(folder, 'signer.pem'), site.ctx.keys.signing?.certificatePem ?? '');
      execFileSync('unzip', ['-q', join(folder, 'packet.asice'), '-d', join(folder, 'packet')]);
      const at = (name: string): string => join(folder, 'packet', name);
      const manifest = execFileSync('openssl', ['cms', '-verify', '-binary', '-inform', 'DER', '-in', at('META-INF/signature.p7s'), '-content', at('META-INF/ASiCManifest.xml'), '-CAfile', join(folder, 'signer.pem'), '-purpose', 'any'], { stdio: ['ignore', 'pipe', 'ignore'] });
      const digest = execFileSync('openssl', ['base64'], { input: execFileSync('openssl', ['dgst', '-sha256', '-binary', at('referral.pdf')]) }).toString().trim();
      expect([manifest.equals(readFileSync(at('META-INF/ASiCManifest.xml'))), manifest.toString().includes(digest)]).toEqual([true, true]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
