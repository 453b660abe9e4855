import { deflateSync } from 'node:zlib';
import { PDFDocument, PDFName, PDFRawStream, PDFString } from 'pdf-lib';
import type { PDFContext, PDFObject, PDFPage } from 'pdf-lib';
import { inspectFile } from '../../../src/modules/referrals/attachments/inspect-file.ts';
import { jpegCopy } from '../../../src/modules/referrals/attachments/jpeg-copy.ts';
import { inflatedBytes, readPdf } from '../../support/referrals/pdf-text.ts';
import { aPhotograph, CANARY } from '../../support/referrals/paper-files.ts';

const name = (text: string) => PDFName.of(text);
const scan = aPhotograph();
const hex = (bytes: Buffer): Buffer => Buffer.from(`${bytes.toString('hex')}>`, 'latin1');

/** A page of an office's scanner: one picture that fills it. */
async function aScan(filter: (context: PDFContext) => PDFObject, contents: Buffer, more: (document: PDFDocument, page: PDFPage) => void = () => undefined): Promise<Buffer> {
  const document = await PDFDocument.create();
  const page = document.addPage([160, 160]);
  const { context } = document;
  const picture = PDFRawStream.of(context.obj({ Type: 'XObject', Subtype: 'Image', Width: 16, Height: 16, ColorSpace: 'DeviceGray', BitsPerComponent: 8, Name: PDFString.of(CANARY) }), contents);
  picture.dict.set(name('Filter'), filter(context));
  page.node.setXObject(name('Im0'), context.register(picture));
  page.node.set(name('Contents'), context.register(context.stream('160 0 0 160 0 0 cm /Im0 Do')));
  more(document, page);
  return Buffer.from(await document.save({ useObjectStreams: false }));
}
const dct = () => name('DCTDecode');

async function outcome(bytes: Buffer): Promise<{ codes: string[]; leaks: boolean; copy: Buffer | null }> {
  const inspected = await inspectFile(bytes, 'scan.pdf');
  const copy = inspected.isTaken ? inspected.copy : null;
  return { codes: inspected.findings.map(({ code }) => code), leaks: copy !== null && inflatedBytes(copy).includes('CANARY'), copy };
}

describe('a photograph inside a PDF', () => {
  it.each<[string, (context: PDFContext) => PDFObject, Buffer]>([
    ['as it is', dct, scan],
    ['in a list of one', (context) => context.obj([dct()]), scan],
    ['under its short name', () => name('DCT'), scan],
    ['by reference', (context) => context.register(dct()), scan],
    ['in a list by reference', (context) => context.register(context.obj([context.register(dct())])), scan],
    ['packed once more', (context) => context.obj(['FlateDecode', 'DCTDecode'].map(name)), deflateSync(scan)],
    ['packed and written as text', (context) => context.obj(['ASCIIHexDecode', 'FlateDecode', 'DCTDecode'].map(name)), hex(deflateSync(scan))],
  ])('leaves clean, and is the same picture: %s', async (_what, filter, contents) => {
    const given = await aScan(filter, contents);
    const { codes, leaks, copy } = await outcome(given);
    expect([codes, leaks]).toEqual([[], false]);
    const picture = jpegCopy(scan);
    expect('bytes' in picture && copy?.includes(picture.bytes)).toBe(true);
    expect((await readPdf(copy as Buffer)).pages).toHaveLength(1);
  });

  it.each<[string, (context: PDFContext) => PDFObject, Buffer]>([
    ['ends in the middle', dct, scan.subarray(0, 500)],
    ['has a marker that no picture has', dct, Buffer.concat([scan.subarray(0, 2), Buffer.from('ff01', 'hex'), scan.subarray(2)])],
    ['is packed in a way that we do not undo', (context) => context.obj(['LZWDecode', 'DCTDecode'].map(name)), Buffer.concat([scan, Buffer.alloc(40_000)])],
    ['is packed behind the photograph', (context) => context.obj(['DCTDecode', 'FlateDecode'].map(name)), scan],
    ['is of an unknown kind', () => name('NewDecode'), scan],
    ['has no name of a kind', () => PDFString.of('DCTDecode'), scan],
    ['is no JPEG 2000', () => name('JPXDecode'), Buffer.from('\0\0\0\x0cjP  \r\n\x87\n....', 'latin1')],
  ])('is refused with what to do where it %s', async (_what, filter, contents) => {
    expect((await outcome(await aScan(filter, contents))).codes).toEqual(['attachment.picture_unclean']);
  });

  it('drawn in the midst of a page is refused, and words about it are not', async () => {
    const drawn = (head: string) => aScan(dct, scan, (document, page) => page.node.set(name('Contents'), document.context.register(document.context.flateStream(head))));
    expect((await outcome(await drawn('q BI /W 16 /H 16 /F /DCT ID \xff\xd8 EI Q'))).codes).toEqual(['attachment.picture_unclean']);
    expect((await outcome(await drawn('q BI /W 16/H 16/F[/A85/#44CT] ID abc EI Q'))).codes).toEqual(['attachment.picture_unclean']);
    expect((await outcome(await drawn('q BI /W 1 /H 1 /IM true ID \x80 EI Q (BI /DCT) pop'))).codes).toEqual([]);
  });

  it('that is kept in another file is refused', async () => {
    const elsewhere = await aScan(dct, scan, (document, page) => {
      const drawing = PDFRawStream.of(document.context.obj({ F: PDFString.of('https://example.org/x') }), Buffer.alloc(0));
      page.node.set(name('Contents'), document.context.register(drawing));
    });
    expect((await outcome(elsewhere)).codes).toEqual(['attachment.pdf_files']);
  });
});

describe('a JPEG 2000 picture inside a PDF', () => {
  const box = (type: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length + 8);
    return Buffer.concat([length, Buffer.from(type, 'latin1'), data]);
  };
  const segment = (marker: string, data: Buffer): Buffer => Buffer.concat([Buffer.from(marker, 'hex'), Buffer.from([data.length + 2 >> 8, data.length + 2 & 255]), data]);
  const comment = segment('ff64', Buffer.from(`\0\x01${CANARY}`, 'latin1'));
  const tile = (head: Buffer): Buffer => {
    const data = Buffer.concat([head, Buffer.from('ff93', 'hex'), Buffer.alloc(20, 7)]);
    const start = Buffer.from('ff90000a0000000000000001', 'hex');
    start.writeUInt32BE(start.length + data.length, 6);
    return Buffer.concat([start, data]);
  };
  const size = segment('ff51', Buffer.alloc(39));
  const stream = (head: Buffer = Buffer.alloc(0)): Buffer => Buffer.concat([Buffer.from('ff4f', 'hex'), size, comment, tile(head), Buffer.from('ffd9', 'hex'), Buffer.from(CANARY)]);
  const file = (head?: Buffer): Buffer => Buffer.concat([
    box('jP  ', Buffer.from('0d0a870a', 'hex')), box('ftyp', Buffer.from('jp2 \0\0\0\0jp2 ', 'latin1')), box('uuid', Buffer.from(`JpgTiffExif->JP2${CANARY}`)), box('xml ', Buffer.from(CANARY)),
    box('jp2h', Buffer.concat([box('ihdr', Buffer.alloc(14)), box('res ', Buffer.from(CANARY))])), box('jp2c', stream(head)), box('jp2i', Buffer.from(CANARY)),
  ]);
  const jpx = () => name('JPXDecode');

  it.each([['in its own file', file()], ['by itself', stream()]])('leaves without texts: %s', async (_what, bytes) => {
    const { codes, leaks, copy } = await outcome(await aScan(jpx, bytes));
    expect([codes, leaks]).toEqual([[], false]);
    expect(copy?.includes(Buffer.concat([size, tile(Buffer.alloc(0)), Buffer.from('ffd9', 'hex')]))).toBe(true);
  });

  it('with a text in the head of a tile, or cut off, is refused', async () => {
    for (const bytes of [file(comment), stream().subarray(0, 80)]) expect((await outcome(await aScan(jpx, bytes))).codes).toEqual(['attachment.picture_unclean']);
  });
});

it('keys of programs, viewports, names of layers and properties stay here, and layers stay as they are shown', async () => {
  const full = await aScan(dct, scan, (document, page) => {
    const { context, catalog } = document;
    const secret = PDFString.of(CANARY);
    const layer = context.register(context.obj({ Type: 'OCG', Name: secret, Usage: { CreatorInfo: { Creator: secret } } }));
    page.node.set(name('OfficeProgram'), secret);
    page.node.set(name('VP'), context.obj([{ Type: 'Viewport', BBox: [0, 0, 1, 1], Name: secret, PtData: { Names: [secret] } }]));
    page.node.Resources()?.set(name('Properties'), context.obj({ MC0: { Author: secret }, MC1: layer }));
    page.node.Resources()?.set(name('Extra'), secret);
    catalog.Pages().set(name('Author'), secret);
    catalog.set(name('OCProperties'), context.obj({ OCGs: [layer], D: { OFF: [layer], Order: [secret, layer], Name: secret, Creator: secret }, Extra: secret }));
  });
  expect(full.toString('latin1').split(CANARY).length).toBeGreaterThan(10);
  const { codes, leaks, copy } = await outcome(full);
  expect([codes, leaks]).toEqual([[], false]);
  const inside = await PDFDocument.load(copy as Buffer);
  expect(inside.catalog.lookup(name('OCProperties'))?.toString()).toMatch(/\/D <<\s*\/OFF \[ \d+ 0 R \]\s*>>/);
});

it('nothing stands behind what is packed', async () => {
  const behind = await aScan(dct, scan, (document, page) => {
    const drawing = Buffer.concat([deflateSync('q Q'), Buffer.from(CANARY)]);
    page.node.set(name('Contents'), document.context.register(PDFRawStream.of(document.context.obj({ Filter: 'FlateDecode' }), drawing)));
  });
  const { codes, leaks } = await outcome(behind);
  expect([codes, leaks]).toEqual([[], false]);
});

it('parts within parts are not read over and over', async () => {
  const inner = Buffer.from('stream\n\x78\x9c', 'latin1');
  const block = Buffer.concat([Buffer.from([0, inner.length, 0, 255 - inner.length, 255]), inner]);
  const filling = Buffer.alloc(8 * 1024 * 1024, Buffer.from('000000ffff', 'hex'));
  const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n1 0 obj<<>>'), inner, ...Array.from({ length: 299 }, () => block), filling, Buffer.from('\nendstream endobj')]);
  const from = performance.now();
  expect((await outcome(bytes)).codes).toEqual(['attachment.bomb']);
  expect(performance.now() - from).toBeLessThan(4_000);
});
