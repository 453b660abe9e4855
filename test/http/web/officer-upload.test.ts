import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPacketContainer, buildPacket, createReferral } from '../../../src/modules/referrals/index.ts';
import { sealContainer } from '../../../src/platform/asic/container.ts';
import { signerOf } from '../../../src/platform/asic/signer.ts';
import { readZip } from '../../../src/platform/asic/zip.ts';
import { translator, LANGUAGES } from '../../../src/platform/i18n.ts';
import { keyRingOf, newKeyFile } from '../../../src/platform/keys.ts';
import { createUser } from '../../../src/modules/identity/index.ts';
import { behindTheWall } from '../../support/database.ts';
import { aLockedPaper, aPaper, aPaperWith, aPng } from '../../support/referrals/paper-files.ts';
import { UPLOAD_FAULTS } from '../../../src/web/officer/send/upload-fault.ts';
import type { UploadFault } from '../../../src/web/officer/send/upload-fault.ts';
import { importSampleCases, SAMPLE_CASES } from './sample-cases.ts';
import { openSite, PASSWORD, tokenOf } from './web-site.ts';
import type { Site } from './web-site.ts';

const LA = 'mx-consulate-los-angeles';
let site: Site;
let sealed: Buffer;
beforeAll(async () => {
  site = await openSite();
  await importSampleCases(site.ctx);
  // One may send only so often in a while: an officer for each language.
  for (const language of LANGUAGES) await createUser(site.ctx, { userName: `officer_${language.slice(0, 2)}`, roles: ['partner_officer'], partner: LA, displayName: 'Óscar', counties: 'all', password: PASSWORD, language });
  const { referralId } = await createReferral(site.ctx, { caseId: SAMPLE_CASES.plain.caseId, partnerId: LA, services: ['locate'] });
  sealed = (await readPacketContainer(site.ctx, (await buildPacket(site.ctx, referralId)).packetId)).bytes;
});

const kept = async () => Number((await behindTheWall<{ n: string }>(site.db, 'select count(*) as n from kept_files'))[0]?.n);

async function send(bytes: Buffer | null, fileName: string, fields: Record<string, string> = {}, who = 'officer_la') {
  const agent = await site.signedIn(who);
  const form = agent.post('/send').field('form_token', await tokenOf(agent, '/send'));
  for (const [name, value] of Object.entries(fields)) void form.field(name, value);
  return bytes === null ? form : form.attach('file', bytes, fileName);
}

/** What the officer reads in the end: the form again, or the page with the receipt. */
async function seen(bytes: Buffer | null, fileName: string, who = 'officer_la'): Promise<string> {
  const sent = await send(bytes, fileName, { file_number: 'KEEP-1' }, who);
  if (sent.status !== 303) return sent.text;
  return (await (await site.signedIn(who)).get(sent.headers['location'] ?? '')).text;
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/'/g, '&#39;');

let serial = 0;
const aMessage = (changes: object = {}) => Buffer.from(JSON.stringify({
  version: '1.1', messageId: `CLA-up-${++serial}`, serial: String(serial).padStart(12, '0'), conversation: `cla.up.${serial}`, sentAt: new Date(site.ctx.clock.now().getTime() - 60_000).toISOString(), datedOn: '2026-11-20',
  from: { partnerId: LA, country: 'MX', fileNumber: 'CLA-8/26', name: [{ lang: 'es-MX', value: 'Consulado' }] }, to: { county: '06037', fileNumber: SAMPLE_CASES.plain.caseId, name: [{ lang: 'en', value: 'County' }] }, statusRequest: {}, ...changes,
}), 'utf8');

/** A packet that somebody signed whom the county does not know for this partner. */
async function signedByAnother(): Promise<Buffer> {
  const [known, stranger] = [keyRingOf(await newKeyFile()), keyRingOf(await newKeyFile())];
  const folder = join(site.ctx.config.dataDir, 'partner-certificates');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${LA}.pem`), known.signing?.certificatePem ?? '');
  const now = new Date();
  return sealContainer(readZip(sealed).slice(1, -2), signerOf(stranger, now), now);
}

function altered(): Buffer {
  const bytes = Buffer.from(sealed);
  const at = bytes.indexOf('%PDF-') + 2_000;
  bytes.writeUInt8((bytes.readUInt8(at) + 1) % 256, at);
  return bytes;
}

const FAULTS: readonly (readonly [UploadFault, string, () => Promise<Buffer | null> | Buffer | null])[] = [
  ['none', '', () => null],
  ['empty', 'a.pdf', () => Buffer.alloc(0)],
  ['too_large', 'large.pdf', () => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(26 * 1024 * 1024, 0x20)])],
  ['type', 'photo.gif', () => Buffer.from('GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000;', 'latin1')],
  ['type', 'letter.docx', () => Buffer.from('PK\u0003\u0004\u0014\u0000\u0006\u0000word/document.xml'.padEnd(400, '\u0000'), 'latin1')],
  ['list', 'pagos.csv', () => Buffer.from('Expediente,Importe,Fecha\nCLA-1,100.00,2026-11-01\n')],
  ['damaged', 'cut.png', () => aPng(40, 40).subarray(0, 60)],
  ['locked', 'locked.pdf', () => aLockedPaper()],
  ['active', 'script.pdf', () => aPaperWith('OpenAction', { S: 'JavaScript', JS: 'app.alert(1)' })],
  ['altered', 'packet.asice', () => altered()],
  ['message', 'message.json', () => Buffer.from('{"version":"1.1","statusRequest":{}}')],
  ['message', 'message.xml', () => Buffer.from('<?xml version="1.0"?><message xmlns="urn:puente:message:v1" version="1.1"><statusRequest/></message>')],
  ['signer', 'stranger.asice', () => signedByAnother()],
];

describe.each(FAULTS)('a file that is wrong: %s (%s)', (fault, fileName, make) => {
  it('is told in words of its own, what was expected and what to do, in three languages', async () => {
    const bytes = await make();
    for (const language of LANGUAGES) {
      const t = translator(language);
      const text = await seen(bytes, fileName, `officer_${language.slice(0, 2)}`);
      expect(text).toContain(`<html lang="${language}">`);
      for (const part of ['title', 'expected', 'do']) expect(text).toContain(escaped(t(`officer:upload.${fault}.${part}`)));
      // What was typed is there again, for the file that will do.
      expect(text).toContain('value="KEEP-1"');
    }
    rmSync(join(site.ctx.config.dataDir, 'partner-certificates'), { recursive: true, force: true });
  });
});

describe('a file that is refused for what went before, or on its way', () => {
  /** In each language by its own officer: the page says the title, what was expected and what to do. */
  async function inEach(fault: UploadFault, text: (who: string, language: string) => Promise<string>): Promise<void> {
    for (const language of LANGUAGES) {
      const t = translator(language);
      const page = await text(`officer_${language.slice(0, 2)}`, language);
      expect(page).toContain(`<html lang="${language}">`);
      for (const part of ['title', 'expected', 'do']) expect([language, part, page.includes(escaped(t(`officer:upload.${fault}.${part}`)))]).toEqual([language, part, true]);
    }
  }

  it('duplicate: the same paper under another name', async () => {
    const paper = await aPaper('Otra vez');
    await send(paper, 'first.pdf');
    await inEach('duplicate', (who) => seen(paper, `${who}.pdf`, who));
  });

  it('reused: a number that stands for something else already', async () => {
    await inEach('reused', async (who) => {
      expect((await send(aMessage(), 'a.json', {}, who)).status).toBe(303);
      return seen(aMessage({ messageId: `CLA-up-${serial}` }), 'b.json', who);
    });
  });

  it('cut_off: the line broke, with all that was typed on the page and nothing kept', async () => {
    const before = await kept();
    await inEach('cut_off', async (who) => {
      const { status, text } = await cutOff(who);
      expect([status, text.includes('value="KEEP-9"')]).toEqual([422, true]);
      return text;
    });
    expect(await kept()).toBe(before);
  });

  it('too_much: the office has sent all that is taken in a day', async () => {
    // A day's room filled by what the office has sent: each of its files is taken for two gigabytes, and for what it is again afterwards.
    const weigh = (more: number) => behindTheWall(site.db, 'update incoming_packets set byte_count = byte_count + $2 where partner_id = $1', [LA, more]);
    await weigh(2_000_000_000);
    await inEach('too_much', async (who) => seen(await aPaper(`Mucho ${who}`), 'a.pdf', who));
    await weigh(-2_000_000_000);
  });
});

/** A form of which the end never came. */
async function cutOff(who: string) {
  const agent = await site.signedIn(who);
  const part = (name: string, more = '') => `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n`;
  const body = `${part('form_token')}\r\n${await tokenOf(agent, '/send')}\r\n${part('file_number')}\r\nKEEP-9\r\n${part('file', '; filename="a.pdf"')}Content-Type: application/pdf\r\n\r\n%PDF-1.7 and then nothing`;
  return agent.post('/send').set('Content-Type', 'multipart/form-data; boundary=x').send(body);
}

it('has words of its own for each fault', () => {
  for (const language of LANGUAGES) {
    const t = translator(language);
    for (const part of ['title', 'expected', 'do']) expect(new Set(UPLOAD_FAULTS.map((fault) => t(`officer:upload.${fault}.${part}`))).size).toBe(UPLOAD_FAULTS.length);
  }
});

it('says of what came before that it needs no more, with the first receipt', async () => {
  const paper = await aPaper('Dos veces');
  const first = (await send(paper, 'a.pdf')).headers['location'] ?? '';
  const text = await seen(paper, 'b.pdf');
  expect([text.includes('the first receipt is valid'), text.includes(/inc_\w+/.exec(first)?.[0] ?? 'none')]).toEqual([true, true]);
});

it('takes a message by the door of programs, with its signed receipt, and tells a number that was used', async () => {
  const message = aMessage();
  const sent = await send(message, 'consulta.json');
  expect(sent.headers['location']).toMatch(/^\/send\?done=message&receipt=rct_/);
  const agent = await site.signedIn('officer_la');
  const receipt = /rct_\w+/.exec(sent.headers['location'] ?? '')?.[0] ?? '';
  expect((await agent.get(sent.headers['location'] ?? '')).text).toContain(`href="/receipts/${receipt}"`);
  expect((await agent.get(`/receipts/${receipt}`)).status).toBe(200);
  expect((await send(message, 'consulta.json')).headers['location']).toBe(`/send?done=same&receipt=${receipt}`);
  const reused = await send(aMessage({ messageId: `CLA-up-${serial}` }), 'otra.json');
  expect([reused.status, reused.text.includes('This number was already used for something else'), /Receipt: rct_/.test(reused.text)]).toEqual([422, true, true]);
  // A receipt that is nobody's, or another partner's, is not vouched for.
  for (const who of ['officer_la', 'officer_kr']) expect((await (await site.signedIn(who)).get(`/send?done=message&receipt=rct_${'0'.repeat(26)}`)).text).not.toContain('The message was received');
  expect((await (await site.signedIn('officer_kr')).get(`/send?done=message&receipt=${receipt}`)).text).not.toContain('The message was received');
});

it.each([['x.exe', () => Buffer.from('MZ\u0090\u0000', 'latin1')], ['fake.pdf', () => Buffer.from('no paper at all')], ['broken.zip', () => Buffer.from('PK\u0003\u0004broken', 'latin1')]])('says of %s at once, and on top, that it is refused', async (fileName, make) => {
  const sent = await send(make(), fileName, {}, 'officer_kr');
  const { text } = sent;
  const top = text.slice(0, text.indexOf('<h1'));
  expect([sent.status, top.includes('usa-alert--error'), top.includes(fileName)]).toEqual([422, true, true]);
  expect(top).not.toContain('usa-alert--success');
});

it('gives the certificate beside a packet only to whoever sees the packet', async () => {
  const [{ packet_id: packetId } = { packet_id: '' }] = await behindTheWall<{ packet_id: string }>(site.db, 'select packet_id from packets');
  const status = async (who: string, id: string) => (await (await site.signedIn(who)).get(`/packets/${id}/certificate`)).status;
  writeFileSync(join(site.ctx.config.dataDir, 'keys.json'), JSON.stringify(await newKeyFile()));
  expect(await status('attorney', packetId)).toBe(200);
  expect(await status('officer_kr', packetId)).toBe(404);
  expect(await status('officer_la', 'pkt_none')).toBe(404);
});
