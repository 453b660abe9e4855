import { createHash } from 'node:crypto';
import { PDFDocument, PDFName, degrees } from 'pdf-lib';
import { SETS_MAX, typedReference } from '../../../src/modules/referrals/printing/reference.rules.ts';
import { packetToPrint } from '../../../src/modules/referrals/printing/packet-to-print.ts';
import { pagesOfSet, setPages } from '../../../src/modules/referrals/printing/reference-sheet.ts';
import { composePacket, packetWords, sealPacket } from '../../../src/modules/referrals/packets/compose-packet.ts';
import type { AppError } from '../../../src/platform/errors.ts';
import { PAPERS, placedOn } from '../../../src/platform/pdf/paper.ts';
import type { Paper } from '../../../src/platform/pdf/paper.ts';
import { layOutSets, openPapers } from '../../../src/platform/pdf/printed-sets.ts';
import { PACKET_ID, SEALED_AT, aKoreanCase, aMexicanCase, aSigner, modelOf } from '../../support/referrals/packets.ts';
import { readPdf } from '../../support/referrals/pdf-text.ts';

// One white pixel.
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==', 'base64');

async function anAttachment(): Promise<Buffer> {
  const document = await PDFDocument.create();
  document.addPage([612, 792]).drawText('Upright paper', { x: 50, y: 700 });
  const turned = document.addPage([612, 792]);
  turned.drawText('Lying paper', { x: 50, y: 700 });
  turned.setRotation(degrees(90));
  const filled = document.addPage([612, 792]);
  const field = document.getForm().createTextField('docket');
  field.setText('Filled 123');
  field.addToPage(filled, { x: 50, y: 600 });
  document.addPage([612, 792]);
  return Buffer.from(await document.save());
}

async function containerOf(files: readonly { name: string; bytes: Uint8Array }[], isKorean = false): Promise<Buffer> {
  const { signer } = await aSigner();
  const model = isKorean ? modelOf(aKoreanCase(), 'kr-kcsa') : modelOf(aMexicanCase());
  const attachments = files.filter(({ name }) => !name.startsWith('sealed/')).map(({ name, bytes }, index) => ({
    attachmentId: `att_${index}`, kind: 'certified_order', participantId: null, title: null, fileName: name, mediaType: name.endsWith('.png') ? 'image/png' : 'application/pdf', pages: 1,
    byteCount: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), language: 'en', translation: { notNeeded: 'already_bilingual' }, officialForm: null,
  }));
  const { packet, findings } = composePacket({ ...model, attachments }, { packetId: PACKET_ID, datedOn: '2026-11-20' });
  if (!packet) throw new Error(JSON.stringify(findings));
  return sealPacket(packet, signer, SEALED_AT, files);
}

async function printed(container: Buffer, sets: number, paper: Paper) {
  const packet = packetToPrint(container, SEALED_AT);
  const papers = await openPapers(packet.papers, paper);
  const [packetPages = 0, ...others] = papers.pagesBySource;
  const plan = { ...packet, sets, packetPages, paper, attachments: others.length, attachmentPages: others.reduce((sum, one) => sum + one, 0) };
  const bytes = await layOutSets(papers, { paper, sets, added: setPages(plan, packetWords(packet.language)).bytes, title: packet.packetId, madeAt: SEALED_AT });
  return { packet, bytes, perSet: pagesOfSet(plan), packetPages };
}

it.each([['letter', false, 'Juego'], ['a4', true, '총 2부']] as const)('prints complete sets on %s: sheet, documents and attachments, each page with its mark', async (paper, isKorean, word) => {
  const attachment = await anAttachment();
  const { bytes, perSet, packet, packetPages } = await printed(await containerOf([{ name: 'attachments/01.pdf', bytes: attachment }, { name: 'attachments/02.png', bytes: PNG }], isKorean), 2, paper);
  const { pages } = await readPdf(bytes);
  expect(perSet).toBe(1 + packetPages + 4 + 1);
  expect(pages).toHaveLength(2 * perSet);
  pages.forEach((page, index) => {
    expect(page.replace(/\s+/gu, ' ')).toContain(`Set ${Math.floor(index / perSet) + 1} of 2 · page ${index % perSet + 1} of ${perSet}`);
    expect(page).toContain(PACKET_ID);
    expect(page).toContain(word);
  });
  expect(pages[perSet]).toContain(typedReference({ packetId: PACKET_ID, set: 2, digestPrefix: packet.sha256.slice(0, 8) }));
  for (const text of ['Upright paper', 'Lying paper', 'Filled 123']) expect(pages.filter((page) => page.includes(text))).toHaveLength(2);
  const reread = await PDFDocument.load(bytes);
  expect(new Set(reread.getPages().map((page) => `${Math.round(page.getWidth())}x${Math.round(page.getHeight())}`))).toEqual(new Set([paper === 'a4' ? '595x842' : '612x792']));
});

it('gives the same bytes for the same packet, and more sets cost little', async () => {
  const container = await containerOf([{ name: 'attachments/01.pdf', bytes: await anAttachment() }]);
  const [first, again] = [await printed(container, 1, 'letter'), await printed(container, 1, 'letter')];
  expect(first.bytes.equals(again.bytes)).toBe(true);
  expect((await printed(container, 10, 'letter')).bytes.length).toBeLessThan(4 * first.bytes.length);
});

it('says nothing about any person on the sheet or in what describes the file', async () => {
  const { bytes } = await printed(await containerOf([]), 1, 'letter');
  const { pages, info } = await readPdf(bytes);
  expect(`${pages[0]} ${JSON.stringify(info)}`).not.toMatch(/Mondragón|León|Ana Laura/u);
  expect(pages[0]).toContain('IM-0040123');
  expect(JSON.stringify(info)).not.toContain('IM-0040123');
});

it('leaves out what is not for paper, and says so', async () => {
  const { findings, papers } = packetToPrint(await containerOf([{ name: 'sealed/part-1.pdf.p7m', bytes: Buffer.from('sealed') }]), SEALED_AT);
  expect(papers).toHaveLength(1);
  expect(findings).toEqual([{ code: 'printing.entry_not_printed', severity: 'info', path: 'sealed/part-1.pdf.p7m' }]);
});

it('refuses a container with one byte changed', async () => {
  const container = await containerOf([]);
  container[5_000] = (container[5_000] ?? 0) ^ 1;
  expect(() => packetToPrint(container, SEALED_AT)).toThrow('packet.altered');
});

it.each([
  ['a broken PDF', Buffer.from('%PDF-1.7\nnothing'), 'printing.entry_broken'],
  ['a broken picture', Buffer.from('\xff\xd8\xff\xe0 no picture', 'latin1'), 'printing.entry_broken'],
  ['a picture as large as a field', Buffer.concat([PNG.subarray(0, 16), Buffer.from('0000ffff0000ffff', 'hex'), PNG.subarray(24)]), 'printing.entry_too_large'],
  ['something else', Buffer.from('GIF89a'), 'printing.entry_type'],
])('tells which paper cannot be printed: %s', async (_, bytes, code) => {
  const refusal = await openPapers([{ path: 'attachments/01', bytes }], 'letter').then(() => null, (error: AppError) => error);
  expect(refusal).toMatchObject({ code: 'printing.unreadable', findings: [{ code, severity: 'block', path: 'attachments/01' }] });
});

it('tells a PDF that is encrypted', async () => {
  const document = await PDFDocument.create();
  document.addPage();
  document.context.trailerInfo.Encrypt = document.context.register(document.context.obj({ Filter: PDFName.of('Standard'), V: 2 }));
  const bytes = await document.save({ useObjectStreams: false });
  const refusal = await openPapers([{ path: 'attachments/01', bytes }], 'letter').then(() => null, (error: AppError) => error);
  expect(refusal?.findings.map((one) => one.code)).toEqual(['printing.entry_encrypted']);
});

it.each([[612, 792, 0], [792, 612, 0], [612, 792, 90], [1_191, 842, 180], [842, 1_191, 270], [100, 50, 0], [10_000, 20, 90]])('keeps a page of %d by %d, turned by %d, inside the frame', (width, height, turn) => {
  for (const paper of ['letter', 'a4'] as const) {
    const [a, b, c, d, e, f] = placedOn(paper, width, height, turn);
    const corners = [[0, 0], [width, 0], [0, height], [width, height]].map(([x = 0, y = 0]) => [a * x + c * y + e, b * x + d * y + f] as const);
    for (const [x, y] of corners) {
      expect(x).toBeGreaterThanOrEqual(16.9);
      expect(x).toBeLessThanOrEqual(PAPERS[paper].width - 16.9);
      expect(y).toBeGreaterThanOrEqual(39.9);
      expect(y).toBeLessThanOrEqual(PAPERS[paper].height - 16.9);
    }
  }
});

it('numbers sets with two digits', () => {
  expect(SETS_MAX).toBeLessThan(100);
});

it('stays one sheet a set, whatever offices call themselves', () => {
  const plan = { packetId: PACKET_ID, sha256: 'a'.repeat(64), sets: 2, packetPages: 3, attachmentPages: 2, attachments: 1, paper: 'a4', agency: 'County', datedOn: '2026-11-20' } as const;
  const hop = { office: '가'.repeat(400), fileNumber: '사'.repeat(60) };
  const numbers = { ours: '사'.repeat(60), theirs: '사'.repeat(60), hops: Array.from({ length: 50 }, () => hop) };
  expect(setPages({ ...plan, numbers }, packetWords('ko-KR')).pages).toBe(2 + 2 * pagesOfSet(plan));
});
