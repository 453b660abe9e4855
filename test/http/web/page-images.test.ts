import { PDFDocument } from 'pdf-lib';
import { behindTheWall } from '../../support/database.ts';
import { pageImage, pageText } from '../../../src/platform/pdf/page-images.ts';
import { collect, press, refer } from './referral-forms.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { openSite } from './web-site.ts';
import type { Site } from './web-site.ts';

let site: Site;
let [address, packet] = ['', ''];
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  address = await refer(site, 'attorney', SAMPLE_CASES.plain.caseId, 'mx-consulate-los-angeles', ['locate']);
});

const readings = async (action: string) => Number((await behindTheWall<{ n: string }>(site.db, `select count(*) as n from audit_events where action = '${action}'`))[0]?.n);
const bytesOf = async (who: string, path: string) => (await site.signedIn(who)).get(path).buffer(true).parse((res, done) => collect(res as unknown as NodeJS.ReadableStream, done));
const statusOf = async (who: string, path: string) => (await (await site.signedIn(who)).get(path)).status;
const PNG = '89504e470d0a1a0a';

describe('a draft', () => {
  it('is seen page by page before it is signed, and that is written down once', async () => {
    const agent = await site.signedIn('attorney');
    const first = (await agent.get(`${address}/preview`)).text;
    expect(first).toMatch(/<img src="[^"]+\/preview\/1\.png" width="900" height="1[12]\d\d" alt="Page 1 of \d+: [^"]+"/);
    expect(first).toContain('rel="next"');
    expect(first).not.toContain('rel="prev"');
    const image = await bytesOf('attorney', `${address}/preview/1.png`);
    expect([image.status, image.headers['content-type'], image.headers['cache-control'], (image.body as Buffer).subarray(0, 8).toString('hex')]).toEqual([200, 'image/png', 'no-store', PNG]);
    expect((await agent.get(`${address}/preview?page=2&size=large`)).text).toMatch(/2\.png\?width=1400" width="1400"/);
    expect(await readings('packet.previewed')).toBe(1);
  });

  it('shows the last page to whoever asks for one behind it, and the first for what is no number', async () => {
    const agent = await site.signedIn('attorney');
    expect((await agent.get(`${address}/preview?page=9999`)).text).toContain('this is the last one');
    for (const typed of ['0', '-1', 'x', '<script>', '1e9', '٣']) expect((await agent.get(`${address}/preview?page=${encodeURIComponent(typed)}&size=${encodeURIComponent(typed)}`)).text).toContain('/preview/1.png"');
    for (const typed of ['0', '999', 'x', '1.5', '٣']) expect([typed, (await agent.get(`${address}/preview/${encodeURIComponent(typed)}.png`)).status]).toEqual([typed, 404]);
    expect((await bytesOf('attorney', `${address}/preview/1.png?width=99999`)).status).toBe(200);
  });

  it('is for those who may seal it', async () => {
    for (const [who, status] of [['translator', 403], ['officer_la', 403], ['reconciler', 403], ['imperial', 404]] as const) {
      expect([who, await statusOf(who, `${address}/preview`), await statusOf(who, `${address}/preview/1.png`)]).toEqual([who, status, status]);
    }
  });
});

describe('a sealed packet', () => {
  it('is seen as pages by whoever may take it; no picture without a row, one row for each opening', async () => {
    await press(site, 'attorney', `${address}/seal`);
    const agent = await site.signedIn('attorney');
    packet = /\/packets\/(pkt_[^/"]+)\/pages/.exec((await agent.get(address)).text)?.[1] ?? '';
    const before = await readings('packet.read');
    expect((await bytesOf('attorney', `/packets/${packet}/pages/2.png`)).status).toBe(200);
    const text = (await agent.get(`/packets/${packet}/pages?page=2`)).text;
    expect(text).toMatch(/Text of this page<\/summary>[\s\S]*Solicitud|Petición|expediente/i);
    expect(text).toContain(`/packets/${packet}/pdf?copy=reading`);
    expect(await readings('packet.read') - before).toBe(1);
    expect((await behindTheWall(site.db, `select kind from disclosures where packet_id = '${packet}' and kind = 'read'`)).length).toBe(1);
    await behindTheWall(site.db, "update page_openings set opened_at = opened_at - interval '16 minutes'");
    await Promise.all(['1', '2', '3'].map((page) => bytesOf('attorney', `/packets/${packet}/pages/${page}.png`)));
    expect(await readings('packet.read') - before).toBe(2);
  });

  it('shows nothing of it to whom it was not sent, nor to another partner', async () => {
    const all = async () => Promise.all(['officer_la', 'officer_kr', 'reconciler'].map(async (who) => [who, await statusOf(who, `/packets/${packet}/pages`), await statusOf(who, `/packets/${packet}/pages/1.png`)]));
    expect(await all()).toEqual([['officer_la', 404, 404], ['officer_kr', 404, 404], ['reconciler', 403, 403]]);
    await press(site, 'attorney', `${address}/send`, { approver: 'Ana Attorney' });
    expect(await all()).toEqual([['officer_la', 200, 200], ['officer_kr', 404, 404], ['reconciler', 403, 403]]);
    expect((await (await site.signedIn('officer_la')).get(`/packets/${packet}/pages?language=es-MX`).redirects(1)).text).toContain('Página 1 de');
  });
});

describe('a PDF that is none, or a strange one', () => {
  const shown = (key: string, bytes: Uint8Array) => ({ key, bytes: async () => bytes });
  const codeOf = async (work: Promise<unknown>) => work.then(() => 'done', (error: { code?: string }) => error.code);

  it('is refused, and the next one is drawn', async () => {
    expect(await codeOf(pageText(shown('none', Buffer.from('%PDF-1.7\nnothing')), 1, 'one'))).toBe('page.unreadable');
    expect(await codeOf(pageText(shown('empty', Buffer.alloc(0)), 1, 'one'))).toBe('page.unreadable');
    const strange = await PDFDocument.create();
    strange.addPage([14_000, 20]);
    strange.addPage([10, 14_000]);
    const bytes = await strange.save();
    expect(await pageImage(shown('strange', bytes), 1, 900, 'one')).toMatchObject({ pages: 2, width: 900, height: 1, text: '' });
    const { width, height } = await pageImage(shown('strange', bytes), 2, 2000, 'one');
    expect([width * height < 6_000_000, await codeOf(pageText(shown('strange', bytes), 3, 'one'))]).toEqual([true, 'page.not_found']);
  });

  it('draws a coloured picture in colours', async () => {
    const document = await PDFDocument.create();
    const red = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC', 'base64');
    document.addPage([100, 100]).drawImage(await document.embedPng(red), { x: 0, y: 0, width: 100, height: 100 });
    const { png } = await pageImage(shown('red', await document.save()), 1, 900, 'one');
    expect(Buffer.from(png).readUInt8(25)).toBe(2);
  });

  it('does not let one person hold up others, nor wait without end', async () => {
    const document = await PDFDocument.create();
    document.addPage();
    const bytes = await document.save();
    let drawn = 0;
    const crowd = Array.from({ length: 60 }, (_, index) => codeOf(pageText(shown(`crowd-${index}`, bytes), 1, 'many')).then((code) => {
      drawn += code === 'done' ? 1 : 0;
      return code;
    }));
    const others = await Promise.all(['one', 'two', 'three'].map((who) => codeOf(pageText(shown(`other-${who}`, bytes), 1, who))));
    const before = drawn;
    const told = await Promise.all(crowd);
    const count = (wanted: string) => told.filter((code) => code === wanted).length;
    // Whoever asks for twelve has had a turn with each of the others, and no more.
    expect([others, before <= 4, count('done'), count('page.busy')]).toEqual([['done', 'done', 'done'], true, 12, 48]);
  });
});
