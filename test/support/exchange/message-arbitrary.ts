import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { isPart, isRepeated, messageSchema } from '../../../src/modules/exchange/messages/schema-model.ts';
import type { ElementModel, PartModel, TextType } from '../../../src/modules/exchange/messages/schema-model.ts';
import type { Message, MessageKind } from '../../../src/modules/exchange/messages/message.ts';

/** What has gone wrong in texts before, or could: references, markup, signs beyond the first plane, letters of one and of two signs, blanks at the ends. */
const PIECES = ['&A;', '&amp;', '&#10;', '<b>', ']]>', '"', "'", '  ', 'ñÁü', '한글', '한글'.normalize('NFD'), '𠮷𩸽', '👨‍👩‍👧', 'e\u0301', '\u00a0', '\u2028', '<!-- x -->', '__proto__', '{"a":1}', '0.10', '\ufffd', 'x', '\\', '\ud7ff', '\ue000'];
const BREAKS = ['\n', '\r\n', '\r', '\t', '\n\n  '];

function text({ maxLength }: TextType, pieces: readonly string[]): Arbitrary<string> {
  return fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme', maxLength: 6 })), { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''))
    .map((made) => Array.from(made.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')).slice(0, maxLength ?? 50).join('')).filter((made) => made !== '' && made.isWellFormed());
}

const day = fc.integer({ min: 0, max: 80_000 }).map((days) => new Date(Date.UTC(1900, 0, 1) + days * 86_400_000).toISOString().slice(0, 10));
const instant = fc.tuple(day, fc.constantFrom('T00:00:00Z', 'T23:59:59.999-08:00', 'T12:30:00.5+09:00')).map(([on, at]) => on + at);

function simple(type: TextType): Arbitrary<string | number | boolean> {
  if (type.form === 'boolean') return fc.boolean();
  if (type.form === 'integer') return fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  if (type.values.length > 0) return fc.constantFrom(...type.values);
  if (type.format !== null) return type.format === 'date' ? day : instant;
  if (type.pattern === null || type.pattern.startsWith('[^')) return text(type, type.pattern === null ? [...PIECES, ...BREAKS] : PIECES);
  return fc.stringMatching(new RegExp(`^(?:${type.pattern})$`));
}

function element(model: ElementModel, depth: number): Arbitrary<unknown> {
  const one: Arbitrary<unknown> = isPart(model.type) ? part(model.type, depth + 1) : simple(model.type);
  return isRepeated(model) ? fc.array(one, { minLength: Math.max(model.min, 1), maxLength: Math.max(model.min, depth > 2 ? 1 : 2) }) : one;
}

function part(model: PartModel, depth: number): Arbitrary<Record<string, unknown>> {
  const members: Record<string, Arbitrary<unknown>> = {};
  const required: string[] = [];
  const add = (name: string, arbitrary: Arbitrary<unknown>, isRequired: boolean): void => {
    members[name] = arbitrary;
    if (isRequired) required.push(name);
  };
  for (const { name, type, isRequired } of model.attributes) add(name, simple(type), isRequired);
  if (model.text) add('value', simple(model.text.type), true);
  for (const each of model.elements.filter(({ name }) => !model.choice.includes(name))) add(each.name, element(each, depth), each.min > 0);
  return fc.record(members, { requiredKeys: required });
}

/** Any message of a kind that the schema allows, made from the schema itself: whether its parts fit together is not looked at. */
export function anyMessage(kind: MessageKind): Arbitrary<Message> {
  const { root } = messageSchema();
  if (!isPart(root.type)) throw new Error('a message has parts');
  const body = root.type.elements.find(({ name }) => name === kind);
  if (!body) throw new Error(`no such kind ${kind}`);
  return fc.tuple(part(root.type, 0), element(body, 0), fc.constantFrom('1.0', '1.1')).map(([header, one, version]) => ({ ...header, version, [kind]: one }) as unknown as Message);
}
