import { XmlDocument, XmlElement, XmlParseError, XmlText, XmlTreeNode, XmlCData } from 'libxml2-wasm';
import type { XmlNode } from 'libxml2-wasm';

/** An element as plain data: names without prefixes, texts as they stand, nothing of comments and processing instructions. */
export interface XmlPart {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly parts: readonly XmlPart[];
}

const DEPTH_MAX = 40;
const PARTS_MAX = 500_000;

/**
 * Reads a document with the very parser that validates it (`xsdFindings`), so that nobody reads what nobody checked. Only for bytes
 * in which that found no document type. Null where it is no XML, or nested deeper than any message.
 */
export function readXml(xml: Uint8Array): XmlPart | null {
  let document: XmlDocument | undefined;
  try {
    document = XmlDocument.fromBuffer(xml);
    return partOf(document.root, 0, { count: 0 });
  } catch (error) {
    if (error instanceof XmlParseError || error instanceof RangeError) return null;
    throw error;
  } finally {
    document?.dispose();
  }
}

function partOf(element: XmlElement, depth: number, seen: { count: number }): XmlPart {
  seen.count += 1;
  if (depth > DEPTH_MAX || seen.count > PARTS_MAX) throw new RangeError('deeper or larger than any message');
  const parts: XmlPart[] = [];
  let text = '';
  for (const node of childrenOf(element)) {
    if (node instanceof XmlElement) parts.push(partOf(node, depth + 1, seen));
    else if (node instanceof XmlText || node instanceof XmlCData) text += node.content;
  }
  // Attributes of other namespaces, such as xsi:type, are allowed anywhere and must not pass for ours.
  const attributes = Object.fromEntries(element.attrs.filter((attribute) => attribute.namespaceUri === '').map((attribute) => [attribute.name, attribute.content]));
  return { name: element.name, namespace: element.namespaceUri, attributes, text, parts };
}

function childrenOf(element: XmlElement): XmlNode[] {
  const children: XmlNode[] = [];
  for (let node = element.firstChild; node !== null; node = node.next) {
    // A processing instruction, which the binding gives no next.
    if (!(node instanceof XmlTreeNode)) return element.find('*|text()');
    children.push(node);
  }
  return children;
}
