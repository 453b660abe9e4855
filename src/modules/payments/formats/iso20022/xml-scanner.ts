import { ATTRIBUTE, DECLARATION, FORBIDDEN, INSTRUCTION, NAME, XmlError, isSpace, tagEnd, withoutEntities } from './xml-lexis.rules.ts';

/**
 * A tight streaming scanner for the XML that messages of ISO 20022 are written in: elements, attributes, text, character data sections,
 * comments and the five entities of XML 1.0. It hands on elements and the text of leaves; mixed content does not exist there. Whatever
 * is not well-formed is refused, and so is every document type declaration: nothing in ISO 20022 needs one, and every attack by
 * entities does. General parsers took three to four times as long over a statement of 200 MB (bench/camt.ts).
 */

export interface XmlHandler {
  /** A start tag. Answers whether its content is wanted; the rest of the element is else only checked. */
  open(name: string, attributes: XmlAttributes): boolean;
  /** The end of an element that was wanted, with its text where it has no elements inside. */
  close(name: string, text: string): void;
}

/** Qualified name and value, by turns. */
export type XmlAttributes = readonly string[];

const DEPTH_MAX = 60;
const TEXT_CHARS_MAX = 1_000_000;
const TAG_CHARS_MAX = 65_536;
/** Names met before are remembered with what they mean; a message has a few hundred. */
const NAMES_MAX = 4_096;
const KNOWN_CHARS_MAX = 100;
const ATTRIBUTES_MAX = 100;
const NONE: XmlAttributes = Object.freeze([]);
const GT = 62;
const SLASH = 47;

interface Name { raw: string; local: string; prefix: string }

export class XmlScanner {
  readonly #handler: XmlHandler;
  readonly #names = new Map<string, Name>();
  readonly #known = new Map<string, XmlAttributes>();
  readonly #prefixes = new Set(['xml']);
  readonly #stack: Name[] = [];
  #text = '';
  #rest = '';
  /** What came since the rest was looked at, and how much. */
  #more: string[] = [];
  #moreChars = 0;
  #current = '';
  /** Depth of the outermost element that nobody wants; 0 where all is wanted. */
  #unwanted = 0;
  #hasChildren = false;
  #hasRoot = false;
  #isStart = true;
  #hasEntities = false;
  #hasReturns = false;
  #position = 0;
  #counted = 0;
  #lines = 1;
  #columnBase = 0;

  constructor(handler: XmlHandler) {
    this.#handler = handler;
  }

  /** Physical line of the tag that is being handed on. */
  get line(): number {
    const text = this.#current;
    for (let at = text.indexOf('\n', this.#counted); at !== -1 && at < this.#position; at = text.indexOf('\n', at + 1)) {
      this.#lines++;
      this.#counted = at + 1;
      this.#columnBase = at + 1;
    }
    return this.#lines;
  }

  get column(): number {
    return this.line > 0 ? this.#position - this.#columnBase : 0;
  }

  /** @throws XmlError */
  write(chunk: string): void {
    if (FORBIDDEN.test(chunk)) this.#refuseCharacter(chunk);
    this.#more.push(chunk);
    this.#moreChars += chunk.length;
    // What is not complete is looked at again only when it has doubled, or is too long: small pieces of a long text would else be read over and over.
    if (this.#moreChars >= this.#rest.length || this.#rest.length + this.#moreChars + this.#text.length > TEXT_CHARS_MAX) this.#take();
  }

  #take(): void {
    const text = this.#rest + this.#more.join('');
    this.#more = [];
    this.#moreChars = 0;
    this.#current = text;
    this.#hasEntities = text.includes('&') || text.includes(']]>');
    this.#hasReturns = text.includes('\r');
    const used = this.#scan(text);
    this.#position = used;
    void this.line;
    this.#rest = text.slice(used);
    if (this.#rest.length + this.#text.length > TEXT_CHARS_MAX) throw new XmlError('text_too_long');
    this.#counted = 0;
    this.#columnBase -= used;
    this.#position = 0;
    this.#current = this.#rest;
  }

  /** @throws XmlError where the document does not end. */
  end(): void {
    if (this.#moreChars > 0) this.#take();
    this.#position = this.#rest.length;
    if (this.#rest.trim() !== '' || this.#stack.length > 0 || !this.#hasRoot) throw new XmlError('broken');
  }

  /** Takes what is complete and answers how far it came. */
  #scan(text: string): number {
    let at = 0;
    for (;;) {
      const open = text.indexOf('<', at);
      if (open === -1 || open + 1 >= text.length) return at;
      this.#position = open;
      const second = text.charCodeAt(open + 1);
      const next = second === SLASH ? this.#endTag(text, at, open) : second === 33 || second === 63 ? this.#aside(text, at, open, second) : this.#startTag(text, at, open);
      if (next === -1) {
        if (text.length - open > TAG_CHARS_MAX && second !== 33) throw new XmlError('text_too_long');
        return at;
      }
      at = next;
      this.#isStart = false;
    }
  }

  #startTag(text: string, from: number, open: number): number {
    let at = open + 1;
    let char = text.charCodeAt(at);
    while (char > 32 && char !== GT && char !== SLASH) char = text.charCodeAt(++at);
    if (at >= text.length) return -1;
    const name = this.#name(text.slice(open + 1, at));
    let attributes = NONE;
    let isEmpty = false;
    if (char !== GT) {
      const end = tagEnd(text, at);
      if (end === -1) return -1;
      isEmpty = text.charCodeAt(end - 1) === SLASH;
      attributes = this.#attributes(text.slice(at, isEmpty ? end - 1 : end));
      at = end;
    }
    if (name.prefix !== '' && !this.#prefixes.has(name.prefix)) throw new XmlError('broken');
    this.#passed(text, from, open);
    const depth = this.#stack.length;
    if (depth >= DEPTH_MAX) throw new XmlError('too_deep');
    if (depth === 0 && this.#hasRoot) throw new XmlError('broken');
    this.#hasRoot = true;
    this.#text = '';
    this.#hasChildren = false;
    this.#stack.push(name);
    if (this.#unwanted === 0 && !this.#handler.open(name.local, attributes)) this.#unwanted = depth + 1;
    if (isEmpty) this.#close('');
    return at + 1;
  }

  #endTag(text: string, from: number, open: number): number {
    const name = this.#stack.at(-1);
    if (name === undefined) throw new XmlError('broken');
    let at = open + 2 + name.raw.length;
    if (at >= text.length && text.indexOf('>', open) === -1) return -1;
    if (!text.startsWith(name.raw, open + 2)) throw new XmlError('broken');
    while (isSpace(text.charCodeAt(at))) at++;
    if (at >= text.length) return -1;
    if (text.charCodeAt(at) !== GT) throw new XmlError('broken');
    if (this.#hasChildren || this.#unwanted > 0) {
      this.#passed(text, from, open);
      this.#close('');
    } else this.#close(this.#text + this.#plain(text.slice(from, open)));
    return at + 1;
  }

  #close(text: string): void {
    const depth = this.#stack.length;
    const name = this.#stack.pop() as Name;
    this.#text = '';
    this.#hasChildren = true;
    if (this.#unwanted === 0) {
      if (text.length > TEXT_CHARS_MAX) throw new XmlError('text_too_long');
      this.#handler.close(name.local, text);
    } else if (this.#unwanted === depth) this.#unwanted = 0;
  }

  /** Comments, processing instructions, character data sections; document types are refused. */
  #aside(text: string, from: number, open: number, second: number): number {
    const isData = text.startsWith('<![CDATA[', open);
    const isComment = text.startsWith('<!--', open);
    if (second === 33 && !isData && !isComment) {
      if ('<!DOCTYPE'.startsWith(text.slice(open, open + 9)) || '<![CDATA['.startsWith(text.slice(open, open + 9)) || '<!--'.startsWith(text.slice(open, open + 4))) {
        if (text.length < open + 9) return -1;
        throw new XmlError('doctype');
      }
      throw new XmlError('broken');
    }
    const end = isData ? text.indexOf(']]>', open) : isComment ? text.indexOf('--', open + 4) : text.indexOf('?>', open);
    if (end === -1 || (isComment && end + 2 >= text.length)) return -1;
    if (isComment && text.charCodeAt(end + 2) !== GT) throw new XmlError('broken');
    if (second === 63 && !(this.#isStart && from === open && open === 0 ? DECLARATION : INSTRUCTION).test(text.slice(open, end + 2))) throw new XmlError('broken');
    if (isData && this.#stack.length === 0) throw new XmlError('broken');
    if (this.#stack.length === 0 || this.#hasChildren) this.#passed(text, from, open);
    else this.#text += this.#plain(text.slice(from, open)) + (isData ? text.slice(open + 9, end).replace(/\r\n?/g, '\n') : '');
    if (this.#text.length > TEXT_CHARS_MAX) throw new XmlError('text_too_long');
    return end + (isData || isComment ? 3 : 2);
  }

  /** Text that nobody reads: between elements, or outside of them, where it must be blank. */
  #passed(text: string, from: number, to: number): void {
    if (from === to) return;
    if (this.#stack.length === 0) {
      if (!/^\ufeff?[ \t\r\n]*$/.test(text.slice(from, to))) throw new XmlError('broken');
    } else if (this.#hasEntities) this.#plain(text.slice(from, to));
  }

  #plain(text: string): string {
    if (this.#hasEntities && text.includes(']]>')) throw new XmlError('broken');
    const lines = this.#hasReturns ? text.replace(/\r\n?/g, '\n') : text;
    return this.#hasEntities ? withoutEntities(lines) : lines;
  }

  #name(raw: string): Name {
    const known = this.#names.get(raw);
    if (known !== undefined) return known;
    if (!NAME.test(raw)) throw new XmlError('broken');
    const colon = raw.indexOf(':');
    const name = { raw, local: raw.slice(colon + 1), prefix: colon === -1 ? '' : raw.slice(0, colon) };
    if (this.#names.size < NAMES_MAX) this.#names.set(raw, name);
    return name;
  }

  /** Nearly all attributes of a message are one of a few: `Ccy="USD"`. */
  #attributes(text: string): XmlAttributes {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const found = this.#readAttributes(text);
    if (this.#known.size < NAMES_MAX && text.length < KNOWN_CHARS_MAX) this.#known.set(text, found);
    return found;
  }

  #readAttributes(text: string): XmlAttributes {
    if (text.trim() === '') return NONE;
    const found: string[] = [];
    let end = 0;
    for (const match of text.matchAll(ATTRIBUTE)) {
      const name = match[1] as string;
      if (found.length > ATTRIBUTES_MAX * 2 || !NAME.test(name) || found.some((known, at) => at % 2 === 0 && known === name)) throw new XmlError('broken');
      end += match[0].length;
      found.push(name, withoutEntities(match[2] ?? match[3] ?? ''));
      if (!name.startsWith('xmlns:')) continue;
      if (found.at(-1)?.trim() === '') throw new XmlError('broken');
      this.#prefixes.add(name.slice(6));
    }
    if (text.slice(end).trim() !== '') throw new XmlError('broken');
    for (let at = 0; at < found.length; at += 2) {
      const [prefix, local] = (found[at] as string).split(':');
      if (local !== undefined && prefix !== 'xmlns' && !this.#prefixes.has(prefix as string)) throw new XmlError('broken');
    }
    return found;
  }

  #refuseCharacter(chunk: string): never {
    const before = this.#rest + this.#more.join('');
    this.#current = before + chunk;
    this.#position = before.length + chunk.search(FORBIDDEN);
    throw new XmlError('broken');
  }
}
