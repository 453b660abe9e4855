import { isUtf8 as isUtf8Bytes } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { XmlDocument, XmlParseError, XmlValidateError, XsdValidator } from 'libxml2-wasm';
import type { Finding } from '../errors.ts';

const SCHEMAS_URL = new URL('../../../schemas/xsd/', import.meta.url);
const XML_BYTES_MAX = 20 * 1024 * 1024;
const FINDINGS_MAX = 50;
const DECLARATION_BYTES = 1_000;
const validators = new Map<string, XsdValidator>();

/** The validator of a schema in `schemas/xsd/` (name without `.xsd`), for whoever validates a document that is parsed already. */
export function xsdValidator(schema: string): XsdValidator {
  let validator = validators.get(schema);
  if (!validator) {
    const document = XmlDocument.fromBuffer(readFileSync(new URL(`${schema}.xsd`, SCHEMAS_URL)));
    validator = XsdValidator.fromDoc(document);
    document.dispose();
    validators.set(schema, validator);
  }
  return validator;
}

/** What keeps these bytes from being a document of the schema in `schemas/xsd/` (name without `.xsd`); empty when nothing does. */
export function xsdFindings(xml: Uint8Array, schema: string): Finding[] {
  return parsedFindings(xml, (document) => xsdValidator(schema).validate(document));
}

/** What keeps these bytes from being XML in UTF-8 without a document type: all that `readXml` may be given that has no schema here. */
export function xmlFindings(xml: Uint8Array): Finding[] {
  return parsedFindings(xml, () => undefined);
}

function parsedFindings(xml: Uint8Array, validate: (document: XmlDocument) => void): Finding[] {
  if (xml.length > XML_BYTES_MAX) return [{ code: 'xml.too_large', severity: 'block', params: { bytesMax: XML_BYTES_MAX } }];
  // In another encoding the markup looked for below would be other bytes.
  if (!isUtf8(xml)) return [{ code: 'xml.encoding', severity: 'block' }];
  // A document type is never needed in a message, and is how entity bombs and external entities come in.
  if (Buffer.from(xml).includes('<!DOCTYPE')) return [{ code: 'xml.doctype', severity: 'block' }];
  let document: XmlDocument | undefined;
  try {
    document = XmlDocument.fromBuffer(xml);
    validate(document);
    return [];
  } catch (error) {
    if (error instanceof XmlParseError || error instanceof XmlValidateError) return findingsOf(error);
    throw error;
  } finally {
    document?.dispose();
  }
}

/** Bytes that are UTF-8, without a NUL (which UTF-16 and UTF-32 have), and that say nothing else of themselves. */
function isUtf8(xml: Uint8Array): boolean {
  const bytes = Buffer.from(xml.buffer, xml.byteOffset, xml.byteLength);
  if (!isUtf8Bytes(bytes) || bytes.includes(0)) return false;
  const [, declared] = /^\uFEFF?<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']*)["']/u.exec(bytes.toString('utf8', 0, DECLARATION_BYTES)) ?? [];
  return declared === undefined || declared.toUpperCase() === 'UTF-8';
}

function findingsOf(error: XmlParseError | XmlValidateError): Finding[] {
  const code = error instanceof XmlParseError ? 'xml.not_well_formed' : 'xml.schema';
  const lines = error.details.map((detail) => detail.line).filter((line) => line > 0);
  const unique = [...new Set(lines)].slice(0, FINDINGS_MAX);
  return unique.length === 0 ? [{ code, severity: 'block' }] : unique.map((line) => ({ code, severity: 'block', line }));
}
