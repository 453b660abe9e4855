import { inspectFile } from '../../../src/modules/referrals/attachments/inspect-file.ts';
import { inflatedBytes, readPdf } from '../../support/referrals/pdf-text.ts';
import { aLockedPaper, aPackedBomb, aPaper, aPaperWith, aPhotograph, aPng, CANARY, pngChunk } from '../../support/referrals/paper-files.ts';

const codes = async (bytes: Buffer, fileName = 'paper') => {
  const inspected = await inspectFile(bytes, fileName);
  return { isTaken: inspected.isTaken, codes: inspected.findings.map(({ code }) => code) };
};
const copyOf = async (bytes: Buffer): Promise<Buffer> => {
  const inspected = await inspectFile(bytes, 'paper');
  if (!inspected.isTaken) throw new Error(JSON.stringify(inspected.findings));
  return inspected.copy;
};

describe('a photograph', () => {
  it('leaves without place, camera, comment and what stood behind it, and still lies the right way', async () => {
    const original = aPhotograph();
    expect(original.toString('latin1').split(CANARY)).toHaveLength(5);
    const inspected = await inspectFile(original, 'IMG_0001.JPG');
    expect(inspected).toMatchObject({ isTaken: true, mediaType: 'image/jpeg', pages: 1, findings: [{ code: 'attachment.trailing_dropped', severity: 'info' }] });
    const copy = await copyOf(original);
    expect(copy.toString('latin1')).not.toContain('CANARY');
    expect(copy.indexOf(Buffer.from('010112000300000001000600', 'hex').subarray(1))).toBeGreaterThan(0);
    expect(await copyOf(copy)).toEqual(copy);
  });

  it('that ends in the middle is broken', async () => {
    expect(await codes(aPhotograph().subarray(0, 400))).toEqual({ isTaken: false, codes: ['attachment.broken'] });
  });

  it('as PNG leaves without texts', async () => {
    const copy = await copyOf(aPng());
    expect(aPng().toString('latin1')).toContain(CANARY);
    expect(copy.toString('latin1')).not.toContain('CANARY');
    expect(await copyOf(copy)).toEqual(copy);
  });
});

describe('a PNG', () => {
  it.each([
    ['of too many points', aPng(60_000, 60_000, Buffer.alloc(10)), 'attachment.too_many_pixels'],
    ['that unpacks to more than its size', aPng(8, 8, Buffer.alloc(5_000_000)), 'attachment.bomb'],
    ['that unpacks to less', aPng(8, 8, Buffer.alloc(10)), 'attachment.broken'],
    ['with a wrong check sum', Buffer.from(aPng().map((byte, index, all) => (index === all.length - 20 ? byte ^ 1 : byte))), 'attachment.broken'],
    ['without an end', aPng().subarray(0, -12), 'attachment.broken'],
    ['of no size', aPng(0, 0), 'attachment.broken'],
    ['with a PDF in its head', Buffer.concat([aPng().subarray(0, 33), pngChunk('zzzz', Buffer.from('%PDF-1.7')), aPng().subarray(33)]), 'attachment.two_types'],
  ])('%s is refused', async (_what, bytes, code) => {
    expect(await codes(bytes)).toEqual({ isTaken: false, codes: [code] });
  });
});

describe('a PDF', () => {
  it('leaves with its pages and nothing of its making', async () => {
    const original = await aPaper();
    expect(inflatedBytes(original).toString('latin1')).toContain(CANARY);
    const inspected = await inspectFile(original, 'order.pdf');
    expect(inspected).toMatchObject({ isTaken: true, mediaType: 'application/pdf', pages: 2, findings: [{ code: 'attachment.notes_dropped', severity: 'warn' }] });
    const copy = await copyOf(original);
    expect(inflatedBytes(copy).toString('latin1')).not.toMatch(/CANARY|pdf-lib/);
    const read = await readPdf(copy);
    expect(read.pages).toEqual(['Certified copy 1', 'Certified copy 2']);
    expect([read.info['Author'], read.info['Title'], read.info['Producer'], read.metadata]).toEqual([undefined, undefined, undefined, '']);
  });

  it('gives the same copy every time', async () => {
    const original = await aPaper();
    expect(await copyOf(original)).toEqual(await copyOf(original));
  });

  it.each([
    ['a script at its opening', () => aPaperWith('OpenAction', { S: 'JavaScript', JS: 'app.alert(1)' }), 'attachment.pdf_script'],
    ['a program to start', () => aPaperWith('OpenAction', { S: 'Launch', F: 'cmd.exe' }), 'attachment.pdf_action'],
    ['files inside', () => aPaperWith('Names', { EmbeddedFiles: { Names: [] } }), 'attachment.pdf_files'],
    ['an XFA form', () => aPaperWith('AcroForm', { Fields: [], XFA: [] }), 'attachment.pdf_xfa'],
    ['a film', () => aPaperWith('Extra', { Subtype: 'RichMedia' }), 'attachment.pdf_media'],
    ['a password', aLockedPaper, 'attachment.encrypted'],
  ])('with %s is refused', async (_what, make, code) => {
    expect(await codes(await make())).toEqual({ isTaken: false, codes: [code] });
  });

  it('cut in the middle, or all but its head, is broken', async () => {
    const original = await aPaper();
    expect((await codes(original.subarray(0, 700))).codes).toEqual(['attachment.broken']);
    expect((await codes(Buffer.from('%PDF-1.7\n'))).codes).toEqual(['attachment.broken']);
    expect((await codes(Buffer.from(`%PDF-1.7\n1 0 obj\n${'['.repeat(200_000)}`))).codes).toEqual(['attachment.broken']);
  });

  it('that unpacks without end is refused before anything unpacks it, also under a written-out name', async () => {
    expect((await codes(aPackedBomb(140_000_000))).codes).toEqual(['attachment.bomb']);
    expect((await codes(aPackedBomb(140_000_000, '/Subtype /Image'))).codes).toEqual(['attachment.bomb']);
    expect((await codes(aPackedBomb(140_000_000, '/Subtype /Image /Note (1 0 obj /Subtype /Image)'))).codes).toEqual(['attachment.bomb']);
    expect((await codes(aPackedBomb(140_000_000, `/Subtype /Image /Note (${' '.repeat(100_000)}/Subtype /Image)`))).codes).toEqual(['attachment.bomb']);
    expect((await codes(Buffer.from(aPackedBomb(1000).toString('latin1').replace('/FlateDecode', '/LZWDecode'), 'latin1'))).codes).toEqual(['attachment.bomb']);
  });

  it('with an archive at its end is two files in one', async () => {
    const end = Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);
    expect((await codes(Buffer.concat([await aPaper(), end]))).codes).toEqual(['attachment.two_types']);
  });
});

it.each([
  ['GIF89a…', 'attachment.type_gif'], ['II*\0', 'attachment.type_tiff'], ['MZ\x90', 'attachment.type_program'], ['PK\x03\x04word/document', 'attachment.type_office'],
  ['PK\x03\x04notes', 'attachment.type_zip'], ['<!DOCTYPE html><p>', 'attachment.type_html'], ['\0\0\0\x18ftypheic', 'attachment.type_heic'], ['hello', 'attachment.type_unknown'],
])('%j is not a paper', async (head, code) => {
  expect(await codes(Buffer.from(head, 'latin1'))).toEqual({ isTaken: false, codes: [code] });
});

it.each([
  ['a PDF of nothing but streams', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from('stream '.repeat(3_000_000))]), 'attachment.bomb'],
  ['a PDF of nothing but objects', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from('1 0 obj\nnull\nendobj\n'.repeat(1_000_000))]), 'attachment.bomb'],
  ['a JPEG of nothing but segments', Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.alloc(20_000_000, Buffer.from('ffdb0002', 'hex'))]), 'attachment.broken'],
])('%s is refused before it takes long', async (_what, bytes, code) => {
  const from = performance.now();
  expect((await codes(bytes)).codes).toEqual([code]);
  expect(performance.now() - from).toBeLessThan(15_000);
});

it('a file that is called what it is not is refused', async () => {
  expect((await codes(aPng(), 'order.pdf')).codes).toEqual(['attachment.type_lies']);
  expect((await codes(await aPaper(), 'photo.jpeg')).codes).toEqual(['attachment.type_lies']);
});
