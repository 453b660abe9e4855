import { assert } from '../../../platform/errors.ts';
import { isPart, isRepeated, messageSchema } from './schema-model.ts';
import type { PartModel, TextType } from './schema-model.ts';
import type { Message } from './message.ts';

export const MESSAGE_NAMESPACE = 'urn:puente:message:v1';

type Given = Readonly<Record<string, unknown>>;

/** The XML form of a message that its schema found sound: the same message (`contentDigest`), in UTF-8. */
export function messageToXml(message: Message): Buffer {
  const { root } = messageSchema();
  const lines: string[] = ['<?xml version="1.0" encoding="UTF-8"?>'];
  assert(isPart(root.type), 'a message has parts');
  write(lines, root.name, root.type, message as unknown as Given, 0);
  return Buffer.from(`${lines.join('\n')}\n`, 'utf8');
}

function write(lines: string[], name: string, part: PartModel, given: Given, depth: number): void {
  const indent = '  '.repeat(depth);
  const namespace = depth === 0 ? ` xmlns="${MESSAGE_NAMESPACE}"` : '';
  const attributes = part.attributes.flatMap((attribute) => {
    const value = given[attribute.name];
    return value === undefined ? [] : [` ${attribute.name}="${escaped(String(value))}"`];
  });
  const open = `${indent}<${name}${namespace}${attributes.join('')}`;
  if (part.text) {
    lines.push(`${open}>${escaped(String(given['value'] ?? ''))}</${name}>`);
    return;
  }
  const at = lines.push(`${open}>`) - 1;
  for (const element of part.elements) {
    const value = given[element.name];
    for (const one of isRepeated(element) ? (value as readonly unknown[] | undefined) ?? [] : value === undefined ? [] : [value]) {
      if (isPart(element.type)) write(lines, element.name, element.type, one as Given, depth + 1);
      else lines.push(`${indent}  <${element.name}>${escaped(String(one))}</${element.name}>`);
    }
  }
  if (lines.length === at + 1) lines[at] = `${open}/>`;
  else lines.push(`${indent}</${name}>`);
}

const REFERENCES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' };

/** Written so that a parser gives back every sign: it would make others of line ends, and of blanks in attributes. */
function escaped(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (sign) => REFERENCES[sign] ?? sign);
}

/** What a text of the XML is in JSON. Of booleans and numbers the white space around them means nothing; of other texts it does. */
export function valueOf(type: TextType, text: string): string | number | boolean {
  if (type.form === 'boolean') return ['true', '1'].includes(trimmed(text));
  if (type.form === 'integer') return Number(trimmed(text));
  return type.format === null ? text : trimmed(text);
}

/** White space as XML knows it. Not by a pattern: one that looks for blanks at an end takes the square of the time where millions stand within. */
function trimmed(text: string): string {
  const isBlank = (at: number): boolean => ' \t\r\n'.includes(text.charAt(at));
  let [from, to] = [0, text.length];
  while (from < to && isBlank(from)) from += 1;
  while (to > from && isBlank(to - 1)) to -= 1;
  return text.slice(from, to);
}
