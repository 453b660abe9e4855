import { SaxesParser } from 'saxes';
import { AppError } from '../../../../platform/errors.ts';
import type { XmlNode } from './camt-node.rules.ts';
import type { XmlElements } from './garnishment.rules.ts';

/**
 * Messages of ISO 20022 that are small enough to be held whole, as trees. A document type declaration is refused, since nothing in ISO
 * 20022 needs one.
 */

const DEPTH_MAX = 60;
const ELEMENTS_MAX = 2_000_000;

export interface XmlMessage {
  readonly namespace: string;
  readonly root: XmlNode;
}

/** @throws AppError `bank.xml_broken`, `bank.xml_doctype`, `bank.xml_too_deep`, each with its line. */
export function readXml(bytes: Buffer): XmlMessage {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: { children: XmlNode[]; node: XmlNode }[] = [];
  let root: XmlNode | undefined;
  let namespace = '';
  let elements = 0;
  const refuse = (code: string, cause?: unknown): AppError => new AppError('invalid', code, { findings: [{ code, severity: 'block', line: parser.line, params: { column: parser.column } }], cause });
  parser.on('error', (error) => { throw refuse('bank.xml_broken', error); });
  parser.on('doctype', () => { throw refuse('bank.xml_doctype'); });
  parser.on('opentag', (tag) => {
    if (open.length >= DEPTH_MAX || ++elements > ELEMENTS_MAX) throw refuse('bank.xml_too_deep');
    const children: XmlNode[] = [];
    const node: XmlNode = { name: tag.local, line: parser.line, currency: tag.attributes['Ccy']?.value ?? null, text: '', children };
    open.at(-1)?.children.push(node);
    if (!root) [root, namespace] = [node, tag.uri];
    open.push({ children, node });
  });
  const text = (more: string) => { const top = open.at(-1); if (top) top.node.text += more; };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('closetag', () => void open.pop());
  parser.write(decode(bytes));
  parser.close();
  if (!root) throw refuse('bank.xml_broken');
  return { namespace, root };
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('invalid', 'bank.xml_encoding_unknown', { params: { encoding: 'utf-8' }, cause });
  }
}

/**
 * The same elements give the same bytes: no blanks, no clock, no ids of its own. Written here and not by a library, because the usual one
 * takes `&A;` in a text for an entity and leaves it as it is.
 *
 * @throws AppError `xml.character_refused` for characters that no XML 1.0 document may hold.
 */
export function writeXml(namespace: string, elements: XmlElements): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${escaped(namespace)}">${content(elements)}</Document>\n`;
}

/** `@name` is an attribute of the element that holds it, `#` its text. */
function content(elements: XmlElements): string {
  return Object.entries(elements).filter(([name]) => !name.startsWith('@')).map(([name, value]) => (name === '#' ? escaped(String(value))
    : Array.isArray(value) ? (value as readonly (string | XmlElements)[]).map((one) => element(name, one)).join('') : element(name, value as string | XmlElements))).join('');
}

function element(name: string, value: string | XmlElements): string {
  if (typeof value === 'string') return `<${name}>${escaped(value)}</${name}>`;
  const attributes = Object.entries(value).filter(([key]) => key.startsWith('@')).map(([key, text]) => ` ${key.slice(1)}="${escaped(String(text))}"`).join('');
  return `<${name}${attributes}>${content(value)}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

function escaped(text: string): string {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u.test(text)) throw new AppError('invalid', 'xml.character_refused');
  return text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] as string);
}
