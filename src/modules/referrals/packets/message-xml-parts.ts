import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import { literal } from '../../../platform/xml/literal.ts';

export const NAMESPACE = 'urn:puente:message:v1';

type Attributes = Readonly<Record<string, string | null | undefined>>;

export function element(parent: XMLBuilder, name: string, attributes: Attributes = {}): XMLBuilder {
  const child = parent.ele(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) child.att(key, literal(value));
  return child;
}

/** An element with a text; none where there is no text. */
export function text(parent: XMLBuilder, name: string, value: string | null | undefined, attributes: Attributes = {}): void {
  if (value !== null && value !== undefined && value !== '') element(parent, name, attributes).txt(literal(value));
}
