import fc from 'fast-check';
import { readReference, referenceFindings, referenceText, typedReference } from '../../../src/modules/referrals/printing/reference.rules.ts';
import type { SheetReference } from '../../../src/modules/referrals/printing/reference.rules.ts';

const ALPHABET = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
const references: fc.Arbitrary<SheetReference> = fc.record({
  packetId: fc.tuple(fc.constantFrom(...'01234567'), fc.array(fc.constantFrom(...ALPHABET), { minLength: 25, maxLength: 25 })).map(([first, rest]) => `pkt_${first}${rest.join('')}`),
  set: fc.integer({ min: 1, max: 99 }), digestPrefix: fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 8, maxLength: 8 }).map((letters) => letters.join('')),
});
const codes = (text: string): string[] => readReference(text).findings.map((finding) => finding.code);

it('reads what it wrote: scanned, typed in groups, in small letters, with look-alikes', () => {
  fc.assert(fc.property(references, (reference) => {
    for (const text of [referenceText(reference), typedReference(reference), typedReference(reference).toLowerCase(), `  ${referenceText(reference).toLowerCase()}\n`,
      typedReference(reference).replaceAll('0', 'O').replaceAll('1', 'l').replaceAll(' ', '-')]) expect(readReference(text).reference).toEqual(reference);
  }));
});

it('says nothing but the packet, the set and the digest, in letters that a QR code holds closely', () => {
  fc.assert(fc.property(references, (reference) => {
    expect(referenceText(reference)).toMatch(/^PUENTE:[0-9A-Z]{38}$/);
  }));
});

it('notices every wrong letter and every exchange of two letters', () => {
  fc.assert(fc.property(references, fc.nat(37), fc.constantFrom(...ALPHABET), fc.nat(37), (reference, at, letter, other) => {
    const code = referenceText(reference).slice('PUENTE:'.length);
    const wrong = `${code.slice(0, at)}${letter}${code.slice(at + 1)}`;
    const [low, high] = [Math.min(at, other), Math.max(at, other)];
    const exchanged = low === high ? code : `${code.slice(0, low)}${code[high]}${code.slice(low + 1, high)}${code[low]}${code.slice(high + 1)}`;
    for (const changed of [wrong, exchanged]) if (changed !== code) expect(codes(changed)).toEqual(['printing.reference_mistyped']);
  }));
});

it('refuses anything else without a guess', () => {
  for (const text of ['', 'https://example.org/x', 'PUENTE:', 'PUENTE:123', 'U'.repeat(38), '🙂'.repeat(38), 'x'.repeat(1_000_000)]) expect(codes(text)).toEqual(['printing.reference_unreadable']);
});

it('tells the sheet of another case, and a sheet that was not printed from this packet', () => {
  const reference: SheetReference = { packetId: 'pkt_01K0000000000000000000000B', set: 2, digestPrefix: '0123abcd' };
  const packet = { packetId: reference.packetId, sha256: `0123abcd${'0'.repeat(56)}` };
  expect(referenceFindings(reference, packet)).toEqual([]);
  expect(referenceFindings(reference, { ...packet, packetId: 'pkt_01K0000000000000000000000C' }).map((one) => one.code)).toEqual(['printing.reference_other_packet']);
  expect(referenceFindings(reference, { ...packet, sha256: 'f'.repeat(64) }).map((one) => one.code)).toEqual(['printing.reference_other_content']);
});
