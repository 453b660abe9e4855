import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { contentDigest, MESSAGE_KINDS, messageToJson, messageToXml } from '../../../../src/modules/exchange/messages/index.ts';
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
  }), { numRuns: 60 });
});
