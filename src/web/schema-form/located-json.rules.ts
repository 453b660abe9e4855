/** Where something stands in a text; the first line and the first column are 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type LocatedJson =
  | { readonly isRead: true; readonly value: unknown; placeOf(pointer: string): Place }
  | { readonly isRead: false; readonly fault: 'syntax' | 'too_deep' | 'too_long' | 'repeated_name' | 'forbidden_name'; readonly place: Place; readonly pointer: string };

const DEPTH_MAX = 24;
const CHARACTERS_MAX = 400_000;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

class Stop extends Error {
  readonly fault: Exclude<LocatedJson, { isRead: true }>['fault'];
  readonly at: number;
  readonly pointer: string;
  constructor(fault: Stop['fault'], at: number, pointer: string) {
    super(fault);
    this.fault = fault;
    this.at = at;
    this.pointer = pointer;
  }
}

/** Reads JSON and remembers where everything stood, so that what is wrong can be shown in the text. Names that stand twice are refused: one of them would be lost. */
export function readLocated(text: string): LocatedJson {
  const places = new Map<string, number>();
  try {
    if (text.length > CHARACTERS_MAX) throw new Stop('too_long', 0, '');
    const reader = new Reader(text, places);
    const value = reader.whole();
    return { isRead: true, value, placeOf: (pointer) => placeAt(text, nearest(pointer, places)) };
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    return { isRead: false, fault: stop.fault, place: placeAt(text, stop.at), pointer: stop.pointer };
  }
}

class Reader {
  private at = 0;
  private readonly text: string;
  private readonly places: Map<string, number>;
  constructor(text: string, places: Map<string, number>) {
    this.text = text;
    this.places = places;
  }

  whole(): unknown {
    const value = this.value('', 0);
    this.match(SPACE);
    if (this.at < this.text.length) throw new Stop('syntax', this.at, '');
    return value;
  }

  private value(pointer: string, depth: number): unknown {
    this.match(SPACE);
    this.places.set(pointer, this.at);
    if (depth > DEPTH_MAX) throw new Stop('too_deep', this.at, pointer);
    const next = this.text[this.at];
    if (next === '{') return this.object(pointer, depth);
    if (next === '[') return this.list(pointer, depth);
    const token = this.match(next === '"' ? STRING : next === 't' || next === 'f' || next === 'n' ? WORD : NUMBER);
    if (token === null || token === '') throw new Stop('syntax', this.at, pointer);
    return JSON.parse(token) as unknown;
  }

  private object(pointer: string, depth: number): unknown {
    const members = new Map<string, unknown>();
    this.at += 1;
    if (this.closes('}')) return {};
    do {
      this.match(SPACE);
      const from = this.at;
      const token = this.match(STRING);
      if (token === null) throw new Stop('syntax', this.at, pointer);
      const name = JSON.parse(token) as string;
      const inside = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (FORBIDDEN.has(name)) throw new Stop('forbidden_name', from, inside);
      if (members.has(name)) throw new Stop('repeated_name', from, inside);
      this.match(SPACE);
      if (this.text[this.at] !== ':') throw new Stop('syntax', this.at, inside);
      this.at += 1;
      members.set(name, this.value(inside, depth + 1));
    } while (this.goesOn('}', pointer));
    return Object.fromEntries(members);
  }

  private list(pointer: string, depth: number): unknown {
    const items: unknown[] = [];
    this.at += 1;
    if (this.closes(']')) return items;
    do items.push(this.value(`${pointer}/${items.length}`, depth + 1));
    while (this.goesOn(']', pointer));
    return items;
  }

  private closes(mark: string): boolean {
    this.match(SPACE);
    if (this.text[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }

  private goesOn(end: string, pointer: string): boolean {
    if (this.closes(end)) return false;
    if (this.text[this.at] !== ',') throw new Stop('syntax', this.at, pointer);
    this.at += 1;
    return true;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) return null;
    this.at += found[0].length;
    return found[0];
  }
}

function nearest(pointer: string, places: ReadonlyMap<string, number>): number {
  for (let here = pointer; here !== ''; here = here.slice(0, here.lastIndexOf('/'))) {
    const at = places.get(here);
    if (at !== undefined) return at;
  }
  return 0;
}

function placeAt(text: string, at: number): Place {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return { line, column: at - before.lastIndexOf('\n') };
}
