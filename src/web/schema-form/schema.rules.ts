/** A JSON Schema, as far as our own schemas use it. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema | true>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
}

const DEPTH_MAX = 20;

/** A schema with everything that it refers to beside what it says itself. */
export function resolved(schema: Schema | true | undefined, root: Schema, depth = 0): Schema {
  if (schema === undefined || schema === true || depth > DEPTH_MAX) return {};
  const { $ref, allOf, ...own } = schema;
  const parts = [...($ref === undefined ? [] : [referred($ref, root)]), ...(allOf ?? [])].map((part) => resolved(part, root, depth + 1));
  return parts.reduceRight<Schema>((inner, outer) => ({ ...outer, ...inner, ...(outer.properties || inner.properties ? { properties: { ...outer.properties, ...inner.properties } } : {}) }), own);
}

function referred(ref: string, root: Schema): Schema {
  const found = ref.replace(/^#\//, '').split('/').reduce<unknown>((inside, name) => (inside as Record<string, unknown> | undefined)?.[name], root);
  return (found ?? {}) as Schema;
}

/** Without the possibility that there is nothing. */
export function withoutNull(schema: Schema, root: Schema): { readonly schema: Schema; readonly isNullable: boolean } {
  const other = schema.anyOf?.filter((one) => one.type !== 'null');
  if (schema.anyOf && other?.length === 1) return { schema: resolved(other[0], root), isNullable: other.length < schema.anyOf.length };
  if (Array.isArray(schema.type) && schema.type.includes('null')) return { schema: { ...schema, type: schema.type.find((one) => one !== 'null') as string }, isNullable: true };
  return { schema, isNullable: false };
}

export type Shape = 'const' | 'choice' | 'yesno' | 'number' | 'date' | 'text' | 'choices' | 'lines' | 'rows' | 'object';

/** How a place is filled in. */
export function shapeOf(schema: Schema, root: Schema): Shape {
  if (schema.const !== undefined) return 'const';
  if (schema.oneOf && choicesOf(schema, root)) return 'choices';
  if (schema.enum) return 'choice';
  if (schema.type === 'boolean') return 'yesno';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type === 'array') {
    const items = resolved(schema.items, root);
    if (items.enum) return 'choices';
    return items.type === 'object' ? 'rows' : 'lines';
  }
  if (schema.type === 'object' || schema.properties) return 'object';
  return schema.format === 'date' ? 'date' : 'text';
}

/** What may be ticked: a list of codes, and a word that stands for all of them, where the schema has one. */
export function choicesOf(schema: Schema, root: Schema): { readonly all: string | null; readonly codes: readonly string[] } | null {
  if (schema.oneOf) {
    const all = schema.oneOf.find((one) => typeof one.const === 'string')?.const;
    const list = schema.oneOf.map((one) => resolved(one, root)).find(({ type }) => type === 'array');
    const codes = list && resolved(list.items, root).enum;
    return codes && typeof all === 'string' ? { all, codes } : null;
  }
  const codes = resolved(schema.items, root).enum;
  return codes ? { all: null, codes } : null;
}

/** The members of an object: those with names of their own, those of a closed list of names, and whether further names have words. */
export function membersOf(schema: Schema, root: Schema): { readonly named: readonly (readonly [name: string, schema: Schema])[]; readonly more: Schema | null } {
  const own = Object.entries(schema.properties ?? {}).map(([name, member]) => [name, resolved(member, root)] as const);
  if (typeof schema.additionalProperties !== 'object') return { named: own, more: null };
  const more = resolved(schema.additionalProperties, root);
  const names = resolved(schema.propertyNames, root).enum;
  return names ? { named: [...own, ...names.map((name) => [name, more] as const)], more: null } : { named: own, more };
}

export const escapedName = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** The schema of a place inside a value that this schema describes; null where it has no such place. */
export function schemaAt(schema: Schema, root: Schema, pointer: string): Schema | null {
  let here: Schema = resolved(schema, root);
  for (const name of pointer.split('/').slice(1)) {
    const { schema: inner } = withoutNull(here, root);
    const member = inner.type === 'array' ? inner.items : inner.properties && Object.hasOwn(inner.properties, name) ? inner.properties[name] : undefined;
    if (member === undefined) return null;
    here = resolved(member, root);
  }
  return here;
}
