import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { EXTRACT_LIMITS, extractLines } from '../../../src/modules/cases/extract-lines.ts';
import type { ExtractLimits, ExtractLine } from '../../../src/modules/cases/extract-lines.ts';
import { AppError } from '../../../src/platform/errors.ts';

async function read(bytes: Buffer, limits: ExtractLimits = EXTRACT_LIMITS, chunkBytes = 7): Promise<ExtractLine[]> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, i) => bytes.subarray(i * chunkBytes, (i + 1) * chunkBytes));
  const lines: ExtractLine[] = [];
  for await (const batch of extractLines(Readable.from(chunks), limits)) lines.push(...batch);
  return lines;
}
const refusal = async (bytes: Buffer, limits?: ExtractLimits): Promise<AppError> => {
  try {
    await read(bytes, limits, 64 * 1024);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('it was not refused');
};

describe('reading an extract', () => {
  it('takes byte order mark, CRLF, blank lines and a last line without end as they come', async () => {
    expect(await read(Buffer.from('\ufeff{"a":1}\r\n\r\n  \n{"b":"ñ김"}\n{"c":3}', 'utf8'))).toEqual([{ line: 1, text: '{"a":1}' }, { line: 4, text: '{"b":"ñ김"}' }, { line: 5, text: '{"c":3}' }]);
  });

  it('reads the same lines gzipped, in one member or several, however the bytes are cut', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }).map((text) => `x${text.replace(/[\r\n]/g, '')}`), { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 50 }), async (texts, cut) => {
      const plain = texts.map((text) => Buffer.from(`${text}\n`, 'utf8'));
      const members = Buffer.concat(plain.map((part) => gzipSync(part)));
      const expected = await read(Buffer.concat(plain));
      expect(expected.map(({ text }) => text)).toEqual(texts.map((text) => text.toWellFormed()));
      expect(await read(members, EXTRACT_LIMITS, cut)).toEqual(expected);
    }), { numRuns: 40 });
  });

  it('says where a line is no UTF-8 and goes on', async () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"ok"}\n{"b":"M'), Buffer.from([0xe9]), Buffer.from('xico"}\n{"c":1}\n')]);
    expect(await read(bytes)).toEqual([
      { line: 1, text: '{"a":"ok"}' }, { line: 2, text: null, fault: { code: 'cases.line_not_utf8', params: { byteInLine: 8 } } }, { line: 3, text: '{"c":1}' },
    ]);
  });

  it('passes over a line that is too long without keeping it', async () => {
    const limits = { ...EXTRACT_LIMITS, lineBytesMax: 20 };
    expect(await read(Buffer.from(`{"a":1}\n${'x'.repeat(500)}\n{"b":1}\n`), limits)).toEqual([
      { line: 1, text: '{"a":1}' }, { line: 2, text: null, fault: { code: 'cases.line_too_long', params: { bytesMax: 20 } } }, { line: 3, text: '{"b":1}' },
    ]);
  });

  it('refuses a gzip that was cut short, saying how far it got', async () => {
    const whole = gzipSync(Array.from({ length: 3_000 }, (_, i) => `{"n":${i * 7919}}\n`).join(''));
    const error = await refusal(whole.subarray(0, whole.length - 400));
    expect(error).toMatchObject({ kind: 'invalid', code: 'cases.gzip_truncated' });
    expect(error.findings[0]?.line).toBeGreaterThan(1);
  });

  it('refuses a gzip that is damaged inside', async () => {
    const whole = gzipSync(Array.from({ length: 3_000 }, (_, i) => `{"n":${i * 7919}}\n`).join(''));
    whole.fill(0x55, 2_000, 2_050);
    expect((await refusal(whole)).code).toBe('cases.gzip_damaged');
  });

  it('refuses a bomb before it has unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
    expect(bomb.length).toBeLessThan(100_000);
    const error = await refusal(bomb);
    expect(error.code).toBe('cases.decompression_limit');
    expect(Number(error.params.byte)).toBeLessThan(20 * 1024 * 1024);
  });

  it('closes the source also after a refusal', async () => {
    const source = Readable.from([gzipSync(Buffer.alloc(64 * 1024 * 1024)), ...Array.from({ length: 50 }, () => Buffer.alloc(64 * 1024))]);
    await expect((async () => { for await (const _ of extractLines(source)); })()).rejects.toMatchObject({ code: 'cases.decompression_limit' });
    expect(source.destroyed).toBe(true);
  });

  it.each([['zip', Buffer.from('PK\u0003\u0004rest')], ['pdf', Buffer.from('%PDF-1.7')], ['utf-16', Buffer.from([0xff, 0xfe, 0x7b, 0])]])('refuses a %s file', async (kind, bytes) => {
    expect(await refusal(bytes)).toMatchObject({ code: 'cases.extract_not_recognised', params: { kind } });
  });

  it('finds no lines in an empty file', async () => expect(await read(Buffer.alloc(0))).toEqual([]));
});
