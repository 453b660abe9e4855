import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { SCOPES } from '../../modules/identity/index.ts';
import type { Scope } from '../../modules/identity/index.ts';

/** The published description: routes, scopes, parameters, forms of bodies and answers all come from it. */
const FILE = new URL('../../../schemas/openapi.yaml', import.meta.url);
export const MESSAGE_SCHEMA = 'urn:puente:schema:message.v1';

export type Schema = Readonly<Record<string, unknown>>;
export type Method = 'get' | 'post';
const METHODS: readonly Method[] = ['get', 'post'];

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Body {
  /** Forms by media type. */
  readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  /** The module keeps the bytes and judges them itself. */
  readonly isKeptFirst: boolean;
  /** Read as it comes, never held as a whole. */
  readonly isStream: boolean;
}

export interface Operation {
  readonly id: string;
  readonly method: Method;
  /** As Express writes it: `/messages/:messageId`. */
  readonly path: string;
  /** What a client needs; null where nobody has to be known. */
  readonly scopes: readonly Scope[] | null;
  readonly parameters: readonly Parameter[];
  readonly body: Body | null;
  /** Forms by status and media type. */
  readonly responses: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
}

export interface Description {
  readonly operations: readonly Operation[];
  /** As it is handed out. */
  readonly yaml: string;
  readonly json: string;
}

interface Written {
  paths: Record<string, Record<string, WrittenOperation>>;
}
interface WrittenOperation {
  operationId: string;
  security?: Record<string, string[]>[];
  parameters?: unknown[];
  requestBody?: { 'content': Record<string, { schema?: Schema }>; 'x-kept-before-judged'?: boolean; 'x-stream'?: boolean };
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

let loaded: Description | undefined;

/** Read once. A description that names an unknown scope is a fault. */
export function loadDescription(): Description {
  if (loaded) return loaded;
  const text = readFileSync(FILE, 'utf8');
  const document = parse(text) as Written;
  const yaml = text.replaceAll("'./json/", "'./schemas/json/");
  const whole = resolved(document, document) as Written;
  const operations = Object.entries(whole.paths).flatMap(([path, item]) => METHODS.flatMap((method) => (item[method] ? [operationOf(path, method, item[method])] : [])));
  loaded = Object.freeze({ operations, yaml, json: JSON.stringify(parse(yaml)) });
  return loaded;
}

function operationOf(path: string, method: Method, written: WrittenOperation): Operation {
  const needs = written.security?.[0]?.['bearer'];
  const unknown = (needs ?? []).find((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (unknown !== undefined) throw new Error(`fault: the description names an unknown scope ${unknown}`);
  const { requestBody } = written;
  return {
    id: written.operationId, method, path: path.replaceAll(/\{(\w+)\}/g, ':$1'), scopes: needs === undefined ? null : needs as Scope[],
    parameters: (written.parameters ?? []) as Parameter[],
    body: requestBody ? {
      content: schemasOf(requestBody.content, (schema) => ({ schema })),
      isKeptFirst: requestBody['x-kept-before-judged'] === true, isStream: requestBody['x-stream'] === true,
    } : null,
    responses: Object.fromEntries(Object.entries(written.responses).map(([status, { content }]) => [status, schemasOf(content ?? {}, (schema) => schema)])),
  };
}

function schemasOf<T>(content: Record<string, { schema?: Schema }>, as: (schema: Schema) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, as(schema ?? {})]));
}

/** The same without references into itself; the schema of messages stays one, by its own name. */
function resolved(value: unknown, root: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => resolved(one, root));
  if (typeof value !== 'object' || value === null) return value;
  const reference = (value as { $ref?: unknown }).$ref;
  if (typeof reference !== 'string') return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner, root)]));
  if (!reference.startsWith('#/')) return { $ref: MESSAGE_SCHEMA };
  const target = reference.slice(2).split('/').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], root);
  if (target === undefined) throw new Error(`fault: the description has no ${reference}`);
  return resolved(target, root);
}
