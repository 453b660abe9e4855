import { createHash } from 'node:crypto';
import { verifyPacket } from '../../../src/modules/referrals/index.ts';
import { PDF_ENTRY, XML_ENTRY, composePacket, packetJob, sealPacket } from '../../../src/modules/referrals/packets/compose-packet.ts';
import { textsOf } from '../../../src/modules/referrals/documents/document.rules.ts';
import { readZip } from '../../../src/platform/asic/zip.ts';
import { xsdFindings } from '../../../src/platform/xml/xsd.ts';
import { aChild, anOrder } from '../../support/cases/builders.ts';
import { aFullModel, someAttachments } from '../../support/referrals/full-packet.ts';
import { PACKET_ID, SEALED_AT, aKoreanCase, aMexicanCase, aSigner, composed, packetOf } from '../../support/referrals/packets.ts';
import { readPdf } from '../../support/referrals/pdf-text.ts';

const squeezed = (text: string): string => text.normalize('NFC').replace(/[\s\u200b]+/gu, '');

/** Whole on a page, or begun at the end of one and ended on the next. */
function appears(line: string, pages: readonly string[]): boolean {
  return pages.some((page) => page.includes(line)) || pages.some((page, index) => {
    let at = 0;
    while (page.includes(line.slice(0, at + 1))) at += 1;
    for (; at > 0; at -= 1) if ((pages[index + 1] ?? '').includes(line.slice(at))) return true;
    return false;
  });
}

const SEAL = { packetId: PACKET_ID, datedOn: '2026-11-20' };

it.each([['MX', 'enforce'], ['MX', 'establish_order'], ['KR', 'register_enforce'], ['KR', 'modify']] as const)('prints every word of every document for %s, %s, in English and in the partner’s language', async (country, service) => {
  const model = aFullModel(country, [service, 'collect_forward', 'locate', 'status', 'payment_location', 'serve_documents']);
  const { packet, findings } = composePacket(model, SEAL);
  expect(findings).toEqual([]);
  const pages = (await readPdf(packet?.pdf ?? Buffer.alloc(0))).pages.map(squeezed);
  const { documents } = packetJob(model, SEAL);
  const expected = documents.flatMap((document) => textsOf(document.blocks));
  expect(documents.length).toBeGreaterThan(10);
  expect(expected.length).toBeGreaterThan(1_000);
  expect(expected.filter((line) => !appears(squeezed(line), pages))).toEqual([]);
});

it('is a tagged PDF/A-3a with its languages, and the message inside', async () => {
  const { pdf, xml, pages } = packetOf(aMexicanCase());
  const read = await readPdf(pdf);
  expect(read.isTagged).toBe(true);
  expect(read.info.Language ?? '').toBe('en-US');
  expect(read.metadata).toMatch(/<pdfaid:part>3</);
  expect(read.metadata).toMatch(/<pdfaid:conformance>A</);
  expect(read.attachments.get(XML_ENTRY)?.equals(xml)).toBe(true);
  expect(read.pages).toHaveLength(pages);
});

it('bears the file numbers of both sides on every page, in both languages; a number longer than any is left out whole', async () => {
  const model = aFullModel('MX', ['enforce']);
  const bears = async (fileNumber: string | null, wanted: string): Promise<boolean> => {
    const { pages } = await readPdf(composePacket({ ...model, partner: { ...model.partner, fileNumber } }, SEAL).packet?.pdf ?? Buffer.alloc(0));
    return pages.length > 1 && pages.every((page) => squeezed(page).includes(squeezed(wanted)));
  };
  const ours = `Our number · Nuestro número ${model.supportCase.caseId}`;
  expect([await bears('CLX/2026/0007', ours), await bears('CLX/2026/0007', 'Your number · Su número CLX/2026/0007')]).toEqual([true, true]);
  expect(await bears(null, ours)).toBe(true);
  expect([await bears('X'.repeat(40), ours), await bears('X'.repeat(40), `Your number · Su número ${'X'.repeat(30)}`)]).toEqual([true, false]);
});

it('writes a message that fits the published schema', () => {
  for (const xml of [packetOf(aMexicanCase()).xml, packetOf(aKoreanCase(), 'kr-kcsa').xml]) expect(xsdFindings(xml, 'puente-message.v1')).toEqual([]);
  expect(xsdFindings(Buffer.from('<message xmlns="urn:puente:message:v1"/>'), 'puente-message.v1').map((finding) => finding.code)).toEqual(['xml.schema']);
  expect(xsdFindings(Buffer.from('<!DOCTYPE message [<!ENTITY a "b">]><message>&a;</message>'), 'puente-message.v1').map((finding) => finding.code)).toEqual(['xml.doctype']);
  expect(xsdFindings(Buffer.from('<message'), 'puente-message.v1').map((finding) => finding.code)).toEqual(['xml.not_well_formed']);
});

it('refuses a message in any encoding but UTF-8, so that no document type hides in one', () => {
  const text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE message [<!ENTITY a "b">]><message>&a;</message>';
  const little = Buffer.from(`\ufeff${text}`, 'utf16le');
  const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><message>\u00f1</message>', 'latin1');
  const declared = ['UTF-16', 'UTF-7', 'ISO-8859-1', 'IBM037'].map((name) => Buffer.from(`<?xml version='1.0' encoding = '${name}'?><message/>`));
  const wrong = [little, Buffer.from(little).swap16(), Buffer.from(text, 'utf16le'), latin, Buffer.from([0x3c, 0x6d, 0xff, 0x2f, 0x3e]), ...declared];
  expect(wrong.map((xml) => xsdFindings(xml, 'puente-message.v1').map((finding) => finding.code))).toEqual(wrong.map(() => ['xml.encoding']));
  const sound = packetOf(aMexicanCase()).xml;
  expect(xsdFindings(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), sound]), 'puente-message.v1')).toEqual([]);
});

it('numbers persons, orders and obligations itself, and lets no number of the county’s system out', async () => {
  const base = aMexicanCase();
  const ids = new Map(base.participants.map((one, index) => [one.participantId, `LA-PERSON-${index}`]));
  const renamed = base.participants.map((one) => ({ ...one, participantId: ids.get(one.participantId) ?? '' }));
  const order = anOrder();
  const supportCase = { ...base, participants: renamed, orders: [{ ...order, orderId: 'BD-SECRET-COURT', obligations: order.obligations.map((one) => ({ ...one, obligationId: 'OBL-SECRET', dependents: [ids.get('P3') ?? 'LA-PERSON-2', 'LA-PERSON-9'] })) }] };
  const { pdf, xml } = packetOf(supportCase);
  const text = `${(await readPdf(pdf)).pages.join(' ')} ${xml.toString('utf8')}`;
  expect(text).not.toMatch(/LA-PERSON|SECRET/);
  expect(xml.toString('utf8')).toMatch(/orderId="O1"[^]*obligationId="O1\.1"[^]*<for>P3<\/for>\s*<\/obligation>/);
});

it('gives the same bytes for the same content', () => {
  const [first, again] = [packetOf(aKoreanCase(), 'kr-kcsa'), packetOf(aKoreanCase(), 'kr-kcsa')];
  expect(first.pdf.equals(again.pdf)).toBe(true);
  expect(first.xml.equals(again.xml)).toBe(true);
});

it('uses Letter for Mexico and A4 for Korea', () => {
  expect(packetOf(aMexicanCase()).pdf.toString('latin1')).toContain('/MediaBox [0 0 612 792]');
  expect(packetOf(aKoreanCase(), 'kr-kcsa').pdf.toString('latin1')).toMatch(/\/MediaBox \[0 0 595\.27\d* 841\.88\d*\]/);
});

it('says plainly that it is no federal form, in both languages', async () => {
  const { pages } = await readPdf(packetOf(aMexicanCase()).pdf);
  for (const page of pages) {
    expect(page).toContain('This is not a federal form.');
    expect(page).toContain('no es un formulario federal');
  }
});

it('prints the federal and the Mexican term where they differ', async () => {
  const text = (await readPdf(packetOf(aMexicanCase({ balances: [{ bucket: 'arrears_unassigned', amount: '1.00', currency: 'USD', asOf: '2026-10-31' }] })).pdf)).pages.join(' ');
  for (const term of ['Persona obligada al pago', 'Deudor alimentario', 'Atrasos no asignados', 'Sustento de menores', 'Pensión alimenticia']) {
    expect(squeezed(text)).toContain(squeezed(term));
  }
});

it('takes what a person typed as text and never as markup', async () => {
  const tricks = '#eval("1+1") *b* _i_ $x$ @r <l> `c` \\u{41} {{county}} $t(packet:title)';
  const supportCase = aMexicanCase({ orders: [anOrder({ tribunal: tricks })] });
  const { pdf, xml } = packetOf(supportCase);
  const { pages } = await readPdf(pdf);
  expect(squeezed(pages.join(''))).toContain(squeezed(tricks));
  expect(xml.toString('utf8')).toContain('&lt;l&gt;');
});

it('holds its layout for the longest names, fourteen children and no order at all', () => {
  const children = Array.from({ length: 14 }, (_, index) => aChild({ participantId: `C${index}`, name: { given: 'Maximiliano'.repeat(11), family: 'Wolfeschlegelsteinhausenbergerdorff'.repeat(3) } }));
  const base = aMexicanCase();
  const lines = Array.from({ length: 8 }, (_, index) => `Calle ${index} ${'larga '.repeat(20)}`);
  const long = packetOf({ ...base, participants: base.participants.map((one) => ({ ...one, residence: { country: 'MX', lines, locality: 'Mexicali', region: 'BC', source: 'party' as const } })) });
  expect(long.pages).toBeGreaterThan(4);
  const crowded = packetOf({ ...base, participants: [...base.participants, ...children], orders: [anOrder({ obligations: [] })] });
  expect(crowded.pages).toBeGreaterThan(6);
  expect(packetOf({ ...base, orders: [], balances: [] }).pages).toBeGreaterThan(2);
});

it.each([['an emoji', 'Rosa 😀', 'U+1F600'], ['a control character', 'Rosa\u0007', 'U+0007'], ['a mark that turns text around', 'Rosa\u202eocna', 'U+202E']])('blocks %s in a name with its code point, and does not crash', (_, given, codePoint) => {
  const base = aMexicanCase();
  const [obligor, ...others] = base.participants;
  if (!obligor) throw new Error('no obligor');
  const { packet, findings } = composed({ ...base, participants: [{ ...obligor, name: { given, family: 'León' } }, ...others] });
  expect(packet).toBeNull();
  expect(findings).toEqual(expect.arrayContaining([expect.objectContaining({ severity: 'block', params: expect.objectContaining({ codePoint }) })]));
});

it('prints Hanja, accents, ñ and Hangul that names have', async () => {
  const base = aKoreanCase();
  const [obligor, ...others] = base.participants;
  if (!obligor) throw new Error('no obligor');
  const { pdf } = packetOf({ ...base, participants: [{ ...obligor, name: { given: 'Ñandú', family: 'Güereña', native: '金宣英 뷁' } }, ...others] }, 'kr-kcsa');
  expect(squeezed((await readPdf(pdf)).pages.join(''))).toContain(squeezed('金宣英 뷁'));
});

it('verifies offline what it sealed, and refuses a sound container that holds something else', async () => {
  const { signer, identity } = await aSigner();
  const bytes = sealPacket(packetOf(aMexicanCase()), signer, SEALED_AT);
  expect(readZip(bytes).map((entry) => entry.name)).toContain(PDF_ENTRY);
  const now = SEALED_AT;
  expect(verifyPacket(bytes, undefined, { now }).isIntact).toBe(true);
  expect(verifyPacket(bytes, identity.certificatePem, { now }).signer?.trust).toBe('trusted');
  const other = sealPacket({ pdf: Buffer.from('no paper'), xml: Buffer.from('<message/>') }, signer, SEALED_AT);
  expect(verifyPacket(other, undefined, { now }).findings.map((finding) => finding.code)).toEqual(expect.arrayContaining(['packet.entry_type', 'xml.schema']));
  expect(() => verifyPacket(bytes, 'no certificate')).toThrow('packet.trust_unreadable');
});

it('accepts the papers that the message names, and no other', async () => {
  const { signer } = await aSigner();
  const paper = Buffer.from('%PDF-1.7 a paper');
  const sha256 = createHash('sha256').update(paper).digest('hex');
  const model = { ...aFullModel('MX'), attachments: someAttachments('P3').slice(0, 1).map((one) => ({ ...one, fileName: 'attachments/01-certified-order.pdf', sha256, byteCount: paper.length, translation: { notNeeded: 'already_bilingual' } })) };
  const { packet } = composePacket(model, SEAL);
  if (!packet) throw new Error('not composed');
  const codesOf = (...files: { name: string; bytes: Buffer }[]): string[] => verifyPacket(sealPacket(packet, signer, SEALED_AT, files), undefined, { now: SEALED_AT }).findings
    .filter((finding) => finding.severity === 'block').map((finding) => `${finding.code} ${finding.path}`);
  const named = 'attachments/01-certified-order.pdf';
  expect(codesOf({ name: named, bytes: paper })).toEqual([]);
  expect(codesOf({ name: named, bytes: paper }, { name: 'sealed/part-1.pdf.p7m', bytes: Buffer.from('x') })).toEqual([]);
  expect(codesOf()).toEqual([`packet.paper_missing ${named}`]);
  expect(codesOf({ name: named, bytes: Buffer.from('%PDF-1.7 another') })).toEqual([`packet.paper_other ${named}`]);
  expect(codesOf({ name: named, bytes: paper }, { name: 'attachments/02-more.pdf', bytes: paper })).toEqual(['packet.paper_unnamed attachments/02-more.pdf']);
});
