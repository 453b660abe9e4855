import fc from 'fast-check';
import iconv from 'iconv-lite';
import { AppError } from '../../../../src/platform/errors.ts';
import type { Finding } from '../../../../src/platform/errors.ts';
import { contentDigest, MESSAGE_BYTES_MAX, MESSAGE_KINDS, messageToXml, newMessage, readMessage } from '../../../../src/modules/exchange/messages/index.ts';
import type { Message, MessageKind } from '../../../../src/modules/exchange/messages/index.ts';
import { JsonFault, parseJson } from '../../../../src/modules/exchange/messages/read-json.ts';
import { BODIES, header, MORE, NOW } from '../../../support/exchange/messages.ts';

const FROM = 'mx-consulate-los-angeles';
const made = (kind: MessageKind): Message => newMessage(kind, header(MORE[kind]), BODIES[kind], NOW) as Message;
const json = (message: unknown): Buffer => Buffer.from(JSON.stringify(message));
const read = (bytes: Uint8Array, mediaType?: string) => readMessage(bytes, { now: NOW, partnerId: FROM, mediaType });

/** What a reading was refused for. */
function refusal(bytes: Uint8Array, mediaType?: string): readonly Finding[] {
  try {
    read(bytes, mediaType);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error).toMatchObject({ kind: 'invalid', code: 'message.invalid' });
    expect(error.findings.length).toBeGreaterThan(0);
    expect(error.findings.length).toBeLessThanOrEqual(50);
    return error.findings;
  }
  return [];
}
const codes = (bytes: Uint8Array, mediaType?: string): string[] => [...new Set(refusal(bytes, mediaType).map(({ code }) => code))];
const with_ = (kind: MessageKind, more: Record<string, unknown>): Buffer => json({ ...made(kind), ...more });
const body = (kind: MessageKind, more: Record<string, unknown>): Buffer => json({ ...made(kind), [kind]: { ...(BODIES[kind] as object), ...more } });

const HEAD = `<message xmlns="urn:puente:message:v1" version="1.1" datedOn="2026-11-22" messageId="m1" serial="000000000001" conversation="c1" sentAt="2026-11-22T08:00:00Z">
<from partnerId="${FROM}" fileNumber="7"><name lang="es">Consulado</name></from>
<to county="06037" fileNumber="8"><name lang="en">County</name></to>`;

test.each(MESSAGE_KINDS)('a %s is read in both forms, as the same message', (kind) => {
  const message = made(kind);
  const [fromXml, fromJson] = [read(messageToXml(message)), read(json(message))];
  expect(fromXml.message).toEqual(message);
  expect([fromXml.form, fromJson.form]).toEqual(['xml', 'json']);
  expect([fromXml.digest, fromJson.digest]).toEqual([contentDigest(message), contentDigest(message)]);
  expect(fromXml.findings).toEqual(fromJson.findings);
});

test('neither the order of attributes and members nor white space, comments and prefixes make another message', () => {
  const one = read(Buffer.from(`${HEAD}<statusRequest since="2026-05-01"><question>progress</question></statusRequest></message>`)).digest;
  const other = `<?xml version='1.0'?><!-- of us --><p:message   sentAt="2026-11-22T08:00:00Z" conversation='c1' serial="000000000001" messageId="m1" datedOn=" 2026-11-22 " version="1.1" xmlns:p="urn:puente:message:v1">
    <p:from fileNumber="7" partnerId="${FROM}"><p:name lang="es"><![CDATA[Cons]]>ul<!-- -->ado</p:name></p:from><p:to county="06037" fileNumber="&#56;"><p:name lang="en">County</p:name></p:to>
    <p:statusRequest since="2026-05-01"><p:question>progress</p:question></p:statusRequest></p:message>`;
  expect(read(Buffer.from(other)).digest).toBe(one);
  const reversed = Object.fromEntries(Object.entries(read(Buffer.from(other)).message).reverse());
  expect(read(Buffer.from(JSON.stringify(reversed, null, 4))).digest).toBe(one);
  expect(read(Buffer.from(other.replace('2026-05-01', '2026-05-02'))).digest).not.toBe(one);
});

test('UTF-8 with a mark, UTF-16 both ways, Windows-1252 and CP949 are read where they say so', () => {
  const text = messageToXml(made('remittanceAdvice')).toString('utf8');
  const { digest } = read(Buffer.from(text));
  const declared = (encoding: string, to = text): string => to.replace('encoding="UTF-8"', `encoding="${encoding}"`);
  expect(read(Buffer.from(`\ufeff${text}`)).digest).toBe(digest);
  expect(read(iconv.encode(declared('UTF-16'), 'utf-16le', { addBOM: true })).digest).toBe(digest);
  expect(read(iconv.encode(declared('UTF-16'), 'utf-16be', { addBOM: true })).digest).toBe(digest);
  expect(read(iconv.encode(declared('UTF-16'), 'utf-16le')).digest).toBe(digest);
  expect(read(iconv.encode(declared('windows-1252'), 'windows-1252')).digest).toBe(digest);
  expect(read(iconv.encode(text.replace(/<\?xml.*\?>\n/, ''), 'windows-1252'), 'application/xml; charset=windows-1252').digest).toBe(digest);
  const korean = text.replaceAll('López', '이순신').replaceAll('Ñuñez', '김').replaceAll('Pérez', '박').replaceAll('México', '멕시코');
  expect(read(iconv.encode(declared('EUC-KR', korean), 'cp949')).digest).toBe(read(Buffer.from(korean)).digest);
});

test('other encodings are refused with the line of the first sign that is none', () => {
  const text = messageToXml(made('remittanceAdvice')).toString('utf8');
  const [finding] = refusal(iconv.encode(text, 'windows-1252'));
  expect(finding).toMatchObject({ code: 'message.not_utf8', line: text.slice(0, text.indexOf('é')).split('\n').length });
  expect(codes(Buffer.from(text.replace('UTF-8', 'EBCDIC-CP-US')))).toEqual(['message.encoding']);
  expect(codes(Buffer.from(text.replace('UTF-8', 'UTF-16')))).toEqual(['message.encoding']);
  for (const hidden of [`${' '.repeat(1_000)}encoding="UTF-7"`, 'encoding="UTF-8 "', `standalone="no" encoding='x`]) expect(codes(Buffer.from(text.replace('encoding="UTF-8"', hidden)))).toEqual(['message.encoding']);
  expect(codes(Buffer.from(`\ufeff${text.replace('UTF-8', 'windows-1252')}`))).toEqual(['message.encoding']);
  expect(codes(Buffer.concat([Buffer.from(text.replace('UTF-8', 'windows-1252').split('Consulado')[0] ?? ''), Buffer.from([0x81])]))).toEqual(['message.encoding']);
  // A name would come out as other letters, and nobody would notice.
  expect(codes(Buffer.from(text), 'text/xml; charset=ISO-8859-1')).toEqual(['message.encoding']);
  expect(codes(Buffer.from(text.replace('UTF-8', 'windows-1252')))).toEqual(['message.encoding']);
  expect(codes(json(made('remittanceAdvice')), 'application/json; charset=windows-1252')).toEqual(['message.encoding']);
  expect(codes(Buffer.from(text), 'text/xml; charset=klingon')).toEqual(['message.encoding']);
  expect(codes(Buffer.from(text), 'application/xml; charset="utf-8"')).toEqual([]);
  expect(codes(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from([0x3c, 0, 0x00, 0xd8, 0x41, 0])]))).toEqual(['message.encoding']);
});

test('bombs, depth, size and what is no message are refused before they cost anything', () => {
  expect(refusal(Buffer.from(`<?xml version="1.0"?>\n<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<message>&b;</message>`))).toEqual([expect.objectContaining({ code: 'message.doctype', line: 2 })]);
  expect(codes(Buffer.from(`<!DOCTYPE m SYSTEM "file:///etc/passwd"><message/>`))).toEqual(['message.doctype']);
  expect(codes(Buffer.from('<a>'.repeat(100_000)))).toEqual(['message.too_deep']);
  expect(codes(Buffer.from(`{"a":${'['.repeat(100_000)}`))).toEqual(['message.too_deep']);
  expect(codes(Buffer.alloc(MESSAGE_BYTES_MAX + 1, 0x20))).toEqual(['message.too_large']);
  expect(codes(Buffer.alloc(0))).toEqual(['message.empty']);
  for (const none of ['hello', '[]', '"x"', '   ', '%PDF-1.7', '<html/>', '<message/>']) expect(codes(Buffer.from(none))).toEqual(['message.not_a_message']);
  expect(codes(Buffer.from('{"version":"1.1","x":[1,'.concat('1,'.repeat(600_000), '1]}')))).toEqual(['message.too_many_values']);
  expect(codes(Buffer.from('<message xmlns="urn:puente:message:v1"'))).toEqual(['message.not_well_formed']);
});

test('another version and another kind are told as that', () => {
  expect(codes(Buffer.from('<message xmlns="urn:puente:message:v2" version="2.0"/>'))).toEqual(['message.version']);
  expect(codes(Buffer.from(HEAD.replace('"1.1"', '"1.2"').concat('</message>')))).toEqual(['message.version']);
  expect(codes(with_('statusRequest', { version: '2.0' }))).toEqual(['message.version']);
  expect(refusal(Buffer.from(`${HEAD}\n<payment/></message>`))).toEqual([expect.objectContaining({ code: 'message.kind_unknown', line: 4 })]);
  expect(codes(json({ version: '1.1', payment: {} }))).toEqual(['message.kind_unknown']);
  expect(codes(with_('statusRequest', { withdrawal: { reason: 'other' } }))).toEqual(['message.kinds_several']);
  expect(codes(Buffer.from(`${HEAD}</message>`))).toEqual(['message.schema']);
});

test('JSON that a lenient parser takes is refused where it means two things', () => {
  const text = JSON.stringify(made('remittanceAdvice'), null, 1);
  expect(refusal(Buffer.from(text.replace('"total":', '"total": "1.00",\n"total":')))).toEqual([expect.objectContaining({ code: 'message.name_twice', path: '/remittanceAdvice', line: expect.any(Number) as number })]);
  expect(codes(Buffer.from(text.replace('{', '{"__proto__": {"x": 1},')))).toEqual(['message.name_forbidden']);
  expect(codes(Buffer.from(text.replace('{', '{"\\u005f_proto__": {},')))).toEqual(['message.name_forbidden']);
  expect(codes(Buffer.from(text.replace('{', '{"constructor": {},')))).toEqual(['message.kinds_several']);
  for (const number of ['1.0', '1e0', '01', '1E2', '9007199254740993', '-0', '0.1']) expect(codes(Buffer.from(text.replace('"lineCount": 1', `"lineCount": ${number}`)))).toEqual(['message.number']);
  expect(codes(Buffer.from(text.replace('"98.33"', '98.33')))).toEqual(['message.number']);
  expect(refusal(Buffer.from(text.replace('"fee": "2.50"', '"fee": 2')))).toEqual([expect.objectContaining({ code: 'message.schema', path: '/remittanceAdvice/line/0/fee', line: text.slice(0, text.indexOf('"fee"')).split('\n').length })]);
  expect(codes(Buffer.from(text.replace('Juan', 'Ju\\ud800an')))).toEqual(['message.half_character']);
  expect(codes(Buffer.from(text.replace('Juan', 'Ju\\u0000an')))).toEqual(['message.schema']);
  expect(codes(Buffer.from(text.replace('Juan', 'Ju\u0001an')))).toEqual(['message.control_character']);
  expect(codes(Buffer.from(text.replace('Juan', 'Ju\u0000an')))).toEqual(['message.control_character']);
  for (const broken of ['{', '{"a"', '{"a":', '{"a":1,}', '{"a":tru}', '{"a":"\\x"}', '{"a":"', "{'a':1}", '{"a":1}}', '{"a":[1 2]}', '{"a":NaN}']) expect(codes(Buffer.from(broken))).toEqual(['message.json']);
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
});

test('XML that means something else than it shows is refused with its line', () => {
  const xml = (inner: string): Buffer => Buffer.from(`${HEAD}\n${inner}</message>`);
  expect(refusal(xml('<acknowledgment status="fine" receivedOn="2026-11-31"/>'))).toEqual([
    { code: 'message.schema', severity: 'block', line: 4, params: { at: 'acknowledgment/@status', expected: 'complete | missing_items | forwarded | case_not_recognised' } },
    { code: 'message.schema', severity: 'block', line: 4, params: { at: 'acknowledgment/@receivedOn', expected: 'date' } },
  ]);
  expect(codes(Buffer.from(HEAD.replace('<from ', '<from xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="correspondent" ').concat('<statusRequest/></message>')))).toEqual(['message.attribute_foreign']);
  expect(codes(xml('<statusRequest><question>progress</question></statusRequest><refusal of="x"/>'))).toEqual(['message.schema']);
  expect(codes(xml('<statusRequest>text</statusRequest>'))).toEqual(['message.schema']);
  expect(codes(xml('<statusRequest>&#0;</statusRequest>'))).toEqual(['message.not_well_formed']);
  expect(codes(xml('<statusRequest>&#xD800;</statusRequest>'))).toEqual(['message.not_well_formed']);
});

test('no fault repeats what the sender wrote', () => {
  const secret = '123-45-6789';
  const xml = (inner: string): Buffer => Buffer.from(`${HEAD}\n${inner}</message>`);
  for (const bytes of [
    xml(`<withdrawal reason="${secret}"/>`), xml(`<closureNotice reason="x' is not an element of the set {'${secret}'}." closedOn="${secret}"/>`), xml(`<withdrawal ${'n'}${secret}="1" reason="other"/>`),
    xml(`<statusRequest since="Expected is ( ${secret} )."/>`), body('withdrawal', { reason: secret }), body('withdrawal', { reason: { [secret]: 1 } }),
    Buffer.from(`{"version":"1.1","withdrawal":{"${secret}":1.5}}`),
  ]) expect(JSON.stringify(refusal(bytes))).not.toContain(secret);
});

test('a large message with thousands of faults is refused for the first, in bounded work', () => {
  const pair = `<pair state="${'q'.repeat(700)}" fromFileNumber="1" toFileNumber="2"/>\n`;
  const findings = refusal(Buffer.from(`${HEAD}<caseloadReconciliation asOf="2026-11-01" pairCount="9900">${pair.repeat(9900)}</caseloadReconciliation></message>`));
  expect(findings).toEqual([expect.objectContaining({ code: 'message.schema', path: '/caseloadReconciliation/pair/0/state' })]);
  const swapped = '<pair state="open"><creditor><given>a</given></creditor><debtor><given>a</given></debtor></pair>\n'.repeat(5000);
  expect(refusal(Buffer.from(`${HEAD}<caseloadReconciliation asOf="2026-11-01" pairCount="5000">${swapped}</caseloadReconciliation></message>`))).toEqual([expect.objectContaining({ code: 'message.schema', line: 3 })]);
});

test('whatever the bytes, a message is read or refused, and nothing else happens', () => {
  const sound = messageToXml(made('statusReport'));
  const asJson = json(made('statusReport'));
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.tuple(fc.constantFrom(sound, asJson), fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 4 })).map(([whole, at, piece]) => {
    const start = at % whole.length;
    return Buffer.concat([whole.subarray(0, start), piece, whole.subarray(start + piece.length)]);
  }));
  fc.assert(fc.property(bytes, (given) => void codes(given)), { numRuns: 400 });
});

test('what the parser of JSON takes is what the language takes, and never more', () => {
  const whole = fc.letrec((tie) => ({ value: fc.oneof({ maxDepth: 4 }, fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null), fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 })) })).value;
  const ours = (text: string): { taken: unknown } | null => { try { return { taken: parseJson(text) }; } catch (error) { if (error instanceof JsonFault) return null; throw error; } };
  fc.assert(fc.property(whole, fc.nat({ max: 4 }), (value, indent) => {
    const text = JSON.stringify(value, null, indent);
    const found = ours(text);
    // Names that reach into prototypes, negative nought and halves of characters are not ours to take.
    if (found) expect(found.taken).toEqual(JSON.parse(text));
    else expect(text).toMatch(/__proto__|\\ud[89a-f]|-0/);
  }), { numRuns: 300 });
  fc.assert(fc.property(fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"b"', '1', '-', '0', '.5', 'e1', 'true', 'null', ' ', '\n', '"\\u0041"', '"', '\\'), { maxLength: 12 }), (parts) => {
    const text = parts.join('');
    const found = ours(text);
    if (found) expect(found.taken).toEqual(JSON.parse(text));
  }), { numRuns: 3_000 });
});
