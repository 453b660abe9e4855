/** The words of XML 1.0 with namespaces: characters, names, attributes, declarations, entities. */

export type XmlFault = 'broken' | 'doctype' | 'too_deep' | 'text_too_long';

export class XmlError extends Error {
  readonly fault: XmlFault;
  constructor(fault: XmlFault) {
    super(`xml ${fault}`);
    this.fault = fault;
  }
}

/** XML 1.0, production 2: characters that no document has. */
export const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
export const NAME = /^(?:[\p{L}_][\p{L}\p{M}\p{N}._-]*:)?[\p{L}_][\p{L}\p{M}\p{N}._-]*$/u;
/** The declaration stands at the very beginning and nowhere else. */
export const DECLARATION = /^<\?(?:xml\s+version\s*=\s*(["'])1\.\d+\1(?:\s+encoding\s*=\s*(["'])[A-Za-z][\w.-]*\2)?(?:\s+standalone\s*=\s*(["'])(?:yes|no)\3)?\s*|(?!xml[\s?])[\p{L}_][\p{L}\p{N}._-]*(?:\s.*)?)\?>$/isu;
export const INSTRUCTION = /^<\?(?!xml[\s?])[\p{L}_][\p{L}\p{N}._-]*(?:\s.*)?\?>$/isu;
export const ATTRIBUTE = /\s+([^\s=<>"'/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/gy;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function isSpace(char: number): boolean {
  return char === 32 || char === 10 || char === 13 || char === 9;
}

/** The `>` that ends a tag: not one inside quotes. -1 while it has not come. */
export function tagEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 62) return at;
    if (char === 60) throw new XmlError('broken');
    if (char === 34 || char === 39) {
      at = text.indexOf(char === 34 ? '"' : "'", at + 1);
      if (at === -1) return -1;
    }
  }
  return -1;
}

export function withoutEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&]{0,12})(;?)/g, (_, name: string, end: string) => {
    const plain = end === '' ? undefined : Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : numbered(name);
    if (plain === undefined) throw new XmlError('broken');
    return plain;
  });
}

function numbered(name: string): string | undefined {
  const match = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
  if (!match) return undefined;
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  const text = String.fromCodePoint(code);
  return FORBIDDEN.test(text) ? undefined : text;
}
