/** The elements of a camt message that are kept while they are read, and the ways into them. */

export interface XmlNode {
  name: string;
  line: number;
  currency: string | null;
  text: string;
  children: XmlNode[];
  /** What a `TxDtls` came to; its own elements are then gone, so that an entry of many payments stays small. */
  payment?: Payment;
}

export interface Payment {
  amount: Amount | null;
  direction: string;
  references: string[];
  servicerRef: string;
  texts: string[];
  isReturn: boolean;
}

export interface Amount { minor: bigint; currency: string }

export function child(node: XmlNode, name: string): XmlNode | undefined {
  return node.children.find((one) => one.name === name);
}

export function at(node: XmlNode, ...path: string[]): XmlNode | undefined {
  let found: XmlNode | undefined = node;
  for (const name of path) found = found && child(found, name);
  return found;
}

export function allAt(node: XmlNode, ...path: string[]): XmlNode[] {
  let found = [node];
  for (const name of path) found = found.flatMap((one) => one.children.filter((child) => child.name === name));
  return found;
}

export function textAt(node: XmlNode, ...path: string[]): string {
  return at(node, ...path)?.text.trim() ?? '';
}
