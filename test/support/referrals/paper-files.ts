import { crc32, deflateSync } from 'node:zlib';
import { PDFDocument, PDFName, PDFString } from 'pdf-lib';

/** What must not leave: it is planted where programs write of themselves and of people. */
export const CANARY = 'CANARY-7842-MAIN-ST-HOLTVILLE';

// A grey square of 16 by 16 points, as a plain baseline JPEG.
const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAAQABABAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APn+v//Z',
  'base64',
);

/** A photograph with a place, a camera's owner and a comment in it, lying on its side, with more behind its end. */
export function aPhotograph(): Buffer {
  const exif = Buffer.concat([
    Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\x02', 'latin1'),
    Buffer.from('011200030000000100060000', 'hex'), Buffer.from('0131000200000020000000aa', 'hex'), Buffer.from(`\0\0\0\0GPS ${CANARY}`, 'latin1'),
  ]);
  const segment = (marker: number, data: Buffer): Buffer => Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 0xff]), data]);
  const xmp = Buffer.from(`http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${CANARY}</x:xmpmeta>`, 'latin1');
  return Buffer.concat([JPEG.subarray(0, 2), segment(0xe1, exif), segment(0xe1, xmp), segment(0xfe, Buffer.from(CANARY)), JPEG.subarray(2), Buffer.from(`behind: ${CANARY}`)]);
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A grey PNG; `unpacked` is what its data unpack to, where that is not what the size asks for. */
export function aPng(width = 8, height = 8, unpacked = Buffer.alloc(height * (width + 1))): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), pngChunk('IHDR', header), pngChunk('tEXt', Buffer.from(`Author\0${CANARY}`)), pngChunk('eXIf', Buffer.from(CANARY)),
    pngChunk('IDAT', deflateSync(unpacked)), pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A PDF as an office's program makes it: with an author, traces of editing, a note, an outline and a page that was taken out. */
export async function aPaper(text = 'Certified copy', pages = 2): Promise<Buffer> {
  const document = await PDFDocument.create();
  document.setAuthor(CANARY);
  document.setTitle(`C:\\Users\\${CANARY}\\order.docx`);
  document.setProducer(CANARY);
  document.setCreationDate(new Date(0));
  document.setModificationDate(new Date(0));
  const { context, catalog } = document;
  for (let number = 1; number <= pages; number += 1) {
    const page = document.addPage([300, 200]);
    page.drawText(`${text} ${number}`, { x: 20, y: 100, size: 12 });
    page.node.set(PDFName.of('PieceInfo'), context.obj({ Editor: { Private: PDFString.of(CANARY) } }));
    page.node.set(PDFName.of('Annots'), context.obj([context.register(context.obj({ Type: 'Annot', Subtype: 'Text', Rect: [0, 0, 9, 9], Contents: PDFString.of(CANARY), T: PDFString.of(CANARY) }))]));
  }
  const photograph = await document.embedJpg(Uint8Array.from(aPhotograph()));
  document.getPage(0).drawImage(photograph, { x: 200, y: 20, width: 50, height: 50 });
  catalog.set(PDFName.of('Outlines'), context.register(context.obj({ Title: PDFString.of(CANARY) })));
  catalog.set(PDFName.of('Metadata'), context.register(context.stream(`<x:xmpmeta>${CANARY}</x:xmpmeta>`)));
  context.register(context.obj({ Type: 'Page', Leftover: PDFString.of(CANARY) }));
  return Buffer.from(await document.save({ useObjectStreams: false }));
}

/** The same with something at its root that a paper has no use for. */
export async function aPaperWith(key: string, value: Record<string, unknown>): Promise<Buffer> {
  const document = await PDFDocument.create();
  document.addPage([100, 100]);
  document.catalog.set(PDFName.of(key), document.context.obj(value as never));
  return Buffer.from(await document.save({ useObjectStreams: false }));
}

/** A PDF of whose dictionary of encryption nothing else is right: enough for every reader to ask for a password. */
export async function aLockedPaper(): Promise<Buffer> {
  const document = await PDFDocument.create();
  document.addPage([100, 100]);
  document.context.trailerInfo.Encrypt = document.context.register(document.context.obj({ Filter: 'Standard', V: 2, R: 3, Length: 128, P: -44 }));
  return Buffer.from(await document.save({ useObjectStreams: false }));
}

/** A PDF whose objects unpack to `bytes` blanks; `more` stands in the dictionary of the part that holds them. */
export function aPackedBomb(bytes: number, more = ''): Buffer {
  const packed = deflateSync(Buffer.alloc(bytes, 0x20));
  return Buffer.concat([
    Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Type /Obj#53tm /N 1 /First 5 /Filter /FlateDecode /Length ${packed.length} ${more} >>\nstream\n`, 'latin1'), packed,
    Buffer.from('\nendstream\nendobj\ntrailer\n<< /Root 2 0 R >>\n%%EOF\n', 'latin1'),
  ]);
}
