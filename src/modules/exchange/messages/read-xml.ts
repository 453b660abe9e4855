import { XmlCData, XmlDocument, XmlElement, XmlParseError, XmlText, XmlTreeNode, XmlValidateError } from 'libxml2-wasm';
import type { Finding } from '../../../platform/errors.ts';
import { xsdValidator } from '../../../platform/xml/xsd.ts';
import { isMessageKind } from './message.ts';
import { lineAt } from './decode.ts';
import { MESSAGE_NAMESPACE, valueOf } from './message-xml.ts';
import { isPart, isRepeated, messageSchema } from './schema-model.ts';
import type { PartModel } from './schema-model.ts';
import { faultsOfParsing, faultsOfSchema } from './xml-faults.ts';

const SCHEMA = 'puente-message.v1';
const EXPECTED_MAX = 300;
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

export class XmlFault extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings[0]?.code ?? '');
    this.findings = findings;
  }
}

const block = (code: string, line: number, params: Finding['params'] = {}): Finding => ({ code, severity: 'block', ...(line > 0 ? { line } : {}), params });
const fail = (...findings: Finding[]): never => { throw new XmlFault(findings); };

type Value = string | number | boolean | { [name: string]: Value } | Value[];

/**
 * The JSON form of a message in XML: parsed once, by the parser that also holds it against the schema. Not yet looked at: whether its kind has
 * what it needs. `before` is what looks at a large one before the schema does, which tells thousands of faults by counting the elements before each.
 * @throws XmlFault with lines and what was expected, never what stood there; and what `before` throws.
 */
export function readXmlMessage(text: string, utf8: Uint8Array, before: ((value: unknown) => void) | null): unknown {
  // A document type is never needed in a message, and is how entity bombs and external entities come in.
  const doctype = text.indexOf('<!DOCTYPE');
  if (doctype !== -1) fail(block('message.doctype', lineAt(text, doctype)));
  let document: XmlDocument | undefined;
  try {
    document = XmlDocument.fromBuffer(utf8);
    checkRoot(document.root);
    if (before === null) xsdValidator(SCHEMA).validate(document);
    const { root } = messageSchema();
    const value = isPart(root.type) ? valueOfPart(document.root, root.type) : null;
    if (before === null) return value;
    before(value);
    xsdValidator(SCHEMA).validate(document);
    return value;
  } catch (error) {
    if (error instanceof XmlParseError) throw new XmlFault(faultsOfParsing(error.details));
    if (error instanceof XmlValidateError) throw new XmlFault(faultsOfSchema(error.details));
    throw error;
  } finally {
    document?.dispose();
  }
}

/** What a schema would say in a way that helps nobody: another thing than a message, another version, a kind that there is not. */
function checkRoot(root: XmlElement): void {
  const [, version] = /^urn:puente:message:v(\d{1,3})$/.exec(root.namespaceUri) ?? [];
  if (root.name !== 'message' || version === undefined) fail(block('message.not_a_message', root.line, { expected: `message ${MESSAGE_NAMESPACE}` }));
  const stated = root.attr('version')?.value ?? '';
  if (root.namespaceUri !== MESSAGE_NAMESPACE || (stated !== '' && !/^1\.[01]$/.test(stated))) fail(block('message.version', root.line, { expected: '1.0 | 1.1' }));
  for (let node = root.firstChild; node !== null; node = node instanceof XmlTreeNode ? node.next : null) {
    if (node instanceof XmlElement && !['from', 'to', 'via'].includes(node.name) && !isMessageKind(node.name)) fail(block('message.kind_unknown', node.line));
  }
}

function valueOfPart(element: XmlElement, part: PartModel): Value {
  const made: { [name: string]: Value } = {};
  for (const attribute of element.attrs) {
    const model = attribute.namespaceUri === '' ? part.attributes.find(({ name }) => name === attribute.name) : undefined;
    if (model) made[model.name] = valueOf(model.type, attribute.value);
    // Where a schema lies means nothing; another type than the schema's own, or nil, would.
    else if (attribute.namespaceUri !== XSI || !['schemaLocation', 'noNamespaceSchemaLocation'].includes(attribute.name)) fail(block('message.attribute_foreign', element.line));
  }
  if (part.text) return { ...made, value: valueOf(part.text.type, textOf(element)) };
  let last = 0;
  for (const child of elementsOf(element)) {
    const index = part.elements.findIndex(({ name }, at) => name === child.name && at >= last);
    const model = part.elements[index];
    if (!model || child.namespaceUri !== MESSAGE_NAMESPACE || (made[model.name] !== undefined && !isRepeated(model))) {
      return fail(block('message.schema', child.line, { at: element.name, expected: part.elements.slice(last).map(({ name }) => name).join(' | ').slice(0, EXPECTED_MAX) }));
    }
    last = index;
    const value = isPart(model.type) ? valueOfPart(child, model.type) : simpleValue(child, () => valueOf(model.type as Parameters<typeof valueOf>[0], textOf(child)));
    if (!isRepeated(model)) made[model.name] = value;
    else (made[model.name] = (made[model.name] as Value[] | undefined) ?? []).push(value);
  }
  return made;
}

function simpleValue(element: XmlElement, value: () => Value): Value {
  return element.attrs.length > 0 || nodesOf(element).some((node) => node instanceof XmlElement) ? fail(block('message.attribute_foreign', element.line)) : value();
}

function elementsOf(element: XmlElement): XmlElement[] {
  return nodesOf(element).filter((node) => {
    if ((node instanceof XmlText || node instanceof XmlCData) && node.content.trim() !== '') fail(block('message.schema', node.line, { at: element.name, expected: 'elements' }));
    return node instanceof XmlElement;
  }) as XmlElement[];
}

function textOf(element: XmlElement): string {
  return nodesOf(element).map((node) => (node instanceof XmlText || node instanceof XmlCData ? node.content : '')).join('');
}

function nodesOf(element: XmlElement): unknown[] {
  const nodes: unknown[] = [];
  for (let node = element.firstChild; node !== null; node = node.next) {
    // A processing instruction, which the binding gives no next.
    if (!(node instanceof XmlTreeNode)) return element.find('*|text()');
    nodes.push(node);
  }
  return nodes;
}
