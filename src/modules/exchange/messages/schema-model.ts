import { readFileSync } from 'node:fs';
import { assert } from '../../../platform/errors.ts';
import { readXml } from '../../../platform/xml/read.ts';
import type { XmlPart } from '../../../platform/xml/read.ts';

/** What a text of the XSD may hold: `form` is what it is in JSON. */
export interface TextType {
  readonly form: 'string' | 'boolean' | 'integer';
  /** Of strings: date and date-time have a day that exists. */
  readonly format: 'date' | 'date-time' | null;
  readonly pattern: string | null;
  readonly values: readonly string[];
  readonly minLength: number | null;
  readonly maxLength: number | null;
}

export interface AttributeModel {
  readonly name: string;
  readonly type: TextType;
  /** The name of the type where it has one in the XSD. */
  readonly typeName: string | null;
  readonly isRequired: boolean;
}

export interface ElementModel {
  readonly name: string;
  readonly type: TextType | PartModel;
  readonly typeName: string | null;
  readonly min: number;
  readonly max: number;
}

/** An element with attributes, and either a text or further elements. */
export interface PartModel {
  readonly attributes: readonly AttributeModel[];
  readonly text: { readonly type: TextType; readonly typeName: string | null } | null;
  readonly elements: readonly ElementModel[];
  /** The elements of which exactly one is there. */
  readonly choice: readonly string[];
}

export interface SchemaModel {
  readonly documentation: string;
  readonly root: ElementModel;
  readonly texts: ReadonlyMap<string, TextType>;
  readonly parts: ReadonlyMap<string, PartModel>;
}

export const isPart = (type: TextType | PartModel): type is PartModel => 'attributes' in type;
export const isRepeated = ({ max }: ElementModel): boolean => max > 1;

const XSD_URL = new URL('../../../../schemas/xsd/puente-message.v1.xsd', import.meta.url);
const PLAIN: TextType = { form: 'string', format: null, pattern: null, values: [], minLength: null, maxLength: null };
const BUILT_IN: Readonly<Record<string, TextType>> = {
  'xs:string': PLAIN, 'xs:boolean': { ...PLAIN, form: 'boolean' }, 'xs:positiveInteger': { ...PLAIN, form: 'integer' },
  'xs:date': { ...PLAIN, format: 'date' }, 'xs:dateTime': { ...PLAIN, format: 'date-time' },
};
let loaded: SchemaModel | undefined;

/** The XSD of messages as data. Only the parts of XSD that it uses are understood; anything else is a fault. */
export function messageSchema(): SchemaModel {
  loaded ??= modelOf(readFileSync(XSD_URL));
  return loaded;
}

function modelOf(xsd: Uint8Array): SchemaModel {
  const schema = readXml(xsd);
  assert(schema?.name === 'schema', 'the XSD of messages is XML');
  const named = (kind: string): Map<string, XmlPart> => new Map(children(schema, kind).map((part) => [part.attributes['name'] ?? '', part]));
  const reader = new Reader(named('simpleType'), named('complexType'));
  const [message] = children(schema, 'element');
  assert(message, 'the XSD has a root element');
  const documentation = children(schema, 'annotation').flatMap((part) => part.parts.map(({ text }) => text)).join('\n').replace(/\s+/g, ' ').trim();
  return { documentation, root: reader.element(message), texts: reader.texts, parts: reader.parts };
}

const children = (part: XmlPart, name: string): XmlPart[] => part.parts.filter((one) => one.name === name);

function only(part: XmlPart, ...names: readonly string[]): void {
  for (const { name } of part.parts) assert(names.includes(name) || name === 'annotation', `the XSD of messages does without ${name} in ${part.name}`);
}

class Reader {
  readonly texts = new Map<string, TextType>();
  readonly parts = new Map<string, PartModel>();
  readonly #simple: ReadonlyMap<string, XmlPart>;
  readonly #complex: ReadonlyMap<string, XmlPart>;

  constructor(simple: ReadonlyMap<string, XmlPart>, complex: ReadonlyMap<string, XmlPart>) {
    this.#simple = simple;
    this.#complex = complex;
  }

  element(part: XmlPart): ElementModel {
    const { name = '', type, minOccurs = '1', maxOccurs = '1' } = part.attributes;
    assert(/^\d+$/.test(maxOccurs), `element ${name} is bounded`);
    const [simple, complex] = [children(part, 'simpleType')[0], children(part, 'complexType')[0]];
    const inner = type === undefined ? (simple ? this.#restriction(simple) : complex ? this.#part(complex) : null) : this.#named(type);
    assert(inner, `element ${name} has a type`);
    return { name, type: inner, typeName: type ?? null, min: Number(minOccurs), max: Number(maxOccurs) };
  }

  #named(name: string): TextType | PartModel {
    if (BUILT_IN[name] || this.#simple.has(name)) return this.#text(name);
    const known = this.parts.get(name);
    if (known) return known;
    const part = this.#complex.get(name);
    assert(part, `type ${name} is defined`);
    const made = this.#part(part);
    this.parts.set(name, made);
    return made;
  }

  #text(name: string): TextType {
    const known = BUILT_IN[name] ?? this.texts.get(name);
    if (known) return known;
    const part = this.#simple.get(name);
    assert(part, `type ${name} is defined`);
    const made = this.#restriction(part);
    this.texts.set(name, made);
    return made;
  }

  #restriction(part: XmlPart): TextType {
    only(part, 'restriction');
    const [restriction] = children(part, 'restriction');
    assert(restriction, 'a simple type restricts another');
    only(restriction, 'pattern', 'enumeration', 'minLength', 'maxLength');
    const facet = (name: string): string | null => children(restriction, name)[0]?.attributes['value'] ?? null;
    assert(children(restriction, 'pattern').length <= 1, 'one pattern a type');
    const base = this.#text(restriction.attributes['base'] ?? '');
    assert(base.pattern === null && base.values.length === 0, 'a type restricts a built-in type');
    const number = (name: string): number | null => (facet(name) === null ? null : Number(facet(name)));
    return { ...base, pattern: facet('pattern'), values: children(restriction, 'enumeration').map((one) => one.attributes['value'] ?? ''), minLength: number('minLength'), maxLength: number('maxLength') };
  }

  #part(part: XmlPart): PartModel {
    const [complexContent, simpleContent] = [children(part, 'complexContent')[0], children(part, 'simpleContent')[0]];
    if (complexContent === undefined && simpleContent === undefined) return this.#content(part);
    const [extension] = children(complexContent ?? simpleContent ?? part, 'extension');
    assert(extension, 'content extends another type');
    const base = this.#named(extension.attributes['base'] ?? '');
    const own = this.#content(extension);
    if (!isPart(base)) return { ...own, text: { type: base, typeName: extension.attributes['base'] ?? null } };
    return checked({ attributes: [...base.attributes, ...own.attributes], text: base.text, elements: [...base.elements, ...own.elements], choice: [...base.choice, ...own.choice] });
  }

  #content(part: XmlPart): PartModel {
    only(part, 'sequence', 'attribute');
    const attributes = children(part, 'attribute').map((one): AttributeModel => {
      const { name = '', type, use } = one.attributes;
      const [simple] = children(one, 'simpleType');
      return { name, type: type === undefined && simple ? this.#restriction(simple) : this.#text(type ?? ''), typeName: type ?? null, isRequired: use === 'required' };
    });
    const elements: ElementModel[] = [];
    const choice: string[] = [];
    for (const sequence of children(part, 'sequence')) {
      only(sequence, 'element', 'choice');
      for (const one of sequence.parts) {
        if (one.name === 'element') elements.push(this.element(one));
        if (one.name !== 'choice') continue;
        only(one, 'element');
        assert(choice.length === 0, 'one choice a type');
        for (const alternative of one.parts.map((each) => this.element(each))) {
          choice.push(alternative.name);
          elements.push({ ...alternative, min: 0 });
        }
      }
    }
    return checked({ attributes, text: null, elements, choice });
  }
}

function checked(part: PartModel): PartModel {
  const names = [...part.attributes, ...part.elements].map(({ name }) => name);
  assert(new Set(names).size === names.length, `no attribute has the name of an element: ${names.join(' ')}`);
  return part;
}
