/**
 * `npm run schemas`: writes what is made from schemas/xsd/puente-message.v1.xsd, the JSON Schema of messages and the TypeScript types of them.
 * A test holds that the committed files are what this would write.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isPart, isRepeated, messageSchema } from '../../src/modules/exchange/messages/schema-model.ts';
import type { ElementModel, PartModel, SchemaModel, TextType } from '../../src/modules/exchange/messages/schema-model.ts';

type Json = Record<string, unknown>;

const LINE_MAX = 170;
/** What no XML document may hold; what is left of surrogates alone is refused on reading. */
const XML_TEXT = '^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\uFFFE\\uFFFF]*$';

export const GENERATED = {
  json: fileURLToPath(new URL('../../schemas/json/message.v1.json', import.meta.url)),
  types: fileURLToPath(new URL('../../src/modules/exchange/messages/message.types.ts', import.meta.url)),
};

export function jsonSchemaSource(): string {
  const model = messageSchema();
  const defs: Json = {};
  for (const [name, type] of model.texts) defs[name] = textSchema(type);
  for (const [name, part] of model.parts) defs[name] = partSchema(part);
  const root = model.root.type;
  if (!isPart(root)) throw new Error('a message has parts');
  return `${JSON.stringify({
    $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'urn:puente:schema:message.v1', title: 'Message, version 1',
    $comment: 'Made from schemas/xsd/puente-message.v1.xsd by `npm run schemas`; not edited by hand.', description: model.documentation,
    ...partSchema(root), $defs: defs,
  }, null, 1)}\n`;
}

function textSchema(type: TextType): Json {
  if (type.form === 'boolean') return { type: 'boolean' };
  if (type.form === 'integer') return { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER };
  if (type.values.length > 0) return { type: 'string', enum: type.values };
  const pattern = type.pattern === null ? null : `^(?:${ecmaPattern(type.pattern)})$`;
  // A pattern that names what is allowed allows no control character; one that names what is not, does.
  const isOpen = pattern === null || pattern.includes('[^');
  return {
    type: 'string', ...(type.format === null ? {} : { format: type.format }),
    ...(type.minLength === null ? {} : { minLength: type.minLength }), ...(type.maxLength === null ? {} : { maxLength: type.maxLength }),
    ...(isOpen ? { allOf: [XML_TEXT, ...(pattern === null ? [] : [pattern])].map((one) => ({ pattern: one })) } : { pattern }),
  };
}

function ecmaPattern(xsd: string): string {
  if (/[$]|(?<!\[)\^|\\[^.-]/.test(xsd)) throw new Error(`pattern ${xsd} may mean something else in ECMAScript`);
  return xsd.replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

const ref = (typeName: string | null, schema: () => Json): Json => (typeName === null || typeName.startsWith('xs:') ? schema() : { $ref: `#/$defs/${typeName}` });

function partSchema(part: PartModel): Json {
  const properties: Json = {};
  for (const { name, type, typeName } of part.attributes) properties[name] = ref(typeName, () => textSchema(type));
  if (part.text) properties['value'] = ref(part.text.typeName, () => textSchema(part.text?.type as TextType));
  for (const element of part.elements) properties[element.name] = elementSchema(element);
  const required = [...part.attributes.filter(({ isRequired }) => isRequired), ...part.elements.filter(({ min }) => min > 0)].map(({ name }) => name);
  if (part.text) required.push('value');
  return {
    type: 'object', properties, ...(required.length > 0 ? { required } : {}), additionalProperties: false,
    ...(part.choice.length > 0 ? { oneOf: part.choice.map((name) => ({ properties: { [name]: true }, required: [name] })) } : {}),
  };
}

function elementSchema(element: ElementModel): Json {
  const { type, typeName, min, max } = element;
  const one = ref(typeName, () => (isPart(type) ? partSchema(type) : textSchema(type)));
  return isRepeated(element) ? { type: 'array', minItems: Math.max(min, 1), maxItems: max, items: one } : one;
}

export function typesSource(): string {
  const model = messageSchema();
  const root = model.root.type as PartModel;
  const bodies = root.elements.filter(({ name }) => root.choice.includes(name));
  const header = { ...root, elements: root.elements.filter(({ name }) => !root.choice.includes(name)), choice: [] };
  return [
    '// Made from schemas/xsd/puente-message.v1.xsd by `npm run schemas`; not edited by hand.',
    ...[...model.parts].map(([name, part]) => interfaceOf(titled(name), membersOf(part, model))),
    '/** What every message says, whatever its kind. */', interfaceOf('MessageHeader', membersOf(header, model)),
    '/** What the kinds of message say. */', interfaceOf('MessageBodies', bodies.map(({ name, typeName }) => `readonly ${name}: ${titled(typeName ?? '')};`)), '',
  ].join('\n');
}

const titled = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);

function interfaceOf(name: string, members: readonly string[]): string {
  const lines: string[] = [];
  for (const member of members) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + member.length < LINE_MAX) lines[lines.length - 1] = `${last} ${member}`;
    else lines.push(`  ${member}`);
  }
  return `export interface ${name} {\n${lines.join('\n')}\n}`;
}

function membersOf(part: PartModel, model: SchemaModel): string[] {
  return [
    ...part.attributes.map(({ name, type, isRequired }) => `readonly ${name}${isRequired ? '' : '?'}: ${textType(type)};`),
    ...(part.text ? [`readonly value: ${textType(part.text.type)};`] : []),
    ...part.elements.map((element) => {
      const { name, type, typeName, min } = element;
      const one = !isPart(type) ? textType(type) : typeName === null ? `{ ${membersOf(type, model).join(' ')} }` : titled(typeName);
      const many = one.includes(' ') && !one.startsWith('{') ? `(${one})` : one;
      return `readonly ${name}${min > 0 ? '' : '?'}: ${isRepeated(element) ? `readonly ${many}[]` : one};`;
    }),
  ];
}

function textType(type: TextType): string {
  if (type.form !== 'string') return type.form === 'boolean' ? 'boolean' : 'number';
  return type.values.length === 0 ? 'string' : type.values.map((value) => `'${value}'`).join(' | ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(GENERATED.json, jsonSchemaSource());
  writeFileSync(GENERATED.types, typesSource());
}
