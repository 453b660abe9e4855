import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { contentDigest, MESSAGE_KINDS, messageToJson, messageToXml } from '../../../../src/modules/exchange/messages/index.ts';
import type { Message } from '../../../../src/modules/exchange/messages/index.ts';
import { parseJson } from '../../../../src/modules/exchange/messages/read-json.ts';
import { xsdFindings } from '../../../../src/platform/xml/xsd.ts';
import { anyMessage } from '../../../support/exchange/message-arbitrary.ts';
import { GENERATED, jsonSchemaSource, typesSource } from '../../../support/exchange-schemas.ts';

const ajv = new Ajv2020({ strict: true, strictTypes: false });
addFormats.default(ajv);
const isMessage = ajv.compile(JSON.parse(readFileSync(GENERATED.json, 'utf8')));

test('the JSON Schema and the types are those that the XSD makes', () => {
  expect(readFileSync(GENERATED.json, 'utf8')).toBe(jsonSchemaSource());
  expect(readFileSync(GENERATED.types, 'utf8')).toBe(typesSource());
});

test.each(MESSAGE_KINDS)('any %s is the same message as XML and as JSON', (kind) => {
  fc.assert(fc.property(anyMessage(kind), (message) => {
    expect(isMessage(message)).toBe(true);
    const xml = messageToXml(message);
    expect(xsdFindings(xml, 'puente-message.v1')).toEqual([]);
    const back = messageToJson(xml);
    expect(back).toEqual(message);
    expect(contentDigest(back)).toBe(contentDigest(message));
    expect(messageToXml(back).equals(xml)).toBe(true);
    expect(parseJson(JSON.stringify(message))).toEqual(message);
  }), { numRuns: 30 });
});

const ODD = ['', ' ', 'x', 'a b', 'A', '0', '-1', 'true', '2026-02-30', '2026-13-01', '2026-11-22T24:00:00Z', '2026-11-22T10:00:00', 'a\tb', '\u0001', '\ufffe', 'é', '한글', '$', '^', 'a\nb', 'x'.repeat(501), 'x'.repeat(65), '1.23456', '1.', '.5', '+1', '1e3', 'us', 'US', 'en-us'];

/** The message with one thing in it made odd: a text replaced, or a member left out. */
function spoiled(message: Message, at: number, odd: string, isLeftOut: boolean): unknown {
  const copy = JSON.parse(JSON.stringify(message)) as Record<string, unknown>;
  const places: { holder: Record<string, unknown>; name: string }[] = [];
  const collect = (holder: Record<string, unknown>): void => {
    for (const [name, value] of Object.entries(holder)) {
      if (typeof value === 'object' && value !== null) collect(value as Record<string, unknown>);
      if (isLeftOut ? !Array.isArray(holder) : typeof value === 'string') places.push({ holder, name });
    }
  };
  collect(copy);
  const place = places[at % places.length];
  if (place && isLeftOut) delete place.holder[place.name];
  else if (place) place.holder[place.name] = odd;
  return copy;
}

test.each(MESSAGE_KINDS)('the XSD and the JSON Schema agree on what is no %s', (kind) => {
  fc.assert(fc.property(anyMessage(kind), fc.nat(), fc.constantFrom(...ODD), fc.boolean(), (message, at, odd, isLeftOut) => {
    const given = spoiled(message, at, odd, isLeftOut) as Message;
    expect({ given, isSound: xsdFindings(messageToXml(given), 'puente-message.v1').length === 0 }).toEqual({ given, isSound: isMessage(given) });
  }), { numRuns: 30 });
});
