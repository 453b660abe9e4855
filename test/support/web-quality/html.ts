import { parse } from 'parse5';
import type { DefaultTreeAdapterTypes } from 'parse5';

export type Element = DefaultTreeAdapterTypes.Element;
type Node = DefaultTreeAdapterTypes.Node;

export interface ParsedPage {
  readonly elements: readonly Element[];
  /** What a browser has to repair. */
  readonly repairs: readonly string[];
}

export function parsePage(html: string): ParsedPage {
  const repairs: string[] = [];
  const document = parse(html, { onParseError: ({ code, startLine }) => repairs.push(`${code}: ${html.split('\n')[startLine - 1]?.trim().slice(0, 120) ?? ''}`) });
  return { elements: elementsBelow(document), repairs };
}

function elementsBelow(node: Node): Element[] {
  const own = 'tagName' in node ? [node] : [];
  return [...own, ...('childNodes' in node ? node.childNodes.flatMap(elementsBelow) : [])];
}

export function attribute(element: Element, name: string): string | null {
  return element.attrs.find((one) => one.name === name)?.value ?? null;
}

export function ancestors(element: Element): Element[] {
  const found: Element[] = [];
  for (let at: Node | null = element; at !== null && 'tagName' in at; at = at.parentNode) found.push(at);
  return found;
}

/** The text of an element itself, without that of the elements in it. */
export function ownText(element: Element): string {
  return element.childNodes.map((node) => ('value' in node ? node.value : '')).join(' ');
}

export function wholeText(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(wholeText).join(' ') : '';
}
