import { deflateSync } from 'node:zlib';
import { attachmentFindings, mayBeWithoutWords } from '../../../src/modules/referrals/attachments/attachment.rules.ts';
import type { JudgedAttachment } from '../../../src/modules/referrals/attachments/attachment.rules.ts';
import { inspectFile } from '../../../src/modules/referrals/attachments/inspect-file.ts';
import { kindOf } from '../../../src/modules/referrals/attachments/kinds.ts';
import { aPhotograph, aPng, CANARY, pngChunk } from '../../support/referrals/paper-files.ts';

const secret = Buffer.from(CANARY);
const lines = Buffer.alloc(72, 3);
for (let line = 0; line < 8; line += 1) lines[line * 9] = 0;
const head = aPng().subarray(0, 33);
const end = pngChunk('IEND', Buffer.alloc(0));
const data = deflateSync(lines);

describe('a PNG leaves without', () => {
  it.each([
    ['what stands behind its packed data', [pngChunk('IDAT', Buffer.concat([data, secret])), end]],
    ['a second part of data behind the end of the first', [pngChunk('IDAT', data), pngChunk('IDAT', secret), end]],
    ['bits of colours that are no such', [pngChunk('sBIT', secret), pngChunk('IDAT', data), end]],
    ['another palette than its own', [pngChunk('PLTE', secret), pngChunk('IDAT', data), end]],
    ['a table of transparency that is none', [pngChunk('tRNS', secret), pngChunk('gAMA', secret), pngChunk('IDAT', data), end]],
    ['words in its end', [pngChunk('IDAT', data), pngChunk('IEND', secret)]],
  ])('%s', async (_what, chunks) => {
    const given = Buffer.concat([head, ...chunks]);
    const inspected = await inspectFile(given, 'a.png');
    if (!inspected.isTaken) throw new Error(JSON.stringify(inspected.findings));
    expect(inspected.copy).toEqual(Buffer.concat([head, pngChunk('IDAT', data), end]));
  });

  it('what it is drawn from', async () => {
    const given = Buffer.concat([head, pngChunk('sBIT', Buffer.from([8])), pngChunk('tRNS', Buffer.from([0, 3])), pngChunk('IDAT', data.subarray(0, 5)), pngChunk('IDAT', data.subarray(5)), end]);
    const inspected = await inspectFile(given, 'a.png');
    expect(inspected).toMatchObject({ isTaken: true, copy: Buffer.concat([head, pngChunk('sBIT', Buffer.from([8])), pngChunk('tRNS', Buffer.from([0, 3])), pngChunk('IDAT', data), end]) });
  });
});

it('an interlaced PNG has exactly as many lines as its seven passes', async () => {
  const header = Buffer.from(head.subarray(16, 29));
  header[12] = 1;
  const interlaced = (bytes: number) => Buffer.concat([head.subarray(0, 8), pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(Buffer.alloc(bytes))), end]);
  // 8 by 8 points: 1, 1, 1, 2, 2, 4 and 4 lines.
  const outcomes = await Promise.all([79, 80, 78].map(async (bytes) => (await inspectFile(interlaced(bytes), 'a.png')).findings.map(({ code }) => code)));
  expect(outcomes).toEqual([[], ['attachment.bomb'], ['attachment.broken']]);
});

describe('a JPEG', () => {
  const segment = (marker: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0xff, marker, (bytes.length + 2) >> 8, (bytes.length + 2) & 0xff]), bytes]);
  const withPart = (part: Buffer): Buffer => Buffer.concat([aPhotograph().subarray(0, 2), part, aPhotograph().subarray(2)]);

  it('leaves with how its colours are meant, and nothing else that a program says there', async () => {
    const inspected = await inspectFile(withPart(segment(0xee, Buffer.concat([Buffer.from('AdobeDADGPS\x01', 'latin1'), secret]))), 'a.jpg');
    if (!inspected.isTaken) throw new Error(JSON.stringify(inspected.findings));
    expect(inspected.copy.includes(Buffer.from('ffee000e41646f6265006400000000', 'hex'))).toBe(true);
    expect(inspected.copy.toString('latin1')).not.toMatch(/CANARY|DADGPS/);
  });

  it.each([
    ['an interval', segment(0xdd, Buffer.concat([Buffer.from([0, 0]), secret]))],
    ['a table of quanta', segment(0xdb, Buffer.concat([Buffer.alloc(65, 1), secret]))],
    ['a table of codes', segment(0xc4, Buffer.concat([Buffer.alloc(17), secret]))],
    ['a second frame', segment(0xc0, Buffer.from([8, 0, 8, 0, 8, 1, 1, 0x11, 0]))],
  ])('is broken with %s that is longer than it can be, or twice there', async (_what, part) => {
    expect(await inspectFile(withPart(part), 'a.jpg')).toMatchObject({ isTaken: false, findings: [{ code: 'attachment.broken' }] });
  });
});

describe('pages under the name of a photograph', () => {
  const attachment = (changes: Partial<JudgedAttachment>): JudgedAttachment => ({
    attachmentId: 'att_1', position: 1, kind: 'photograph_obligor', participantId: 'P1', title: null, officialForm: null, mediaType: 'image/jpeg', findings: [],
    translation: { notNeeded: 'picture_without_words' }, reviewedFor: null, ...changes,
  });
  const codes = (one: Partial<JudgedAttachment>) => attachmentFindings([attachment(one)], kindOf, new Set(['P2'])).map(({ code, severity }) => `${code}:${severity}`);

  it('stop the packet: they are looked at like any paper, and are not without words', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ mediaType: 'application/pdf' })).toEqual(['attachment.pdf_for_picture:block', 'attachment.not_without_words:block', 'attachment.review_missing:block']);
    expect(codes({ kind: 'certified_order', participantId: null })).toEqual(['attachment.not_without_words:block', 'attachment.review_missing:block']);
  });

  it('only pictures of a kind that is one may be without words', () => {
    const may = (kind: string, mediaType: string) => mayBeWithoutWords({ mediaType }, kindOf(kind));
    expect([may('photograph_child', 'image/png'), may('photograph_child', 'application/pdf'), may('certified_order', 'image/jpeg')]).toEqual([true, false, false]);
  });
});
