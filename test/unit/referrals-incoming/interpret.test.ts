import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadConfig } from '../../../src/platform/config.ts';
import { readXml } from '../../../src/platform/xml/read.ts';
import { isTooMuchToday, PARTNER_BYTES_A_DAY_MAX, PARTNER_FILES_A_DAY_MAX } from '../../../src/modules/referrals/incoming/incoming.rules.ts';
import { interpret, inTime } from '../../../src/modules/referrals/incoming/interpret.ts';
import type { Interpreted } from '../../../src/modules/referrals/incoming/interpret.ts';
import type { Signer } from '../../../src/platform/asic/cms.ts';
import { aPng } from '../../support/referrals/paper-files.ts';
import { aMexicanCase, aSigner } from '../../support/referrals/packets.ts';
import { CALEXICO, partnerMessage, sealed } from '../../support/referrals-incoming/messages.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'puente-interpret-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
const config = loadConfig({ NODE_ENV: 'test', PUENTE_DATA_DIR: dataDir });
const PACKET = 'pkt_01M00000000000000000000001';
const read = (bytes: Buffer, fileName = 'sent.bin'): Promise<Interpreted> => interpret(bytes, { partnerId: CALEXICO, fileName, config, now: new Date('2026-11-20T12:00:00Z') });
const codes = ({ findings }: Interpreted): string[] => findings.map(({ code }) => code);

let message: Buffer;
let container: Buffer;
let signer: Signer;
beforeAll(async () => {
  ({ signer } = await aSigner());
  message = partnerMessage(aMexicanCase(), { packetId: PACKET, theirNumber: 'A-1', ourNumber: 'IM-0040123' });
  container = sealed(message, signer);
});

it('reads the same from a message and from the container around it', async () => {
  const [bare, packed] = [await read(message), await read(container)];
  expect(packed.message).toEqual(bare.message);
  expect(packed.messageSha256).toBe(bare.messageSha256);
  expect([bare.kind, bare.outcome, packed.kind, packed.outcome]).toEqual(['message', 'read', 'container', 'read']);
  expect(bare.message).toMatchObject({
    packetId: PACKET, from: { county: null, partnerId: CALEXICO }, to: { county: '06025', partnerId: null },
    facts: { theirNumbers: ['A-1'], ourNumbers: ['IM-0040123'], services: ['enforce'], hasOrder: true, hasPayingAddress: true },
  });
  expect(bare.message?.facts.persons.map(({ group, name, birthDate }) => [group, name, birthDate])).toEqual([
    ['paying', 'Genaro Mondragón Juárez', '1978-12-27'], ['receiving', 'Rosa María León Romero', '1983-02-18'], ['child', 'Ana Laura Mondragón León', '2011-01-10'],
  ]);
});

it('takes no changed byte of a container for a packet', async () => {
  for (let at = 0; at < container.length; at += 97) {
    const changed = Buffer.from(container);
    changed.writeUInt8(changed.readUInt8(at) ^ 0x01, at);
    expect([at, (await read(changed)).outcome]).toEqual([at, 'refused']);
  }
});

it('answers whatever bytes with a finding, and never with a fault', async () => {
  const heads = ['', 'PK\x03\x04', '<?xml version="1.0"?>', '<message xmlns="urn:puente:message:v1"', '%PDF-1.7\n', '\x89PNG\r\n\x1a\n', '\xff\xd8\xff', '\xff\xfe', '\xef\xbb\xbf<'].map((head) => Buffer.from(head, 'latin1'));
  await fc.assert(fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 400 }), async (head, tail) => {
    const found = await read(Buffer.concat([head, tail]));
    expect([found.outcome, found.findings.some(({ severity }) => severity === 'block')]).toEqual(['refused', true]);
  }), { numRuns: 400 });
});

it('answers a message with any of its bytes changed, and reads what is left of it only where the schema holds', async () => {
  await fc.assert(fc.asyncProperty(fc.nat(message.length - 1), fc.nat(255), async (at, value) => {
    const changed = Buffer.from(message);
    changed.writeUInt8(value, at);
    const found = await read(changed);
    expect(found.outcome === 'read').toBe(!found.findings.some(({ severity }) => severity === 'block') && found.message !== null);
  }), { numRuns: 150 });
});

it('is not led elsewhere by what a message says of its schema, its types or its inclusions', async () => {
  const within = (attribute: string): Buffer => Buffer.from(message.toString('utf8').replace('<message ', `<message xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ${attribute} `), 'utf8');
  const led = await read(within('xsi:schemaLocation="urn:puente:message:v1 file:///etc/passwd urn:x http://127.0.0.1:1/x.xsd"'));
  expect(led.message?.packetId ?? codes(led)).toBeTruthy();
  const typed = Buffer.from(message.toString('utf8').replace('<identifier ', '<identifier xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="identifier" '), 'utf8');
  expect((await read(typed)).message?.facts.persons[0]?.identifiers[0]?.type).toBe('CURP');
  const included = Buffer.from(message.toString('utf8').replace('<referral ', '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/><referral '), 'utf8');
  expect(codes(await read(included))).toEqual(['incoming.not_signed', 'xml.schema']);
});

it('tells a name without the signs that turn its direction', async () => {
  const turned = Buffer.from(message.toString('utf8').replace('>Genaro<', '>Gen\u202earo\u200b<'), 'utf8');
  expect((await read(turned)).message?.facts.persons[0]?.name).toBe('Genaro Mondragón Juárez');
});

it('names a paper by what it is', async () => {
  expect(await read(aPng(), 'a.png')).toMatchObject({ kind: 'scan', outcome: 'read', mediaType: 'image/png', findings: [] });
  expect(codes(await read(Buffer.from('<html><script>x</script></html>'), 'a.pdf'))).toEqual(['attachment.type_html']);
});

describe('reading XML as plain data', () => {
  it('leaves out prefixes, comments and what other namespaces add', () => {
    expect(readXml(Buffer.from('<a:m xmlns:a="urn:a" xmlns:b="urn:b" k="1" b:k="2"><a:t>x<!-- y -->&amp;<![CDATA[<z>]]></a:t></a:m>'))).toEqual({
      name: 'm', namespace: 'urn:a', attributes: { k: '1' }, text: '', parts: [{ name: 't', namespace: 'urn:a', attributes: {}, text: 'x&<z>', parts: [] }],
    });
  });
  it('reads nothing that is no XML or is nested without end', () => {
    expect(readXml(Buffer.from('nothing'))).toBeNull();
    expect(readXml(Buffer.from(`${'<a>'.repeat(60)}${'</a>'.repeat(60)}`))).toBeNull();
  });
});

it.each([
  [{ files: PARTNER_FILES_A_DAY_MAX - 1, bytes: PARTNER_BYTES_A_DAY_MAX - 1 }, false], [{ files: PARTNER_FILES_A_DAY_MAX, bytes: 0 }, true], [{ files: 1, bytes: PARTNER_BYTES_A_DAY_MAX }, true],
])('a day holds so many files and so much: %j', (sent, isTooMuch) => {
  expect(isTooMuchToday(sent)).toBe(isTooMuch);
});

it('nobody waits for a file that takes longer than any paper does', async () => {
  const endless = new Promise<Interpreted>(() => undefined);
  expect(await inTime(endless, 5)).toMatchObject({ outcome: 'refused', kind: 'unknown', findings: [{ code: 'incoming.takes_too_long', severity: 'block' }] });
  expect((await inTime(read(message), 60_000)).outcome).toBe('read');
});

it('files a message that is no referral for the exchange, and refuses a referral without its packet', async () => {
  const text = message.toString('utf8');
  const other = Buffer.from(text.replace(/<referral[\s\S]*<\/referral>/, '<withdrawal reason="other"/>').replace('version="1.0"', 'version="1.1"'));
  expect(await read(other)).toMatchObject({ outcome: 'unread', findings: [{ code: 'incoming.not_signed' }, { code: 'incoming.other_kind', severity: 'warn' }] });
  expect(codes(await read(Buffer.from(text.replace(/ packetId="[^"]*"/, ''))))).toContain('incoming.packet_id_missing');
});
