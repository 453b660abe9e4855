import type { Finding } from '../../../platform/errors.ts';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

const DEPTH_MAX = 40;
const VALUES_MAX = 500_000;
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

export class JsonFault extends Error {
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(finding.code);
    this.finding = finding;
  }
}

/**
 * JSON, stricter than the language's own parser: no name twice in an object, no names that reach into prototypes, whole numbers only, no halves of
 * characters, and bounds on depth and size. @throws JsonFault with the line and the JSON pointer.
 */
export function parseJson(text: string): Json {
  return new Parser(text).document();
}

/** On which line the value of a JSON pointer begins; the parent's where there is no such value. For texts that `parseJson` reads. */
export function linesOf(text: string, pointers: readonly string[]): Map<string, number> {
  const parser = new Parser(text, new Set(pointers.flatMap((pointer) => ancestry(pointer))));
  parser.document();
  return new Map(pointers.map((pointer) => [pointer, ancestry(pointer).map((one) => parser.lines.get(one)).find((line) => line !== undefined) ?? 1]));
}

function ancestry(pointer: string): string[] {
  const parts = pointer.split('/');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}

export const pointerOf = (path: readonly (string | number)[]): string => path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

class Parser {
  readonly lines = new Map<string, number>();
  readonly #text: string;
  readonly #watched: ReadonlySet<string> | null;
  readonly #path: (string | number)[] = [];
  #at = 0;
  #values = 0;
  #line = 1;
  #lineAt = 0;

  constructor(text: string, watched: ReadonlySet<string> | null = null) {
    this.#text = text;
    this.#watched = watched;
  }

  document(): Json {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail('message.json', 'end');
    return value;
  }

  #fail(code: string, expected: string): never {
    throw new JsonFault({ code, severity: 'block', line: this.#lineNow(), path: pointerOf(this.#path).slice(0, 200) || '/', params: { expected } });
  }

  /** Counts on from where it was last asked. */
  #lineNow(): number {
    for (let next = this.#text.indexOf('\n', this.#lineAt); next !== -1 && next < this.#at; next = this.#text.indexOf('\n', this.#lineAt)) {
      this.#line += 1;
      this.#lineAt = next + 1;
    }
    return this.#line;
  }

  #space(): void {
    for (;;) {
      const sign = this.#text.charCodeAt(this.#at);
      if (sign !== 0x20 && sign !== 0x0a && sign !== 0x0d && sign !== 0x09) return;
      this.#at += 1;
    }
  }

  #value(): Json {
    this.#space();
    this.#values += 1;
    if (this.#values > VALUES_MAX) this.#fail('message.too_many_values', String(VALUES_MAX));
    if (this.#path.length > DEPTH_MAX) this.#fail('message.too_deep', String(DEPTH_MAX));
    if (this.#watched) {
      const pointer = pointerOf(this.#path);
      if (this.#watched.has(pointer)) this.lines.set(pointer, this.#lineNow());
    }
    switch (this.#text[this.#at]) {
      case '{': return this.#object();
      case '[': return this.#array();
      case '"': return this.#string();
      case 't': return this.#word('true', true);
      case 'f': return this.#word('false', false);
      case 'n': return this.#word('null', null);
      default: return this.#number();
    }
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail('message.json', 'value');
    this.#at += word.length;
    return value;
  }

  #number(): number {
    const token = /-?[0-9][0-9.eE+-]*/y;
    token.lastIndex = this.#at;
    const [found] = token.exec(this.#text) ?? [];
    if (found === undefined) this.#fail('message.json', 'value');
    const value = Number(found);
    if (!/^-?(0|[1-9][0-9]*)$/.test(found) || !Number.isSafeInteger(value) || Object.is(value, -0)) this.#fail('message.number', 'integer');
    this.#at += found.length;
    return value;
  }

  #string(): string {
    const plain = /[^"\\\u0000-\u001f]*/y;
    let text = '';
    this.#at += 1;
    for (;;) {
      plain.lastIndex = this.#at;
      const [run = ''] = plain.exec(this.#text) ?? [];
      text += run;
      this.#at += run.length;
      const sign = this.#text[this.#at];
      if (sign === '"') break;
      if (sign !== '\\') this.#fail(sign === undefined ? 'message.json' : 'message.control_character', '"');
      text += this.#escape();
    }
    this.#at += 1;
    if (!text.isWellFormed()) this.#fail('message.half_character', 'Unicode');
    return text;
  }

  #escape(): string {
    const sign = this.#text[this.#at + 1] ?? '';
    if (sign === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail('message.json', '\\uXXXX');
      this.#at += 6;
      return String.fromCharCode(parseInt(digits, 16));
    }
    const found = ESCAPES[sign];
    if (found === undefined) this.#fail('message.json', '\\');
    this.#at += 2;
    return found;
  }

  #array(): Json[] {
    const items: Json[] = [];
    this.#at += 1;
    this.#space();
    if (this.#take(']')) return items;
    for (;;) {
      this.#path.push(items.length);
      items.push(this.#value());
      this.#path.pop();
      this.#space();
      if (this.#take(']')) return items;
      if (!this.#take(',')) this.#fail('message.json', ', | ]');
    }
  }

  #object(): { [name: string]: Json } {
    const members: { [name: string]: Json } = {};
    this.#at += 1;
    this.#space();
    if (this.#take('}')) return members;
    for (;;) {
      this.#space();
      if (this.#text[this.#at] !== '"') this.#fail('message.json', '"');
      const name = this.#string();
      if (name === '__proto__') this.#fail('message.name_forbidden', 'schema');
      if (Object.hasOwn(members, name)) this.#fail('message.name_twice', 'once');
      this.#space();
      if (!this.#take(':')) this.#fail('message.json', ':');
      this.#path.push(name);
      members[name] = this.#value();
      this.#path.pop();
      this.#space();
      if (this.#take('}')) return members;
      if (!this.#take(',')) this.#fail('message.json', ', | }');
    }
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }
}
