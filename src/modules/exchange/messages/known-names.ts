import { isPart, messageSchema } from './schema-model.ts';
import type { PartModel } from './schema-model.ts';

let names: ReadonlySet<string> | undefined;

/** A name of the schema as it stands; of others, which may be anything, nothing is repeated. */
export function knownName(name: string | undefined): string {
  names ??= collected();
  return name !== undefined && names.has(name) ? name : '*';
}

/** A JSON pointer of which only names of the schema and places in lists are repeated. */
export function knownPointer(pointer: string): string {
  return pointer === '/' ? pointer : pointer.split('/').map((part, index) => (index === 0 || /^[0-9]{1,7}$/.test(part) ? part : knownName(part))).join('/');
}

function collected(): ReadonlySet<string> {
  const found = new Set<string>();
  const visited = new Set<PartModel>();
  const collect = (part: PartModel): void => {
    if (visited.has(part)) return;
    visited.add(part);
    if (part.text) found.add('value');
    for (const { name } of part.attributes) found.add(name);
    for (const { name, type } of part.elements) {
      found.add(name);
      if (isPart(type)) collect(type);
    }
  };
  const { root } = messageSchema();
  found.add(root.name);
  if (isPart(root.type)) collect(root.type);
  return found;
}
